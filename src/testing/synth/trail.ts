/** Remembers how to undo changes, so that a search can go back to where it was. */
export class Trail {
  readonly #undo: (() => void)[] = []

  get mark(): number {
    return this.#undo.length
  }

  /** Says how the change that was just made is undone. */
  push(undo: () => void): void {
    this.#undo.push(undo)
  }

  /** Undoes all that came after the mark. */
  back(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }
}
