import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { replayRules } from '../../src/cli/commands/replay.ts'
import type { Output } from '../../src/cli/terminal.ts'
import { folderWith, kqlab, lines } from './kqlab.ts'

const rule = (id: number, name: string, query: string, ...more: string[]) =>
  lines(
    `id: 5d1c0000-0000-4000-8000-00000000000${id}`,
    `name: ${name}`,
    'kind: Scheduled',
    'severity: Low',
    'queryFrequency: 1h',
    'queryPeriod: 1h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    `query: ${JSON.stringify(query)}`,
    ...more,
  )

const row = (time: string, more: Record<string, unknown>) =>
  JSON.stringify({ TimeGenerated: `2026-01-01T${time}:00Z`, ...more })

const folder = folderWith({
  'rules/a.yaml': rule(1, 'Resets', 'Audit | where what == "reset"'),
  'rules/b.yaml': rule(2, 'Many', 'Audit | summarize n = sum(size) by user | where n > 3'),
  'rules/c.yaml': rule(3, 'Both', 'Signins | join kind=inner Audit on user'),
  'rules/d.yaml': rule(4, 'Alerts', 'SecurityAlert | where AlertName == "Resets"'),
  'rules/e.yaml': rule(5, 'Fails', 'Signins | where extract(strcat("(", now()), 1, user) == "x"'),
  'audit.json': lines(
    row('10:05', { user: 'ann', what: 'reset', size: 1 }),
    row('10:10', { user: 'bob', what: 'delete', size: 4 }),
    row('10:15', { user: 'ann', what: 'reset', size: 'much' }),
    '{"TimeGenerated": "2026-01-01T10:20:00Z", "user":',
    row('11:20', { user: 'ann', what: 'reset', size: 2 }),
  ),
  'signins.json': lines(row('10:30', { user: 'ann' }), row('11:30', { user: 'cid' }), '['),
})
afterAll(folder.remove)

const replay = (...more: string[]) => [
  'replay',
  join(folder.path, 'rules'),
  ...['--table', `Audit=${join(folder.path, 'audit.json')}`],
  ...['--table', `Signins=${join(folder.path, 'signins.json')}`],
  ...['--schema', 'Audit=TimeGenerated:datetime,user:string,what:string,size:long'],
  ...['--schema', 'Signins=TimeGenerated:datetime,user:string'],
  ...more,
]

