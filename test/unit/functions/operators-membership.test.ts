import { describe, expect, it } from 'vitest'
import {
  between,
  hasAll,
  hasAny,
  isIn,
  isInFolded,
  isNotIn,
  isNotInFolded,
  notBetween,
} from '../../../src/engine/functions/scalar/operators-membership.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { WholeReal } from '../../../src/types/dynamic.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

type Typed = readonly [type: ScalarType, value: ScalarValue]

describe('in', () => {
  const cases: readonly (readonly [operand: Typed, items: readonly Typed[], expected: boolean])[] =
    [
      [
        ['string', 'a'],
        [
          ['string', 'b'],
          ['string', 'a'],
        ],
        true,
      ],
      [['string', 'a'], [['string', 'A']], false],
      [['string', 'a'], [['dynamic', ['b', 'a']]], true],
      [
        ['string', 'a'],
        [
          ['string', 'x'],
          ['dynamic', ['a']],
        ],
        true,
      ],
      [['string', '5'], [['dynamic', [5]]], true],
      [['string', ''], [['dynamic', [null]]], false],
      [
        ['int', 2],
        [
          ['long', 1n],
          ['long', 2n],
        ],
        true,
      ],
      [['int', null], [['long', 1n]], false],
      [['long', 2n], [['real', 2]], true],
      [['long', 2n ** 62n], [['long', 2n ** 62n]], true],
      [['long', 2n ** 62n + 1n], [['long', 2n ** 62n]], false],
      [['long', 2n], [['dynamic', [1, 2]]], true],
      [['long', 10n ** 18n], [['real', 1e18]], true],
      [['long', 10n ** 18n + 1n], [['real', 1e18]], true],
      [['real', 1e18], [['long', 10n ** 18n]], true],
      [['long', 2n ** 53n + 1n], [['decimal', decimalOf('9007199254740993')]], true],
      [['decimal', decimalOf('9007199254740993')], [['long', 2n ** 53n]], false],
      [['decimal', decimalOf('1.50')], [['dynamic', ['1.5']]], true],
      [['int', 2], [['decimal', decimalOf('2.0')]], true],
      [
        ['long', 10n ** 18n],
        [
          ['decimal', decimalOf('0.5')],
          ['long', 1n],
          ['real', 1e18],
        ],
        true,
      ],
      [['long', 1n], [['bool', true]], true],
      [['bool', true], [['long', 5n]], false],
      [['bool', true], [['real', 1]], true],
      [['long', 1n], [['dynamic', [true]]], true],
      [['real', 2.5], [['decimal', decimalOf('2.5')]], true],
      [['real', Number.NaN], [['real', Number.NaN]], false],
      [['decimal', decimalOf('0.1')], [['real', 0.1]], true],
      [['datetime', 7n], [['datetime', 7n]], true],
      [['datetime', 864_000_000_000n], [['dynamic', ['0001-01-02']]], true],
      [
        ['guid', 'a0000000-0000-0000-0000-000000000001'],
        [['dynamic', ['A0000000-0000-0000-0000-000000000001']]],
        true,
      ],
      [
        ['bool', true],
        [
          ['bool', false],
          ['bool', true],
        ],
        true,
      ],
      [['dynamic', 'a'], [['string', 'a']], true],
      [['dynamic', '{"a":1}'], [['string', '{"a":1}']], true],
      [['dynamic', 5], [['long', 5n]], true],
      [['dynamic', '5.0'], [['long', 5n]], false],
      [['dynamic', '5.0'], [['real', 5]], true],
      [['dynamic', 10n ** 18n], [['real', 1e18]], true],
      [['dynamic', new WholeReal(5)], [['long', 5n]], true],
      [
        ['dynamic', 5],
        [
          ['string', 'x'],
          ['long', 5n],
        ],
        true,
      ],
      [['dynamic', 'a'], [['dynamic', ['a', 1]]], true],
      [['dynamic', null], [['dynamic', [null]]], false],
      [['dynamic', null], [['dynamic', ['']]], false],
      [['dynamic', null], [['string', 'a']], false],
      [
        ['dynamic', null],
        [
          ['string', 'a'],
          ['string', ''],
        ],
        true,
      ],
      [['dynamic', 'a'], [['dynamic', ['A']]], false],
    ]

  it.each(cases)('%s in %s: %s', (operand, items, expected) => {
    expect(callOne(isIn, [operand, ...items])).toBe(expected)
    expect(callOne(isNotIn, [operand, ...items])).toBe(!expected)
  })

  it.each(cases)('%s in %s, the items by row: %s', (operand, items, expected) => {
    const columns = [operand, ...items].map(([type, value]) => [type, [value]] as const)
    expect(call(isIn, columns)).toEqual([expected])
    expect(call(isNotIn, columns)).toEqual([!expected])
  })

  it('takes both constant and varying items', () => {
    const columns = [
      ['long', [1n, 2n, 3n, null]],
      ['long', [1n, 1n, 1n, 1n]],
      ['long', [5n, 2n, null, 2n]],
    ] as const
    expect(call(isIn, columns, { constants: [1] })).toEqual([true, true, false, false])
  })

  it('folds case with ~', () => {
    const columns = [
      ['string', ['abc', 'ABC', 'x', 'ÄÖ']],
      ['string', ['aBC', 'aBC', 'aBC', 'aBC']],
      ['dynamic', [['äö'], ['äö'], ['äö'], ['äö']]],
    ] as const
    const expected = [true, true, false, true]
    expect(call(isInFolded, columns, { constants: [1, 2] })).toEqual(expected)
    expect(call(isNotInFolded, columns)).toEqual(expected.map(found => !found))
  })
})

