// The two rules in DuckDB's SQL over the Parquet files that kqlab ingested: columns are typed, so times
// are compared as times, and the filter on them is pushed into the reading of row groups.
//
//   node duckdb-parquet.mjs --rule pim|tap --data <folder> --now <ISO time> [--threads 2]
import { endWith, timespan } from './text.mjs'

// Not imported: Node would make an ES module of all that a built-in one has, which takes some milliseconds.
const { join } = process.getBuiltinModule('node:path')
const { parseArgs } = process.getBuiltinModule('node:util')
// Node keeps compiled code between runs, as for kqlab.
process.getBuiltinModule('node:module').enableCompileCache()
const { DuckDBInstance } = await import('@duckdb/node-api')

const { values } = parseArgs({
  options: {
    rule: { type: 'string' },
    data: { type: 'string' },
    now: { type: 'string' },
    threads: { type: 'string', default: '2' },
  },
})

/** `now` minus some hours as an SQL literal: the planner sees a constant. */
const ago = hours => {
  const time = new Date(Date.parse(values.now) - hours * 3_600_000).toISOString()
  return `TIMESTAMP_NS '${time.replace('T', ' ').replace('Z', '')}'`
}

const table = name => {
  const path = join(values.data, `${name}.parquet`).replaceAll("'", "''")
  return `read_parquet('${path}')`
}

/** Nanoseconds since 1970 as the text of a KQL datetime. */
const datetime = nanos => {
  const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${((nanos % 1_000_000_000n) / 100n).toString().padStart(7, '0')}Z`
}

// `has` as KQL means it, as in duckdb.mjs.
const isPass = text => `(contains(lower(${text}), 'temporaryaccesspass') AND
          regexp_matches(${text}, '(?i)(^|[^\\pL\\pN])TemporaryAccessPass([^\\pL\\pN]|$)'))`

const TARGET = JSON.stringify([
  {
    id: 'VARCHAR',
    userPrincipalName: 'VARCHAR',
    modifiedProperties: [{ displayName: 'VARCHAR', newValue: 'VARCHAR' }],
  },
])

const RULES = {
  pim: {
    sql: `
      WITH activations AS (
        SELECT
          TimeGenerated AS ActivationTime,
          InitiatedBy->>'$.user.userPrincipalName' AS UPN,
          coalesce(TargetResources->>'$[0].displayName', '') AS RoleName
        FROM ${table('AuditLogs')}
        WHERE TimeGenerated > ${ago(2)}
          AND contains(lower(OperationName), 'add member to role completed (pim activation)')
          AND regexp_matches(
            OperationName,
            '(?i)(^|[^\\pL\\pN])Add member to role completed \\(PIM activation\\)')
          AND coalesce(UPN, '') <> ''
      )
      SELECT
        epoch_ns(s.TimeGenerated), epoch_ns(ActivationTime), UserPrincipalName, RoleName,
        AppDisplayName, IPAddress, Location
      FROM ${table('AADNonInteractiveUserSignInLogs')} AS s
      JOIN activations ON UserPrincipalName = UPN
      WHERE s.TimeGenerated > ${ago(2)}
        AND ResultType = '0'
        AND s.TimeGenerated > ActivationTime
        AND epoch_ns(s.TimeGenerated) - epoch_ns(ActivationTime) < 1_800_000_000_000
      ORDER BY s.TimeGenerated DESC`,
    row: ([time, activation, ...rest]) => [
      datetime(time),
      datetime(activation),
      ...rest,
      timespan(Number((time - activation) / 100n)),
    ],
  },
  tap: {
    // The plain search of the text first: it spares most candidates the parsing.
    sql: `
      WITH candidates AS (
        SELECT *, from_json(TargetResources, '${TARGET}')[1] AS target
        FROM ${table('AuditLogs')}
        WHERE TimeGenerated >= ${ago(24)}
          AND lower(Category) = 'usermanagement'
          AND lower(OperationName) IN (
            'admin registered security info',
            'create temporary access pass method for user',
            'update user')
          AND lower(Result) = 'success'
          AND contains(lower(TargetResources::VARCHAR), 'temporaryaccesspass')
      ), properties AS (
        SELECT *, unnest(target.modifiedProperties) AS property FROM candidates
      ), passes AS (
        SELECT *, coalesce(target.userPrincipalName, '') AS TargetUpn
        FROM properties
        WHERE ${isPass('property.newValue')} OR ${isPass('property.displayName')}
      )
      SELECT
        epoch_ns(TimeGenerated),
        TargetUpn,
        split_part(TargetUpn, '@', 1),
        split_part(TargetUpn, '@', 2),
        coalesce(target.id, ''),
        coalesce(
          nullif(InitiatedBy->>'$.user.userPrincipalName', ''),
          InitiatedBy->>'$.app.displayName',
          ''),
        coalesce(
          nullif(InitiatedBy->>'$.user.ipAddress', ''),
          InitiatedBy->>'$.app.ipAddress',
          ''),
        OperationName,
        CorrelationId
      FROM passes
      ORDER BY TimeGenerated DESC`,
    row: ([time, ...rest]) => [datetime(time), ...rest],
  },
}

const rule = RULES[values.rule]
if (!rule || !values.data || !values.now) {
  console.error('usage: node duckdb-parquet.mjs --rule pim|tap --data <folder> --now <ISO time>')
  process.exit(2)
}

const instance = await DuckDBInstance.create(':memory:', { threads: values.threads })
const connection = await instance.connect()
const result = await connection.runAndReadAll(rule.sql)
endWith(JSON.stringify(result.getRows().map(rule.row)))
