/**
 * Numbers of lines, one bit for each up to the greatest: a file may have more bad lines than a Set takes.
 */
export class LineSet {
  #bits = new Uint32Array(32)

  /** Adds a line, from 0 on; false where it is there already. */
  add(line: number): boolean {
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
