import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import * as conversion from '../../../src/engine/functions/scalar/conversion.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import { SCALAR_TYPES, type ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

const { tobool, todatetime, todecimal, toguid, toint, tolong, toreal, tostring, totimespan } =
  conversion

describe('conversions', () => {
  const cases: readonly (readonly [ScalarFunction, ScalarType, ScalarValue, ScalarValue])[] = [
    [toint, 'string', '  45  ', 45],
    [toint, 'string', '3.14', null],
    [toint, 'string', '0x1F', 31],
    [toint, 'real', 2.9, 2],
    [toint, 'real', 1e30, 2_147_483_647],
    [toint, 'long', 2_147_483_648n, -2_147_483_648],
    [toint, 'timespan', 36_000_000_000n, 1_640_261_632],
    [toint, 'dynamic', 1.5, 1],
    [toint, 'dynamic', '3', 3],
    [toint, 'guid', 'a0000000-0000-0000-0000-000000000001', null],
    [tolong, 'int', -7, -7n],
    [tolong, 'string', '9223372036854775808', null],
    [tolong, 'string', '0xFFFFFFFFFFFFFFFF', -1n],
    [tolong, 'real', 1e19, 9_223_372_036_854_775_807n],
    [tolong, 'real', Number.POSITIVE_INFINITY, null],
    [tolong, 'datetime', 637_134_336_000_000_000n, 637_134_336_000_000_000n],
    [tolong, 'dynamic', [1, 2], null],
    [toreal, 'string', '1,234', null],
    [toreal, 'string', '1e3', 1000],
    [toreal, 'int', 5, 5],
    [toreal, 'dynamic', true, 1],
    [tobool, 'string', '-1', true],
    [tobool, 'string', 'yes', null],
    [tobool, 'long', 0n, false],
    [tobool, 'dynamic', 'True', true],
    [tobool, 'datetime', 1n, null],
    [todatetime, 'long', 1n, 1n],
    [todatetime, 'string', '13-01-2022', null],
    [totimespan, 'string', '1d', 864_000_000_000n],
    [totimespan, 'string', '1.5', null],
    [totimespan, 'timespan', 5n, 5n],
    [toguid, 'string', 'A0000000000000000000000000000001', 'a0000000-0000-0000-0000-000000000001'],
    // The first 32 characters count, dashes in their places aside.
    [
      toguid,
      'string',
      'A0000000-000000000000000000000001x',
      'a0000000-0000-0000-0000-000000000001',
    ],
    [
      toguid,
      'dynamic',
      'a00000000000000000000000000000012',
      'a0000000-0000-0000-0000-000000000001',
    ],
    [toguid, 'string', 'a000-00000000000000000000000000001', null],
    [toguid, 'string', 'x a0000000000000000000000000000001', null],
    [toguid, 'dynamic', 5, null],
    [tostring, 'bool', true, 'True'],
    [tostring, 'dynamic', true, 'true'],
    [tostring, 'real', 1, '1.0'],
    [tostring, 'timespan', 936_000_000_000n, '1.02:00:00'],
    [tostring, 'datetime', 0n, '0001-01-01T00:00:00.0000000Z'],
    [tostring, 'dynamic', [1, 'a', null], '[1,"a",null]'],
    [tostring, 'string', 'x', 'x'],
  ]
  it.each(cases)('%o of %s %s is %s', (declaration, type, value, expected) => {
    expect(callOne(declaration, [[type, value]])).toBe(expected)
  })

  it('to decimal', () => {
    expect(String(callOne(todecimal, [['string', '123.45678']]))).toBe('123.45678')
    expect(callOne(todecimal, [['string', 'abc']])).toBeNull()
    expect(callOne(toint, [['decimal', decimalOf('2.9')]])).toBe(2)
  })

  it('of null is null, but for the empty text', () => {
    for (const declaration of [tobool, todatetime, todecimal, toint, tolong, toreal, totimespan]) {
      for (const type of SCALAR_TYPES) {
        if (type === 'string') continue
        expect(callOne(declaration, [[type, null]])).toBeNull()
      }
    }
    for (const type of SCALAR_TYPES) expect(callOne(tostring, [[type, null]])).toBe('')
  })

  it('takes each type exactly, as conversions that are not written do', () => {
    for (const declaration of [tobool, todecimal, toint, tolong, toreal, tostring]) {
      const types = declaration.overloads.map(({ params }) => params[0])
      expect(types.toSorted()).toEqual(SCALAR_TYPES.toSorted())
    }
  })
})

