import { stringAt, textAt } from './json-text.ts'
import { isLoaded, loadedMemory, UNESCAPED, unescapeLoaded } from './skip-memory.ts'

/**
 * Bytes decoded at a time. A text cut out of a longer one keeps all of it in memory, so this bounds
 * what a value that outlives its batch can hold on to, while one call of the decoder serves many.
 */
const SEGMENT = 2048
/** Longer ones are decoded by themselves: that is faster than to copy them. */
const LONGEST_COPIED = 256

/**
 * The value of a JSON string that was checked, with escapes, from the bytes between its quotes: what
 * `stringAt` gives, in half of the time where the bytes are loaded. What was listed of those is no more.
 */
export function unescapedAt(bytes: Uint8Array, start: number, end: number): string {
  const length = isLoaded(bytes) ? unescapeLoaded(start, end) : -1
  if (length < 0) return stringAt(bytes, start, end)
  return textAt(loadedMemory(), UNESCAPED, UNESCAPED + length)
}

/** The same as UTF-8, where the bytes are loaded and there is no half of a pair of surrogates. */
export function unescapedBytesAt(
  bytes: Uint8Array,
  start: number,
  end: number,
): Uint8Array | undefined {
  const length = isLoaded(bytes) ? unescapeLoaded(start, end) : -1
  return length < 0 ? undefined : loadedMemory().slice(UNESCAPED, UNESCAPED + length)
}

/**
 * Decodes many short pieces of UTF-8 with few calls: collects them, and hands their texts out when a
 * segment is full. Where all of a segment is ASCII, the texts are slices of one.
 */
export class TextArena {
  readonly #bytes = new Uint8Array(SEGMENT)
  readonly #emit: (text: string, row: number, tag: number) => void
  #used = 0
  #rows: number[] = []
  #tags: number[] = []
  #ends: number[] = []

  /** `emit` gets the text of each piece with the row and the tag given to {@link add}. */
  constructor(emit: (text: string, row: number, tag: number) => void) {
    this.#emit = emit
  }

  add(bytes: Uint8Array, start: number, end: number, row: number, tag: number): void {
    const length = end - start
    if (length > LONGEST_COPIED) {
      this.#emit(textAt(bytes, start, end), row, tag)
      return
    }
    if (this.#used + length > SEGMENT) this.flush()
    const target = this.#bytes
    let to = this.#used
    if (length <= 48) for (let at = start; at < end; at++) target[to++] = bytes[at]!
    else {
      target.set(bytes.subarray(start, end), to)
      to += length
    }
    this.#used = to
    this.#ends.push(to)
    this.#rows.push(row)
    this.#tags.push(tag)
  }

  /** Adds what a string with escapes stands for, of a record that was checked. */
  addEscaped(bytes: Uint8Array, start: number, end: number, row: number, tag: number): void {
    const length = isLoaded(bytes) ? unescapeLoaded(start, end) : -1
    if (length < 0) this.#emit(stringAt(bytes, start, end), row, tag)
    else this.add(loadedMemory(), UNESCAPED, UNESCAPED + length, row, tag)
  }

  /** Hands out what is collected. */
  flush(): void {
    const used = this.#used
    const text = textAt(this.#bytes, 0, used)
    const ascii = text.length === used
    let from = 0
    for (let piece = 0; piece < this.#ends.length; piece++) {
      const to = this.#ends[piece]!
      const part = ascii ? text.slice(from, to) : textAt(this.#bytes, from, to)
      this.#emit(part, this.#rows[piece]!, this.#tags[piece]!)
      from = to
    }
    this.#used = 0
    this.#ends.length = 0
    this.#rows.length = 0
    this.#tags.length = 0
  }
}
