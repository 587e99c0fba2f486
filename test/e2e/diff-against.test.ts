import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab } from './kqlab.ts'

const RULE = [
  'id: 5d1c0000-0000-4000-8000-000000000001',
  'name: The rule',
  'description: d',
  'kind: Scheduled',
  'severity: High',
  'queryFrequency: 1h',
  'queryPeriod: 1h',
  'triggerOperator: gt',
  'triggerThreshold: 0',
  'query: Events',
  'entityMappings:',
  '  - entityType: Account',
  '    fieldMappings: [{ identifier: FullName, columnName: user }]',
  '',
].join('\n')

const event = (time: string, user: string) => ({ TimeGenerated: `2026-01-01T${time}:00Z`, user })

/** An alert of the run at a time, 23 minutes after the hour, as a workspace exports it. */
function alert(hour: number, values: Record<string, unknown> = {}, rows = 1, account = 'ann') {
  const at = (h: number) => `2026-01-01 ${String(h).padStart(2, '0')}`
  return {
    TimeGenerated: `2026-01-01T${String(hour).padStart(2, '0')}:28:06.1234567Z`,
    DisplayName: 'The rule',
    AlertName: 'The rule',
    AlertSeverity: 'High',
    ProviderName: 'ASI Scheduled Alerts',
    SystemAlertId: `alert ${hour}`,
    // A rule made of a template has an identifier of its own.
    AlertType: '0aaaaaaa-0000-4000-8000-000000000000_0bbbbbbb-0000-4000-8000-000000000000',
    ExtendedProperties: JSON.stringify({
      'Query Start Time UTC': `${at(hour - 1)}:22:59Z`,
      'Query End Time UTC': `${at(hour)}:23:00Z`,
      'Analytic Rule Name': 'The rule',
      'Search Query Results Overall Count': String(rows),
      Query: `// The query_now parameter …\nset query_now = datetime(${at(hour).replace(' ', 'T')}:22:59.1070000Z);\nEvents`,
    }),
    Entities: JSON.stringify([
      { $id: '2', Name: account, UPNSuffix: 'x.example', Type: 'account' },
    ]),
    Type: 'SecurityAlert',
    ...values,
  }
}

const lines = (rows: readonly unknown[]) => rows.map(row => `${JSON.stringify(row)}\n`).join('')

const folder = folderWith({
  'rule.yaml': RULE,
  'Events.json': lines([
    // With runs on the hour this pair would be one alert.
    event('10:10', 'ann@x.example'),
    event('10:30', 'ann@x.example'),
    event('12:00', 'bob@x.example'),
    event('14:00', 'ann@x.example'),
    event('16:00', '\u001b[31mred'),
  ]),
  'alerts.json': lines([
    alert(10),
    // The same again, when somebody closed it.
    alert(10, { TimeGenerated: '2026-01-02T08:00:00Z', Status: 'Resolved', AlertSeverity: 'Low' }),
    alert(11, { AlertSeverity: 'Medium' }),
    alert(13),
    alert(15),
    alert(20),
    {
      ...alert(12),
      SystemAlertId: 'other',
      ProviderName: 'MDATP',
      AlertType: 'x',
      DisplayName: 'Malware',
      ExtendedProperties: '{}',
    },
  ]),
  'none.json': lines([{ a: 1 }]),
})
afterAll(folder.remove)

const DATA = ['--table', `Events=${join(folder.path, 'Events.json')}`]
const against = (...args: readonly string[]) =>
  kqlab(['diff', join(folder.path, 'rule.yaml'), ...DATA, '--against', ...args])
const ALERTS = join(folder.path, 'alerts.json')