describe('parse_json', () => {
  it.each([
    ['{"a":[1,2.5]}', new Map([['a', [1, 2.5]]])],
    ['1.0', new WholeReal(1)],
    ['not json', 'not json'],
    ['', null],
    ['null', null],
    ['"text"', 'text'],
  ])('of %s', (text, expected) => {
    expect(callOne(conversion.parseJson, [['string', text]])).toEqual(expected)
  })

  it('leaves a dynamic as it is', () => {
    expect(callOne(conversion.parseJson, [['dynamic', '{"a":1}']])).toBe('{"a":1}')
  })
})

describe('$dynamic', () => {
  const cases: readonly (readonly [ScalarType, ScalarValue, unknown])[] = [
    ['string', '{"a":1}', '{"a":1}'],
    ['string', '', ''],
    ['long', 5n, 5],
    ['real', 5, new WholeReal(5)],
    ['datetime', 7n, new DynamicScalar('datetime', 7n)],
    ['bool', null, null],
  ]
  it.each(cases)('of %s %s', (type, value, expected) => {
    expect(callOne(conversion.toDynamic, [[type, value]])).toEqual(expected)
  })
})

describe('$index', () => {
  const bag = new Map<string, ScalarValue>([['a', 1]])
  const cases: readonly (readonly [ScalarValue, ScalarType, ScalarValue, unknown])[] = [
    [[10, 20, 30], 'long', 0n, 10],
    [[10, 20, 30], 'long', -1n, 30],
    [[10, 20, 30], 'long', 3n, null],
    [[10], 'string', 'a', null],
    [bag as never, 'string', 'a', 1],
    [bag as never, 'string', 'A', null],
    [bag as never, 'dynamic', 'a', 1],
    [[10, 20], 'dynamic', 1, 20],
    [[10, 20], 'dynamic', 1.5, null],
    [null, 'long', 0n, null],
  ]
  it.each(cases)('%s[%s %s] is %s', (value, type, key, expected) => {
    const args = [['dynamic', value] as const, [type, key] as const]
    expect(callOne(conversion.index, args)).toEqual(expected)
  })
})

describe('tohex', () => {
  const cases: readonly (readonly [ScalarType, ScalarValue, bigint | undefined, string])[] = [
    ['long', 256n, undefined, '100'],
    ['long', -256n, undefined, 'ffffffffffffff00'],
    ['int', -256, 8n, 'ffffff00'],
    ['long', 256n, 8n, '00000100'],
    ['long', 256n, 2n, '100'],
    ['long', 1n, 99n, '0000000000000001'],
    ['long', 0n, -1n, '0'],
    ['int', 255, undefined, 'ff'],
  ]
  it.each(cases)('of %s %s to %s digits is %s', (type, value, digits, expected) => {
    const length = digits === undefined ? [] : [['long', digits] as const]
    expect(callOne(conversion.tohex, [[type, value], ...length])).toBe(expected)
  })
})

describe('gettype', () => {
  const cases: readonly (readonly [ScalarType, ScalarValue, string])[] = [
    ['long', null, 'long'],
    ['real', 1.5, 'real'],
    ['string', '', 'string'],
    ['dynamic', null, 'null'],
    ['dynamic', 1, 'long'],
    ['dynamic', 1.5, 'double'],
    ['dynamic', 'a', 'string'],
    ['dynamic', true, 'bool'],
    ['dynamic', [], 'array'],
    ['dynamic', new Map(), 'dictionary'],
    ['dynamic', new DynamicScalar('timespan', 1n), 'timespan'],
  ]
  it.each(cases)('of %s %s is %s', (type, value, expected) => {
    expect(callOne(conversion.gettype, [[type, value]])).toBe(expected)
  })

  it('is written for each row', () => {
    expect(call(conversion.gettype, [['dynamic', [null, 1]]])).toEqual(['null', 'long'])
  })
})
