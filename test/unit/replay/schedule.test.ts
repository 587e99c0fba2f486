import { describe, expect, it } from 'vitest'
import { defaultAnchor, firstRunFrom, runsBetween } from '../../../src/replay/schedule.ts'
import { parseTimespan } from '../../../src/types/timespan.ts'
import { at, clock, type Event, MINUTE, replayOf, scheduled, type Times } from './replay-of.ts'

/** Each run as `time status rows`, those that gave nothing left out. */
async function runs(
  yaml: string,
  events: readonly Event[],
  times: Times = {},
  others: readonly Event[] = [],
): Promise<string[]> {
  const { rules } = await replayOf(yaml, events, times, others)
  return (rules[0]?.runs ?? [])
    .filter(({ status, rows }) => status !== 'quiet' || rows > 0)
    .map(({ time, status, rows }) => `${clock(time)} ${status} ${rows}`)
}

const event = (TimeGenerated: string, more: Partial<Event> = {}): Event => ({
  TimeGenerated,
  user: 'ann',
  ...more,
})

describe('a schedule', () => {
  it('has the same phase for ever', () => {
    const schedule = { anchor: at('10:07'), frequency: 60n * MINUTE }
    expect(clock(firstRunFrom(schedule, at('09:00')))).toBe('09:07')
    expect(clock(firstRunFrom(schedule, at('09:07')))).toBe('09:07')
    expect(clock(firstRunFrom(schedule, at('09:08')))).toBe('10:07')
    expect([...runsBetween(schedule, at('08:07'), at('10:07'))].map(clock)).toEqual([
      '08:07',
      '09:07',
      '10:07',
    ])
  })

  it('begins by default at the first full multiple of the frequency after the data begin', () => {
    expect(clock(defaultAnchor(at('09:20'), 60n * MINUTE))).toBe('10:00')
    expect(clock(defaultAnchor(at('09:00'), 60n * MINUTE))).toBe('10:00')
  })
})

describe('the window of a run', () => {
  it('is the period before it, both ends included', async () => {
    const query = 'T | where user == "ann"'
    expect(await runs(scheduled(query), [event('10:00'), event('10:30')])).toEqual([
      '10:00 fired 1',
      '11:00 fired 2',
    ])
    // One tick before and after the ends.
    const edges = [event('09:59:59.9999999'), event('11:00:00.0000001')]
    expect(await runs(scheduled(query), edges, { anchor: '11:00' })).toEqual([
      '10:00 fired 1',
      '12:00 fired 1',
    ])
  })

  it('is on every table, whatever the query itself asks for', async () => {
    const query =
      'T | where TimeGenerated > ago(30d) | join kind=inner (U | where TimeGenerated > ago(30d)) on user'
    const others = [event('08:30')]
    expect(await runs(scheduled(query), [event('10:10')], {}, others)).toEqual([])
    expect(await runs(scheduled(query, '', '1h', '3h'), [event('10:10')], {}, others)).toEqual([
      '11:00 fired 1',
    ])
  })

  it('is narrowed by the query, bounds as they are', async () => {
    const rule = (bound: string) => scheduled(`T | where TimeGenerated ${bound}`, '', '1h', '2h')
    const events = [event('10:00')]
    const times = { anchor: '10:00' }
    expect(await runs(rule('> ago(1h)'), events, times)).toEqual(['10:00 fired 1'])
    expect(await runs(rule('>= ago(1h)'), events, times)).toEqual([
      '10:00 fired 1',
      '11:00 fired 1',
    ])
    expect(await runs(rule('< now()'), events, times)).toEqual(['11:00 fired 1', '12:00 fired 1'])
    expect(await runs(rule('between (ago(2h) .. ago(1h))'), events, times)).toEqual([
      '11:00 fired 1',
      '12:00 fired 1',
    ])
    expect(await runs(rule('> datetime(null)'), events, times)).toEqual([])
  })

  it('gives now() the time of the run, in the whole query', async () => {
    const query =
      'T | extend age = now() - TimeGenerated, same = now() == ago(0s) | where age == 25m and same'
    expect(await runs(scheduled(query), [event('10:35')])).toEqual(['11:00 fired 1'])
  })

  it('sees in two runs what the period holds twice', async () => {
    const rule = scheduled('T', '', '1h', '2h')
    expect(await runs(rule, [event('10:20')])).toEqual(['11:00 fired 1', '12:00 fired 1'])
  })
})

