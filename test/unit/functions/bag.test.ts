import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import {
  $pack_all,
  bag_has_key,
  bag_keys,
  bag_merge,
  bag_pack,
  bag_remove_keys,
  bag_set_key,
  bag_zip,
} from '../../../src/engine/functions/scalar/bag.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import type { Dynamic } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../../src/types/dynamic-json.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

type Typed = readonly [ScalarType, ScalarValue]

function dynamic(json: string): Typed {
  return ['dynamic', parseDynamic(json) as Dynamic]
}

function text(value: string): Typed {
  return ['string', value]
}

/** The value as JSON. */
function result(fn: ScalarFunction, ...args: readonly Typed[]): string | null {
  const value = callOne(fn, args)
  return value === null ? null : printDynamic(value as Dynamic)
}

describe('bag_pack', () => {
  it('keeps nulls, nests bags, leaves JSON text a string', () => {
    const pairs = [text('a'), ['long', null], text('b'), dynamic('{"c":1}'), text('d'), text('[1]')]
    expect(result(bag_pack, ...(pairs as Typed[]))).toBe('{"a":null,"b":{"c":1},"d":"[1]"}')
  })

  it('takes any number of pairs', () => {
    const pairs = Array.from({ length: 150 }, (_, k): Typed[] => [text(`k${k}`), ['int', k]])
    const expected = Object.fromEntries(pairs.map((_, k) => [`k${k}`, k]))
    expect(result(bag_pack, ...pairs.flat())).toBe(JSON.stringify(expected))
  })

  it('keeps keys like __proto__ and numbers in their order', () => {
    const pairs = [text('__proto__'), ['int', 1], text('9'), ['int', 2], text('1'), ['int', 3]]
    expect(result(bag_pack, ...(pairs as Typed[]))).toBe('{"__proto__":1,"9":2,"1":3}')
  })

  it('takes whole pairs with string keys only', () => {
    expect(() => callOne(bag_pack, [text('a')])).toThrow('no overload')
    expect(() => callOne(bag_pack, [['long', 1n], text('a')])).toThrow('no overload')
  })
})

describe('$pack_all', () => {
  const columns = [text('s'), text(''), text('n'), ['long', null], text('x'), ['long', 0n]]
  it('keeps empty values, or not', () => {
    const all = [['bool', false], ...columns] as Typed[]
    expect(result($pack_all, ...all)).toBe('{"s":"","n":null,"x":0}')
    const some = [['bool', true], ...columns] as Typed[]
    expect(result($pack_all, ...some)).toBe('{"x":0}')
  })
})

describe('bag_keys', () => {
  it.each([
    ['{"a":"b","c":{"d":1}}', '["a","c"]'],
    ['{}', '[]'],
    ['[]', null],
    ['"a"', null],
    ['null', null],
  ])('of %s', (json, expected) => {
    expect(result(bag_keys, dynamic(json))).toBe(expected)
  })
})

describe('bag_merge', () => {
  it('keeps the leftmost value and skips what is no bag', () => {
    const bags = ['{"A1":12,"B1":2}', 'null', '[1]', '{"A2":81,"A1":null}'].map(dynamic)
    expect(result(bag_merge, ...bags)).toBe('{"A1":12,"B1":2,"A2":81}')
    expect(result(bag_merge, dynamic('null'), dynamic('[1]'))).toBeNull()
  })
})

describe('bag_has_key', () => {
  const bag = '{"key1":null,"key2":{"prop1":"abc"},"key3":[{"x":1}],"a b":{"c.d":1},"$":1}'
  it.each([
    ['key1', true],
    ['KEY1', false],
    ['prop1', false],
    ['$.key2.prop1', true],
    ['$.key2.prop2', false],
    ["$['a b']['c.d']", true],
    ['$.key3[0].x', false],
    ['$.key3.x', false],
    ['', false],
  ])('%s', (key, expected) => {
    expect(callOne(bag_has_key, [dynamic(bag), text(key)])).toBe(expected)
  })

  it('is null for what is no bag', () => {
    expect(callOne(bag_has_key, [dynamic('["key1"]'), text('key1')])).toBeNull()
  })
})

describe('bag_remove_keys', () => {
  it('removes slots and inner slots, and leaves its argument as it was', () => {
    const bag = parseDynamic('{"key1":1,"key2":{"prop1":"a","prop2":"b"},"key3":[1]}') as Dynamic
    const keys = dynamic('["$.key2.prop1","key3","key4",7,"$.key1.x"]')
    expect(result(bag_remove_keys, ['dynamic', bag], keys)).toBe('{"key1":1,"key2":{"prop2":"b"}}')
    expect(printDynamic(bag)).toContain('prop1')
  })

  it('is null for what is no bag, and changes nothing without keys', () => {
    expect(result(bag_remove_keys, dynamic('[1]'), dynamic('["a"]'))).toBeNull()
    expect(result(bag_remove_keys, dynamic('{"a":1}'), dynamic('null'))).toBe('{"a":1}')
  })
})

describe('bag_set_key', () => {
  it.each([
    ['{"key1":1,"key2":2}', 'key3', '{"key1":1,"key2":2,"key3":"x"}'],
    ['{"key1":1,"key3":2}', 'key3', '{"key1":1,"key3":"x"}'],
    ['{"key2":{"p":1,"q":2}}', '$.key2.p', '{"key2":{"p":"x","q":2}}'],
    ['{"key1":123}', '$.key2.p', '{"key1":123,"key2":{"p":"x"}}'],
    ['{"key1":123}', '$.key1.p', '{"key1":{"p":"x"}}'],
  ])('%s %s', (bag, key, expected) => {
    expect(result(bag_set_key, dynamic(bag), text(key), text('x'))).toBe(expected)
  })

  it('is null for what is no bag', () => {
    expect(result(bag_set_key, dynamic('null'), text('a'), text('x'))).toBeNull()
  })

  it('refuses constant paths that are none of slots', () => {
    for (const path of ['$', '$.a[0]']) {
      expect(() => callOne(bag_set_key, [dynamic('{}'), text(path), text('x')])).toThrow(QueryError)
    }
    const columns = [
      ['dynamic', [parseDynamic('{}') as Dynamic]],
      ['string', ['$.a[0]']],
      ['string', ['x']],
    ] as const
    expect(call(bag_set_key, columns)).toEqual([null])
  })
})

describe('bag_zip', () => {
  it.each([
    ['["a","b","c"]', '[1,"2",3.4]', '{"a":1,"b":"2","c":3.4}'],
    ['["a","b","c"]', '[1,"2"]', '{"a":1,"b":"2","c":null}'],
    ['["a","b"]', '[1,"2",2.5]', '{"a":1,"b":"2"}'],
    ['["a",8,"b"]', '[1,"2",2.5]', '{"a":1,"b":2.5}'],
    ['["a",8,"b"]', '1', '{"a":null,"b":null}'],
    ['"a"', '[1,"2",2.5]', null],
  ])('%s %s', (keys, values, expected) => {
    expect(result(bag_zip, dynamic(keys), dynamic(values))).toBe(expected)
  })
})
