import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as bitwise from '../../../src/engine/functions/scalar/bitwise.ts'
import { callOne } from './harness.ts'

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })

describe('bitwise functions', () => {
  it('agree with the operators of whole numbers', () => {
    fc.assert(
      fc.property(long, long, (a, b) => {
        const args = [['long', a] as const, ['long', b] as const]
        expect(callOne(bitwise.binary_and, args)).toBe(a & b)
        expect(callOne(bitwise.binary_or, args)).toBe(a | b)
        expect(callOne(bitwise.binary_xor, args)).toBe(a ^ b)
        expect(callOne(bitwise.binary_not, [['long', a]])).toBe(~a)
      }),
    )
  })

  it('count bits', () => {
    fc.assert(
      fc.property(long, value => {
        const digits = BigInt.asUintN(64, value).toString(2).replaceAll('0', '')
        expect(callOne(bitwise.bitset_count_ones, [['long', value]])).toBe(BigInt(digits.length))
      }),
    )
  })

  it.each([
    [1n, 2n, 4n, 0n],
    [1n, 63n, -(2n ** 63n), 0n],
    [3n, 64n, 3n, 3n],
    [-5n, 1n, -10n, -3n],
    [1n, -1n, null, null],
    [1n, null, null, null],
  ])('shift %s by %s', (value, by, left, right) => {
    const args = [['long', value] as const, ['long', by] as const]
    expect(callOne(bitwise.binary_shift_left, args)).toBe(left)
    expect(callOne(bitwise.binary_shift_right, args)).toBe(right)
  })
})
