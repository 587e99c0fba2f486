import type { Int64Vector, IntVector } from '../../../tables/vector.ts'
import {
  type CalendarUnit,
  civilOfDay,
  DAY_TICKS,
  dayOfMonth,
  dayOfYear,
  firstDay,
  isoWeekOfDay,
  MAX_DAY,
  monthOfDay,
  startOfUnit,
  storeDayTick,
  weekday,
} from '../../../types/calendar.ts'
import {
  addMonths,
  addTicks,
  MAX_DATETIME,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_MICROSECOND,
  TICKS_PER_MILLISECOND,
  TICKS_PER_MINUTE,
  TICKS_PER_SECOND,
} from '../../../types/datetime.ts'
import { realFromHalves, storeSafe } from '../../../types/number.ts'
import { QueryError } from '../query-error.ts'

type Dates = Int64Vector<'datetime'>

const TICKS_PER_WEEK = 7n * TICKS_PER_DAY

// A quotient that is written here and read as a 32-bit half leaves 64 bits without becoming a BigInt:
// four times as fast as computing the day in doubles.
const scratch = new BigInt64Array(1)
const halves = new Int32Array(scratch.buffer)

/** Writes the first tick of the unit that holds each date, `offsets` units later. */
export function fillStarts(
  unit: CalendarUnit,
  dates: Dates,
  offsets: Int64Vector<'long'> | undefined,
  out: Dates,
  selection: Uint32Array,
): void {
  if (offsets !== undefined) fillShiftedStarts(unit, dates, offsets, out, selection)
  else if (unit === 'day') fillDays(dates, out, selection)
  else if (unit === 'week') fillWeeks(dates, out, selection)
  else if (unit === 'month') fillMonths(dates, out, selection)
  else fillYears(dates, out, selection)
}

function fillDays(dates: Dates, out: Dates, selection: Uint32Array): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const date = dates.values[row]!
    out.values[row] = BigInt.asIntN(64, date - (date % TICKS_PER_DAY))
  }
}

function fillWeeks(dates: Dates, out: Dates, selection: Uint32Array): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const date = dates.values[row]!
    // 0001-01-01 was a Monday: that week began before the calendar.
    const rest = (date + TICKS_PER_DAY) % TICKS_PER_WEEK
    if (rest > date) out.setNull(row)
    else out.values[row] = BigInt.asIntN(64, date - rest)
  }
}

function fillMonths(dates: Dates, out: Dates, selection: Uint32Array): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const date = dates.values[row]!
    scratch[0] = date / TICKS_PER_DAY
    halves[0] = dayOfMonth(halves[0]!) - 1
    out.values[row] = BigInt.asIntN(64, date - (date % TICKS_PER_DAY) - scratch[0]! * TICKS_PER_DAY)
  }
}

function fillYears(dates: Dates, out: Dates, selection: Uint32Array): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const date = dates.values[row]!
    scratch[0] = date / TICKS_PER_DAY
    halves[0] = dayOfYear(halves[0]!) - 1
    out.values[row] = BigInt.asIntN(64, date - (date % TICKS_PER_DAY) - scratch[0]! * TICKS_PER_DAY)
  }
}

function fillShiftedStarts(
  unit: CalendarUnit,
  dates: Dates,
  offsets: Int64Vector<'long'>,
  out: Dates,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    scratch[0] = dates.values[row]! / TICKS_PER_DAY
    const start = startOfUnit(unit, halves[0]!, realFromHalves(offsets.halves, row))
    if (Number.isNaN(start)) out.setNull(row)
    else storeDayTick(out.halves, row, start, 0)
  }
}

/** Writes the last tick of the unit that holds each date, `offsets` units later. */
export function fillEnds(
  unit: CalendarUnit,
  dates: Dates,
  offsets: Int64Vector<'long'> | undefined,
  out: Dates,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const offset = offsets === undefined ? 0 : realFromHalves(offsets.halves, row)
    scratch[0] = dates.values[row]! / TICKS_PER_DAY
    const next = firstDay(unit, halves[0]!, offset + 1)
    if (next >= 1 && next <= MAX_DAY + 1) storeDayTick(out.halves, row, next - 1, DAY_TICKS - 1)
    else out.setNull(row)
  }
}

/** Writes the whole days since the Sunday before each date; null on the last day, as measured. */
export function fillWeekdays(
  dates: Dates,
  out: Int64Vector<'timespan'>,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const date = dates.values[row]! + TICKS_PER_DAY
    if (date > MAX_DATETIME) out.setNull(row)
    else out.values[row] = BigInt.asIntN(64, (date % TICKS_PER_WEEK) - (date % TICKS_PER_DAY))
  }
}

const PARTS = [
  'year',
  'quarter',
  'month',
  'week_of_year',
  'day',
  'dayofyear',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
  'nanosecond',
] as const

/** The parts that `datetime_part` knows, and the one of the obsolete `weekofyear()`. */
export type DatetimePart = (typeof PARTS)[number] | 'weekofyear'

/** The part of a name in any case; throws {@link QueryError} where it names none. */
export function datetimePart(name: unknown): DatetimePart {
  return oneOf(name, PARTS)
}

function oneOf<T extends string>(name: unknown, names: readonly T[]): T {
  const wanted = String(name).toLowerCase()
  const found = names.find(candidate => candidate === wanted)
  if (found !== undefined) return found
  throw new QueryError('KS128', `'${name}' is not one of ${names.join(', ')}.`, 0)
}

