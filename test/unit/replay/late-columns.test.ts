import { expect, it } from 'vitest'
import { clock, type Event, replayOf, scheduled } from './replay-of.ts'

const events: Event[] = [
  { TimeGenerated: '10:10', user: 'ann', what: '{"a": 1}' },
  { TimeGenerated: '11:10', user: 'bob', what: '{"a": 2, "b": "x"}' },
]

it('a rule whose columns only the data tell gets those of each run', async () => {
  const query = 'T | extend d = parse_json(what) | project user, d | evaluate bag_unpack(d)'
  const { alerts, findings } = await replayOf(scheduled(query), events)
  expect(findings).toEqual([])
  expect(alerts.map(({ time, columns, rows }) => [clock(time), columns, rows])).toEqual([
    [
      '11:05',
      [
        { name: 'user', type: 'string' },
        { name: 'a', type: 'long' },
      ],
      [['ann', 1n]],
    ],
    [
      '12:05',
      [
        { name: 'user', type: 'string' },
        { name: 'a', type: 'long' },
        { name: 'b', type: 'string' },
      ],
      [['bob', 2n, 'x']],
    ],
  ])
})

it('a run in which a column is not there fails, and the others do not', async () => {
  const query = 'T | extend d = parse_json(what) | evaluate bag_unpack(d) | where b == "x"'
  const { rules } = await replayOf(scheduled(query), events)
  expect(rules[0]?.alerts.map(({ time }) => clock(time))).toEqual(['12:05'])
  expect(rules[0]?.findings.length).toBeGreaterThan(0)
})
