import type { DynamicVector, Vector } from '../../../tables/vector.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { isArray } from '../../../types/dynamic.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { GroupIndex, roomyUint32 } from './shared-buffers.ts'
import type { Interner } from './shared-interner.ts'
import { type DynamicInterner, internerFor } from './shared-interner.ts'
import { hashWords, QUICK_GROWTH } from './shared-word-table.ts'

/** Of the numbers of values, so many are bits of every group from the start: two words. */
const BITS = 64
const WORD_BITS = 32

/** Words of a table without pairs. */
const LEAST_SLOTS = 256

/** Room for more groups and more numbers than there are, where their pairs become bits. */
const MORE_GROUPS = 1.25
const MORE_IDS = 2

/** Groups and numbers up to this fit into one word. */
const MOST_SMALL = 0xffff

/** A pair as a word that is not 0, as the first pair of all is a bit. */
function wordOf(group: number, id: number): number {
  return (group << 16) | id
}

/** Where a word is looked for first, above the low bits. */
function placeOf(word: number): number {
  const hash = Math.imul(word ^ (word >>> 15), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}

/**
 * A set of (group, value number) pairs in the order in which they were added. Pairs of the first groups
 * with the first numbers are bits: as many as take no more memory than a hash table of the pairs would.
 */
class PairSet {
  size = 0
  groups: Uint32Array = new Uint32Array(64)
  ids: Uint32Array = new Uint32Array(64)
  /** A bit for each number below `#idLimit`, of each group below `#groupLimit`, in so many words a group. */
  #bits: Uint32Array = new Uint32Array(64)
  #stride = BITS / WORD_BITS
  #idLimit = BITS
  #groupLimit = Number.POSITIVE_INFINITY
  /**
   * The other pairs, in an open hash table whose length is a power of two. That they stand in it saves the
   * way to where they are listed: each as one word or 0 while they are small ({@link wordOf}), then as
   * two, the group + 1, or 0, and the number.
   */
  #slots = new Int32Array(LEAST_SLOTS)
  #hashed = 0
  #isWide = false
  #index: GroupIndex | undefined

  /** Adds the pair; false when it is there already. */
  add(group: number, id: number): boolean {
    const isBit = id < this.#idLimit && group < this.#groupLimit
    if (!(isBit ? this.#addBit(group, id) : this.#addHashed(group, id))) return false
    const position = this.size++
    this.groups = roomyUint32(this.groups, this.size)
    this.ids = roomyUint32(this.ids, this.size)
    this.groups[position] = group
    this.ids[position] = id
    this.#index = undefined
    return true
  }

  #addBit(group: number, id: number): boolean {
    const at = group * this.#stride + (id >>> 5)
    const bit = 1 << (id & 31)
    if (at >= this.#bits.length) this.#bits = roomyUint32(this.#bits, at + 1)
    const bits = this.#bits[at]!
    if ((bits & bit) !== 0) return false
    this.#bits[at] = bits | bit
    return true
  }

  #addHashed(group: number, id: number): boolean {
    if (this.#isWide) return this.#addWide(group, id)
    if (group > MOST_SMALL || id > MOST_SMALL) {
      this.#widen()
      return this.#addWide(group, id)
    }
    const slots = this.#slots
    const mask = slots.length - 1
    const word = wordOf(group, id)
    let at = placeOf(word) & mask
    for (;;) {
      const entry = slots[at]!
      if (entry === 0) break
      if (entry === word) return false
      at = (at + 1) & mask
    }
    slots[at] = word
    if (++this.#hashed * 2 > slots.length && !this.#becomeBits(group, id)) this.#rehash()
    return true
  }

  /**
   * Makes bits of all pairs, and of this one, which is not listed yet, where these take no more than the
   * table and the bits would that were to grow; false where they take more.
   */
  #becomeBits(group: number, id: number): boolean {
    const { size, groups, ids } = this
    let lastGroup = group
    let lastId = id
    for (let k = 0; k < size; k++) {
      if (groups[k]! > lastGroup) lastGroup = groups[k]!
      if (ids[k]! > lastId) lastId = ids[k]!
    }
    const groupLimit = Math.ceil((lastGroup + 1) * MORE_GROUPS)
    const stride = Math.ceil(((lastId + 1) * MORE_IDS) / WORD_BITS)
    const words = groupLimit * stride
    if (words > this.#slots.length * 2 + this.#bits.length) return false
    this.#bits = new Uint32Array(words)
    this.#groupLimit = groupLimit
    this.#stride = stride
    this.#idLimit = stride * WORD_BITS
    this.#slots = new Int32Array(LEAST_SLOTS)
    this.#hashed = 0
    this.#isWide = false
    for (let k = 0; k < size; k++) this.#addBit(groups[k]!, ids[k]!)
    return this.#addBit(group, id)
  }

  #rehash(): void {
    const before = this.#slots
    const slots = new Int32Array(before.length * (before.length < QUICK_GROWTH ? 4 : 2))
    const mask = slots.length - 1
    for (let from = 0; from < before.length; from++) {
      const word = before[from]!
      if (word === 0) continue
      let at = placeOf(word) & mask
      while (slots[at] !== 0) at = (at + 1) & mask
      slots[at] = word
    }
    this.#slots = slots
  }

  /** Makes room for pairs that do not fit into a word. */
  #widen(): void {
    const before = this.#slots
    this.#isWide = true
    this.#slots = new Int32Array(before.length * 2)
    for (const word of before) if (word !== 0) this.#putWide((word >>> 16) + 1, word & MOST_SMALL)
  }

  #addWide(group: number, id: number): boolean {
    const slots = this.#slots
    const mask = slots.length - 1
    const first = group + 1
    let at = (hashWords(group, id) << 1) & mask
    for (;;) {
      const entry = slots[at]!
      if (entry === 0) break
      if (entry === first && slots[at + 1] === id) return false
      at = (at + 2) & mask
    }
    slots[at] = first
    slots[at + 1] = id
    if (++this.#hashed * 4 > slots.length && !this.#becomeBits(group, id)) this.#rehashWide()
    return true
  }

  #rehashWide(): void {
    const before = this.#slots
    this.#slots = new Int32Array(before.length * (before.length < QUICK_GROWTH ? 4 : 2))
    for (let from = 0; from < before.length; from += 2) {
      const first = before[from]!
      if (first !== 0) this.#putWide(first, before[from + 1]!)
    }
  }

  /** Puts a pair into the table that is not in it, and for which there is room. */
  #putWide(first: number, id: number): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let at = (hashWords(first - 1, id) << 1) & mask
    while (slots[at] !== 0) at = (at + 2) & mask
    slots[at] = first
    slots[at + 1] = id
  }

  /** Bytes in memory, with those of the index to come. */
  get bytes(): number {
    const listed = this.groups.byteLength + this.ids.byteLength * 2
    return listed + this.#slots.byteLength + this.#bits.byteLength
  }

  /** The pairs by group. */
  index(): GroupIndex {
    this.#index ??= new GroupIndex(this.groups, this.size)
    return this.#index
  }
}

