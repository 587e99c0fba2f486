import { describe, expect, it } from 'vitest'
import { QueryError } from '../../../src/engine/functions/query-error.ts'
import * as datetime from '../../../src/engine/functions/scalar/datetime.ts'
import * as timespan from '../../../src/engine/functions/scalar/timespan.ts'
import { formatDatetime, parseDatetime } from '../../../src/types/datetime.ts'
import { decimalOf } from '../../../src/types/decimal.ts'
import { formatTimespan, parseTimespan } from '../../../src/types/timespan.ts'
import { call, callOne } from './harness.ts'

const HOUR = 36_000_000_000n

function at(text: string): bigint {
  return parseDatetime(text) as bigint
}

function span(text: string): bigint {
  return parseTimespan(text) as bigint
}

function shown(value: unknown): unknown {
  return typeof value === 'bigint' ? formatDatetime(value) : value
}

describe('now and ago', () => {
  const context = { now: at('2024-05-01 12:00') }

  it('count from the time of the run', () => {
    expect(callOne(datetime.now, [], context)).toBe(context.now)
    expect(callOne(datetime.now, [['timespan', -2n * HOUR]], context)).toBe(at('2024-05-01 10:00'))
    expect(callOne(datetime.ago, [['timespan', HOUR]], context)).toBe(at('2024-05-01 11:00'))
  })

  it('are null for null and outside the calendar', () => {
    expect(callOne(datetime.ago, [['timespan', null]], context)).toBeNull()
    expect(callOne(datetime.ago, [['timespan', span('900000d')]], context)).toBeNull()
    expect(callOne(datetime.ago, [['timespan', span('-9000000d')]], context)).toBeNull()
  })
})

describe('make_datetime', () => {
  it.each([
    [[2017, 10, 1], '2017-10-01T00:00:00.0000000Z'],
    [[2017, 10, 1, 12, 10], '2017-10-01T12:10:00.0000000Z'],
    [[2017, 10, 1, 12, 11, 0.1234567], '2017-10-01T12:11:00.1234567Z'],
    [[2017, 10, 1, 12, 11, 59.9999999], '2017-10-01T12:11:59.9999999Z'],
    [[2020, 13, 1], null],
    [[2021, 2, 29], null],
    [[2021, 2, 28, 24, 0], null],
    [[2021, 2, 28, 0, 0, 60], null],
    [[0, 1, 1], null],
    [[2020.5, 1, 1], null],
    [[2020, null, 1], null],
  ])('of %s is %s', (parts, expected) => {
    const args = parts.map(part => ['real', part] as const)
    expect(shown(callOne(datetime.make_datetime, args))).toBe(expected)
  })

  it('converts a single argument', () => {
    expect(callOne(datetime.make_datetime, [['string', '2020-02-03']])).toBe(at('2020-02-03'))
    expect(callOne(datetime.make_datetime, [['string', 'x']])).toBeNull()
    expect(callOne(datetime.make_datetime, [['datetime', 5n]])).toBe(5n)
  })
})

describe('format_datetime', () => {
  const format = (time: string, pattern: string): unknown =>
    callOne(datetime.format_datetime, [
      ['datetime', at(time)],
      ['string', pattern],
    ])

  it.each([
    ['2017-01-29 09:00:05', 'yy-MM-dd [HH:mm:ss]', '17-01-29 [09:00:05]'],
    ['2017-01-29 09:00:05', 'yyyy-M-dd [H:mm:ss]', '2017-1-29 [9:00:05]'],
    ['2017-01-29 09:00:05', 'yy-MM-dd [hh:mm:ss tt]', '17-01-29 [09:00:05 AM]'],
    ['2007-03-09 05:04:03', 'dddd, MMMM d, yyyy', '0909, 0303 9, 2007'],
    ['2007-03-09 05:04:03', 'ddd MMM', '099 033'],
    ['2007-03-09 17:04:03', 'h tt', '5 PM'],
    ['2007-03-09 00:30:00', 'hh:mm tt', '12:30 AM'],
    ['2007-03-09 12:30:00', 'h:mm tt', '12:30 PM'],
    ['2020-06-15 13:45:09.1234567', 'ffffff', '123456'],
    ['2020-06-15 13:45:09.0000007', 'FFFFFFF', '0000007'],
    ['2020-06-15 13:45:09', 'FFFFFFF', ''],
    ['2009-06-15 13:45:30.05', 'F', ''],
    ['2009-06-15 13:45:30.6100', 'FFFF', '61'],
    ['2020-06-15 09:05:03.007', 'M/d/yy H:m:s', '6/15/20 9:5:3'],
    ['2020-06-15 09:05:03', 'yyyyMMddHHmmss', '20200615090503'],
    ['0900-01-01', 'y yy yyyy', '0 00 0900'],
    ['2009-06-15', 'y', '9'],
    ['2009-06-15', 'yyy', '099'],
    ['2009-06-15', '', ''],
  ])('of %s by %s is %s', (time, pattern, expected) => {
    expect(format(time, pattern)).toBe(expected)
  })

  it.each(['yyyy-MM-ddTHH', 'x', "d'd", 't', 'é'])('refuses %s', pattern => {
    expect(() => format('2020-01-01', pattern)).toThrow(QueryError)
  })

  it('of null is empty', () => {
    const columns = [['datetime', [null]] as const, ['string', ['yyyy']] as const]
    expect(call(datetime.format_datetime, columns, { constants: [1] })).toEqual([''])
  })
})

