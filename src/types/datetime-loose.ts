import { daysFromCivil, HOUR_TICKS, isCivilDate, MINUTE_TICKS, SECOND_TICKS } from './calendar.ts'

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

/** A datetime as a day number and the ticks of that day, which may lie outside of it. */
export interface DayTick {
  readonly day: number
  readonly tick: number
}

/**
 * Reads a datetime that is not plain ISO, without blanks around it: RFC 822 and 850, month first,
 * month names, AM and PM, compact digits, zones and offsets, blanks around the signs of a date. null
 * when it is none.
 */
export function scanLoose(text: string): DayTick | null {
  if (text.length === 0 || text.length > MAX_TEXT) return null
  const list = tokens(text)
  return list === null ? null : new LooseScan(list).run()
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

  run(): DayTick | null {
    this.#weekday()
    if (!this.#date()) return null
    if (this.#at < this.#tokens.length) {
      if (!this.#separator() || !this.#time()) return null
    }
    const offset = this.#zone()
    if (offset === null || this.#at < this.#tokens.length) return null
    return { day: this.#day, tick: this.#tick - offset }
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
    this.#spacedSign()
    const sign = this.#peek()
    if (first.text.length === 4 && this.#onlyYear(sign)) {
      return this.#civil(Number(first.text), 1, 1)
    }
    if (sign?.kind === 'blank' || sign?.kind === 'word') return this.#dayFirst(first.text)
    if (sign?.kind !== 'sign' || !'-/.'.includes(sign.text)) return false
    if (this.#peek(1)?.kind === 'word') return this.#dayFirst(first.text)
    this.#at++
    this.#blanks()
    const second = this.#number(2)
    if (second === null) return false
    this.#spacedSign()
    if (!this.#take(sign.text)) {
      // `2020-05` is the first of May.
      return first.text.length === 4 && this.#civil(Number(first.text), second, 1)
    }
    this.#blanks()
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

  /** Blanks before a sign of a date, as in `2020 - 05 - 01`. */
  #spacedSign(): void {
    const next = this.#peek(1)
    if (this.#peek()?.kind !== 'blank' || next?.kind !== 'sign') return
    if (next.text === '-' || next.text === '/') this.#blanks()
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
