import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minus, negate, plus } from '../../../src/engine/functions/scalar/operators-arithmetic.ts'
import {
  divide,
  modulo,
  times,
} from '../../../src/engine/functions/scalar/operators-multiplication.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { MAX_DATETIME } from '../../../src/types/datetime.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

const MAX = 9_223_372_036_854_775_807n
const MIN = -9_223_372_036_854_775_808n
const HOUR = 36_000_000_000n
const DAY = 24n * HOUR
const NOON = 638_000_000_000_000_000n

type Typed = readonly [type: ScalarType, value: ScalarValue]

describe('longs', () => {
  it('wrap', () => {
    const columns = [
      ['long', [1n, MAX, MIN, null]],
      ['long', [2n, 1n, -1n, 3n]],
    ] as const
    expect(call(plus, columns)).toEqual([3n, MIN, MAX, null])
    expect(callOne(minus, [columnOf(MIN), columnOf(1n)])).toBe(MAX)
    expect(callOne(times, [columnOf(MAX), columnOf(2n)])).toBe(-2n)
    expect(callOne(divide, [columnOf(MIN), columnOf(-1n)])).toBe(MIN)
    expect(callOne(negate, [columnOf(MIN)])).toBe(MIN)
  })

  it('are cut where divided, and null by zero', () => {
    const columns = [
      ['long', [5n, -3n, 3n, 10n]],
      ['long', [2n, 2n, -2n, 0n]],
    ] as const
    expect(call(divide, columns)).toEqual([2n, -1n, -1n, null])
    expect(call(modulo, columns)).toEqual([1n, 1n, 1n, null])
  })

  it('have a remainder that is never negative', () => {
    const int64 = fc.bigInt({ min: MIN, max: MAX })
    fc.assert(
      fc.property(int64, int64, (value, divisor) => {
        fc.pre(divisor !== 0n)
        const rest = callOne(modulo, [columnOf(value), columnOf(divisor)]) as bigint
        expect(rest >= 0n).toBe(true)
        expect(rest < (divisor < 0n ? -divisor : divisor)).toBe(true)
        expect((value - rest) % divisor).toBe(0n)
      }),
    )
  })
})

function columnOf(value: bigint): Typed {
  return ['long', value]
}

describe('reals', () => {
  it.each([
    [plus, 0.1, 0.2, 0.1 + 0.2],
    [minus, 1.5, 2, -0.5],
    [times, 1.5, 4, 6],
    [divide, 5, 2, 2.5],
    [divide, 1, 0, Number.POSITIVE_INFINITY],
    [divide, 0, 0, Number.NaN],
    [modulo, 5.5, -3, 2.5],
    [modulo, -5.5, 3, 0.5],
    [modulo, -7.5, 2, 0.5],
    [modulo, 1, 0, Number.NaN],
  ])('%o of %s and %s', (operator, a, b, expected) => {
    expect(
      callOne(operator, [
        ['real', a],
        ['real', b],
      ]),
    ).toBe(expected)
  })

  it('propagate null', () => {
    expect(
      call(plus, [
        ['real', [null, 1]],
        ['real', [1, null]],
      ]),
    ).toEqual([null, null])
  })
})

describe('decimals', () => {
  const decimal = (text: string): Typed => ['decimal', decimalOf(text)]

  it.each([
    [plus, '0.1', '0.2', '0.3'],
    [minus, '1', '0.9', '0.1'],
    [times, '1.5', '4', '6'],
    [divide, '1', '4', '0.25'],
    [modulo, '-7.5', '2', '0.5'],
  ])('%o of %s and %s is %s', (operator, a, b, expected) => {
    expect(String(callOne(operator, [decimal(a), decimal(b)]))).toBe(expected)
  })

  it('are null where divided by zero', () => {
    expect(callOne(divide, [decimal('1'), decimal('0')])).toBeNull()
    expect(callOne(modulo, [decimal('1'), decimal('0')])).toBeNull()
  })
})

