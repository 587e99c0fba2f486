import { describe, expect, it } from 'vitest'
import {
  compareDynamic,
  type Dynamic,
  DynamicScalar,
  dynamicEquals,
  dynamicKey,
  dynamicLong,
  dynamicReal,
  dynamicTag,
  elementAt,
  longOf,
  memberOf,
  realOf,
  WholeReal,
} from '../../../src/types/dynamic.ts'
import {
  dynamicFromJs,
  dynamicToJs,
  dynamicToText,
  MAX_DYNAMIC_DEPTH,
  parseDynamic,
  printDynamic,
} from '../../../src/types/dynamic-json.ts'

const json = (text: string): Dynamic => {
  const value = parseDynamic(text)
  if (value === undefined) throw new Error(`no JSON: ${text}`)
  return value
}

describe('parseDynamic', () => {
  it('keeps the type of a number', () => {
    expect(json('1')).toBe(1)
    expect(json('1.0')).toEqual(new WholeReal(1))
    expect(json('1e2')).toEqual(new WholeReal(100))
    expect(json('1.5')).toBe(1.5)
    expect(json('-0')).toBe(0)
    expect(json('-12')).toBe(-12)
    expect(json('9007199254740993')).toBe(9_007_199_254_740_993n)
    expect(json('9223372036854775807')).toBe(9_223_372_036_854_775_807n)
    expect(json('9223372036854775808')).toEqual(new WholeReal(2 ** 63))
    expect(json('-9223372036854775808')).toBe(-9_223_372_036_854_775_808n)
  })

  it('keeps the order and the names of slots', () => {
    const bag = json('{"2":1,"1":2,"__proto__":{"x":1},"constructor":3}')
    expect(bag instanceof Map && [...bag.keys()]).toEqual(['2', '1', '__proto__', 'constructor'])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
    expect(memberOf(memberOf(bag, '__proto__'), 'x')).toBe(1)
  })

  it('lets the last of two slots win, in the place of the first', () => {
    expect(printDynamic(json('{"a":1,"b":2,"a":3}'))).toBe('{"a":3,"b":2}')
  })

  it('reads escapes', () => {
    expect(json('"a\\u00e9\\n\\"\\\\\\/"')).toBe('aé\n"\\/')
    expect(json('["\\\\","\\"",""]')).toEqual(['\\', '"', ''])
    expect(json('"\\ud83d\\ude00"')).toBe('😀')
    expect(json('{"a\\"b":"c"}')).toEqual(new Map([['a"b', 'c']]))
  })

  it('reads blanks between tokens', () => {
    expect(json(' [ 1 ,\r\n\t{ "a" : [ ] , "b" : { } } ] ')).toEqual([
      1,
      new Map<string, Dynamic>([
        ['a', []],
        ['b', new Map()],
      ]),
    ])
  })

  it.each([
    '',
    ' ',
    'nul',
    'truex',
    '01',
    '1.',
    '.5',
    '+1',
    '1e',
    '-',
    'NaN',
    '"abc',
    '"a\tb"',
    '"\\x"',
    '"\\u12"',
    '"\\"',
    '[1,]',
    '[,1]',
    '[1 2]',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '{"a" 1}',
    '[1]]',
    '1 2',
    '// comment\n1',
    'not json',
  ])('refuses %j', text => {
    expect(parseDynamic(text)).toBeUndefined()
  })

  it('refuses what nests too deep, without running out of stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseDynamic(nested(MAX_DYNAMIC_DEPTH))).toBeDefined()
    expect(parseDynamic(nested(MAX_DYNAMIC_DEPTH + 1))).toBeUndefined()
    expect(parseDynamic('{"a":'.repeat(1_000_000))).toBeUndefined()
  })
})

describe('text of a dynamic', () => {
  it('is compact JSON in source order', () => {
    const text = '{"b":[1,2.5,"x",null,true],"a":{"é":"艺术","q":"\\"\\\\\\n\\u0001"}}'
    expect(printDynamic(json(text))).toBe(text)
    expect(printDynamic(json('[1.0, 1e2]'))).toBe('[1.0,100.0]')
  })

  it('is bare for a scalar', () => {
    expect(dynamicToText('s')).toBe('s')
    expect(dynamicToText(null)).toBe('')
    expect(dynamicToText(true)).toBe('true')
    expect(dynamicToText(1)).toBe('1')
    expect(dynamicToText(1.5)).toBe('1.5')
    expect(dynamicToText(['s'])).toBe('["s"]')
    const day = new DynamicScalar('datetime', 637_134_336_000_000_000n)
    expect(dynamicToText(day)).toBe('2020-01-01T00:00:00.0000000Z')
    expect(printDynamic([day])).toBe('["2020-01-01T00:00:00.0000000Z"]')
    expect(printDynamic([new DynamicScalar('timespan', 20_000_000n)])).toBe('["00:00:02"]')
  })

  it('quotes what JSON has no number for', () => {
    expect(printDynamic([3.3, dynamicReal(Number.NaN)])).toBe('[3.3,"NaN"]')
    expect(printDynamic([dynamicReal(Number.POSITIVE_INFINITY)])).toBe('["Infinity"]')
  })
})

