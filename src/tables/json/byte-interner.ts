/** Returned by {@link ByteInterner.find} for bytes that it does not hold. */
export const UNKNOWN = -1

/** Numbers of an entry, and where among them they are. */
const ENTRY = 4
const LENGTH = 1
const TAG = 2
const CODE = 3

/** A chain of probes this long means that the bytes were chosen to collide, or bad luck. */
const LONGEST_PROBE = 256

/**
 * Maps byte strings to codes, so that a value that repeats is recognised without being decoded.
 * `tag` tells apart equal bytes that mean different texts.
 */
export class ByteInterner {
  /** Of each slot the hash and the entry + 1, or 0; the length is a power of two. */
  #table = new Int32Array(1024)
  #size = 0
  /** Of each entry: offset in the store, length, tag, code. */
  #entries = new Int32Array(256 * ENTRY)
  #store = new Uint8Array(8192)
  #view = new DataView(this.#store.buffer)
  #used = 0
  /** Where {@link add} puts what {@link find} did not find. */
  #free = 0
  #hash = 0
  #overloaded = false

  /** Whether looking up has become slow, because many byte strings share their hash. */
  get overloaded(): boolean {
    return this.#overloaded
  }

  /** Byte strings kept. */
  get entries(): number {
    return this.#size
  }

  /** Bytes kept. */
  get size(): number {
    return this.#used
  }

  /** The code of the bytes, or {@link UNKNOWN}. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number, tag: number): number {
    const length = end - start
    const hash = hashOf(bytes, view, start, end, tag)
    const table = this.#table
    const entries = this.#entries
    const mask = table.length - 1
    let slot = (hash << 1) & mask
    for (let probe = 0; ; probe++) {
      const entry = table[slot + 1]! - 1
      if (entry < 0) break
      if (table[slot] === hash) {
        const at = entry * ENTRY
        if (
          entries[at + LENGTH] === length &&
          entries[at + TAG] === tag &&
          this.#equals(entries[at]!, bytes, view, start, end)
        ) {
          return entries[at + CODE]! >>> 0
        }
      }
      if (probe === LONGEST_PROBE) this.#overloaded = true
      slot = (slot + 2) & mask
    }
    this.#hash = hash
    this.#free = slot
    return UNKNOWN
  }

  /** Gives a code to the bytes that the last call of {@link find} did not find. */
  add(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    tag: number,
    code: number,
  ): void {
    const length = end - start
    const at = this.#size++ * ENTRY
    if (at === this.#entries.length) {
      const longer = new Int32Array(at * 2)
      longer.set(this.#entries)
      this.#entries = longer
    }
    if (this.#used + length > this.#store.length) this.#growStore(length)
    this.#copy(bytes, view, start, end)
    this.#entries[at] = this.#used
    this.#entries[at + LENGTH] = length
    this.#entries[at + TAG] = tag
    this.#entries[at + CODE] = code
    this.#used += length
    this.#table[this.#free] = this.#hash
    this.#table[this.#free + 1] = this.#size
    if (this.#size * 4 > this.#table.length) this.#rehash()
  }

  #equals(from: number, bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const store = this.#store
    const own = this.#view
    const offset = from - start
    let at = start
    if (end - start >= LONG) {
      at = end - ((end - start) & 15)
      if (!equalBlocks(own, from, view, start, at)) return false
    }
    for (; at <= end - 4; at += 4) {
      if (own.getInt32(offset + at, true) !== view.getInt32(at, true)) return false
    }
    for (; at < end; at++) if (store[offset + at] !== bytes[at]) return false
    return true
  }

  /** Puts the bytes behind those that are kept. */
  #copy(bytes: Uint8Array, view: DataView, start: number, end: number): void {
    const store = this.#store
    const own = this.#view
    const offset = this.#used - start
    // To make a view of the part of an array costs as much as to copy some hundred bytes.
    if (end - start > LONG_COPY) {
      store.set(bytes.subarray(start, end), this.#used)
      return
    }
    let at = start
    for (; at <= end - 4; at += 4) own.setInt32(offset + at, view.getInt32(at, true), true)
    for (; at < end; at++) store[offset + at] = bytes[at]!
  }

  #growStore(more: number): void {
    const store = new Uint8Array(Math.max(this.#store.length * 2, this.#used + more))
    store.set(this.#store)
    this.#store = store
    this.#view = new DataView(store.buffer)
  }

  #rehash(): void {
    const before = this.#table
    const table = new Int32Array(before.length * 2)
    const mask = table.length - 1
    for (let from = 0; from < before.length; from += 2) {
      if (before[from + 1] === 0) continue
      let slot = (before[from]! << 1) & mask
      while (table[slot + 1] !== 0) slot = (slot + 2) & mask
      table[slot] = before[from]!
      table[slot + 1] = before[from + 1]!
    }
    this.#table = table
  }
}

/** Bytes beyond which a text is copied at once. */
const LONG_COPY = 256

/** Bytes from which on a text is long. */
const LONG = 32

function hashOf(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  tag: number,
): number {
  let hash = (end - start) ^ (tag << 24)
  let at = start
  if (end - start >= LONG) {
    at = end - ((end - start) & 15)
    hash = hashOfBlocks(view, start, at, hash)
  }
  for (; at <= end - 4; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  let rest = 0
  for (; at < end; at++) rest = (rest << 8) | bytes[at]!
  hash = Math.imul(hash ^ rest, 0x85ebca6b)
  return hash ^ (hash >>> 13)
}

/** A hash of blocks of 16 bytes in four lanes, none of which waits for another. */
function hashOfBlocks(view: DataView, start: number, end: number, seed: number): number {
  let a = seed
  let b = 1
  let c = 2
  let d = 3
  for (let at = start; at < end; at += 16) {
    a = Math.imul(a ^ view.getInt32(at, true), 0x9e3779b1)
    b = Math.imul(b ^ view.getInt32(at + 4, true), 0x85ebca6b)
    c = Math.imul(c ^ view.getInt32(at + 8, true), 0xc2b2ae35)
    d = Math.imul(d ^ view.getInt32(at + 12, true), 0x27d4eb2f)
    // A product tells little of its factors in its low bits.
    a ^= a >>> 15
    b ^= b >>> 15
    c ^= c >>> 15
    d ^= d >>> 15
  }
  return a ^ ((b << 7) | (b >>> 25)) ^ ((c << 13) | (c >>> 19)) ^ ((d << 19) | (d >>> 13))
}

/** Whether blocks of 16 bytes are the same. */
function equalBlocks(
  one: DataView,
  from: number,
  other: DataView,
  start: number,
  end: number,
): boolean {
  const offset = from - start
  for (let at = start; at < end; at += 16) {
    const differs =
      (one.getInt32(offset + at, true) ^ other.getInt32(at, true)) |
      (one.getInt32(offset + at + 4, true) ^ other.getInt32(at + 4, true)) |
      (one.getInt32(offset + at + 8, true) ^ other.getInt32(at + 8, true)) |
      (one.getInt32(offset + at + 12, true) ^ other.getInt32(at + 12, true))
    if (differs !== 0) return false
  }
  return true
}
