import { describe, expect, it } from 'vitest'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import {
  dynamic_to_json,
  extract_json,
  range,
  repeat,
  treepath,
} from '../../../src/engine/functions/scalar/dynamic.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { type Dynamic, DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import { parseDynamic } from '../../../src/types/dynamic-json.ts'
import { parseJsonPath } from '../../../src/types/json-path.ts'
import { callOne } from './harness.ts'

const HOUR = 36_000_000_000n

describe('range', () => {
  const longs = (...values: readonly bigint[]): ScalarValue =>
    callOne(
      range,
      values.map(value => ['long', value]),
    )

  it('includes both ends where the step meets them', () => {
    expect(longs(1n, 8n, 3n)).toEqual([1, 4, 7])
    expect(longs(1n, 3n)).toEqual([1, 2, 3])
    expect(longs(3n, 1n, -1n)).toEqual([3, 2, 1])
    expect(longs(5n, 5n)).toEqual([5])
  })

  it('is empty towards the wrong side and null for a step of 0', () => {
    expect(longs(3n, 1n)).toEqual([])
    expect(longs(1n, 3n, -1n)).toEqual([])
    expect(longs(1n, 3n, 0n)).toBeNull()
  })

  it('stops at the largest number of elements, and at the end of the longs', () => {
    expect(longs(1n, 1_000_000_000n)).toHaveLength(1_048_576)
    expect(longs(2n ** 63n - 2n, 2n ** 63n - 1n)).toEqual([2n ** 63n - 2n, 2n ** 63n - 1n])
  })

  it('counts reals from the start, without adding up errors', () => {
    const reals = callOne(range, [
      ['real', 0],
      ['real', 1],
      ['real', 0.1],
    ]) as readonly Dynamic[]
    expect(reals).toHaveLength(11)
    expect(reals[10]).toEqual(new WholeReal(1))
    expect(
      callOne(range, [
        ['real', 1],
        ['real', Number.NaN],
      ]),
    ).toEqual([])
    expect(
      callOne(range, [
        ['real', Number.NaN],
        ['real', 1],
      ]),
    ).toBeNull()
  })

  it('steps times by an hour where there is no step', () => {
    expect(
      callOne(range, [
        ['timespan', HOUR],
        ['timespan', 2n * HOUR],
      ]),
    ).toEqual([new DynamicScalar('timespan', HOUR), new DynamicScalar('timespan', 2n * HOUR)])
    const from = 638_000_000_000_000_000n
    expect(
      callOne(range, [
        ['datetime', from],
        ['datetime', from + 1n],
        ['timespan', 1n],
      ]),
    ).toEqual([new DynamicScalar('datetime', from), new DynamicScalar('datetime', from + 1n)])
  })

  it('steps decimals exactly', () => {
    const decimals = ['0.1', '0.3', '0.1'].map(text => ['decimal', decimalOf(text)] as const)
    expect(callOne(range, decimals)).toEqual(
      ['0.1', '0.2', '0.3'].map(text => new DynamicScalar('decimal', text)),
    )
  })

  it('is null where an argument is', () => {
    expect(
      callOne(range, [
        ['long', 1n],
        ['long', null],
      ]),
    ).toBeNull()
  })
})

describe('repeat', () => {
  it('repeats a value of any type, null too', () => {
    expect(
      callOne(repeat, [
        ['timespan', 1n],
        ['long', 2n],
      ]),
    ).toEqual([new DynamicScalar('timespan', 1n), new DynamicScalar('timespan', 1n)])
    expect(
      callOne(repeat, [
        ['long', null],
        ['long', 1n],
      ]),
    ).toEqual([null])
    expect(
      callOne(repeat, [
        ['string', 'a'],
        ['long', 0n],
      ]),
    ).toEqual([])
  })

  it('is null for a negative number', () => {
    expect(
      callOne(repeat, [
        ['string', 'a'],
        ['long', -1n],
      ]),
    ).toBeNull()
    expect(
      callOne(repeat, [
        ['string', 'a'],
        ['long', null],
      ]),
    ).toBeNull()
  })
})

