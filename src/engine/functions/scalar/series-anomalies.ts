import type { Dynamic } from '../../../types/dynamic.ts'
import { isArray } from '../../../types/dynamic.ts'
import type { Constants } from '../declare.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import {
  type Decomposition,
  type DecompositionOptions,
  decompose,
  seasonalOf,
  type Trend,
} from './shared-decomposition.ts'
import { outlierScores, USUAL_RANGES } from './shared-outliers.ts'
import { finiteSeries, numberOf, realSeries } from './shared-series.ts'

// Functions that find what is unusual in a series.

const TRENDS: ReadonlySet<string> = new Set(['avg', 'linefit', 'none'])
const METHODS: ReadonlySet<string> = new Set(['tukey', 'ctukey'])

/** Reports a constant text that is none of those that the argument takes. */
function checkText(constants: Constants, argument: number, known: ReadonlySet<string>): void {
  const value = constants[argument]
  if (typeof value !== 'string' || known.has(value)) return
  const message = `'${value}' is none of ${[...known].join(', ')}.`
  throw new QueryError('KS128', message, argument)
}

const OPTIONS =
  'The period (-1: detected where its score reaches the seasonality threshold, 0.6 unless given; 0: none), the trend (`avg`, `linefit` or `none`)'
const APPROXIMATE =
  'The documentation leaves open how periods are detected: see `series_periods_detect`.'
const SERIES_NULLS =
  'All of it is null where an element is no finite number, nothing is left to learn from, or the argument is no array.'

/** @see https://learn.microsoft.com/kusto/query/series-decompose-anomalies-function */
export const series_decompose_anomalies = scalar({
  name: 'series_decompose_anomalies',
  doc: `Finds unusual elements: the series is taken apart as \`series_decompose\` does, and what is left is scored as \`series_outliers\` does. \`ad_flag\` is 1 or -1 where the score lies beyond the threshold, 1.5 unless given. ${OPTIONS}, elements at the end that nothing is learned from, the test (\`ctukey\` or \`tukey\`) and the seasonality threshold may follow. ${SERIES_NULLS} ${APPROXIMATE}`,
  examples: [
    {
      query:
        "print y = dynamic([1, 2, 1, 2, 1, 30, 1, 2, 1, 2, 1, 2]) | extend (flag, score) = series_decompose_anomalies(y, 1.5, 0, 'avg') | project flag",
      rows: [{ flag: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] }],
    },
  ],
  columns: [
    { name: 'ad_flag', type: 'dynamic' },
    { name: 'ad_score', type: 'dynamic' },
    { name: 'baseline', type: 'dynamic' },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'real', 'long', 'string', 'long', 'string', 'real'],
      required: 1,
      constants: [3, 5],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(constants) {
        checkText(constants, 3, TRENDS)
        checkText(constants, 5, METHODS)
        return {
          each(
            series,
            threshold = 1.5,
            seasonality = -1n,
            trend = 'avg',
            testPoints = 0n,
            method = 'ctukey',
            seasonalityThreshold = 0.6,
          ) {
            const values = finiteSeries(series)
            const parts =
              values &&
              decompose(values, optionsOf(seasonality, trend, testPoints, seasonalityThreshold))
            if (parts === undefined) return null
            const range = USUAL_RANGES[method === 'tukey' ? 'tukey' : 'ctukey']
            const scores = outlierScores(exact(parts), range)
            const flags = scores.map(score => (score > threshold ? 1 : score < -threshold ? -1 : 0))
            return [flags, realSeries(scores), realSeries(parts.baseline)]
          },
        }
      },
    }),
  ],
})

function optionsOf(
  seasonality: bigint,
  trend: string,
  testPoints: bigint,
  threshold: number,
): DecompositionOptions {
  return {
    seasonality: Number(seasonality),
    threshold,
    trend: trend as Trend,
    testPoints: Number(testPoints),
  }
}

