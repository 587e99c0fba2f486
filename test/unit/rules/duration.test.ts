import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../../src/rules/duration.ts'

const MINUTE = 600_000_000n
const HOUR = 60n * MINUTE
const DAY = 24n * HOUR

describe('parseDuration', () => {
  it.each([
    ['5m', 5n * MINUTE],
    ['1h', HOUR],
    ['14d', 14n * DAY],
    ['01:00:00', HOUR],
    ['1.00:00:00', DAY],
    ['PT1H', HOUR],
    ['PT5M', 5n * MINUTE],
    ['P2DT1H30M', 2n * DAY + HOUR + 30n * MINUTE],
    ['P1W', 7n * DAY],
    ['PT0S', 0n],
    ['pt90s', 90n * (MINUTE / 60n)],
    // .NET reads a number alone as days.
    ['5', 5n * DAY],
  ])('reads %s', (text, ticks) => {
    expect(parseDuration(text)).toBe(ticks)
  })

  it.each([
    '',
    'P',
    'PT',
    'P1DT',
    'P1M',
    'P1Y',
    'soon',
    '1x',
    '25:00:00',
    'P10675200D',
    '10675200d',
  ])('refuses %j', text => {
    expect(parseDuration(text)).toBeUndefined()
  })
})
