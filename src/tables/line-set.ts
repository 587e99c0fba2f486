/**
 * Numbers of lines, one bit for each up to the greatest: a file may have more bad lines than a Set takes.
 * Of a line with several of what is counted, as one that has a whole document, each is in the set.
 */
export class LineSet {
  #bits = new Uint32Array(32)
  /** How many more there are of a line than one. */
  readonly #more = new Map<number, number>()

  /** Adds a line, from 0 on, or the next of what is on it; false where that is there already. */
  add(line: number, nth = 0): boolean {
    if (nth > 0) {
      if (nth <= (this.#more.get(line) ?? 0)) return false
      this.#more.set(line, nth)
      return true
    }
    const at = Math.floor(line / 32)
    if (at >= this.#bits.length) {
      const bits = new Uint32Array(Math.max(this.#bits.length * 2, at + 1))
      bits.set(this.#bits)
      this.#bits = bits
    }
    const bit = 1 << (line % 32)
    if ((this.#bits[at]! & bit) !== 0) return false
    this.#bits[at]! |= bit
    return true
  }
}
