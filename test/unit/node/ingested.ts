import { join } from 'node:path'
import { type WriteOptions, writeTable } from '../../../src/node/ingest/write-table.ts'
import { openIngested } from '../../../src/node/ingested-files.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import { IngestedTable } from '../../../src/tables/parquet/ingested-table.ts'
import { batchesSource } from '../../../src/tables/rows-source.ts'
import type {
  ReadProblem,
  ScanRequest,
  TableSource,
  Technique,
} from '../../../src/tables/source.ts'
import { valueAt } from '../../../src/tables/vector.ts'
import { dynamicKey } from '../../../src/types/dynamic.ts'
import type { Schema } from '../../../src/types/schema.ts'

/** A table of batches. */
export function tableOf(schema: Schema, batches: readonly ColumnBatch[]): TableSource {
  return batchesSource(schema, batches)
}

/** The table as it is read after it was written into the folder, and the files that hold it. */
export async function ingested(
  source: TableSource,
  folder: string,
  options: WriteOptions = {},
): Promise<{ readonly table: IngestedTable; readonly files: readonly string[] }> {
  const context = { batchSize: 50, report: failOn }
  const { files } = await writeTable('T', source, folder, context, options)
  const opened = files.map(file => {
    const found = openIngested(join(folder, file))
    if (found === undefined) throw new Error(`${file} is not taken for ingested`)
    return found
  })
  return { table: new IngestedTable(source.schema, opened), files }
}

/** The rows of a scan, each as the text of its values; of all columns unless the request says which. */
export async function rowsOf(
  table: TableSource,
  request: Partial<ScanRequest> = {},
  batchSize = 1000,
  report: (problem: ReadProblem) => void = failOn,
  without: readonly Technique[] = [],
): Promise<string[]> {
  const columns = table.schema.map(({ name, type }) => ({ name, type, column: name }))
  const rows: string[] = []
  for await (const batch of table.scan({ columns, ...request }, { batchSize, report, without })) {
    if (batch.rowCount > batchSize) throw new Error('a batch is larger than it may be')
    for (const row of batch.rows) {
      rows.push(batch.columns.map(vector => shown(vector, row)).join(' | '))
    }
  }
  return rows
}

function shown(vector: ColumnBatch['columns'][number], row: number): string {
  const value = valueAt(vector, row)
  if (value === null) return 'null'
  if (vector.type === 'dynamic') return `dynamic ${dynamicKey(vector.at(row))}`
  if (vector.type === 'real') return Object.is(value, -0) ? 'real -0' : `real ${value}`
  return `${vector.type} ${typeof value === 'string' ? JSON.stringify(value) : String(value)}`
}

function failOn({ message }: ReadProblem): never {
  throw new Error(message)
}
