import { describe, expect, it } from 'vitest'
import { formatTimespan, parseTimespan } from '../../../src/types/timespan.ts'

const HOUR = 36_000_000_000n
const DAY = 24n * HOUR

describe('parseTimespan', () => {
  it.each([
    ['1d', DAY],
    ['2h', 2n * HOUR],
    ['1.5h', HOUR + HOUR / 2n],
    ['30m', HOUR / 2n],
    ['90s', 900_000_000n],
    ['100ms', 1_000_000n],
    ['10microsecond', 100n],
    ['1tick', 1n],
    ['250nanoseconds', 2n],
    ['15 seconds', 150_000_000n],
    ['25min', 15_000_000_000n],
    ['-1d', -DAY],
    ['2', 2n * DAY],
    ['01:00:00', HOUR],
    ['13:00', 13n * HOUR],
    ['1.02:03:04', DAY + 2n * HOUR + 1_840_000_000n],
    ['0.00:03:00', 1_800_000_000n],
    ['4.00:00:00', 4n * DAY],
    ['0.12:34:56.7', 452_967_000_000n],
    ['00:00:00.001', 10_000n],
    ['00:00:00.00000019', 1n],
    ['-00:00:01', -10_000_000n],
    [' 1d ', DAY],
    ['9223372036854775807ticks', 9_223_372_036_854_775_807n],
    ['-9223372036854775808ticks', -9_223_372_036_854_775_808n],
  ])('reads %s', (text, ticks) => {
    expect(parseTimespan(text)).toBe(ticks)
  })

  it.each([
    '',
    'abc',
    'garbage',
    '1.5',
    '1w',
    '25:00:00',
    '00:60',
    '00:00:60',
    '1d2h',
    '9223372036854775808ticks',
    '99999999d',
    '1:2:3:4',
  ])('refuses %j', text => {
    expect(parseTimespan(text)).toBeNull()
  })
})

describe('formatTimespan', () => {
  it.each([
    [DAY + 2n * HOUR, '1.02:00:00'],
    [DAY, '1.00:00:00'],
    [10_000n, '00:00:00.0010000'],
    [0n, '00:00:00'],
    [-HOUR, '-01:00:00'],
    [-(DAY + 2n * HOUR + 1_840_000_000n), '-1.02:03:04'],
    [1n, '00:00:00.0000001'],
    [9_223_372_036_854_775_807n, '10675199.02:48:05.4775807'],
    [-9_223_372_036_854_775_808n, '-10675199.02:48:05.4775808'],
  ])('prints %s ticks', (ticks, text) => {
    expect(formatTimespan(ticks)).toBe(text)
  })
})
