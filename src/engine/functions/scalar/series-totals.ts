import type { Dynamic } from '../../../types/dynamic.ts'
import { dynamicLong, dynamicReal, isArray } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { finiteSeries, meanOf, numberOf, numbersOf } from './shared-series.ts'

// Functions that make one value, or a few, of an array.

function total(compute: (values: readonly number[]) => number): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic'],
      returns: 'real',
      nulls: 'propagate',
      each(series) {
        const values = numbersOf(series)
        return values === undefined || values.length === 0 ? null : compute(values)
      },
    }),
  ]
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

const NOTHING =
  'An element that is no number is left out; null for what is no array, and where no element is left.'

/** @see https://learn.microsoft.com/kusto/query/series-sum-function */
export const series_sum = scalar({
  name: 'series_sum',
  doc: `Sum of the elements as a real. ${NOTHING}`,
  examples: [
    {
      query: 'print a = series_sum(dynamic([1, 2, "x", 4])), b = series_sum(dynamic([]))',
      rows: [{ a: 7, b: null }],
    },
  ],
  overloads: total(sumOf),
})

/** @see https://learn.microsoft.com/kusto/query/series-product-function */
export const series_product = scalar({
  name: 'series_product',
  doc: `Product of the elements as a real. ${NOTHING}`,
  examples: [{ query: 'print r = series_product(dynamic([1, 2, 3, 4]))', rows: [{ r: 24 }] }],
  overloads: total(values => values.reduce((product, value) => product * value, 1)),
})

/** @see https://learn.microsoft.com/kusto/query/series-magnitude-function */
export const series_magnitude = scalar({
  name: 'series_magnitude',
  doc: `Square root of the sum of the squares of the elements. ${NOTHING}`,
  examples: [{ query: 'print r = series_magnitude(dynamic([3, 4]))', rows: [{ r: 5 }] }],
  overloads: total(values => Math.sqrt(sumOf(values.map(value => value * value)))),
})

/** The elements at the same places of both, as far as both are numbers. */
function pairsOf(left: readonly Dynamic[], right: readonly Dynamic[]): [number, number][] {
  const pairs: [number, number][] = []
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const x = numberOf(left[i]!)
    const y = numberOf(right[i]!)
    if (x !== undefined && y !== undefined) pairs.push([x, y])
  }
  return pairs
}

function dotProduct(pairs: readonly (readonly [number, number])[]): number {
  return pairs.reduce((sum, [x, y]) => sum + x * y, 0)
}

