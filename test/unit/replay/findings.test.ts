import { describe, expect, it } from 'vitest'
import { compileQuery } from '../../../src/engine/query.ts'
import { replay } from '../../../src/index.ts'
import { tellsFromAbsence } from '../../../src/replay/rules.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { type Event, MINUTE, replayOf, scheduled, type Times } from './replay-of.ts'

const event = (TimeGenerated: string, what = 'a', more: Partial<Event> = {}): Event => ({
  TimeGenerated,
  user: 'ann',
  what,
  ...more,
})

/** The findings of a code. */
async function found(
  code: string,
  yaml: string,
  events: readonly Event[],
  times: Times = {},
): Promise<string[]> {
  const { findings } = await replayOf(yaml, events, times)
  return findings.filter(each => each.code === code).map(({ message }) => message)
}

describe('a pair across the edge of a window', () => {
  const query = (more = '') =>
    `T | where what == "a"${more} | join kind=inner (T | where what == "b"${more}) on user`
  // The run of 11:00 sees the first, that of 12:00 the second.
  const events = [event('10:50', 'a'), event('11:10', 'b')]
  const message =
    '1 row would be found in a window longer by queryFrequency, and in no run: what belongs together lies across an edge of the windows, first at 2026-01-01T12:00:00.0000000Z.'

  it('is told where no run saw both', async () => {
    expect(await found('KQL509', scheduled(query()), events)).toEqual([message])
    const { findings } = await replayOf(scheduled(query()), events)
    expect(findings[0]?.hint).toBe('Make queryPeriod, and how far the query looks back, 02:00:00.')
  })

  it('is none where the windows overlap by more than its time', async () => {
    expect(await found('KQL509', scheduled(query(), '', '1h', '2h'), events)).toEqual([])
  })

  it('is not looked for beyond the first run, before which another would have seen it', async () => {
    const times = { from: '12:00', to: '12:00' }
    expect(await found('KQL509', scheduled(query()), events, times)).toEqual([])
  })

  it('is told where the query itself looks back less than the period', async () => {
    const yaml = scheduled(query(' and TimeGenerated > ago(1h)'), '', '1h', '2h')
    expect(await found('KQL509', yaml, events)).toEqual([message])
  })

  it.each([
    // A longer window counts more, and shows more that is absent: that is no pair.
    'T | where what == "a" | join kind=leftanti (T | where what == "b") on user',
    'T | where what == "a" | join kind=inner (T | where what == "b") on user | summarize count()',
    'T | where what == "a" | join kind=inner (T | where what == "b") on user | extend t = now()',
    'T',
  ])('is not looked for in %s', async text => {
    expect(await found('KQL509', scheduled(text), events)).toEqual([])
  })
})

describe('a row between the windows of two runs', () => {
  it('is told', async () => {
    // Windows from 10:30 to 11:00, from 11:30 to 12:00: 11:10 is in none, 10:50 and 11:30 are.
    const rows = [event('10:50'), event('11:10'), event('11:30')]
    expect(await found('KQL509', scheduled('T', '', '1h', '30m'), rows)).toEqual([
      'No run sees 1 row between the windows of two.',
    ])
  })
})

describe('silence before the data begin', () => {
  it('is not sure, which is told of runs that are asked for', async () => {
    const silent = scheduled('T').replace('triggerOperator: gt', 'triggerOperator: eq')
    const rows = [event('10:10'), event('12:30')]
    // The runs at 09:00 and 10:00 have no row, as that at 12:00.
    expect(await found('KQL506', silent, rows, { from: '09:00' })).toEqual([
      '2 runs fired whose window begins before the data, at 2026-01-01T10:10:00.0000000Z: what is told from absence is not sure.',
    ])
    expect(await found('KQL506', silent, rows)).toEqual([])
    expect(await found('KQL506', scheduled('T'), rows, { from: '09:00' })).toEqual([])
  })
})

