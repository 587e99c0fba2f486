import { describe, expect, it } from 'vitest'
import { compileQuery } from '../../../src/engine/query.ts'
import { feedsOf } from '../../../src/replay/feeds.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { clock, type Event, replayOf, scheduled } from './replay-of.ts'

const catalog = Catalog.empty().with({
  T: [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'user', type: 'string' },
    { name: 'bag', type: 'dynamic' },
  ],
})

/** The nodes that are done once, and those that are left to each run, from the top down. */
function split(text: string, overlaps: boolean): string {
  const { plan } = compileQuery(text, { catalog })
  if (plan === undefined) throw new Error('does not compile')
  const fed = feedsOf(plan, 'f', () => 'TimeGenerated', overlaps)
  const kinds = (node: typeof plan): string[] =>
    node.kind === 'scan' ? [] : [node.kind, ...('input' in node ? kinds(node.input) : [])]
  const [feed] = fed.feeds
  return `${feed?.prefix ? kinds(feed.prefix).join(' ') : '-'} / ${kinds(fed.plan).join(' ')}`
}

describe('what is made of each row for itself', () => {
  it.each([
    // A computed value, which each run would compute again.
    ['T | extend n = strlen(user)', true, 'project / '],
    ['T | extend n = strlen(user)', false, '- / project'],
    // What leaves rows out is less to keep than what it is asked of.
    ['T | extend n = strlen(user) | where n > 3 or rand() >= 0', false, '- / where project'],
    ['T | parse user with a "@" b | where a == "x"', false, 'where parse / '],
    ['T | mv-expand bag | where tostring(bag) == "x"', false, 'where mv-expand / '],
    // Rows that are made more are left to the runs.
    ['T | mv-expand bag', true, '- / mv-expand'],
    ['T | extend n = strlen(user) | summarize count() by n', true, 'project / summarize'],
    // The time of the run.
    ['T | extend age = now() - TimeGenerated', true, '- / project'],
    ['T | parse user with a "@" b | extend age = now() - TimeGenerated', true, 'parse / project'],
    ['T | extend n = rand()', true, '- / project'],
    ['T | where user has "x"', true, '- / '],
    ['T | take 1 | extend n = strlen(user)', true, '- / project take'],
  ])('of %s, seen by several runs: %s', (text, overlaps, expected) => {
    expect(split(text, overlaps)).toBe(expected)
  })
})

const events: Event[] = [
  { TimeGenerated: '11:10', user: 'bob@b', what: '["x","y"]' },
  { TimeGenerated: '10:10', user: 'ann@a', what: '["y"]' },
  { TimeGenerated: '10:20', user: 'cid@c', what: '["x","x"]' },
]

it('runs see their windows of it, in the order of time', async () => {
  const query =
    'T | mv-expand each = parse_json(what) to typeof(string) | where each == "x" | parse user with name "@" * | project name, each'
  const { rules } = await replayOf(scheduled(query, '', '1h', '2h'), events)
  expect(rules[0]?.alerts.map(({ runTime, rows }) => [clock(runTime), rows])).toEqual([
    // The window of 11:00 has the two rows of cid, that of 12:00 those and the one of bob.
    [
      '11:00',
      [
        ['cid', 'x'],
        ['cid', 'x'],
      ],
    ],
    [
      '12:00',
      [
        ['cid', 'x'],
        ['cid', 'x'],
        ['bob', 'x'],
      ],
    ],
    ['13:00', [['bob', 'x']]],
  ])
})

it('rows are seen when what they are made of has arrived', async () => {
  const query = 'T | mv-expand each = parse_json(what) | where tostring(each) == "x"'
  const late = events.map(event => ({ ...event, _TimeReceived: '11:30' }))
  const { rules } = await replayOf(scheduled(query, '', '1h', '2h'), late)
  expect(rules[0]?.alerts.map(({ runTime, rows }) => [clock(runTime), rows.length])).toEqual([
    ['12:00', 3],
    ['13:00', 1],
  ])
})
