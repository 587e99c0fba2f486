import { describe, expect, it } from 'vitest'
import { loadFunction } from '../../../src/rules/load-functions.ts'
import { SourceText } from '../../../src/text/source-text.ts'

const load = (...lines: string[]) => loadFunction(new SourceText(lines.join('\n'), 'f.yaml'))

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

  it.each([[['query: print 1', 'id: x']], [['- a']], [['']]])('passes over %j', text => {
    expect(load(...text)).toMatchObject({ parts: undefined, isFunction: false })
  })
})
