import { describe, expect, it } from 'vitest'
import { tokenize, tokenSpan } from '../../../src/lexer/tokenize.ts'
import { DiagnosticBag } from '../../../src/text/diagnostic.ts'

function lex(text: string) {
  const diagnostics = new DiagnosticBag()
  return { ...tokenize(text, diagnostics), diagnostics: diagnostics.items }
}

/** Kind and text of each token, `Kind:text`. */
function tokens(text: string): string[] {
  return lex(text).tokens.map(token => `${token.tokenType.name}:${token.image}`)
}

describe('numbers', () => {
  it.each([
    ['1', ['LongLiteral:1']],
    ['00012', ['LongLiteral:00012']],
    ['0x1F', ['LongLiteral:0x1F']],
    ['0Xff', ['LongLiteral:0Xff']],
    ['1.5', ['RealLiteral:1.5']],
    ['1.', ['RealLiteral:1.']],
    ['1e5', ['RealLiteral:1e5']],
    ['1.e5', ['RealLiteral:1.e5']],
    ['1.5E-3', ['RealLiteral:1.5E-3']],
    ['1.5e+3', ['RealLiteral:1.5e+3']],
    ['1..2', ['LongLiteral:1', 'DotDot:..', 'LongLiteral:2']],
    ['1 .. 2', ['LongLiteral:1', 'DotDot:..', 'LongLiteral:2']],
    ['.5', ['Dot:.', 'LongLiteral:5']],
    ['1.5.6', ['RealLiteral:1.5', 'Dot:.', 'LongLiteral:6']],
    ['1.c', ['LongLiteral:1', 'Dot:.', 'Identifier:c']],
    ['1.d', ['LongLiteral:1', 'Dot:.', 'Identifier:d']],
    ['1-1', ['LongLiteral:1', 'Minus:-', 'LongLiteral:1']],
    ['1e', ['Identifier:1e']],
    ['0x', ['Identifier:0x']],
    ['1_000', ['Identifier:1_000']],
    ['1abc', ['Identifier:1abc']],
  ])('%s', (text, expected) => expect(tokens(text)).toEqual(expected))
})

describe('timespans', () => {
  it.each(
    `d day days h hr hrs hour hours m min minute minutes s sec second seconds ms milli millis millisec
     millisecond milliseconds micro micros microsec microsecond microseconds nano nanos nanosecond
     nanoseconds tick ticks`.split(/\s+/),
  )('1%s and 1.5%s', unit => {
    expect(tokens(`1${unit}`)).toEqual([`TimespanLiteral:1${unit}`])
    expect(tokens(`1.5${unit}`)).toEqual([`TimespanLiteral:1.5${unit}`])
  })

  it.each(['us', 'ns', 'w', 'week', 'D', 'H', 'M', 'S', 'd2', 'd1h'])('1%s is a name', unit => {
    expect(tokens(`1${unit}`)).toEqual([`Identifier:1${unit}`])
  })
})

describe('strings', () => {
  it.each([
    `'a'`,
    `"a"`,
    `''`,
    `'it\\'s'`,
    `"say \\"x\\""`,
    `"tab \\t nul \\0 octal \\101 hex \\x41 \\u0041 \\U00000041"`,
    `'a\tb'`,
    `@'c:\\temp\\'`,
    `@"say ""x"""`,
    `@'it''s'`,
    '```line 1\nline 2 ` `` end```',
    '~~~line 1\nline 2 ~ ~~ end~~~',
    '``````',
    `h'secret'`,
    `H"secret"`,
    `h@'secret'`,
    'h```secret```',
  ])('%j is one token', text => {
    const { tokens: found, diagnostics } = lex(text)
    expect(found.map(token => `${token.tokenType.name}:${token.image}`)).toEqual([
      `StringLiteral:${text}`,
    ])
    expect(diagnostics).toEqual([])
  })

  it('adjacent ones stay separate tokens', () => {
    expect(tokens(`'a'"b"@'c'`)).toEqual([
      `StringLiteral:'a'`,
      'StringLiteral:"b"',
      `StringLiteral:@'c'`,
    ])
  })

  it.each([
    [`print 'abc`, 6, 10, 'The string is not closed.'],
    ['print "a\nb', 6, 8, 'The string is not closed.'],
    [`print @'abc`, 6, 11, 'The string is not closed.'],
    ['print ```a\nb', 6, 12, 'The string is not closed.'],
    [`print 'a\\qb'`, 8, 10, '\\q is not an escape.'],
    [`print 'a\\x4'`, 8, 10, '\\x is not an escape.'],
    [`print '\\`, 6, 8, 'The string is not closed.'],
  ])('%j: reported, and read on as a string', (text, start, end, message) => {
    const { tokens: found, diagnostics } = lex(text)
    expect(found[1]?.tokenType.name).toBe('StringLiteral')
    expect(diagnostics[0]).toMatchObject({ code: 'KS001', message, span: { start, end } })
  })

  it('a string that is not closed ends with its line', () => {
    expect(tokens(`where a == 'x\n| take 1`)).toContain('Pipe:|')
  })
})