describe('has_any and has_all', () => {
  it.each([
    ['North America', ['south', 'NORTH'], true, false],
    ['North and South America', ['south', 'north'], true, true],
    ['Fabrikam', ['fab'], false, false],
    ['number 2', [1, 2], true, false],
    ['x', [], false, true],
    ['x', [null], false, true],
  ])('"%s" and %s', (text, items, any, all) => {
    const args = [['string', text] as const, ['dynamic', items] as const]
    expect(callOne(hasAny, args)).toBe(any)
    expect(callOne(hasAll, args)).toBe(all)
    const columns = args.map(([type, value]) => [type, [value]] as const)
    expect(call(hasAny, columns)).toEqual([any])
    expect(call(hasAll, columns)).toEqual([all])
  })
})

describe('between', () => {
  const cases: readonly (readonly [Typed, Typed, Typed, boolean | null])[] = [
    [['long', 50n], ['long', 50n], ['long', 55n], true],
    [['long', 55n], ['long', 50n], ['long', 55n], true],
    [['long', 56n], ['long', 50n], ['long', 55n], false],
    [['long', -5_000_000_000n], ['long', -6_000_000_000n], ['long', 0n], true],
    [['long', null], ['long', 0n], ['long', 1n], null],
    [['real', 0.5], ['real', 0], ['real', 1], true],
    [['real', Number.NaN], ['real', 0], ['real', 1], false],
    [['decimal', decimalOf(2)], ['decimal', decimalOf(1)], ['decimal', decimalOf(2)], true],
    [['datetime', 5n], ['datetime', 3n], ['datetime', 4n], false],
    [['datetime', 5n], ['datetime', 3n], ['timespan', 2n], true],
    [['datetime', 6n], ['datetime', 3n], ['timespan', 2n], false],
    [['timespan', -1n], ['timespan', -2n], ['timespan', 0n], true],
    [['dynamic', 5], ['long', 1n], ['long', 5n], true],
    [['dynamic', 5.5], ['long', 1n], ['long', 5n], false],
    [['dynamic', 'x'], ['long', 1n], ['long', 5n], null],
    [['dynamic', 5], ['decimal', decimalOf('4.5')], ['decimal', decimalOf(5)], true],
    [['dynamic', 0.5], ['real', 0], ['real', 0.25], false],
  ]
  it.each(cases)('%s between (%s .. %s) is %s', (value, low, high, expected) => {
    expect(callOne(between, [value, low, high])).toBe(expected)
    expect(callOne(notBetween, [value, low, high])).toBe(expected === null ? null : !expected)
  })
})
