import { describe, expect, it } from 'vitest'
import { loadFunctions } from '../../../src/rules/load-functions.ts'
import { SourceText } from '../../../src/text/source-text.ts'

const load = (...lines: string[]) => {
  const [only, ...others] = loadFunctions(new SourceText(lines.join('\n'), 'f.yaml'))
  expect(others).toEqual([])
  return only
}

describe('loadFunction', () => {
  it('reads the parser of a solution', () => {
    const { parts, names, diagnostics, isFunction } = load(
      'id: 1',
      'Function:',
      '  Title: Parser for Things',
      'FunctionName: ThingEvent',
      'FunctionAlias: Thing',
      'FunctionQuery: |',
      '    T_CL',
      '    | take 1',
    )
    expect({ names, diagnostics, isFunction }).toEqual({
      names: ['ThingEvent', 'Thing'],
      diagnostics: [],
      isFunction: true,
    })
    expect(parts).toMatchObject({ name: 'ThingEvent', body: { text: 'T_CL\n| take 1\n' } })
    expect(parts?.parameters).toBeUndefined()
  })

  it('reads the parameters of an ASIM parser, the texts among them without quotes', () => {
    const { parts, names } = load(
      'ParserName: imThing',
      'EquivalentBuiltInParser: _Im_Thing',
      'ParserParams:',
      '  - { Name: starttime, Type: datetime, Default: datetime(null) }',
      "  - { Name: who, Type: string, Default: '*' }",
      '  - { Name: quoted, Type: string, Default: "\\"a\\"" }',
      "  - { Name: list, Type: dynamic, Default: 'dynamic([])' }",
      '  - { Name: off, Type: bool, Default: false }',
      '  - { Name: n, Type: int }',
      '  - { Name: T, Type: table }',
      '  - { Name: U, Type: "table:(x:long)" }',
      'ParserQuery: print 1',
    )
    expect(names).toEqual(['imThing', '_Im_Thing'])
    expect(parts?.parameters?.text).toBe(
      'starttime:datetime=datetime(null), who:string="*", quoted:string="a", ' +
        'list:dynamic=dynamic([]), off:bool=false, n:int, T:(*), U:(x:long)',
    )
  })

  it('knows where the query and the parameters stand', () => {
    const text = [
      'FunctionName: F',
      'FunctionParameters: "x:long"',
      'FunctionQuery: |',
      '  print x',
    ]
    const { parts } = load(...text)
    const file = text.join('\n')
    const place = parts?.body.toSource({ start: 6, end: 7 })
    expect(place?.start).toBe(file.lastIndexOf('x'))
    expect(parts?.parameters?.toSource({ start: 0, end: 1 }).start).toBe(file.indexOf('x:long'))
  })

  it.each([
    [['FunctionQuery: print 1'], /no name/],
    [['FunctionName: F', 'FunctionQuery: [1]'], /is a text/],
    [['FunctionName: F', 'FunctionParams: 1', 'FunctionQuery: print 1'], /are a list/],
    [
      ['FunctionName: F', 'FunctionParams: [{ Name: a }]', 'FunctionQuery: print 1'],
      /Name and a Type/,
    ],
    [['FunctionQuery: "print 1'], /quote/],
  ])('refuses %j', (text, message) => {
    const { parts, diagnostics, isFunction } = load(...text)
    expect(parts).toBeUndefined()
    expect(isFunction).toBe(true)
    expect(diagnostics.map(({ code }) => code)).toContain('KQL121')
    expect(diagnostics[0]?.message).toMatch(message)
  })

  it.each([[['query: print 1', 'id: x']], [['- a']], [['']], [['{"a":1}', '{"a":2}']]])(
    'passes over %j',
    text => {
      expect(load(...text)).toMatchObject({ parts: undefined, isFunction: false, diagnostics: [] })
    },
  )
})

describe('functions of Azure Resource Manager', () => {
  const saved = (alias: string, more: Record<string, unknown> = {}) => ({
    type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
    name: "[concat(parameters('workspace'), '/x')]",
    properties: {
      displayName: 'x',
      category: 'x',
      FunctionAlias: alias,
      query: 'print x',
      ...more,
    },
  })
  const namesIn = (root: unknown) => {
    const found = loadFunctions(new SourceText(JSON.stringify(root), 'f.json'))
    expect(found.flatMap(({ diagnostics }) => diagnostics)).toEqual([])
    return found.flatMap(({ names }) => names)
  }
  const hunting = { properties: { displayName: 'h', query: 'print 1' } }

  it.each([
    ['a template', { resources: [saved('f'), hunting, saved('g')] }, ['f', 'g']],
    ['a resource', saved('f'), ['f']],
    ['a list of the API', { value: [saved('f')] }, ['f']],
    ['a resource below a workspace', { resources: [{ resources: [saved('f')] }] }, ['f']],
    [
      'a package of the content hub',
      { resources: [{ properties: { mainTemplate: { resources: [saved('f')] } } }, saved('f')] },
      ['f', 'f'],
    ],
    [
      'a nested deployment',
      { resources: [{ properties: { template: { resources: [saved('f')] } } }] },
      ['f'],
    ],
    ['a template without any', { resources: [hunting, saved('')] }, []],
  ])('are read from %s', (_, root, names) => {
    expect(namesIn(root)).toEqual(names)
  })

  it('have their parameters and their places', () => {
    const text = JSON.stringify({
      resources: [saved('f', { functionParameters: 'x:long=1, T:(a:string)' })],
    })
    const [{ parts }] = loadFunctions(new SourceText(text, 'f.json'))
    expect(parts).toMatchObject({ name: 'f', body: { text: 'print x' } })
    expect(parts?.parameters?.text).toBe('x:long=1, T:(a:string)')
    expect(parts?.body.toSource({ start: 0, end: 5 }).start).toBe(text.indexOf('print'))
  })

  it.each([
    [saved("[variables('alias')]"), /is an expression of the template/],
    [{ properties: { functionAlias: 'f', query: 1 } }, /is a text/],
  ])('are refused where they have no name or text: %j', (root, message) => {
    const [{ parts, isFunction, diagnostics }] = loadFunctions(
      new SourceText(JSON.stringify(root), 'f.json'),
    )
    expect({ parts, isFunction }).toEqual({ parts: undefined, isFunction: true })
    expect(diagnostics[0]?.message).toMatch(message)
  })
})
