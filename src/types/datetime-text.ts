import {
  DAY_TICKS,
  daysFromCivil,
  daysInMonth,
  HOUR_TICKS,
  isCivilDate,
  MAX_DAY,
  MINUTE_TICKS,
  SECOND_TICKS,
  storeDayTick,
  ticksOfDay,
} from './calendar.ts'

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
  if (scanIso(text) || scanLoose(text)) return ticksOfDay(foundCells[0]!, foundCells[1]!)
  return null
}

/**
 * {@link parseDatetime} into cell `index` of an int64 vector seen as 32-bit halves; false, and the
 * cell untouched, where that is null.
 */
export function parseDatetimeInto(
  text: string,
  halves: Int32Array | Uint32Array,
  index: number,
): boolean {
  if (!scanIso(text) && !scanLoose(text)) return false
  storeDayTick(halves, index, foundCells[0]!, foundCells[1]!)
  return true
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

// Everything else: a list of numbers, words and signs, read by the shape of its date. A regular
// expression per format would be slower and would say less about what is accepted.

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH_NAMES = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** Hours of the zones that RFC 822 names. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['z', 0],
  ['ut', 0],
  ['utc', 0],
  ['gmt', 0],
  ['est', -5],
  ['edt', -4],
  ['cst', -6],
  ['cdt', -5],
  ['mst', -7],
  ['mdt', -6],
  ['pst', -8],
  ['pdt', -7],
])

const TOKEN = /(\d+)|([A-Za-z]+)|([-/.,:+])|(\s+)|./sy

interface Token {
  readonly kind: 'number' | 'word' | 'sign' | 'blank'
  /** Words in lower case. */
  readonly text: string
}

function tokens(text: string): Token[] | null {
  const list: Token[] = []
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    if (match[1] !== undefined) list.push({ kind: 'number', text: match[1] })
    else if (match[2] !== undefined) list.push({ kind: 'word', text: match[2].toLowerCase() })
    else if (match[3] !== undefined) list.push({ kind: 'sign', text: match[3] })
    else if (match[4] !== undefined) list.push({ kind: 'blank', text: ' ' })
    else return null
  }
  return list
}

/** Longer text is no datetime: the cap keeps a hostile value cheap. */
const MAX_TEXT = 100

function scanLoose(text: string): boolean {
  const trimmed = text.trim()
  if (trimmed.length === 0 || trimmed.length > MAX_TEXT) return false
  if (trimmed.length !== text.length && scanIso(trimmed)) return true
  const list = tokens(trimmed)
  if (list === null) return false
  return new LooseScan(list).run()
}

/** One pass over the tokens of a datetime that is not plain ISO. */
class LooseScan {
  readonly #tokens: readonly Token[]
  #at = 0
  #day = 0
  #tick = 0

  constructor(list: readonly Token[]) {
    this.#tokens = list
  }

  run(): boolean {
    this.#weekday()
    if (!this.#date()) return false
    if (this.#at < this.#tokens.length) {
      if (!this.#separator() || !this.#time()) return false
    }
    const offset = this.#zone()
    if (offset === null || this.#at < this.#tokens.length) return false
    return normalized(this.#day, this.#tick - offset)
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead]
  }

  #blanks(): boolean {
    let any = false
    while (this.#peek()?.kind === 'blank') {
      this.#at++
      any = true
    }
    return any
  }

  #take(sign: string): boolean {
    if (this.#peek()?.text !== sign) return false
    this.#at++
    return true
  }

  #number(maxDigits: number): number | null {
    const token = this.#peek()
    if (token?.kind !== 'number' || token.text.length > maxDigits) return null
    this.#at++
    return Number(token.text)
  }

  /** `Sat, ` or `Saturday `: read, not checked against the date. */
  #weekday(): void {
    const token = this.#peek()
    if (token?.kind !== 'word') return
    const name = token.text
    if (!WEEKDAYS.some(weekday => weekday === name || weekday.slice(0, 3) === name)) return
    this.#at++
    this.#take(',')
    this.#blanks()
  }

