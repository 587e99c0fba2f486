// The engine under test, as the conformance runner wants it: kqlab from source.
import { query } from '../../src/index.ts'

/** Runs a query over tables of columns and rows; values as the runner compares them. */
export async function run(text, { tables }) {
  const inputs = Object.fromEntries(
    Object.entries(tables ?? {}).map(([name, { columns, rows }]) => [
      name,
      {
        schema: Object.fromEntries(columns.map(column => [column.name, column.type])),
        rows: rows.map(row =>
          Object.fromEntries(columns.map((column, i) => [column.name, row[i]])),
        ),
      },
    ]),
  )
  const result = await query(text, { tables: inputs, now: '2026-01-01T00:00:00Z' })
  return { columns: result.columns, rows: result.rows() }
}
