/**
 * Decisions that are not forced: which input of a union, which branch. Each run asks for them in the
 * same order; what a run decided differently is told beforehand.
 */
export class Choices {
  readonly #decided: ReadonlyMap<number, number>
  /** How many options each decision had, in order. */
  readonly options: number[] = []

  constructor(decided: ReadonlyMap<number, number> = new Map()) {
    this.#decided = decided
  }

  /** Which of the options is taken: the first, unless decided otherwise. */
  next(options: number): number {
    const at = this.options.push(options) - 1
    return (this.#decided.get(at) ?? 0) % options
  }
}
