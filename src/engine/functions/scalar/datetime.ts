import { convertScalar } from '../../../types/convert.ts'
import {
  addTicks,
  isDatetime,
  TICKS_PER_MICROSECOND,
  TICKS_PER_MILLISECOND,
  TICKS_PER_SECOND,
  ticksFromCivil,
  UNIX_EPOCH_TICKS,
} from '../../../types/datetime.ts'
import { type Decimal, longFromDecimal } from '../../../types/decimal.ts'
import { datetimePattern } from '../../../types/time-pattern.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'

/** @see https://learn.microsoft.com/kusto/query/now-function */
export const now = scalar({
  name: 'now',
  doc: 'The time at which the query runs, the same in all of it, plus the offset. null where the offset is null or the result lies outside years 1 to 9999.',
  examples: [{ query: 'print r = now(1d) - now()', rows: [{ r: '1.00:00:00' }] }],
  overloads: [
    overload({
      params: ['timespan'],
      required: 0,
      returns: 'datetime',
      nulls: 'propagate',
      prepare: (_constants, context) => ({
        each: (offset?: bigint) => addTicks(context.now, offset ?? 0n),
      }),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/ago-function */
export const ago = scalar({
  name: 'ago',
  doc: 'The time at which the query runs minus the timespan. null where it is null or the result lies outside years 1 to 9999.',
  examples: [{ query: 'print r = now() - ago(1h)', rows: [{ r: '01:00:00' }] }],
  overloads: [
    overload({
      params: ['timespan'],
      returns: 'datetime',
      nulls: 'propagate',
      prepare: (_constants, context) => ({ each: span => addTicks(context.now, -span) }),
    }),
  ],
})

/** The seconds as whole seconds and ticks; the fraction is rounded to the nearest tick. */
function makeDatetime(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
): bigint | null {
  const whole = Math.floor(second)
  const tick = Math.min(Math.round((second - whole) * 1e7), 9_999_999)
  return ticksFromCivil(year, month, day, hour, minute, whole, tick)
}

/** @see https://learn.microsoft.com/kusto/query/make-datetime-function */
export const make_datetime = scalar({
  name: 'make_datetime',
  naming: 'only-argument',
  doc: 'The datetime of a year, month and day, and of an hour, minute and second where given; of one argument, what todatetime() makes of it. null where an argument is null or there is no such time.',
  examples: [
    {
      query: 'print r = make_datetime(2017, 10, 1, 12, 11, 0.1234567)',
      rows: [{ r: '2017-10-01T12:11:00.1234567Z' }],
    },
    { query: 'print r = make_datetime(2020, 13, 1)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['real', 'real', 'real', 'real', 'real', 'real'],
      required: 3,
      returns: 'datetime',
      nulls: 'propagate',
      each: makeDatetime,
    }),
    overload({
      params: ['scalar'],
      returns: 'datetime',
      nulls: 'propagate',
      prepare: (_constants, _context, [type]) => ({
        each: value => convertScalar(value, type ?? 'string', 'datetime') as bigint | null,
      }),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/format-datetime-function */
export const format_datetime = scalar({
  name: 'format_datetime',
  naming: 'argument',
  doc: 'The date printed by a pattern of d, f, F, h, H, m, M, s, tt, y and the delimiters space / - : , . _ [ ]. Empty where the date is null; any other character in the pattern is an error.',
  examples: [
    {
      query: "print r = format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')",
      rows: [{ r: '17-01-29 [09:00:05]' }],
    },
    {
      query: "print r = format_datetime(datetime(2007-03-09 17:04:03.5), 'h:mm:ss.f tt')",
      rows: [{ r: '5:04:03.5 PM' }],
    },
  ],
  overloads: [
    overload({
      params: ['datetime', 'string'],
      constants: [1],
      returns: 'string',
      nulls: 'propagate',
      prepare([, pattern]) {
        const format = datetimePattern(String(pattern))
        if (format === null) {
          throw new QueryError('KS128', `'${pattern}' is not a format of format_datetime().`, 1)
        }
        return { each: date => format(date) }
      },
    }),
  ],
})

/** Ticks of a count of units since 1970; nanoseconds are hundredths of a tick. */
function fromEpoch(count: bigint, unit: bigint): bigint | null {
  const ticks = UNIX_EPOCH_TICKS + (unit === 0n ? count / 100n : count * unit)
  return isDatetime(ticks) ? ticks : null
}

function fromEpochReal(count: number, unit: bigint): bigint | null {
  if (!Number.isFinite(count)) return null
  const whole = Math.floor(count)
  const rest = unit === 0n ? 0n : BigInt(Math.round((count - whole) * Number(unit)))
  const ticks = fromEpoch(BigInt(whole), unit)
  return ticks === null ? null : addTicks(ticks, rest)
}

function fromEpochDecimal(count: Decimal, unit: bigint): bigint | null {
  const ticks = unit === 0n ? count.div(100) : count.mul(unit.toString())
  return addTicks(UNIX_EPOCH_TICKS, longFromDecimal(ticks))
}

const NANOSECONDS = 0n

function epochOverloads(unit: bigint): readonly ScalarOverload[] {
  return [
    overload({
      params: ['long'],
      returns: 'datetime',
      nulls: 'propagate',
      each: count => fromEpoch(count, unit),
    }),
    overload({
      params: ['real'],
      returns: 'datetime',
      nulls: 'propagate',
      each: count => fromEpochReal(count, unit),
    }),
    overload({
      params: ['decimal'],
      returns: 'datetime',
      nulls: 'propagate',
      each: count => fromEpochDecimal(count, unit),
    }),
  ]
}

/** @see https://learn.microsoft.com/kusto/query/unixtime-seconds-todatetime-function */
export const unixtime_seconds_todatetime = scalar({
  name: 'unixtime_seconds_todatetime',
  doc: 'The datetime of a number of seconds since 1970. null where it is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = unixtime_seconds_todatetime(1546300800)',
      rows: [{ r: '2019-01-01T00:00:00.0000000Z' }],
    },
  ],
  overloads: epochOverloads(TICKS_PER_SECOND),
})

/** @see https://learn.microsoft.com/kusto/query/unixtime-milliseconds-todatetime-function */
export const unixtime_milliseconds_todatetime = scalar({
  name: 'unixtime_milliseconds_todatetime',
  doc: 'The datetime of a number of milliseconds since 1970. null where it is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = unixtime_milliseconds_todatetime(1546300800123)',
      rows: [{ r: '2019-01-01T00:00:00.1230000Z' }],
    },
  ],
  overloads: epochOverloads(TICKS_PER_MILLISECOND),
})

/** @see https://learn.microsoft.com/kusto/query/unixtime-microseconds-todatetime-function */
export const unixtime_microseconds_todatetime = scalar({
  name: 'unixtime_microseconds_todatetime',
  doc: 'The datetime of a number of microseconds since 1970. null where it is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = unixtime_microseconds_todatetime(1546300800000001)',
      rows: [{ r: '2019-01-01T00:00:00.0000010Z' }],
    },
  ],
  overloads: epochOverloads(TICKS_PER_MICROSECOND),
})

/** @see https://learn.microsoft.com/kusto/query/unixtime-nanoseconds-todatetime-function */
export const unixtime_nanoseconds_todatetime = scalar({
  name: 'unixtime_nanoseconds_todatetime',
  doc: 'The datetime of a number of nanoseconds since 1970, cut to 100 of them. null where it is null or the result lies outside years 1 to 9999.',
  examples: [
    {
      query: 'print r = unixtime_nanoseconds_todatetime(1546300800000000199)',
      rows: [{ r: '2019-01-01T00:00:00.0000001Z' }],
    },
  ],
  overloads: epochOverloads(NANOSECONDS),
})
