import { civilFromTicks, TICKS_PER_DAY, TICKS_PER_SECOND } from './datetime.ts'

/** What the elements of a pattern are filled from. */
interface TimeFields {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  /** Ticks of the second, 0 to 9,999,999. */
  readonly tick: number
}

type Element = (fields: TimeFields) => string

const DELIMITERS = new Set(' /-:,._[]')

/** Lengths that each letter may have, longest first: `ddd` is `dd` and `d`, as measured. */
const DATETIME_LETTERS: ReadonlyMap<string, readonly number[]> = new Map([
  ['d', [2, 1]],
  ['f', [7, 6, 5, 4, 3, 2, 1]],
  ['F', [7, 6, 5, 4, 3, 2, 1]],
  ['h', [2, 1]],
  ['H', [2, 1]],
  ['m', [2, 1]],
  ['M', [2, 1]],
  ['s', [2, 1]],
  ['t', [2]],
  ['y', [4, 2, 1]],
])

const TIMESPAN_LETTERS: ReadonlyMap<string, readonly number[]> = new Map([
  ['d', [8, 7, 6, 5, 4, 3, 2, 1]],
  ['f', [7, 6, 5, 4, 3, 2, 1]],
  ['F', [7, 6, 5, 4, 3, 2, 1]],
  ['h', [2, 1]],
  ['H', [2, 1]],
  ['m', [2, 1]],
  ['s', [2, 1]],
])

function padded(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

/** The first digits of the second's fraction. */
function fraction(tick: number, length: number): string {
  return padded(tick, 7).slice(0, length)
}

function twelveHour(hour: number): number {
  return hour % 12 === 0 ? 12 : hour % 12
}

function datetimeElement(letter: string, length: number): Element {
  switch (letter) {
    case 'd':
      return fields => padded(fields.day, length)
    case 'f':
      return fields => fraction(fields.tick, length)
    case 'F':
      return fields => fraction(fields.tick, length).replace(/0+$/, '')
    case 'h':
      return fields => padded(twelveHour(fields.hour), length)
    case 'H':
      return fields => padded(fields.hour, length)
    case 'm':
      return fields => padded(fields.minute, length)
    case 'M':
      return fields => padded(fields.month, length)
    case 's':
      return fields => padded(fields.second, length)
    case 't':
      return fields => (fields.hour < 12 ? 'AM' : 'PM')
    default:
      return fields => padded(length === 4 ? fields.year : fields.year % 100, length)
  }
}

/** A timespan has no morning: `h` is the hour of the day as `H` is. */
function timespanElement(letter: string, length: number): Element {
  return datetimeElement(letter === 'h' ? 'H' : letter, length)
}

/** The elements of a pattern; null where a character is neither a letter of the table nor a delimiter. */
function elementsOf(
  pattern: string,
  letters: ReadonlyMap<string, readonly number[]>,
  elementOf: (letter: string, length: number) => Element,
): readonly Element[] | null {
  const elements: Element[] = []
  let at = 0
  while (at < pattern.length) {
    const character = pattern.charAt(at)
    if (DELIMITERS.has(character)) {
      elements.push(() => character)
      at++
      continue
    }
    const start = at
    const length = letters
      .get(character)
      ?.find(candidate => pattern.startsWith(character.repeat(candidate), start))
    if (length === undefined) return null
    elements.push(elementOf(character, length))
    at += length
  }
  return elements
}

function fill(elements: readonly Element[], fields: TimeFields): string {
  let text = ''
  for (const element of elements) text += element(fields)
  return text
}

/**
 * The function that prints a datetime by a pattern such as `yyyy-MM-dd HH:mm`; null where the pattern
 * has an element that Kusto does not document.
 * @see https://learn.microsoft.com/kusto/query/format-datetime-function
 */
export function datetimePattern(pattern: string): ((ticks: bigint) => string) | null {
  const elements = elementsOf(pattern, DATETIME_LETTERS, datetimeElement)
  return elements === null ? null : ticks => fill(elements, civilFromTicks(ticks))
}

/**
 * The function that prints a timespan by a pattern such as `d.hh:mm:ss`, with a minus sign before all
 * of it where it is negative; null where the pattern has an element that Kusto does not document.
 * @see https://learn.microsoft.com/kusto/query/format-timespan-function
 */
export function timespanPattern(pattern: string): ((ticks: bigint) => string) | null {
  const elements = elementsOf(pattern, TIMESPAN_LETTERS, timespanElement)
  if (elements === null) return null
  return ticks => `${ticks < 0n ? '-' : ''}${fill(elements, timespanFields(ticks))}`
}

function timespanFields(ticks: bigint): TimeFields {
  const size = ticks < 0n ? -ticks : ticks
  const seconds = Number((size % TICKS_PER_DAY) / TICKS_PER_SECOND)
  return {
    year: 0,
    month: 0,
    day: Number(size / TICKS_PER_DAY),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    tick: Number(size % TICKS_PER_SECOND),
  }
}
