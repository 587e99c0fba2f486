import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/index.ts'
import { scheduled } from './replay-of.ts'

const ID = '6f1f4c0e-0000-4000-8000-000000000001'
const at = (time: string) => ({ TimeGenerated: `2026-01-01T${time}:00Z`, ResultType: '1' })
/** Alerts at 11:05, 12:05 and 14:05. */
const SigninLogs = [at('10:10'), at('11:10'), at('13:10')]

const rule = (reopens: boolean, lookback = 'PT5H') =>
  scheduled(
    'SigninLogs',
    [
      'incidentConfiguration:',
      '  groupingConfiguration:',
      '    enabled: true',
      `    reopenClosedIncident: ${reopens}`,
      `    lookbackDuration: ${lookback}`,
      '    matchingMethod: AnyAlert',
    ].join('\n'),
  )

/** The incidents as the time of creation and the number of alerts. */
async function incidents(
  yaml: string,
  options: Partial<Parameters<typeof replay>[0]> = {},
): Promise<string[]> {
  const result = await replay({ rules: [yaml], tables: { SigninLogs }, ...options })
  return result.incidents.map(each => `${each.createdTime.slice(11, 16)} ${each.alertIds.length}`)
}

describe('an incident', () => {
  it('is never closed where nothing says so', async () => {
    expect(await incidents(rule(false))).toEqual(['11:05 3'])
  })

  it('takes no alert in once it is closed', async () => {
    // Two hours after its last alert, of 12:05, is the time of the next.
    expect(await incidents(rule(false), { closeIncidentsAfter: '2h' })).toEqual([
      '11:05 2',
      '14:05 1',
    ])
    expect(await incidents(rule(false), { closeIncidentsAfter: '121m' })).toEqual(['11:05 3'])
    expect(await incidents(rule(false), { closeIncidentsAfter: '0s' })).toEqual([
      '11:05 1',
      '12:05 1',
      '14:05 1',
    ])
  })

  it('is reopened by an alert where the rule says so, within the look-back', async () => {
    expect(await incidents(rule(true), { closeIncidentsAfter: '1h' })).toEqual(['11:05 3'])
    expect(await incidents(rule(true, 'PT2H'), { closeIncidentsAfter: '1h' })).toEqual([
      '11:05 2',
      '14:05 1',
    ])
  })
})

describe('a table SecurityIncident', () => {
  const state = (time: string, Status: string, more: Record<string, unknown> = {}) => ({
    TimeGenerated: `2026-01-01T${time}:00Z`,
    IncidentName: 'a',
    Title: 'The rule',
    Status,
    CreatedTime: '2026-01-01T11:05:30Z',
    RelatedAnalyticRuleIds: [ID],
    ...more,
  })
  const of = (...SecurityIncident: Record<string, unknown>[]) =>
    incidents(rule(false), { tables: { SigninLogs, SecurityIncident } })

  it('says when the incident of the rule, its title and its time was closed', async () => {
    expect(await of(state('11:06', 'New'), state('13:00', 'Closed'))).toEqual([
      '11:05 2',
      '14:05 1',
    ])
    expect(await of(state('11:06', 'New'), state('14:06', 'Closed'))).toEqual(['11:05 3'])
    // It was opened again before the alert.
    expect(await of(state('13:00', 'Closed'), state('13:30', 'Active'))).toEqual(['11:05 3'])
  })

  it.each([
    { Title: 'Another' },
    { RelatedAnalyticRuleIds: [] },
    { RelatedAnalyticRuleIds: [{ id: ID }, null, 7] },
    { CreatedTime: '2026-01-01T10:59:00Z' },
    { CreatedTime: '2026-01-01T12:06:00Z' },
  ])('says nothing of others: %o', async other => {
    expect(await of(state('13:00', 'Closed', other))).toEqual(['11:05 3'])
  })

  it('tells incidents without a name apart by rule, title and time', async () => {
    const nameless = { IncidentName: undefined }
    const other = { ...nameless, Title: 'Another' }
    const later = { ...nameless, CreatedTime: '2026-01-01T11:50:00Z' }
    expect(await of(state('11:06', 'New', nameless), state('13:00', 'Closed', other))).toEqual([
      '11:05 3',
    ])
    expect(await of(state('11:06', 'New', nameless), state('13:00', 'Closed', later))).toEqual([
      '11:05 3',
    ])
    expect(await of(state('11:06', 'New', nameless), state('13:00', 'Closed', nameless))).toEqual([
      '11:05 2',
      '14:05 1',
    ])
  })

  it('may name the incidents of a replay', async () => {
    const { incidents: before } = await replay({ rules: [rule(false)], tables: { SigninLogs } })
    const row = { ...before[0]?.securityIncident, Status: 'Closed' }
    const closed = { ...row, TimeGenerated: '2026-01-01T13:00:00Z', Title: 'Renamed' }
    expect(await of(closed)).toEqual(['11:05 2', '14:05 1'])
  })
})
