/**
 * Calendar arithmetic on day numbers and on the 32-bit halves of ticks: no BigInt, no Date.
 */

/** Ticks of a day as a number: every tick-of-day is a safe integer. */
export const DAY_TICKS = 864_000_000_000
export const HOUR_TICKS = 36_000_000_000
export const MINUTE_TICKS = 600_000_000
export const SECOND_TICKS = 10_000_000

/** Number of the last day, 9999-12-31; 0001-01-01 is day 0. */
export const MAX_DAY = 3_652_058

// 864e9 ticks = 201 · 2^32 + 711 573 504: days and ticks convert through 32-bit halves exactly,
// in doubles, without a BigInt.
const TWO_32 = 4_294_967_296
const DAY_HIGH = 201
const DAY_LOW = 711_573_504

const scratchTicks = new BigInt64Array(1)
const scratchHalves = new Uint32Array(scratchTicks.buffer)

/** Day number of a datetime given as the two halves of its ticks; `low` may be signed. */
export function dayOfHalves(low: number, high: number): number {
  const unsigned = low >>> 0
  const day = Math.floor((high * TWO_32 + unsigned) / DAY_TICKS)
  // The division rounds: within one of the exact day, and the remainder tells which.
  const rest = (high - day * DAY_HIGH) * TWO_32 + (unsigned - day * DAY_LOW)
  return rest < 0 ? day - 1 : rest >= DAY_TICKS ? day + 1 : day
}

/** Ticks since midnight of a datetime given as halves; `day` is its {@link dayOfHalves}. */
export function tickOfHalves(low: number, high: number, day: number): number {
  return (high - day * DAY_HIGH) * TWO_32 + ((low >>> 0) - day * DAY_LOW)
}

/** Writes the ticks of a day and its tick into cell `index` of an int64 vector seen as halves. */
export function storeDayTick(
  halves: Int32Array | Uint32Array,
  index: number,
  day: number,
  tick: number,
): void {
  const low = day * DAY_LOW + tick
  const carry = Math.floor(low / TWO_32)
  halves[index * 2] = low - carry * TWO_32
  halves[index * 2 + 1] = day * DAY_HIGH + carry
}

/** Ticks of the day number and the ticks since its midnight. */
export function ticksOfDay(day: number, tick: number): bigint {
  storeDayTick(scratchHalves, 0, day, tick)
  return scratchTicks[0]!
}

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** Whether the year has a 29th of February. */
export function isLeapYear(year: number): boolean {
  return (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Days of the month, 28 to 31; `month` is 1 to 12. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : DAYS_IN_MONTH[month - 1]!
}

/** Day number of a civil date that exists; 0001-01-01 is 0. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const past = year - 1
  const leap = month > 2 && isLeapYear(year) ? 1 : 0
  return (
    past * 365 +
    ((past / 4) | 0) -
    ((past / 100) | 0) +
    ((past / 400) | 0) +
    DAYS_BEFORE_MONTH[month - 1]! +
    leap +
    day -
    1
  )
}

/** Year, month and day of a day number, packed as `year * 512 + month * 32 + day`. */
export function civilOfDay(day: number): number {
  // Years counted from March: the leap day is the last of its year (after Hinnant).
  const shifted = day + 306
  const era = (shifted / 146_097) | 0
  const dayOfEra = shifted - era * 146_097
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) /
      365) |
    0
  const dayOfYear = dayOfEra - (365 * yearOfEra + ((yearOfEra / 4) | 0) - ((yearOfEra / 100) | 0))
  const shiftedMonth = ((5 * dayOfYear + 2) / 153) | 0
  const dayOfMonth = dayOfYear - (((153 * shiftedMonth + 2) / 5) | 0) + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return year * 512 + month * 32 + dayOfMonth
}

/** Year of a day number. */
export function yearOfDay(day: number): number {
  return civilOfDay(day) >> 9
}

/** Month of a day number, 1 to 12. */
export function monthOfDay(day: number): number {
  return (civilOfDay(day) >> 5) & 15
}

/** Day of the month of a day number, 1 to 31. */
export function dayOfMonth(day: number): number {
  return civilOfDay(day) & 31
}

/** Day of the year of a day number, 1 to 366. */
export function dayOfYear(day: number): number {
  return day - daysFromCivil(yearOfDay(day), 1, 1) + 1
}

/** Day of the week of a day number; Sunday is 0. 0001-01-01 was a Monday. */
export function weekday(day: number): number {
  return (day + 1) % 7
}

/**
 * ISO 8601 week of the year of a day number, 1 to 53: weeks start on Monday, week 1 has the year's
 * first Thursday.
 * @see https://learn.microsoft.com/kusto/query/week-of-year-function
 */
export function isoWeekOfDay(day: number): number {
  // A week belongs to the year of its Thursday; day 0 was a Monday.
  const thursday = day - (day % 7) + 3
  return (((dayOfYear(thursday) - 1) / 7) | 0) + 1
}

/** Whether the date exists, in years 1 to 9999. False when a part is not an integer. */
export function isCivilDate(year: number, month: number, day: number): boolean {
  return (
    Number.isInteger(year) &&
    Number.isInteger(month) &&
    Number.isInteger(day) &&
    year >= 1 &&
    year <= 9999 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month)
  )
}

/** Parts of a datetime at which the calendar's boundaries lie. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'year'

/**
 * First day of the unit that holds the day, `offset` units later. NaN before year 1 or after 9999.
 * Weeks start on Sunday.
 * @see https://learn.microsoft.com/kusto/query/startofweek-function
 */
export function startOfUnit(unit: CalendarUnit, day: number, offset = 0): number {
  const start = firstDay(unit, day, offset)
  return start >= 0 && start <= MAX_DAY ? start : Number.NaN
}

/** {@link startOfUnit} without its bounds: the first day of year 10000 is the end of year 9999. */
export function firstDay(unit: CalendarUnit, day: number, offset: number): number {
  switch (unit) {
    case 'day':
      return day + offset
    case 'week':
      return day - weekday(day) + offset * 7
    case 'month': {
      const civil = civilOfDay(day)
      const total = (civil >> 9) * 12 + ((civil >> 5) & 15) - 1 + offset
      const year = Math.floor(total / 12)
      return year >= 1 && year <= 10_000
        ? daysFromCivil(year, total - year * 12 + 1, 1)
        : Number.NaN
    }
    case 'year': {
      const year = yearOfDay(day) + offset
      return year >= 1 && year <= 10_000 ? daysFromCivil(year, 1, 1) : Number.NaN
    }
  }
}
