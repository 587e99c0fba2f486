import { roomyInt32 } from './shared-buffers.ts'

/** Numbers pairs of 32-bit words from 0 on, in the order in which they appear: an open hash table. */
export class WordTable {
  /** The words by number, as signed integers. */
  low: Int32Array = new Int32Array(64)
  high: Int32Array = new Int32Array(64)
  size = 0
  /** Of each slot number + 1, or 0, the words, and nothing; the length is a power of two. */
  #slots = new Int32Array(512)

  /** Bytes in memory. */
  get bytes(): number {
    return this.low.byteLength + this.high.byteLength + this.#slots.byteLength
  }

  /** The number of the pair; -1 where there is none. */
  find(low: number, high: number): number {
    return this.#slots[this.#slotOf(low | 0, high | 0)]! - 1
  }

  /** The number of the pair, which gets one where there is none. */
  add(low: number, high: number): number {
    const at = this.#slotOf(low | 0, high | 0)
    const entry = this.#slots[at]!
    if (entry !== 0) return entry - 1
    const id = this.size++
    this.low = roomyInt32(this.low, this.size)
    this.high = roomyInt32(this.high, this.size)
    this.low[id] = low
    this.high[id] = high
    put(this.#slots, at, id + 1, low | 0, high | 0)
    if (this.size * 2 * SLOT > this.#slots.length) this.#rehash()
    return id
  }

  /** Where the pair is among the slots, or would be. */
  #slotOf(low: number, high: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let at = (hashWords(low, high) * SLOT) & mask
    for (;;) {
      if (slots[at] === 0 || (slots[at + 1] === low && slots[at + 2] === high)) return at
      at = (at + SLOT) & mask
    }
  }

  #rehash(): void {
    const { length } = this.#slots
    const slots = new Int32Array(length * (length < QUICK_GROWTH ? 4 : 2))
    const mask = slots.length - 1
    for (let id = 0; id < this.size; id++) {
      const low = this.low[id]!
      const high = this.high[id]!
      let at = (hashWords(low, high) * SLOT) & mask
      while (slots[at] !== 0) at = (at + SLOT) & mask
      put(slots, at, id + 1, low, high)
    }
    this.#slots = slots
  }
}

/** Words of a table up to which it grows in larger steps. */
export const QUICK_GROWTH = 1 << 19

/** Words of a slot: a power of two, so that none lies in two lines of the processor's cache. */
const SLOT = 4

function put(slots: Int32Array, at: number, entry: number, low: number, high: number): void {
  slots[at] = entry
  slots[at + 1] = low
  slots[at + 2] = high
}

/** A hash of two 32-bit words, all bits mixed. */
export function hashWords(low: number, high: number): number {
  let hash = Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return hash ^ (hash >>> 15)
}
