import { describe, expect, it } from 'vitest'
import { MAX_NESTING, parseQuery } from '../../../src/parser/parse.ts'

/** Every report as `code start-end`, and the text it covers. */
function reports(text: string): string[] {
  return parseQuery(text).diagnostics.map(
    ({ code, span }) => `${code} ${JSON.stringify(text.slice(span.start, span.end))}@${span.start}`,
  )
}

function only(text: string) {
  const { diagnostics } = parseQuery(text)
  expect(diagnostics).toHaveLength(1)
  return diagnostics[0]
}

describe('one broken operator, one report', () => {
  it.each([
    // What is missing is missing where something else stands, or at the end.
    ['T | where', 'KS006 ""@9'],
    ['T | where | take 1', 'KS006 "|"@10'],
    ['T | where a ==', 'KS006 ""@14'],
    ['T | where == 1', 'KS006 "=="@10'],
    ["T | where * != 'x'", 'KS006 "*"@10'],
    ['T | where a and', 'KS006 ""@15'],
    ['T | where a or or b | take 1', 'KS006 "or"@15'],
    ['T | project a,, b', 'KS006 ","@14'],
    ['T | project a, | take 1', 'KS006 "|"@15'],
    ['T | extend', 'KS006 ""@10'],
    ['T | summarize count() by', 'KS006 ""@24'],
    ['T | sort a', 'KS005 "a"@9'],
    ['T | top 5', 'KS005 ""@9'],
    ['T | join U on', 'KS006 ""@13'],
    ['T | lookup U', 'KS005 ""@12'],
    ['T | join kind=inner on a', 'KS198 "a"@23'],
    ['T | mv-expand a to long', 'KS005 "long"@19'],
    ['T | mv-expand a to typeof(foo)', 'KS005 "foo"@26'],
    ['T | render', 'KS005 ""@10'],
    ['T | as', 'KS006 ""@6'],
    ['T | invoke f', 'KS006 "f"@11'],
    ['T | where a in 1', 'KS005 "1"@15'],
    ['T | where a in ()', 'KS006 ")"@16'],
    ['print dynamic([1, decimal(1.5)])', 'KS003 "decimal(1.5)"@18'],
    ['T | where f(a,)', 'KS006 ")"@14'],
    ['T | where f(a b)', 'KS005 "b"@14'],
    ['T | where - - 1', 'KS006 "-"@12'],
    ['range x from 1 to 2', 'KS005 ""@19'],
    ['datatable(a)[1]', 'KS005 ")"@11'],
    ['datatable(a: long)[b]', 'KS005 "b"@19'],
    ['let = 1; print 1', 'KS006 "="@4'],
    ['let x 1; print 1', 'KS005 "1"@6'],
    ['let x = ; print 1', 'KS006 ";"@8'],
    ['let x = let y = 1; print 1', 'KS198 "y"@12'],
    [';print 1', 'KS198 ";"@0'],
    ['declare query_parameters(); print 1', 'KS006 "declare query_parameters()"@0'],
    // What is too much is reported where it stands.
    ['T | where a b', 'KS198 "b"@12'],
    ['T | take 1 2', 'KS198 "2"@11'],
    ['T | count()', 'KS198 "("@9'],
    ['T U', 'KS198 "U"@2'],
    ['T where x', 'KS198 "where"@2'],
    ['T | where a == 1) | take 1', 'KS198 ")"@16'],
    ['print 1 }', 'KS198 "}"@8'],
    // Operators.
    ['T | foo', 'KS176 "foo"@4'],
    ['T | | take 1', 'KS176 "|"@4'],
    ['T |', 'KS176 ""@3'],
    ['T || take 1', 'KS176 "|"@3'],
    ['T | project-foo a', 'KS176 "project-foo"@4'],
    ['| where a', 'KS006 "|"@0'],
    // Brackets: the one that is never closed is where the mistake is.
    ['T | where (a == 1', 'KS005 "("@10'],
    ['T | where f(a, g(b) | take 1', 'KS005 "("@11'],
    ['T | where a[0', 'KS005 "["@11'],
    ['let f = () { let a = 1; a', 'KS005 "{"@11'],
  ])('%s', (text, expected) => expect(reports(text)).toEqual([expected]))
})

describe('several broken operators', () => {
  it('one report each, in order', () => {
    expect(reports('T\n| where a ==\n| extnd b = 1\n| take 5 5\n| count')).toEqual([
      'KS006 "|"@15',
      'KS176 "extnd"@17',
      'KS198 "5"@38',
    ])
  })

  it('in nested pipes and function bodies', () => {
    const text = 'let f = () { T | wher a }; f() | join (U | take | count) on a | where'
    expect(reports(text)).toEqual(['KS176 "wher"@17', 'KS006 "|"@48', 'KS006 ""@69'])
  })

  it('in statements', () => {
    expect(reports('let a = (; let b = 1 +; T | take c d')).toEqual([
      'KS005 "("@8',
      'KS006 ";"@9',
      'KS006 ";"@22',
      'KS198 "d"@35',
    ])
  })

  it('the good operators are there', () => {
    const { syntax } = parseQuery('T | where a | foo b | take 1')
    expect(syntax.expression).toMatchObject({ operators: [{ kind: 'where' }, { kind: 'take' }] })
  })

  it('stops after a hundred', () => {
    expect(parseQuery('T | '.repeat(5000)).diagnostics).toHaveLength(100)
  })
})

