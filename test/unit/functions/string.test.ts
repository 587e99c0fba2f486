import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as string from '../../../src/engine/functions/scalar/string.ts'
import * as search from '../../../src/engine/functions/scalar/string-search.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

type Typed = readonly [type: ScalarType, value: ScalarValue]

const text = (value: string): Typed => ['string', value]
const long = (value: number | null): Typed => ['long', value === null ? null : BigInt(value)]

describe('strcat', () => {
  it('takes any types', () => {
    const args: readonly Typed[] = [
      text('p'),
      ['int', null],
      ['bool', true],
      ['dynamic', [1]],
      ['guid', null],
      ['real', 0.5],
      text('q'),
    ]
    expect(callOne(string.strcat, args)).toBe('pTrue[1]0.5q')
  })

  it('joins by row', () => {
    const columns = [
      ['string', ['a', 'b', '']],
      ['long', [1n, null, 3n]],
    ] as const
    expect(call(string.strcat, columns)).toEqual(['a1', 'b', '3'])
  })

  it('puts a delimiter between', () => {
    const args: readonly Typed[] = [text('-'), long(1), text(''), ['bool', false]]
    expect(callOne(string.strcatDelim, args)).toBe('1--False')
  })

  it.each([
    [['a', null, '', 'b'], '|', 'a|||b'],
    [[null, null], ',', ','],
    [[1, true, [2]], '->', '1->true->[2]'],
    [[], ',', ''],
    ['no array', ',', ''],
    [null, ',', ''],
  ])('of the array %s with "%s" is "%s"', (array, delimiter, expected) => {
    expect(callOne(string.strcatArray, [['dynamic', array], text(delimiter)])).toBe(expected)
  })
})

describe('substring', () => {
  it.each([
    ['123456', 1, undefined, '23456'],
    ['123456', 2, 2, '34'],
    ['ABCD', 0, 2, 'AB'],
    ['123456', -2, 2, '56'],
    ['abc', 5, 3, ''],
    ['abc', -1, 2, 'c'],
    ['hello', -3, 2, 'll'],
    ['hello', -100, 3, ''],
    ['hello', 1, -1, ''],
    ['hello', 2, 0, ''],
    ['kusto', 2, 100, 'sto'],
    ['a😀b', 1, 1, '😀'],
    ['a😀b', -1, undefined, 'b'],
  ])('of "%s" from %s, %s long, is "%s"', (value, start, length, expected) => {
    const count = length === undefined ? [] : [long(length)]
    expect(callOne(string.substring, [text(value), long(start), ...count])).toBe(expected)
  })

  it('of a number is that of its text', () => {
    expect(callOne(string.substring, [long(12345), long(1), long(2)])).toBe('23')
  })

  it('with parts before and after makes the whole', () => {
    const anyText = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(anyText, fc.nat(20), (value, at) => {
        const head = callOne(string.substring, [text(value), long(0), long(at)])
        const tail = callOne(string.substring, [text(value), long(at)])
        expect(`${head}${tail}`).toBe(value)
      }),
    )
  })
})

describe('lengths', () => {
  it.each([
    ['hello', 5n, 5n],
    ['⒦⒰⒮⒯⒪', 5n, 15n],
    ['é', 1n, 2n],
    ['😀', 1n, 4n],
    ['', 0n, 0n],
  ])('of "%s"', (value, characters, bytes) => {
    expect(callOne(string.strlen, [text(value)])).toBe(characters)
    expect(callOne(string.stringSize, [text(value)])).toBe(bytes)
  })
})

describe('case', () => {
  it.each([
    ['Привет', 'привет', 'ПРИВЕТ'],
    ['Straße', 'straße', 'STRAßE'],
    ['ΟΔΟΣ', 'οδοσ', 'ΟΔΟΣ'],
    ['İ', 'İ', 'İ'],
  ])('of "%s"', (value, lower, upper) => {
    expect(callOne(string.tolower, [text(value)])).toBe(lower)
    expect(callOne(string.toupper, [text(value)])).toBe(upper)
  })

  it('of a bool is that of its text', () => {
    expect(callOne(string.tolower, [['bool', true]])).toBe('true')
  })
})

describe('reverse', () => {
  it.each([
    [text('a😀b'), 'b😀a'],
    [['datetime', 636_436_656_000_000_000n], 'Z0000000.00:00:21T51-01-7102'],
    [['real', 123.45], '54.321'],
    [['timespan', null], ''],
  ] as const)('%s is %s', (value, expected) => {
    expect(callOne(string.reverse, [value])).toBe(expected)
  })
})

describe('split', () => {
  it.each([
    ['aa_bb', '_', ['aa', 'bb']],
    ['a__b', '_', ['a', '', 'b']],
    ['aabbcc', 'bb', ['aa', 'cc']],
    ['', '_', ['']],
    ['a.b', '', ['a.b']],
  ])('of "%s" by "%s"', (value, delimiter, expected) => {
    expect(callOne(string.split, [text(value), text(delimiter)])).toEqual(expected)
  })

  it.each([
    ['key=val', 1, ['val']],
    ['key=val', 2, null],
    ['key=val', -1, null],
    ['key=val', null, null],
  ])('of "%s" at %s', (value, index, expected) => {
    expect(callOne(string.split, [text(value), text('='), long(index)])).toEqual(expected)
  })
})

