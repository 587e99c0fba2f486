import type { Int64Vector, IntVector } from '../../../tables/vector.ts'
import {
  type CalendarUnit,
  civilOfDay,
  DAY_TICKS,
  dayOfHalves,
  dayOfYear,
  firstDay,
  HOUR_TICKS,
  isoWeekOfDay,
  MAX_DAY,
  MINUTE_TICKS,
  SECOND_TICKS,
  startOfUnit,
  storeDayTick,
  sundayWeekOfDay,
  tickOfHalves,
} from '../../../types/calendar.ts'
import { addMonths, addTicks, TICKS_PER_DAY } from '../../../types/datetime.ts'
import { realFromHalves, storeSafe } from '../../../types/number.ts'
import { QueryError } from '../query-error.ts'

type Dates = Int64Vector<'datetime'>

/** Writes the first tick of the unit that holds each date, `offsets` units later. */
export function fillStarts(
  unit: CalendarUnit,
  dates: Dates,
  offsets: Int64Vector<'long'> | undefined,
  out: Dates,
  selection: Uint32Array,
): void {
  const from = dates.halves
  const to = out.halves
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const offset = offsets === undefined ? 0 : realFromHalves(offsets.halves, row)
    const day = dayOfHalves(from[row * 2]!, from[row * 2 + 1]!)
    const start = startOfUnit(unit, day, offset)
    if (Number.isNaN(start)) out.setNull(row)
    else storeDayTick(to, row, start, 0)
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
  const from = dates.halves
  const to = out.halves
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const offset = offsets === undefined ? 0 : realFromHalves(offsets.halves, row)
    const day = dayOfHalves(from[row * 2]!, from[row * 2 + 1]!)
    const next = firstDay(unit, day, offset + 1)
    if (next >= 1 && next <= MAX_DAY + 1) storeDayTick(to, row, next - 1, DAY_TICKS - 1)
    else out.setNull(row)
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

/** The parts that `datetime_part` knows. */
export type DatetimePart = (typeof PARTS)[number]

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
  const from = dates.halves
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const low = from[row * 2]!
    const high = from[row * 2 + 1]!
    const day = dayOfHalves(low, high)
    out.values[row] = partOf(part, day, tickOfHalves(low, high, day))
  }
}

function partOf(part: DatetimePart, day: number, tick: number): number {
  switch (part) {
    case 'year':
      return civilOfDay(day) >> 9
    case 'quarter':
      return Math.ceil(((civilOfDay(day) >> 5) & 15) / 3)
    case 'month':
      return (civilOfDay(day) >> 5) & 15
    case 'week_of_year':
      return isoWeekOfDay(day)
    case 'day':
      return civilOfDay(day) & 31
    case 'dayofyear':
      return dayOfYear(day)
    case 'hour':
      return Math.floor(tick / HOUR_TICKS)
    case 'minute':
      return Math.floor(tick / MINUTE_TICKS) % 60
    case 'second':
      return Math.floor(tick / SECOND_TICKS) % 60
    case 'millisecond':
      return Math.floor((tick % SECOND_TICKS) / 10_000)
    case 'microsecond':
      return Math.floor((tick % SECOND_TICKS) / 10)
    case 'nanosecond':
      return (tick % SECOND_TICKS) * 100
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
  week: 7n * TICKS_PER_DAY,
  day: TICKS_PER_DAY,
  hour: 36_000_000_000n,
  minute: 600_000_000n,
  second: 10_000_000n,
  millisecond: 10_000n,
  microsecond: 10n,
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
  if (period === 'nanosecond') {
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      out.values[row] = BigInt.asIntN(64, (left.values[row]! - right.values[row]!) * 100n)
    }
    return
  }
  if (period === 'microsecond') {
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      out.values[row] = BigInt.asIntN(64, left.values[row]! / 10n - right.values[row]! / 10n)
    }
    return
  }
  const a = left.halves
  const b = right.halves
  const to = out.halves
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const low = a[row * 2]!
    const high = a[row * 2 + 1]!
    const low2 = b[row * 2]!
    const high2 = b[row * 2 + 1]!
    const day = dayOfHalves(low, high)
    const day2 = dayOfHalves(low2, high2)
    const tick = tickOfHalves(low, high, day)
    const tick2 = tickOfHalves(low2, high2, day2)
    storeSafe(to, row, periodsBefore(period, day, tick) - periodsBefore(period, day2, tick2))
  }
}

/** How many boundaries of the period lie before the moment, from a common beginning. */
function periodsBefore(
  period: Exclude<Period, 'nanosecond' | 'microsecond'>,
  day: number,
  tick: number,
): number {
  switch (period) {
    case 'year':
      return civilOfDay(day) >> 9
    case 'quarter': {
      const civil = civilOfDay(day)
      return (civil >> 9) * 4 + Math.floor((((civil >> 5) & 15) - 1) / 3)
    }
    case 'month': {
      const civil = civilOfDay(day)
      return (civil >> 9) * 12 + ((civil >> 5) & 15)
    }
    case 'week':
      return sundayWeekOfDay(day)
    case 'day':
      return day
    case 'hour':
      return day * 24 + Math.floor(tick / HOUR_TICKS)
    case 'minute':
      return day * 1440 + Math.floor(tick / MINUTE_TICKS)
    case 'second':
      return day * 86_400 + Math.floor(tick / SECOND_TICKS)
    case 'millisecond':
      return day * 86_400_000 + Math.floor(tick / 10_000)
  }
}