describe('what the lexer reports', () => {
  it.each([
    ["T | where a == 'x\n| take 1", 'KS001 "\'x"@15'],
    ['T | where a == “x”', 'KS002 "“"@15'],
    ['T | where a & b', 'KS002 "&"@12'],
    ['T | where t > datetime(2024-01-01 | take 1', 'KS001 "datetime(2024-01-01 | take 1"@14'],
  ])('%s is not reported again', (text, expected) => expect(reports(text)[0]).toBe(expected))

  it('the parser adds nothing at that place', () => {
    expect(reports("T | where a == 'x\n| take 1")).toHaveLength(1)
    expect(reports('T | where a & b | take 1')).toHaveLength(1)
  })
})

describe('hints', () => {
  it.each([
    ['T | wher a', 'Did you mean where?'],
    ['T | sumarize count()', 'Did you mean summarize?'],
    ['T | mv-expnd a', 'Did you mean mv-expand?'],
    ['T | Where a', 'Did you mean where?'],
    ['T | select a', 'Did you mean project?'],
    ['T | orderby a', 'Did you mean order by?'],
    ['T | where a.b = 1', 'Compare with ==.'],
    ['T | where a AND b', 'Keywords are case-sensitive: write and.'],
    ["T | where a Has 'b'", 'Keywords are case-sensitive: write has.'],
    ['T where a', 'Put a | before where.'],
    ['T | where not a', 'Write not(…), or an operator with ! such as !has or !in.'],
    ['T | where last == 1', "last is a keyword: as a name it is written ['last']."],
    ['T | extend kind = 1', "kind is a keyword: as a name it is written ['kind']."],
    [
      'T | join (materialize(U)) on a',
      'materialize(…) can only be the whole value of a let statement.',
    ],
    ['let a = 1\nlet b = 2; print a', 'Every let statement ends with a semicolon.'],
    [
      'print 99999999999999999999',
      'Write decimal(99999999999999999999) or 99999999999999999999.0.',
    ],
    ['print int(a)', 'To convert an expression, call toint(…).'],
    ["print 'a\\d'", "Double the backslash, or write the string as @'a\\d'."],
  ])('%s', (text, hint) => expect(only(text)?.hint).toBe(hint))

  it('has none for a word like no operator', () => {
    expect(only('T | frobnicate a')).not.toHaveProperty('hint')
  })

  it('a forgotten semicolon does not lose the next statement', () => {
    const { syntax, diagnostics } = parseQuery('let a = 1\nT | take a')
    expect(diagnostics).toMatchObject([{ code: 'KS005', span: { start: 9, end: 9 } }])
    expect(syntax).toMatchObject({ statements: [{ kind: 'let' }], expression: { kind: 'pipe' } })
  })

  it('an open bracket tells where the reading stopped', () => {
    expect(only('T | where (a == 1')?.related).toEqual([
      { message: 'The reading stops at the end of the query.', span: { start: 17, end: 17 } },
    ])
  })
})

describe('size', () => {
  it.each(['(', '[', '{', 'f('])('100,000 nested %s are refused', bracket => {
    const { syntax, diagnostics } = parseQuery(`print ${bracket.repeat(100_000)}`)
    expect(diagnostics).toHaveLength(1)
    expect(diagnostics[0]?.code).toBe('KQL002')
    expect(syntax.statements).toEqual([])
  })

  it(`${MAX_NESTING} levels are read, one more is not`, () => {
    const nested = (levels: number) => `print ${'f('.repeat(levels)}1${')'.repeat(levels)}`
    expect(parseQuery(nested(MAX_NESTING)).diagnostics).toEqual([])
    expect(parseQuery(nested(MAX_NESTING + 1)).diagnostics).toMatchObject([{ code: 'KQL002' }])
  })

  it.each([
    ['and', `T | where ${Array.from({ length: 20_000 }, (_, i) => `a${i} == ${i}`).join(' and ')}`],
    ['+', `print ${Array.from({ length: 20_000 }, (_, i) => i).join(' + ')}`],
    ['members', `print a${'.b'.repeat(20_000)}`],
    ['elements', `print a${'[0]'.repeat(20_000)}`],
    ['pipes', `T${' | where a'.repeat(20_000)}`],
    ['items', `print a in (${'1,'.repeat(20_000)}1)`],
    ['statements', 'let a = 1;'.repeat(20_000)],
    ['strings', `print ${"'a' ".repeat(20_000)}`],
  ])('a long chain of %s is read', (_, text) => {
    expect(parseQuery(text).diagnostics).toEqual([])
  })

  it('100,000 signs do not run out of stack', () => {
    expect(only(`print ${'-'.repeat(100_000)}1`)?.code).toBe('KS006')
  })
})