  #date(): boolean {
    const first = this.#peek()
    if (first?.kind === 'word') return this.#monthFirst(first.text)
    if (first?.kind !== 'number') return false
    if (first.text.length === 8 || first.text.length === 14) return this.#compact(first.text)
    this.#at++
    if (first.text.length > 4) return false
    const sign = this.#peek()
    if (first.text.length === 4 && this.#onlyYear(sign)) {
      return this.#civil(Number(first.text), 1, 1)
    }
    if (sign?.kind === 'blank' || sign?.kind === 'word') return this.#dayFirst(first.text)
    if (sign?.kind !== 'sign' || !'-/.'.includes(sign.text)) return false
    if (this.#peek(1)?.kind === 'word') return this.#dayFirst(first.text)
    this.#at++
    const second = this.#number(2)
    if (second === null) return false
    if (!this.#take(sign.text)) {
      // `2020-05` is the first of May.
      return first.text.length === 4 && this.#civil(Number(first.text), second, 1)
    }
    const third = this.#peek()
    if (third?.kind !== 'number') return false
    this.#at++
    if (first.text.length === 4) {
      return third.text.length <= 2 && this.#civil(Number(first.text), second, Number(third.text))
    }
    const year = yearOf(third.text)
    // Month first, as the United States write it.
    return first.text.length <= 2 && year !== null && this.#civil(year, Number(first.text), second)
  }