describe('times', () => {
  const cases: readonly (readonly [typeof plus, Typed, Typed, ScalarValue])[] = [
    [plus, ['timespan', DAY], ['timespan', 2n * HOUR], 26n * HOUR],
    [plus, ['datetime', NOON], ['timespan', DAY], NOON + DAY],
    [plus, ['timespan', DAY], ['datetime', NOON], NOON + DAY],
    [plus, ['datetime', MAX_DATETIME], ['timespan', 1n], null],
    [plus, ['datetime', 0n], ['timespan', -1n], null],
    [plus, ['datetime', NOON], ['timespan', null], null],
    [minus, ['datetime', NOON], ['datetime', NOON + HOUR], -HOUR],
    [minus, ['datetime', NOON], ['timespan', HOUR], NOON - HOUR],
    [minus, ['datetime', 0n], ['timespan', 1n], null],
    [minus, ['timespan', DAY], ['timespan', HOUR], 23n * HOUR],
    [times, ['timespan', HOUR], ['long', 3n], 3n * HOUR],
    [times, ['long', 3n], ['timespan', HOUR], 3n * HOUR],
    [times, ['real', 1.5], ['timespan', HOUR], HOUR + HOUR / 2n],
    [times, ['timespan', DAY], ['real', Number.NaN], null],
    [times, ['timespan', DAY], ['real', 1e30], null],
    [divide, ['timespan', DAY], ['timespan', 5n * HOUR], 4.8],
    [divide, ['timespan', 10n * DAY], ['real', 2.5], 4n * DAY],
    [divide, ['timespan', DAY], ['long', 24n], HOUR],
    [divide, ['timespan', DAY], ['long', 0n], null],
    [divide, ['datetime', 2n * DAY], ['timespan', DAY], 2],
    [divide, ['datetime', 2n * NOON], ['real', 2], NOON],
    [modulo, ['datetime', 3n * DAY + HOUR], ['timespan', DAY], HOUR],
    [modulo, ['timespan', -HOUR], ['timespan', DAY], 23n * HOUR],
    [modulo, ['timespan', HOUR], ['timespan', 0n], null],
  ]
  it.each(cases)('%o of %s and %s is %s', (operator, a, b, expected) => {
    expect(callOne(operator, [a, b])).toBe(expected)
  })

  it('have a negative', () => {
    expect(callOne(negate, [['timespan', HOUR]])).toBe(-HOUR)
  })
})

describe('dynamics', () => {
  const two: readonly (readonly [typeof plus, ScalarValue, ScalarValue, ScalarValue])[] = [
    [plus, 1, 2, 3],
    [plus, 1, 2.5, 3.5],
    [minus, 5, 7, -2],
    [divide, 7, 2, 3],
    [divide, 7, 0, null],
    [modulo, -7, 3, 2],
    [plus, '1', 2, null],
    [plus, [1], 2, null],
    [plus, MAX, 1, MIN],
  ]
  it.each(two)('%o of %s and %s is %s', (operator, a, b, expected) => {
    expect(
      callOne(operator, [
        ['dynamic', a],
        ['dynamic', b],
      ]),
    ).toEqual(expected)
  })

  it('give a real where one is a real', () => {
    expect(
      callOne(plus, [
        ['dynamic', 1],
        ['dynamic', new WholeReal(2)],
      ]),
    ).toEqual(new WholeReal(3))
  })

  it('hold times', () => {
    const later = new DynamicScalar('datetime', NOON + HOUR)
    const earlier = new DynamicScalar('datetime', NOON)
    expect(
      callOne(minus, [
        ['dynamic', later],
        ['dynamic', earlier],
      ]),
    ).toEqual(new DynamicScalar('timespan', HOUR))
    expect(callOne(negate, [['dynamic', new DynamicScalar('timespan', HOUR)]])).toEqual(
      new DynamicScalar('timespan', -HOUR),
    )
  })

  const mixed: readonly (readonly [typeof plus, Typed, Typed, ScalarValue])[] = [
    [plus, ['dynamic', 1], ['long', 2n], 3n],
    [plus, ['dynamic', 1.9], ['long', 2n], 3n],
    [plus, ['dynamic', '5'], ['long', 2n], 7n],
    [plus, ['dynamic', 'x'], ['long', 2n], null],
    [minus, ['long', 2n], ['dynamic', 5], -3n],
    [times, ['real', 0.5], ['dynamic', 3], 1.5],
    [divide, ['dynamic', 7], ['long', 0n], null],
    [modulo, ['long', -7n], ['dynamic', 3], 2n],
    [plus, ['dynamic', '01:00:00'], ['timespan', HOUR], 2n * HOUR],
    [minus, ['timespan', DAY], ['dynamic', '01:00:00'], 23n * HOUR],
    [plus, ['datetime', NOON], ['dynamic', '01:00:00'], NOON + HOUR],
    [minus, ['datetime', DAY], ['dynamic', '0001-01-01'], DAY],
    [minus, ['dynamic', '0001-01-03'], ['datetime', DAY], DAY],
  ]
  it.each(mixed)('%o of %s and %s converts to the other type: %s', (operator, a, b, expected) => {
    expect(callOne(operator, [a, b])).toBe(expected)
  })
})
