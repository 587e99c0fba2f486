import { concatBytes } from './data-file.ts'

/** Bytes of a file that are looked at: what is in another encoding shows soon. */
const MOST_CHECKED = 1 << 20
/** Bytes that are decoded at a time: what is made of them is short, and gone at once. */
const STEP = 1 << 14

const NEWLINE = 0x0a

/** Looks whether a text is UTF-8, as far as that is done in a moment. */
export class Utf8Check {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true })
  #checked = 0
  #lines = 0
  /** The start of a character that the pieces so far end with. */
  #begun = new Uint8Array(0)
  #fault: number | undefined

  /** The first line that is no UTF-8; undefined where none was seen. */
  get faultyLine(): number | undefined {
    return this.#fault
  }

  /** Takes the next piece. */
  add(piece: Uint8Array): void {
    if (this.#fault !== undefined || this.#checked >= MOST_CHECKED) return
    const bytes = piece.subarray(0, MOST_CHECKED - this.#checked)
    this.#checked += bytes.length
    try {
      for (let at = 0; at < bytes.length; at += STEP) {
        this.#decoder.decode(bytes.subarray(at, at + STEP), { stream: true })
      }
    } catch {
      // It throws for nothing else.
      this.#fault = this.#lines + 1 + faultyLineOf(concatBytes([this.#begun, bytes]))
      return
    }
    this.#lines += newlinesIn(bytes)
    this.#begun = begunIn(concatBytes([this.#begun, bytes.subarray(-4)]))
  }

  /** The text has ended. */
  end(): void {
    if (this.#begun.length > 0 && this.#checked < MOST_CHECKED) this.#fault ??= this.#lines + 1
  }
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}

/** The start of a character at the end of a text. */
function begunIn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const start = bytes.findLastIndex(byte => (byte & 0xc0) !== 0x80)
  const first = bytes[start] ?? 0
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1
  return start >= 0 && bytes.length - start < length ? bytes.slice(start) : new Uint8Array(0)
}

/** The first line of the bytes, from 0, that is no UTF-8; the last one where no other is. */
function faultyLineOf(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  let start = 0
  for (;;) {
    const end = bytes.indexOf(NEWLINE, start)
    if (end < 0) return line
    try {
      decoder.decode(bytes.subarray(start, end))
    } catch {
      return line
    }
    line++
    start = end + 1
  }
}
