import { describe, expect, it } from 'vitest'
import {
  binary_all_and,
  binary_all_or,
  binary_all_xor,
} from '../../../src/engine/functions/aggregate/binary.ts'
import { count, countif } from '../../../src/engine/functions/aggregate/count.ts'
import {
  count_distinct,
  dcount,
  dcountif,
} from '../../../src/engine/functions/aggregate/distinct.ts'
import { max, maxif, min } from '../../../src/engine/functions/aggregate/extremes.ts'
import {
  percentile,
  percentiles_array,
  percentilew,
} from '../../../src/engine/functions/aggregate/percentiles.ts'
import {
  arg_max,
  arg_min,
  take_any,
  take_anyif,
} from '../../../src/engine/functions/aggregate/rows.ts'
import { stdev, stdevp, variance } from '../../../src/engine/functions/aggregate/statistics.ts'
import { avg, sum, sumif } from '../../../src/engine/functions/aggregate/sum.ts'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { WholeReal } from '../../../src/types/dynamic.ts'
import { column, constant, total } from './aggregate-harness.ts'

const MAX_LONG = 9_223_372_036_854_775_807n

describe('count', () => {
  it('counts rows whatever the argument is', () => {
    expect(total(count, column('long', 1n, null, null))).toBe(3n)
    expect(total(count, column('bool', true, false))).toBe(2n)
  })

  it('counts true predicates only', () => {
    expect(total(countif, column('bool', true, false, null, true))).toBe(2n)
    expect(total(countif, column('bool'))).toBe(0n)
  })
})