describe('rows that arrive too late', () => {
  it('are told with the delay that loses so many', async () => {
    // Read at 11:05: 10:10 may be 55 minutes late, 10:50 15 minutes. 11:30 has a run after the last.
    const rows = [event('10:10'), event('10:50'), event('11:30')]
    expect(await found('KQL507', scheduled('T'), rows, { delay: 20n * MINUTE })).toEqual([
      '1 row arrived after the last run that could have seen them. A delay of more than 00:15:00 loses 50 % of the rows.',
    ])
  })

  it('are not those that a run after the last one of the replay sees', async () => {
    // Of 11:30, which arrives at 12:20, the run at 13:00 sees two hours; 10:10 was for 12:00 at the latest.
    const rows = [event('10:10'), event('11:30')]
    const rule = scheduled('T', '', '1h', '2h')
    const delay = 50n * MINUTE
    expect(await found('KQL507', rule, rows, { delay, to: '12:00' })).toEqual([])
    const later = { delay: 120n * MINUTE, to: '12:00' }
    expect(await found('KQL507', rule, rows, later)).toEqual([
      '2 rows arrived after the last run that could have seen them.',
    ])
    // A rule that fires on silence has no run after the data.
    const silent = rule.replace('triggerOperator: gt', 'triggerOperator: eq')
    const longer = [event('10:10'), event('13:00'), event('13:30')]
    expect(await found('KQL507', silent, longer, { delay })).toEqual([])
  })

  it('are told in parts of the rows', async () => {
    // Of 21 rows one may be 10 minutes late, the next 12, and so on, that of 13:00 65 minutes. The third
    // makes a tenth of them, and the eleventh a half.
    const rows = Array.from({ length: 20 }, (_, index) => event(`10:${String(55 - 2 * index)}`))
    const later = [event('13:00')]
    const [message = ''] = await found('KQL507', scheduled('T'), [...rows, ...later], {
      delay: 11n * MINUTE,
    })
    expect(message).toBe(
      '1 row arrived after the last run that could have seen them. A delay of more than 00:10:00 loses 1 % of the rows, more than 00:14:00 loses 10 % of the rows and more than 00:30:00 loses 50 % of the rows.',
    )
  })
})

describe('a detail of one of several rows', () => {
  it('is told for severity, tactics and properties too', async () => {
    const fields = [
      'alertDetailsOverride:',
      '  alertSeverityColumnName: severity',
      '  alertTacticsColumnName: what',
      '  alertDynamicProperties: [{ alertProperty: AlertLink, value: user }]',
    ].join('\n')
    const rows = [
      event('10:10', 'Impact', { severity: 'High' }),
      event('10:20', 'Discovery', { severity: 'Low', user: 'bob' }),
    ]
    expect(await found('KQL501', scheduled('T', fields), rows)).toEqual([
      'In 1 alert the text names one value of `severity`, where the rows have several (up to 2 rows).',
      'In 1 alert the text names one value of `what`, where the rows have several (up to 2 rows).',
      'In 1 alert the text names one value of `user`, where the rows have several (up to 2 rows).',
    ])
    expect(await found('KQL501', scheduled('T', fields), rows.slice(1))).toEqual([])
  })
})

describe('incidents', () => {
  const grouping = (more = '') =>
    [
      'eventGroupingSettings: { aggregationKind: AlertPerResult }',
      'incidentConfiguration:',
      `  groupingConfiguration: { enabled: true, matchingMethod: AnyAlert${more} }`,
    ].join('\n')
  const rows = (time: string, count: number) =>
    Array.from({ length: count }, (_, index) => event(time, `w${index}`))

  it('that are full are told', async () => {
    const of = (count: number) =>
      found('KQL510', scheduled('T', grouping()), [...rows('10:10', 100), ...rows('11:10', count)])
    expect(await of(49)).toEqual([])
    expect(await of(50)).toEqual([
      '1 incident has 150 alerts, the most that there may be: what came after began others.',
    ])
  })

  it('that are never closed are told to rules that reopen them', async () => {
    const reopens = scheduled('T', grouping(', reopenClosedIncident: true'))
    expect(await found('KQL511', reopens, rows('10:10', 1))).toEqual([
      'No incident is ever closed in this replay, so none is reopened.',
    ])
    expect(await found('KQL511', reopens, [])).toEqual([])
    expect(await found('KQL511', scheduled('T', grouping()), rows('10:10', 1))).toEqual([])
    const closing = await replay({
      rules: [reopens.replace('"T"', '"SigninLogs"')],
      tables: { SigninLogs: [{ TimeGenerated: '2026-01-01T10:10:00Z' }] },
      closeIncidentsAfter: '1h',
    })
    expect(closing.findings.filter(({ code }) => code === 'KQL511')).toEqual([])
  })
})

