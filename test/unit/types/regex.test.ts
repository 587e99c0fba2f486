import { describe, expect, it } from 'vitest'
import { compileRegex, isRegex, type Regex, RegexLimitError } from '../../../src/types/regex.ts'
import { regexCost } from '../../../src/types/regex-cost.ts'
import { parseRegex } from '../../../src/types/regex-syntax.ts'

function regex(pattern: string, flags?: string): Regex {
  const result = compileRegex(pattern, flags)
  if (!isRegex(result)) throw new Error(result.error)
  return result
}

const groups = (pattern: string, text: string) => regex(pattern).exec(text)?.groups.slice(0)

describe('regular expressions', () => {
  it.each<[string, string, boolean]>([
    ['b.*k', 'Fabrikam', true],
    ['^\\d{4}-\\d{2}-\\d{2}$', '2020-01-15', true],
    ['^\\d{4}-\\d{2}-\\d{2}$', 'x2020-01-15', false],
    ['^\\d{1,3}(\\.\\d{1,3}){3}$', '192.168.0.1', true],
    ['^\\d{1,3}(\\.\\d{1,3}){3}$', '1.2.3', false],
    ['(?i)^[a-z]:\\\\\\S+\\.exe', 'C:\\Windows\\a.EXE', true],
    ['(?i)abc(?-i)d', 'ABCd', true],
    ['(?i)abc(?-i)d', 'ABCD', false],
    ['(?i:é)X', 'ÉX', true],
    ['a.b', 'a\nb', false],
    ['a.b', 'a\rb', true],
    ['a.b', 'a\u2028b', true],
    ['(?s)a.b', 'a\nb', true],
    ['^b$', 'a\nb', false],
    ['(?m)^b$', 'a\nb\n', true],
    ['(?m)^b$', 'a\rb', false],
    ['\\Ab\\z', 'b\n', false],
    ['[[:alpha:]_]+9', 'a_9', true],
    ['[[:^alpha:]]', 'abc', false],
    ['[^[]', '[', false],
    ['[]a]', ']', true],
    ['[\\w.-]+@', 'a.b-c@', true],
    ['[a-y&&xyz]', 'z', false],
    ['[a-y&&xyz]', 'x', true],
    ['[0-9--4]', '4', false],
    ['[a-g~~b-h]', 'c', false],
    ['[a-g~~b-h]', 'h', true],
    ['{"id":(\\d+)}', '{"id":12}', true],
    ['x{,2}', 'x{,2}', true],
    ['\\x41\\x{42}\\u0043', 'ABC', true],
    ['\\p{Greek}', 'λ', true],
    ['\\p{Greek}', 'l', false],
    ['\\pL\\PL', 'é1', true],
    ['\\p{^Lu}', 'A', false],
    ['\\d', '٣', true],
    ['(?-u)\\d', '٣', false],
    ['^\\w+$', 'café', true],
    ['\\bcaf\\b', 'café', false],
    ['\\bcafé\\b', 'un café.', true],
    ['\\s', '\u00a0', true],
    ['\\s', '\v', true],
    ['\\Bx', 'ax', true],
    ['\\<b', 'a b', true],
    ['b\\>', 'bc', false],
    ['a\\/b\\-c\\:d\\ e', 'a/b-c:d e', true],
    ['(?x) a b # comment', 'ab', true],
    ['(?U)a+b', 'aab', true],
    ['', '', true],
    ['a||b', 'c', true],
  ])('%s on %j', (pattern, text, expected) => {
    expect(regex(pattern).test(text)).toBe(expected)
  })

  it('gives groups, the leftmost first', () => {
    expect(groups('(\\d+)-(\\d+)', '2020-12-31')).toEqual(['2020-12', '2020', '12'])
    expect(groups('(a)|(b)', 'b')).toEqual(['b', undefined, 'b'])
    expect(groups('(a|ab)(c|bcd)', 'abcd')).toEqual(['abcd', 'a', 'bcd'])
    // JavaScript would forget the first group at the second turn.
    expect(groups('(?:(a)|(b))+', 'ab')).toEqual(['ab', 'a', 'b'])
    expect(groups('"name":"(.*?)"', '{"name":"x","name":"y"}')?.[1]).toBe('x')
    expect(groups('.*\\.(.*)', 'a.b.c')?.[1]).toBe('c')
    expect(regex('(?P<y>\\d{4})-(?<m>\\d\\d)(x)?').groupNames).toEqual([
      undefined,
      'y',
      'm',
      undefined,
    ])
  })

  it('searches from a position', () => {
    expect(regex('a').exec('aba', 1)?.index).toBe(2)
    expect(regex('^a').exec('aba', 1)).toBeNull()
    expect(regex('.*b').exec('abcab', 2)?.groups[0]).toBe('cab')
    expect(regex('a').exec('a', 5)).toBeNull()
    expect(regex('a|b').exec('a', 5)).toBeNull()
  })

  it('replaces', () => {
    expect(regex('(\\w+)').replaceAll('one two', '[\\1]')).toBe('[one] [two]')
    expect(regex('(\\w)(\\w)').replaceAll('wordword', '\\2\\1')).toBe('owdrowdr')
    expect(regex('(?i)abc').replaceAll('abcABCx', '#')).toBe('##x')
    expect(regex('is (\\d+)').replaceAll('Number is 1', 'was: \\1')).toBe('Number was: 1')
    expect(regex('b*').replaceAll('abc', '-')).toBe('-a-c-')
    expect(regex('x').replaceAll('axb', '\\0\\0$1\\\\')).toBe('axx$1\\b')
    expect(regex('x').replaceAll('abc', '-')).toBe('abc')
    expect(regex('.').replaceAll('x', '')).toBe('')
    expect(regex('').replaceAll('😀', '-')).toBe('-😀-')
  })

  it('takes flags from outside', () => {
    expect(regex('a.c', 'is').test('A\nC')).toBe(true)
  })

  it.each([
    '(',
    'a)',
    '[a',
    '[z-a]',
    '*a',
    'a|*',
    '(?=a)',
    '(?<!a)',
    '\\1',
    '\\q',
    '\\p{Klingon}',
    'a{2,1}',
    'a{1001}',
    '\\',
    '(?z)a',
    '(?P<a>x)(?P<a>y)',
    '('.repeat(100_000),
  ])('refuses %s', pattern => {
    const result = compileRegex(pattern)
    expect(isRegex(result)).toBe(false)
  })

  it('keeps what it compiled', () => {
    expect(compileRegex('ab+')).toBe(compileRegex('ab+'))
    expect(compileRegex('ab+')).not.toBe(compileRegex('ab+', 'i'))
  })
})

