import { describe, expect, it } from 'vitest'
import { clock, type Event, replayOf, scheduled } from './replay-of.ts'

const event = (TimeGenerated: string, user = 'ann', what = 'reset'): Event => ({
  TimeGenerated,
  user,
  what,
})

const PER_RESULT = 'eventGroupingSettings: { aggregationKind: AlertPerResult }'
const MAPPINGS = [
  'entityMappings:',
  '  - entityType: Account',
  '    fieldMappings: [{ identifier: Name, columnName: user }]',
  '  - entityType: DNS',
  '    fieldMappings: [{ identifier: DomainName, columnName: what }]',
  'customDetails: { Did: what }',
].join('\n')

function grouping(method: string, more = '', lookback = 'PT5H'): string {
  return [
    PER_RESULT,
    MAPPINGS,
    'incidentConfiguration:',
    '  createIncident: true',
    '  groupingConfiguration:',
    '    enabled: true',
    '    reopenClosedIncident: false',
    `    lookbackDuration: ${lookback}`,
    `    matchingMethod: ${method}`,
    more,
  ].join('\n')
}

/** The incidents as the minute of creation and the number of alerts. */
async function incidents(fields: string, events: readonly Event[]): Promise<string[]> {
  const { incidents: found } = await replayOf(scheduled('T', fields), events)
  return found.map(({ createdTime, alertIds }) => `${clock(createdTime)} ${alertIds.length}`)
}

describe('incidents', () => {
  it('are one an alert where nothing is grouped', async () => {
    expect(await incidents(PER_RESULT, [event('10:10'), event('10:20')])).toEqual([
      '11:05 1',
      '11:05 1',
    ])
  })

  it('are not made where they are not wanted', async () => {
    const fields = 'incidentConfiguration: { createIncident: false }'
    expect(await incidents(fields, [event('10:10')])).toEqual([])
  })

  it('take in any alert of the rule with AnyAlert', async () => {
    const events = [event('10:10', 'ann'), event('10:20', 'bob'), event('12:10', 'cid')]
    expect(await incidents(grouping('AnyAlert'), events)).toEqual(['11:05 3'])
  })

  it('take in alerts with equal entities with AllEntities', async () => {
    const events = [
      event('10:10', 'ann', 'a'),
      event('11:10', 'ann', 'b'),
      event('12:10', 'ann', 'a'),
      event('13:10', 'bob', 'a'),
    ]
    expect(await incidents(grouping('AllEntities'), events)).toEqual([
      '11:05 2',
      '12:05 1',
      '14:05 1',
    ])
  })

  it('take in what is equal of what Selected names', async () => {
    const events = [
      event('10:10', 'ann', 'a'),
      event('11:10', 'ann', 'b'),
      event('12:10', 'bob', 'b'),
    ]
    const by = (list: string) => incidents(grouping('Selected', `    ${list}`), events)
    expect(await by('groupByEntities: [Account]')).toEqual(['11:05 2', '13:05 1'])
    expect(await by('groupByCustomDetails: [Did]')).toEqual(['11:05 1', '12:05 2'])
    expect(await by('groupByAlertDetails: [DisplayName]')).toEqual(['11:05 3'])
  })

  it('take in alerts with the same values of a custom detail, whatever the order of their rows', async () => {
    const fields = grouping('Selected', '    groupByCustomDetails: [Did]').replace(PER_RESULT, '')
    const events = [
      event('10:10', 'ann', 'a'),
      event('10:20', 'ann', 'b'),
      event('11:10', 'ann', 'b'),
      event('11:20', 'ann', 'a'),
      event('12:10', 'ann', 'a'),
    ]
    expect(await incidents(fields, events)).toEqual(['11:05 2', '13:05 1'])
  })

  it.each([
    ['[Severity]', ['11:05 2', '12:05 1']],
    ['[severity, Title]', ['11:05 2', '12:05 1']],
    // It is no detail, so nothing tells the alerts apart.
    ['[Title]', ['11:05 3']],
  ])('take in what is of one severity where Selected names it: %s', async (details, expected) => {
    const fields = [
      grouping('Selected', `    groupByAlertDetails: ${details}`),
      'alertDetailsOverride: { alertSeverityColumnName: what }',
    ].join('\n')
    const severities = ['High', 'Medium', 'High']
    const events = severities.map((severity, index) => event(`1${index}:10`, 'ann', severity))
    expect(await incidents(fields, events)).toEqual(expected)
  })

  it('are closed to alerts longer after the first than the look-back', async () => {
    const events = ['10:10', '12:10', '14:10', '15:10'].map(time => event(time))
    // Alerts at 11:05, 13:05, 15:05 and 16:05: the third is 4 hours after the first, the last 5.
    expect(await incidents(grouping('AnyAlert'), events)).toEqual(['11:05 4'])
    expect(await incidents(grouping('AnyAlert', '', '4h'), events)).toEqual(['11:05 3', '16:05 1'])
    // It is from the first alert on, not from the last.
    expect(await incidents(grouping('AnyAlert', '', 'PT3H'), events)).toEqual([
      '11:05 2',
      '15:05 2',
    ])
  })

  it('of one moment are in the order of their alerts', async () => {
    const users = Array.from({ length: 12 }, (_, index) => `u${index}`)
    const fields = `${PER_RESULT}\nalertDetailsOverride: { alertDisplayNameFormat: '{{user}}' }`
    const { incidents: found } = await replayOf(
      scheduled('T', fields),
      users.map(user => event('10:10', user)),
    )
    expect(found.map(({ title }) => title)).toEqual(users)
    expect(found.map(({ number }) => number)).toEqual(users.map((_, index) => index + 1))
  })

  it('hold 150 alerts at most', async () => {
    const hour = (time: string) =>
      Array.from({ length: 100 }, (_, index) => event(time, `u${index}`))
    expect(await incidents(grouping('AnyAlert'), [...hour('10:10'), ...hour('11:10')])).toEqual([
      '11:05 150',
      '12:05 50',
    ])
  })

  it('are numbered as they are created, and have the highest severity', async () => {
    const fields = [
      grouping('AnyAlert', '', '1h'),
      'alertDetailsOverride: { alertSeverityColumnName: what }',
    ].join('\n')
    const { incidents: found } = await replayOf(scheduled('T', fields), [
      event('10:10', 'ann', 'Medium'),
      event('10:20', 'ann', 'High'),
      event('13:10', 'ann', 'Informational'),
    ])
    expect(found.map(({ number, severity }) => [number, severity])).toEqual([
      [1, 'High'],
      [2, 'Informational'],
    ])
  })
})
