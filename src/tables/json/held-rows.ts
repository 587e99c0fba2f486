import type { RecordScanner } from './record-scanner.ts'

/** Numbers kept of a record: start, end and line. */
const PLACE = 3

/**
 * Where scanned records are, and the wanted values in them, until it is decided which of the records
 * count. The records must all be in the same bytes.
 */
export class HeldRows {
  readonly #slots: number
  readonly #kinds: Uint8Array
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  readonly #places: Float64Array
  #count = 0

  constructor(slots: number, most: number) {
    this.#slots = slots
    this.#kinds = new Uint8Array(slots * most)
    this.#starts = new Uint32Array(slots * most)
    this.#ends = new Uint32Array(slots * most)
    this.#places = new Float64Array(PLACE * most)
  }

  /** How many records are held. */
  get count(): number {
    return this.#count
  }

  /** Whether there is room for no more. */
  get full(): boolean {
    return this.#count * PLACE === this.#places.length
  }

  /** Holds a record, which begins at a line. */
  hold(start: number, end: number, line: number): void {
    const at = this.#count++ * PLACE
    this.#places[at] = start
    this.#places[at + 1] = end
    this.#places[at + 2] = line
  }

  /** Keeps where the values of the record held last are, as just scanned. */
  keep({ kinds, starts, ends }: RecordScanner): void {
    const slots = this.#slots
    let at = (this.#count - 1) * slots
    for (let slot = 0; slot < slots; slot++, at++) {
      this.#kinds[at] = kinds[slot]!
      this.#starts[at] = starts[slot]!
      this.#ends[at] = ends[slot]!
    }
  }

  /** Makes the scanner as it was after a record whose values were kept. */
  restore(row: number, scanner: RecordScanner): void {
    scanner.restore(this.#kinds, this.#starts, this.#ends, row * this.#slots)
  }

  start(row: number): number {
    return this.#places[row * PLACE]!
  }

  end(row: number): number {
    return this.#places[row * PLACE + 1]!
  }

  line(row: number): number {
    return this.#places[row * PLACE + 2]!
  }

  /** Holds nothing any more. */
  clear(): void {
    this.#count = 0
  }
}
