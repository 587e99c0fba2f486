import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import {
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  notEqual,
} from '../../../src/engine/functions/scalar/operators-comparison.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

/** A smaller and a larger value of each type. */
const PAIRS: readonly (readonly [type: ScalarType, low: ScalarValue, high: ScalarValue])[] = [
  ['bool', false, true],
  ['int', -3, 2],
  ['long', -4_294_967_297n, 4_294_967_296n],
  ['real', -0.5, 1e300],
  ['decimal', decimalOf('0.1'), decimalOf('0.2')],
  ['datetime', 1n, 638_000_000_000_000_000n],
  ['timespan', -1n, 1n],
]

describe('equality', () => {
  const all: readonly (readonly [type: ScalarType, low: ScalarValue, high: ScalarValue])[] = [
    ...PAIRS,
    ['guid', '00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000002'],
    ['dynamic', 'a', [1]],
  ]
  it.each(all)('of %s knows null', (type, a, b) => {
    const columns = [
      [type, [a, a, a, null, null]],
      [type, [a, b, null, b, null]],
    ] as const
    expect(call(equal, columns)).toEqual([true, false, false, false, null])
    expect(call(notEqual, columns)).toEqual([false, true, true, true, null])
  })

  it('of strings goes by case', () => {
    const columns = [
      ['string', ['a', 'a', '']],
      ['string', ['a', 'A', '']],
    ] as const
    expect(call(equal, columns)).toEqual([true, false, true])
    expect(call(notEqual, columns)).toEqual([false, true, false])
  })

  it('holds for no NaN', () => {
    const columns = [
      ['real', [Number.NaN, 0]],
      ['real', [Number.NaN, -0]],
    ] as const
    expect(call(equal, columns)).toEqual([false, true])
    expect(call(notEqual, columns)).toEqual([true, false])
  })
})

describe('equality with a dynamic', () => {
  const cases: readonly (readonly [ScalarValue, ScalarType, ScalarValue, boolean | null])[] = [
    ['x', 'string', 'x', true],
    ['x', 'string', 'X', false],
    [5, 'string', '5', true],
    [null, 'string', '', true],
    [null, 'string', 'x', false],
    [[1, 2], 'string', '[1,2]', true],
    [5, 'long', 5n, true],
    [5.5, 'long', 5n, false],
    [new WholeReal(5), 'long', 5n, true],
    ['5', 'long', 5n, true],
    ['x', 'long', 5n, false],
    [null, 'long', 5n, false],
    [null, 'long', null, null],
    [5, 'real', 5, true],
    [9_007_199_254_740_993n, 'real', 9_007_199_254_740_992, false],
    [true, 'bool', true, true],
    ['True', 'bool', true, true],
    ['0001-01-02', 'datetime', 864_000_000_000n, true],
    [new DynamicScalar('datetime', 7n), 'datetime', 7n, true],
    ['01:00:00', 'timespan', 36_000_000_000n, true],
    ['A0000000-0000-0000-0000-000000000001', 'guid', 'a0000000-0000-0000-0000-000000000001', true],
    [1, 'dynamic', new WholeReal(1), true],
    ['1', 'dynamic', 1, false],
  ]
  it.each(cases)('%s and %s %s: %s', (value, type, other, expected) => {
    const pair = [
      ['dynamic', value],
      [type, other],
    ] as const
    expect(callOne(equal, pair)).toBe(expected)
    expect(callOne(equal, [pair[1], pair[0]])).toBe(expected)
    expect(callOne(notEqual, pair)).toBe(expected === null ? null : !expected)
  })
})

describe('order', () => {
  it.each(PAIRS)('of %s', (type, low, high) => {
    const columns = [
      [type, [low, high, low, null, low]],
      [type, [high, low, low, low, null]],
    ] as const
    expect(call(less, columns)).toEqual([true, false, false, null, null])
    expect(call(lessOrEqual, columns)).toEqual([true, false, true, null, null])
    expect(call(greater, columns)).toEqual([false, true, false, null, null])
    expect(call(greaterOrEqual, columns)).toEqual([false, true, true, null, null])
  })

  it('holds for no NaN', () => {
    const columns = [
      ['real', [Number.NaN, 1]],
      ['real', [1, Number.NaN]],
    ] as const
    for (const operator of [less, lessOrEqual, greater, greaterOrEqual]) {
      expect(call(operator, columns)).toEqual([false, false])
    }
  })

  it('of any longs is that of integers', () => {
    const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(fc.array(fc.tuple(int64, int64), { minLength: 1 }), pairs => {
        const columns = [
          ['long', pairs.map(([a]) => a)],
          ['long', pairs.map(([, b]) => b)],
        ] as const
        expect(call(less, columns)).toEqual(pairs.map(([a, b]) => a < b))
        expect(call(lessOrEqual, columns)).toEqual(pairs.map(([a, b]) => a <= b))
        expect(call(greater, columns)).toEqual(pairs.map(([a, b]) => a > b))
        expect(call(greaterOrEqual, columns)).toEqual(pairs.map(([a, b]) => a >= b))
        expect(call(equal, columns)).toEqual(pairs.map(([a, b]) => a === b))
      }),
    )
  })

  const dynamics: readonly (readonly [ScalarFunction, ScalarValue, ScalarValue, unknown])[] = [
    [less, 5, 6n, true],
    [less, 5.5, 5n, false],
    [greater, 5.5, 5n, true],
    [greaterOrEqual, '5', 5n, true],
    [less, 'x', 5n, null],
    [less, null, 5n, null],
  ]
  it.each(dynamics)('%o of a dynamic %s and %s is %s', (operator, value, other, expected) => {
    expect(
      callOne(operator, [
        ['dynamic', value],
        ['long', other],
      ]),
    ).toBe(expected)
  })

  it('of a number and a dynamic turns', () => {
    expect(
      callOne(less, [
        ['long', 5n],
        ['dynamic', 5.5],
      ]),
    ).toBe(true)
  })

  it('of two dynamics is null where they have none', () => {
    const columns = [
      ['dynamic', [1, 1, 'a', false]],
      ['dynamic', [2.5, 'a', 'b', true]],
    ] as const
    expect(call(less, columns)).toEqual([true, null, null, true])
  })
})