describe('the cost of a pattern', () => {
  const cost = (pattern: string) => regexCost(parseRegex(pattern).root)

  it.each([
    ['abc', 0],
    ['\\d{1,3}\\.\\d{1,3}', 0],
    ['[a-f0-9]{32}', 0],
    ['\\d+', 0],
    ['^\\d+\\.\\d+$', 1],
    ['\\d+x', 1],
    ['"name":"(.*?)"', 1],
    ['.*\\.(.*)', 1],
    ['^a.*b.*c$', 2],
    ['(?:\\d+,)*x', 1],
    ['(a|b)*c', 1],
    ['^(?i:0+:([a-f0-9]+:[a-f0-9]+))$', 1],
    ['C:\\\\(\\w|[.\\-\\s])+\\\\x', 1],
  ])('%s has the exponent %i', (pattern, exponent) => {
    expect(cost(pattern)?.exponent).toBe(exponent)
  })

  it.each(['(a+)+$', '(a|ab)*c', '(a*)*', '(a?){30}a{30}', '(.*a){20}', '(\\w+\\s?)+x', '(a|a)*b'])(
    '%s has no bound',
    pattern => {
      expect(cost(pattern)).toBeNull()
    },
  )

  it('knows where a match can begin', () => {
    expect(cost('^a+b')?.anchored).toBe(true)
    expect(cost('(?m)^a+b')?.anchored).toBe(false)
    expect(cost('.*b')?.leadingDots).toBe(true)
    expect(cost('"a":(.*)')?.literal).toBe('"a":')
    expect(cost('(?i)a:(.*)')?.literal).toBe('')
  })

  it.each([
    ['(a+)+$', `${'a'.repeat(50_000)}b`],
    ['(a|a)*c', `${'a'.repeat(50_000)}b`],
    ['(.*)*=', 'x'.repeat(50_000)],
    ['(?:a?){30}a{30}$', `${'a'.repeat(50_000)}b`],
    ['\\s+$', `${' '.repeat(50_000)}x`],
    ['x.*y.*z', 'xy'.repeat(25_000)],
    ['"name":"(.*?)"', '"name":"'.repeat(6_000)],
    ['(\\w+)@(\\w+)\\.com', 'a'.repeat(50_000)],
  ])('never shows: %s', (pattern, text) => {
    // Backtracking would take minutes to ages: the test would run out of its time.
    expect(regex(pattern).test(text)).toBe(pattern === '"name":"(.*?)"')
    regex(pattern).exec(text)
  })
})

