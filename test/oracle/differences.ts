/** Why kqlab and the analyzer disagree about some queries, and how exactly they do. */
export interface Difference {
  /** What kqlab does, and why that is right or what is missing. */
  readonly reason: string
  /** The disagreement as `disagreement` puts it, by the query's text or its identifier. */
  readonly cases: Readonly<Record<string, string>>
}

const NAMED_VALUES =
  'Of a call that gives several columns, extend adds those that have a name in the query and no ' +
  'others, as documented for series_fit_2lines and as the engine was seen to do. The analyzer adds ' +
  'the others too.'

const UNION_OF_EVERYTHING =
  'Of a column that the first two tables with it give one type and a later one another, the ' +
  'analyzer forgets the later type. kqlab gives a column for each type, as documented for union.'

const MATCH_ID =
  'The analyzer adds a column match_id to what scan gives; the engine was seen to give none without ' +
  'with_match_id, as documented.'

const BAG_UNPACK =
  'bag_unpack is documented with columnsConflict and ignoredProperties, of which the analyzer ' +
  'does not know.'

/** For the queries of this project, by their text. */
export const OWN_QUERIES: readonly Difference[] = [
  {
    reason:
      'dcount_intersect is documented to return a table with the counts. The analyzer has the columns ' +
      'of the input before them.',
    cases: {
      'range x from 1 to 9 step 1 | summarize a = hll(x), b = hll(x * 3) | evaluate dcount_intersect(a, b)':
        's0:long instead of a:dynamic; s1:long instead of b:dynamic; nothing instead of s0:long; and 1 more',
    },
  },
  {
    reason:
      'The analyzer refuses literals whose shape it can see to be wrong. The engine gives null for ' +
      'them, as for any other value of that shape.',
    cases: {
      'print a = array_length(dynamic([1, null, "x"])), b = array_length(dynamic({"a": 1}))':
        'accepts KS234',
      'print a = bag_keys(dynamic({"x": 1, "y": {"z": 2}})), b = bag_keys(dynamic([1]))':
        'accepts KS235',
    },
  },
  {
    reason: 'The engine refuses it when the query runs; the analyzer does not look.',
    cases: {
      'datatable(x:long)[1, 2] | extend p = prev(x)': 'refuses with KS143',
      'datatable(x:long)[1, 2] | extend n = row_number()': 'refuses with KS143',
      "print a = 'x' matches regex '('": 'refuses with KS160',
    },
  },
  {
    reason: 'The engine counts all rows for a column, as the documentation of summarize shows.',
    cases: { 'datatable(x:long)[1, long(null)] | summarize c = count(x)': 'accepts KS107' },
  },
  {
    reason: 'The engine was seen to name both columns of a covariance.',
    cases: {
      'datatable(x:real, y:real, w:long)[1, 2, 1, 3, 4, 1]\n| summarize any(x), covariance(x, y), percentilesw_array(x, w, 50, 100), stdev(y), variancep(y)\n':
        'covariance_x_y:real instead of covariance_x:real',
    },
  },
  {
    reason: 'The engine was seen to keep a column whose name a renamed one would take.',
    cases: {
      'union withsource=TableName (datatable(x:long, x_long:real)[1, 2.5]), (datatable(x:int)[3])\n| project-away TableName\n':
        'x_long1:long instead of x_long:long; x_long:real instead of x_long1:real',
    },
  },
  {
    reason:
      'The analyzer gives a pattern no columns of views, which the documentation has it find.',
    cases: {
      'let QqView = view () { print a = 1 };\nlet QqPlain = () { print a = 2 };\nunion Qq*\n':
        'a:long instead of nothing',
    },
  },
  {
    reason: 'An inner union has the columns that all its sources have, as documented.',
    cases: {
      'union kind=inner (datatable(a:long, b:long)[1, 2]), (datatable(a:long, c:long)[3, 4])':
        'nothing instead of b:long; nothing instead of c:long',
    },
  },
  {
    reason: BAG_UNPACK,
    cases: {
      'print a = 1, d = dynamic({"a": 2, "b": 3}) | evaluate bag_unpack(d, \'d_\', ignoredProperties=dynamic([\'b\']))':
        'accepts KS119',
    },
  },
  {
    reason: 'ipv6_lookup gives the columns of the table first, as documented and measured.',
    cases: {
      'let N = datatable(network: string, name: string)["2001:db8::/32", "docs"]; datatable(ip: string)["2001:db8::1", "fe80::1"] | evaluate ipv6_lookup(N, ip, network)':
        'network:string instead of ip:string; name:string instead of network:string; ip:string instead of name:string',
    },
  },
  {
    reason: 'schema_merge is documented; the analyzer does not know it.',
    cases: {
      'let A = datatable(a: string, b: int)[] | getschema; let B = datatable(a: string, c: long)[] | getschema; union A, B | evaluate schema_merge(PreserveOrder = false) | project ColumnName, ColumnOrdinal, ColumnType':
        'accepts KS124, KS142',
    },
  },
  {
    reason: MATCH_ID,
    cases: {
      'range x from 1 to 3 step 1 | scan declare (sum: long = 0) with (step s: true => sum = x + s.sum;)':
        'nothing instead of match_id:long',
    },
  },
  {
    reason: NAMED_VALUES,
    cases: {
      'print x = dynamic([5, null]) | extend (a) = series_stats(x), (b, c) = series_stats(x, true)':
        'b:real instead of series_stats_x_min_idx:long; c:long instead of series_stats_x_max:real; nothing instead of series_stats_x_max_idx:long; and 10 more',
      'print y = dynamic([1, 2, 3, 4, 10, 8, 6]) | extend (rsquare, split) = series_fit_2lines(y)':
        'nothing instead of series_fit_2lines_y_variance:real; nothing instead of series_fit_2lines_y_rvariance:real; nothing instead of series_fit_2lines_y_line_fit:dynamic; and 10 more',
    },
  },
  {
    reason:
      'The documentation of series_fit_poly gives the degree as a plain number, which the analyzer ' +
      'takes for a long and refuses.',
    cases: {
      'print y = dynamic([2, 5, 10, 17]) | project (a, b) = series_fit_poly(y, dynamic([1, 2, 3, 4]), 2) | project round(a, 6), b0 = round(todouble(b[0]), 6), n = array_length(b)':
        'accepts KS107',
    },
  },
  {
    reason: 'The documentation of make_timespan has seconds with a fraction.',
    cases: { 'print r = make_timespan(1, 12, 30, 55.123)': 'accepts KS134' },
  },
  {
    reason: 'The documentation of format_ipv4_mask lets the prefix be left out.',
    cases: { "print r = format_ipv4_mask('192.168.1.1')": 'accepts KS119' },
  },
]

