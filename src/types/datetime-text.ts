import {
  DAY_TICKS,
  daysFromCivil,
  daysInMonth,
  HOUR_TICKS,
  MAX_DAY,
  MINUTE_TICKS,
  SECOND_TICKS,
  storeDayTick,
  ticksOfDay,
} from './calendar.ts'
import { scanLoose } from './datetime-loose.ts'

// Day and tick that the last successful scan found: an array, because a scan per row must not
// allocate, and a variable that holds a double would.
const foundCells = new Float64Array(2)

/**
 * Ticks of a datetime in any spelling that `todatetime()` takes: ISO 8601, RFC 822 and 850, month
 * first with `/`, `-` or `.`, month names, AM and PM, a zone or an offset. Without a zone it is UTC;
 * digits past the seventh are cut. null when it is none, or outside years 1 to 9999.
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/datetime#supported-formats
 */
export function parseDatetime(text: string): bigint | null {
  if (scan(text)) return ticksOfDay(foundCells[0]!, foundCells[1]!)
  return null
}

/**
 * Ticks of the plain ISO form in UTF-8 bytes: `2024-01-31`, with `T` or a blank before `10:20:30`,
 * a fraction, and `Z` or an offset. null for everything else, also where {@link parseDatetime} on
 * the text would give a datetime.
 */
export function parseIsoBytes(bytes: Uint8Array, start: number, end: number): bigint | null {
  return scanIsoBytes(bytes, start, end) ? ticksOfDay(foundCells[0]!, foundCells[1]!) : null
}

/** {@link parseIsoBytes} into cell `index` of an int64 vector seen as 32-bit halves; false for null. */
export function parseIsoInto(
  bytes: Uint8Array,
  start: number,
  end: number,
  halves: Int32Array | Uint32Array,
  index: number,
): boolean {
  if (!scanIsoBytes(bytes, start, end)) return false
  storeDayTick(halves, index, foundCells[0]!, foundCells[1]!)
  return true
}

function scan(text: string): boolean {
  if (scanIso(text)) return true
  const trimmed = text.trim()
  if (trimmed.length < text.length && scanIso(trimmed)) return true
  const loose = scanLoose(trimmed)
  return loose !== null && normalized(loose.day, loose.tick)
}

// The two scanners are one function written twice: a shared one would read its characters through
// a call and lose its speed.

