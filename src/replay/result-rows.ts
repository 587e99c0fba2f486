import { toText } from '../engine/functions/scalar/scalar-text.ts'
import { resultValue } from '../engine/result.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { type ScalarValue, valueAt } from '../tables/vector.ts'
import { indexOfColumn, type Schema } from '../types/schema.ts'

/** The rows that a run gave, as alerts are made of them. */
export class ResultRows {
  readonly schema: Schema
  readonly count: number
  readonly #batch: ColumnBatch

  /** `batch` has no selection. */
  constructor(batch: ColumnBatch) {
    this.schema = batch.schema
    this.count = batch.length
    this.#batch = batch
  }

  /** The value of a column in a row; null where the result lacks the column. */
  value(row: number, column: string): ScalarValue {
    const index = indexOfColumn(this.schema, column)
    const vector = index < 0 ? undefined : this.#batch.columns[index]
    return vector === undefined ? null : valueAt(vector, row)
  }

  /** The same as text, as tostring gives it; empty for null. */
  text(row: number, column: string): string {
    const value = this.value(row, column)
    const type = this.schema[indexOfColumn(this.schema, column)]?.type
    return value === null || type === undefined ? '' : toText(type)(value)
  }

  /** The values of a row, in the order of the columns. */
  values(row: number): ScalarValue[] {
    return this.schema.map((_, index) => valueAt(this.#batch.columns[index]!, row))
  }

  /** A row as results give it. */
  row(row: number): unknown[] {
    return this.schema.map(({ type }, index) =>
      resultValue(type, valueAt(this.#batch.columns[index]!, row)),
    )
  }
}
