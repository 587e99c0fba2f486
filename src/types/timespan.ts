import {
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MICROSECOND,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from './datetime.ts'

/** Ticks of each unit that a timespan may be written in: `2d`, `90s`, `15 seconds`. */
export const TIMESPAN_UNITS: ReadonlyMap<string, bigint> = new Map([
  ...['d', 'day', 'days'].map(unit => [unit, TICKS_PER_DAY] as const),
  ...['h', 'hr', 'hrs', 'hour', 'hours'].map(unit => [unit, TICKS_PER_HOUR] as const),
  ...['m', 'min', 'minute', 'minutes'].map(unit => [unit, TICKS_PER_MINUTE] as const),
  ...['s', 'sec', 'secs', 'second', 'seconds'].map(unit => [unit, TICKS_PER_SECOND] as const),
  ...['ms', 'milli', 'millis', 'millisecond', 'milliseconds'].map(
    unit => [unit, TICKS_PER_MILLISECOND] as const,
  ),
  ...['micro', 'micros', 'microsecond', 'microseconds'].map(
    unit => [unit, TICKS_PER_MICROSECOND] as const,
  ),
  ...['tick', 'ticks'].map(unit => [unit, 1n] as const),
])

/** Ticks in 100 units: a nanosecond is less than one tick. */
const NANOSECONDS = new Set(['nano', 'nanos', 'nanosecond', 'nanoseconds'])

const MAX_TICKS = 9_223_372_036_854_775_807n

const CLOCK = /^(?:(\d{1,8})\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?$/
const QUANTITY = /^(\d{1,19})(?:\.(\d*))?\s*([a-z]*)$/i

/**
 * Ticks of a timespan written as a clock (`1.02:03:04.5`, `13:00`), a quantity (`2d`, `1.5h`,
 * `15 seconds`) or a whole number of days (`2`); blanks around it do not count. null when it is none
 * or does not fit int64: `1.5`, `25:00`.
 * @see https://learn.microsoft.com/kusto/query/totimespan-function
 */
export function parseTimespan(text: string): bigint | null {
  let body = text.trim()
  const negative = body.startsWith('-')
  if (negative || body.startsWith('+')) body = body.slice(1)
  const ticks = parseClock(body) ?? parseQuantity(body)
  if (ticks === null) return null
  if (negative) return ticks > MAX_TICKS + 1n ? null : -ticks
  return ticks > MAX_TICKS ? null : ticks
}

function parseClock(text: string): bigint | null {
  const match = CLOCK.exec(text)
  if (match === null) return null
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  return (
    BigInt(days) * TICKS_PER_DAY +
    BigInt(hours) * TICKS_PER_HOUR +
    BigInt(minutes) * TICKS_PER_MINUTE +
    BigInt(seconds) * TICKS_PER_SECOND +
    BigInt(fraction.slice(0, 7).padEnd(7, '0'))
  )
}

function parseQuantity(text: string): bigint | null {
  const match = QUANTITY.exec(text)
  if (match === null) return null
  const [, whole = '', fraction, unit = ''] = match
  // A number alone is days, and only a whole one: '1.5' was measured to be null.
  if (unit === '') return fraction === undefined ? BigInt(whole) * TICKS_PER_DAY : null
  const name = unit.toLowerCase()
  const nanos = NANOSECONDS.has(name)
  const size = nanos ? 1n : TIMESPAN_UNITS.get(name)
  if (size === undefined) return null
  // Digits past the 18th are far below a tick of any unit.
  const digits = (fraction ?? '').slice(0, 18)
  const ticks = (BigInt(whole + digits) * size) / 10n ** BigInt(digits.length)
  return nanos ? ticks / 100n : ticks
}

const scratchTicks = new BigInt64Array(1)

/**
 * Text of a timespan: days only where there are any, a fraction of 7 digits only where there is one:
 * `1.02:00:00`, `00:00:00.0010000`, `-01:00:00`.
 */
export function formatTimespan(ticks: bigint): string {
  // Wraps like every int64, so that a sum that overflowed still prints.
  scratchTicks[0] = ticks
  const value = scratchTicks[0]!
  const negative = value < 0n
  const size = negative ? -value : value
  const days = size / TICKS_PER_DAY
  const rest = Number(size - days * TICKS_PER_DAY)
  const seconds = Math.floor(rest / 10_000_000)
  const fraction = rest - seconds * 10_000_000
  const clock = `${two((seconds / 3600) | 0)}:${two(((seconds / 60) | 0) % 60)}:${two(seconds % 60)}`
  const head = `${negative ? '-' : ''}${days === 0n ? '' : `${days}.`}${clock}`
  return fraction === 0 ? head : `${head}.${String(fraction).padStart(7, '0')}`
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value)
}
