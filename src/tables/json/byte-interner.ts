/** Returned by {@link ByteInterner.find} for bytes that it does not hold. */
export const UNKNOWN = -1

/** A chain of probes this long means that the bytes were chosen to collide, or bad luck. */
const LONGEST_PROBE = 256

/**
 * Maps byte strings to codes, so that a value that repeats is recognised without being decoded.
 * `tag` tells apart equal bytes that mean different texts.
 */
export class ByteInterner {
  #table = new Int32Array(512).fill(UNKNOWN)
  #entries = 0
  /** By entry: hash, offset in the store, length, tag, code. */
  #hashes = new Int32Array(256)
  #offsets = new Uint32Array(256)
  #lengths = new Uint32Array(256)
  #tags = new Uint8Array(256)
  #codes = new Uint32Array(256)
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
    return this.#entries
  }

  /** Bytes kept. */
  get size(): number {
    return this.#used
  }

  /** The code of the bytes, or {@link UNKNOWN}. */
  find(bytes: Uint8Array, view: DataView, start: number, end: number, tag: number): number {
    const length = end - start
    const hash = hashOf(bytes, view, start, end, tag)
    const mask = this.#table.length - 1
    let slot = hash & mask
    for (let probe = 0; ; probe++) {
      const entry = this.#table[slot]!
      if (entry < 0) break
      if (
        this.#hashes[entry] === hash &&
        this.#lengths[entry] === length &&
        this.#tags[entry] === tag &&
        this.#equals(entry, bytes, view, start, end)
      ) {
        return this.#codes[entry]!
      }
      if (probe === LONGEST_PROBE) this.#overloaded = true
      slot = (slot + 1) & mask
    }
    this.#hash = hash
    this.#free = slot
    return UNKNOWN
  }

  /** Gives a code to the bytes that the last call of {@link find} did not find. */
  add(bytes: Uint8Array, start: number, end: number, tag: number, code: number): void {
    const length = end - start
    const entry = this.#entries++
    if (entry === this.#hashes.length) this.#growEntries()
    if (this.#used + length > this.#store.length) this.#growStore(length)
    this.#store.set(bytes.subarray(start, end), this.#used)
    this.#hashes[entry] = this.#hash
    this.#offsets[entry] = this.#used
    this.#lengths[entry] = length
    this.#tags[entry] = tag
    this.#codes[entry] = code
    this.#used += length
    this.#table[this.#free] = entry
    if (this.#entries * 2 > this.#table.length) this.#rehash()
  }

  #equals(entry: number, bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const store = this.#store
    const offset = this.#offsets[entry]! - start
    let at = start
    for (; at <= end - 4; at += 4) {
      if (this.#view.getInt32(offset + at, true) !== view.getInt32(at, true)) return false
    }
    for (; at < end; at++) if (store[offset + at] !== bytes[at]) return false
    return true
  }

  #growEntries(): void {
    const length = this.#hashes.length * 2
    this.#hashes = copyTo(new Int32Array(length), this.#hashes)
    this.#offsets = copyTo(new Uint32Array(length), this.#offsets)
    this.#lengths = copyTo(new Uint32Array(length), this.#lengths)
    this.#tags = copyTo(new Uint8Array(length), this.#tags)
    this.#codes = copyTo(new Uint32Array(length), this.#codes)
  }

  #growStore(more: number): void {
    const store = new Uint8Array(Math.max(this.#store.length * 2, this.#used + more))
    store.set(this.#store)
    this.#store = store
    this.#view = new DataView(store.buffer)
  }

  #rehash(): void {
    const table = new Int32Array(this.#table.length * 2).fill(UNKNOWN)
    const mask = table.length - 1
    for (let entry = 0; entry < this.#entries; entry++) {
      let slot = this.#hashes[entry]! & mask
      while (table[slot]! >= 0) slot = (slot + 1) & mask
      table[slot] = entry
    }
    this.#table = table
  }
}

function copyTo<T extends Int32Array | Uint32Array | Uint8Array>(to: T, from: T): T {
  to.set(from)
  return to
}

function hashOf(
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  tag: number,
): number {
  let hash = (end - start) ^ (tag << 24)
  let at = start
  for (; at <= end - 4; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  let rest = 0
  for (; at < end; at++) rest = (rest << 8) | bytes[at]!
  hash = Math.imul(hash ^ rest, 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
