import { join } from 'node:path'
import type { Log } from 'sarif'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab } from './kqlab.ts'

const RULE = [
  'id: 5d1c0000-0000-4000-8000-000000000001',
  'name: Every | user',
  'description: d',
  'kind: Scheduled',
  'severity: High',
  'queryFrequency: 1h',
  'queryPeriod: 2h',
  'triggerOperator: gt',
  'triggerThreshold: 0',
  'query: Events',
  'eventGroupingSettings: { aggregationKind: AlertPerResult }',
  'alertDetailsOverride: { alertDisplayNameFormat: "{{user}}" }',
  '',
].join('\n')

const BROKEN = RULE.replace('0001', '0002').replace('query: Events', 'query: Events | wher x')

const event = (time: string, user: string) =>
  `${JSON.stringify({ TimeGenerated: `2026-01-${time}Z`, user })}\n`

const HOSTILE = '=HYPERLINK("https://example.invalid","x") | `@team` <b>'

const folder = folderWith({
  'one/rule.yaml': RULE,
  'two/rule.yaml': RULE,
  'two/broken rule.yaml': BROKEN,
  'Events.json': event('01T10:10:00', HOSTILE) + event('02T12:10:00', 'bob'),
  'wrong.yaml': 'nothing: 1\n',
  'empty.json': event('01T10:10:00', ''),
})
afterAll(folder.remove)

const DATA = ['--table', `Events=${join(folder.path, 'Events.json')}`]
const replay = (rules: string, format: string, ...more: readonly string[]) =>
  kqlab(['replay', rules, ...DATA, '--format', format, ...more], { cwd: folder.path })

describe('kqlab replay --format', () => {
  it('csv has the alerts with the columns of SecurityAlert, and no formulas', async () => {
    const { code, stdout } = await replay('one', 'csv')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^TenantId,TimeGenerated,DisplayName,AlertName,AlertSeverity,.*,Type$/)
    // Two events, each seen by two runs.
    expect(lines).toHaveLength(5)
    const name = `"'${HOSTILE.replaceAll('"', '""')}"`
    expect(lines[1]).toContain(`2026-01-01T11:05:00.0000000Z,${name},${name},High,d,`)
    const file = folderWith({ 'SecurityAlert.csv': stdout })
    const query =
      'SecurityAlert | summarize n = count() by AlertName | sort by n asc, AlertName asc'
    const read = await kqlab([
      'query',
      query,
      '--data',
      join(file.path, 'SecurityAlert.csv'),
      '--format',
      'ndjson',
    ])
    expect(read.stdout).toBe(
      `${JSON.stringify({ AlertName: `'${HOSTILE}`, n: 2 })}\n${JSON.stringify({ AlertName: 'bob', n: 2 })}\n`,
    )
    file.remove()
  })

  it('csv has the columns where there are no alerts', async () => {
    const { stdout } = await replay('one', 'csv', '--from', '2027-01-01', '--to', '2027-01-02')
    expect(stdout).toMatch(/^TenantId,.*,Type\n$/)
  })

  it('sarif has what is wrong with rules, those that cannot run too, at their lines', async () => {
    const { code, stdout } = await replay('two', 'sarif')
    expect(code).toBe(1)
    const log: Log = JSON.parse(stdout)
    const results = log.runs[0]?.results ?? []
    const told = results.map(({ ruleId, level, locations }) => {
      const place = locations?.[0]?.physicalLocation
      return [ruleId, level, place?.artifactLocation?.uri, place?.region?.startLine]
    })
    expect(told).toEqual([
      ['KS176', 'error', 'two/broken%20rule.yaml', 10],
      ['KQL500', 'warning', 'two/rule.yaml', 7],
    ])
    const ids = log.runs[0]?.tool.driver.rules?.map(({ id }) => id) ?? []
    for (const { ruleId, ruleIndex } of results) expect(ids[ruleIndex ?? -1]).toBe(ruleId)
  })

  it('markdown has figures, findings and alerts, and nothing in logs is a link or a mention', async () => {
    const { code, stdout } = await replay('one', 'markdown')
    expect(code).toBe(0)
    // 28 runs, from 11:00 on the first to 14:00 on the second day, are 28 hours: 4 / (28 / 24) a day.
    expect(stdout).toContain(
      '| Rule | Severity | Runs | Alerts | a day | Incidents | a day |\n' +
        '| --- | --- | --- | --- | --- | --- | --- |\n' +
        '| `Every \\| user` | High | 28 | 4 | 3.4 | 4 | 3.4 |\n',
    )
    expect(stdout).toContain(
      '| warning | KQL500 | `one/rule.yaml:7` | `2 of 2 rows raised alerts in ',
    )
    expect(stdout).toContain(
      '| 2026-01-01T11:05:00Z | High | ``=HYPERLINK("https://example.invalid","x") \\| `@team` <b>`` | 1 |\n',
    )
  })

  it('text sums up the rules', async () => {
    const two = folderWith({
      'a.yaml': RULE,
      'b.yaml': RULE.replace('0001', '0003')
        .replace('Every | user', 'Quiet')
        .replace('Events', 'Events | take 0'),
    })
    const { stdout } = await replay(two.path, 'text')
    expect(stdout).toContain('  4 alerts in 4 incidents; 3.4 alerts and 3.4 incidents a day  ')
    expect(stdout).toContain(
      [
        'Rule          Runs  Alerts  a day  Incidents  a day  Findings',
        'Every | user    28       4    3.4          4    3.4         1',
        'Quiet           28       0      0          0      0         0',
        'All             56       4    3.4          4    3.4         1',
        '',
        '2 rules, 4 alerts, 4 incidents, 1 finding.',
        '',
      ].join('\n'),
    )
    two.remove()
  })

  it('json sums up the rules', async () => {
    const { stdout } = await replay('one', 'json')
    expect(JSON.parse(stdout).rules).toEqual([
      {
        ruleId: '5d1c0000-0000-4000-8000-000000000001',
        ruleName: 'Every | user',
        runs: 28,
        failed: 0,
        suppressed: 0,
        alerts: 4,
        incidents: 4,
        alertsPerDay: (4 * 24) / 28,
        incidentsPerDay: (4 * 24) / 28,
        findings: 1,
      },
    ])
  })
})