/** For the public queries, by their identifier. */
export const CORPUS: readonly Difference[] = [
  {
    reason: BAG_UNPACK,
    cases: { 'ep3p-0092': 'accepts KS119', 'ep3p-0178': 'accepts KS119' },
  },
  {
    reason:
      'Which columns there are is found when the query runs. Until then the analyzer gives a name that ' +
      'one side of a join reads to both.',
    cases: {
      'cyb3r-monk-0028':
        'CurrentDirectory:dynamic instead of TargetObject1:unknown; Folder1:string instead of CurrentDirectory:unknown; nothing instead of Folder1:string',
      'cyb3r-monk-0029':
        'Image:dynamic instead of TargetObject1:unknown; Folder1:string instead of Image:unknown; nothing instead of Folder1:string',
    },
  },
  {
    reason:
      'parse replaces columns of its names, as extend does; the analyzer keeps both where only the data ' +
      'tell the columns.',
    cases: {
      'cyb3r-monk-0033':
        'URLHost1:string instead of TechniqueId1:string; nothing instead of TechniqueName1:string; nothing instead of URLHost1:string',
    },
  },
  {
    reason:
      'A part that parse takes replaces a column of its name, as extend does. Where the types differ, ' +
      'the analyzer keeps both columns, under one name.',
    cases: {
      'reprise99-0115':
        'Issuer:string instead of Issuer:dynamic; IssuerSuffix:dynamic instead of Issuer1:string; nothing instead of IssuerSuffix:dynamic',
      'reprise99-0378':
        'Issuer:string instead of Issuer:dynamic; IssuerSuffix:dynamic instead of Issuer1:string; nothing instead of IssuerSuffix:dynamic',
      'reprise99-0379':
        'Issuer:string instead of Issuer:dynamic; IssuerSuffix:dynamic instead of Issuer1:string; nothing instead of IssuerSuffix:dynamic',
    },
  },
  {
    reason:
      'todynamic is documented as another name of parse_json, to which the analyzer allows a ' +
      'dynamic argument.',
    cases: {
      'bert-janp-0141': 'accepts KS107',
      'bert-janp-0142': 'accepts KS107',
      'reprise99-0221': 'accepts KS107',
      'reprise99-0261': 'accepts KS107',
      'reprise99-0811': 'accepts KS107',
      'reprise99-0838': 'accepts KS107',
    },
  },
  {
    reason: NAMED_VALUES,
    cases: {
      'reprise99-0874':
        'nothing instead of series_decompose_forecast_Azure AD Identity Protection Events_seasonal:dynamic; nothing instead of series_decompose_forecast_Azure AD Identity Protection Events_trend:dynamic; nothing instead of series_decompose_forecast_Azure AD Identity Protection Events_residual:dynamic',
      'reprise99-1000':
        'nothing instead of series_decompose_forecast_Azure AD Identity Protection Events_seasonal:dynamic; nothing instead of series_decompose_forecast_Azure AD Identity Protection Events_trend:dynamic; nothing instead of series_decompose_forecast_Azure AD Identity Protection Events_residual:dynamic',
    },
  },
  {
    reason: UNION_OF_EVERYTHING,
    cases: {
      'ep3p-0086':
        'DurationMs_long:long instead of DurationMs:long; DurationMs_string:string instead of Id:string; DurationMs_int:int instead of Identity:string; and 576 more',
      'falconforceteam-0030':
        'RequestParameters_string:string instead of RequestParameters:string; RequestParameters_dynamic:dynamic instead of Resources:string; Resources:string instead of ResponseElements:string; and 40 more',
      'slimkql-0062':
        'ApplicationId_string:string instead of ApplicationId:string; ApplicationId_int:int instead of AuthenticationProcessingDetails:string; AuthenticationProcessingDetails:string instead of AuthenticationRequirement:string; and 298 more',
      ...Object.fromEntries(
        ['0073', '0074', '0075', '0141', '0150'].map(number => [
          `slimkql-${number}`,
          'ReportId_string:string instead of ReportId:string; ReportId_long:long instead of SenderDisplayName:string; SenderDisplayName:string instead of SenderFromAddress:string; and 81 more',
        ]),
      ),
    },
  },
]

