import { convertScalar } from '../../../types/convert.ts'
import { INT64_MAX, INT64_MIN } from '../../../types/number.ts'
import { timespanPattern } from '../../../types/time-pattern.ts'
import { overload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'

function isBelow(value: bigint, end: bigint): boolean {
  return value >= 0n && value < end
}

function makeTimespan(
  days: bigint,
  hours: bigint,
  minutes: bigint,
  seconds: number,
): bigint | null {
  if (!isBelow(hours, 24n) || !isBelow(minutes, 60n) || !(seconds >= 0 && seconds < 60)) return null
  const ticks =
    days * 864_000_000_000n +
    (hours * 3600n + minutes * 60n) * 10_000_000n +
    BigInt(Math.round(seconds * 1e7))
  return ticks < INT64_MIN || ticks > INT64_MAX ? null : ticks
}

/** @see https://learn.microsoft.com/kusto/query/make-timespan-function */
export const make_timespan = scalar({
  name: 'make_timespan',
  naming: 'only-argument',
  doc: 'The timespan of hours, minutes and perhaps seconds, or of days, hours, minutes and seconds; of one argument, what totimespan() makes of it. null where an argument is null or hours, minutes or seconds are out of range.',
  examples: [
    { query: 'print r = make_timespan(1, 12, 30, 55.123)', rows: [{ r: '1.12:30:55.1230000' }] },
    { query: 'print r = make_timespan(1, 2, 3)', rows: [{ r: '01:02:03' }] },
    { query: 'print r = make_timespan(25, 70)', rows: [{ r: null }] },
  ],
  overloads: [
    overload({
      params: ['long', 'long', 'real'],
      required: 2,
      returns: 'timespan',
      nulls: 'propagate',
      each: (hours, minutes, seconds = 0) => makeTimespan(0n, hours, minutes, seconds),
    }),
    overload({
      params: ['long', 'long', 'long', 'real'],
      returns: 'timespan',
      nulls: 'propagate',
      each: makeTimespan,
    }),
    overload({
      params: ['scalar'],
      returns: 'timespan',
      nulls: 'propagate',
      prepare: (_constants, _context, [type]) => ({
        each: value => convertScalar(value, type ?? 'string', 'timespan') as bigint | null,
      }),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/format-timespan-function */
export const format_timespan = scalar({
  name: 'format_timespan',
  naming: 'argument',
  doc: 'The timespan printed by a pattern of d, h, H, m, s, f, F and the delimiters space / - : , . _ [ ]. Empty where it is null; any other character in the pattern is an error.',
  examples: [
    {
      query: "print r = format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss:FF')",
      rows: [{ r: '29.09:00:05:12' }],
    },
    { query: "print r = format_timespan(-2h - 30m, 'hh:mm')", rows: [{ r: '-02:30' }] },
  ],
  overloads: [
    overload({
      params: ['timespan', 'string'],
      constants: [1],
      returns: 'string',
      nulls: 'propagate',
      prepare([, pattern]) {
        const format = timespanPattern(String(pattern))
        if (format === null) {
          throw new QueryError('KS128', `'${pattern}' is not a format of format_timespan().`, 1)
        }
        return { each: span => format(span) }
      },
    }),
  ],
})
