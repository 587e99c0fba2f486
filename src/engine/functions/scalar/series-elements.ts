import type { Dynamic } from '../../../types/dynamic.ts'
import { DynamicScalar, dynamicLong, dynamicReal, isArray, longOf } from '../../../types/dynamic.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { packer } from '../dynamic-value.ts'
import { calculateDynamic } from './dynamic-arithmetic.ts'
import { numberOf } from './shared-series.ts'

// Functions that compute each element on its own.

/** A function of each element; an element that is no number gives null. */
function eachElement(compute: (value: number, element: Dynamic) => Dynamic): ScalarOverload[] {
  return [
    overload({
      params: ['dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(series) {
        if (!isArray(series)) return null
        return series.map(element => {
          const value = numberOf(element)
          return value === undefined ? null : compute(value, element)
        })
      },
    }),
  ]
}

/** The same for a function of numbers that gives reals. */
function eachReal(compute: (value: number) => number): ScalarOverload[] {
  return eachElement(value => dynamicReal(compute(value)))
}

type Pairwise = (left: Dynamic, right: Dynamic) => Dynamic

/** Two arrays element by element, or an array with a number for each of its elements. */
function eachPair(compute: Pairwise): ScalarOverload[] {
  const checked: Pairwise = (left, right) =>
    numberOf(left) === undefined || numberOf(right) === undefined
      ? null
      : compute(plain(left), plain(right))
  return [
    overload({
      params: ['dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(left, right) {
        if (!isArray(left) || !isArray(right)) return null
        const length = Math.max(left.length, right.length)
        return Array.from({ length }, (_, i) => checked(left[i] ?? null, right[i] ?? null))
      },
    }),
    overload({
      params: ['dynamic', 'number'],
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = packer(types[1]!)
        return {
          each(series, number) {
            const other = pack(number)
            return isArray(series) ? series.map(element => checked(element, other)) : null
          },
        }
      },
    }),
    overload({
      params: ['number', 'dynamic'],
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_, __, types) {
        const pack = packer(types[0]!)
        return {
          each(number, series) {
            const other = pack(number)
            return isArray(series) ? series.map(element => checked(other, element)) : null
          },
        }
      },
    }),
  ]
}

/** A number as a long or a real: of a time its ticks, of a decimal the real. */
function plain(value: Dynamic): Dynamic {
  if (!(value instanceof DynamicScalar)) return value
  if (typeof value.value === 'bigint') return dynamicLong(value.value)
  const number = numberOf(value)
  return number === undefined ? value : dynamicReal(number)
}

function eachPairOfReals(compute: (left: number, right: number) => number): ScalarOverload[] {
  return eachPair((left, right) => dynamicReal(compute(numberOf(left)!, numberOf(right)!)))
}

/** Compares longs exactly, and everything else as reals. */
function eachComparison(
  compare: (left: number | bigint, right: number | bigint) => boolean,
): ScalarOverload[] {
  return eachPair((left, right) =>
    compare(longOf(left) ?? numberOf(left)!, longOf(right) ?? numberOf(right)!),
  )
}

const PAIRS =
  'An element that is no number, or that only one array has, gives null; null for what is neither array nor number.'
const ELEMENTS = 'An element that is no number gives null; null for what is no array.'

/** @see https://learn.microsoft.com/kusto/query/series-add-function */
export const series_add = scalar({
  name: 'series_add',
  doc: `Sum of two arrays element by element, or of each element and a number. ${PAIRS}`,
  examples: [
    {
      query:
        'print a = series_add(dynamic([1, 2, 4]), dynamic([4, 2, 1])), b = series_add(dynamic([1, "x"]), 0.5)',
      rows: [{ a: [5, 4, 5], b: [1.5, null] }],
    },
  ],
  overloads: eachPair((left, right) => calculateDynamic('+', left, right)),
})

