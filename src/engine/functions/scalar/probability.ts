import { realFromDecimal } from '../../../types/decimal.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { ofReal } from './shared-real.ts'
import {
  erfc as complementaryError,
  erf as errorFunction,
  incompleteBeta,
  inverseBeta,
  logBeta,
} from './shared-special.ts'

/** @see https://learn.microsoft.com/kusto/query/erf-function */
export const erf = scalar({
  name: 'erf',
  naming: 'argument',
  doc: 'The error function. null where the number is null.',
  examples: [{ query: 'print r = round(erf(1), 12)', rows: [{ r: 0.84270079295 }] }],
  overloads: ofReal(errorFunction),
})

/** @see https://learn.microsoft.com/kusto/query/erfc-function */
export const erfc = scalar({
  name: 'erfc',
  naming: 'argument',
  doc: 'The complementary error function, 1 - erf. null where the number is null.',
  examples: [{ query: 'print r = round(erfc(2), 14)', rows: [{ r: 0.00467773498105 }] }],
  overloads: ofReal(complementaryError),
})

type OfThree = (x: number, alpha: number, beta: number) => number | null

function ofThree(compute: OfThree): readonly ScalarOverload[] {
  return [
    overload({
      params: ['real', 'real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      each: compute,
    }),
    overload({
      params: ['decimal', 'decimal', 'decimal'],
      returns: 'real',
      nulls: 'propagate',
      each: (x, alpha, beta) =>
        compute(realFromDecimal(x), realFromDecimal(alpha), realFromDecimal(beta)),
    }),
  ]
}

/** The largest parameter that is documented, which also bounds the time. */
const MAX_PARAMETER = 10_000

function isParameter(value: number): boolean {
  return value > 0 && value <= MAX_PARAMETER
}

/** @see https://learn.microsoft.com/kusto/query/beta-cdf-function */
export const beta_cdf = scalar({
  name: 'beta_cdf',
  doc: 'The cumulative beta distribution: the probability of at most x. NaN where x is not from 0 to 1, or a parameter is not above 0 and at most 10000; null where an argument is null.',
  examples: [
    {
      query: 'print a = round(beta_cdf(0.9, 10.0, 20.0), 12), b = beta_cdf(1.5, 10.0, 20.0)',
      rows: [{ a: 1, b: Number.NaN }],
    },
  ],
  overloads: ofThree((x, alpha, beta) =>
    x >= 0 && x <= 1 && isParameter(alpha) && isParameter(beta)
      ? incompleteBeta(x, alpha, beta)
      : Number.NaN,
  ),
})

/** @see https://learn.microsoft.com/kusto/query/beta-inv-function */
export const beta_inv = scalar({
  name: 'beta_inv',
  doc: 'The x for which `beta_cdf` is the probability. null where that is not above 0 and at most 1, and where an argument is null; NaN where a parameter is not above 0 and at most 10000.',
  examples: [
    {
      query: 'print a = round(beta_inv(0.1, 10.0, 20.0), 12), b = beta_inv(1.5, 10.0, 20.0)',
      rows: [{ a: 0.226415022389, b: null }],
    },
  ],
  overloads: ofThree((p, alpha, beta) => {
    if (!isParameter(alpha) || !isParameter(beta)) return Number.NaN
    return p > 0 && p <= 1 ? inverseBeta(p, alpha, beta) : null
  }),
})

/** @see https://learn.microsoft.com/kusto/query/beta-pdf-function */
export const beta_pdf = scalar({
  name: 'beta_pdf',
  doc: 'The density of the beta distribution. NaN where x is not between 0 and 1 or a parameter is not above 0; null where an argument is null.',
  examples: [
    {
      query: 'print r = round(beta_pdf(0.5, 10.0, 20.0), 12)',
      rows: [{ r: 0.746176019311 }],
    },
  ],
  overloads: ofThree((x, alpha, beta) =>
    x > 0 && x < 1 && alpha > 0 && beta > 0
      ? Math.exp((alpha - 1) * Math.log(x) + (beta - 1) * Math.log1p(-x) - logBeta(alpha, beta))
      : Number.NaN,
  ),
})

/** @see https://learn.microsoft.com/kusto/query/welch-test-function */
export const welch_test = scalar({
  name: 'welch_test',
  doc: "The p-value, two-sided, of Welch's t-test that two samples have the same mean, from the mean, variance and count of each; NaN where a count is below 2 or neither sample varies, null where an argument is null.",
  examples: [
    {
      query: 'print r = welch_test(1.0, 0.5, 10, 1.0, 2.5, 10)',
      rows: [{ r: 1 }],
    },
  ],
  overloads: [
    overload({
      params: ['real', 'real', 'real', 'real', 'real', 'real'],
      returns: 'real',
      nulls: 'propagate',
      each: welchTest,
    }),
    overload({
      params: ['decimal', 'decimal', 'decimal', 'decimal', 'decimal', 'decimal'],
      returns: 'real',
      nulls: 'propagate',
      each: (...args) => welchTest(...(args.map(realFromDecimal) as Parameters<typeof welchTest>)),
    }),
  ],
})

function welchTest(
  mean1: number,
  variance1: number,
  count1: number,
  mean2: number,
  variance2: number,
  count2: number,
): number {
  const error1 = variance1 / count1
  const error2 = variance2 / count2
  const both = error1 + error2
  if (!(count1 >= 2 && count2 >= 2 && both > 0)) return Number.NaN
  const squared = (mean1 - mean2) ** 2 / both
  const freedom = both ** 2 / (error1 ** 2 / (count1 - 1) + error2 ** 2 / (count2 - 1))
  return incompleteBeta(freedom / (freedom + squared), freedom / 2, 0.5)
}
