/** With what tokens the parts of a decision begin, by the indexes of their types: a list a part. */
export type Beginnings = Readonly<Record<string, readonly (readonly number[])[]>>

/** Tells by the next token which part of a decision of the grammar fits. */
export class Lookahead {
  readonly #beginnings: Beginnings
  readonly #tables = new Map<string, readonly Uint8Array[]>()

  /** `beginnings` go by the name of a decision: that of its rule, its kind and its number. */
  constructor(beginnings: Beginnings) {
    this.#beginnings = beginnings
  }

  /** For each part a table that has 1 at the index of a token's type where the part fits. */
  fitting(decision: string): readonly Uint8Array[] {
    let tables = this.#tables.get(decision)
    if (tables === undefined) {
      tables = (this.#beginnings[decision] ?? []).map(table)
      this.#tables.set(decision, tables)
    }
    return tables
  }
}

function table(indexes: readonly number[]): Uint8Array {
  const fits = new Uint8Array(Math.max(0, ...indexes) + 1)
  for (const index of indexes) fits[index] = 1
  return fits
}
