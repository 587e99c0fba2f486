import { describe, expect, it } from 'vitest'
import {
  formatReal,
  INT64_MAX,
  INT64_MIN,
  intFromLong,
  intFromReal,
  longFromReal,
  parseBool,
  parseInt32,
  parseLong,
  parseReal,
  realFromHalves,
  roundReal,
  storeSafe,
} from '../../../src/types/number.ts'

// Measured on the Kusto emulator: text, toint, tolong, toreal.
describe('numbers from text', () => {
  it.each([
    ['123', 123, 123n, 123],
    ['  45  ', 45, 45n, 45],
    ['-9', -9, -9n, -9],
    ['3.14', null, null, 3.14],
    ['abc', null, null, null],
    ['', null, null, null],
    ['  ', null, null, null],
    ['0x1F', 31, 31n, null],
    ['0X1f', 31, 31n, null],
    ['1e3', null, null, 1000],
    ['+7', 7, 7n, 7],
    ['007', 7, 7n, 7],
    ['5abc', null, null, null],
    ['1.5e3', null, null, 1500],
    ['1.5E+3', null, null, 1500],
    ['1.5e-3', null, null, 0.0015],
    ['.5', null, null, 0.5],
    ['5.', null, null, 5],
    ['+.5', null, null, 0.5],
    ['1_000', null, null, null],
    ['1,234', null, null, null],
    ['0b101', null, null, null],
    ['-0x10', null, null, null],
    ['0x7FFFFFFF', 2_147_483_647, 2_147_483_647n, null],
    ['9223372036854775807', null, INT64_MAX, 2 ** 63],
    ['9223372036854775808', null, null, 2 ** 63],
    ['-9223372036854775808', null, INT64_MIN, -(2 ** 63)],
    ['0xFFFFFFFFFFFFFFFF', null, -1n, null],
    ['0x1FFFFFFFFFFFFFFFF', null, null, null],
    ['000000000000000000000012', 12, 12n, 12],
  ])('reads %j', (text, int, long, real) => {
    expect([parseInt32(text), parseLong(text), parseReal(text)]).toEqual([int, long, real])
  })

  it('reads the reals that are not finite as measured', () => {
    expect(parseReal('  NaN  ')).toBeNaN()
    expect(parseReal('nan')).toBeNaN()
    expect(parseReal('Inf')).toBe(Number.POSITIVE_INFINITY)
    expect(parseReal('-inf')).toBe(Number.NEGATIVE_INFINITY)
    expect(parseReal('+Infinity')).toBe(Number.POSITIVE_INFINITY)
    expect(parseReal('INF')).toBeNull()
    expect(Object.is(parseReal('-0'), -0)).toBe(true)
  })

  it('reads longs of any length', () => {
    for (const text of ['0', '-1', '4294967296', '-123456789012345', '9223372036854775807']) {
      expect(parseLong(text)).toBe(BigInt(text))
    }
  })

  it.each([
    ['true', true],
    ['True', true],
    ['tRuE', true],
    ['FALSE', false],
    ['1', true],
    ['-1', true],
    ['0', false],
    ['123', true],
    ['yes', null],
    ['', null],
    ['1.0', null],
    ['0.0', null],
  ])('reads the bool %j', (text, expected) => {
    expect(parseBool(text)).toBe(expected)
  })
})

describe('formatReal', () => {
  it.each([
    // Measured.
    [1, '1.0'],
    [1.5, '1.5'],
    [0.1 + 0.2, '0.30000000000000007'],
    [1 / 3, '0.3333333333333333'],
    [1e11, '100000000000.0'],
    [-0, '-0.0'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NaN, 'NaN'],
    // By the same rule.
    [0, '0.0'],
    [0.1, '0.1'],
    [-2.5, '-2.5'],
    [1e-6, '0.000001'],
    [9_007_199_254_740_992, '9007199254740992.0'],
    [Number.NEGATIVE_INFINITY, '-inf'],
    [1e300, '1e+300'],
  ])('prints %d', (value, text) => {
    expect(formatReal(value)).toBe(text)
  })
})

describe('conversions between numbers', () => {
  it('cuts a real and stops at the bounds', () => {
    expect(longFromReal(2.9)).toBe(2n)
    expect(longFromReal(-2.9)).toBe(-2n)
    expect(longFromReal(1e19)).toBe(INT64_MAX)
    expect(longFromReal(-1e19)).toBe(INT64_MIN)
    expect(longFromReal(Number.POSITIVE_INFINITY)).toBeNull()
    expect(longFromReal(Number.NaN)).toBeNull()
    expect(intFromReal(1e30)).toBe(2_147_483_647)
    expect(intFromReal(-1e30)).toBe(-2_147_483_648)
    expect(intFromReal(2.3)).toBe(2)
    expect(Object.is(intFromReal(-0.5), 0)).toBe(true)
  })

  it('wraps a long', () => {
    expect(intFromLong(2_147_483_648n)).toBe(-2_147_483_648)
    expect(intFromLong(36_000_000_000n)).toBe(1_640_261_632)
  })

  it('reads a long as a real through its halves', () => {
    const cells = new BigInt64Array(1)
    const halves = new Int32Array(cells.buffer)
    for (const value of [0n, -1n, 1n << 40n, -(1n << 62n), INT64_MAX, INT64_MIN]) {
      cells[0] = value
      expect(realFromHalves(halves, 0)).toBe(Number(value))
    }
    storeSafe(halves, 0, -(2 ** 53) + 1)
    expect(cells[0]).toBe(-9_007_199_254_740_991n)
  })

  it('rounds half away from zero', () => {
    expect(roundReal(2.15, 1)).toBe(2.2)
    expect(roundReal(2.5, 0)).toBe(3)
    expect(roundReal(-2.5, 0)).toBe(-3)
    expect(roundReal(-50.55, -2)).toBe(-100)
    expect(roundReal(21.5, -1)).toBe(20)
    expect(roundReal(5.5, -309)).toBe(0)
    expect(roundReal(1.2e308, -308)).toBe(1e308)
    expect(roundReal(5.5, 400)).toBe(5.5)
    expect(roundReal(Number.NaN, 1)).toBeNaN()
  })
})
