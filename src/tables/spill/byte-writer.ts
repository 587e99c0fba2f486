const encoder = new TextEncoder()

/** How the code units of a text are written. */
export const UTF8 = 0
export const UTF16 = 1

/** Writes values one after the other into bytes that grow; numbers have the byte order of the machine. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 14)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  /** What was written, as a view that the next write may change. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Begins again. */
  clear(): void {
    this.#length = 0
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = value
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#length, value, true)
    this.#length += 8
  }

  bigInt64(value: bigint): void {
    this.#reserve(8)
    this.#view.setBigInt64(this.#length, value, true)
    this.#length += 8
  }

  /** The memory of a typed array, as it is. */
  array(array: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = array
    this.#reserve(byteLength)
    this.#bytes.set(new Uint8Array(buffer, byteOffset, byteLength), this.#length)
    this.#length += byteLength
  }

  /** A text with its form and length before it; half surrogates come back as they are. */
  text(text: string): void {
    if (!text.isWellFormed()) {
      this.byte(UTF16)
      this.uint32(text.length)
      const units = new Uint16Array(text.length)
      for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
      this.array(units)
      return
    }
    this.byte(UTF8)
    this.#reserve(4 + text.length * 3)
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.#length + 4))
    this.#view.setUint32(this.#length, written, true)
    this.#length += 4 + written
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#bytes.length) return
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    bytes.set(this.written)
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