describe('sum and avg', () => {
  it('gives a long for ints, past 32 bits', () => {
    expect(total(sum, column('int', 2_147_483_647, 2_147_483_647, null))).toBe(4_294_967_294n)
  })

  it('wraps longs, and so does the mean', () => {
    // Measured.
    expect(total(sum, column('long', MAX_LONG, 1n, 2n))).toBe(-9_223_372_036_854_775_806n)
    expect(total(avg, column('long', MAX_LONG, 1n, 2n))).toBe(-3_074_457_345_618_258_400)
    expect(total(avg, column('long', MAX_LONG - 1n, 1n, MAX_LONG))).toBe(-2 / 3)
  })

  it('is 0 of nothing, while the mean is NaN or null', () => {
    expect(total(sum, column('int', null, null))).toBe(0n)
    expect(total(sum, column('real'))).toBe(0)
    expect(String(total(sum, column('decimal')))).toBe('0')
    expect(total(sum, column('timespan'))).toBe(0n)
    expect(total(avg, column('int', null))).toBeNaN()
    expect(total(avg, column('long'))).toBeNaN()
    expect(total(avg, column('real'))).toBeNaN()
    expect(total(avg, column('decimal'))).toBeNull()
    expect(total(avg, column('datetime', null))).toBeNull()
  })

  it('carries NaN and infinities', () => {
    expect(total(sum, column('real', 3.3, Number.NaN))).toBeNaN()
    expect(total(sum, column('real', 1, Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY)
    expect(total(avg, column('real', Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY)
  })

  it('does not lose small reals among large ones', () => {
    expect(total(sum, column('real', 1e16, 1, -1e16))).toBe(1)
    expect(total(sum, column('real', ...new Array<number>(10).fill(0.1)))).toBe(1)
  })

  it('adds decimals exactly', () => {
    const values = ['0.1', '0.2'].map(text => decimalOf(text))
    expect(String(total(sum, column('decimal', ...values)))).toBe('0.3')
    expect(String(total(avg, column('decimal', ...values)))).toBe('0.15')
  })

  it('means datetimes whose sum exceeds 64 bits', () => {
    const tick = 638_000_000_000_000_000n
    const values = Array.from({ length: 41 }, (_, k) => tick + BigInt(k))
    expect(total(avg, column('datetime', ...values))).toBe(tick + 20n)
    expect(total(avg, column('timespan', -3n, -4n))).toBe(-3n)
  })

  it('gives null for a sum of datetimes beyond the last year', () => {
    const late = 3_155_378_975_999_999_999n
    expect(total(sum, column('datetime', late, late))).toBeNull()
  })

  it('leaves out rows whose predicate is false or null', () => {
    const values = column('long', 1n, 2n, 4n, null)
    expect(total(sumif, values, column('bool', true, false, null, true))).toBe(1n)
  })
})

describe('min and max', () => {
  it('skips nulls, and is null of nothing', () => {
    expect(total(min, column('long', 5n, null, 3n))).toBe(3n)
    expect(total(max, column('datetime', null))).toBeNull()
    expect(total(max, column('int', -5, -7))).toBe(-5)
  })

  it('is NaN where a value is', () => {
    expect(total(max, column('real', 1.5, Number.NaN, 2.5))).toBeNaN()
    expect(total(min, column('real', Number.NaN, 1))).toBeNaN()
  })

  it('orders strings by code point, bools and decimals by value', () => {
    expect(total(max, column('string', '\ue000', '\u{10000}', 'z'))).toBe('\u{10000}')
    expect(total(min, column('string', 'b', 'B', '_'))).toBe('B')
    expect(total(min, column('bool', true, false))).toBe(false)
    expect(String(total(max, column('decimal', decimalOf('9'), decimalOf('10'))))).toBe('10')
  })

  it('takes the rows of the predicate', () => {
    expect(total(maxif, column('int', 1, 9), column('bool', true, false))).toBe(1)
    expect(total(maxif, column('int', 1, 9), column('bool', null, false))).toBeNull()
  })
})

describe('arg_max and arg_min', () => {
  it('gives the columns of the row, of equal ones of the first', () => {
    const ordered = column('long', 1n, 7n, 7n)
    expect(total(arg_max, ordered, column('string', 'a', 'b', 'c'))).toEqual([7n, 'b'])
    expect(total(arg_min, ordered, column('int', null, 2, 3))).toEqual([1n, null])
    expect(total(arg_max, ordered)).toBe(7n)
  })

  it('prefers any value to null, and takes the first row of nulls', () => {
    const texts = column('string', 'a', 'b', 'c')
    expect(total(arg_max, column('long', null, 20n, null), texts)).toEqual([20n, 'b'])
    expect(total(arg_max, column('long', null, null, null), texts)).toEqual([null, 'a'])
    expect(total(arg_min, column('string', '', 'a', 'b'), texts)).toEqual(['', 'a'])
  })

  it('is null in all columns of nothing', () => {
    expect(total(arg_max, column('long'), column('string'))).toEqual([null, null])
  })

  it('takes NaN for the extreme of both ends, as measured', () => {
    const weights = column('real', 10, 20)
    const values = column('real', Number.NaN, 2)
    expect(total(arg_max, values, weights)).toEqual([Number.NaN, 10])
    expect(total(arg_min, values, weights)).toEqual([Number.NaN, 10])
  })
})

describe('take_any', () => {
  it('looks for a value in a single column only', () => {
    expect(total(take_any, column('string', '', 'x', 'y'))).toBe('x')
    expect(total(take_any, column('long', null, null))).toBeNull()
    const pair = [column('string', '', 'x'), column('long', null, 2n)] as const
    expect(total(take_any, ...pair)).toEqual(['', null])
  })

  it('takes an array as one value', () => {
    expect(total(take_any, column('dynamic', null, [1, 2]))).toEqual([1, 2])
  })

  it('is null where the predicate holds for no row', () => {
    expect(total(take_anyif, column('long', 1n), column('bool', false))).toBeNull()
    const values = column('long', 1n, null, 3n)
    expect(total(take_anyif, values, column('bool', false, true, true))).toBe(3n)
  })
})

describe('dcount and count_distinct', () => {
  it('leaves out nulls and counts the empty string', () => {
    expect(total(dcount, column('int', null, 1, 2, 1))).toBe(2n)
    expect(total(dcount, column('string', '', 'a', 'b', 'a'))).toBe(3n)
    expect(total(count_distinct, column('guid', null))).toBe(0n)
  })

  it('takes 0 and -0 as one, and NaN as one', () => {
    expect(total(dcount, column('real', 0, -0, Number.NaN, Number.NaN))).toBe(2n)
  })

  it('tells apart longs that differ in their high words only', () => {
    expect(total(dcount, column('long', 1n, 2n ** 32n + 1n, 2n ** 33n + 1n))).toBe(3n)
  })

  it('takes decimals by value and dynamics by content', () => {
    const decimals = ['1.5', '1.50', '2'].map(text => decimalOf(text))
    expect(total(dcount, column('decimal', ...decimals))).toBe(2n)
    const bags = [
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ]
    expect(total(dcount, column('dynamic', ...bags, 'a', new WholeReal(1), 1))).toBe(4n)
  })

  it('counts within the predicate', () => {
    const values = column('string', 'a', 'b', 'a')
    expect(total(dcountif, values, column('bool', true, false, true), constant('int', 4))).toBe(1n)
  })
})

describe('stdev and variance', () => {
  it('has the digits that were measured', () => {
    const values = column('long', 1n, 2n, 3n, 4n)
    expect(total(variance, values)).toBe(1.6666666667)
    expect(total(stdev, values)).toBe(1.2909944487487155)
    expect(total(stdevp, values)).toBe(1.118033988749895)
  })

  it('is 0 of one value and of none, and NaN with an infinity', () => {
    expect(total(variance, column('int', 10))).toBe(0)
    expect(total(stdev, column('int', null))).toBe(0)
    expect(total(stdevp, column('real'))).toBe(0)
    expect(total(variance, column('real', 1, Number.POSITIVE_INFINITY))).toBeNaN()
  })

  it('keeps small variances', () => {
    // (1e-6, 3e-6): deviations of 1e-6 around 2e-6, so 2e-12 over 1.
    expect(total(variance, column('real', 1e-6, 3e-6))).toBeCloseTo(2e-12, 20)
  })
})

describe('percentile', () => {
  const tens = column('int', 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

  it('takes the nearest rank, as a long for ints', () => {
    expect(total(percentile, tens, constant('int', 0))).toBe(0n)
    expect(total(percentile, tens, constant('int', 50))).toBe(4n)
    expect(total(percentile, tens, constant('real', 50.1))).toBe(5n)
    expect(total(percentile, tens, constant('long', 100n))).toBe(9n)
  })

  it('does not slip by the binary form of a percentile', () => {
    const thousand = column('long', ...Array.from({ length: 1000 }, (_, k) => BigInt(k + 1)))
    expect(total(percentile, thousand, constant('real', 99.9))).toBe(999n)
  })

  it('gives a real for decimals and times for times', () => {
    expect(total(percentile, column('decimal', decimalOf('1.5')), constant('int', 5))).toBe(1.5)
    expect(total(percentile, column('timespan', 3n, 1n), constant('int', 5))).toBe(1n)
  })

  it('is null of nothing', () => {
    expect(total(percentile, column('long', null), constant('int', 5))).toBeNull()
    expect(total(percentiles_array, column('long'), constant('int', 5))).toBeNull()
  })

  it('counts weights, leaving out those below 1', () => {
    const values = column('long', 10n, 20n, 30n, 40n, 5n)
    const weights = column('long', 8n, 6n, 3n, 1n, -9n)
    for (const [asked, expected] of [
      [50, 20n],
      [75, 20n],
      [99.9, 40n],
      [0, 10n],
    ] as const) {
      expect(total(percentilew, values, weights, constant('real', asked))).toBe(expected)
    }
  })

  it('gives an array for several percentiles or an array of them', () => {
    const asked = constant('dynamic', [25, 50, new WholeReal(100)])
    expect(total(percentiles_array, tens, asked)).toEqual([2, 4, 9])
    const two = [constant('int', 25), constant('real', 50)] as const
    expect(total(percentiles_array, tens, ...two)).toEqual([2, 4])
  })

  it('refuses what is no percentile', () => {
    expect(() => total(percentile, tens, constant('int', 101))).toThrow(QueryError)
    expect(() => total(percentile, tens, constant('real', null))).toThrow(QueryError)
    expect(() => total(percentiles_array, tens, constant('dynamic', ['a']))).toThrow(QueryError)
    const varying = column('int', ...new Array<number>(10).fill(5))
    expect(() => total(percentiles_array, tens, constant('int', 5), varying)).toThrow(QueryError)
  })
})

describe('binary_all', () => {
  it('combines all bits, of ints and of longs', () => {
    const longs = column('long', 0xffffffffn, 0xfffff00fn, 0xcffffffdn, 0xfafeffffn)
    expect(total(binary_all_and, longs)).toBe(0xcafef00dn)
    expect(total(binary_all_or, column('int', 1, 4, null))).toBe(5)
    expect(total(binary_all_xor, column('long', 7n, 5n))).toBe(2n)
  })

  it('is null of nothing', () => {
    expect(total(binary_all_and, column('long', null))).toBeNull()
  })
})
