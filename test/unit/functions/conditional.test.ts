import { describe, expect, it } from 'vitest'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import * as conditional from '../../../src/engine/functions/scalar/conditional.ts'
import { RawJson } from '../../../src/tables/raw-json.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { DynamicVector, identityRows } from '../../../src/tables/vector.ts'
import { allocate } from '../../../src/tables/vector-builder.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { WholeReal } from '../../../src/types/dynamic.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { compileTest, rowsOf } from '../engine/run-query.ts'
import { call, callOne } from './harness.ts'

const { caseFunction, coalesce, iff, isempty, isnotempty, isnotnull, isnull, maxOf, minOf } =
  conditional

describe('iff', () => {
  const values: readonly (readonly [ScalarType, ScalarValue, ScalarValue])[] = [
    ['bool', true, false],
    ['int', 1, 2],
    ['long', 1n, 2n],
    ['real', 1.5, 2.5],
    ['decimal', decimalOf(1), decimalOf(2)],
    ['datetime', 1n, 2n],
    ['timespan', 1n, 2n],
    ['string', 'a', 'b'],
    ['guid', 'a0000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000002'],
    ['dynamic', [1], 'x'],
  ]
  it.each(values)('of %s', (type, then, otherwise) => {
    const columns = [
      ['bool', [true, false, null, true]],
      [type, [then, then, then, null]],
      [type, [otherwise, otherwise, otherwise, otherwise]],
    ] as const
    const none = type === 'string' ? '' : null
    expect(call(iff, columns)).toEqual([then, otherwise, otherwise, none])
  })

  it('of two numbers gives the wider', () => {
    const columns = [
      ['bool', [true, false]],
      ['int', [1, 1]],
      ['real', [2.5, 2.5]],
    ] as const
    expect(call(iff, columns)).toEqual([1, 2.5])
  })

  it('of a dynamic and another type gives the other', () => {
    const columns = [
      ['bool', [true, false, true]],
      ['dynamic', ['5', '5', 'x']],
      ['long', [7n, 7n, 7n]],
    ] as const
    expect(call(iff, columns)).toEqual([5n, 7n, null])
  })

  it('of types that have nothing in common gives dynamics', () => {
    const columns = [
      ['bool', [true, false]],
      ['real', [2, 2]],
      ['string', ['{"a":1}', '{"a":1}']],
    ] as const
    expect(call(iff, columns)).toEqual([new WholeReal(2), '{"a":1}'])
    expect(iff.overloads[0]?.returns).toBeTypeOf('function')
  })
})

describe('case', () => {
  it('takes the first that is true', () => {
    const columns = [
      ['bool', [true, false, null, false]],
      ['string', ['a', 'a', 'a', 'a']],
      ['bool', [true, true, true, null]],
      ['string', ['b', 'b', 'b', 'b']],
      ['string', ['c', 'c', 'c', 'c']],
    ] as const
    expect(call(caseFunction, columns)).toEqual(['a', 'b', 'b', 'c'])
  })

  it.each([1, 3, 101, 250])('takes %i predicates, each with its value', async count => {
    const pairs = Array.from({ length: count }, (_, index) => `x == ${index}, ${index + 0.5}`)
    const query = `datatable(x: long)[0, ${count - 1}, ${count}] | project r = case(${pairs.join()}, int(-1))`
    expect(compileTest(query).plan?.schema).toEqual([{ name: 'r', type: 'real' }])
    expect(await rowsOf(query)).toEqual([[0.5], [count - 0.5], [-1]])
  })

  it.each(['true', 'true, 1', 'true, 1, false, 2'])('takes no %s', async args => {
    await expect(rowsOf(`print case(${args})`)).rejects.toThrow('KS119')
  })

  it.each(['case(1, "a", "b")', 'case(true, "a", "b", "c", "d")'])(
    'takes no other type than bool for a predicate: %s',
    async text => {
      await expect(rowsOf(`print ${text}`)).rejects.toThrow('KS127')
    },
  )
})

describe('coalesce', () => {
  it('skips nulls', () => {
    const columns = [
      ['long', [1n, null, null, null]],
      ['long', [2n, 2n, null, null]],
      ['long', [3n, 3n, 3n, null]],
    ] as const
    expect(call(coalesce, columns)).toEqual([1n, 2n, 3n, null])
  })

  it('skips the empty string', () => {
    const columns = [
      ['string', ['', 'a', '']],
      ['string', ['b', 'b', '']],
    ] as const
    expect(call(coalesce, columns)).toEqual(['b', 'a', ''])
  })
})

describe('tests for nothing', () => {
  const cases: readonly (readonly [ScalarType, ScalarValue, boolean, boolean])[] = [
    ['int', null, true, true],
    ['int', 0, false, false],
    ['string', '', false, true],
    ['string', 'a', false, false],
    ['dynamic', null, true, true],
    ['dynamic', '', false, true],
    ['dynamic', [], false, false],
    ['guid', null, true, true],
  ]
  it.each(cases)('of %s %s: null %s, empty %s', (type, value, isNull, isEmpty) => {
    expect(callOne(isnull, [[type, value]])).toBe(isNull)
    expect(callOne(isnotnull, [[type, value]])).toBe(!isNull)
    expect(callOne(isempty, [[type, value]])).toBe(isEmpty)
    expect(callOne(isnotempty, [[type, value]])).toBe(!isEmpty)
  })

  it('see an empty string in JSON that was not parsed', () => {
    const cells = ['""', '"a"', '[]'].map(text => new RawJson(text))
    const out = allocate('bool', 3)
    const { kernel } = isempty.overloads[0]!.implement([undefined], { now: 0n, random: () => 0 }, [
      'dynamic',
    ])
    kernel?.([new DynamicVector(cells)], out, identityRows(3))
    expect(Array.from(out.values)).toEqual([1, 0, 0])
  })
})

describe('max_of and min_of', () => {
  const cases: readonly (readonly [
    ScalarType,
    readonly ScalarValue[],
    ScalarValue,
    ScalarValue,
  ])[] = [
    ['long', [10n, 1n, -3n, 17n], 17n, -3n],
    ['long', [null, 2n], 2n, 2n],
    ['long', [null, null], null, null],
    ['real', [Number.NaN, 1], Number.NaN, Number.NaN],
    ['string', ['b', 'B', 'a'], 'b', 'B'],
    ['datetime', [5n, 3n], 5n, 3n],
    ['bool', [true, false], true, false],
  ]
  it.each(cases)('of %s %s', (type, values, largest, smallest) => {
    const args = values.map(value => [type, value] as const)
    expect(callOne(maxOf, args)).toBe(largest)
    expect(callOne(minOf, args)).toBe(smallest)
  })

  it('of decimals goes by value', () => {
    const args = ['2', '10'].map(text => ['decimal', decimalOf(text)] as const)
    expect(String(callOne(maxOf, args))).toBe('10')
  })

  it('refuse dynamics', () => {
    const args = [['dynamic', 1] as const, ['dynamic', 2] as const]
    expect(() => callOne(maxOf, args)).toThrow(QueryError)
  })
})

describe('tests of reals', () => {
  it.each([
    [1.5, false, false, true],
    [Number.NaN, true, false, false],
    [Number.NEGATIVE_INFINITY, false, true, false],
    [null, null, null, null],
  ])('%s', (value, nan, infinite, finite) => {
    expect(callOne(conditional.isnan, [['real', value]])).toBe(nan)
    expect(callOne(conditional.isinf, [['real', value]])).toBe(infinite)
    expect(callOne(conditional.isfinite, [['real', value]])).toBe(finite)
  })
})