/** @see https://learn.microsoft.com/kusto/query/series-subtract-function */
export const series_subtract = scalar({
  name: 'series_subtract',
  doc: `Difference of two arrays element by element, or of each element and a number. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_subtract(dynamic([1, 2, 4]), dynamic([4, 2, 1]))',
      rows: [{ r: [-3, 0, 3] }],
    },
  ],
  overloads: eachPair((left, right) => calculateDynamic('-', left, right)),
})

/** @see https://learn.microsoft.com/kusto/query/series-multiply-function */
export const series_multiply = scalar({
  name: 'series_multiply',
  doc: `Product of two arrays element by element, or of each element and a number. ${PAIRS}`,
  examples: [
    {
      query:
        'print a = series_multiply(dynamic([1, 2]), dynamic([4, 2, 1])), b = series_multiply(10, dynamic([1, -1]))',
      rows: [{ a: [4, 4, null], b: [10, -10] }],
    },
  ],
  overloads: eachPair((left, right) => calculateDynamic('*', left, right)),
})

/** @see https://learn.microsoft.com/kusto/query/series-divide-function */
export const series_divide = scalar({
  name: 'series_divide',
  doc: `Quotient of two arrays element by element, or of each element and a number, as reals; a division by zero is infinite or NaN. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_divide(dynamic([1, 2, 4]), dynamic([4, 2, 1]))',
      rows: [{ r: [0.25, 1, 4] }],
    },
  ],
  overloads: eachPairOfReals((left, right) => left / right),
})

/** @see https://learn.microsoft.com/kusto/query/series-pow-function */
export const series_pow = scalar({
  name: 'series_pow',
  doc: `Power of two arrays element by element, or of each element and a number, as reals. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_pow(dynamic([1, 2, 3, 4]), dynamic([1, 2, 3, 0.5]))',
      rows: [{ r: [1, 4, 27, 2] }],
    },
  ],
  overloads: eachPairOfReals((left, right) => left ** right),
})

/** @see https://learn.microsoft.com/kusto/query/series-greater-function */
export const series_greater = scalar({
  name: 'series_greater',
  doc: `Whether the element of the first is greater than that of the second. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_greater(dynamic([1, 2, 4]), dynamic([4, 2, 1]))',
      rows: [{ r: [false, false, true] }],
    },
  ],
  overloads: eachComparison((left, right) => left > right),
})

/** @see https://learn.microsoft.com/kusto/query/series-greater-equals-function */
export const series_greater_equals = scalar({
  name: 'series_greater_equals',
  doc: `Whether the element of the first is greater than that of the second, or equal. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_greater_equals(dynamic([1, 2, 4]), dynamic([4, 2, 1]))',
      rows: [{ r: [false, true, true] }],
    },
  ],
  overloads: eachComparison((left, right) => left >= right),
})

/** @see https://learn.microsoft.com/kusto/query/series-less-function */
export const series_less = scalar({
  name: 'series_less',
  doc: `Whether the element of the first is less than that of the second. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_less(dynamic([1, 2, 4]), dynamic([4, 2, 1]))',
      rows: [{ r: [true, false, false] }],
    },
  ],
  overloads: eachComparison((left, right) => left < right),
})

/** @see https://learn.microsoft.com/kusto/query/series-less-equals-function */
export const series_less_equals = scalar({
  name: 'series_less_equals',
  doc: `Whether the element of the first is less than that of the second, or equal. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_less_equals(dynamic([1, 2, 4]), dynamic([4, 2, 1]))',
      rows: [{ r: [true, true, false] }],
    },
  ],
  overloads: eachComparison((left, right) => left <= right),
})

/** @see https://learn.microsoft.com/kusto/query/series-equals-function */
export const series_equals = scalar({
  name: 'series_equals',
  doc: `Whether the elements are equal numbers. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_equals(dynamic([1, 2, 4]), dynamic([4, 2.0, "x"]))',
      rows: [{ r: [false, true, null] }],
    },
  ],
  overloads: eachComparison((left, right) => left >= right && left <= right),
})

/** @see https://learn.microsoft.com/kusto/query/series-not-equals-function */
export const series_not_equals = scalar({
  name: 'series_not_equals',
  doc: `Whether the elements are different numbers. ${PAIRS}`,
  examples: [
    {
      query: 'print r = series_not_equals(dynamic([1, 2, 4]), 2)',
      rows: [{ r: [true, false, true] }],
    },
  ],
  overloads: eachComparison((left, right) => !(left >= right && left <= right)),
})

