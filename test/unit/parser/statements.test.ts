import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../src/parser/parse.ts'

function query(text: string) {
  const { syntax, diagnostics } = parseQuery(text)
  expect(diagnostics).toEqual([])
  return syntax
}

describe('parseQuery with a base', () => {
  it.each([
    "let f = (x: int) { x + 1 }; T\n| where a has 'b' and f(c) > 2 | summarise x by d",
    'T | where (a',
    "print 'open",
    'T | where a-b_c == 1 | render timechart with (title=x)',
    'T | parse a with b:long "c" * | fork (take 1)',
  ])('counts spans from there: %s', text => {
    const base = 2 ** 33
    const plain = (value: unknown, by = 0): unknown =>
      JSON.parse(
        JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)),
        (key, item: unknown) =>
          (key === 'start' || key === 'end') && typeof item === 'number' ? item + by : item,
      )
    expect(plain(parseQuery(text, base))).toEqual(plain(parseQuery(text), base))
  })
})

describe('queries', () => {
  it.each(['', '   ', '// only a comment\n'])(
    '%j has neither statements nor an expression',
    text => {
      expect(query(text)).toMatchObject({ kind: 'query', statements: [] })
      expect(query(text)).not.toHaveProperty('expression')
    },
  )

  it('has statements, then an expression', () => {
    expect(query('let a = 1; set querytrace; print a')).toMatchObject({
      statements: [{ kind: 'let' }, { kind: 'set' }],
      expression: { kind: 'print' },
    })
  })

  it('may end with a semicolon', () => {
    expect(query('print 1;')).toMatchObject({ statements: [], expression: { kind: 'print' } })
    expect(query('let a = 1;')).toMatchObject({ statements: [{ kind: 'let' }] })
  })

  it('may have statements after the expression', () => {
    expect(query('print 1; let a = 2')).toMatchObject({ statements: [{ kind: 'let' }] })
  })

  it('the span goes from the first token to the last', () => {
    expect(query('// c\nlet a = 1;\nT | take a ; ').span).toEqual({ start: 5, end: 28 })
  })
})

describe('let', () => {
  it.each([
    ['let a = 1', { kind: 'literal', value: 1n }],
    ['let a = T | where b', { kind: 'pipe' }],
    ['let a = (T | where b) | count', { kind: 'pipe', source: { kind: 'pipe' } }],
    ['let a = print 1', { kind: 'print' }],
    ['let a = datatable(b: long)[1]', { kind: 'datatable' }],
    ['let a = dynamic([1])', { kind: 'literal', type: 'dynamic' }],
    ['let a = (b)', { kind: 'name' }],
    ['let a = (b) + 1', { kind: 'binary' }],
    [
      'let a = materialize(T | count)',
      { kind: 'call', callee: { name: 'materialize' }, arguments: [{ kind: 'pipe' }] },
    ],
    ['let a = toscalar(T | count) + 1', { kind: 'binary', left: { kind: 'call' } }],
  ])('%s', (text, value) => {
    expect(query(text).statements).toMatchObject([{ kind: 'let', name: { name: 'a' }, value }])
  })

  it("takes bracketed names: let ['a b']", () => {
    expect(query("let ['a b'] = 1").statements).toMatchObject([{ name: { name: 'a b' } }])
  })

  it('a table may be called let', () => {
    expect(query('let | count')).toMatchObject({ statements: [], expression: { kind: 'pipe' } })
  })
})

describe('functions', () => {
  it.each([
    ['() { 1 }', { view: false, parameters: [], body: { expression: { kind: 'literal' } } }],
    ['view () { T }', { view: true, parameters: [] }],
    ['() { T; }', { body: { expression: { kind: 'name' } } }],
    ['() { }', { body: { statements: [] } }],
    [
      "(a: long, b: string = 'x', c: dynamic = dynamic([1])) { a }",
      {
        parameters: [
          { name: { name: 'a' }, type: 'long' },
          { name: { name: 'b' }, type: 'string', default: { value: 'x' } },
          { name: { name: 'c' }, type: 'dynamic', default: { value: [1] } },
        ],
      },
    ],
    [
      '(T: (*), U: (a: long, b: datetime), n: int = -1) { T | take n }',
      {
        parameters: [
          { name: { name: 'T' }, type: { columns: '*' } },
          { type: { columns: [{ name: { name: 'a' }, type: 'long' }, { type: 'datetime' }] } },
          { type: 'int', default: { type: 'long', value: -1n } },
        ],
      },
    ],
    [
      '(a: long) { let b = a; let c = b; T | where x == c }',
      { body: { statements: [{ kind: 'let' }, { kind: 'let' }], expression: { kind: 'pipe' } } },
    ],
    ['() { let g = () { 1 }; g() }', { body: { statements: [{ value: { kind: 'function' } }] } }],
  ])('%s', (text, value) => {
    expect(query(`let f = ${text};`).statements).toMatchObject([
      { kind: 'let', value: { kind: 'function', ...value } },
    ])
  })
})

