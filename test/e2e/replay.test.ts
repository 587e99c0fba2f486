import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab } from './kqlab.ts'

const DATA = [
  'rules/pim-role-activation-followed-by-non-interactive-token-use/fixtures/log-analytics',
  'rules/temporary-access-pass-created-for-user-account/fixtures/log-analytics',
]

/** A rule file with the PIM rule's schedule, over a table of its own. */
const RULE = [
  'id: 5d1c0000-0000-4000-8000-000000000001',
  'name: Activation and token',
  'description: d',
  'kind: Scheduled',
  'severity: High',
  'queryFrequency: 1h',
  'queryPeriod: 2h',
  'triggerOperator: gt',
  'triggerThreshold: 0',
  'query: |',
  '  let a = Events | where TimeGenerated > ago(2h) | where what == "activation"',
  '      | project ActivationTime = TimeGenerated, user;',
  '  Events | where TimeGenerated > ago(2h) | where what == "token"',
  '  | join kind=inner a on user',
  '  | where TimeGenerated > ActivationTime and TimeGenerated - ActivationTime < 30m',
  '',
].join('\n')

const event = (time: string, what: string) =>
  JSON.stringify({ TimeGenerated: `2026-01-01T${time}Z`, user: 'ann', what })

const folder = folderWith({
  'rule.yaml': RULE,
  'events.json': `${event('10:05:00', 'activation')}\n${event('10:20:00', 'token')}\n`,
})
afterAll(folder.remove)

