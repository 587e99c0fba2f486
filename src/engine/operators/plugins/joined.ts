import { ColumnBatch, gather } from '../../../tables/batch.ts'
import type { Vector } from '../../../tables/vector.ts'
import type { Column, Schema } from '../../../types/schema.ts'
import { ColumnNames } from '../../binder/naming.ts'
import type { PluginCall } from './call.ts'

/** The columns of the rows, then those of the table under names that are free. */
export function joinedColumns(call: PluginCall, own: Schema, added: Schema): Column[] {
  const { binder } = call
  const names = new ColumnNames([...own, ...added].map(({ name }) => name))
  const taken = new Set(own.map(({ name }) => name))
  return [
    ...own.map(column => binder.renamed(column, column.name)),
    ...added.map(column =>
      binder.renamed(column, taken.has(column.name) ? names.unique(column.name) : column.name),
    ),
  ]
}

/** Rows of columns beside rows of a table; `NO_ROW` is nulls. */
export function joined(
  schema: Schema,
  own: readonly Vector[],
  added: readonly Vector[],
  left: readonly number[],
  right: readonly number[],
): ColumnBatch {
  const [leftRows, rightRows] = [Uint32Array.from(left), Uint32Array.from(right)]
  const columns = [
    ...own.map(column => gather(column, leftRows)),
    ...added.map(column => gather(column, rightRows)),
  ]
  return new ColumnBatch(schema, columns, leftRows.length)
}
