import { dynamicReal } from '../../../types/dynamic.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { detectPeriods, validatePeriods } from './shared-periods.ts'
import { finiteSeries, realSeries } from './shared-series.ts'

const COLUMNS = [
  { name: 'periods', type: 'dynamic' },
  { name: 'scores', type: 'dynamic' },
] as const

const SCORES =
  'The documentation does not say how scores are computed; here it is the autocorrelation after one period or after two, whichever is less, which gives the documented examples.'
/** More periods than that cannot be told apart, and are not worth the memory. */
const MAX_PERIODS = 1000

/** @see https://learn.microsoft.com/kusto/query/series-periods-detect-function */
export const series_periods_detect = scalar({
  name: 'series_periods_detect',
  doc: `The most significant periods between two lengths, in elements, best first, and their scores from 0 to 1; zeros where fewer are found than wanted. A period has 4 elements at least, and there must be more than two of it in the series. ${SCORES} Null where an element is no finite number, or the argument is no array.`,
  examples: [
    {
      query:
        'range i from 0 to 59 step 1 | summarize y = make_list(i % 5) | project series_periods_detect(y, 0, 20, 2)',
      rows: [{ series_periods_detect_y_periods: [5, 0], series_periods_detect_y_scores: [1, 0] }],
    },
  ],
  columns: COLUMNS,
  overloads: [
    overload({
      params: ['dynamic', 'real', 'real', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare([, , , wanted]) {
        if (typeof wanted === 'bigint' && (wanted < 1n || wanted > MAX_PERIODS)) {
          const message = `The number of periods is one from 1 to ${MAX_PERIODS}.`
          throw new QueryError('KS128', message, 3)
        }
        return {
          each(series, shortest, longest, count) {
            const values = finiteSeries(series)
            if (values === undefined || count < 1n || count > MAX_PERIODS) return null
            const length = Number(count)
            const found = detectPeriods(values, shortest, longest, length)
            return [
              realSeries(Array.from({ length }, (_, i) => found[i]?.length ?? 0)),
              realSeries(Array.from({ length }, (_, i) => found[i]?.score ?? 0)),
            ]
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/series-periods-validate-function */
export const series_periods_validate = scalar({
  name: 'series_periods_validate',
  doc: `The periods that are given, up to 16, and the score of each from 0 to 1; 0 for one of less than 4 elements or of more than half the series. A period that is no whole number is rounded. ${SCORES} Null where an element is no finite number, or the argument is no array.`,
  examples: [
    {
      query:
        'range i from 0 to 59 step 1 | summarize y = make_list(i % 5) | project series_periods_validate(y, 5, 2)',
      rows: [
        { series_periods_validate_y_periods: [5, 2], series_periods_validate_y_scores: [1, 0] },
      ],
    },
  ],
  columns: COLUMNS,
  overloads: [
    overload({
      params: ['dynamic', 'real'],
      rest: 'real',
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(_, __, types) {
        if (types.length > 17) {
          throw new QueryError('KS119', 'The function takes up to 16 periods.', 17)
        }
        return {
          each(series, ...periods: number[]) {
            const values = finiteSeries(series)
            if (values === undefined) return null
            return [periods.map(dynamicReal), realSeries(validatePeriods(values, periods))]
          },
        }
      },
    }),
  ],
})
