// The queries of queries/ in DuckDB's SQL. Each is the fastest of the forms that were tried which give
// the same rows; README.md says which. Only the needed columns are read, records as structures of the
// needed members, times as the fixed-width texts they are. Where KQL has "", a missing column is NULL.

const SIGN_INS = 'AADNonInteractiveUserSignInLogs'

/** Columns of text. */
const texts = (...names) => Object.fromEntries(names.map(name => [name, 'VARCHAR']))

/** The queries; each names the columns that it needs, with their types. */
export const QUERIES = {
  'many-addresses': {
    tables: {
      [SIGN_INS]: texts(
        'TimeGenerated',
        'ResultType',
        'UserPrincipalName',
        'AppDisplayName',
        'Location',
        'IPAddress',
      ),
    },
    sql: (table, ago) => `
      WITH accounts AS (
        SELECT
          UserPrincipalName,
          list(DISTINCT IPAddress) AS Addresses,
          list(DISTINCT AppDisplayName) AS Apps,
          list(DISTINCT Location) AS Countries,
          count(*) AS SignIns,
          min(TimeGenerated) AS First,
          max(TimeGenerated) AS Last
        FROM ${table(SIGN_INS)}
        WHERE TimeGenerated > ${ago(24)} AND ResultType = '0'
        GROUP BY UserPrincipalName
      )
      SELECT
        UserPrincipalName, len(Addresses) AS Count, Addresses, Apps, Countries, SignIns, First, Last
      FROM accounts
      WHERE Count > 120
      ORDER BY Count DESC`,
  },
  'first-operation': {
    tables: {
      AuditLogs: {
        ...texts('TimeGenerated', 'OperationName'),
        InitiatedBy: 'STRUCT(user STRUCT(userPrincipalName VARCHAR))',
      },
    },
    sql: (table, ago) => `
      WITH changes AS MATERIALIZED (
        SELECT TimeGenerated, OperationName, InitiatedBy.user.userPrincipalName AS Actor
        FROM ${table('AuditLogs')}
        WHERE TimeGenerated > ${ago(24)} AND Actor <> ''
      )
      SELECT Actor, OperationName, count(*), min(TimeGenerated), max(TimeGenerated)
      FROM changes AS recent
      WHERE TimeGenerated > ${ago(2)}
        AND NOT EXISTS (
          FROM changes AS known
          WHERE known.TimeGenerated <= ${ago(2)}
            AND known.Actor = recent.Actor
            AND known.OperationName = recent.OperationName)
      GROUP BY ALL`,
  },
  'unknown-address': {
    tables: {
      AuditLogs: {
        ...texts('TimeGenerated', 'OperationName', 'Result'),
        InitiatedBy: 'STRUCT(user STRUCT(userPrincipalName VARCHAR, ipAddress VARCHAR))',
      },
      [SIGN_INS]: texts('TimeGenerated', 'ResultType', 'UserPrincipalName', 'IPAddress'),
    },
    sql: (table, ago) => `
      WITH changes AS (
        SELECT
          OperationName,
          InitiatedBy.user.userPrincipalName AS Actor,
          InitiatedBy.user.ipAddress AS Address
        FROM ${table('AuditLogs')}
        WHERE TimeGenerated > ${ago(24)} AND Result = 'success' AND Address <> ''
      )
      SELECT
        Actor, count(*), count(DISTINCT Address) AS Addresses, list(DISTINCT OperationName)
      FROM changes
      WHERE NOT EXISTS (
        FROM ${table(SIGN_INS)}
        WHERE TimeGenerated > ${ago(24)}
          AND ResultType = '0'
          AND UserPrincipalName = Actor
          AND IPAddress = Address)
      GROUP BY Actor
      HAVING Addresses >= 100`,
  },
  'changed-properties': {
    tables: {
      AuditLogs: {
        ...texts('TimeGenerated', 'OperationName', 'Result'),
        InitiatedBy: 'STRUCT(user STRUCT(userPrincipalName VARCHAR))',
        TargetResources: `STRUCT(
          userPrincipalName VARCHAR,
          modifiedProperties STRUCT(displayName VARCHAR, newValue VARCHAR)[])[]`,
      },
    },
    sql: (table, ago) => `
      WITH changes AS (
        SELECT
          OperationName,
          coalesce(InitiatedBy.user.userPrincipalName, '') AS Actor,
          coalesce(TargetResources[1].userPrincipalName, '') AS Target,
          unnest(TargetResources[1].modifiedProperties) AS property
        FROM ${table('AuditLogs')}
        WHERE TimeGenerated > ${ago(24)} AND Result = 'success'
      )
      SELECT
        OperationName,
        property.displayName AS Name,
        count(*),
        count(DISTINCT property.newValue),
        count(DISTINCT Actor),
        count(DISTINCT Target)
      FROM changes
      WHERE property.newValue <> ''
      GROUP BY ALL`,
  },
  methods: {
    tables: {
      [SIGN_INS]: texts(
        'TimeGenerated',
        'ResultType',
        'UserPrincipalName',
        'AuthenticationDetails',
        'Location',
        'UserAgent',
      ),
    },
    sql: (table, ago) => `
      WITH details AS (
        SELECT
          ${between('AuthenticationDetails', '"authenticationMethod": "', '"')} AS Method,
          ${between('AuthenticationDetails', '"authenticationStepRequirement": "', '"')} AS Required,
          ${between('UserAgent', '(', ')')} AS Platform,
          Location,
          UserPrincipalName,
          ResultType
        FROM ${table(SIGN_INS)}
        WHERE TimeGenerated > ${ago(24)}
      )
      SELECT
        Method,
        Required,
        Platform,
        Location,
        count(*),
        count(DISTINCT UserPrincipalName),
        count(*) FILTER (ResultType <> '0')
      FROM details
      GROUP BY ALL`,
  },
}

/** The text between the first `start` and the next `end`. */
function between(text, start, end) {
  return `split_part(split_part(${text}, '${start}', 2), '${end}', 1)`
}