describe('strrep', () => {
  it.each([
    [2, 'abab'],
    [0, ''],
    [-1, ''],
    [null, ''],
  ])('%s times', (count, expected) => {
    expect(callOne(string.strrep, [text('ab'), long(count)])).toBe(expected)
  })

  it('stops at 1024', () => {
    expect(callOne(string.strrep, [text('a'), long(100_000)])).toHaveLength(1024)
    expect(callOne(string.strrep, [long(1), long(3), text('.')])).toBe('1.1.1')
  })
})

describe('replace_string', () => {
  it.each([
    ['aaa', 'aa', 'b', 'ba'],
    ['abc', '', '_', 'abc'],
    ['', '', '_', ''],
    ['cost', 'o', '$&', 'c$&st'],
  ])('"%s": "%s" by "%s" is "%s"', (value, lookup, rewrite, expected) => {
    expect(callOne(search.replaceString, [text(value), text(lookup), text(rewrite)])).toBe(expected)
  })
})

describe('replace_strings', () => {
  const message = 'This is an example'
  it.each([
    [['This', 'is'], ['This', 'was'], 'This was an example'],
    [['is', 'This'], ['was', 'This'], 'Thwas was an example'],
    [['This', 'is'], [12345, 'was'], 'This was an example'],
    [['This ', 7, ''], ['', 'x', 'y'], 'is an example'],
    [['is', 'was'], ['was', 'is'], 'Thwas was an example'],
    [['an'], [], 'This is an example'],
  ])('%s by %s', (lookups, rewrites, expected) => {
    const args: readonly Typed[] = [text(message), ['dynamic', lookups], ['dynamic', rewrites]]
    expect(callOne(search.replaceStrings, args)).toBe(expected)
  })
})

describe('indexof', () => {
  it.each([
    [['abcdefg', 'cde'], 2n],
    [['abcdefg', 'cde', 1, 4], 2n],
    [['abcdefg', 'cde', 1, 2], -1n],
    [['abcdefg', 'cde', 3, 4], -1n],
    [['abcdefg', 'cde', -5], 2n],
    [['abcdefg', 'cde', -9], null],
    [['abcdefg', 'cde', 2, -1], 2n],
    [['abcdefg', 'cde', 9], -1n],
    [['abcdefgabcdefg', 'cde', 1, 10, 2], 9n],
    [['abcdefgabcdefg', 'cde', 1, -1, 3], -1n],
    [['aaa', 'a', 0, -1, 0], -1n],
    [['aaa', 'aa', 0, -1, 2], 1n],
    [['aaa', 'a', 0, -2], null],
    [['aaa', 'a', 0, -1, -1], null],
    [['abc', ''], null],
    [['😀😀x', 'x'], 2n],
    [['😀x😀x', 'x', 2], 3n],
  ])('of %s is %s', (args, expected) => {
    const typed = args.map(value => (typeof value === 'number' ? long(value) : text(value)))
    expect(callOne(search.indexof, typed)).toBe(expected)
  })

  it('takes numbers as text', () => {
    expect(callOne(search.indexof, [long(1234567), long(5), long(1), long(4)])).toBe(4n)
  })
})

describe('translate, strcmp, has_any_index', () => {
  it.each([
    ['abc', 'x', 'abc', 'xxx'],
    ['abc', '', 'ab', ''],
    ['krasp', 'otsku', 'spark', 'kusto'],
    ['aa', 'xy', 'a', 'x'],
    ['', 'x', 'abc', 'abc'],
  ])('translate("%s", "%s", "%s") is "%s"', (from, to, source, expected) => {
    expect(callOne(search.translate, [text(from), text(to), text(source)])).toBe(expected)
  })

  it.each([
    ['ABC', 'ABC', 0n],
    ['abc', 'ABC', 1n],
    ['ABC', 'abc', -1n],
    ['abcde', 'abc', 1n],
  ])('strcmp("%s", "%s") is %s', (a, b, expected) => {
    expect(callOne(search.strcmp, [text(a), text(b)])).toBe(expected)
  })

  it.each([
    ['this is an example', ['this', 'example'], 0n],
    ['this is an example', ['not', 'example'], 1n],
    ['this is an example', ['not', 'found'], -1n],
    ['Example number 2', [1, 2, 3], 1n],
    ['x', [], -1n],
    ['x', 'x', null],
  ])('has_any_index("%s", %s) is %s', (value, values, expected) => {
    expect(callOne(search.hasAnyIndex, [text(value), ['dynamic', values]])).toBe(expected)
  })
})

describe('isascii and isutf8', () => {
  it.each([
    ['some string\t', true, true],
    ['é', false, true],
    ['', true, true],
    ['\ud800', false, false],
  ])('of "%s"', (value, ascii, utf8) => {
    expect(callOne(search.isascii, [text(value)])).toBe(ascii)
    expect(callOne(search.isutf8, [text(value)])).toBe(utf8)
  })
})