describe('what is told from absence', () => {
  const catalog = Catalog.empty().with({
    T: [{ name: 'user', type: 'string' }],
    U: [{ name: 'user', type: 'string' }],
  })
  it.each([
    ['T | join kind=leftanti U on user', true],
    ['T | join kind=rightanti U on user', true],
    ['T | join kind=leftouter U on user', true],
    ['T | join kind=rightouter U on user', true],
    ['T | join kind=fullouter U on user', true],
    ['T | lookup U on user', true],
    ['T | where user !in (U | project user)', true],
    ['T | where user !in~ (U | project user)', true],
    ['T | where not(user in ((U | project user)))', true],
    ['union T, (U | join kind=leftanti T on user)', true],
    ['let known = materialize(U | join kind=leftanti T on user); known | join known on user', true],
    ['T | where user in ((T | where user !in (U)))', true],
    ['T | join kind=inner U on user', false],
    ['T | join kind=leftsemi U on user', false],
    ['T | where user in (U | project user)', false],
    ['T | where user !in ("a", "b") and not(user == "c")', false],
  ])('%s: %s', (text, expected) => {
    const { plan, diagnostics } = compileQuery(text, { catalog })
    if (plan === undefined) throw new Error(diagnostics.map(each => each.message).join(' '))
    expect(tellsFromAbsence(plan)).toBe(expected)
  })
})

describe('rows without a time', () => {
  const rows = [{ TimeGenerated: '2026-01-01T10:10:00Z', user: 'ann' }, { user: 'bob' }]
  const of = async (query: string, tables: Parameters<typeof replay>[0]['tables']) => {
    const { findings } = await replay({ rules: [scheduled(query)], tables })
    return findings.filter(({ code }) => code === 'KQL509').map(({ message }) => message)
  }
  const message =
    'Rows of `T` have no time, in a column TimeGenerated or Timestamp: no run sees them.'

  it('are told of, as no run sees them', async () => {
    expect(await of('T', { T: rows })).toEqual([message])
    expect(await of('T | join kind=leftouter T on user', { T: rows })).toEqual([message])
    expect(await of('T', { T: { rows: [{}], schema: { TimeGenerated: 'datetime' } } })).toEqual([
      message,
    ])
  })

  it('are none where the rule leaves them out, or the table has no column of times', async () => {
    expect(await of('T | where user == "ann"', { T: rows })).toEqual([])
    expect(await of('T | join U on user', { T: rows, U: [{ user: 'ann' }] })).toEqual([message])
  })
})

describe('a rule without runs', () => {
  const withoutRuns = async (
    rule: string,
    tables: Parameters<typeof replay>[0]['tables'],
    times: { from?: string; to?: string } = {},
  ) => {
    const { runs, findings } = await replay({ rules: [rule], tables, ...times })
    expect(runs).toEqual([])
    const about = findings.filter(({ code }) => code === 'KQL509')
    return about.map(({ code, message, hint }) => [code, message, hint])
  }
  const hint = 'Say between which times it runs: from and to.'
  const nothing = 'The rule has no runs: the query reads no table.'
  const nrt = scheduled('print a = 1')
    .replace('kind: Scheduled', 'kind: NRT')
    .replace(/^(query(Frequency|Period)|trigger\w+):.*\n/gm, '')

  it('is told of where its query reads no table', async () => {
    const told = [['KQL509', nothing, hint]]
    expect(await withoutRuns(scheduled('print a = 1'), { T: [] })).toEqual(told)
    expect(await withoutRuns(scheduled('print a = 1'), {}, { from: '2026-01-01' })).toEqual(told)
    const none = { from: '2026-01-01T00:10:00Z', to: '2026-01-01T00:20:00Z' }
    expect(await withoutRuns(nrt, {}, none)).toEqual([['KQL509', nothing, undefined]])
  })

  it('is told of where its tables have no column of times', async () => {
    const message =
      'The rule has no runs: rows of `T` have no time, in a column TimeGenerated or Timestamp.'
    expect(await withoutRuns(scheduled('T'), { T: [{ user: 'ann' }] })).toEqual([
      ['KQL509', message, hint],
    ])
  })

  it('is as it should be where there are no rows, or no time for a run', async () => {
    const schema = { TimeGenerated: 'datetime', user: 'string' } as const
    expect(await withoutRuns(scheduled('T'), { T: { rows: [], schema } })).toEqual([])
    const none = { from: '2026-01-01T00:10:00Z', to: '2026-01-01T00:20:00Z' }
    expect(await withoutRuns(scheduled('print a = 1'), {}, none)).toEqual([])
  })
})