/** What is left of the series, without what is only rounding: no outlier may come of that. */
function exact({ baseline, residual }: Decomposition): number[] {
  return Array.from(residual, (value, i) =>
    Math.abs(value) < Math.abs(baseline[i]!) * 1e-12 ? 0 : value,
  )
}

const PARTS = [
  { name: 'baseline', type: 'dynamic' },
  { name: 'seasonal', type: 'dynamic' },
  { name: 'trend', type: 'dynamic' },
  { name: 'residual', type: 'dynamic' },
] as const

function partsOf(series: Dynamic, options: DecompositionOptions): Dynamic {
  const values = finiteSeries(series)
  const parts = values && decompose(values, options)
  if (parts === undefined) return null
  return [parts.baseline, parts.seasonal, parts.trend, parts.residual].map(realSeries)
}

/** @see https://learn.microsoft.com/kusto/query/series-decompose-function */
export const series_decompose = scalar({
  name: 'series_decompose',
  doc: `Takes a series apart: the seasonal part is the median of the elements at the same place of each period, the trend is fitted to what is left, both make the baseline, and the residual is the rest. ${OPTIONS}, elements at the end that nothing is learned from, and the seasonality threshold may follow. ${SERIES_NULLS} ${APPROXIMATE}`,
  examples: [
    {
      query:
        "print y = dynamic([1, 3, 1, 3, 2, 3]) | project (base, season, trend, rest) = series_decompose(y, 2, 'none')",
      rows: [
        {
          base: [1, 3, 1, 3, 1, 3],
          season: [1, 3, 1, 3, 1, 3],
          trend: [0, 0, 0, 0, 0, 0],
          rest: [0, 0, 0, 0, 1, 0],
        },
      ],
    },
    {
      query:
        "print y = dynamic([1, 2, 3]) | project (base, season, trend, rest) = series_decompose(y, 0, 'linefit')",
      rows: [{ base: [1, 2, 3], season: [0, 0, 0], trend: [1, 2, 3], rest: [0, 0, 0] }],
    },
  ],
  columns: PARTS,
  overloads: [
    overload({
      params: ['dynamic', 'long', 'string', 'long', 'real'],
      required: 1,
      constants: [2],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(constants) {
        checkText(constants, 2, TRENDS)
        return {
          each: (series, seasonality = -1n, trend = 'avg', testPoints = 0n, threshold = 0.6) =>
            partsOf(series, optionsOf(seasonality, trend, testPoints, threshold)),
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/series-decompose-forecast-function */
export const series_decompose_forecast = scalar({
  name: 'series_decompose_forecast',
  doc: `Predicts so many elements at the end from the others: the baseline of \`series_decompose\`, and the other parts. ${OPTIONS} and the seasonality threshold may follow. ${SERIES_NULLS} ${APPROXIMATE}`,
  examples: [
    {
      query:
        "print y = dynamic([1, 2, 3, 0, 0]) | extend forecast = series_decompose_forecast(y, 2, 0, 'linefit') | project forecast",
      rows: [{ forecast: [1, 2, 3, 4, 5] }],
    },
  ],
  columns: PARTS,
  overloads: [
    overload({
      params: ['dynamic', 'long', 'long', 'string', 'real'],
      required: 2,
      constants: [3],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(constants) {
        checkText(constants, 3, TRENDS)
        return {
          each: (series, points, seasonality = -1n, trend = 'avg', threshold = 0.6) =>
            partsOf(series, optionsOf(seasonality, trend, points, threshold)),
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/series-seasonal-function */
export const series_seasonal = scalar({
  name: 'series_seasonal',
  doc: `The seasonal part of a series: the median of the elements at the same place of each period. The period is detected where its score reaches 0.7, unless it is given; zeros where there is none. A third argument is the number of elements at the end that nothing is learned from. ${SERIES_NULLS} ${APPROXIMATE}`,
  examples: [
    {
      query: 'print r = series_seasonal(dynamic([1, 3, 5, 2, 4, 6, 1, 3, 5, 2, 4, 6]), 3)',
      rows: [{ r: [1.5, 3.5, 5.5, 1.5, 3.5, 5.5, 1.5, 3.5, 5.5, 1.5, 3.5, 5.5] }],
    },
    {
      query:
        'print r = series_seasonal(dynamic([8, 12, 14, 12, 10, 10, 12, 14, 12, 10, 10, 12, 14, 12, 10, 10, 12, 14, 12, 10]))',
      rows: [
        { r: [10, 12, 14, 12, 10, 10, 12, 14, 12, 10, 10, 12, 14, 12, 10, 10, 12, 14, 12, 10] },
      ],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'long', 'long'],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      each(series, period = -1n, testPoints = 0n) {
        const values = finiteSeries(series)
        const learned = (values?.length ?? 0) - Math.max(0, Number(testPoints))
        if (values === undefined || learned <= 0) return null
        const options = { seasonality: Number(period), threshold: 0.7 }
        return realSeries(seasonalOf(values.subarray(0, learned), values.length, options))
      },
    }),
  ],
})

const PERCENTILES = 'A percentile is a number from 2 to 98, and the first the lesser one.'

function outliersOf(
  series: Dynamic,
  kind: string,
  ignored: number | null,
  [low, high]: readonly [number, number],
): Dynamic {
  if (!isArray(series) || !(low >= 2 && low < high && high <= 98)) return null
  const values = series.map(element => {
    const value = numberOf(element)
    return value === undefined || !Number.isFinite(value) || value === ignored ? undefined : value
  })
  const range = kind === 'tukey' ? USUAL_RANGES.tukey : { low, high }
  return realSeries(outlierScores(values, range))
}

function checkPercentiles(constants: Constants): void {
  const [low, high] = [constants[3] ?? 10, constants[4] ?? 90]
  if (typeof low !== 'number' || typeof high !== 'number') return
  if (low >= 2 && low < high && high <= 98) return
  throw new QueryError('KS128', PERCENTILES, 3)
}

const OUTLIER_OVERLOADS: readonly ScalarOverload[] = [
  overload({
    params: ['dynamic', 'string', 'real', 'real', 'real', 'long'],
    required: 1,
    constants: [1],
    returns: 'dynamic',
    nulls: 'handled',
    prepare(constants) {
      checkText(constants, 1, METHODS)
      checkPercentiles(constants)
      if (constants.length > 5) {
        throw new QueryError('KQL101', 'Test points of series_outliers are not supported.', 5)
      }
      return {
        each: (series, kind = 'ctukey', ignored = null, low = 10, high = 90) =>
          kind === null || low === null || high === null
            ? null
            : outliersOf(series, kind, ignored, [low, high]),
      }
    },
  }),
]

/** @see https://learn.microsoft.com/kusto/query/series-outliers-function */
export const series_outliers = scalar({
  name: 'series_outliers',
  naming: 'argument',
  doc: 'How far each element lies above the usual range, or below as a negative number, 0 inside: beyond 1.5 it is an outlier. The range is that between the 10th and the 90th percentile (`ctukey`) or others from 2 to 98, or between the quartiles (`tukey`), and is the unit of the scores, scaled for percentiles other than the quartiles so that 1.5 is as rare in a normal distribution as for those; the documentation gives the scale in charts only. Where the range is nothing but one value, all others are infinitely far. An element that is no finite number, or the value to ignore, counts for nothing and has 0. Null for what is no array.',
  examples: [
    {
      query: "print r = series_outliers(dynamic([1, 2, 3, 4, 5, 6, 7, 8, 20]), 'tukey')",
      rows: [{ r: [-0.5, -0.25, 0, 0, 0, 0, 0, 0.25, 3.25] }],
    },
    {
      query: "print r = series_outliers(dynamic([7, 7, null, 7]), 'tukey')",
      rows: [{ r: [0, 0, 0, 0] }],
    },
  ],
  overloads: OUTLIER_OVERLOADS,
})
