import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import * as math from '../../../src/engine/functions/scalar/math.ts'
import { format_bytes } from '../../../src/engine/functions/scalar/misc.ts'
import * as trigonometry from '../../../src/engine/functions/scalar/trigonometry.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { call, callOne } from './harness.ts'

const INT64_MIN = -9_223_372_036_854_775_808n

describe('abs', () => {
  it('keeps the type', () => {
    expect(call(math.abs, [['long', [-5n, 5n, 0n, null, INT64_MIN]]])).toEqual([
      5n,
      5n,
      0n,
      null,
      INT64_MIN,
    ])
    expect(call(math.abs, [['real', [-2.5, Number.NaN]]])).toEqual([2.5, Number.NaN])
    expect(call(math.abs, [['timespan', [-7n]]])).toEqual([7n])
    expect(String(callOne(math.abs, [['decimal', decimalOf('-1.5')]]))).toBe('1.5')
  })
})

describe('round', () => {
  const round = (value: number, precision?: bigint): unknown =>
    callOne(math.round, [
      ['real', value],
      ...(precision === undefined ? [] : [['long', precision] as const]),
    ])

  it.each([
    [2.98765, 3n, 2.988],
    [2.15, 1n, 2.2],
    [2.15, undefined, 2],
    [-50.55, -2n, -100],
    [21.5, -1n, 20],
    [2.5, undefined, 3],
    [-2.5, undefined, -3],
    [Number.POSITIVE_INFINITY, 2n, Number.POSITIVE_INFINITY],
    [1e300, 400n, 1e300],
  ])('of the real %s to %s is %s', (value, precision, expected) => {
    expect(round(value, precision)).toBe(expected)
  })

  it.each([
    [1234n, -2n, 1200n],
    [1250n, -2n, 1300n],
    [-1250n, -2n, -1300n],
    [5n, 3n, 5n],
    [5n, -30n, 0n],
    [5n, null, null],
  ])('of the long %s to %s is %s', (value, precision, expected) => {
    const args = [['long', value] as const, ['long', precision] as const]
    expect(callOne(math.round, args)).toBe(expected)
  })

  it('of an int is an int', () => {
    expect(
      callOne(math.round, [
        ['int', 15],
        ['long', -1n],
      ]),
    ).toBe(20)
    expect(callOne(math.round, [['int', 15]])).toBe(15)
  })

  it('of a decimal is exact', () => {
    const value = ['decimal', decimalOf('2.675')] as const
    expect(String(callOne(math.round, [value, ['long', 2n]]))).toBe('2.68')
    expect(String(callOne(math.round, [value, ['long', -1n]]))).toBe('0')
  })
})