describe('treepath', () => {
  it.each([
    ['{"a":"b","c":123}', ["['a']", "['c']"]],
    ['{"prop1":[1,2],"prop2":"v"}', ["['prop1']", "['prop1'][0]", "['prop2']"]],
    ['{"l":[1,"a",{"x":"y"}]}', ["['l']", "['l'][0]", "['l'][0]['x']"]],
    ['{}', []],
  ])('of %s', (json, expected) => {
    expect(callOne(treepath, [['dynamic', parseDynamic(json) as Dynamic]])).toEqual(expected)
  })

  it('is null for a scalar', () => {
    expect(callOne(treepath, [['dynamic', 'a']])).toBeNull()
  })
})

describe('parseJsonPath', () => {
  it.each([
    ['$', []],
    ['$.a.b_c-d', ['a', 'b_c-d']],
    [`$['a b']["c.d"][12]`, ['a b', 'c.d', 12]],
    ['$.a[0][1].b', ['a', 0, 1, 'b']],
    [`$['it\\'s']`, ["it's"]],
  ])('%s', (text, expected) => {
    expect(parseJsonPath(text)).toEqual(expected)
  })

  it.each(['', 'a', '$a', '$.', '$..a', '$[a]', '$[-1]', "$['a]", '$.a ', '$[]'])(
    'refuses %s',
    text => {
      expect(parseJsonPath(text)).toBeUndefined()
    },
  )
})

describe('extract_json', () => {
  const json = '{"name":"John","age":30,"ok":true,"no":null,"t":["a",{"x y":1.50}],"n":"007"}'
  const extract = (path: string, text = json, type?: string): ScalarValue =>
    callOne(extract_json, [
      ['string', path],
      ['string', text],
      ...(type === undefined ? [] : [['string', type] as const]),
    ])

  it.each([
    ['$.name', 'John'],
    ['$.age', '30'],
    ['$.ok', 'true'],
    ['$.no', ''],
    ['$.missing', ''],
    ['$.t', '["a",{"x y":1.5}]'],
    ["$.t[1]['x y']", '1.5'],
    ['$.t[9]', ''],
  ])('%s', (path, expected) => {
    expect(extract(path)).toBe(expected)
  })

  it('converts to a type', () => {
    expect(extract('$.age', json, 'long')).toBe(30n)
    expect(extract('$.n', json, 'int')).toBe(7)
    expect(extract('$.name', json, 'long')).toBeNull()
    expect(extract('$.t', json, 'dynamic')).toEqual(parseDynamic('["a",{"x y":1.5}]'))
    expect(extract('$.missing', json, 'string')).toBe('')
  })

  it('gives nothing of text that is no JSON', () => {
    expect(extract('$.a', '{"a":1')).toBe('')
    expect(extract('$', 'plain')).toBe('')
    expect(extract('$.a', '', 'real')).toBeNull()
  })

  it('refuses a path that is none', () => {
    expect(() => extract('name')).toThrow(QueryError)
    expect(() => extract('$.name', json, 'word')).toThrow(QueryError)
  })
})

describe('dynamic_to_json', () => {
  it('orders slots by name at every depth, ordinally', () => {
    const value = parseDynamic('{"b":[{"z":1,"a":"x"}],"B":2,"A14":[15,1.0]}') as Dynamic
    expect(callOne(dynamic_to_json, [['dynamic', value]])).toBe(
      '{"A14":[15,1.0],"B":2,"b":[{"a":"x","z":1}]}',
    )
  })

  it('gives the text of other types, and nothing for null', () => {
    expect(callOne(dynamic_to_json, [['bool', true]])).toBe('True')
    expect(callOne(dynamic_to_json, [['timespan', HOUR]])).toBe('01:00:00')
    expect(callOne(dynamic_to_json, [['dynamic', null]])).toBe('')
  })
})
