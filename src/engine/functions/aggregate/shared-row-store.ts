import { ColumnBatch, copyInto } from '../../../tables/batch.ts'
import { batchBytes } from '../../../tables/batch-size.ts'
import { ownText } from '../../../tables/own-text.ts'
import type { Int64Vector, ScalarValue, TextVector, Vector } from '../../../tables/vector.ts'
import { identityRows, valueAt } from '../../../tables/vector.ts'
import { allocate } from '../../../tables/vector-builder.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'

/** Which row of the batch at hand each group has chosen so far, if any. */
export class ChosenRows {
  /** The groups that chose a row of this batch. */
  #groups: number[] = []
  /** By group: row + 1, or 0. */
  #rows = new Uint32Array(0)

  /** Bytes in memory. */
  get bytes(): number {
    return this.#rows.byteLength
  }

  /** Starts a batch; groups are below `groups`. */
  start(groups: number): void {
    this.#groups = []
    if (groups > this.#rows.length) {
      this.#rows = new Uint32Array(Math.max(groups, this.#rows.length * 2))
    }
  }

  /** The group chooses the row, whatever it chose before. */
  choose(group: number, row: number): void {
    if (this.#rows[group] === 0) this.#groups.push(group)
    this.#rows[group] = row + 1
  }

  /** Groups and their rows, side by side; forgets them. */
  take(): { groups: Uint32Array; rows: Uint32Array } {
    const groups = Uint32Array.from(this.#groups)
    const rows = new Uint32Array(groups.length)
    for (let k = 0; k < groups.length; k++) {
      const group = groups[k]!
      rows[k] = this.#rows[group]! - 1
      this.#rows[group] = 0
    }
    this.#groups = []
    return { groups, rows }
  }
}

/** Values of some columns, one row a group, copied so that no batch is kept alive. */
export class RowStore {
  readonly #types: readonly ScalarType[]
  #columns: Vector[]
  #capacity: number
  /** By group: 1 where it has values. */
  #filled: Uint8Array

  constructor(types: readonly ScalarType[], groups: number) {
    this.#types = types
    this.#capacity = Math.max(groups, 1)
    this.#columns = types.map(type => allocate(type, this.#capacity))
    this.#filled = new Uint8Array(this.#capacity)
  }

  /** Puts the values at `rows[k]` of the vectors in the place of group `groups[k]`. */
  put(vectors: readonly Vector[], groups: Uint32Array, rows: Uint32Array): void {
    let needed = 0
    for (let k = 0; k < groups.length; k++) needed = Math.max(needed, groups[k]! + 1)
    this.#grow(needed)
    for (let k = 0; k < groups.length; k++) this.#filled[groups[k]!] = 1
    for (let c = 0; c < this.#columns.length; c++) {
      scatter(this.#columns[c]!, groups, vectors[c]!, rows)
    }
  }

  /** Takes over the rows of another store, row by row as {@link put} does. */
  putFrom(other: RowStore, groups: Uint32Array, rows: Uint32Array): void {
    this.put(other.#columns, groups, rows)
  }

  /** Bytes in memory, roughly. */
  get bytes(): number {
    return batchBytes(new ColumnBatch([], this.#columns, this.#capacity)) + this.#capacity
  }

  /** How many columns there are. */
  get width(): number {
    return this.#types.length
  }

  /** The values of a group, a column each; nulls where none were put. */
  values(group: number): ScalarValue[] {
    return this.#columns.map(column => (this.#filled[group] === 1 ? valueAt(column, group) : null))
  }

  #grow(length: number): void {
    if (length <= this.#capacity) return
    const capacity = Math.max(length, this.#capacity * 2)
    const rows = identityRows(this.#capacity)
    this.#columns = this.#columns.map((column, index) => {
      const larger = allocate(this.#types[index]!, capacity) as Vector
      copyInto(larger, 0, column, rows)
      return larger
    })
    const filled = new Uint8Array(capacity)
    filled.set(this.#filled)
    this.#filled = filled
    this.#capacity = capacity
  }
}

function scatter(to: Vector, places: Uint32Array, from: Vector, rows: Uint32Array): void {
  scatterNulls(to, places, from, rows)
  switch (to.type) {
    case 'string':
    case 'guid': {
      const { dict, codes, dictionary } = from as TextVector
      for (let k = 0; k < rows.length; k++) {
        const text = dict[codes[rows[k]!]!]!
        to.dict[places[k]!] = dictionary ? text : ownText(text)
      }
      return
    }
    case 'long':
    case 'datetime':
    case 'timespan': {
      const { values } = from as Int64Vector
      for (let k = 0; k < rows.length; k++) to.values[places[k]!] = values[rows[k]!]!
      return
    }
    case 'bool':
    case 'int':
    case 'real': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[places[k]!] = values[rows[k]!]!
      return
    }
    case 'decimal': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[places[k]!] = values[rows[k]!]!
      return
    }
    case 'dynamic': {
      const { values } = from as typeof to
      for (let k = 0; k < rows.length; k++) to.values[places[k]!] = values[rows[k]!]!
    }
  }
}

function scatterNulls(to: Vector, places: Uint32Array, from: Vector, rows: Uint32Array): void {
  if (to.nulls !== undefined) {
    for (let k = 0; k < places.length; k++) to.nulls[places[k]!] = 0
  }
  const { nulls } = from
  if (nulls === undefined) return
  for (let k = 0; k < rows.length; k++) if (nulls[rows[k]!] === 1) to.setNull(places[k]!)
}
