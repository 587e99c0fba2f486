import { expect, it } from 'vitest'
import { clock, type Event, replayOf, scheduled } from './replay-of.ts'

const events: Event[] = [
  { TimeGenerated: '10:10', user: 'ann' },
  { TimeGenerated: '11:10', user: 'bob' },
]

it('a condition whose function needs a package is decided with it', async () => {
  const far = 'geo_distance_2points(0.0, 0.0, 0.0, todouble(strlen(user)), true) > 1.0'
  const { alerts, findings } = await replayOf(scheduled(`T | where ${far}`), events)
  expect(findings).toEqual([])
  expect(alerts.map(({ time }) => clock(time))).toEqual(['11:05', '12:05'])
})

it('a bound of time whose function needs a package is decided with it', async () => {
  const bound = 'now() - 1h * iff(geo_distance_2points(0.0, 0.0, 0.0, 1.0, true) > 1.0, 1, 2)'
  const { alerts, findings } = await replayOf(
    scheduled(`T | where TimeGenerated > ${bound}`),
    events,
  )
  expect(findings).toEqual([])
  expect(alerts.map(({ time }) => clock(time))).toEqual(['11:05', '12:05'])
})

it('a bound of time that cannot be computed fails its run', async () => {
  const bound = 'iff(assert(now() < datetime(2026-01-01 11:30), "late"), ago(1h), now())'
  const { rules } = await replayOf(scheduled(`T | where TimeGenerated > ${bound}`), events)
  expect(rules[0]?.runs.map(({ status }) => status)).toEqual(['fired', 'failed'])
})

it('a condition that cannot be computed fails the runs of its rule', async () => {
  const query = 'T | where extract(strcat("(", now()), 1, user) == "x"'
  const { rules } = await replayOf(scheduled(query), events)
  expect(rules[0]?.runs.map(({ status }) => status)).toEqual(['failed', 'failed'])
})
