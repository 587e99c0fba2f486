import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScalarFunction } from '../../../src/engine/functions/declare.ts'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import * as calendar from '../../../src/engine/functions/scalar/calendar.ts'
import { formatDatetime, parseDatetime } from '../../../src/types/datetime.ts'
import { call, callOne } from './harness.ts'

const DAY = 864_000_000_000n

function at(text: string): bigint {
  return parseDatetime(text) as bigint
}

function shift(declaration: ScalarFunction, time: string, offset?: bigint): unknown {
  const args = [['datetime', at(time)] as const]
  const value = callOne(
    declaration,
    offset === undefined ? args : [...args, ['long', offset] as const],
  )
  return value === null ? null : formatDatetime(value as bigint).replace(/\.0{7}Z$/, 'Z')
}

describe('starts of units', () => {
  it.each([
    [calendar.startofday, '2020-06-15 13:45:00.5', -3n, '2020-06-12T00:00:00Z'],
    [calendar.startofday, '0001-01-02', -1n, '0001-01-01T00:00:00Z'],
    [calendar.startofday, '0001-01-01', -1n, null],
    [calendar.startofweek, '2017-01-01 10:10:17', undefined, '2017-01-01T00:00:00Z'],
    [calendar.startofweek, '2017-01-01 10:10:17', -1n, '2016-12-25T00:00:00Z'],
    [calendar.startofweek, '2020-06-15 13:45', 3n, '2020-07-05T00:00:00Z'],
    [calendar.startofweek, '0001-01-01', undefined, null],
    [calendar.startofmonth, '2020-06-15', -13n, '2019-05-01T00:00:00Z'],
    [calendar.startofmonth, '2020-06-15', 2n, '2020-08-01T00:00:00Z'],
    [calendar.startofyear, '2020-06-15', -5n, '2015-01-01T00:00:00Z'],
    [calendar.startofyear, '9999-06-15', 1n, null],
    [calendar.startofyear, '2020-06-15', 9_000_000_000_000_000_000n, null],
  ])('%# at %s by %s is %s', (declaration, time, offset, expected) => {
    expect(shift(declaration, time, offset)).toBe(expected)
  })
})

describe('ends of units', () => {
  it.each([
    [calendar.endofday, '2020-06-15 13:45', 2n, '2020-06-17T23:59:59.9999999Z'],
    [calendar.endofweek, '2020-06-15 13:45', 2n, '2020-07-04T23:59:59.9999999Z'],
    [calendar.endofweek, '2017-01-01 10:10:17', -1n, '2016-12-31T23:59:59.9999999Z'],
    [calendar.endofmonth, '2020-01-31', 13n, '2021-02-28T23:59:59.9999999Z'],
    [calendar.endofmonth, '0400-02-29', undefined, '0400-02-29T23:59:59.9999999Z'],
    [calendar.endofmonth, '9999-12-31', undefined, '9999-12-31T23:59:59.9999999Z'],
    [calendar.endofyear, '9999-01-01', undefined, '9999-12-31T23:59:59.9999999Z'],
    [calendar.endofyear, '2020-06-15', -1n, '2019-12-31T23:59:59.9999999Z'],
    [calendar.endofyear, '9999-01-01', 1n, null],
  ])('%# at %s by %s is %s', (declaration, time, offset, expected) => {
    expect(shift(declaration, time, offset)).toBe(expected)
  })

  it('are null where the date or the offset is null', () => {
    const columns = [
      ['datetime', [null, at('2020-01-01'), at('2020-01-01')]] as const,
      ['long', [1n, null, 0n]] as const,
    ]
    expect(call(calendar.endofday, columns)).toEqual([null, null, at('2020-01-02') - 1n])
  })
})

describe('parts of a date', () => {
  const time = at('2017-10-30 01:02:03.7654321')

  it.each([
    ['year', 2017],
    ['Quarter', 4],
    ['month', 10],
    ['week_of_year', 44],
    ['day', 30],
    ['dayOfYear', 303],
    ['hour', 1],
    ['minute', 2],
    ['second', 3],
    ['millisecond', 765],
    ['microsecond', 765_432],
    ['nanosecond', 765_432_100],
  ])('datetime_part: %s is %s', (part, expected) => {
    expect(
      callOne(calendar.datetime_part, [
        ['string', part],
        ['datetime', time],
      ]),
    ).toBe(expected)
  })

  it('datetime_part takes no other name', () => {
    expect(() =>
      callOne(calendar.datetime_part, [
        ['string', 'week'],
        ['datetime', time],
      ]),
    ).toThrow(QueryError)
  })

  it.each([
    ['2020-12-31', 53],
    ['2020-06-15', 25],
    ['1970-01-01', 1],
    ['2000-01-01', 52],
    ['2021-12-26', 51],
    ['2021-12-27', 52],
    ['0001-01-01', 1],
    ['9999-12-31', 52],
  ])('week_of_year of %s is %s', (date, expected) => {
    expect(callOne(calendar.week_of_year, [['datetime', at(date)]])).toBe(expected)
  })

  // 2017 began on a Sunday; the first Wednesday of 2015 was January 7th.
  it.each([
    ['2017-01-01', 1],
    ['2017-01-07', 1],
    ['2017-01-08', 2],
    ['2015-01-03', 53],
    ['2015-01-04', 1],
    ['9999-12-31', 52],
  ])('weekofyear of %s is %s', (date, expected) => {
    expect(callOne(calendar.weekofyear, [['datetime', at(date)]])).toBe(expected)
  })

  it.each([
    [calendar.dayofmonth, 31],
    [calendar.dayofyear, 366],
    [calendar.hourofday, 23],
    [calendar.getmonth, 12],
    [calendar.monthofyear, 12],
    [calendar.getyear, 2020],
  ])('%# of the last tick of 2020 is %s', (declaration, expected) => {
    const last = at('2021-01-01') - 1n
    expect(call(declaration, [['datetime', [last, null]]])).toEqual([expected, null])
  })

  it('dayofweek is a timespan from Sunday, and null on the last day', () => {
    const dates = ['2023-01-01', '2023-01-07 23:59:59.9999999', '0001-01-01', '9999-12-31']
    expect(call(calendar.dayofweek, [['datetime', dates.map(at)]])).toEqual([
      0n,
      6n * DAY,
      DAY,
      null,
    ])
  })
})