/** Writes the part of each date. */
export function fillParts(
  part: DatetimePart,
  dates: Dates,
  out: IntVector,
  selection: Uint32Array,
): void {
  const clock = CLOCK[part]
  if (clock === undefined) fillDayParts(part, dates, out, selection)
  else fillClockParts(clock.unit, clock.modulus, dates, out, selection)
}

/** Parts of the time of day: ticks of one, and how many there are before they start anew. */
const CLOCK: Partial<Record<DatetimePart, { unit: bigint; modulus: bigint }>> = {
  hour: { unit: TICKS_PER_HOUR, modulus: 24n },
  minute: { unit: TICKS_PER_MINUTE, modulus: 60n },
  second: { unit: TICKS_PER_SECOND, modulus: 60n },
  millisecond: { unit: TICKS_PER_MILLISECOND, modulus: 1000n },
  microsecond: { unit: TICKS_PER_MICROSECOND, modulus: 1_000_000n },
}

function fillClockParts(
  unit: bigint,
  modulus: bigint,
  dates: Dates,
  out: IntVector,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    scratch[0] = (dates.values[row]! / unit) % modulus
    out.values[row] = halves[0]!
  }
}

function fillDayParts(
  part: DatetimePart,
  dates: Dates,
  out: IntVector,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const date = dates.values[row]!
    scratch[0] = part === 'nanosecond' ? (date % TICKS_PER_SECOND) * 100n : date / TICKS_PER_DAY
    out.values[row] = dayPart(part, halves[0]!)
  }
}

function dayPart(part: DatetimePart, day: number): number {
  switch (part) {
    case 'year':
      return civilOfDay(day) >> 9
    case 'quarter':
      return Math.ceil(monthOfDay(day) / 3)
    case 'month':
      return monthOfDay(day)
    case 'week_of_year':
      return isoWeekOfDay(day)
    case 'weekofyear':
      return Math.ceil(dayOfYear(day - weekday(day) + 3) / 7)
    case 'dayofyear':
      return dayOfYear(day)
    case 'day':
      return dayOfMonth(day)
    default:
      return day
  }
}

const PERIODS = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
  'nanosecond',
] as const

/** The periods that `datetime_add` and `datetime_diff` know. */
export type Period = (typeof PERIODS)[number]

/** The period of a name in any case; throws {@link QueryError} where it names none. */
export function periodOf(name: unknown): Period {
  return oneOf(name, PERIODS)
}

const PERIOD_TICKS = {
  week: TICKS_PER_WEEK,
  day: TICKS_PER_DAY,
  hour: TICKS_PER_HOUR,
  minute: TICKS_PER_MINUTE,
  second: TICKS_PER_SECOND,
  millisecond: TICKS_PER_MILLISECOND,
  microsecond: TICKS_PER_MICROSECOND,
} as const

/** The date `amount` periods later; null outside years 1 to 9999. */
export function addPeriods(period: Period, amount: bigint, date: bigint): bigint | null {
  switch (period) {
    case 'year':
      return addMonths(date, Number(amount) * 12)
    case 'quarter':
      return addMonths(date, Number(amount) * 3)
    case 'month':
      return addMonths(date, Number(amount))
    case 'nanosecond':
      return addTicks(date, amount / 100n)
    default:
      return addTicks(date, amount * PERIOD_TICKS[period])
  }
}

/** Writes how many boundaries of the period lie between the dates, negative where `left` is earlier. */
export function fillDifferences(
  period: Period,
  left: Dates,
  right: Dates,
  out: Int64Vector<'long'>,
  selection: Uint32Array,
): void {
  switch (period) {
    case 'year':
    case 'quarter':
    case 'month':
      fillMonthDifferences(period, left, right, out, selection)
      return
    case 'nanosecond':
      for (let k = 0; k < selection.length; k++) {
        const row = selection[k]!
        out.values[row] = BigInt.asIntN(64, (left.values[row]! - right.values[row]!) * 100n)
      }
      return
    default:
      // 0001-01-01 was a Monday: a day more makes weeks begin on Sunday.
      fillTickDifferences(
        PERIOD_TICKS[period],
        period === 'week' ? TICKS_PER_DAY : 0n,
        left,
        right,
        out,
        selection,
      )
  }
}

function fillTickDifferences(
  unit: bigint,
  origin: bigint,
  left: Dates,
  right: Dates,
  out: Int64Vector<'long'>,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const later = (left.values[row]! + origin) / unit
    const earlier = (right.values[row]! + origin) / unit
    out.values[row] = BigInt.asIntN(64, later - earlier)
  }
}

function fillMonthDifferences(
  period: 'year' | 'quarter' | 'month',
  left: Dates,
  right: Dates,
  out: Int64Vector<'long'>,
  selection: Uint32Array,
): void {
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    scratch[0] = left.values[row]! / TICKS_PER_DAY
    const later = monthsBefore(period, halves[0]!)
    scratch[0] = right.values[row]! / TICKS_PER_DAY
    storeSafe(out.halves, row, later - monthsBefore(period, halves[0]!))
  }
}

/** How many of the periods lie before the day. */
function monthsBefore(period: 'year' | 'quarter' | 'month', day: number): number {
  const civil = civilOfDay(day)
  const months = (civil >> 9) * 12 + ((civil >> 5) & 15) - 1
  return period === 'month' ? months : Math.floor(months / (period === 'quarter' ? 3 : 12))
}
