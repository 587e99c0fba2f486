import { UTF16 } from './byte-writer.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Code units made into text by one call. */
const UNITS = 4096

/** Reads what a `ByteWriter` wrote. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  byte(): number {
    return this.#bytes[this.#at++] as number
  }

  uint32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  float64(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  bigInt64(): bigint {
    this.#at += 8
    return this.#view.getBigInt64(this.#at - 8, true)
  }

  /** A copy of so many bytes, which begins at the start of its buffer as typed arrays need it. */
  buffer(length: number): ArrayBuffer {
    const copy = new Uint8Array(length)
    copy.set(this.#bytes.subarray(this.#at, this.#at + length))
    this.#at += length
    return copy.buffer
  }

  text(): string {
    const form = this.byte()
    const length = this.uint32()
    if (form === UTF16) return textOfUnits(new Uint16Array(this.buffer(length * 2)))
    this.#at += length
    return decoder.decode(this.#bytes.subarray(this.#at - length, this.#at))
  }
}

function textOfUnits(units: Uint16Array): string {
  let text = ''
  for (let at = 0; at < units.length; at += UNITS) {
    text += String.fromCharCode(...units.subarray(at, at + UNITS))
  }
  return text
}