describe('unixtime', () => {
  it.each([
    [datetime.unixtime_seconds_todatetime, 1_546_300_800n, '2019-01-01T00:00:00.0000000Z'],
    [datetime.unixtime_seconds_todatetime, -1n, '1969-12-31T23:59:59.0000000Z'],
    [datetime.unixtime_seconds_todatetime, 253_402_300_800n, null],
    [datetime.unixtime_milliseconds_todatetime, 1_546_300_800_123n, '2019-01-01T00:00:00.1230000Z'],
    [datetime.unixtime_microseconds_todatetime, 1n, '1970-01-01T00:00:00.0000010Z'],
    [datetime.unixtime_nanoseconds_todatetime, 199n, '1970-01-01T00:00:00.0000001Z'],
    [datetime.unixtime_nanoseconds_todatetime, null, null],
  ])('%# of the long %s is %s', (declaration, count, expected) => {
    expect(shown(callOne(declaration, [['long', count]]))).toBe(expected)
  })

  it.each([
    [datetime.unixtime_seconds_todatetime, 1_546_300_800.25, '2019-01-01T00:00:00.2500000Z'],
    [datetime.unixtime_seconds_todatetime, -0.5, '1969-12-31T23:59:59.5000000Z'],
    [datetime.unixtime_milliseconds_todatetime, 0.5, '1970-01-01T00:00:00.0005000Z'],
    [datetime.unixtime_seconds_todatetime, Number.NaN, null],
    [datetime.unixtime_seconds_todatetime, 1e300, null],
  ])('%# of the real %s is %s', (declaration, count, expected) => {
    expect(shown(callOne(declaration, [['real', count]]))).toBe(expected)
  })

  it('of a decimal keeps its fraction', () => {
    const count = decimalOf('1.5')
    const value = callOne(datetime.unixtime_seconds_todatetime, [['decimal', count]])
    expect(shown(value)).toBe('1970-01-01T00:00:01.5000000Z')
  })
})

describe('make_timespan', () => {
  it.each([
    [[2, 30], '02:30:00'],
    [[1, 15, 10], '01:15:10'],
    [[1, 12, 30, 55.123], '1.12:30:55.1230000'],
    [[25, 70], null],
    [[23, 60], null],
    [[23, 59, 60], null],
    [[-1, 0], null],
    [[1e9, 0, 0, 0], null],
  ])('of %s is %s', (parts, expected) => {
    const value = callOne(
      timespan.make_timespan,
      parts.map((part, at) =>
        at >= 2 && at === parts.length - 1
          ? (['real', part] as const)
          : (['long', BigInt(part)] as const),
      ),
    )
    expect(value === null ? null : formatTimespan(value as bigint)).toBe(expected)
  })

  it('converts a single argument', () => {
    expect(callOne(timespan.make_timespan, [['string', '1:00']])).toBe(HOUR)
  })
})

describe('format_timespan', () => {
  const format = (value: string, pattern: string): unknown =>
    callOne(timespan.format_timespan, [
      ['timespan', span(value)],
      ['string', pattern],
    ])

  it.each([
    ['29.09:00:05.12345', 'dd.hh:mm:ss:FF', '29.09:00:05:12'],
    ['29.09:00:05.12345', 'ddd.h:mm:ss [fffffff]', '029.9:00:05 [1234500]'],
    ['1.02:03:04.005', 'd:hh:mm:ss.fff', '1:02:03:04.005'],
    ['00:00:00.0000001', 'fffffff', '0000001'],
    ['1.00:00:00', 'dddd', '0001'],
    ['2.05:00:00', 'd.h', '2.5'],
    ['1.02:01:00', 'hh:mm', '02:01'],
    ['-02:30:00', 'hh:mm', '-02:30'],
    ['15.13:45:30', 'HH', '13'],
  ])('of %s by %s is %s', (value, pattern, expected) => {
    expect(format(value, pattern)).toBe(expected)
  })

  it.each(['yyyy', 'M', 'tt', 'T'])('refuses %s', pattern => {
    expect(() => format('1h', pattern)).toThrow(QueryError)
  })
})
