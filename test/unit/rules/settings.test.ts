import { describe, expect, it } from 'vitest'
import { checkSettings } from '../../../src/rules/check-settings.ts'
import { IDENTIFIERS, REQUIRED_IDENTIFIERS } from '../../../src/rules/entity-types.ts'
import { loadRule } from '../../../src/rules/load-rule.ts'
import { readSettings } from '../../../src/rules/read-settings.ts'
import { DiagnosticBag } from '../../../src/text/diagnostic.ts'
import type { Schema } from '../../../src/types/schema.ts'

const RESULT: Schema = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'user', type: 'string' },
  { name: 'ip', type: 'string' },
]

const HEAD = [
  'name: r',
  'kind: Scheduled',
  'severity: High',
  'queryFrequency: 1h',
  'queryPeriod: 1h',
  'query: T',
]

function settingsOf(lines: readonly string[]) {
  const text = `${lines.join('\n')}\n`
  const { rule } = loadRule(text)
  if (rule === undefined) throw new Error('the rule is broken')
  const bag = new DiagnosticBag()
  return { text, rule, settings: readSettings(rule, bag), bag }
}

/** What is wrong with a rule: code, the text of the file that it is about, and the message. */
function faults(lines: readonly string[], result: Schema = RESULT): string[] {
  const { text, rule, settings, bag } = settingsOf(lines)
  return [...bag.items, ...checkSettings(rule, settings, result)].map(
    ({ code, span, message }) => `${code} ${text.slice(span.start, span.end)}: ${message}`,
  )
}

const added = (...lines: string[]) => faults([...HEAD, ...lines])

describe('the settings of a rule', () => {
  it('have the defaults of Sentinel', () => {
    expect(settingsOf(HEAD).settings).toEqual({
      enabled: true,
      entityMappings: [],
      customDetails: [],
      alertDetails: { dynamicProperties: [] },
      eventGrouping: 'SingleAlert',
      createIncident: true,
      severity: 'High',
    })
    expect(faults(HEAD)).toEqual([])
  })

  it('are read where they are set', () => {
    const { settings, bag } = settingsOf([
      ...HEAD,
      'suppressionEnabled: true',
      'suppressionDuration: PT5H',
      'eventGroupingSettings: { aggregationKind: alertPerResult }',
      'incidentConfiguration:',
      '  createIncident: true',
      '  groupingConfiguration:',
      '    enabled: true',
      '    matchingMethod: Selected',
      '    groupByEntities: [Account]',
      'entityMappings:',
      '  - entityType: Account',
      '    fieldMappings: [{ identifier: Name, columnName: user }]',
      'customDetails: { Who: user }',
      'alertDetailsOverride:',
      '  alertDisplayNameFormat: "{{user}}"',
      '  alertSeverityColumnName: ""',
      '  alertDynamicProperties: [{ alertProperty: ProductName, value: ip }]',
    ])
    expect(bag.items).toEqual([])
    expect(settings).toMatchObject({
      suppression: 180_000_000_000n,
      eventGrouping: 'AlertPerResult',
      grouping: { lookback: 180_000_000_000n, matchingMethod: 'Selected', entities: ['Account'] },
      entityMappings: [
        { entityType: 'Account', fieldMappings: [{ identifier: 'Name', columnName: 'user' }] },
      ],
      customDetails: [{ key: 'Who', columnName: 'user' }],
      alertDetails: {
        displayNameFormat: '{{user}}',
        dynamicProperties: [{ property: 'ProductName', columnName: 'ip' }],
      },
    })
    expect(settings.alertDetails.severityColumn).toBeUndefined()
  })

  it('do not take a key for what every object has', () => {
    expect(added('customDetails: { __proto__: user, constructor: ip }')).toEqual([
      expect.stringMatching(/^KQL404 __proto__: /),
    ])
  })

  it('do not take an entity for what every object has', () => {
    const mapping =
      '{ entityType: constructor, fieldMappings: [{ identifier: n, columnName: ip }] }'
    expect(added(`entityMappings: [${mapping}]`)).toEqual([
      'KQL405 constructor: `constructor` is no type of entities.',
    ])
  })

  it('are said to be mistaken with what may be meant', () => {
    const { rule, settings } = settingsOf([
      ...HEAD,
      'entityMappings:',
      '  - entityType: account',
      '    fieldMappings: [{ identifier: Name, columnName: user }]',
      '  - entityType: IP',
      '    fieldMappings:',
      '      - { identifier: Adress, columnName: ip }',
      '      - { identifier: Address, columnName: Ip }',
    ])
    const hints = checkSettings(rule, settings, RESULT).map(({ message, hint }) => [message, hint])
    expect(hints).toEqual([
      ['`account` is no type of entities.', 'Did you mean `Account`?'],
      ['IP has no identifier `Adress`.', 'Did you mean `Address`?'],
      ['The result of the query has no column `Ip`.', 'Did you mean `ip`?'],
    ])
  })

  it.each([
    ['eventGroupingSettings: { aggregationKind: Each }', 'KQL402 Each'],
    ['suppressionEnabled: maybe', 'KQL402 maybe'],
    ['suppressionDuration: -5h', 'KQL402 -5h'],
    ['suppressionEnabled: true', 'KQL404 suppressionEnabled'],
    ['entityMappings: Account', 'KQL402 Account'],
    ['customDetails: [user]', 'KQL402 [user]'],
    ['eventGroupingSettings: AlertPerResult', 'KQL402 AlertPerResult'],
    ['alertDetailsOverride: [user]', 'KQL402 [user]'],
    ['incidentConfiguration: false', 'KQL402 false'],
    ['incidentConfiguration: { groupingConfiguration: true }', 'KQL402 true'],
  ])('are refused at their place: %s', (line, expected) => {
    expect(added(line).map(fault => fault.slice(0, fault.indexOf(': ')))).toEqual([expected])
  })
})