/** What accumulators hold that {@link addDistinct} all values but nulls, and those that {@link addElements}. */
export const DISTINCT_VALUES = 'distinct values'
export const DISTINCT_ELEMENTS = 'distinct elements'

/** The distinct values of each group, up to a limit. */
export interface DistinctState {
  count: Uint32Array
  readonly interner: Interner
  readonly pairs: PairSet
  /** How many values a group keeps at most: the first ones. */
  readonly limit: number
  /** Whether some group has that many. */
  someFull: boolean
}

export function distinctState(groups: number, type: ScalarType, limit: number): DistinctState {
  return {
    count: new Uint32Array(groups),
    interner: internerFor(type),
    pairs: new PairSet(),
    limit,
    someFull: limit <= 0,
  }
}

function add(state: DistinctState, group: number, id: number): void {
  const { count, limit, pairs } = state
  if (count[group]! >= limit || !pairs.add(group, id)) return
  count[group]!++
  if (count[group]! >= limit) state.someFull = true
}

/** The rows whose groups are not full yet: values that nobody keeps need no number. */
function rowsWithRoom(
  { count, limit, someFull }: DistinctState,
  groupOf: Uint32Array,
  selection: Uint32Array,
): Uint32Array {
  if (!someFull) return selection
  const rows = new Uint32Array(selection.length)
  let size = 0
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    if (count[groupOf[row]!]! < limit) rows[size++] = row
  }
  return rows.subarray(0, size)
}

/** Where the numbers of a batch are: nobody keeps them. */
let scratch = new Uint32Array(0)

/** Adds the values of the rows, none of them null. */
export function addDistinct(
  state: DistinctState,
  vector: Vector,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const rows = rowsWithRoom(state, groupOf, selection)
  if (scratch.length < vector.length) scratch = new Uint32Array(vector.length)
  const ids = scratch
  state.interner.number(vector, rows, ids)
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    add(state, groupOf[row]!, ids[row]!)
  }
}

/** Adds the values of a dynamic column; of an array its elements, as `make_set` does. */
export function addElements(
  state: DistinctState,
  vector: DynamicVector,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const interner = state.interner as DynamicInterner
  for (const row of rowsWithRoom(state, groupOf, selection)) {
    const value = vector.at(row)
    const group = groupOf[row]!
    if (isArray(value)) {
      for (const item of value) add(state, group, interner.idOf(item))
    } else {
      add(state, group, interner.idOf(value))
    }
  }
}

export function mergeDistinct(a: DistinctState, b: DistinctState, into: Uint32Array): void {
  const idOf = a.interner.adopt(b.interner)
  const { groups, ids, size } = b.pairs
  for (let k = 0; k < size; k++) add(a, into[groups[k]!]!, idOf[ids[k]!]!)
}

/** The distinct values of a group in the order of their first rows, so many at most. */
export function distinctValues(
  state: DistinctState,
  group: number,
  most = Number.POSITIVE_INFINITY,
): Dynamic[] {
  const { interner, pairs } = state
  const index = pairs.index()
  const values: Dynamic[] = []
  const start = index.start(group)
  for (let k = start; k < Math.min(index.end(group), start + most); k++) {
    values.push(interner.valueOf(pairs.ids[index.positionAt(k)]!))
  }
  return values
}
