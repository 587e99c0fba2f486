import { LimitError } from '../../../text/limit-error.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { type Complex, fourier, inverseFourier } from './shared-fourier.ts'
import { finiteSeries, realSeries } from './shared-series.ts'

// Filters and transforms of a series as a signal.

/** Multiplications of one filter, at most: a part of a second. */
const MAX_WORK = 2 ** 28

function checkWork(elements: number, coefficients: number): void {
  if (elements * coefficients <= MAX_WORK) return
  throw new LimitError(
    `A filter of ${coefficients} coefficients is too long for a series of ${elements} elements.`,
  )
}

/** @see https://learn.microsoft.com/kusto/query/series-fir-function */
export const series_fir = scalar({
  name: 'series_fir',
  naming: 'argument',
  doc: 'Each element as the sum of itself and those before it, multiplied by the coefficients of a filter; before the first element there are zeros. The coefficients are divided by their sum, unless the third argument is false or there is a negative one. The fourth argument puts the filter around the element instead of before it. Null where an element is no finite number, for what is no array, for an empty filter, and where a filter with a negative coefficient is to be normalized.',
  examples: [
    {
      query:
        'print a = series_fir(dynamic([0, 10, 0, 0]), dynamic([1, 1])), b = series_fir(dynamic([0, 0, 2, 2, 3]), dynamic([1, -1]), false, false)',
      rows: [{ a: [0, 5, 5, 0], b: [0, 0, 2, 0, 1] }],
    },
    {
      query: 'print r = series_fir(dynamic([0, 0, 9, 0, 0]), dynamic([1, 1, 1]), true, true)',
      rows: [{ r: [0, 3, 3, 3, 0] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic', 'bool', 'bool'],
      required: 2,
      returns: 'dynamic',
      nulls: 'propagate',
      each(series, filter, normalize, center = false) {
        const values = finiteSeries(series)
        const given = finiteSeries(filter)
        if (values === undefined || given === undefined || given.length === 0) return null
        const hasNegative = given.some(coefficient => coefficient < 0)
        if (normalize === true && hasNegative) return null
        const sum = given.reduce((total, coefficient) => total + coefficient, 0)
        const isNormal = normalize ?? !hasNegative
        const coefficients = isNormal ? given.map(coefficient => coefficient / sum) : given
        checkWork(values.length, coefficients.length)
        return realSeries(filtered(values, coefficients, center))
      },
    }),
  ],
})

function filtered(values: Float64Array, coefficients: Float64Array, center: boolean): Float64Array {
  const shift = center ? Math.floor(coefficients.length / 2) : 0
  return values.map((_, i) => {
    let sum = 0
    for (let k = 0; k < coefficients.length; k++) {
      const value = values[i + shift - k]
      if (value !== undefined) sum += coefficients[k]! * value
    }
    return sum
  })
}

/** @see https://learn.microsoft.com/kusto/query/series-iir-function */
export const series_iir = scalar({
  name: 'series_iir',
  naming: 'argument',
  doc: 'A recursive filter: each element is made of itself and those before it, multiplied by the numerators, less the results before it, multiplied by the denominators from the second on; all divided by the first denominator. Null where an element is no finite number, for what is no array, and where the first denominator is missing or 0.',
  examples: [
    {
      query: 'print r = series_iir(dynamic([1, 2, 3, 4]), dynamic([1]), dynamic([1, -1]))',
      rows: [{ r: [1, 3, 6, 10] }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'dynamic', 'dynamic'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(series, numerators, denominators) {
        const x = finiteSeries(series)
        const b = finiteSeries(numerators)
        const a = finiteSeries(denominators)
        const first = a?.[0]
        if (x === undefined || b === undefined || a === undefined) return null
        if (first === undefined || first === 0) return null
        checkWork(x.length, a.length + b.length)
        const y = new Float64Array(x.length)
        for (let i = 0; i < x.length; i++) {
          let sum = 0
          for (let k = 0; k < b.length && k <= i; k++) sum += b[k]! * x[i - k]!
          for (let k = 1; k < a.length && k <= i; k++) sum -= a[k]! * y[i - k]!
          y[i] = sum / first
        }
        return realSeries(y)
      },
    }),
  ],
})

/** The real and the imaginary part as two columns. */
function transform(compute: (input: Complex) => Complex): readonly ScalarOverload[] {
  return [
    overload({
      params: ['dynamic', 'dynamic'],
      required: 1,
      returns: 'dynamic',
      nulls: 'propagate',
      each(realPart, imaginaryPart) {
        const real = finiteSeries(realPart)
        if (real === undefined) return null
        const imag =
          imaginaryPart === undefined ? new Float64Array(real.length) : finiteSeries(imaginaryPart)
        if (imag === undefined || imag.length !== real.length) return null
        const result = compute({ real, imag })
        return [realSeries(result.real), realSeries(result.imag)]
      },
    }),
  ]
}

const COMPLEX = [
  { name: 'real', type: 'dynamic' },
  { name: 'imag', type: 'dynamic' },
] as const
const TRANSFORM_NULLS =
  'The second argument is the imaginary part of the series, zeros unless given. Both parts are null where an element is no finite number, the lengths differ, or an argument is no array.'

/** @see https://learn.microsoft.com/kusto/query/series-fft-function */
export const series_fft = scalar({
  name: 'series_fft',
  doc: `Fourier transform of a series: the real and the imaginary part. ${TRANSFORM_NULLS}`,
  examples: [
    {
      query: 'print x = dynamic([1, 0, 0, 0]) | project series_fft(x)',
      rows: [{ series_fft_x_real: [1, 1, 1, 1], series_fft_x_imag: [0, 0, 0, 0] }],
    },
  ],
  columns: COMPLEX,
  overloads: transform(fourier),
})

/** @see https://learn.microsoft.com/kusto/query/series-ifft-function */
export const series_ifft = scalar({
  name: 'series_ifft',
  doc: `Inverse Fourier transform of a series: the real and the imaginary part. ${TRANSFORM_NULLS}`,
  examples: [
    {
      query: 'print x = dynamic([4, 0, 0, 0]) | project series_ifft(x)',
      rows: [{ series_ifft_x_real: [1, 1, 1, 1], series_ifft_x_imag: [0, 0, 0, 0] }],
    },
  ],
  columns: COMPLEX,
  overloads: transform(inverseFourier),
})