describe('datetime_add', () => {
  it.each([
    ['year', -5n, '2017-01-01', '2012-01-01T00:00:00.0000000Z'],
    ['quarter', -3n, '2020-02-29 12:00', '2019-05-29T12:00:00.0000000Z'],
    ['month', 1n, '2020-01-31 23:59:59.9999999', '2020-02-29T23:59:59.9999999Z'],
    ['month', -15n, '2017-01-01', '2015-10-01T00:00:00.0000000Z'],
    ['Week', 100n, '2017-01-01', '2018-12-02T00:00:00.0000000Z'],
    ['millisecond', 1n, '2017-01-01', '2017-01-01T00:00:00.0010000Z'],
    ['microsecond', 1n, '2017-01-01', '2017-01-01T00:00:00.0000010Z'],
    ['nanosecond', 299n, '2017-01-01', '2017-01-01T00:00:00.0000002Z'],
    ['day', 9_000_000_000_000_000_000n, '2017-01-01', null],
    ['year', 9_000_000_000_000_000_000n, '2017-01-01', null],
  ])('adds %s × %s to %s', (period, amount, time, expected) => {
    const value = callOne(calendar.datetime_add, [
      ['string', period],
      ['long', amount],
      ['datetime', at(time)],
    ])
    expect(value === null ? null : formatDatetime(value as bigint)).toBe(expected)
  })

  it('takes no other period', () => {
    expect(() =>
      callOne(calendar.datetime_add, [
        ['string', 'days'],
        ['long', 1n],
        ['datetime', 0n],
      ]),
    ).toThrow(QueryError)
  })
})

describe('datetime_diff', () => {
  const diff = (period: string, left: string | null, right: string): unknown =>
    callOne(calendar.datetime_diff, [
      ['string', period],
      ['datetime', left === null ? null : at(left)],
      ['datetime', at(right)],
    ])

  it.each([
    ['year', '2017-01-01', '2000-12-31', 17n],
    ['quarter', '2017-07-01', '2017-03-30', 2n],
    ['month', '2017-01-01', '2015-12-30', 13n],
    ['month', '2024-02-29', '2020-02-29', 48n],
    ['week', '2017-10-29', '2017-09-30 23:59', 5n],
    ['week', '2024-02-29', '2020-02-29', 209n],
    ['week', '2020-01-31', '2019-12-31', 4n],
    ['day', '2017-10-29', '2017-09-30 23:59', 29n],
    ['Hour', '2017-10-31 01:00', '2017-10-30 23:59', 2n],
    ['minute', '2017-10-30 23:05:01', '2017-10-30 23:00:59', 5n],
    ['second', '2017-10-30 23:00:10.1', '2017-10-30 23:00:00.9', 10n],
    ['millisecond', '2017-10-30 23:00:00.2001', '2017-10-30 23:00:00.1009', 100n],
    ['microsecond', '2017-10-30 23:00:00.1009001', '2017-10-30 23:00:00.1008009', 100n],
    ['microsecond', '2020-01-01 00:00:00.000002', '2020-01-01 00:00:00.0000005', 2n],
    ['nanosecond', '2017-10-30 23:00', '2017-10-30 23:00:00.0000007', -700n],
    ['microsecond', '9999-12-31', '0001-01-01', 315_537_811_200_000_000n],
    ['day', null, '2020-01-01', null],
  ])('in %s of %s and %s is %s', (period, left, right, expected) => {
    expect(diff(period, left, right)).toBe(expected)
  })

  it('is the opposite with the dates exchanged', () => {
    const time = fc.bigInt({ min: 0n, max: 3_155_378_975_999_999_999n })
    const period = fc.constantFrom('year', 'quarter', 'month', 'week', 'day', 'hour', 'second')
    fc.assert(
      fc.property(period, time, time, (name, a, b) => {
        const of = (left: bigint, right: bigint): unknown =>
          callOne(calendar.datetime_diff, [
            ['string', name],
            ['datetime', left],
            ['datetime', right],
          ])
        expect(of(a, b)).toBe(-(of(b, a) as bigint))
      }),
    )
  })
})