function scanIso(text: string): boolean {
  const end = text.length
  if (end < 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false
  const century = digits2(text.charCodeAt(0), text.charCodeAt(1))
  const inCentury = digits2(text.charCodeAt(2), text.charCodeAt(3))
  const month = digits2(text.charCodeAt(5), text.charCodeAt(6))
  const day = digits2(text.charCodeAt(8), text.charCodeAt(9))
  if ((century | inCentury | month | day) < 0) return false
  const year = century * 100 + inCentury
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  if (day > 28 && day > daysInMonth(year, month)) return false
  const dayNumber = daysFromCivil(year, month, day)
  if (end === 10) return found(dayNumber, 0)
  const separator = text.charCodeAt(10)
  if ((separator !== 84 && separator !== 32) || end < 16 || text.charCodeAt(13) !== 58) return false
  const hour = digits2(text.charCodeAt(11), text.charCodeAt(12))
  const minute = digits2(text.charCodeAt(14), text.charCodeAt(15))
  if ((hour | minute) < 0 || hour > 23 || minute > 59) return false
  let tick = hour * HOUR_TICKS + minute * MINUTE_TICKS
  let at = 16
  if (at < end && text.charCodeAt(at) === 58) {
    if (end < 19) return false
    const second = digits2(text.charCodeAt(17), text.charCodeAt(18))
    if (second < 0 || second > 59) return false
    tick += second * SECOND_TICKS
    at = 19
    if (at < end && text.charCodeAt(at) === 46) {
      at++
      const first = at
      let fraction = 0
      for (; at < end; at++) {
        const digit = text.charCodeAt(at) - 48
        if (digit < 0 || digit > 9) break
        if (at - first < 7) fraction = fraction * 10 + digit
      }
      const count = at - first
      if (count === 0) return false
      tick += count < 7 ? fraction * TENS[7 - count]! : fraction
    }
  }
  if (at === end) return found(dayNumber, tick)
  const zone = text.charCodeAt(at)
  if (zone === 90) return at + 1 === end && found(dayNumber, tick)
  if ((zone !== 43 && zone !== 45) || at + 6 !== end || text.charCodeAt(at + 3) !== 58) return false
  const zoneHour = digits2(text.charCodeAt(at + 1), text.charCodeAt(at + 2))
  const zoneMinute = digits2(text.charCodeAt(at + 4), text.charCodeAt(at + 5))
  return shifted(dayNumber, tick, zone, zoneHour, zoneMinute)
}

function scanIsoBytes(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false
  const century = digits2(bytes[start]!, bytes[start + 1]!)
  const inCentury = digits2(bytes[start + 2]!, bytes[start + 3]!)
  const month = digits2(bytes[start + 5]!, bytes[start + 6]!)
  const day = digits2(bytes[start + 8]!, bytes[start + 9]!)
  if ((century | inCentury | month | day) < 0) return false
  const year = century * 100 + inCentury
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  if (day > 28 && day > daysInMonth(year, month)) return false
  const dayNumber = daysFromCivil(year, month, day)
  if (end - start === 10) return found(dayNumber, 0)
  const separator = bytes[start + 10]!
  if ((separator !== 84 && separator !== 32) || end - start < 16) return false
  if (bytes[start + 13] !== 58) return false
  const hour = digits2(bytes[start + 11]!, bytes[start + 12]!)
  const minute = digits2(bytes[start + 14]!, bytes[start + 15]!)
  if ((hour | minute) < 0 || hour > 23 || minute > 59) return false
  let tick = hour * HOUR_TICKS + minute * MINUTE_TICKS
  let at = start + 16
  if (at < end && bytes[at] === 58) {
    if (end - start < 19) return false
    const second = digits2(bytes[start + 17]!, bytes[start + 18]!)
    if (second < 0 || second > 59) return false
    tick += second * SECOND_TICKS
    at = start + 19
    if (at < end && bytes[at] === 46) {
      at++
      const first = at
      let fraction = 0
      for (; at < end; at++) {
        const digit = bytes[at]! - 48
        if (digit < 0 || digit > 9) break
        if (at - first < 7) fraction = fraction * 10 + digit
      }
      const count = at - first
      if (count === 0) return false
      tick += count < 7 ? fraction * TENS[7 - count]! : fraction
    }
  }
  if (at === end) return found(dayNumber, tick)
  const zone = bytes[at]!
  if (zone === 90) return at + 1 === end && found(dayNumber, tick)
  if ((zone !== 43 && zone !== 45) || at + 6 !== end || bytes[at + 3] !== 58) return false
  const zoneHour = digits2(bytes[at + 1]!, bytes[at + 2]!)
  const zoneMinute = digits2(bytes[at + 4]!, bytes[at + 5]!)
  return shifted(dayNumber, tick, zone, zoneHour, zoneMinute)
}

/** Powers of ten: what the last of up to seven digits of a fraction counts in ticks. */
const TENS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

/** The number of two digits; negative when either is none. */
function digits2(tens: number, ones: number): number {
  const high = tens - 48
  const low = ones - 48
  return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low
}

function found(day: number, tick: number): boolean {
  foundCells[0] = day
  foundCells[1] = tick
  return true
}

/** Takes the offset off; false when the offset is none or the result leaves years 1 to 9999. */
function shifted(day: number, tick: number, sign: number, hours: number, minutes: number): boolean {
  if ((hours | minutes) < 0 || hours > 14 || minutes > 59) return false
  const offset = hours * HOUR_TICKS + minutes * MINUTE_TICKS
  return normalized(day, sign === 45 ? tick + offset : tick - offset)
}

function normalized(day: number, tick: number): boolean {
  const over = Math.floor(tick / DAY_TICKS)
  const shiftedDay = day + over
  return shiftedDay >= 0 && shiftedDay <= MAX_DAY && found(shiftedDay, tick - over * DAY_TICKS)
}
