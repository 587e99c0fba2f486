import { stringAt } from '../json/json-text.ts'
import { QUOTE, skipBlanks, skipString, skipValue } from '../json/skip.ts'

const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const COMMA = 0x2c
const COLON = 0x3a

/**
 * Goes over the members of JSON objects, or the elements of arrays, one record at a time, and notes
 * where their values are. Records of one kind have the same names in the same order, so that names
 * are compared and not decoded.
 */
export class MemberWalk {
  /** The names that were met, numbered in that order. */
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()
  /** The bytes of the name that stood at a position in the last record, and its number. */
  readonly #expected: { bytes: Uint8Array; number: number }[] = []
  /** Of the record just walked over: how many values it has, whose they are, and where. */
  count = 0
  readonly numbers: number[] = []
  readonly starts: number[] = []
  readonly ends: number[] = []

  /** The number of a name; -1 where it was not met. */
  numberOf(name: string): number {
    return this.#numbers.get(name) ?? -1
  }

  /** Walks over an object. Returns the position after it, or a negative number where it is not JSON. */
  object(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.count = 0
    if (bytes[start] !== OPEN_BRACE) return ~start
    let at = skipBlanks(bytes, start + 1, end)
    if (bytes[at] === CLOSE_BRACE) return at + 1
    while (bytes[at] === QUOTE) {
      const nameEnd = skipString(bytes, view, at + 1, end)
      if (nameEnd < 0) return nameEnd
      const number = this.#number(bytes, at + 1, nameEnd - 1)
      at = skipBlanks(bytes, nameEnd, end)
      if (bytes[at] !== COLON) return ~at
      at = this.#value(bytes, view, at + 1, end, number)
      if (at < 0) return at
      if (bytes[at] === CLOSE_BRACE) return at + 1
      if (bytes[at] !== COMMA) return ~at
      at = skipBlanks(bytes, at + 1, end)
    }
    return ~at
  }

  /** The same for an array: the numbers are positions. */
  array(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.count = 0
    if (bytes[start] !== OPEN_BRACKET) return ~start
    let at = skipBlanks(bytes, start + 1, end)
    if (bytes[at] === CLOSE_BRACKET) return at + 1
    for (;;) {
      at = this.#value(bytes, view, at, end, this.count)
      if (at < 0) return at
      if (bytes[at] === CLOSE_BRACKET) return at + 1
      if (bytes[at] !== COMMA) return ~at
      at++
    }
  }

  #value(bytes: Uint8Array, view: DataView, from: number, end: number, number: number): number {
    const start = skipBlanks(bytes, from, end)
    const after = skipValue(bytes, view, start, end)
    if (after < 0) return after
    const position = this.count++
    this.numbers[position] = number
    this.starts[position] = start
    this.ends[position] = after
    return skipBlanks(bytes, after, end)
  }

  #number(bytes: Uint8Array, start: number, end: number): number {
    const expected = this.#expected[this.count]
    if (expected !== undefined && isSame(expected.bytes, bytes, start, end)) return expected.number
    const name = stringAt(bytes, start, end)
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.names.push(name) - 1
      this.#numbers.set(name, number)
    }
    this.#expected[this.count] = { bytes: bytes.slice(start, end), number }
    return number
  }
}

function isSame(expected: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const { length } = expected
  if (length !== end - start) return false
  for (let i = 0; i < length; i++) if (expected[i] !== bytes[start + i]) return false
  return true
}