describe('set and declare', () => {
  it.each([
    ['set notruncation', { kind: 'set', name: { name: 'notruncation' } }],
    ['set a = 5', { name: { name: 'a' }, value: { kind: 'literal', value: 5n } }],
    ['set a = b', { value: { kind: 'name' } }],
  ])('%s', (text, statement) => expect(query(text).statements).toMatchObject([statement]))

  it('declare query_parameters', () => {
    const text = "declare query_parameters(a: long, b: string = 'x'); print a"
    expect(query(text).statements).toMatchObject([
      {
        kind: 'declare',
        parameters: [
          { name: { name: 'a' }, type: 'long' },
          { name: { name: 'b' }, type: 'string', default: { value: 'x' } },
        ],
      },
    ])
  })

  it('declares patterns', () => {
    const text = `declare pattern p = (a: string)[b: string] { ('x').['y'] = { let z = T; z }; ("v").["w"] = { U }; }; declare pattern q; p('x').y`
    const { syntax, diagnostics } = parseQuery(text)
    expect(diagnostics).toEqual([])
    expect(syntax.statements).toMatchObject([
      {
        kind: 'pattern',
        name: { name: 'p' },
        parameters: [{ name: { name: 'a' }, type: 'string' }],
        path: { name: { name: 'b' } },
        matches: [
          {
            values: [{ value: 'x' }],
            path: { value: 'y' },
            body: { statements: [{ kind: 'let' }], expression: { kind: 'name', name: 'z' } },
          },
          { values: [{ value: 'v' }], path: { value: 'w' } },
        ],
      },
      { kind: 'pattern', name: { name: 'q' }, parameters: [], matches: [] },
    ])
    expect(syntax.expression).toMatchObject({ kind: 'member', target: { kind: 'call' } })
  })

  it.each([
    ["declare pattern p = (a: string) { ('x') = { T } }; print 1", 'KS005'],
    ["declare pattern p = () { ('x') = { T }; }; print 1", 'KS006'],
    ['declare pattern p = (a: string) { }; print 1', 'KS006'],
  ])('%s is reported once', (text, code) => {
    const { syntax, diagnostics } = parseQuery(text)
    expect(diagnostics).toMatchObject([{ code }])
    expect(syntax.expression).toMatchObject({ kind: 'print' })
  })

  it.each([
    ["alias database d = cluster('c').database('e'); print 1", 'alias'],
    ['restrict access to (T, U); print 1', 'restrict'],
  ])('%s is not supported', (text, word) => {
    const { syntax, diagnostics } = parseQuery(text)
    expect(diagnostics).toMatchObject([
      { code: 'KQL100', message: `The statement ${word} is not supported.` },
    ])
    expect(syntax.statements).toMatchObject([{ kind: 'unsupported' }])
    expect(syntax.expression).toMatchObject({ kind: 'print' })
  })

  it('gives all expressions but the last as statements, in their places', () => {
    const { syntax, diagnostics } = parseQuery('print 1; let a = 2; T | take a; print 3;')
    expect(diagnostics).toEqual([])
    expect(syntax.statements).toMatchObject([
      { kind: 'result', expression: { kind: 'print' }, span: { start: 0, end: 7 } },
      { kind: 'let', name: { name: 'a' } },
      { kind: 'result', expression: { kind: 'pipe' } },
    ])
    expect(syntax.expression).toMatchObject({ kind: 'print', span: { start: 32, end: 39 } })
  })

  it('management commands are not supported', () => {
    expect(parseQuery('.show tables').diagnostics).toMatchObject([{ code: 'KQL100' }])
  })
})