describe('kqlab replay', () => {
  it('raises the alerts of the bundled rules, and says what is wrong with them', async () => {
    const { code, stdout, stderr } = await kqlab(['replay', 'rules', '--data', ...DATA])
    expect(code).toBe(0)
    expect(stdout).toContain(
      'PIM Role Activation Followed by Non-Interactive Token Use [High, Scheduled]\n' +
        '  every 01:00:00 over 02:00:00: 27 runs from 2026-03-16T15:00:00.0000000Z to 2026-03-17T17:00:00.0000000Z\n' +
        '  4 alerts in 1 incident',
    )
    expect(stdout).toContain('warning[KQL500]: 12 of 13 rows raised alerts in more than one run')
    expect(stdout).toMatch(/2 rules, 5 alerts, 2 incidents, 5 findings\.\n$/)
    // The rule's own faults, at their lines.
    expect(stderr).toMatch(/KQL404\]: The key `MinutesSincePIMActivation`.*\n.*yaml:68:3\n/)
    expect(stderr).toMatch(/KQL406\]: `groupByEntities` has no effect.*\n.*yaml:79:5\n/)
    expect(stderr).toMatch(/KQL407\]: The result has no TimeGenerated.*\n.*yaml:29:1\n/)
  })

  it('tells two rules of one id apart', async () => {
    const same = folderWith({
      'a.yaml': RULE,
      'b.yaml': RULE.replace('Activation and token', 'Again'),
      'events.json': `${event('10:05:00', 'activation')}\n${event('10:20:00', 'token')}\n`,
    })
    const [a, b] = [join(same.path, 'a.yaml'), join(same.path, 'b.yaml')]
    const table = ['--table', `Events=${join(same.path, 'events.json')}`]
    const { stdout, stderr } = await kqlab(['replay', a, b, ...table, '--workers', '0'])
    expect(stdout).toMatch(/^Again .*\n.*\n {2}2 alerts in 2 incidents/m)
    expect(stdout).toContain('2 rules, 4 alerts, 4 incidents')
    expect(stderr).toContain('KQL408]: `Again` has the id of `Activation and token`')
    const json = await kqlab(['replay', a, b, ...table, '--format', 'json', '--workers', '2'])
    const { alerts, rules } = JSON.parse(json.stdout) as {
      alerts: { SystemAlertId: string; ExtendedProperties: string }[]
      rules: { incidents: number }[]
    }
    const names = alerts.map(({ ExtendedProperties }) => JSON.parse(ExtendedProperties))
    expect(names.map(own => own['Analytic Rule Name'])).toEqual(
      Array(2).fill(['Activation and token', 'Again']).flat(),
    )
    expect(new Set(alerts.map(({ SystemAlertId }) => SystemAlertId)).size).toBe(4)
    expect(rules.map(({ incidents }) => incidents)).toEqual([2, 2])
    // What is the same before and after a change is still the same rule.
    const diff = await kqlab(['diff', a, a, ...table])
    expect(diff.stdout).toMatch(/2 .*same/)
    same.remove()
  })

  it('says of a rule without runs whether there are data, and of a disabled one that it is', async () => {
    const path = join(folder.path, 'disabled.yaml')
    writeFileSync(path, `${RULE}enabled: false\n`)
    const table = ['--table', `Events=${join(folder.path, 'events.json')}`]
    const { code, stdout, stderr } = await kqlab(['replay', path, ...table, '--from', '2026-01-02'])
    expect(code).toBe(0)
    expect(stdout).toContain('no runs: its schedule has none in the time that is replayed\n')
    expect(stderr).toMatch(/^info\[KQL409\]: The rule is disabled: Sentinel does not run it\.$/m)
  })

  it('prints lines that the next query reads as logs', async () => {
    const args = ['replay', join(folder.path, 'rule.yaml')]
    const { stdout } = await kqlab([
      ...args,
      ...['--table', `Events=${join(folder.path, 'events.json')}`, '--format', 'ndjson'],
    ])
    writeFileSync(join(folder.path, 'raised.ndjson'), stdout)
    const query =
      'SecurityAlert | project AlertName, SystemAlertId | join kind=inner (SecurityIncident | mv-expand AlertIds | project SystemAlertId = tostring(AlertIds)) on SystemAlertId | count'
    const data = ['--data', join(folder.path, 'raised.ndjson')]
    expect((await kqlab(['query', query, ...data, '--format', 'csv'])).stdout).toBe('Count\n2\n')
  })

  it('gives a pair of events one or two runs, as the phase has it', async () => {
    // The token is seen from 10:20 on, the activation until 12:05: runs between the two fire.
    const args = [
      'replay',
      join(folder.path, 'rule.yaml'),
      '--table',
      `Events=${join(folder.path, 'events.json')}`,
    ]
    const runs = async (anchor: string) => {
      const { stdout } = await kqlab([
        ...args,
        '--format',
        'json',
        '--anchor',
        `2026-01-01T${anchor}Z`,
      ])
      const { alerts } = JSON.parse(stdout) as { alerts: { TimeGenerated: string }[] }
      return alerts.map(({ TimeGenerated }) => TimeGenerated.slice(11, 16))
    }
    expect(await runs('00:00:00')).toEqual(['11:05', '12:05'])
    expect(await runs('00:10:00')).toEqual(['11:15'])
    const { stdout } = await kqlab([...args, '--phase-sweep', '4'])
    expect(stdout).toContain('in 4 phases of the schedule: 1 to 2 alerts (2, 1, 2, 2)')
  })

  it('prints the same bytes again, as JSON and as lines', async () => {
    const args = ['replay', 'rules', '--data', ...DATA, '--format']
    const [first, second] = [await kqlab([...args, 'json']), await kqlab([...args, 'json'])]
    expect(second.stdout).toBe(first.stdout)
    const result = JSON.parse(first.stdout)
    expect(Object.keys(result)).toEqual(['runs', 'alerts', 'incidents', 'findings', 'rules'])
    expect(result.runs).toHaveLength(28)
    expect(result.incidents.map((row: { AlertIds: string[] }) => row.AlertIds.length)).toEqual([
      4, 1,
    ])
    const lines = (await kqlab([...args, 'ndjson'])).stdout.trimEnd().split('\n')
    expect(lines.map(line => JSON.parse(line).Type)).toEqual([
      ...Array(5).fill('SecurityAlert'),
      ...Array(2).fill('SecurityIncident'),
    ])
    // A rule over alerts reads what a replay printed.
    const alerts = folderWith({ 'SecurityAlert.json': `${lines.slice(0, 5).join('\n')}\n` })
    const { stdout } = await kqlab([
      'query',
      'SecurityAlert | summarize count() by AlertSeverity',
      '--data',
      join(alerts.path, 'SecurityAlert.json'),
      '--format',
      'csv',
    ])
    expect(stdout).toBe('AlertSeverity,count_\nHigh,4\nMedium,1\n')
    alerts.remove()
  })

  it('writes a page about it, with the place of each finding', async () => {
    const page = join(folder.path, 'page.html')
    const args = ['replay', 'rules', '--data', ...DATA, '--html', page]
    expect((await kqlab(args)).code).toBe(0)
    const source = readFileSync(page, 'utf8')
    expect(source).toContain('<h1>Replay</h1>')
    expect(source).toMatch(/MinutesSincePIMActivation.*?\.yaml:68:3/)
    const refused = await kqlab([...args.slice(0, -1), join(folder.path, 'none', 'page.html')])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--html cannot write')
  })

  it('refuses what it cannot run', async () => {
    const data = ['--table', `Events=${join(folder.path, 'events.json')}`]
    const wrong = await kqlab([
      'replay',
      join(folder.path, 'rule.yaml'),
      ...data,
      '--from',
      'yesterday',
    ])
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toContain('--from takes a time')
    const times = ['--from', '2026-01-03', '--to', '2026-01-02T12:00']
    const backwards = await kqlab(['replay', join(folder.path, 'rule.yaml'), ...data, ...times])
    expect(backwards).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --from 2026-01-03 is later than --to 2026-01-02T12:00: no rule would run.\n',
    })
    const missing = await kqlab(['replay', 'rules', ...data])
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('No data were given for the table `AuditLogs`')
    const allowed = await kqlab(['replay', 'rules', ...data, '--missing-tables', 'empty'])
    expect(allowed.code).toBe(0)
    expect(allowed.stdout).toContain('no runs: nothing that it reads has a time')
  })
})
