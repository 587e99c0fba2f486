/** Numbers kept of a record: start, end and line. */
const PLACE = 3

/** Where scanned records are, until it is decided which of them count. */
export class HeldRows {
  #places = new Float64Array(PLACE * 64)
  #count = 0

  /** How many records are held. */
  get count(): number {
    return this.#count
  }

  /** Holds a record, which begins at a line. */
  hold(start: number, end: number, line: number): void {
    const at = this.#count++ * PLACE
    if (at === this.#places.length) {
      const longer = new Float64Array(at * 2)
      longer.set(this.#places)
      this.#places = longer
    }
    this.#places[at] = start
    this.#places[at + 1] = end
    this.#places[at + 2] = line
  }

  start(row: number): number {
    return this.#places[row * PLACE]!
  }

  end(row: number): number {
    return this.#places[row * PLACE + 1]!
  }

  /** The bytes of the record. */
  length(row: number): number {
    return this.end(row) - this.start(row)
  }

  line(row: number): number {
    return this.#places[row * PLACE + 2]!
  }

  /** Holds nothing any more. */
  clear(): void {
    this.#count = 0
  }
}
