import { describe, expect, it } from 'vitest'
import {
  beta_cdf,
  beta_inv,
  beta_pdf,
  erf,
  erfc,
  welch_test,
} from '../../../src/engine/functions/scalar/probability.ts'
import { rowsOf } from '../engine/run-query.ts'
import { callOne } from './harness.ts'

const reals = (...values: readonly number[]): ['real', number][] =>
  values.map(value => ['real', value])

// The tables of the documentation.
describe('erf and erfc', () => {
  it.each([
    [-3, -0.999977909503001, 1.999977909503001],
    [-2, -0.995322265018953, 1.995322265018953],
    [-1, -0.842700792949715, 1.842700792949715],
    [0, 0, 1],
    [1, 0.842700792949715, 0.157299207050285],
    [2, 0.995322265018953, 0.00467773498104727],
    [3, 0.999977909503001, 2.20904969985854e-5],
  ])('of %d are %d and %d', (x, error, complement) => {
    expect(callOne(erf, reals(x))).toBeCloseTo(error, 14)
    const found = callOne(erfc, reals(x)) as number
    expect(Math.abs(found / complement - 1)).toBeLessThan(1e-13)
  })

  it('are smooth where the method changes', () => {
    const [below, above] = [2.5, 2.500000001].map(x => callOne(erfc, reals(x)) as number)
    expect(below! - above!).toBeGreaterThan(0)
    expect(below! - above!).toBeLessThan(1e-11)
  })

  it('take what is not finite', () => {
    const of = (x: number): unknown[] => [callOne(erf, reals(x)), callOne(erfc, reals(x))]
    expect(of(Number.POSITIVE_INFINITY)).toEqual([1, 0])
    expect(of(Number.NEGATIVE_INFINITY)).toEqual([-1, 2])
    expect(of(Number.NaN)).toEqual([Number.NaN, Number.NaN])
  })
})

describe('the beta distribution', () => {
  it('has the values of the documentation', () => {
    expect(callOne(beta_cdf, reals(0.9, 10, 20))).toBeCloseTo(0.999999999999959, 14)
    expect(callOne(beta_inv, reals(0.1, 10, 20))).toBeCloseTo(0.226415022388749, 14)
    expect(callOne(beta_pdf, reals(0.5, 10, 20))).toBeCloseTo(0.746176019310951, 12)
  })

  it.each([
    [beta_cdf, [-10, 10, 20], Number.NaN],
    [beta_cdf, [0.1, -1, 20], Number.NaN],
    [beta_cdf, [0.1, 10_001, 20], Number.NaN],
    [beta_cdf, [0, 1, 1], 0],
    [beta_cdf, [1, 1, 1], 1],
    [beta_cdf, [0.25, 1, 1], 0.25],
    [beta_pdf, [1.5, 10, 20], Number.NaN],
    [beta_pdf, [0.1, -1, 20], Number.NaN],
    [beta_inv, [1.5, 10, 20], null],
    [beta_inv, [0, 10, 20], null],
    [beta_inv, [0.1, -1, 20], Number.NaN],
    [beta_inv, [1, 2, 3], 1],
  ] as const)('%o of %j is %d', (fn, args, expected) => {
    expect(callOne(fn, reals(...args))).toEqual(expected)
  })

  it.each([
    [0.5, 0.5],
    [1, 3],
    [10, 20],
    [5000, 9000],
    [0.1, 10_000],
  ])('is inverted, with the parameters %d and %d', (alpha, beta) => {
    for (const p of [0.01, 0.3, 0.9]) {
      const x = callOne(beta_inv, reals(p, alpha, beta)) as number
      expect(callOne(beta_cdf, reals(x, alpha, beta))).toBeCloseTo(p, 9)
    }
  })
})

describe('welch_test', () => {
  // The example of the documentation, which has 0.021.
  it('has the p-value of the documentation', async () => {
    const rows = await rowsOf(`print
        s1 = dynamic([27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]),
        s2 = dynamic([27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4])
      | mv-expand s1 to typeof(double), s2 to typeof(double)
      | summarize m1 = avg(s1), v1 = variance(s1), c1 = count(), m2 = avg(s2), v2 = variance(s2), c2 = count()
      | project p = round(welch_test(m1, v1, c1, m2, v2, c2), 3)`)
    expect(rows).toEqual([[0.021]])
  })

  it.each([
    [[1, 1, 1, 2, 1, 5], Number.NaN],
    [[1, 0, 5, 2, 0, 5], Number.NaN],
  ])('of %j is %d', (args, expected) => {
    expect(callOne(welch_test, reals(...args))).toEqual(expected)
  })
})
