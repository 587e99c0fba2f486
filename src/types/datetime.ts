import type { CalendarUnit } from './calendar.ts'
import {
  civilOfDay,
  dayOfHalves,
  daysFromCivil,
  daysInMonth,
  isCivilDate,
  SECOND_TICKS,
  startOfUnit,
  tickOfHalves,
  ticksOfDay,
  weekday,
} from './calendar.ts'

export type { CalendarUnit } from './calendar.ts'
export { daysFromCivil, ticksOfDay } from './calendar.ts'
export { parseDatetime, parseIsoBytes, parseIsoInto } from './datetime-text.ts'

const scratchTicks = new BigInt64Array(1)
const scratchHalves = new Uint32Array(scratchTicks.buffer)

/** Ticks are 100 ns; a datetime counts them from 0001-01-01T00:00:00Z. */
export const TICKS_PER_MICROSECOND = 10n
export const TICKS_PER_MILLISECOND = 10_000n
export const TICKS_PER_SECOND = 10_000_000n
export const TICKS_PER_MINUTE = 600_000_000n
export const TICKS_PER_HOUR = 36_000_000_000n
export const TICKS_PER_DAY = 864_000_000_000n

/** 0001-01-01T00:00:00.0000000Z. */
export const MIN_DATETIME = 0n
/** 9999-12-31T23:59:59.9999999Z. */
export const MAX_DATETIME = 3_155_378_975_999_999_999n
/** 1970-01-01T00:00:00Z. */
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n

/** A point of the calendar, proleptic Gregorian, UTC. */
export interface Civil {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to 31. */
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Ticks of the second, 0 to 9,999,999. */
  readonly tick: number
  /** 1 to 366. */
  readonly dayOfYear: number
  /** 0 is Sunday. */
  readonly dayOfWeek: number
}

/** Whether the ticks are a datetime, from year 1 to year 9999. */
export function isDatetime(ticks: bigint): boolean {
  return ticks >= MIN_DATETIME && ticks <= MAX_DATETIME
}

/** Day number of a datetime: 0001-01-01 is 0. */
function dayOf(ticks: bigint): number {
  scratchTicks[0] = ticks
  return dayOfHalves(scratchHalves[0]!, scratchHalves[1]! | 0)
}

/** Ticks since midnight UTC. */
function tickOfDay(ticks: bigint): number {
  scratchTicks[0] = ticks
  const low = scratchHalves[0]!
  const high = scratchHalves[1]! | 0
  return tickOfHalves(low, high, dayOfHalves(low, high))
}

/** The civil date and time of a datetime. */
export function civilFromTicks(ticks: bigint): Civil {
  const day = dayOf(ticks)
  const tick = tickOfDay(ticks)
  const civil = civilOfDay(day)
  const year = civil >> 9
  const seconds = Math.floor(tick / SECOND_TICKS)
  return {
    year,
    month: (civil >> 5) & 15,
    day: civil & 31,
    hour: (seconds / 3600) | 0,
    minute: ((seconds / 60) | 0) % 60,
    second: seconds % 60,
    tick: tick - seconds * SECOND_TICKS,
    dayOfYear: day - daysFromCivil(year, 1, 1) + 1,
    dayOfWeek: weekday(day),
  }
}

/** Ticks of a civil date and time; null when there is no such date or time in years 1 to 9999. */
export function ticksFromCivil(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  tick = 0,
): bigint | null {
  if (!isCivilDate(year, month, day) || !isCivilTime(hour, minute, second, tick)) return null
  return ticksOfDay(
    daysFromCivil(year, month, day),
    (hour * 3600 + minute * 60 + second) * SECOND_TICKS + tick,
  )
}

function isCivilTime(hour: number, minute: number, second: number, tick: number): boolean {
  return inRange(hour, 23) && inRange(minute, 59) && inRange(second, 59) && inRange(tick, 9_999_999)
}

function inRange(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max
}

/**
 * The datetime `months` calendar months later; a day past the end of the month becomes its last.
 * null outside years 1 to 9999.
 */
export function addMonths(ticks: bigint, months: number): bigint | null {
  const day = dayOf(ticks)
  const civil = civilOfDay(day)
  const total = (civil >> 9) * 12 + ((civil >> 5) & 15) - 1 + months
  const year = Math.floor(total / 12)
  if (!(year >= 1 && year <= 9999)) return null
  const month = total - year * 12 + 1
  const last = daysInMonth(year, month)
  return ticksOfDay(daysFromCivil(year, month, Math.min(civil & 31, last)), tickOfDay(ticks))
}

/** The sum of a datetime and a timespan; null outside years 1 to 9999. */
export function addTicks(ticks: bigint, span: bigint): bigint | null {
  const sum = ticks + span
  return isDatetime(sum) ? sum : null
}

/** Start of the unit that holds the datetime, `offset` units later; null outside the range. */
export function startOf(unit: CalendarUnit, ticks: bigint, offset = 0): bigint | null {
  const day = startOfUnit(unit, dayOf(ticks), offset)
  return Number.isNaN(day) ? null : ticksOfDay(day, 0)
}

/** Ticks of the milliseconds since 1970; null outside years 1 to 9999 and for a fraction or NaN. */
export function ticksFromEpochMillis(millis: number): bigint | null {
  if (!Number.isSafeInteger(millis)) return null
  const ticks = UNIX_EPOCH_TICKS + BigInt(millis) * TICKS_PER_MILLISECOND
  return isDatetime(ticks) ? ticks : null
}

/** Milliseconds since 1970 of a datetime, rounded down. */
export function epochMillisFromTicks(ticks: bigint): number {
  return (dayOf(ticks) - 719_162) * 86_400_000 + Math.floor(tickOfDay(ticks) / 10_000)
}

/** ISO text with 7 digits, as `tostring(datetime)` gives it: `2020-01-01T00:00:00.0000000Z`. */
export function formatDatetime(ticks: bigint): string {
  scratchTicks[0] = ticks
  return formatHalves(scratchHalves[0]!, scratchHalves[1]! | 0)
}

/** {@link formatDatetime} of a datetime given as the two halves of its ticks. */
function formatHalves(low: number, high: number): string {
  const day = dayOfHalves(low, high)
  const tick = tickOfHalves(low, high, day)
  const seconds = Math.floor(tick / SECOND_TICKS)
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  const fraction = String(SECOND_TICKS + tick - seconds * SECOND_TICKS).slice(1)
  return `${dateText(day)}T${two(hours)}:${two(minutes - hours * 60)}:${two(seconds - minutes * 60)}.${fraction}Z`
}

let lastDay = -1
let lastDate = ''

/** `2020-01-31` of a day number. The last one is kept: rows come by time. */
function dateText(day: number): string {
  if (day !== lastDay) {
    const civil = civilOfDay(day)
    const year = String(civil >> 9).padStart(4, '0')
    lastDate = `${year}-${two((civil >> 5) & 15)}-${two(civil & 31)}`
    lastDay = day
  }
  return lastDate
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'))

function two(value: number): string {
  return TWO_DIGITS[value]!
}