/** For the conformance suites, by the identifier of the case. */
export const CONFORMANCE_SUITES: readonly Difference[] = [
  {
    reason:
      'The documentation shows that a pattern has no table for a wildcard; the analyzer does not look ' +
      'where the pattern has the name of a function.',
    cases: { 'docs/pattern-statement#04': 'refuses with KS188' },
  },
  {
    reason: 'The documentation shows that the assertion fails; the analyzer does not compute it.',
    cases: { 'docs/assert-function#03': 'refuses with KQL108' },
  },
  {
    reason: 'The analyzer forgets the columns of fork where render stands behind it.',
    cases: {
      'docs/series-fit-poly-function#01':
        'series_fit_poly_y_rsquare:real instead of nothing; coeff:dynamic instead of nothing; series_fit_poly_y_variance:real instead of nothing; and 1 more',
    },
  },
  {
    reason: MATCH_ID,
    cases: Object.fromEntries(
      ['03d83e27', '1ed8ca89', '4cf25c70', '5ec7c36b', '8dda6d66', 'c99be851', 'fe9bd7d1'].map(
        id => [`kql2sql/window-${id}`, 'nothing instead of match_id:long'],
      ),
    ),
  },
  {
    reason: 'They are about all tables of a database, which here has other ones than there.',
    cases: {
      'docs/find-operator#11': 'refuses with KS142',
      'docs/let-statement#06':
        'MyColumn:long instead of StartTime:datetime; nothing instead of EndTime:datetime; nothing instead of EpisodeId:int; and 21 more',
    },
  },
  {
    reason:
      'A query parameter without a default needs a value, which the analyzer does not ask for.',
    cases: {
      'docs/externaldata-operator#01': 'refuses with KQL104',
      'docs/inline-external-table-operator#01': 'refuses with KQL104, KQL100',
    },
  },
  {
    reason:
      'A function that reads a table is given a column of the row: documented as not supported, ' +
      'and the analyzer does not look.',
    cases: { 'docs/functions/user-defined-functions#18': 'refuses with KS120' },
  },
  {
    reason: NAMED_VALUES,
    cases: {
      'kql2sql/window-series-scan-50fead71':
        'nothing instead of series_fit_line_s_slope:real; nothing instead of series_fit_line_s_variance:real; nothing instead of series_fit_line_s_rvariance:real; and 2 more',
      'docs/series-decompose-forecast-function#01':
        'nothing instead of series_decompose_forecast_y_seasonal:dynamic; nothing instead of series_decompose_forecast_y_trend:dynamic; nothing instead of series_decompose_forecast_y_residual:dynamic',
    },
  },
  {
    reason: 'A union whose pattern matches no table has no source.',
    cases: { 'docs/union-operator#01': 'refuses with KS142, KS138' },
  },
]

/** Every listed disagreement of a list. */
export function listed(differences: readonly Difference[]): Record<string, string> {
  const all = differences.flatMap(({ cases }) => Object.entries(cases))
  const names = new Set(all.map(([name]) => name))
  if (names.size !== all.length) throw new Error('a query is listed twice')
  return Object.fromEntries(all)
}