describe('the check of settings', () => {
  it.each(['enabled: false', 'enabled: False', 'enabled: "false"'])('tells of %s', line => {
    expect(added(line)).toEqual([
      `KQL409 ${line.slice('enabled: '.length)}: The rule is disabled: Sentinel does not run it.`,
    ])
  })

  it('says nothing of a rule that is enabled', () => {
    expect(added('enabled: true')).toEqual([])
  })

  it('knows which properties of an alert a rule may set', () => {
    const setting = (property: string) =>
      added(
        'alertDetailsOverride:',
        `  alertDynamicProperties: [{ alertProperty: ${property}, value: ip }]`,
      )
    expect(setting('Techniques')).toEqual([])
    expect(setting('alertLink')).toEqual([
      'KQL405 alertLink: A rule cannot set `alertLink` of its alerts; it can set AlertLink, ConfidenceLevel, ConfidenceScore, ExtendedLinks, ProductComponentName, ProductName, ProviderName, RemediationSteps, Techniques.',
    ])
  })

  it.each([
    ['queryFrequency: 1m', /^KQL404 1m: `queryFrequency` is from 5 minutes to 14 days/],
    ['queryFrequency: 2h', /^KQL404 1h: queryPeriod is shorter than queryFrequency/],
  ])('knows the limits of a schedule: %s', (line, expected) => {
    const lines = HEAD.map(head => (head.startsWith('queryFrequency') ? line : head))
    expect(faults(lines)).toEqual([expect.stringMatching(expected)])
  })

  it('wants an hour between runs over long periods', () => {
    const lines = HEAD.map(line =>
      line
        .replace('queryPeriod: 1h', 'queryPeriod: 2d')
        .replace('queryFrequency: 1h', 'queryFrequency: 30m'),
    )
    expect(faults(lines)).toEqual([
      'KQL404 30m: A queryPeriod of 2 days or more needs a queryFrequency of 1 hour or more.',
    ])
  })

  it('looks for columns in the result of the query', () => {
    expect(
      added(
        'customDetails: { Who: usr }',
        'alertDetailsOverride: { alertDisplayNameFormat: "{{ip}} {{who}}", alertTacticsColumnName: t }',
        'entityMappings:',
        '  - entityType: IP',
        '    fieldMappings: [{ identifier: Address, columnName: address }]',
      ).map(fault => fault.slice(fault.indexOf(': ') + 2)),
    ).toEqual([
      'The result of the query has no column `address`.',
      'The result of the query has no column `usr`.',
      'The result of the query has no column `who`.',
      'The result of the query has no column `t`.',
    ])
  })

  it('knows entities and their identifiers', () => {
    const mapping = (type: string, ...fields: string[]) =>
      added(
        'entityMappings:',
        `  - entityType: ${type}`,
        `    fieldMappings: [${fields.map(id => `{ identifier: ${id}, columnName: user }`).join(', ')}]`,
      ).map(fault => fault.slice(0, fault.indexOf(': ')))
    expect(mapping('Account', 'Name', 'Sid')).toEqual([])
    expect(mapping('Person', 'Name')).toEqual(['KQL405 Person'])
    expect(mapping('Account', 'Name', 'Address')).toEqual(['KQL405 Address'])
    expect(mapping('Account', 'Name', 'Name')).toEqual(['KQL405 Name'])
    expect(mapping('Account', 'Name', 'Sid', 'PUID', 'NTDomain')[0]).toMatch(/^KQL404/)
    expect(mapping('FileHash', 'Value')[0]).toMatch(/^KQL405 entityType/)
    for (const [type, sets] of Object.entries(REQUIRED_IDENTIFIERS)) {
      for (const identifier of sets.flat()) expect(IDENTIFIERS[type]).toContain(identifier)
    }
  })

  it('knows the limits of details', () => {
    const key = 'MinutesSincePIMActivation'
    expect(added(`customDetails: { ${key}: user }`)).toEqual([
      `KQL404 ${key}: The key \`${key}\` has 25 characters; it may have 20.`,
    ])
    expect(added('customDetails: { 1st: user }')[0]).toMatch(/^KQL404 1st: /)
    expect(
      added('alertDetailsOverride: { alertDisplayNameFormat: "{{ip}}{{ip}}{{ip}}{{user}}" }')[0],
    ).toMatch(/has 4 placeholders; at most 3 are allowed/)
  })

  it('says which settings have no effect', () => {
    const grouping = (...lines: string[]) =>
      added(
        'incidentConfiguration:',
        '  createIncident: true',
        '  groupingConfiguration:',
        '    enabled: true',
        ...lines.map(line => `    ${line}`),
      )
    expect(grouping('matchingMethod: AnyAlert', 'groupByEntities: [Account]')).toEqual([
      'KQL406 groupByEntities: `groupByEntities` has no effect: matchingMethod is AnyAlert, not Selected.',
    ])
    expect(grouping('matchingMethod: AnyAlert', 'groupByEntities: []')).toEqual([])
    expect(grouping('matchingMethod: Selected')[0]).toMatch(/needs something to group by/)
    expect(grouping('matchingMethod: Selected', 'groupByEntities: [Account]')[0]).toMatch(
      /^KQL405 Account: `Account` is not mapped/,
    )
    expect(grouping('matchingMethod: AnyAlert', 'lookbackDuration: 1m')[0]).toMatch(/^KQL404 1m/)
  })

  it('knows what of alerts they may be grouped by', () => {
    const { settings, bag } = settingsOf([
      ...HEAD,
      'incidentConfiguration:',
      '  groupingConfiguration:',
      '    enabled: true',
      '    matchingMethod: Selected',
      '    groupByAlertDetails: [displayName, Title, Severity]',
    ])
    expect(settings.grouping?.alertDetails).toEqual(['DisplayName', 'Severity'])
    expect(bag.items.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'KQL402 The field `groupByAlertDetails` is one of DisplayName, Severity.',
    ])
  })

  it('misses TimeGenerated in the result', () => {
    expect(faults(HEAD, [{ name: 'user', type: 'string' }])).toEqual([
      'KQL407 query: The result has no TimeGenerated: alerts begin and end with the window of the run.',
    ])
    expect(faults(HEAD, [{ name: 'TimeGenerated', type: 'long' }])).toEqual([
      'KQL407 query: TimeGenerated of the result is no datetime, but long: alerts begin and end with the window of the run.',
    ])
  })
})