describe('a pattern that only a backtracking engine has a form for', () => {
  it('ends a search that could take too long with an error', () => {
    const pattern = regex('x*y*z*[a-y--[q]]b')
    expect(pattern.exec('xxyab', 0)?.end).toBe(5)
    expect(() => pattern.test('x'.repeat(100_000))).toThrow(RegexLimitError)
  })

  it('is refused where no text is short enough', () => {
    expect(compileRegex('(a+)+[a-y--[q]]b')).toEqual({
      error: expect.stringContaining('not supported'),
    })
  })
})

describe('a word boundary', () => {
  const cases: readonly (readonly [pattern: string, text: string, expected: string | null])[] = [
    ['\\bfoo\\w*bar\\b', 'éfoobar', null],
    ['\\bfoo\\w*bar\\b', 'foobaré', null],
    ['\\bfoo\\w*bar\\b', 'é foobar é', 'foobar'],
    ['(?-u:\\b)foo\\w*bar\\b', 'éfoobar', 'foobar'],
    ['\\w*o\\Bb\\w*\\b', 'é oboé.', 'oboé'],
    ['\\b\\w*é\\b', 'a née é', 'é'],
    ['(?m)^\\bé\\w*$', 'a é\néa\né b', 'éa'],
    ['\\A\\w*\\b.*\\z', 'éa', 'éa'],
    ['\\b{start}\\w*b\\b{end}', 'éa ab𝒳 éb', 'éb'],
    ['\\b{start-half}\\w*a\\b{end-half}', 'éa', 'éa'],
    ['𝒳\\b|𝒳*\\B𝒳', '𝒳𝒳', '𝒳𝒳'],
    ['\\w*[^a]\\b', '\ufdd1é', '\ufdd1'],
  ]

  it.each(cases)('%s in "%s" finds %s, in a text of any length', (pattern, text, expected) => {
    const long = '. '.repeat(20_000)
    const found = (where: string) => regex(pattern).exec(where)?.groups[0] ?? null
    expect(found(text)).toBe(expected)
    const before = /^\(\?m|^\\A/.test(pattern) ? '' : long
    const after = pattern.endsWith('z') ? '' : `\n${long}`
    expect(found(before + text + after)).toBe(expected)
  })

  it.each([
    ['\\B', 'a😀b', 'a😀b'],
    ['\\B', 'a😀', 'a😀-'],
    ['\\B', '😀😀', '-😀-😀-'],
    ['\\b{end-half}', '𝒳', '𝒳-'],
    ['\\b{start-half}', 'é𝒳', '-é𝒳'],
  ])('%s is not within a character of "%s"', (pattern, text, expected) => {
    expect(regex(pattern).replaceAll(text, '-')).toBe(expected)
  })

  it.each(['(?:\\bé+)+', '(?:(\\b|x)+é)', '(é|\\B)*a'])(
    'is that of Unicode in %s, of which one engine alone has a form',
    pattern => {
      expect(regex(pattern).exec('aéa é')?.index).toBe(pattern.includes('B') ? 0 : 4)
      expect([...regex(pattern).matchAll('aéa é')].map(match => match.index)).toEqual(
        pattern.includes('B') ? [0, 1] : [4],
      )
    },
  )
})

describe('a bracket inside of a class', () => {
  it.each([
    ['[[a]', '[', true],
    ['[[a]', ']', false],
    ['[[",\\]]', ']', true],
    ['[[",\\]]', '[', true],
    ['[a[b]', '[', true],
    ['[^[]', '[', false],
    ['[^[]', 'a', true],
    ['[[:x]', ':', true],
    ['[[:alpha:]]', 'b', true],
    ['[[:alpha:]]', '[', false],
    ['[a[b-c]]', 'c', true],
    ['[a[b-c]]', '[', false],
    ['[[a-c]&&[b-d]]', 'a', false],
  ])('%s on %s', (pattern, text, found) => {
    expect(regex(pattern).test(text)).toBe(found)
  })

  it('is read in time that is not exponential', () => {
    // Each bracket may start a class or stand for itself: not all combinations are tried.
    const pattern = compileRegex('['.repeat(60))
    expect(isRegex(pattern)).toBe(false)
    expect(isRegex(compileRegex(`${'['.repeat(40)}a]`))).toBe(true)
  })
})
