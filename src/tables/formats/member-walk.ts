import { ByteInterner, UNKNOWN } from '../json/byte-interner.ts'
import { stringAt } from '../json/json-text.ts'
import { FIRST_LIST } from '../json/kernel.ts'
import {
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipBlanks,
  skipString,
  skipValue,
  viewOf,
} from '../json/skip.ts'
import {
  isLoaded,
  LISTED_WORDS,
  listedCount,
  listLoaded,
  loadedWords,
} from '../json/skip-memory.ts'

const ALL_MEMBERS = 0x7fffffff

/** Spellings of names that are recognised by their bytes; beyond, names are decoded. */
const MOST_SPELLINGS = 1 << 14

/** A name as it was written, and what mostly follows it. */
interface Spelling {
  readonly number: number
  /** Its bytes. */
  readonly bytes: Uint8Array
  readonly view: DataView
  /** What came after it the last time. */
  next: Spelling | undefined
}

/**
 * Goes over the members of JSON objects, or the elements of arrays, one record at a time, and notes
 * where their values are. A name is recognised by its bytes, first as the one that came after the
 * name before it in an earlier record, and is decoded once.
 */
export class MemberWalk {
  /** The names that were met, numbered in that order. */
  readonly names: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #interner = new ByteInterner()
  /** By the interner's code. */
  readonly #spellings: Spelling[] = []
  /** Stands before the first name of a record. */
  readonly #first: Spelling = {
    number: -1,
    bytes: new Uint8Array(0),
    view: viewOf(new Uint8Array(0)),
    next: undefined,
  }
  /** Of the record just walked over: how many values it has, whose they are, and where. */
  count = 0
  numbers = new Int32Array(64)
  starts = new Int32Array(64)
  ends = new Int32Array(64)

  /** The number of a name; -1 where it was not met. */
  numberOf(name: string): number {
    return this.#numbers.get(name) ?? -1
  }

  /** Walks over an object. Returns the position after it, or a negative number where it is not JSON. */
  object(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.count = 0
    if (bytes[start] !== OPEN_OBJECT) return ~start
    if (isLoaded(bytes)) {
      const after = listLoaded(start, end, ALL_MEMBERS)
      if (after >= 0 && after <= end) {
        this.#addListed(bytes, view)
        return after
      }
    }
    let at = skipBlanks(bytes, start + 1, end)
    if (bytes[at] === CLOSE_OBJECT) return at + 1
    let spelling = this.#first
    while (bytes[at] === QUOTE) {
      const name = at + 1
      at = skipString(bytes, view, name, end)
      if (at < 0) return at
      spelling = this.#follow(spelling, bytes, view, name, at - 1)
      if (bytes[at] !== COLON) at = skipBlanks(bytes, at, end)
      if (bytes[at] !== COLON) return ~at
      at = this.#value(bytes, view, at + 1, end, spelling.number)
      if (at < 0) return at
      if (bytes[at] === CLOSE_OBJECT) return at + 1
      if (bytes[at] !== COMMA) return ~at
      at++
      if (bytes[at] !== QUOTE) at = skipBlanks(bytes, at, end)
    }
    return ~at
  }

  /** The same for an array: the numbers are positions. */
  array(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    this.count = 0
    if (bytes[start] !== OPEN_ARRAY) return ~start
    let at = skipBlanks(bytes, start + 1, end)
    if (bytes[at] === CLOSE_ARRAY) return at + 1
    for (;;) {
      at = this.#value(bytes, view, at, end, this.count)
      if (at < 0) return at
      if (bytes[at] === CLOSE_ARRAY) return at + 1
      if (bytes[at] !== COMMA) return ~at
      at++
    }
  }

  /** Notes the members that were listed. */
  #addListed(bytes: Uint8Array, view: DataView): void {
    const words = loadedWords()
    const count = listedCount()
    let spelling = this.#first
    for (let i = 0, at = FIRST_LIST; i < count; i++, at += LISTED_WORDS) {
      const nameEnd = words[at + 1]! & 0x7fffffff
      spelling = this.#follow(spelling, bytes, view, words[at]!, nameEnd)
      this.#note(spelling.number, words[at + 2]!, words[at + 3]! & 0x7fffffff)
    }
  }

  #note(number: number, start: number, end: number): void {
    const position = this.count++
    if (position === this.numbers.length) this.#grow()
    this.numbers[position] = number
    this.starts[position] = start
    this.ends[position] = end
  }

  #value(bytes: Uint8Array, view: DataView, from: number, end: number, number: number): number {
    const start = bytes[from]! > 0x20 ? from : skipBlanks(bytes, from, end)
    const after = skipValue(bytes, view, start, end)
    if (after < 0) return after
    this.#note(number, start, after)
    return bytes[after] === COMMA ? after : skipBlanks(bytes, after, end)
  }

  #grow(): void {
    const longer = (array: Int32Array) => {
      const copy = new Int32Array(array.length * 2)
      copy.set(array)
      return copy
    }
    this.numbers = longer(this.numbers)
    this.starts = longer(this.starts)
    this.ends = longer(this.ends)
  }

  /** The spelling of the name, which comes after another. */
  #follow(
    before: Spelling,
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
  ): Spelling {
    const { next } = before
    if (next !== undefined && isSpelled(next, bytes, view, start, end)) return next
    const spelling = this.#spelling(bytes, view, start, end)
    before.next = spelling
    return spelling
  }

  #spelling(bytes: Uint8Array, view: DataView, start: number, end: number): Spelling {
    const code = this.#interner.find(bytes, view, start, end, 0)
    if (code !== UNKNOWN) return this.#spellings[code]!
    const text = stringAt(bytes, start, end)
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.names.push(text) - 1
      this.#numbers.set(text, number)
    }
    const name = bytes.slice(start, end)
    const spelling = { number, bytes: name, view: viewOf(name), next: undefined }
    if (this.#spellings.length < MOST_SPELLINGS) {
      this.#interner.add(bytes, view, start, end, 0, this.#spellings.push(spelling) - 1)
    }
    return spelling
  }
}

/** Whether the name is spelled so. */
function isSpelled(
  { bytes: name, view: nameView }: Spelling,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): boolean {
  const { length } = name
  if (end - start !== length) return false
  let at = 0
  for (; at <= length - 4; at += 4) {
    if (nameView.getInt32(at, true) !== view.getInt32(start + at, true)) return false
  }
  for (; at < length; at++) if (name[at] !== bytes[start + at]) return false
  return true
}