describe('functions of reals', () => {
  it.each<[ScalarFunction, number, number | null]>([
    [math.ceiling, -1.1, -1],
    [math.ceiling, 0.9, 1],
    [math.sign, -42, -1],
    [math.sign, 0, 0],
    [math.sign, 11.2, 1],
    [math.sqrt, -1, Number.NaN],
    [math.sqrt, 2.25, 1.5],
    [math.exp, 1000, Number.POSITIVE_INFINITY],
    [math.exp2, -1, 0.5],
    [math.exp10, 2, 100],
    [math.log, 5, 1.6094379124341003],
    [math.log, -1, null],
    [math.log, 0, Number.NEGATIVE_INFINITY],
    [math.log2, 8, 3],
    [math.log2, -1, null],
    [math.log10, 1000, 3],
    [math.log10, -0.5, null],
    [math.gamma, 5, 24],
    [math.gamma, -1, Number.NaN],
    [math.gamma, 171, 7.257415615307999e306],
    [math.gamma, 200, Number.POSITIVE_INFINITY],
    [math.loggamma, 5, 3.1780538303479458],
    [math.loggamma, 0, Number.POSITIVE_INFINITY],
    [math.loggamma, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [trigonometry.asin, 1, Math.PI / 2],
    [trigonometry.asin, 1.1, null],
    [trigonometry.acos, -1.1, null],
    [trigonometry.atan, 0.5, 0.4636476090008061],
    [trigonometry.degrees, Math.PI * 1.5, 270],
    [trigonometry.radians, 180, Math.PI],
    [trigonometry.cot, Math.PI / 4, 1],
  ])('%# of %s is %s', (declaration, value, expected) => {
    const result = callOne(declaration, [['real', value]])
    if (expected === null || !Number.isFinite(expected)) expect(result).toBe(expected)
    else expect(result).toBeCloseTo(expected, expected > 1e300 ? -295 : 12)
    expect(callOne(declaration, [['real', null]])).toBeNull()
  })

  // Γ(1/2) = √π and Γ(-1/2) = -2√π.
  it('gamma at halves', () => {
    expect(callOne(math.gamma, [['real', 0.5]])).toBeCloseTo(Math.sqrt(Math.PI), 13)
    expect(callOne(math.gamma, [['real', -0.5]])).toBeCloseTo(-2 * Math.sqrt(Math.PI), 13)
    expect(callOne(math.loggamma, [['real', -0.5]])).toBeCloseTo(
      Math.log(2 * Math.sqrt(Math.PI)),
      13,
    )
  })

  it('take decimals as reals', () => {
    expect(callOne(math.sqrt, [['decimal', decimalOf('6.25')]])).toBe(2.5)
    expect(
      callOne(math.pow, [
        ['decimal', decimalOf(2)],
        ['decimal', decimalOf(3)],
      ]),
    ).toBe(8)
  })

  it.each([
    [2, 10, 1024],
    [2, -1, 0.5],
    [-8, 1 / 3, Number.NaN],
    [1, Number.NaN, 1],
    [1, Number.NEGATIVE_INFINITY, 1],
    [-1, Number.POSITIVE_INFINITY, 1],
    [Number.NaN, 0, 1],
    [-1, Number.NaN, Number.NaN],
    [10, 0, 1],
  ])('pow of %s and %s is %s', (base, exponent, expected) => {
    const args = [['real', base] as const, ['real', exponent] as const]
    expect(callOne(math.pow, args)).toBe(expected)
  })

  it('atan2 takes the ordinate first', () => {
    expect(
      callOne(trigonometry.atan2, [
        ['real', -1],
        ['real', 0],
      ]),
    ).toBe(-Math.PI / 2)
  })
})

describe('rand', () => {
  it('draws from the source of the run', () => {
    const context = { random: () => 0.75 }
    expect(callOne(math.rand, [], context)).toBe(0.75)
    expect(callOne(math.rand, [['long', 10n]], context)).toBe(7)
    expect(callOne(math.rand, [['long', 0n]], context)).toBeNull()
  })
})

describe('format_bytes', () => {
  const format = (size: number, precision?: bigint, unit?: string): unknown =>
    callOne(format_bytes, [
      ['real', size],
      ...(precision === undefined ? [] : [['long', precision] as const]),
      ...(unit === undefined ? [] : [['string', unit] as const]),
    ])

  it.each([
    [564, undefined, undefined, '564 Bytes'],
    [10_332, 1n, undefined, '10.1 KB'],
    [20_010_332, undefined, undefined, '19 MB'],
    [20_010_332, 2n, undefined, '19.08 MB'],
    [20_010_332, 0n, 'KB', '19541 KB'],
    [1024, 0n, '', '1 KB'],
    [1023, 0n, 'bytes', '1023 Bytes'],
    [-2048, 0n, undefined, '-2 KB'],
  ])('of %s, %s, %s is %s', (size, precision, unit, expected) => {
    expect(format(size, precision, unit)).toBe(expected)
  })

  it('refuses another unit', () => {
    expect(() => format(1, 0n, 'KiB')).toThrow(QueryError)
  })
})