/** @see https://learn.microsoft.com/kusto/query/series-abs-function */
export const series_abs = scalar({
  name: 'series_abs',
  doc: `Absolute value of each element, of the element's type. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_abs(dynamic([-6.5, 0, -8]))', rows: [{ r: [6.5, 0, 8] }] }],
  overloads: eachElement((value, element) => {
    const whole = longOf(plain(element))
    if (whole === undefined) return dynamicReal(Math.abs(value))
    return whole < 0 ? calculateDynamic('-', 0, whole) : whole
  }),
})

/** @see https://learn.microsoft.com/kusto/query/series-sign-function */
export const series_sign = scalar({
  name: 'series_sign',
  doc: `Sign of each element: 1, 0 or -1, a real where the element is one. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_sign(dynamic([-6, 0, 8]))', rows: [{ r: [-1, 0, 1] }] }],
  overloads: eachElement((value, element) => {
    const sign = Math.sign(value) + 0
    return longOf(plain(element)) === undefined ? dynamicReal(sign) : sign
  }),
})

/** @see https://learn.microsoft.com/kusto/query/series-floor-function */
export const series_floor = scalar({
  name: 'series_floor',
  doc: `The largest whole number that is not above each element, as a real. ${ELEMENTS}`,
  examples: [
    { query: 'print r = series_floor(dynamic([-1.5, 1, 2.5]))', rows: [{ r: [-2, 1, 2] }] },
  ],
  overloads: eachReal(Math.floor),
})

/** @see https://learn.microsoft.com/kusto/query/series-ceiling-function */
export const series_ceiling = scalar({
  name: 'series_ceiling',
  doc: `The smallest whole number that is not below each element, as a real. ${ELEMENTS}`,
  examples: [
    { query: 'print r = series_ceiling(dynamic([-1.5, 1, 2.5]))', rows: [{ r: [-1, 1, 3] }] },
  ],
  overloads: eachReal(value => Math.ceil(value) + 0),
})

/** @see https://learn.microsoft.com/kusto/query/series-exp-function */
export const series_exp = scalar({
  name: 'series_exp',
  doc: `e to the power of each element. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_exp(dynamic([0, null]))', rows: [{ r: [1, null] }] }],
  overloads: eachReal(Math.exp),
})

/** @see https://learn.microsoft.com/kusto/query/series-log-function */
export const series_log = scalar({
  name: 'series_log',
  doc: `Natural logarithm of each element; null of a negative number, as \`log\`. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_log(dynamic([1, -1]))', rows: [{ r: [0, null] }] }],
  overloads: eachElement(value => (value < 0 ? null : dynamicReal(Math.log(value)))),
})

/** @see https://learn.microsoft.com/kusto/query/series-sin-function */
export const series_sin = scalar({
  name: 'series_sin',
  doc: `Sine of each element, an angle in radians. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_sin(dynamic([0]))', rows: [{ r: [0] }] }],
  overloads: eachReal(Math.sin),
})

/** @see https://learn.microsoft.com/kusto/query/series-cos-function */
export const series_cos = scalar({
  name: 'series_cos',
  doc: `Cosine of each element, an angle in radians. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_cos(dynamic([0]))', rows: [{ r: [1] }] }],
  overloads: eachReal(Math.cos),
})

/** @see https://learn.microsoft.com/kusto/query/series-tan-function */
export const series_tan = scalar({
  name: 'series_tan',
  doc: `Tangent of each element, an angle in radians. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_tan(dynamic([0]))', rows: [{ r: [0] }] }],
  overloads: eachReal(Math.tan),
})

/** @see https://learn.microsoft.com/kusto/query/series-asin-function */
export const series_asin = scalar({
  name: 'series_asin',
  doc: `Arcsine of each element in radians; NaN outside -1 to 1. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_asin(dynamic([0]))', rows: [{ r: [0] }] }],
  overloads: eachReal(Math.asin),
})

/** @see https://learn.microsoft.com/kusto/query/series-acos-function */
export const series_acos = scalar({
  name: 'series_acos',
  doc: `Arccosine of each element in radians; NaN outside -1 to 1. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_acos(dynamic([1]))', rows: [{ r: [0] }] }],
  overloads: eachReal(Math.acos),
})

/** @see https://learn.microsoft.com/kusto/query/series-atan-function */
export const series_atan = scalar({
  name: 'series_atan',
  doc: `Arctangent of each element in radians. ${ELEMENTS}`,
  examples: [{ query: 'print r = series_atan(dynamic([0]))', rows: [{ r: [0] }] }],
  overloads: eachReal(Math.atan),
})
