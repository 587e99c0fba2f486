import { query } from '../../src/index.ts'
import type { Column } from '../../src/types/schema.ts'

/** A table of a case of the reference suites. */
export interface SuiteTable {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly unknown[])[]
}

/** What the reference runner compares with the expected table. */
export interface SuiteResult {
  readonly columns: readonly Column[]
  readonly rows: readonly unknown[][]
}

interface SuiteInput {
  readonly tables?: Readonly<Record<string, SuiteTable>>
}

/**
 * Runs a query over tables of columns and rows, with values as the reference runner compares them.
 * @throws KqlError where the query has errors or the run fails.
 */
export async function run(text: string, { tables = {} }: SuiteInput): Promise<SuiteResult> {
  const inputs = Object.entries(tables).map(([name, { columns, rows }]) => {
    const schema = Object.fromEntries(columns.map(column => [column.name, column.type]))
    const objects = rows.map(row =>
      Object.fromEntries(columns.map((column, index) => [column.name, row[index]])),
    )
    return [name, { schema, rows: objects }] as const
  })
  const result = await query(text, {
    tables: Object.fromEntries(inputs),
    now: '2026-01-01T00:00:00Z',
  })
  return { columns: result.columns, rows: result.rows() }
}
