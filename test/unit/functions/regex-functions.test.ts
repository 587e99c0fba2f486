import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import * as regex from '../../../src/engine/functions/scalar/regex-functions.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import { call, callOne } from './harness.ts'

type Typed = readonly [type: ScalarType, value: ScalarValue]

const text = (value: string): Typed => ['string', value]
const long = (value: number): Typed => ['long', BigInt(value)]

function errorOf(run: () => unknown): QueryError {
  try {
    run()
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe('matches regex', () => {
  it('of constants and of rows', () => {
    const columns = [
      ['string', ['Fabrikam', 'xyz', 'Fabrikam']],
      ['string', ['b.*k', 'b.*k', '[']],
    ] as const
    expect(call(regex.matchesRegex, columns)).toEqual([true, false, null])
    const constant = [columns[0], ['string', ['b.*k', 'b.*k', 'b.*k']]] as const
    expect(call(regex.matchesRegex, constant, { constants: [1] })).toEqual([true, false, true])
  })
})

describe('a constant pattern that is none', () => {
  const bad = text('(a')
  const calls: readonly (readonly [ScalarFunction, readonly Typed[], number])[] = [
    [regex.matchesRegex, [text('a'), bad], 1],
    [regex.extract, [bad, long(1), text('a')], 0],
    [regex.extractAll, [bad, text('a')], 0],
    [regex.replaceRegex, [text('a'), bad, text('')], 1],
    [regex.replace, [bad, text(''), text('a')], 0],
    [regex.trim, [bad, text('a')], 0],
    [regex.countof, [text('a'), bad, text('regex')], 1],
    [regex.indexofRegex, [text('a'), bad], 1],
  ]
  it.each(calls)('is an error of %o at its place', (declaration, args, position) => {
    const error = errorOf(() => callOne(declaration, args))
    expect(error.code).toBe('KS160')
    expect(error.argument).toBe(position)
    expect(error.message).toContain("'(a'")
  })
})

describe('extract', () => {
  it.each([
    ['([0-9.]+) (s|ms)$', 1, 'took 127.5 ms', '127.5'],
    ['([0-9.]+) (s|ms)$', 2, 'took 127.5 ms', 'ms'],
    ['([0-9.]+) (s|ms)$', 0, 'took 127.5 ms', '127.5 ms'],
    ['([0-9.]+) (s|ms)$', 3, 'took 127.5 ms', ''],
    ['([0-9.]+) (s|ms)$', -1, 'took 127.5 ms', ''],
    ['(a)|(b)', 1, 'b', ''],
    ['x', 0, 'none', ''],
  ])('"%s", group %s, of "%s" is "%s"', (pattern, group, source, expected) => {
    expect(callOne(regex.extract, [text(pattern), long(group), text(source)])).toBe(expected)
  })

  it.each([
    ['int', '7', 7],
    ['long', '12', 12n],
    ['real', '1', 1],
    ['long', 'x', null],
    ['string', 'x', 'x'],
    ['dynamic', '{"a":1}', new Map([['a', 1]])],
  ])('converts to %s', (type, source, expected) => {
    const args = [text('.+'), long(0), text(source), text(type)]
    expect(callOne(regex.extract, args)).toEqual(expected)
  })

  it('takes a pattern by row', () => {
    const columns = [
      ['string', ['a(.)', '(.)c', '(']],
      ['long', [1n, 1n, 1n]],
      ['string', ['abc', 'abc', 'abc']],
    ] as const
    expect(call(regex.extract, columns)).toEqual(['b', 'b', ''])
  })
})

describe('extract_all', () => {
  const guid = '82b8be2d-dfa7'
  it.each([
    ['([\\da-f]{4})-', undefined, guid, ['be2d']],
    [
      '(\\w)(\\w+)(\\w)',
      undefined,
      guid,
      [
        ['8', '2b8be2', 'd'],
        ['d', 'fa', '7'],
      ],
    ],
    [
      '(\\w)(\\w+)(\\w)',
      [1, 3],
      guid,
      [
        ['8', 'd'],
        ['d', '7'],
      ],
    ],
    ['(?P<first>\\w)(\\w+)', ['first'], guid, ['8', 'd']],
    ['(\\w)(\\w)', [2], 'ab', ['b']],
    [
      '([a-z])(\\d)?',
      undefined,
      'aX1b2',
      [
        ['a', ''],
        ['b', '2'],
      ],
    ],
    ['(z)', undefined, guid, null],
  ])('"%s" %s of "%s"', (pattern, groups, source, expected) => {
    const chosen: readonly Typed[] = groups === undefined ? [] : [['dynamic', groups]]
    const args = [text(pattern), ...chosen, text(source)]
    expect(callOne(regex.extractAll, args)).toEqual(expected)
  })

  it('refuses a pattern without groups and groups that are not there', () => {
    expect(errorOf(() => callOne(regex.extractAll, [text('a'), text('a')])).code).toBe('KS160')
    for (const groups of [[2], [0], [], ['x'], 'x']) {
      const args: readonly Typed[] = [text('(a)'), ['dynamic', groups], text('a')]
      const error = errorOf(() => callOne(regex.extractAll, args))
      expect([error.code, error.argument]).toEqual(['KS128', 1])
    }
  })
})

describe('replace_regex', () => {
  it.each([
    ['one two', '(\\w+)', '[\\1]', '[one] [two]'],
    ['ab', '(\\w)(\\w)', '\\2\\1', 'ba'],
    ['abcABCabc', '(?i)abc', '#', '###'],
    ['a.b', '\\.', '\\0\\0', 'a..b'],
    ['   ', '\\s+', '-', '-'],
  ])('"%s": "%s" to "%s" is "%s"', (source, pattern, rewrite, expected) => {
    expect(callOne(regex.replaceRegex, [text(source), text(pattern), text(rewrite)])).toBe(expected)
    expect(callOne(regex.replace, [text(pattern), text(rewrite), text(source)])).toBe(expected)
  })
})

describe('trim', () => {
  it.each([
    ['--', '--https://bing.com--', 'https://bing.com', 'https://bing.com--', '--https://bing.com'],
    ['[^\\w]+', '-  Te st1// $', 'Te st1', 'Te st1// $', '-  Te st1'],
    ['x', 'xxhelloxx', 'xhellox', 'xhelloxx', 'xxhellox'],
    ['\\s', '  spaced  ', ' spaced ', ' spaced  ', '  spaced '],
    ['a|b', 'ab', '', 'b', 'a'],
    ['1', '1', '', '', ''],
    ['x', '', '', '', ''],
    ['m', 'midmid\nm', 'idmid\n', 'idmid\nm', 'midmid\n'],
  ])('"%s" of "%s"', (pattern, source, both, start, end) => {
    expect(callOne(regex.trim, [text(pattern), text(source)])).toBe(both)
    expect(callOne(regex.trimStart, [text(pattern), text(source)])).toBe(start)
    expect(callOne(regex.trimEnd, [text(pattern), text(source)])).toBe(end)
  })

  it('takes a pattern by row', () => {
    const columns = [
      ['string', ['a', 'b', 'a', '(']],
      ['string', ['aba', 'bab', 'bab', 'x']],
    ] as const
    expect(call(regex.trim, columns)).toEqual(['b', 'a', 'bab', 'x'])
  })
})

describe('countof', () => {
  it.each([
    ['aaaa', 'aa', undefined, 3n],
    ['ababa', 'aba', 'normal', 2n],
    ['ababa', 'aba', 'regex', 1n],
    ['abcabc', 'a.c', 'regex', 2n],
    ['abc', '', undefined, 0n],
  ])('"%s" in "%s", %s: %s', (source, sought, kind, expected) => {
    const kinds = kind === undefined ? [] : [text(kind)]
    expect(callOne(regex.countof, [text(source), text(sought), ...kinds])).toBe(expected)
  })

  it('refuses another kind', () => {
    const args = [text('a'), text('a'), text('glob')]
    expect(errorOf(() => callOne(regex.countof, args)).argument).toBe(2)
  })
})

describe('indexof_regex', () => {
  it.each([
    [['abcabc', 'a.c'], 0n],
    [['abcabcdefg', 'a.c', 0, 9, 2], 3n],
    [['abcabc', 'a.c', 1, -1, 2], -1n],
    [['ababaa', 'a.a', 0, -1, 2], -1n],
    [['abcabc', 'a|ab', -1], null],
    [['abc', 'c', 0, -2], null],
    [['😀ab', 'b'], 2n],
    [['abab', 'b', 0, 1], -1n],
    [['abc', 'x*', 9], -1n],
  ])('of %s is %s', (args, expected) => {
    const typed = args.map(value => (typeof value === 'number' ? long(value) : text(value)))
    expect(callOne(regex.indexofRegex, typed)).toBe(expected)
  })
})

describe('regex_quote', () => {
  it('makes a pattern that matches the text itself', () => {
    const source = '(so$me.Te^xt)[a-z]{2}|\\d+?*'
    const pattern = callOne(regex.regexQuote, [text(source)]) as string
    expect(callOne(regex.regexQuote, [text('(so$me.Te^xt)')])).toBe('\\(so\\$me\\.Te\\^xt\\)')
    expect(callOne(regex.matchesRegex, [text(source), text(`^${pattern}$`)])).toBe(true)
  })
})