describe('kqlab replay with threads', { timeout: 120_000 }, () => {
  it('prints the same bytes whatever their number', async () => {
    const alone = await kqlab(replay('--format', 'json', '--workers', '0'))
    expect(alone.code).toBe(0)
    // The malformed value and the two broken records are told once each.
    expect(alone.stderr.match(/KQL202/g)).toHaveLength(3)
    const { alerts, findings } = JSON.parse(alone.stdout) as {
      alerts: { AlertName: string; TimeGenerated: string }[]
      findings: { code: string }[]
    }
    expect(alerts.map(each => `${each.TimeGenerated.slice(11, 16)} ${each.AlertName}`)).toEqual([
      '11:05 Resets',
      '11:05 Many',
      '11:05 Both',
      '12:05 Resets',
      // The alert of 11:05 is in the window of noon.
      '12:05 Alerts',
      '13:05 Alerts',
    ])
    expect(findings.filter(({ code }) => code === 'KQL508')).toHaveLength(1)
    for (const workers of ['1', '2', '9']) {
      expect(await kqlab(replay('--format', 'json', '--workers', workers))).toEqual(alone)
    }
  })

  it('compares two sets of rules with the same bytes', async () => {
    const [before, after] = [join(folder.path, 'rules/a.yaml'), join(folder.path, 'rules/b.yaml')]
    const args = ['diff', before, after, ...replay().slice(2)]
    const alone = await kqlab([...args, '--workers', '0'])
    expect(alone.stdout).toContain('1 alert gained, 2 lost, 0 changed, 0 the same.')
    expect(await kqlab([...args, '--workers', '2'])).toEqual(alone)
  })

  it('leaves lines out that matter to no rule, and says so', async () => {
    // A megabyte of lines, between the first and the last time, and a find among them.
    const hay = Array.from({ length: 20_000 }, (_, n) =>
      row(`${10 + (n % 2)}:${String(10 + (n % 40))}`, { user: `u${n}`, what: 'delete', size: n }),
    )
    hay.splice(7000, 0, row('10:30', { user: 'ann', what: 'reset', size: 1 }))
    const large = folderWith({
      'rule.yaml': rule(1, 'Resets', 'Audit | where what == "reset"'),
      'audit.ndjson': lines(row('10:00', {}), ...hay, row('12:00', { user: 'bob', what: 'list' })),
    })
    try {
      const args = [
        ...['replay', join(large.path, 'rule.yaml'), '--format', 'json'],
        ...['--table', `Audit=${join(large.path, 'audit.ndjson')}`],
        ...['--schema', 'Audit=TimeGenerated:datetime,user:string,what:string,size:long'],
      ]
      const some = await kqlab(args)
      const all = await kqlab([...args, '--strict'])
      expect(some.stdout).toBe(all.stdout)
      expect(Number(/KQL212.*?(\d+) lines lack/.exec(some.stderr)?.[1])).toBeGreaterThan(15_000)
      expect(all.stderr).not.toContain('KQL212')
      const { alerts } = JSON.parse(all.stdout) as { alerts: { TimeGenerated: string }[] }
      expect(alerts.map(each => each.TimeGenerated.slice(11, 16))).toEqual(['11:05'])
    } finally {
      large.remove()
    }
  })

  it('ends at the first problem where problems are fatal', async () => {
    const alone = await kqlab(replay('--strict', '--workers', '0'))
    expect(alone.code).toBe(1)
    expect(await kqlab(replay('--strict', '--workers', '2'))).toEqual(alone)
  })
})

describe('kqlab replay, interrupted', { timeout: 120_000 }, () => {
  it.each([0, 2])('prints what there was so far, with %i threads', async workers => {
    const more = folderWith({
      'a.yaml': rule(1, 'Quick', 'Audit | where what == "reset"'),
      'b.yaml': rule(2, 'Slow', 'Audit | summarize n = count() by user | where n > 9')
        .replace('queryFrequency: 1h', 'queryFrequency: 5m')
        .replace('queryPeriod: 1h', 'queryPeriod: 14d'),
      'audit.json': lines(
        row('10:05', { user: 'ann', what: 'reset' }),
        JSON.stringify({ TimeGenerated: '2029-01-01T00:30:00Z', user: 'ann', what: 'reset' }),
      ),
    })
    const interruption = new AbortController()
    let printed = ''
    let shown = ''
    const output = (write: (text: string) => void): Output => ({
      isTerminal: true,
      color: false,
      width: 400,
      write: text => Promise.resolve(write(text)),
    })
    const terminal = {
      out: output(text => {
        printed += text
      }),
      err: output(text => {
        shown += text
        if (text.includes('Slow')) interruption.abort()
      }),
    }
    const options = {
      config: false,
      format: 'json',
      diagnostics: 'text',
      table: [`Audit=${join(more.path, 'audit.json')}`],
      to: '2029-01-01T06:00:00Z',
      workers,
    } as const
    const { signal } = interruption
    const code = await replayRules([more.path], options, { terminal, signal })
    more.remove()
    expect(code).toBe(130)
    expect(shown).toContain('Interrupted: this is what there was so far.')
    const { alerts } = JSON.parse(printed) as { alerts: { AlertName: string }[] }
    // A thread gives what rules did that are done: that of the quick one may be at work still.
    const whole = ['Quick', 'Quick']
    const names = alerts.map(({ AlertName }) => AlertName)
    expect(workers === 0 ? [whole] : [whole, []]).toContainEqual(names)
  })
})
