import { describe, expect, it } from 'vitest'
import {
  canConvert,
  conversion,
  convertScalar,
  dynamicFromString,
  type ScalarValue,
} from '../../../src/types/convert.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import { SCALAR_TYPES, type ScalarType } from '../../../src/types/scalar-type.ts'

const DAY_2020 = 637_134_336_000_000_000n

describe('convertScalar', () => {
  // Most of these were measured on the Kusto emulator.
  it.each<[ScalarValue, ScalarType, ScalarType, ScalarValue | null]>([
    [true, 'bool', 'string', 'True'],
    [false, 'bool', 'string', 'False'],
    [true, 'bool', 'int', 1],
    [true, 'bool', 'long', 1n],
    [1, 'int', 'bool', true],
    [5, 'int', 'long', 5n],
    [123n, 'long', 'string', '123'],
    [2_147_483_648n, 'long', 'int', -2_147_483_648],
    [9_223_372_036_854_775_807n, 'long', 'real', 2 ** 63],
    [0n, 'long', 'bool', false],
    [1n, 'long', 'datetime', 1n],
    [-1n, 'long', 'datetime', null],
    [1.5, 'real', 'datetime', 1n],
    [1.5, 'real', 'string', '1.5'],
    [1, 'real', 'string', '1.0'],
    [3.99, 'real', 'int', 3],
    [1e30, 'real', 'int', 2_147_483_647],
    [1e19, 'real', 'long', 9_223_372_036_854_775_807n],
    [Number.POSITIVE_INFINITY, 'real', 'long', null],
    [DAY_2020, 'datetime', 'long', DAY_2020],
    [DAY_2020, 'datetime', 'real', 637_134_336_000_000_000],
    [DAY_2020, 'datetime', 'string', '2020-01-01T00:00:00.0000000Z'],
    [864_000_000_000n, 'timespan', 'string', '1.00:00:00'],
    [864_000_000_000n, 'timespan', 'long', 864_000_000_000n],
    [36_000_000_000n, 'timespan', 'int', 1_640_261_632],
    [36_000_000_000n, 'timespan', 'real', 36_000_000_000],
    ['3.14', 'string', 'int', null],
    ['0x1F', 'string', 'int', 31],
    ['90s', 'string', 'timespan', 900_000_000n],
    ['2020-01-01', 'string', 'datetime', DAY_2020],
    ['not json', 'string', 'dynamic', 'not json'],
    ['42.0', 'string', 'int', null],
    ['0123456789ABCDEF0123456789abcdef', 'string', 'guid', '01234567-89ab-cdef-0123-456789abcdef'],
    [decimalOf('100'), 'decimal', 'string', '100'],
    [decimalOf('2.9'), 'decimal', 'long', 2n],
  ])('%s as %s to %s', (value, from, to, expected) => {
    expect(convertScalar(value, from, to)).toEqual(expected)
  })

  it.each<[Dynamic, number | null, number | null, string, boolean | null]>([
    // value, toint, toreal, tostring, tobool
    [1, 1, 1, '1', true],
    [1.5, 1, 1.5, '1.5', true],
    [new WholeReal(2), 2, 2, '2.0', true],
    ['3', 3, 3, '3', true],
    ['1.5', null, 1.5, '1.5', null],
    ['true', null, null, 'true', true],
    ['[1,2]', null, null, '[1,2]', null],
    [true, 1, 1, 'true', true],
    [null, null, null, '', null],
    [[1], null, null, '[1]', null],
    [1n << 40n, 0, 2 ** 40, '1099511627776', true],
  ])('dynamic %#', (value, int, real, text, bool) => {
    expect(convertScalar(value, 'dynamic', 'int')).toBe(int)
    expect(convertScalar(value, 'dynamic', 'real')).toBe(real)
    expect(convertScalar(value, 'dynamic', 'string')).toBe(text)
    expect(convertScalar(value, 'dynamic', 'bool')).toBe(bool)
  })

  it('converts a dynamic by what it holds', () => {
    const day = new DynamicScalar('datetime', DAY_2020)
    expect(convertScalar(day, 'dynamic', 'datetime')).toBe(DAY_2020)
    expect(convertScalar(day, 'dynamic', 'long')).toBe(DAY_2020)
    expect(convertScalar(day, 'dynamic', 'timespan')).toBeNull()
    expect(convertScalar('2020-01-01', 'dynamic', 'datetime')).toBe(parseDatetime('2020-01-01'))
    expect(convertScalar('01:00', 'dynamic', 'timespan')).toBe(36_000_000_000n)
    const decimal = new DynamicScalar('decimal', '2.5')
    expect(convertScalar(decimal, 'dynamic', 'long')).toBe(2n)
    expect(convertScalar(decimal, 'dynamic', 'bool')).toBe(true)
    expect(convertScalar(new DynamicScalar('decimal', '0'), 'dynamic', 'bool')).toBe(false)
    expect(convertScalar(decimal, 'dynamic', 'datetime')).toBe(2n)
    expect(convertScalar(decimal, 'dynamic', 'timespan')).toBe(2n)
    expect(convertScalar(day, 'dynamic', 'bool')).toBeNull()
    expect(convertScalar(new DynamicScalar('guid', 'g'), 'dynamic', 'guid')).toBe('g')
    expect(convertScalar([1], 'dynamic', 'datetime')).toBeNull()
  })

  it('turns scalars into dynamics that turn back', () => {
    const samples: readonly (readonly [ScalarType, ScalarValue])[] = [
      ['bool', true],
      ['int', 5],
      ['long', 1n << 60n],
      ['real', 2],
      ['real', 2.5],
      ['datetime', DAY_2020],
      ['timespan', 5n],
      ['guid', '74be27de-1e4e-49d9-b579-fe0b331d3642'],
      ['decimal', decimalOf('1.5')],
    ]
    for (const [type, value] of samples) {
      const dynamic = convertScalar(value, type, 'dynamic')
      expect(dynamic).not.toBeNull()
      expect(convertScalar(dynamic as Dynamic, 'dynamic', type)).toEqual(value)
    }
  })

  it('has a conversion from every type to itself and to string', () => {
    for (const type of SCALAR_TYPES) {
      expect(canConvert(type, type)).toBe(true)
      expect(canConvert(type, 'string')).toBe(true)
    }
    expect(canConvert('guid', 'long')).toBe(false)
    expect(convertScalar('x', 'guid', 'long')).toBeNull()
    expect(conversion('guid', 'long')).toBeUndefined()
    expect(conversion('string', 'long')?.('12')).toBe(12n)
  })

  it('reads JSON as parse_json does', () => {
    expect(dynamicFromString('')).toBeNull()
    expect(dynamicFromString('null')).toBeNull()
    expect(dynamicFromString('"hello"')).toBe('hello')
    expect(dynamicFromString('{"k":"v\t"}')).toBe('{"k":"v\t"}')
  })
})