/** @see https://learn.microsoft.com/kusto/query/series-dot-product-function */
export const series_dot_product = scalar({
  name: 'series_dot_product',
  doc: 'Sum of the products of the elements of two arrays, or of the elements and a number. A longer array is cut; an element that is no number is left out. Null where an array is empty or none.',
  examples: [
    {
      query:
        'print a = series_dot_product(dynamic([1, 2, 4]), dynamic([4, 2, 1])), b = series_dot_product(dynamic([1, 2, 4]), 10)',
      rows: [{ a: 12, b: 70 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'real',
      nulls: 'propagate',
      each(left, right) {
        if (!isArray(left) || !isArray(right)) return null
        return left.length === 0 || right.length === 0 ? null : dotProduct(pairsOf(left, right))
      },
    }),
    overload({
      params: ['dynamic', 'real'],
      returns: 'real',
      nulls: 'propagate',
      each: (series, number) => timesNumber(series, number),
    }),
    overload({
      params: ['real', 'dynamic'],
      returns: 'real',
      nulls: 'propagate',
      each: (number, series) => timesNumber(series, number),
    }),
  ],
})

function timesNumber(series: Dynamic, number: number): number | null {
  const values = numbersOf(series)
  if (values === undefined || !isArray(series) || series.length === 0) return null
  return sumOf(values.map(value => value * number))
}

/** @see https://learn.microsoft.com/kusto/query/series-cosine-similarity-function */
export const series_cosine_similarity = scalar({
  name: 'series_cosine_similarity',
  doc: 'Cosine of the angle between two arrays taken as vectors; their magnitudes may be given. A longer array is cut; an element that is no number is left out. Null where an array is empty or none; NaN where a magnitude is 0.',
  examples: [
    {
      query: 'print r = series_cosine_similarity(dynamic([3, 4]), dynamic([6, 8]))',
      rows: [{ r: 1 }],
    },
    {
      query: 'print r = series_cosine_similarity(dynamic([1, 2]), dynamic([3, 4]), 2, 4)',
      rows: [{ r: 1.375 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic', 'real', 'real'],
      required: 2,
      returns: 'real',
      nulls: 'propagate',
      each(left, right, leftMagnitude, rightMagnitude) {
        if (!isArray(left) || !isArray(right)) return null
        if (left.length === 0 || right.length === 0) return null
        const pairs = pairsOf(left, right)
        const magnitude = (side: 0 | 1) => Math.sqrt(sumOf(pairs.map(pair => pair[side] ** 2)))
        const magnitudes = (leftMagnitude ?? magnitude(0)) * (rightMagnitude ?? magnitude(1))
        return dotProduct(pairs) / magnitudes
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/series-pearson-correlation-function */
export const series_pearson_correlation = scalar({
  name: 'series_pearson_correlation',
  doc: 'Pearson correlation of two arrays. Null where an element is no number, the lengths differ, or an argument is no array; NaN where all elements of an array are equal.',
  examples: [
    {
      query: 'print r = series_pearson_correlation(dynamic([1, 2, 3]), dynamic([2, 4, 6]))',
      rows: [{ r: 1 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'real',
      nulls: 'propagate',
      each(left, right) {
        if (!isArray(left) || !isArray(right) || left.length !== right.length) return null
        const pairs = pairsOf(left, right)
        if (pairs.length < left.length || pairs.length === 0) return null
        const [meanX, meanY] = [meanOf(pairs.map(([x]) => x)), meanOf(pairs.map(([, y]) => y))]
        const centred = pairs.map(([x, y]): [number, number] => [x - meanX, y - meanY])
        const squares = (side: 0 | 1) => sumOf(centred.map(pair => pair[side] ** 2))
        return dotProduct(centred) / Math.sqrt(squares(0) * squares(1))
      },
    }),
  ],
})

interface Statistics {
  readonly min: number
  readonly minIndex: number
  readonly max: number
  readonly maxIndex: number
  readonly avg: number
  readonly variance: number
  readonly sum: number
  readonly length: number
}

/** Undefined where there is nothing to count, or what is not to be left out. */
function statisticsOf(series: Dynamic, ignoreOthers: boolean): Statistics | undefined {
  if (!isArray(series) || series.length === 0) return undefined
  if (!ignoreOthers && finiteSeries(series) === undefined) return undefined
  let [count, sum, minIndex, maxIndex] = [0, 0, -1, -1]
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const values: number[] = []
  series.forEach((element, index) => {
    const value = numberOf(element)
    if (value === undefined || !Number.isFinite(value)) return
    values.push(value)
    count++
    sum += value
    if (value < min) [min, minIndex] = [value, index]
    if (value > max) [max, maxIndex] = [value, index]
  })
  if (count === 0) return undefined
  const avg = sum / count
  const squares = sumOf(values.map(value => (value - avg) ** 2))
  const variance = count > 1 ? squares / (count - 1) : 0
  return { min, minIndex, max, maxIndex, avg, variance, sum, length: series.length }
}

const STATISTICS_NULLS =
  'All of it is null where an element is no finite number, unless the second argument says to leave those out, and for what is no array.'

/** @see https://learn.microsoft.com/kusto/query/series-stats-function */
export const series_stats = scalar({
  name: 'series_stats',
  doc: `Statistics of the elements: minimum and maximum with the first place of each, average, sample standard deviation and variance. ${STATISTICS_NULLS}`,
  examples: [
    {
      query: 'print x = dynamic([2, 4, 6]) | project series_stats(x)',
      rows: [
        {
          series_stats_x_min: 2,
          series_stats_x_min_idx: 0,
          series_stats_x_max: 6,
          series_stats_x_max_idx: 2,
          series_stats_x_avg: 4,
          series_stats_x_stdev: 2,
          series_stats_x_variance: 4,
        },
      ],
    },
    {
      query:
        'print x = dynamic([5, null]) | extend (a) = series_stats(x), (b, c) = series_stats(x, true)',
      rows: [{ x: [5, null], a: null, b: 5, c: 0 }],
    },
  ],
  columns: [
    { name: 'min', type: 'real' },
    { name: 'min_idx', type: 'long' },
    { name: 'max', type: 'real' },
    { name: 'max_idx', type: 'long' },
    { name: 'avg', type: 'real' },
    { name: 'stdev', type: 'real' },
    { name: 'variance', type: 'real' },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'bool'],
      required: 1,
      constants: [1],
      returns: 'dynamic',
      nulls: 'propagate',
      each(series, ignoreOthers = false) {
        const all = statisticsOf(series, ignoreOthers)
        return all === undefined ? null : [...bagOf(all).values()].slice(0, 7)
      },
    }),
  ],
})

function bagOf(all: Statistics): ReadonlyMap<string, Dynamic> {
  return new Map<string, Dynamic>([
    ['min', dynamicReal(all.min)],
    ['min_idx', dynamicLong(all.minIndex)],
    ['max', dynamicReal(all.max)],
    ['max_idx', dynamicLong(all.maxIndex)],
    ['avg', dynamicReal(all.avg)],
    ['stdev', dynamicReal(Math.sqrt(all.variance))],
    ['variance', dynamicReal(all.variance)],
    ['sum', dynamicReal(all.sum)],
    ['len', dynamicLong(all.length)],
  ])
}

/** @see https://learn.microsoft.com/kusto/query/series-stats-dynamic-function */
export const series_stats_dynamic = scalar({
  name: 'series_stats_dynamic',
  doc: `Statistics of the elements as a bag: those of \`series_stats\`, and sum and length. ${STATISTICS_NULLS}`,
  examples: [
    {
      query: 'print r = series_stats_dynamic(dynamic([2, 4, 6])) | project r.avg, r.sum, r.len',
      rows: [{ r_avg: 4, r_sum: 12, r_len: 3 }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'bool'],
      required: 1,
      constants: [1],
      returns: 'dynamic',
      nulls: 'propagate',
      each(series, ignoreOthers = false) {
        const all = statisticsOf(series, ignoreOthers)
        return all === undefined ? null : bagOf(all)
      },
    }),
  ],
})
