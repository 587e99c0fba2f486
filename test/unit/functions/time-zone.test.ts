import { describe, expect, it } from 'vitest'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import {
  datetime_list_timezones,
  datetime_local_to_utc,
  datetime_utc_to_local,
} from '../../../src/engine/functions/scalar/time-zone.ts'
import { formatDatetime, parseDatetime } from '../../../src/types/datetime.ts'
import { call, callOne } from './harness.ts'

function at(text: string): bigint {
  return parseDatetime(text) as bigint
}

function shown(value: unknown): unknown {
  return typeof value === 'bigint' ? formatDatetime(value).slice(0, 19) : value
}

describe('datetime_utc_to_local', () => {
  it.each([
    ['2022-07-11 22:18:48.467862', 'US/Pacific', '2022-07-11T15:18:48'],
    ['2022-07-11 22:18:48.467862', 'Australia/Canberra', '2022-07-12T08:18:48'],
    ['2022-01-11 12:00', 'Asia/Kolkata', '2022-01-11T17:30:00'],
    // Before its railways agreed on a time, New York kept its own: 4:56:02 behind Greenwich.
    ['1880-01-01 12:00', 'America/New_York', '1880-01-01T07:03:58'],
  ])('of %s in %s is %s', (time, zone, expected) => {
    const args = [['datetime', at(time)] as const, ['string', zone] as const]
    expect(shown(callOne(datetime_utc_to_local, args))).toBe(expected)
  })

  it('keeps the ticks', () => {
    const args = [
      ['datetime', at('2022-07-11 22:18:48.1234567')] as const,
      ['string', 'UTC'] as const,
    ]
    expect(callOne(datetime_utc_to_local, args)).toBe(at('2022-07-11 22:18:48.1234567'))
  })

  it('is null outside the calendar and for a zone of a row that is not known', () => {
    expect(
      call(datetime_utc_to_local, [
        ['datetime', [0n, at('2020-01-01')]],
        ['string', ['US/Pacific', 'Mars/Olympus']],
      ]),
    ).toEqual([null, null])
  })

  it.each(['Mars/Olympus', '+05:00', '-03', ''])('refuses the constant zone "%s"', zone => {
    const args = [['datetime', 0n] as const, ['string', zone] as const]
    expect(() => callOne(datetime_utc_to_local, args)).toThrow(QueryError)
  })
})

describe('datetime_local_to_utc', () => {
  it.each([
    ['2020-02-02 20:02:20', 'US/Pacific', '2020-02-03T04:02:20'],
    ['2020-02-02 20:02:20', 'America/Chicago', '2020-02-03T02:02:20'],
    ['2020-02-02 20:02:20', 'Europe/Paris', '2020-02-02T19:02:20'],
    // The clocks of Brussels went from 02:00 to 03:00 on that day.
    ['2022-03-27 01:00', 'Europe/Brussels', '2022-03-27T00:00:00'],
    ['2022-03-27 02:00', 'Europe/Brussels', '2022-03-27T00:00:00'],
    ['2022-03-27 03:00', 'Europe/Brussels', '2022-03-27T01:00:00'],
    ['2022-03-27 04:00', 'Europe/Brussels', '2022-03-27T02:00:00'],
    // And from 03:00 back to 02:00 on this one: 02:30 comes twice, at 00:30Z and 01:30Z.
    ['2022-10-30 01:30', 'Europe/Brussels', '2022-10-29T23:30:00'],
    ['2022-10-30 02:30', 'Europe/Brussels', '2022-10-30T01:30:00'],
    ['2022-10-30 03:00', 'Europe/Brussels', '2022-10-30T02:00:00'],
  ])('of %s in %s is %s', (time, zone, expected) => {
    const args = [['datetime', at(time)] as const, ['string', zone] as const]
    expect(shown(callOne(datetime_local_to_utc, args))).toBe(expected)
  })
})

describe('datetime_list_timezones', () => {
  it('lists names of the IANA database', () => {
    expect(callOne(datetime_list_timezones, [])).toEqual(
      expect.arrayContaining(['Europe/Brussels', 'America/Chicago']),
    )
  })
})
