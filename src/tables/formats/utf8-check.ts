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
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
        this.#lines++
      }
    } catch {
      // It throws for nothing else. The piece may begin and end within a character.
      const first = bytes.findIndex(byte => (byte & 0xc0) !== 0x80)
      this.#fault = this.#lines + 1 + faultyLineOf(bytes.subarray(Math.max(0, first)))
    }
  }
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
