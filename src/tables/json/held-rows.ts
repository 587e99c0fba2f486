import type { RecordScanner } from './record-scanner.ts'

/**
 * Where the wanted values of scanned records are, until it is decided which of the records count.
 * The records must all be in the same bytes.
 */
export class HeldRows {
  readonly #slots: number
  readonly #kinds: Uint8Array
  readonly #starts: Uint32Array
  readonly #ends: Uint32Array
  readonly #lines: Float64Array
  #count = 0

  constructor(slots: number, most: number) {
    this.#slots = slots
    this.#kinds = new Uint8Array(slots * most)
    this.#starts = new Uint32Array(slots * most)
    this.#ends = new Uint32Array(slots * most)
    this.#lines = new Float64Array(most)
  }

  /** How many records are held. */
  get count(): number {
    return this.#count
  }

  /** Whether there is room for no more. */
  get full(): boolean {
    return this.#count === this.#lines.length
  }

  /** Holds the record just scanned, which begins at a line. */
  hold({ kinds, starts, ends }: RecordScanner, line: number): void {
    const row = this.#count++
    this.#lines[row] = line
    const slots = this.#slots
    let at = row * slots
    for (let slot = 0; slot < slots; slot++, at++) {
      this.#kinds[at] = kinds[slot]!
      this.#starts[at] = starts[slot]!
      this.#ends[at] = ends[slot]!
    }
  }

  /** Makes the scanner as it was after a record; returns the record's line. */
  restore(row: number, scanner: RecordScanner): number {
    scanner.restore(this.#kinds, this.#starts, this.#ends, row * this.#slots)
    return this.#lines[row]!
  }

  /** Holds nothing any more. */
  clear(): void {
    this.#count = 0
  }
}