describe('typed literals', () => {
  it.each([
    'datetime(2024-01-31 12:30:00)',
    'datetime( 2024 )',
    'datetime("2024-01-31")',
    'date(2024)',
    'timespan(1.02:03:04)',
    'time(15 seconds)',
    'int(null)',
    'int32(1)',
    'int64(1)',
    'long()',
    'real(nan)',
    'double(1)',
    'decimal(1.5)',
    'bool(true)',
    'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
  ])('%s is one token', text => expect(tokens(text)).toEqual([`TypedLiteral:${text}`]))

  it.each([
    ['datetime (2024)', 'ReservedWord:datetime'],
    ['DATETIME(2024)', 'Identifier:DATETIME'],
    ['todatetime(1)', 'Identifier:todatetime'],
    ['float(1)', 'ReservedWord:float'],
    ['uuid(1)', 'Identifier:uuid'],
    ['dynamic([1])', 'Keyword dynamic:dynamic'],
  ])('%s is not', (text, first) => expect(tokens(text)[0]).toBe(first))

  it('one without its parenthesis ends with its line', () => {
    const { tokens: found, diagnostics } = lex('where t > datetime(2024-01-31\n| take 1')
    expect(found[3]?.image).toBe('datetime(2024-01-31')
    expect(diagnostics[0]).toMatchObject({ code: 'KS001', span: { start: 10, end: 29 } })
  })
})

describe('words', () => {
  it.each([
    ['where', 'Keyword where'],
    ['Where', 'Identifier'],
    ['project-away', 'Keyword project-away'],
    ['mv-expand', 'Keyword mv-expand'],
    ['mvexpand', 'Keyword mvexpand'],
    ['parse-where', 'Keyword parse-where'],
    ['make-series', 'Keyword make-series'],
    ['graph-where-nodes', 'UnsupportedReserved'],
    ['$left', 'Identifier'],
    ['_x1', 'Identifier'],
    ['true', 'BoolLiteral'],
    ['FALSE', 'BoolLiteral'],
    ['tRUE', 'Identifier'],
    ['and', 'InfixWord'],
    ['AND', 'Identifier'],
    ['has', 'InfixDeclarable'],
    ['!has_cs', 'InfixSymbol'],
    ['matches regex', 'InfixSymbol'],
    ['in', 'Keyword in'],
    ['in~', 'ListOperator'],
    ['!in~', 'ListOperator'],
    ['has_any', 'Keyword has_any'],
    ['!between', 'NotBetween'],
  ])('%s', (text, kind) => expect(tokens(text)).toEqual([`${kind}:${text}`]))

  it.each([
    ['a-b', ['Identifier:a', 'Minus:-', 'Identifier:b']],
    ['project-awayx', ['Keyword project:project', 'Minus:-', 'Identifier:awayx']],
    ['a$b', ['Identifier:a', 'Identifier:$b']],
    ['hasx', ['Identifier:hasx']],
    ['matches  regex', ['Identifier:matches', 'Identifier:regex']],
  ])('%s', (text, expected) => expect(tokens(text)).toEqual(expected))
})

describe('punctuation, comments and white space', () => {
  it('reads every operator', () => {
    const text = '== != <> <= >= < > =~ !~ = => + - * / % . .. , ; : | ( ) [ ] { }'
    expect(lex(text).tokens.map(token => token.image)).toEqual(text.split(' '))
  })

  it.each([
    'a // comment | where\n| b',
    'a\t|\r\nb',
    '\ufeffa | b',
    'a\u00a0|\u200bb',
    '// only\na | b // end',
  ])('%j', text => expect(lex(text).tokens.map(token => token.image)).toEqual(['a', '|', 'b']))

  it('a comment inside a string is text', () => {
    expect(tokens(`'http://x'`)).toEqual([`StringLiteral:'http://x'`])
  })

  it.each([
    ['a & b', 2, 'Use and.'],
    ['a == “x”', 5, 'Use straight quotes: " or \'.'],
    ['a == é', 5, undefined],
    ['x == !y', 5, 'Use not(…), or != for unequal.'],
    ['x !has_any (1)', 2, 'There is no !has_any: put not(…) around the comparison.'],
  ])('%s: reported where it stands', (text, start, hint) => {
    expect(lex(text).diagnostics[0]).toMatchObject({
      code: 'KS002',
      span: { start, end: start + 1 },
      ...(hint && { hint }),
    })
  })

  it('a directive is reported and read over', () => {
    const { tokens: found, diagnostics } = lex('#connect "x"\nprint 1')
    expect(found.map(token => token.image)).toEqual(['print', '1'])
    expect(diagnostics).toMatchObject([{ code: 'KQL100', span: { start: 0, end: 12 } }])
  })
})

describe('spans and brackets', () => {
  it('a span covers the text of its token', () => {
    const text = "T | where a == 'x'"
    for (const token of lex(text).tokens) {
      const { start, end } = tokenSpan(token)
      expect(text.slice(start, end)).toBe(token.image)
    }
  })

  it.each([
    ['f(a[0])', { 1: 6, 3: 5 }],
    ['(a', {}],
    ['a)', {}],
    ['f((a)', { 2: 4 }],
    // A semicolon ends what is open, except within braces.
    ['f(a; g(b)', { 5: 7 }],
    ['{ a; b }', { 0: 4 }],
    ['(a {b) }', { 2: 5 }],
  ])('%s', (text, pairs) => {
    const { partner } = lex(text)
    const expected: Record<number, number> = {}
    for (const [open, close] of Object.entries(pairs)) {
      expected[Number(open)] = close
      expected[close] = Number(open)
    }
    const found = Object.fromEntries([...partner.entries()].filter(([, mate]) => mate >= 0))
    expect(found).toEqual(expected)
  })

  it('knows the deepest bracket', () => {
    const { depth, deepest } = lex('f(a, (b), g[(c)])')
    expect(depth).toBe(3)
    expect(deepest?.startOffset).toBe(12)
  })
})
