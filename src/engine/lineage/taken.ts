import { ColumnBatch, gather } from '../../tables/batch.ts'

/** The rows at the positions. */
export function taken(batch: ColumnBatch, rows: readonly number[]): ColumnBatch {
  const positions = Uint32Array.from(rows)
  const columns = batch.columns.map(column => gather(column, positions))
  return new ColumnBatch(batch.schema, columns, positions.length)
}
