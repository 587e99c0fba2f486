import { parquetFault } from './fault.ts'

/** Types of fields in Thrift's compact protocol. */
const TRUE = 1
const FALSE = 2
const BYTE = 3
const I16 = 4
const I32 = 5
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12

/** Structures nest at most this deep in a file that is sound. */
const MAX_DEPTH = 24
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads the structures in a Parquet file: Thrift's compact protocol. A structure is read field by field:
 *
 *     const outer = reader.begin()
 *     for (let id = reader.next(); id !== 0; id = reader.next()) …read or skip()…
 *     reader.end(outer)
 *
 * Every method throws a DataFileError where the bytes end too early or are not of the form.
 */
export class ThriftReader {
  at: number
  /** The type of the field that `next` came to. */
  type = 0
  readonly #bytes: Uint8Array
  #field = 0

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  /** Begins a structure; what it gives is for `end`. */
  begin(): number {
    const outer = this.#field
    this.#field = 0
    return outer
  }

  end(outer: number): void {
    this.#field = outer
  }

  /** Goes to the next field of the structure: its number, 0 where there is none. */
  next(): number {
    const head = this.#byte()
    if (head === 0) return 0
    this.type = head & 15
    this.#field = head >> 4 === 0 ? this.int() : this.#field + (head >> 4)
    if (this.#field <= 0) throw parquetFault('its description has a field without a number')
    return this.#field
  }

  /** A whole number. One that is not exact as a JavaScript number is none that a file could have. */
  int(): number {
    const raw = this.#varint()
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  /** A length or a position. */
  size(): number {
    const value = this.int()
    if (value < 0) throw parquetFault('its description has a negative size')
    return value
  }

  binary(): Uint8Array {
    const length = this.#varint()
    if (length > this.#bytes.length - this.at) throw parquetFault('its description is cut off')
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  text(): string {
    return utf8.decode(this.binary())
  }

  /** How many elements the list has that begins here; each takes a byte at least. */
  list(): number {
    const head = this.#byte()
    const count = head >> 4 === 15 ? this.#varint() : head >> 4
    if (count > this.#bytes.length - this.at) throw parquetFault('its description is cut off')
    this.type = head & 15
    return count
  }

  /** Passes over the field that `next` came to. */
  skip(): void {
    this.#skip(this.type, false, 0)
  }

  #skip(type: number, inList: boolean, depth: number): void {
    if (depth > MAX_DEPTH) throw parquetFault('its description nests too deep')
    switch (type) {
      case TRUE:
      case FALSE:
        if (inList) this.at++
        return
      case BYTE:
        this.at++
        return
      case I16:
      case I32:
      case I64:
        while (this.#byte() >= 0x80);
        return
      case DOUBLE:
        this.at += 8
        return
      case BINARY:
        this.binary()
        return
      case LIST:
      case SET: {
        const count = this.list()
        const element = this.type
        for (let i = 0; i < count; i++) this.#skip(element, true, depth + 1)
        return
      }
      case MAP: {
        const count = this.#varint()
        const types = count === 0 ? 0 : this.#byte()
        for (let i = 0; i < count; i++) {
          this.#skip(types >> 4, true, depth + 1)
          this.#skip(types & 15, true, depth + 1)
        }
        return
      }
      case STRUCT: {
        const outer = this.begin()
        while (this.next() !== 0) this.#skip(this.type, false, depth + 1)
        this.end(outer)
        return
      }
      default:
        throw parquetFault('its description has a field of an unknown type')
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.at++]
    if (byte === undefined) throw parquetFault('its description is cut off')
    return byte
  }

  #varint(): number {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = this.#byte()
      value += (byte & 127) * scale
      if (byte < 128) break
      scale *= 128
    }
    if (value > Number.MAX_SAFE_INTEGER) throw parquetFault('its description has a huge number')
    return value
  }
}
