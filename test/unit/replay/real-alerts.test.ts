import { describe, expect, it } from 'vitest'
import { firstRunFrom } from '../../../src/replay/schedule.ts'
import { LIMITS } from '../../../src/rules/limits.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'

/** Times that alerts of scheduled rules of two workspaces told of themselves. */
const RECORDED = [
  {
    now: '2023-07-24T20:23:59.1070000Z',
    start: '2023-07-24 15:23:59Z',
    end: '2023-07-24 20:24:00Z',
    raised: '2023-07-24T20:29:01.8010707Z',
  },
  {
    now: '2023-08-10T22:23:59.1070000Z',
    start: '2023-08-10 17:23:59Z',
    end: '2023-08-10 22:24:00Z',
    raised: '2023-08-10T22:29:04.8630406Z',
  },
  {
    now: '2020-04-27T15:28:54.0000000Z',
    start: '2020-04-27 10:28:54Z',
    end: '2020-04-27 15:28:54Z',
    raised: '2020-04-27T15:34:02.0000000Z',
  },
] as const

const HOUR = 36_000_000_000n
const SECOND = 10_000_000n

const ticks = (text: string): bigint => {
  const value = parseDatetime(text)
  if (value === null) throw new Error(`${text} is no time`)
  return value
}

describe('alerts that Sentinel raised', () => {
  it.each(RECORDED)(
    'of $now had the window of five hours before the run',
    ({ now, start, end }) => {
      const run = ticks(now)
      // They show the window to the second: its start rounded down, its end up.
      expect(((run - 5n * HOUR) / SECOND) * SECOND).toBe(ticks(start))
      expect(((run + SECOND - 1n) / SECOND) * SECOND).toBe(ticks(end))
    },
  )

  it.each(RECORDED)(
    'of $now were raised at most ten seconds after the delay',
    ({ now, raised }) => {
      const late = ticks(raised) - (ticks(now) + LIMITS.delay.Scheduled)
      expect(late).toBeGreaterThanOrEqual(0n)
      expect(late).toBeLessThan(10n * SECOND)
    },
  )

  it('of one rule, 17 days apart, are of one schedule', () => {
    const [first, second] = RECORDED
    const schedule = { anchor: ticks(first.now), frequency: HOUR }
    expect(firstRunFrom(schedule, ticks('2023-08-10T22:00:00Z'))).toBe(ticks(second.now))
  })
})
