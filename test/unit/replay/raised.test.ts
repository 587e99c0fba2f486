import { describe, expect, it } from 'vitest'
import { replay } from '../../../src/index.ts'
import { scheduled } from './replay-of.ts'

const at = (time: string, more: Record<string, unknown> = {}) => ({
  TimeGenerated: `2026-01-01T${time}:00Z`,
  ResultType: '1',
  UserPrincipalName: 'ann@contoso.example',
  ...more,
})

let next = 0
const named = (name: string, query: string, fields = '', every = '1h', over = '1h') => {
  const id = `00000000-0000-4000-8000-${String(++next).padStart(12, '0')}`
  return scheduled(query, fields, every, over)
    .replace('name: The rule', `name: ${name}`)
    .replace(/^id: .*$/m, `id: ${id}`)
}

async function alertsOf(rules: string[], tables: Parameters<typeof replay>[0]['tables']) {
  const { alerts } = await replay({ rules, tables })
  return alerts.map(({ ruleName, time }) => `${time.slice(11, 16)} ${ruleName}`)
}

const FAILED = 'SigninLogs | where ResultType == "1" | project TimeGenerated, UserPrincipalName'

describe('a rule over SecurityAlert', () => {
  it('sees what other rules raised, though it comes first', async () => {
    const over = named('Over', 'SecurityAlert | where AlertName == "Failed"')
    const failed = named('Failed', FAILED)
    // The alert is raised at 11:05: the run of 12:00 has it in its window.
    expect(await alertsOf([over, failed], { SigninLogs: [at('10:10')] })).toEqual([
      '11:05 Failed',
      '12:05 Over',
    ])
  })

  it('has its alerts where it stands, among those of one moment', async () => {
    const over = named('Over', 'SecurityAlert | where AlertName == "Failed"')
    const failed = named('Failed', FAILED)
    const tables = { SigninLogs: [at('10:10'), at('11:10')] }
    const alerts = ['11:05 Failed', '12:05 Over', '12:05 Failed']
    expect((await alertsOf([over, failed], tables)).slice(0, 3)).toEqual(alerts)
    const swapped = ['11:05 Failed', '12:05 Failed', '12:05 Over']
    expect((await alertsOf([failed, over], tables)).slice(0, 3)).toEqual(swapped)
  })

  it('does not see an alert before it is raised', async () => {
    // Runs each 5 minutes: the one of 11:00 reads at 11:05, when the alert is there, but not in its window.
    const over = named('Over', 'SecurityAlert', '', '5m', '5m')
    const failed = named('Failed', FAILED)
    const alerts = await alertsOf([failed, over], { SigninLogs: [at('10:10')] })
    expect(alerts.slice(0, 2)).toEqual(['11:05 Failed', '11:10 Over'])
  })

  it('sees the rows of the table that are given too', async () => {
    const over = named('Over', 'SecurityAlert | summarize n = count() | where n == 2')
    const given = [{ TimeGenerated: '2026-01-01T11:30:00Z', AlertName: 'Other' }]
    const tables = { SigninLogs: [at('10:10')], SecurityAlert: given }
    expect(await alertsOf([named('Failed', FAILED), over], tables)).toEqual([
      '11:05 Failed',
      '12:05 Over',
    ])
  })

  it('sees what others over alerts raised before, and itself', async () => {
    const first = named('First', 'SecurityAlert | where AlertName == "Failed"')
    const second = named('Second', 'SecurityAlert | where AlertName == "First"', '', '1h', '1h')
    const own = named('Own', 'SecurityAlert | where AlertName in ("Failed", "Own")')
    // The data end with the alert of 11:05, so the last run is at 12:00.
    const given = [{ TimeGenerated: '2026-01-01T13:00:00Z', AlertName: 'Last' }]
    const tables = { SigninLogs: [at('10:10')], SecurityAlert: given }
    expect(await alertsOf([second, first, own, named('Failed', FAILED)], tables)).toEqual([
      '11:05 Failed',
      '12:05 First',
      '12:05 Own',
      '13:05 Second',
      '13:05 Own',
      '14:05 Own',
    ])
  })

  it('reads nothing where nothing is raised', async () => {
    const over = named('Over', 'SecurityAlert')
    expect(await alertsOf([over, named('Failed', FAILED)], { SigninLogs: [] })).toEqual([])
  })
})

describe('a rule over SecurityIncident', () => {
  it('sees a row for each alert that an incident took in', async () => {
    const grouping =
      'incidentConfiguration:\n  groupingConfiguration: { enabled: true, matchingMethod: AnyAlert }'
    const failed = named('Failed', FAILED, grouping)
    const over = named(
      'Over',
      'SecurityIncident | where Title == "Failed" | extend n = array_length(AlertIds) | summarize rows = count(), most = max(n), numbers = dcount(IncidentNumber) | where rows == 2 and most == 2 and numbers == 1',
      '',
      '1h',
      '3h',
    )
    // Alerts at 11:05 and 12:05 are one incident, seen whole at 13:00 and 14:00.
    const tables = { SigninLogs: [at('10:10'), at('11:10')] }
    expect(await alertsOf([failed, over], tables)).toEqual([
      '11:05 Failed',
      '12:05 Failed',
      '13:05 Over',
      '14:05 Over',
    ])
  })
})

describe('runs of a rule over what rules raise', () => {
  it('near real time are those to which alerts of others over alerts come too', async () => {
    const failed = named('Failed', FAILED)
    const over = named('Over', 'SecurityAlert | where AlertName == "Failed"')
    const soon = named('Soon', 'SecurityAlert | where AlertName == "Over"')
      .replace('kind: Scheduled', 'kind: NRT')
      .replace(/^(queryFrequency|queryPeriod): .*\n/gm, '')
    // Over runs at 12:00 and 13:00, as the data end with the alert of 12:05.
    const tables = { SigninLogs: [at('10:10'), at('11:10')] }
    expect(await alertsOf([failed, over, soon], tables)).toEqual([
      '11:05 Failed',
      '12:05 Failed',
      '12:05 Over',
      '12:07 Soon',
      '13:05 Over',
    ])
  })

  it('is one for a hunting query, where the data end', async () => {
    const failed = named('Failed', FAILED)
    const over = named('Over', 'SecurityAlert | where AlertName == "Failed"', '', '5m', '10m')
    const hunt = named('Hunt', 'SecurityAlert | summarize n = count() | where n == 5')
      .replace('kind: Scheduled', 'kind: Hunting')
      .replace(/^(queryFrequency|queryPeriod): .*\n/gm, '')
    // Over runs at 11:05, 11:10 and 11:15, and from 12:05 on: what it raises at 12:10 is not there yet.
    const tables = { SigninLogs: [at('10:10'), at('11:10')] }
    const alerts = await alertsOf([failed, over, hunt], tables)
    expect(alerts.filter(text => text.endsWith('Hunt'))).toEqual(['12:05 Hunt'])
  })

  it('go on as long as those of others do that read more', async () => {
    const soon = named('Soon', 'SecurityAlert | where AlertName == "Both"')
    const both = named('Both', 'union SecurityAlert, SigninLogs | where Type != "SecurityAlert"')
    // No rule is raised by the time that Soon is planned. Both runs from 11:00 to 14:00.
    const tables = { SigninLogs: [at('10:10', { Type: 'a' }), at('13:00', { Type: 'a' })] }
    expect(await alertsOf([soon, both], tables)).toEqual([
      '11:05 Both',
      '12:05 Soon',
      '13:05 Both',
      '14:05 Soon',
      '14:05 Both',
    ])
  })
})