describe('kqlab check --format sarif', () => {
  it('has what is wrong at its lines', async () => {
    const { code, stdout } = await kqlab(['check', 'two', ...DATA, '--format', 'sarif'], {
      cwd: folder.path,
    })
    expect(code).toBe(1)
    const log: Log = JSON.parse(stdout)
    const [result] = log.runs[0]?.results ?? []
    expect(result).toMatchObject({
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'two/broken%20rule.yaml' },
            region: { startLine: 10 },
          },
        },
      ],
    })
  })

  it('has what is wrong with no file as notifications of the run', async () => {
    const args = ['check', 'one', ...DATA, '--changed', 'main', '--format', 'sarif']
    const { code, stdout } = await kqlab(args, { cwd: folder.path })
    expect(code).toBe(1)
    const [run] = (JSON.parse(stdout) as Log).runs
    expect(run?.results).toEqual([])
    expect(run?.tool.driver.notifications?.map(({ id }) => id)).toEqual(['KQL420'])
    expect(run?.invocations).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] },
    ])
  })

  it('has what is wrong with the configuration', async () => {
    const args = ['check', 'one', '--config', 'wrong.yaml', '--format']
    const sarif = await kqlab([...args, 'sarif'], { cwd: folder.path })
    expect(sarif.code).toBe(1)
    const [run] = (JSON.parse(sarif.stdout) as Log).runs
    expect(run?.results).toMatchObject([{ ruleId: 'KQL122', level: 'error' }])
    const json = await kqlab([...args, 'json'], { cwd: folder.path })
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({
      files: 0,
      errors: 1,
      diagnostics: [{ file: 'wrong.yaml', line: 1, code: 'KQL122' }],
    })
  })
})
