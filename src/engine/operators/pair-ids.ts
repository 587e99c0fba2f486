import { NO_ROW } from '../../tables/batch.ts'
import { WordTable } from '../functions/aggregate/shared-word-table.ts'

/** Words of the matrix at most. */
const MOST_DENSE = 1 << 18
const LEAST_SIDE = 16

/**
 * Numbers pairs of small numbers from 1 on, in the order in which they appear: by a matrix while it is
 * small, then by a hash table.
 */
export class PairIds {
  #size = 0
  /** The number of a pair, or 0; a power of two in each direction. */
  #matrix: Uint32Array | undefined = new Uint32Array(0)
  #rows = 0
  #stride = 0
  readonly #table = new WordTable()

  /** Bytes in memory. */
  get bytes(): number {
    return this.#table.bytes + (this.#matrix?.byteLength ?? 0)
  }

  /** The number of the pair; what is missing is added, where it may, or else is NO_ROW. */
  idOf(a: number, b: number, add: boolean): number {
    if (this.#matrix === undefined) return this.#hashed(a, b, add)
    if (a >= this.#rows || b >= this.#stride) {
      if (!add) return NO_ROW
      this.#grow(a, b)
      return this.idOf(a, b, true)
    }
    const at = a * this.#stride + b
    const id = this.#matrix[at]!
    if (id !== 0) return id
    if (!add) return NO_ROW
    this.#matrix[at] = ++this.#size
    return this.#size
  }

  #hashed(a: number, b: number, add: boolean): number {
    if (add) return this.#table.add(a, b) + 1
    const found = this.#table.find(a, b)
    return found < 0 ? NO_ROW : found + 1
  }

  #grow(a: number, b: number): void {
    const rows = sideFor(a, this.#rows)
    const stride = sideFor(b, this.#stride)
    const before = this.#matrix!
    if (rows * stride > MOST_DENSE) {
      this.#hashAll(before)
      return
    }
    const matrix = new Uint32Array(rows * stride)
    for (let row = 0; row < this.#rows; row++) {
      matrix.set(before.subarray(row * this.#stride, (row + 1) * this.#stride), row * stride)
    }
    this.#matrix = matrix
    this.#rows = rows
    this.#stride = stride
  }

  /** Goes on by the table, in which each pair has the number that it had. */
  #hashAll(matrix: Uint32Array): void {
    const places = new Uint32Array(this.#size)
    matrix.forEach((id, at) => {
      if (id !== 0) places[id - 1] = at
    })
    for (const at of places) this.#table.add(Math.floor(at / this.#stride), at % this.#stride)
    this.#matrix = undefined
  }
}

function sideFor(index: number, before: number): number {
  let side = Math.max(before, LEAST_SIDE)
  while (side <= index && side <= MOST_DENSE) side *= 2
  return side
}
