import { expect, it } from 'vitest'
import { plainJson } from '../../../src/text/plain-json.ts'

it('has longs and reals that JSON lacks as text', () => {
  const value = [1n, 9_007_199_254_740_993n, Number.NaN, { x: Number.NEGATIVE_INFINITY }, 0.5]
  expect(plainJson(value)).toBe('[1,"9007199254740993","NaN",{"x":"-Infinity"},0.5]')
})