describe('arrival', () => {
  const rule = scheduled('T')

  it('may be until five minutes after the time of the run', async () => {
    const events = [event('10:50', { _TimeReceived: '11:05' })]
    expect(await runs(rule, events)).toEqual(['11:00 fired 1'])
  })

  it('is too late after that, for a row that no later window holds', async () => {
    const events = [event('10:50', { _TimeReceived: '11:05:00.0000001' })]
    const { alerts, findings } = await replayOf(rule, events)
    expect(alerts).toEqual([])
    expect(findings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      'KQL507 1 row arrived after the last run that could have seen them.',
    ])
  })

  it('is made good by a longer period', async () => {
    const events = [event('10:50', { _TimeReceived: '11:20' })]
    expect(await runs(scheduled('T', '', '1h', '2h'), events)).toEqual(['12:00 fired 1'])
  })

  it('is a delay after TimeGenerated where rows do not say it', async () => {
    const events = [event('10:50'), event('10:54')]
    expect(await runs(rule, events, { delay: 12n * MINUTE })).toEqual(['11:00 fired 1'])
    expect(await runs(rule, events, { delay: 20n * MINUTE })).toEqual([])
  })
})

describe('what fires', () => {
  const rule = (operator: string, threshold: number) =>
    scheduled('T').replace(
      'triggerOperator: gt\ntriggerThreshold: 0',
      `triggerOperator: ${operator}\ntriggerThreshold: ${threshold}`,
    )
  const events = [event('09:10'), event('11:10'), event('11:20'), event('13:00')]

  it.each([
    ['gt', 1, ['12:00']],
    ['gt', 2, []],
    // 10:00 has one row, 11:00 none, 12:00 two, 13:00 one; nothing is said of times without data.
    ['lt', 1, ['11:00']],
    ['lt', 2, ['11:00', '13:00']],
    ['eq', 0, ['11:00']],
    ['eq', 2, ['12:00']],
    ['ne', 1, ['11:00', '12:00']],
    ['LessThan', 1, ['11:00']],
  ])('%s %i', async (operator, threshold, expected) => {
    const { alerts } = await replayOf(rule(operator, threshold), events)
    expect(alerts.map(({ runTime }) => clock(runTime))).toEqual(expected)
  })

  it('is each run for itself', async () => {
    const { alerts } = await replayOf(rule('gt', 1), [event('10:10'), event('11:10')])
    expect(alerts).toEqual([])
  })
})

describe('suppression', () => {
  const events = ['10:10', '11:10', '12:10', '13:10', '14:10'].map(time => event(time))

  it('stops the rule from the run that raised an alert on', async () => {
    const rule = scheduled('T', 'suppressionEnabled: true\nsuppressionDuration: 3h')
    expect(await runs(rule, events)).toEqual([
      '11:00 fired 1',
      '12:00 suppressed 0',
      '13:00 suppressed 0',
      '14:00 fired 1',
      '15:00 suppressed 0',
    ])
  })

  it('ends with the run that comes just so long after', async () => {
    const of = (duration: string) =>
      runs(
        scheduled('T', `suppressionEnabled: true\nsuppressionDuration: ${duration}`),
        events.slice(0, 3),
      )
    expect(await of('1h')).toEqual(['11:00 fired 1', '12:00 fired 1', '13:00 fired 1'])
    expect(await of('61m')).toEqual(['11:00 fired 1', '12:00 suppressed 0', '13:00 fired 1'])
  })

  it('does not begin with a run that raises no alert, as there is no row to alert of', async () => {
    const rule = scheduled(
      'T | where user == "nobody"',
      'suppressionEnabled: true\nsuppressionDuration: 3h\neventGroupingSettings: { aggregationKind: AlertPerResult }',
    ).replace('triggerOperator: gt', 'triggerOperator: eq')
    expect(await runs(rule, events.slice(0, 4))).toEqual(['12:00 fired 0', '13:00 fired 0'])
  })

  it('needs to be enabled', async () => {
    const rule = scheduled('T', 'suppressionEnabled: false\nsuppressionDuration: PT5H')
    expect((await runs(rule, events)).every(run => run.endsWith('fired 1'))).toBe(true)
  })
})