describe('kqlab diff --against', () => {
  it('tells what Sentinel and the replay raised, over runs at the times of the alerts', async () => {
    const { code, stdout, stderr } = await against(ALERTS, '--to', '2026-01-01T17:00')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const signs = stdout.split('\n').filter(line => /^[-+~?]/.test(line))
    expect(signs).toEqual([
      '- 2026-01-01T13:28:06Z  High  The rule: only Sentinel',
      '- 2026-01-01T15:28:06Z  High  The rule: only Sentinel',
      '+ 2026-01-01T12:27:59Z  High  The rule (1 row): only the replay',
      '+ 2026-01-01T14:27:59Z  High  The rule (1 row): only the replay',
      '+ 2026-01-01T16:27:59Z  High  The rule (1 row): only the replay',
      '~ 2026-01-01T11:27:59Z  High  The rule (1 row): severity',
      expect.stringMatching(
        /^\? 2026-01-01T20:28:06Z {2}High {2}The rule: not compared, it is of the run at 2026-01-01T20:22:59Z; those replayed are from 2026-01-01T10:22:59Z to 2026-01-01T16:22:59Z, the data from 2026-01-01T10:10:00Z to 2026-01-01T16:00:00Z$/,
      ),
    ])
    expect(stdout).toContain(
      '      the run at 2026-01-01T13:22:59Z gave 0 rows; in Sentinel 1 row\n' +
        '      - account Name ann, UPNSuffix x.example\n',
    )
    expect(stdout).toContain('      Sentinel: Medium\n      replay:   High\n')
    expect(stdout).toContain('      + ["2026-01-01T12:00:00.0000000Z","bob@x.example"]\n')
    // What logs hold does not reach the terminal as it is.
    expect(stdout).not.toContain('\u001b')
    expect(stdout.split('\n').slice(-5, -1)).toEqual([
      '5 alerts of Sentinel: 1 the same, 1 different, 2 not replayed, 1 not compared. 3 alerts that only the replay raised.',
      'The export has 6 alerts from 2026-01-01T10:28:06Z to 2026-01-01T20:28:06Z.',
      'Rows of later changes of those alerts, which are not compared: 1.',
      '1 alert of none of the rules: Malware (1).',
    ])
  })

  it('finds other alerts where the schedule is another', async () => {
    const { stdout } = await against(ALERTS, '--anchor', '2026-01-01T00:00')
    expect(stdout).toContain('no run of the replay is near 2026-01-01T11:22:59Z, when the rule ran')
    expect(stdout).toContain('3 alerts of times at which the replay has no run: the schedule was ')
    const near = await against(ALERTS, '--anchor', '2026-01-01T00:00', '--tolerance', '30m')
    expect(near.stdout).not.toContain('no run of the replay is near')
  })

  it('says where the replay raises what an export may not reach', async () => {
    const early = folderWith({ 'alerts.json': lines([alert(10)]) })
    const { stdout } = await against(join(early.path, 'alerts.json'))
    expect(stdout).toContain('after the last alert of the export: it may not reach so far\n')
    early.remove()
  })

  it('gives the same as JSON and Markdown, and fails where it is to', async () => {
    const json = await against(ALERTS, '--format', 'json', '--fail-on', 'rows')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      same: 1,
      differing: 1,
      missed: 2,
      extra: 3,
      uncovered: 1,
      export: { alerts: 6, changes: 1 },
      others: { Malware: 1 },
      rules: [
        {
          ruleName: 'The rule',
          differing: [{ what: ['severity'], sentinel: { id: 'alert 11', severity: 'Medium' } }],
        },
      ],
    })
    const { stdout } = await against(ALERTS, '--format', 'markdown')
    expect(stdout).toContain(
      '| different | 2026-01-01T11:27:59Z | `The rule` | `High` | severity |\n',
    )
  })

  it.each(['json', 'ndjson', 'csv'])('takes the %s of a replay for an export', async format => {
    const rule = join(folder.path, 'rule.yaml')
    // One run, alert and incident: no comma ends the lines of the JSON.
    const times = ['--from', '2026-01-01T12:00', '--to', '2026-01-01T12:30']
    const { stdout: text } = await kqlab(['replay', rule, ...DATA, ...times, '--format', format])
    const name = `replay.${format}`
    const replayed = folderWith({ [name]: text })
    const result = await against(join(replayed.path, name), ...times)
    expect(result.code).toBe(0)
    expect(result.stderr).not.toContain('warning')
    expect(result.stdout).toMatch(/^1 alert of Sentinel: 1 the same, 0 different, 0 not replayed/)
    replayed.remove()
  })

  it('refuses what is no export of alerts', async () => {
    const wrong = await against(join(folder.path, 'none.json'))
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain('It has no alerts: rows of the table SecurityAlert')
    const missing = await against(join(folder.path, 'missing.json'))
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('There is no such file or folder.')
    const tolerance = await against(ALERTS, '--tolerance', 'long')
    expect(tolerance.code).toBe(2)
    expect(tolerance.stderr).toContain('--tolerance takes a duration')
    const alone = await kqlab(['diff', folder.path, folder.path, ...DATA, '--tolerance', '5m'])
    expect([alone.code, alone.stderr]).toEqual([2, 'error: --tolerance is for --against.\n'])
  })

  const sample = fileURLToPath(
    new URL(
      '../../../shared/samples/loganalytics-api/query_v1_SecurityAlert_real.json',
      import.meta.url,
    ),
  )
  if (!existsSync(sample)) console.log('skipped: there is no ../shared/samples')

  it.skipIf(!existsSync(sample))('reads what a workspace exported', async () => {
    const real = folderWith({
      'rule.yaml': RULE.replace('The rule', 'Sentinel Test alert')
        .replace('High', 'Medium')
        .replace('queryPeriod: 1h', 'queryPeriod: 5h')
        .replace(/entityMappings[\s\S]*/, ''),
      // Twelve rows in the window of the first run, from 15:23:59.107 on; the other run is beyond.
      'Events.json': lines(
        Array.from({ length: 12 }, () => ({ TimeGenerated: '2023-07-24T15:24:00Z', user: 'x' })),
      ),
    })
    const { stdout } = await kqlab([
      'diff',
      join(real.path, 'rule.yaml'),
      '--table',
      `Events=${join(real.path, 'Events.json')}`,
      '--against',
      sample,
    ])
    expect(stdout).toContain(
      '2 alerts of Sentinel: 1 the same, 0 different, 0 not replayed, 1 not compared. 4 alerts that only the replay raised.',
    )
    real.remove()
  })
})
