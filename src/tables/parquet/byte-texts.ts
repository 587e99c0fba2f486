import { parquetFault } from './fault.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Texts or other pieces of bytes in a page, each behind its length. */
export class ByteTexts {
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  #texts: string[] | undefined

  /** @throws DataFileError where the bytes do not hold `count` pieces. */
  constructor(bytes: Uint8Array, count: number) {
    if (count * 4 > bytes.length) throw parquetFault('a page is damaged')
    const starts = new Uint32Array(count)
    const ends = new Uint32Array(count)
    const size = bytes.length
    let at = 0
    for (let k = 0; k < count; k++) {
      if (at + 4 > size) throw parquetFault('a page is damaged')
      const length =
        (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
      at += 4
      if (length > size - at) throw parquetFault('a page is damaged')
      starts[k] = at
      at += length
      ends[k] = at
    }
    this.bytes = bytes
    this.starts = starts
    this.ends = ends
  }

  get count(): number {
    return this.starts.length
  }

  piece(index: number): Uint8Array {
    return this.bytes.subarray(this.starts[index]!, this.ends[index]!)
  }

  text(index: number): string {
    return decoder.decode(this.piece(index))
  }

  /** All texts. They share memory where they are ASCII: one of them keeps all of it. */
  texts(): string[] {
    this.#texts ??= this.#decodeAll()
    return this.#texts
  }

  #decodeAll(): string[] {
    const { bytes, starts, ends } = this
    const whole = decoder.decode(bytes)
    // No byte gives more than one unit: as many of both means that positions are the same.
    if (whole.length === bytes.length) {
      return Array.from(starts, (start, k) => whole.slice(start, ends[k]))
    }
    return Array.from(starts, (_, k) => this.text(k))
  }
}