describe('a rule near real time', () => {
  const rule = ['name: The rule', 'kind: NRT', 'severity: Low', 'query: T', ''].join('\n')

  it('runs each minute on what arrived in it', async () => {
    const events = [
      event('10:00:30', { _TimeReceived: '10:01:10' }),
      event('09:00', { _TimeReceived: '10:01:50' }),
      event('10:01', { _TimeReceived: '10:03' }),
    ]
    expect(await runs(rule, events)).toEqual(['10:02 fired 2', '10:03 fired 1'])
    const { alerts } = await replayOf(rule, events)
    // It reads the data two minutes later.
    expect(alerts.map(({ time }) => clock(time))).toEqual(['10:04', '10:05'])
  })

  it('has no run after the times that there are', async () => {
    const delay = parseTimespan('2914000.00:00:00') ?? 0n
    expect(await runs(rule, [event('10:00:30')], { delay })).toEqual([])
  })
})

describe('a hunting rule', () => {
  const rule = ['name: The query', 'query: T | where TimeGenerated > ago(1h)', ''].join('\n')

  it('runs once, at the end of the data, without a window', async () => {
    expect(await runs(rule, [event('08:00'), event('10:10'), event('10:40')])).toEqual([
      '10:40 fired 2',
    ])
  })

  it('has no run where that is not between from and to', async () => {
    const events = [event('08:00'), event('10:40')]
    expect(await runs(rule, events, { from: '10:40' })).toEqual(['10:40 fired 1'])
    expect(await runs(rule, events, { from: '10:41' })).toEqual([])
    expect(await runs(rule, events, { to: '08:30' })).toEqual(['08:30 fired 1'])
    expect(await runs(rule, events, { from: '10:41', to: '11:00' })).toEqual(['11:00 fired 1'])
  })

  it('runs on a schedule that is given', async () => {
    const times = { freq: 60n * MINUTE, period: 60n * MINUTE }
    expect(await runs(rule, [event('08:10'), event('10:10')], times)).toEqual([
      '09:00 fired 1',
      '11:00 fired 1',
    ])
    const windows = async (yaml: string, freq: bigint) => {
      const { rules } = await replayOf(yaml, [event('08:10')], { freq })
      return rules.flatMap(own => own.runs.map(({ from, time }) => [from, time]))
    }
    // A window that nothing says is as long as the time between two runs.
    const one = [[at('08:00'), at('09:00')]]
    expect(await windows(rule, 60n * MINUTE)).toEqual(one)
    const bare = scheduled('T').replace(/^(queryFrequency|queryPeriod): .*\n/gm, '')
    expect(await windows(bare, 60n * MINUTE)).toEqual(one)
  })
})

describe('runs', () => {
  it('are within the times that there are, as are their windows', async () => {
    const runsOver = async (every: string, over: string, times: Times = {}) => {
      const { rules } = await replayOf(scheduled('T', '', every, over), [event('10:10')], times)
      return rules.flatMap(rule => rule.runs.map(({ from, time }) => ({ from, time })))
    }
    expect(await runsOver('1h', '3000000d', { to: '11:00' })).toEqual([
      { from: 0n, time: at('11:00') },
    ])
    expect(await runsOver('10000000d', '10000000d')).toEqual([])
  })

  it('are those between from and to', async () => {
    const events = ['10:10', '11:10', '12:10'].map(time => event(time))
    expect(await runs(scheduled('T'), events, { from: '11:30', to: '12:00' })).toEqual([
      '12:00 fired 1',
    ])
  })

  it('have the phase of the anchor', async () => {
    expect(await runs(scheduled('T'), [event('10:10')], { anchor: '23:17' })).toEqual([
      '10:17 fired 1',
    ])
  })
})
