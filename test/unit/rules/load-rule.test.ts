import { describe, expect, it } from 'vitest'
import { loadRule } from '../../../src/rules/load-rule.ts'
import { diagnosticInFile, type Rule } from '../../../src/rules/rule.ts'
import { SourceText } from '../../../src/text/source-text.ts'

function load(text: string): Rule {
  const { rule, diagnostics } = loadRule(text)
  if (rule === undefined) throw new Error(JSON.stringify(diagnostics))
  return rule
}

const SCHEDULED = `id: 11111111-2222-3333-4444-555555555555
name: Odd sign-ins
version: 1.0
kind: scheduled
severity: medium
description: |
  Two lines
  of text.
queryFrequency: 1h
queryPeriod: PT2H
triggerOperator: GreaterThan
triggerThreshold: 3
tactics: [Persistence]
relevantTechniques:
  - T1078
query: |
  SigninLogs
  | take 1
entityMappings:
  - entityType: Account
    fieldMappings:
      - identifier: FullName
        columnName: UserPrincipalName
`

describe('loadRule', () => {
  it('reads the fields of a scheduled rule', () => {
    const rule = load(SCHEDULED)
    const { query, fields, place: _, ...rest } = rule
    expect(rest).toEqual({
      id: '11111111-2222-3333-4444-555555555555',
      name: 'Odd sign-ins',
      version: '1.0',
      kind: 'Scheduled',
      severity: 'Medium',
      description: 'Two lines\nof text.\n',
      queryFrequency: 36_000_000_000n,
      queryPeriod: 72_000_000_000n,
      triggerOperator: 'gt',
      triggerThreshold: 3,
      tactics: ['Persistence'],
      relevantTechniques: ['T1078'],
    })
    expect(query.text).toBe('SigninLogs\n| take 1\n')
    expect(fields['entityMappings']).toEqual([
      {
        entityType: 'Account',
        fieldMappings: [{ identifier: 'FullName', columnName: 'UserPrincipalName' }],
      },
    ])
  })

  it('takes a rule without a kind for a hunting query', () => {
    const rule = load('name: n\nquery: print 1\n')
    expect(rule.kind).toBe('Hunting')
    expect(rule.severity).toBeUndefined()
    expect(rule.id).toBeUndefined()
  })

  it('calls a rule without a name by its id', () => {
    expect(load('id: abc\nquery: print 1\n').name).toBe('abc')
  })

  it('follows an alias to the query', () => {
    expect(load('base: &q print 1\nname: n\nquery: *q\n').query.text).toBe('print 1')
  })

  it('says of several documents that there may be one', () => {
    const { diagnostics } = loadRule('name: a\nquery: print 1\n---\nname: b\nquery: print 2\n')
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'KQL400 A second document begins here; a file has one.',
    ])
  })

  it('keeps a field named __proto__ as a field', () => {
    const { fields } = load('name: n\nquery: print 1\n__proto__: {polluted: true}\n')
    expect(Object.hasOwn(fields, '__proto__')).toBe(true)
    expect(Object.hasOwn({}, 'polluted')).toBe(false)
  })

  it.each([
    ['severity: Critical', 'The field `severity` is one of'],
    ['kind: Fusion', 'The field `kind` is one of'],
    ['queryPeriod: soon', 'The field `queryPeriod` is a duration'],
    ['queryPeriod: -1h', 'The field `queryPeriod` is a duration'],
    ['queryFrequency: PT0S', 'The field `queryFrequency` is a duration'],
    ['triggerOperator: above', 'The field `triggerOperator` is one of'],
    ['triggerThreshold: -1', 'The field `triggerThreshold` is a whole number'],
    ['triggerThreshold: true', 'The field `triggerThreshold` is a whole number, not true.'],
    ['triggerThreshold: ""', 'The field `triggerThreshold` is a whole number'],
    ['triggerThreshold: [3]', 'The field `triggerThreshold` is a whole number, not a list.'],
    ['triggerOperator: [lt]', 'The field `triggerOperator` is one of gt, lt, eq, ne, not a list.'],
    ['queryFrequency: {hours: 1}', 'The field `queryFrequency` is a duration'],
    ['severity: [High]', 'The field `severity` is one of'],
    ['kind: [NRT]', 'The field `kind` is one of'],
    ['tactics: {a: 1}', 'The field `tactics` is a list'],
    ['description: [a]', 'The field `description` is a text'],
  ])('warns of %s and loads the rule', (line, message) => {
    const text = `name: n\nquery: print 1\n${line}\n`
    const { rule, diagnostics } = loadRule(text)
    expect(rule).toBeDefined()
    expect(diagnostics).toHaveLength(1)
    const [diagnostic] = diagnostics
    expect(diagnostic?.code).toBe('KQL402')
    expect(diagnostic?.severity).toBe('warning')
    expect(diagnostic?.message).toContain(message)
    const { start = 0, end = 0 } = diagnostic?.span ?? {}
    expect(text.slice(start, end)).toBe(line.replace(/^\w+: /, ''))
  })

  it('has no tactics and techniques where items of their lists are empty', () => {
    const lists = 'tactics: [Impact, ~]\nrelevantTechniques:\n  -\n  - T1078\n  - 7\n'
    const { rule, diagnostics } = loadRule(`name: n\nquery: print 1\n${lists}`)
    expect(diagnostics).toEqual([])
    expect(rule?.tactics).toEqual(['Impact'])
    expect(rule?.relevantTechniques).toEqual(['T1078', '7'])
  })

  it.each([
    ['', 'KQL401'],
    ['just text', 'KQL401'],
    ['- a\n- b\n', 'KQL401'],
    ['name: n\n', 'KQL401'],
    ['query: print 1\n', 'KQL401'],
    ['name: n\nquery: ""\n', 'KQL401'],
    ['name: n\nquery:\n', 'KQL402'],
    ['name: n\nquery: [print 1]\n', 'KQL402'],
    ['name: n\nquery: 1\n', 'KQL402'],
    ['name: n\nname: m\nquery: print 1\n', 'KQL400'],
    ['name: n\nquery: |\n  print 1\n bad: [\n', 'KQL400'],
    ['name: n\nquery: "print 1\n', 'KQL400'],
    ['a: 1\n---\nb: 2\n', 'KQL400'],
    ['name: *nobody\nquery: print 1\n', 'KQL400'],
  ])('reports %j as %s', (text, code) => {
    const { rule, diagnostics } = loadRule(text)
    expect(rule).toBeUndefined()
    expect(diagnostics.map(item => item.code)).toContain(code)
    for (const { span, severity } of diagnostics) {
      expect(severity).toBe('error')
      expect(span.start).toBeGreaterThanOrEqual(0)
      expect(span.end).toBeLessThanOrEqual(Math.max(text.length, 1))
    }
  })

  it('refuses aliases that would grow without bound', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let k = 1; k < 9; k++) {
      const list = Array.from({ length: 10 }, () => `*a${k - 1}`).join(', ')
      lines.push(`a${k}: &a${k} [${list}]`)
    }
    const { diagnostics } = loadRule(`${lines.join('\n')}\nname: n\nquery: print 1\n`)
    expect(diagnostics.map(item => item.code)).toEqual(['KQL400'])
  })

  it.each([
    ['name: n\nquery: print 1\n', true],
    ['name: n\nkind: Scheduled\n', true],
    ['id: n\nquery: "print\n', true],
    ['name: n\nservices: {}\n', false],
    ['query: print 1\n', false],
    ['- 1\n', false],
    ['a: [\n', false],
  ])('tells whether %j is meant to be a rule: %s', (text, isRule) => {
    expect(loadRule(text).isRule).toBe(isRule)
  })
})

