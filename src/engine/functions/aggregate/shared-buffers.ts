/** The array, or a copy at least twice as large, with room for `length` entries. */
export function roomyUint32(array: Uint32Array, length: number): Uint32Array {
  if (length <= array.length) return array
  const larger = new Uint32Array(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}

/** {@link roomyUint32} for signed integers. */
export function roomyInt32(array: Int32Array, length: number): Int32Array {
  if (length <= array.length) return array
  const larger = new Int32Array(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}

/** {@link roomyUint32} for reals. */
export function roomyFloat64(array: Float64Array, length: number): Float64Array {
  if (length <= array.length) return array
  const larger = new Float64Array(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}

/** {@link roomyUint32} for 64-bit integers. */
export function roomyBigInt64(array: BigInt64Array, length: number): BigInt64Array {
  if (length <= array.length) return array
  const larger = new BigInt64Array(Math.max(length, array.length * 2))
  larger.set(array)
  return larger
}

/** Positions in a log of entries by the group of each entry, in the order of the log. */
export class GroupIndex {
  readonly #starts: Uint32Array
  readonly #positions: Uint32Array

  /** `groups` holds the group of each of the first `size` entries. */
  constructor(groups: Uint32Array, size: number) {
    let last = -1
    for (let k = 0; k < size; k++) if (groups[k]! > last) last = groups[k]!
    const starts = new Uint32Array(last + 2)
    for (let k = 0; k < size; k++) starts[groups[k]! + 1]!++
    for (let g = 0; g <= last; g++) starts[g + 1]! += starts[g]!
    const next = starts.slice()
    const positions = new Uint32Array(size)
    for (let k = 0; k < size; k++) positions[next[groups[k]!]!++] = k
    this.#starts = starts
    this.#positions = positions
  }

  /** The positions of a group's entries, in order. */
  positions(group: number): Uint32Array {
    return this.#positions.subarray(this.start(group), this.end(group))
  }

  /** Where the group's part of {@link positionAt} begins. */
  start(group: number): number {
    return group + 1 < this.#starts.length ? this.#starts[group]! : 0
  }

  /** Where the group's part of {@link positionAt} ends; at its start for a group without entries. */
  end(group: number): number {
    return group + 1 < this.#starts.length ? this.#starts[group + 1]! : 0
  }

  /** The position in the log of the `k`-th entry, groups in order and entries in order of the log. */
  positionAt(k: number): number {
    return this.#positions[k]!
  }
}
