/** A word of ASCII letters and digits, searched from its end in leaps (Horspool's algorithm). */
export class Word {
  /** In lower case. */
  readonly #bytes: Uint8Array
  /** How far the word can move where its last byte is over this one. */
  readonly #leaps: Uint8Array

  constructor(word: string) {
    const bytes = Uint8Array.from(word.toLowerCase().slice(0, 255), char => char.charCodeAt(0))
    const last = bytes.length - 1
    this.#bytes = bytes
    this.#leaps = new Uint8Array(256).fill(bytes.length)
    for (let at = 0; at < last; at++) {
      const byte = bytes[at]!
      this.#leaps[byte] = last - at
      if (isLetter(byte)) this.#leaps[byte - 0x20] = last - at
    }
  }

  isIn(bytes: Uint8Array, start: number, end: number): boolean {
    return this.indexIn(bytes, start, end) >= 0
  }

  /** Where the word begins that comes first in the bytes, in whatever case; -1 where there is none. */
  indexIn(bytes: Uint8Array, start: number, end: number): number {
    const word = this.#bytes
    const leaps = this.#leaps
    const last = word.length - 1
    for (let at = start + last; at < end; at += leaps[bytes[at]!]!) {
      let back = 0
      while (back <= last && lowerAscii(bytes[at - back]!) === word[last - back]) back++
      if (back > last) return at - last
    }
    return -1
  }
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a
}

/** The byte of a letter of ASCII in lower case, any other byte as it is. */
export function lowerAscii(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}