/** The text in the file at the place of a word of the query. */
function placed(file: string, word: string): { text: string; line: number; column: number } {
  const { query } = load(file)
  const start = query.text.indexOf(word)
  const span = query.toFile({ start, end: start + word.length })
  const { line, column } = new SourceText(file).positionAt(span.start)
  return { text: file.slice(span.start, span.end), line, column }
}

describe('the place of a query in its file', () => {
  it.each([
    ['a literal block', 'name: n\nquery: |\n  T\n  | where\n      Usr == 1\n', 5, 7],
    ['a block with CRLF', 'name: n\r\nquery: |\r\n  T\r\n  | where\r\n      Usr == 1\r\n', 5, 7],
    ['a block with a byte order mark', '\ufeffname: n\nquery: |\n  T\n\n  | where Usr\n', 5, 11],
    ['a block that keeps its end', 'name: n\nquery: |+\n  T | where Usr\n\n\nx: 1\n', 3, 13],
    ['a block of a given indentation', 'name: n\nquery: |2\n    T\n  | where Usr\n', 4, 11],
    ['a block after blank lines', 'name: n\nquery: |\n\n\n  T | where Usr\n', 5, 13],
    ['a block behind a comment', 'name: n\nquery: | # the query\n  T | where Usr', 3, 13],
    ['a folded block', 'name: n\nquery: >\n  T\n  | where\n\n  Usr == 1\n', 6, 3],
    ['a folded block with indented lines', 'name: n\nquery: >-\n  T\n    | where\n  Usr\n', 5, 3],
    ['a plain text', 'name: n\nquery: T | where Usr == 1\n', 2, 18],
    ['a plain text of two lines', 'name: n\nquery: T | where\n  Usr == 1\n', 3, 3],
    ['single quotes', "name: n\nquery: 'T | where a == ''x'' and Usr'\n", 2, 34],
    ['double quotes', 'name: n\nquery: "T\\n| where a == \\"\\u0041\\x41\\" and Usr"\n', 2, 44],
    ['double quotes of two lines', 'name: n\nquery: "T | where \\\n   Usr == 1"\n', 3, 4],
    ['double quotes folded', 'name: n\nquery: "T | where  \n\n   Usr == 1"\n', 4, 4],
    ['JSON', '{"name": "n", "query": "T\\n| where Usr"}', 1, 36],
  ])('is found in %s', (_, file, line, column) => {
    expect(placed(file, 'Usr')).toEqual({ text: 'Usr', line, column })
  })

  it('is exact for every character of a literal block', () => {
    const file = 'name: n\nquery: |\n  let a = "x  y";\n\n      T\t| where b\n'
    const { query } = load(file)
    for (let start = 0; start < query.text.length; start++) {
      const span = query.toFile({ start, end: start + 1 })
      expect(file.slice(span.start, span.end)).toBe(query.text[start])
    }
  })

  it('ends where the last character of the span ends', () => {
    const file = 'name: n\nquery: |\n  T\n  | where\n'
    const { query } = load(file)
    const span = query.toFile({ start: 0, end: query.text.indexOf('where') + 5 })
    expect(file.slice(span.start, span.end)).toBe('T\n  | where')
    const { length } = query.text
    const end = query.toFile({ start: length, end: length })
    expect(end.start).toBe(file.length)
  })

  it('is that of the anchor where the query is an alias', () => {
    expect(placed('base: &q T | where Usr\nname: n\nquery: *q\n', 'Usr')).toEqual({
      text: 'Usr',
      line: 1,
      column: 20,
    })
  })

  it('moves a diagnostic with all of its places', () => {
    const { query } = load('name: n\nquery: T | where Usr\n')
    const moved = diagnosticInFile(query, {
      code: 'KS142',
      severity: 'error',
      message: 'm',
      span: { start: 10, end: 13 },
      related: [{ message: 'r', span: { start: 0, end: 1 } }],
    })
    expect(moved.span).toEqual({ start: 25, end: 28 })
    expect(moved.related).toEqual([{ message: 'r', span: { start: 15, end: 16 } }])
  })
})