describe('parts of a dynamic', () => {
  it('has a tag', () => {
    const tags = [null, true, 1, 1n << 60n, 1.5, new WholeReal(1), 's', [], new Map()].map(
      dynamicTag,
    )
    expect(tags).toEqual(['null', 'bool', 'long', 'long', 'real', 'real', 'string', 'array', 'bag'])
    expect(dynamicTag(new DynamicScalar('guid', 'x'))).toBe('guid')
  })

  it('has one form for each long', () => {
    expect(dynamicLong(5n)).toBe(5)
    expect(Object.is(dynamicLong(-0), 0)).toBe(true)
    expect(dynamicLong(1n << 53n)).toBe(1n << 53n)
    expect(longOf(dynamicLong(1n << 53n))).toBe(1n << 53n)
    expect(longOf(1.5)).toBeUndefined()
    expect(realOf(new WholeReal(2))).toBe(2)
    expect(realOf(2)).toBeUndefined()
  })

  it('gives null for what is not there', () => {
    const value = json('{"a":[1,2,3]}')
    expect(elementAt(memberOf(value, 'a'), 0)).toBe(1)
    expect(elementAt(memberOf(value, 'a'), -1)).toBe(3)
    expect(elementAt(memberOf(value, 'a'), -4)).toBeNull()
    expect(elementAt(memberOf(value, 'a'), 3)).toBeNull()
    expect(elementAt(value, 0)).toBeNull()
    expect(memberOf(value, 'A')).toBeNull()
    expect(memberOf(memberOf(value, 'a'), 'length')).toBeNull()
    expect(memberOf('text', 'length')).toBeNull()
  })
})

describe('equality and order', () => {
  it('compares numbers by value and bags without order', () => {
    expect(dynamicEquals(1, new WholeReal(1))).toBe(true)
    expect(dynamicEquals(9_007_199_254_740_993n, 9_007_199_254_740_992n)).toBe(false)
    expect(dynamicEquals(json('{"a":1,"b":[2]}'), json('{"b":[2.0],"a":1}'))).toBe(true)
    expect(dynamicEquals(json('{"a":1}'), json('{"a":1,"b":null}'))).toBe(false)
    expect(dynamicEquals(json('{"a":null}'), json('{"b":null}'))).toBe(false)
    expect(dynamicEquals('1', 1)).toBe(false)
    expect(dynamicEquals(null, null)).toBe(true)
    expect(dynamicEquals(new WholeReal(Number.NaN), new WholeReal(Number.NaN))).toBe(false)
  })

  it('has a key that tells types apart', () => {
    const keys = [1, new WholeReal(1), '1', true, 'true', null, 'null', [1], '[i1]', [], new Map()]
    expect(new Set(keys.map(dynamicKey)).size).toBe(keys.length)
    expect(dynamicKey(json('{"a":1,"b":2}'))).toBe(dynamicKey(json('{"b":2,"a":1}')))
    expect(dynamicKey(['a,"b'])).not.toBe(dynamicKey(['a', 'b']))
  })

  it('sorts numbers, strings, guids, the rest, and null last', () => {
    const guid = new DynamicScalar('guid', '00000000-0000-0000-0000-000000000000')
    const items: Dynamic[] = [null, true, guid, 'b', 'B', 2, new WholeReal(1), 1n << 60n, 1.5, null]
    expect(items.toSorted(compareDynamic)).toEqual([
      new WholeReal(1),
      1.5,
      2,
      1n << 60n,
      'B',
      'b',
      guid,
      true,
      null,
      null,
    ])
  })
})

describe('JavaScript values', () => {
  it('become dynamics', () => {
    expect(dynamicFromJs({ a: 1, b: [1.5, 'x', null, undefined, true], c: 1n << 60n })).toEqual(
      new Map<string, Dynamic>([
        ['a', 1],
        ['b', [1.5, 'x', null, null, true]],
        ['c', 1n << 60n],
      ]),
    )
    expect(dynamicFromJs(1e300)).toEqual(new WholeReal(1e300))
    expect(dynamicFromJs(new Date(0))).toEqual(
      new DynamicScalar('datetime', 621_355_968_000_000_000n),
    )
    expect(dynamicFromJs(JSON.parse('{"__proto__":1}'))).toEqual(new Map([['__proto__', 1]]))
  })

  it('are refused where there is no dynamic for them', () => {
    const cycle: unknown[] = []
    cycle.push(cycle)
    for (const value of [() => 1, Symbol('x'), 1n << 64n, new Date(Number.NaN), cycle]) {
      expect(() => dynamicFromJs(value)).toThrow(TypeError)
    }
  })

  it('come back without a prototype to trip over', () => {
    const value = dynamicToJs(json('{"__proto__":{"x":1},"n":1.0,"l":9007199254740993}'))
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', Object.assign(Object.create(null), { x: 1 })],
      ['n', 1],
      ['l', 9_007_199_254_740_993n],
    ])
    expect(dynamicToJs([new DynamicScalar('timespan', 10_000_000n)])).toEqual(['00:00:01'])
  })
})
