/**
 * Which words may be in the texts of a column, row by row: the grams of four letters or digits of a text
 * are thrown into {@link SLOTS} slots, each of which has a bit a row. Grams of hexadecimal digits alone
 * are left out, as identifiers would fill all slots.
 */
export const SLOTS = 256

const GRAM = 4
const BACKSLASH = 0x5c
const LETTER_U = 0x75

/** What a character counts as: 0 for none of a word, else its code in lower case. */
const CLASS = new Uint8Array(128)
/** 1 for the letters that are no hexadecimal digits. */
const TELLING = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[A-Za-z0-9]/.test(char)) CLASS[code] = char.toLowerCase().charCodeAt(0)
  if (/[g-z]/i.test(char)) TELLING[code] = 1
}

/** Bytes of a slot for so many rows. */
export function slotBytes(rows: number): number {
  return (rows + 7) >> 3
}

function slotOf(gram: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> 24
}

/** The slots of the texts of some rows. */
export class SignatureBuilder {
  readonly bytes: Uint8Array
  readonly #slotBytes: number

  constructor(rows: number) {
    this.#slotBytes = slotBytes(rows)
    this.bytes = new Uint8Array(this.#slotBytes * SLOTS)
  }

  /** Adds the text of a row. One that may hide letters, written as `\u0041`, has all words. */
  add(row: number, text: string): void {
    const { bytes } = this
    const size = this.#slotBytes
    const at = row >> 3
    const bit = 1 << (row & 7)
    let gram = 0
    let length = 0
    let telling = 0
    for (let k = 0; k < text.length; k++) {
      const code = text.charCodeAt(k)
      const known = code < 128 ? CLASS[code]! : 0
      if (known === 0) {
        length = 0
        telling = 0
        if (code === BACKSLASH && text.charCodeAt(k + 1) === LETTER_U) {
          for (let slot = 0; slot < SLOTS; slot++) bytes[slot * size + at]! |= bit
          return
        }
        continue
      }
      gram = (gram << 8) | known
      length++
      // How many grams from here on have the letter in them.
      telling = TELLING[code] === 1 ? GRAM : telling - 1
      if (length >= GRAM && telling > 0) bytes[slotOf(gram) * size + at]! |= bit
    }
  }
}

/**
 * The slots that have a bit for each row with the word, which is in lower case. None where the word has no
 * gram that counts.
 */
export function slotsOfWord(word: string): number[] {
  const slots = new Set<number>()
  for (let start = 0; start + GRAM <= word.length; start++) {
    const chars = word.slice(start, start + GRAM)
    if (!/[g-z]/.test(chars)) continue
    let gram = 0
    for (const char of chars) gram = (gram << 8) | char.charCodeAt(0)
    slots.add(slotOf(gram))
  }
  return [...slots]
}
