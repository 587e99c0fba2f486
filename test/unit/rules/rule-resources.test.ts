import { describe, expect, it } from 'vitest'
import { loadRule, loadRules } from '../../../src/rules/load-rule.ts'
import { readSettings } from '../../../src/rules/read-settings.ts'
import { DiagnosticBag } from '../../../src/text/diagnostic.ts'

const GUID = '0f0e0d0c-1111-4222-8333-444455556666'

const properties = {
  displayName: 'A rule of a template',
  description: 'd',
  severity: 'High',
  enabled: true,
  queryFrequency: 'PT1H',
  queryPeriod: 'P1DT30M',
  triggerOperator: 'GreaterThan',
  triggerThreshold: 2,
  suppressionDuration: 'PT5H',
  suppressionEnabled: false,
  tactics: ['Impact'],
  techniques: ['T1485'],
  templateVersion: '1.0.2',
  query: 'SigninLogs\n| where ResultTyp == 0',
  eventGroupingSettings: { aggregationKind: 'AlertPerResult' },
}

const resource = {
  type: 'Microsoft.OperationalInsights/workspaces/providers/alertRules',
  name: `[concat(parameters('workspace'),'/Microsoft.SecurityInsights/${GUID}')]`,
  kind: 'Scheduled',
  properties,
}

describe('rules of Azure Resource Manager', () => {
  it('are refused where one is wanted and there are several', () => {
    const { rule, diagnostics } = loadRule(JSON.stringify({ resources: [resource, resource] }))
    expect(rule).toBeUndefined()
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'KQL401 The file holds 2 rules, where one is wanted.',
    ])
    expect(loadRule(JSON.stringify({ resources: [resource] })).rule?.id).toBe(GUID)
  })

  it.each([
    ['a template', { resources: [resource, { type: 'other', properties: {} }] }],
    ['a list of the API', { value: [{ ...resource, name: GUID }] }],
    ['a resource', resource],
    ['a template with names of its resources', { resources: { rule: resource, 'other-1': {} } }],
    [
      'a package of the content hub',
      {
        resources: [
          { type: 'Microsoft.OperationalInsights/workspaces', properties: {} },
          {
            type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
            properties: {
              displayName: 'A template',
              mainTemplate: {
                parameters: {},
                resources: [
                  { ...resource, type: 'Microsoft.SecurityInsights/AlertRuleTemplates' },
                  { type: 'Microsoft.OperationalInsights/workspaces/providers/metadata' },
                ],
              },
            },
          },
        ],
      },
    ],
    [
      'a nested deployment',
      {
        resources: [
          {
            type: 'Microsoft.Resources/deployments',
            properties: { mode: 'Incremental', template: { resources: [resource] } },
          },
        ],
      },
    ],
    [
      'a resource of a resource',
      { resources: [{ type: 'Microsoft.OperationalInsights/workspaces', resources: [resource] }] },
    ],
  ])('are read from %s', (_, document) => {
    const loaded = loadRules(JSON.stringify(document, undefined, 2))
    expect(loaded.map(({ isRule, diagnostics }) => [isRule, diagnostics])).toEqual([[true, []]])
    const rule = loaded[0].rule
    expect(rule).toMatchObject({
      id: GUID,
      name: 'A rule of a template',
      kind: 'Scheduled',
      severity: 'High',
      version: '1.0.2',
      queryFrequency: 36_000_000_000n,
      queryPeriod: 864_000_000_000n + 18_000_000_000n,
      triggerOperator: 'gt',
      triggerThreshold: 2,
      tactics: ['Impact'],
      relevantTechniques: ['T1485'],
    })
    if (rule === undefined) throw new Error('no rule')
    const settings = readSettings(rule, new DiagnosticBag())
    expect(settings).toMatchObject({ eventGrouping: 'AlertPerResult' })
    expect(settings.suppression).toBeUndefined()
  })

  it('are there beside the resources that belong to them', () => {
    const own = { ...resource, resources: [{ type: 'metadata', properties: {} }] }
    expect(loadRules(JSON.stringify({ resources: [own] }))[0].rule?.id).toBe(GUID)
  })

  it('are hunting queries among saved searches, and not functions', () => {
    const search = (properties: object) => ({
      type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
      properties: { query: 'SigninLogs', ...properties },
    })
    const hunting = search({ category: 'Hunting Queries', displayName: 'A hunt' })
    const parser = search({ displayName: 'A parser', functionAlias: 'vimSomething' })
    const asim = search({ displayName: 'A parser', FunctionAlias: 'imSomething' })
    const resources = [parser, asim, hunting]
    const loaded = loadRules(JSON.stringify({ resources }))
    expect(loaded.map(({ rule }) => [rule?.name, rule?.kind])).toEqual([['A hunt', 'Hunting']])
  })

  it('keep the places of their fields and of the query', () => {
    const text = JSON.stringify({ resources: [resource] }, undefined, 2)
    const [{ rule }] = loadRules(text)
    const shown = (span: { start: number; end: number } | undefined) =>
      span && text.slice(span.start, span.end)
    expect(shown(rule?.place(['queryPeriod']))).toBe('"P1DT30M"')
    expect(shown(rule?.place(['name'], 'key'))).toBe('"displayName"')
    const at = rule?.query.text.indexOf('ResultTyp') ?? 0
    expect(shown(rule?.query.toFile({ start: at, end: at + 9 }))).toBe('ResultTyp')
  })

  it('are several in one file, each with its own faults', () => {
    const broken = { ...resource, properties: { ...properties, query: ' ', displayName: 'b' } }
    const loaded = loadRules(JSON.stringify({ resources: [resource, broken] }))
    expect(loaded.map(({ rule }) => rule?.name)).toEqual(['A rule of a template', undefined])
    expect(loaded[1]?.diagnostics.map(({ code }) => code)).toEqual(['KQL401'])
  })

  it('do not take a rule file for one, nor what has no query', () => {
    expect(loadRules('name: x\nproperties: 1\nquery: T\n')[0].rule?.name).toBe('x')
    expect(loadRules('{"resources":[{"properties":{"displayName":"x"}}]}')[0].isRule).toBe(false)
  })

  it.each([
    ['a list without rules', { value: [] }],
    [
      'a template of other rules',
      { resources: [{ kind: 'Fusion', properties: { enabled: true } }] },
    ],
    ['a template of templates', { resources: [{ properties: {} }, { resources: [] }] }],
  ])('are missed in %s', (_, document) => {
    const [{ rule, isRule, diagnostics }] = loadRules(JSON.stringify(document))
    expect({ rule, isRule }).toEqual({ rule: undefined, isRule: false })
    expect(diagnostics.map(({ code, message, hint }) => [code, message, hint])).toEqual([
      ['KQL401', 'It holds no scheduled or NRT rule.', undefined],
    ])
  })

  it('are not what a rule without a query lists', () => {
    const [{ diagnostics }] = loadRules('name: x\nkind: Scheduled\nquery: 1\nvalue: []\n')
    expect(diagnostics.map(({ message }) => message)).toEqual(['The query of a rule is a text.'])
  })
})