  #onlyYear(next: Token | undefined): boolean {
    return next === undefined
  }

  /** `20221202`, `20221202134556`, `20221202T134556`. */
  #compact(text: string): boolean {
    this.#at++
    const part = (from: number, to: number) => Number(text.slice(from, to))
    if (!this.#civil(part(0, 4), part(4, 6), part(6, 8))) return false
    return text.length === 8 || this.#clock(part(8, 10), part(10, 12), part(12, 14))
  }

  /** `Dec 2, 2022`, `December 2 2022`, and `Dec 2 13:45:56 2022`. */
  #monthFirst(word: string): boolean {
    const month = monthOf(word)
    this.#at++
    if (month === 0) return false
    this.#take('.')
    if (!this.#blanks()) return false
    const day = this.#number(2)
    if (day === null) return false
    this.#take(',')
    if (!this.#blanks()) return false
    if (this.#peek(1)?.text === ':') {
      if (!this.#time()) return false
      this.#blanks()
    }
    const year = this.#year()
    return year !== null && this.#civil(year, month, day)
  }

  /** `2 Dec 2022`, `08-Nov-14`. */
  #dayFirst(text: string): boolean {
    if (text.length > 2 || !this.#joint()) return false
    const word = this.#peek()
    if (word?.kind !== 'word') return false
    const month = monthOf(word.text)
    this.#at++
    if (month === 0) return false
    this.#take('.')
    if (!this.#joint()) return false
    const year = this.#year()
    return year !== null && this.#civil(year, month, Number(text))
  }

  /** What stands between the parts of `2 Dec 2022` or `08-Nov-14`. */
  #joint(): boolean {
    return this.#take('-') || this.#take('/') || this.#blanks()
  }

  #year(): number | null {
    const token = this.#peek()
    if (token?.kind !== 'number') return null
    this.#at++
    return yearOf(token.text)
  }

  #civil(year: number, month: number, day: number): boolean {
    if (!isCivilDate(year, month, day)) return false
    this.#day = daysFromCivil(year, month, day)
    return true
  }

  /** Between date and time: `T`, blanks, or a comma and blanks. */
  #separator(): boolean {
    if (this.#take('t')) return true
    const comma = this.#take(',')
    return this.#blanks() || comma || this.#isZone()
  }

  #isZone(): boolean {
    const next = this.#peek()
    return next !== undefined && (next.kind === 'word' || next.text === '+' || next.text === '-')
  }

  /** `1:48`, `13:45:56.789`, `134556`, `1:48:53 AM`; nothing where a zone comes next. */
  #time(): boolean {
    if (this.#isZone()) return true
    const start = this.#peek()
    if (start?.kind !== 'number') return false
    if (start.text.length === 6 || (start.text.length === 4 && this.#peek(1)?.text !== ':')) {
      this.#at++
      const part = (from: number) => Number(start.text.slice(from, from + 2) || '0')
      return this.#clock(part(0), part(2), part(4)) && this.#fraction()
    }
    let hour = this.#number(2)
    if (hour === null) return false
    let minute: number | null = 0
    let second: number | null = 0
    const bare = !this.#take(':')
    if (!bare) {
      minute = this.#number(2)
      if (this.#take(':')) second = this.#number(2)
    }
    if (minute === null || second === null) return false
    if (!this.#clock(0, minute, second) || !this.#fraction()) return false
    const half = this.#half()
    // An hour alone is a time only with AM or PM.
    if (bare && half === undefined) return false
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return false
      hour = (hour % 12) + (half === 'pm' ? 12 : 0)
    }
    if (hour > 23) return false
    this.#tick += hour * HOUR_TICKS
    return true
  }

  #clock(hour: number, minute: number, second: number): boolean {
    if (hour > 23 || minute > 59 || second > 59) return false
    this.#tick += hour * HOUR_TICKS + minute * MINUTE_TICKS + second * SECOND_TICKS
    return true
  }

  #fraction(): boolean {
    const sign = this.#peek()
    if (sign?.text !== '.' && !(sign?.text === ',' && this.#peek(1)?.kind === 'number')) return true
    const token = this.#peek(1)
    if (token?.kind !== 'number') return false
    this.#at += 2
    this.#tick += Number(token.text.slice(0, 7).padEnd(7, '0'))
    return true
  }

  #half(): 'am' | 'pm' | undefined {
    const ahead = this.#peek()?.kind === 'blank' ? 1 : 0
    const word = this.#peek(ahead)?.text
    if (word !== 'am' && word !== 'pm') return undefined
    this.#at += ahead + 1
    return word
  }

  /** Ticks that the zone is ahead of UTC; 0 without a zone, null when it is none. */
  #zone(): number | null {
    this.#blanks()
    const token = this.#peek()
    if (token === undefined) return 0
    if (token.kind === 'word') {
      const hours = ZONES.get(token.text)
      if (hours === undefined) return null
      this.#at++
      // `UTC+2`, `GMT +02:00`
      if (hours !== 0 || this.#peek() === undefined) return hours * HOUR_TICKS
      this.#blanks()
    }
    const sign = this.#peek()?.text
    if (sign !== '+' && sign !== '-') return null
    this.#at++
    const text = this.#peek()
    if (text?.kind !== 'number' || text.text.length > 4) return null
    this.#at++
    let hours = Number(text.text)
    let minutes = 0
    if (text.text.length > 2) {
      minutes = hours % 100
      hours = Math.floor(hours / 100)
    } else if (this.#take(':')) {
      const read = this.#number(2)
      if (read === null) return null
      minutes = read
    }
    if (hours > 14 || minutes > 59) return null
    const offset = hours * HOUR_TICKS + minutes * MINUTE_TICKS
    return sign === '-' ? -offset : offset
  }
}

function monthOf(word: string): number {
  const short = MONTHS.indexOf(word === 'sept' ? 'sep' : word)
  return (short >= 0 ? short : MONTH_NAMES.indexOf(word)) + 1
}

/** A year of four digits, or of two: 00 to 49 is after 2000, as RFC 2822 has it. */
function yearOf(text: string): number | null {
  if (text.length === 4) return Number(text)
  if (text.length !== 2) return null
  const year = Number(text)
  return year < 50 ? 2000 + year : 1900 + year
}
