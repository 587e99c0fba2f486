/** Why a case of the reference suites fails, and why that is right. */
export interface KnownFailure {
  readonly id: string
  /**
   * `wrong case`: what the case expects is not what KQL gives, or was recorded with a loss.
   * `deliberate`: kqlab does something else on purpose. `missing`: kqlab should do it, and does not.
   */
  readonly kind: 'wrong case' | 'deliberate' | 'missing'
  readonly cause: string
}

/** Cases that fail for another reason than an operator or function that kqlab does not have. */
export const KNOWN_FAILURES: readonly KnownFailure[] = [
  {
    id: 'docs/series-decompose-forecast-function#01',
    kind: 'deliberate',
    cause:
      "Its columns are the analyzer's, which adds columns that have no name in the query. The " +
      'documentation of series_fit_2lines says that extend does not, and the engine was seen not to.',
  },
  {
    id: 'docs/base64-decode-toguid-function#01',
    kind: 'wrong case',
    cause:
      'The bytes 75 4c of a guid are read as 4c75 everywhere else: the page on ' +
      'base64_encode_fromguid has 49ae as the bytes ae 49.',
  },
  {
    id: 'docs/functions/user-defined-functions#18',
    kind: 'wrong case',
    cause:
      'The documentation shows it as a call that is not supported: a function with toscalar is ' +
      'given a column.',
  },
  {
    id: 'docs/series-fit-poly-function#01',
    kind: 'wrong case',
    cause: 'The analyzer forgets the columns of fork where render stands behind it.',
  },
  {
    id: 'docs/materialize-function#02',
    kind: 'wrong case',
    cause: 'Of three results, the columns that were recorded are those of the last.',
  },
  ...['kql2sql/window-8063b044', 'kql2sql/window-series-scan-25742634'].map(
    (id): KnownFailure => ({
      id,
      kind: 'deliberate',
      cause:
        'Of several values with the same count, top-hitters may give any; kqlab gives the one that ' +
        'comes first.',
    }),
  ),
  {
    id: 'docs/geo-polygon-lookup-plugin#01',
    kind: 'wrong case',
    cause: 'The museum has the name that another example gives it.',
  },
  {
    id: 'docs/geospatial-joins#02',
    kind: 'wrong case',
    cause: 'The row of b shows the coordinates of a, which the query does not give.',
  },
  {
    id: 'kql2sql/aggregation-0be0ccd7',
    kind: 'wrong case',
    cause: 'Integers beyond 2^53 inside an array were recorded rounded; kqlab gives every digit.',
  },
  {
    id: 'kql2sql/joins-67686bf5',
    kind: 'wrong case',
    cause: 'The guids were recorded with quotes of the tool that recorded them.',
  },
  {
    id: 'kql2sql/datetime-timespan-461d6e76',
    kind: 'deliberate',
    cause:
      'The engine was seen to give a real for datetime_diff of weeks; its documentation and the ' +
      'official analyzer say long. The number is the same.',
  },
  {
    id: 'kustoloco/DynamicTests.ArrayIif2',
    kind: 'wrong case',
    cause:
      'An array of one value is repeated there. The documentation repeats a scalar only, and has ' +
      'null where an array is shorter than the condition.',
  },
  {
    id: 'kustoloco/MaxOfTests.OperationOnEmptyTable',
    kind: 'wrong case',
    cause: 'A row is expected from a table without rows.',
  },
  {
    id: 'kustoloco/KustoDocsTests.B',
    kind: 'wrong case',
    cause: 'Ten hours before 1970-01-01 is expected in 2022; skipped in its own project as well.',
  },
]
