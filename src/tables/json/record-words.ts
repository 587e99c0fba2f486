import type { RequiredText } from '../source.ts'
import { lowerAscii, Word } from '../word.ts'
import { neededWords } from './line-needs.ts'
import type { RecordColumn } from './record-columns.ts'
import { BACKSLASH } from './skip.ts'

const LETTER_U = 0x75
const ZERO = 0x30

/** So many records are looked at until it is seen whether that pays; where it does not, so many are not. */
const LOOKED_AT = 1024
const PASSED = 64 * LOOKED_AT
/** It pays where at least this share of them does not matter: to look for words takes as long as to read values. */
const LEAST_SHARE = 1 / 2

/** Tells by its bytes alone that a record lacks a text that rows which matter have. */
export class RecordWords {
  readonly #needs: readonly (readonly Word[])[]
  #looked = 0
  #lacking = 0
  #toPass = 0

  constructor(needs: readonly (readonly Word[])[]) {
    this.#needs = needs
  }

  /** False where one of the texts is surely not in the record, however it is written, and it was looked for. */
  mayMatter(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    if (this.#toPass > 0) {
      this.#toPass--
      return true
    }
    const mayMatter = this.#mayHaveTexts(bytes, view, start, end)
    if (!mayMatter) this.#lacking++
    if (++this.#looked === LOOKED_AT) {
      if (this.#lacking < LOOKED_AT * LEAST_SHARE) this.#toPass = PASSED
      this.#looked = 0
      this.#lacking = 0
    }
    return mayMatter
  }

  #mayHaveTexts(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const lacks = this.#needs.some(words => words.every(word => !word.isIn(bytes, start, end)))
    return !lacks || mayHideLetters(bytes, view, start, end)
  }
}

/** What is required of records that give the columns like this; undefined where nothing can be told. */
export function recordWords(
  texts: readonly RequiredText[] | undefined,
  columns: readonly RecordColumn[],
): RecordWords | undefined {
  const needs = neededWords(texts ?? [], columns).map(words => words.map(word => new Word(word)))
  return needs.length === 0 ? undefined : new RecordWords(needs)
}

/**
 * Whether ASCII letters, digits or backslashes may be in a record that its bytes do not show: written
 * as `\u0041`, or in the text of a control character, which `\u0009` has as `\t`. What else can be written so
 * hides none of them.
 */
export function mayHideLetters(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): boolean {
  return hidingEscape(bytes, view, start, end) >= 0
}

/** Where the first escape is that may hide letters like that; -1 where there is none. */
export function hidingEscape(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): number {
  let at = start
  for (; at + 4 <= end; at += 4) {
    // Zero where there is a backslash, which is told of four bytes at once.
    const rest = view.getInt32(at, true) ^ 0x5c5c5c5c
    if (((rest - 0x01010101) & ~rest & 0x80808080) === 0) continue
    for (let i = at; i < at + 4; i++) if (hides(bytes, i)) return i
  }
  for (; at < end; at++) if (hides(bytes, at)) return at
  return -1
}

function isIn(byte: number, from: number, to: number): boolean {
  return byte >= from && byte <= to
}

/** Whether there is an escape at the position of what a word may have, or of a backslash. */
function hides(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== LETTER_U) return false
  if (bytes[at + 2] !== ZERO || bytes[at + 3] !== ZERO) return false
  const third = bytes[at + 4]! - ZERO
  // \b, \t, \n, \f and \r, as which they are printed, have letters.
  if (third === 0)
    return isIn(bytes[at + 5]!, 0x38, 0x39) || isIn(lowerAscii(bytes[at + 5]!), 0x61, 0x64)
  if (third === 3) return bytes[at + 5]! - ZERO < 10 && bytes[at + 5]! >= ZERO
  return third >= 4 && third <= 7
}
