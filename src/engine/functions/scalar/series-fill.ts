import type { Dynamic } from '../../../types/dynamic.ts'
import { dynamicEquals, dynamicLong, dynamicReal, isArray, longOf } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { numberOf } from './shared-series.ts'

// Functions that replace the missing elements of a series.

const PLACEHOLDER =
  'The element that stands for a missing one is null, unless the last argument names a number. Null for what is no array.'

/** A series and an optional number that stands for a missing element. */
function filled(fill: (series: readonly Dynamic[], isMissing: IsMissing) => Dynamic) {
  return [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each: series => (isArray(series) ? fill(series, isNull) : null),
    }),
    overload({
      params: ['dynamic', 'number'],
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = packer(types[1]!)
        return {
          each: (series, placeholder) =>
            isArray(series) ? fill(series, missing(pack(placeholder))) : null,
        }
      },
    }),
  ] satisfies ScalarOverload[]
}

type IsMissing = (element: Dynamic) => boolean

const isNull: IsMissing = element => element === null

function missing(placeholder: Dynamic): IsMissing {
  return placeholder === null ? isNull : element => dynamicEquals(element, placeholder)
}

/** @see https://learn.microsoft.com/kusto/query/series-fill-forward-function */
export const series_fill_forward = scalar({
  name: 'series_fill_forward',
  naming: 'argument',
  doc: `Each missing element replaced by the last one before it; those at the start stay. ${PLACEHOLDER}`,
  examples: [
    {
      query: 'print r = series_fill_forward(dynamic([null, 36, null, null, 16]))',
      rows: [{ r: [null, 36, 36, 36, 16] }],
    },
  ],
  overloads: filled((series, isMissing) => {
    let last: Dynamic | undefined
    return series.map(element => {
      if (!isMissing(element)) last = element
      return last === undefined ? element : last
    })
  }),
})

/** @see https://learn.microsoft.com/kusto/query/series-fill-backward-function */
export const series_fill_backward = scalar({
  name: 'series_fill_backward',
  naming: 'argument',
  doc: `Each missing element replaced by the next one after it; those at the end stay. ${PLACEHOLDER}`,
  examples: [
    {
      query: 'print r = series_fill_backward(dynamic([111, 0, 36, 0]), 0)',
      rows: [{ r: [111, 36, 36, 0] }],
    },
  ],
  overloads: filled((series, isMissing) => {
    const result = [...series]
    for (let i = result.length - 2; i >= 0; i--) {
      if (isMissing(result[i]!)) result[i] = result[i + 1]!
    }
    return result
  }),
})

/** @see https://learn.microsoft.com/kusto/query/series-fill-const-function */
export const series_fill_const = scalar({
  name: 'series_fill_const',
  naming: 'argument',
  doc: `Each missing element replaced by a number, 0 unless it is given. ${PLACEHOLDER}`,
  examples: [
    {
      query:
        'print a = series_fill_const(dynamic([111, null, 36]), -1), b = series_fill_const(dynamic([1, 7]), 0.5, 7)',
      rows: [{ a: [111, -1, 36], b: [1, 0.5] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'number', 'number'],
      required: 1,
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = types[1] === undefined ? () => 0 : packer(types[1])
        const packPlaceholder = types[2] === undefined ? () => null : packer(types[2])
        return {
          each(series, value, placeholder) {
            if (!isArray(series)) return null
            const constant = pack(value)
            const isMissing = missing(packPlaceholder(placeholder))
            return series.map(element => (isMissing(element) ? constant : element))
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/series-fill-linear-function */
export const series_fill_linear = scalar({
  name: 'series_fill_linear',
  naming: 'argument',
  doc: 'Each missing element replaced by what lies on the line between its neighbours; in an array of longs without the fraction. Those at the edges get the nearest element, unless the third argument is false. An array without any other element is filled with the fourth argument, 0.0 unless it is given. The element that stands for a missing one is null, unless the second argument is a number. Null for what is no array, and where a neighbour is no number.',
  examples: [
    {
      query:
        'print a = series_fill_linear(dynamic([null, 111.0, null, 36.0])), b = series_fill_linear(dynamic([111, null, 36, null]), double(null), false)',
      rows: [{ a: [111, 111, 73.5, 36], b: [111, 73, 36, null] }],
    },
    {
      query: 'print r = series_fill_linear(dynamic([null, null]), double(null), true, 3.5)',
      rows: [{ r: [3.5, 3.5] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'number', 'bool', 'number'],
      required: 1,
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const packPlaceholder = types[1] === undefined ? () => null : packer(types[1])
        const packConstant = types[3] === undefined ? () => dynamicReal(0) : packer(types[3])
        return {
          each(series, placeholder, edges = true, constant) {
            if (!isArray(series) || edges === null) return null
            const isMissing = missing(packPlaceholder(placeholder))
            return interpolated(series, isMissing, edges, packConstant(constant))
          },
        }
      },
    }),
  ],
})

function interpolated(
  series: readonly Dynamic[],
  isMissing: IsMissing,
  edges: boolean,
  constant: Dynamic,
): Dynamic {
  const present = series.flatMap((element, index) => (isMissing(element) ? [] : [index]))
  const [first] = present
  const last = present.at(-1)
  if (first === undefined || last === undefined) return series.map(() => constant)
  const isWhole = present.every(index => longOf(series[index]!) !== undefined)
  const result = [...series]
  if (edges) {
    result.fill(series[first]!, 0, first)
    result.fill(series[last]!, last + 1)
  }
  for (let k = 1; k < present.length; k++) {
    const [from, to] = [present[k - 1]!, present[k]!]
    if (to === from + 1) continue
    const [low, high] = [numberOf(series[from]!), numberOf(series[to]!)]
    for (let i = from + 1; i < to; i++) {
      if (low === undefined || high === undefined) {
        result[i] = null
        continue
      }
      const value = low + ((high - low) * (i - from)) / (to - from)
      result[i] = isWhole ? dynamicLong(Math.trunc(value)) : dynamicReal(value)
    }
  }
  return result
}
