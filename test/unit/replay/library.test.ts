import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { KqlError, openWorkspace, type ReplayedAlert, replay } from '../../../src/index.ts'
import { SECURITY_ALERT_COLUMNS } from '../../../src/replay/security-tables.ts'
import { scheduled } from './replay-of.ts'

const RULE = scheduled(
  'SigninLogs | where ResultType != "0" | project TimeGenerated, UserPrincipalName',
  [
    'entityMappings:',
    '  - entityType: Account',
    '    fieldMappings: [{ identifier: FullName, columnName: UserPrincipalName }]',
  ].join('\n'),
)

const tables = {
  SigninLogs: [
    {
      TimeGenerated: '2026-01-01T10:10:00Z',
      ResultType: '50126',
      UserPrincipalName: 'ann@contoso.example',
    },
    {
      TimeGenerated: '2026-01-01T10:20:00Z',
      ResultType: '0',
      UserPrincipalName: 'bob@contoso.example',
    },
  ],
}

describe('replay', () => {
  it('keeps no more rows than fit', async () => {
    const rows = Array.from({ length: 500 }, (_, at) => ({
      TimeGenerated: '2026-01-01T10:10:00Z',
      ResultType: '1',
      UserPrincipalName: `${at} `.repeat(500),
    }))
    const options = { rules: [RULE], tables: { SigninLogs: rows } }
    const failed = await replay({ ...options, maxMemory: 500_000 }).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(KqlError)
    expect((failed as KqlError).diagnostics).toMatchObject([
      {
        code: 'KQL300',
        message: 'What the rules read of SigninLogs and before takes more than 366.2 KB of memory.',
        hint: 'Replay fewer rules at a time, or raise maxMemory.',
      },
    ])
    const free = await replay(options)
    expect(free.alerts).toHaveLength(1)
    expect(await replay({ ...options, maxMemory: 5_000_000 })).toEqual(free)
  })

  it('runs every rule of a template', async () => {
    const resource = (guid: string, displayName: string) => ({
      type: 'Microsoft.SecurityInsights/alertRules',
      name: guid,
      kind: 'Scheduled',
      properties: {
        displayName,
        severity: 'Low',
        query: 'SigninLogs | where ResultType != "0"',
        queryFrequency: 'PT1H',
        queryPeriod: 'PT1H',
        triggerOperator: 'GreaterThan',
        triggerThreshold: 0,
      },
    })
    const template = JSON.stringify({
      resources: [
        resource('6f1f4c0e-0000-4000-8000-000000000001', 'first'),
        resource('6f1f4c0e-0000-4000-8000-000000000002', 'second'),
      ],
    })
    const { alerts, incidents } = await replay({ rules: [template], tables })
    expect(alerts.map(({ ruleName }) => ruleName)).toEqual(['first', 'second'])
    expect(incidents).toHaveLength(2)
  })

  it.each(['0h', '-1h'])('refuses to run rules each %s', async frequency => {
    const rules = ['name: hunt\nquery: SigninLogs\n']
    const failed = await replay({ rules, tables, frequency, period: '1h' }).catch(error => error)
    expect(failed).toBeInstanceOf(KqlError)
    expect((failed as KqlError).diagnostics).toMatchObject([{ code: 'KQL105' }])
  })

  it('ends where the frequency of a rule is none', async () => {
    const rule = RULE.replace('queryFrequency: 1h', 'queryFrequency: -1h')
    const { findings } = await replay({ rules: [rule], tables })
    expect(findings.map(({ code }) => code)).toEqual(['KQL402', 'KQL404'])
  })

  it('refuses more runs of a rule than are any use, as a time of the year 1 gives', async () => {
    const [first] = tables.SigninLogs
    const SigninLogs = [...tables.SigninLogs, { ...first, TimeGenerated: '0001-01-01T00:00:00Z' }]
    const error = await replay({ rules: [RULE], tables: { SigninLogs } }).catch((e: unknown) => e)
    expect((error as KqlError).diagnostics).toMatchObject([
      {
        code: 'KQL300',
        message:
          '`The rule` would have some 17750795 runs from 0001-01-01T00:00:00.0000000Z to 2026-01-01T11:20:00.0000000Z, more than 1000000.',
        hint: 'Say between which times rules run: from and to.',
      },
    ])
    const { runs } = await replay({
      rules: [RULE],
      tables: { SigninLogs },
      from: '2026-01-01T10:00:00Z',
    })
    expect(runs).toHaveLength(2)
  })

  it('gives ingestion_time() the time at which a row is taken to arrive', async () => {
    // Each row is new in one run, however long the window is.
    const query =
      'SigninLogs | where ingestion_time() > ago(1h) | project TimeGenerated, UserPrincipalName, At = ingestion_time()'
    const rule = scheduled(query, '', '1h', '3h')
    const row = (time: string, UserPrincipalName: string, _TimeReceived?: string) => ({
      TimeGenerated: `2026-01-01T${time}Z`,
      UserPrincipalName,
      ...(_TimeReceived === undefined ? {} : { _TimeReceived: `2026-01-01T${_TimeReceived}Z` }),
    })
    const seen = async (rows: readonly Record<string, string>[], delay?: string) => {
      const { alerts, findings } = await replay({
        rules: [rule],
        tables: { SigninLogs: rows },
        ...(delay === undefined ? {} : { delay }),
      })
      const found = alerts.flatMap(alert =>
        alert.rows.map(
          ([, user, at]) => `${alert.runTime.slice(11, 16)} ${user} ${String(at).slice(11, 16)}`,
        ),
      )
      return [...found, ...findings.map(({ code }) => code)]
    }
    const rows = [row('10:10:00', 'ann'), row('10:50:00', 'bob')]
    expect(await seen(rows)).toEqual(['11:00 ann 10:10', '11:00 bob 10:50'])
    expect(await seen(rows, '20m')).toEqual(['11:00 ann 10:30', '12:00 bob 11:10'])
    const some = [...rows, row('10:20:00', 'cid', '11:30:00')]
    expect(await seen(some, '20m')).toEqual([
      '11:00 ann 10:30',
      '12:00 cid 11:30',
      '12:00 bob 11:10',
    ])
    // What is spread over the rows has no form in a query.
    expect(await seen(rows, '1m..2m')).toEqual(['KQL205', 'KQL205'])
  })

  it('tells rules of one id apart', async () => {
    const other = RULE.replace('The rule', 'Another rule').replace('6f1f4c0e', '6F1F4C0E')
    const result = await replay({ rules: [RULE, other, other], tables })
    const { alerts, incidents, findings } = result
    expect(alerts.map(({ ruleName }) => ruleName)).toEqual([
      'The rule',
      'Another rule',
      'Another rule',
    ])
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(3)
    expect(new Set(alerts.map(({ ruleId }) => ruleId)).size).toBe(3)
    expect(new Set(incidents.flatMap(({ alertIds }) => alertIds)).size).toBe(3)
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual(
      Array(2).fill(
        'KQL408 `Another rule` has the id of `The rule`, a rule before it: Sentinel has one of them.',
      ),
    )
    expect(await replay({ rules: [RULE, other, other], tables })).toEqual(result)
  })

  it('gives runs, alerts and incidents with times as text', async () => {
    const result = await replay({ rules: [RULE], tables })
    expectTypeOf(result.alerts).toEqualTypeOf<readonly ReplayedAlert[]>()
    expect(result.runs).toEqual([
      {
        ruleId: '6f1f4c0e-0000-4000-8000-000000000001',
        time: '2026-01-01T11:00:00.0000000Z',
        from: '2026-01-01T10:00:00.0000000Z',
        rows: 1,
        status: 'fired',
        alerts: 1,
      },
    ])
    expect(result.alerts[0]).toMatchObject({
      name: 'The rule',
      time: '2026-01-01T11:05:00.0000000Z',
      startTime: '2026-01-01T10:10:00.0000000Z',
      entities: [{ type: 'Account', identifiers: { FullName: 'ann@contoso.example' } }],
      rows: [['2026-01-01T10:10:00.0000000Z', 'ann@contoso.example']],
      securityAlert: { Type: 'SecurityAlert' },
    })
    expect(Object.keys(result.alerts[0]?.securityAlert ?? {})).toEqual([...SECURITY_ALERT_COLUMNS])
    expect(result.incidents).toMatchObject([
      { number: 1, title: 'The rule', alertIds: [result.alerts[0]?.id] },
    ])
    expect(result.findings).toEqual([])
    expect(() => JSON.stringify(result)).not.toThrow()
  })

  it('leaves lines out that matter to no rule, unless all have to be read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kqlab-replay-'))
    try {
      const path = join(folder, 'SigninLogs.ndjson')
      const row = (time: string, more: Record<string, unknown>): string =>
        JSON.stringify({ TimeGenerated: `2026-01-01T${time}:00Z`, ResultType: '0', ...more })
      const hay = Array.from({ length: 15_000 }, (_, n) =>
        row(`10:${10 + (n % 40)}`, { UserPrincipalName: `user${n}@contoso.example` }),
      )
      hay.splice(5000, 0, row('10:30', { UserPrincipalName: 'ann@fabrikam.example' }))
      const lines = [row('10:00', {}), ...hay, row('12:10', {})]
      writeFileSync(path, lines.join('\n'))
      const rules = [scheduled('SigninLogs | where UserPrincipalName endswith "@fabrikam.example"')]
      const given = { rules, tables: { SigninLogs: { path } } }
      const [some, all] = [
        await replay(given),
        await replay({ ...given, strict: true, threads: 2 }),
      ]
      expect(all.findings).toEqual([])
      expect(some.findings.map(({ code, severity }) => [code, severity])).toEqual([
        ['KQL212', 'info'],
      ])
      // The runs go on up to the last row, which no rule is about.
      expect(all.runs.map(({ time, rows }) => [time.slice(11, 16), rows])).toEqual([
        ['10:00', 0],
        ['11:00', 1],
        ['12:00', 0],
        ['13:00', 0],
      ])
      expect({ ...some, findings: [] }).toEqual(all)
      writeFileSync(
        path,
        [...lines, '{"TimeGenerated":"2026-01-01T11:00:00Z","ResultType":}'].join('\n'),
      )
      expect((await replay(given)).runs).toEqual(all.runs)
      await expect(replay({ ...given, strict: true })).rejects.toThrow('KQL202')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('reads of elements what each of its rules reads of them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kqlab-replay-'))
    try {
      const path = join(folder, 'AuditLogs.ndjson')
      const record = {
        TimeGenerated: '2026-01-01T10:10:00Z',
        TargetResources: [
          { modifiedProperties: [{ displayName: 'Name', oldValue: 'old', newValue: 'new' }] },
        ],
      }
      writeFileSync(path, `${JSON.stringify(record)}\n`)
      const rules = ['displayName', 'oldValue', 'newValue'].map((member, number) =>
        scheduled(
          `AuditLogs | mv-expand p = TargetResources[0].modifiedProperties | project TimeGenerated, value = tostring(p.${member})`,
        )
          .replace('000000000001', `00000000000${number + 1}`)
          .replace('The rule', `Rule ${number}`),
      )
      const { alerts } = await replay({ rules, tables: { AuditLogs: { path } } })
      expect(alerts.map(({ rows }) => rows?.map(row => row[1]))).toEqual([
        ['Name'],
        ['old'],
        ['new'],
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('has the functions and watchlists of a workspace', async () => {
    const workspace = await openWorkspace({
      functions: { Failed: 'SigninLogs | where ResultType != "0"' },
      watchlists: { VIP: { rows: [{ User: 'ann@contoso.example' }], searchKey: 'User' } },
    })
    const rule = scheduled(
      'Failed | where UserPrincipalName in ((_GetWatchlist("VIP") | project SearchKey))',
    )
    const { alerts } = await replay({ rules: [rule], tables, workspace })
    expect(alerts).toHaveLength(1)
    const faulty = await openWorkspace({
      functions: { Failed: 'SigninLogs | where Resultype == 1' },
    })
    await expect(replay({ rules: [rule], tables, workspace: faulty })).rejects.toMatchObject({
      diagnostics: expect.arrayContaining([
        expect.objectContaining({
          code: 'KS142',
          source: expect.objectContaining({ name: 'Failed' }),
        }),
      ]) as unknown,
    })
  })

  it('reads external data, which it does not fetch', async () => {
    const query =
      "SigninLogs | where UserPrincipalName in ((externaldata(user: string)['https://example.org/u.txt']))"
    const rule = scheduled(query, '')
    const externalData = { 'https://example.org/u.txt': { text: 'ann@contoso.example\n' } }
    const given = await replay({ rules: [rule], tables, externalData })
    expect(given.runs).toMatchObject([{ status: 'fired', rows: 1 }])
    const missing = await replay({ rules: [rule], tables })
    expect(missing.runs).toMatchObject([{ status: 'failed' }])
    expect(missing.findings).toMatchObject([
      { code: 'KQL508', message: expect.stringContaining('https://example.org/u.txt') },
    ])
  })

  it('takes several rules, times and schedules', async () => {
    const hunting = 'name: Hunt\nquery: SigninLogs | where UserPrincipalName startswith "bob"\n'
    const result = await replay({
      rules: [RULE, hunting],
      tables,
      to: new Date('2026-01-01T12:00:00Z'),
      anchor: '2026-01-01T00:30:00Z',
      frequency: '1h',
      period: 'PT1H',
    })
    // In the order in which they are raised: hunting has no delay.
    expect(result.alerts.map(({ ruleName, runTime }) => [ruleName, runTime.slice(11, 16)])).toEqual(
      [
        ['Hunt', '10:30'],
        ['The rule', '10:30'],
      ],
    )
  })

  it('refuses rules and options that are wrong', async () => {
    const fault = async (options: Partial<Parameters<typeof replay>[0]>) => {
      const error = await replay({ rules: [RULE], tables, ...options }).catch((e: unknown) => e)
      if (!(error instanceof KqlError)) throw error
      return error.diagnostics.map(({ code }) => code)
    }
    const message = async (options: Partial<Parameters<typeof replay>[0]>) =>
      String(await replay({ rules: [RULE], tables, ...options }).catch((e: unknown) => e))
    expect(await message({ from: 'soon' })).toContain('The value of from is not a datetime: soon.')
    expect(await message({ to: new Date('x') })).toContain('The value of to is not a datetime')
    expect(await message({ from: '2026-01-02', to: '2026-01-01' })).toContain(
      'The option from is later than to: no rule would run.',
    )
    expect(await message({ anchor: -1n })).toContain('The value of anchor is not a datetime: -1.')
    expect(await fault({ rules: ['name: x\n'] })).toEqual(['KQL401'])
    expect(await fault({ rules: ['name: x\nquery: SigninLogs | where Nope == 1\n'] })).toContain(
      'KS142',
    )
    expect(await fault({ from: 'soon' })).toEqual(['KQL105'])
    expect(await fault({ delay: 'a while' })).toEqual(['KQL105'])
  })

  it('takes a table without data for an empty one, and says so', async () => {
    const { runs, findings } = await replay({ rules: [RULE], tables: {} })
    expect(runs).toEqual([])
    const [{ code, severity, message, span } = { span: { start: 0, end: 0 } }] = findings
    expect({ code, severity, message, at: RULE.slice(span.start, span.end) }).toEqual({
      code: 'KQL102',
      severity: 'warning',
      message: 'No data was given for the table `SigninLogs`: it is empty.',
      at: 'SigninLogs',
    })
  })

  it('says nothing of tables of what other rules raise, and of a wildcard with data', async () => {
    const over = scheduled('union SecurityAlert, (union Signin*) | project TimeGenerated')
    const { findings } = await replay({ rules: [over, RULE], tables })
    expect(findings.map(({ code }) => code)).not.toContain('KQL102')
  })

  it('can be cancelled', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(replay({ rules: [RULE], tables, signal: controller.signal })).rejects.toThrow()
  })
})
