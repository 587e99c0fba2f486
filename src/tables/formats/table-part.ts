import { ColumnBatch } from '../batch.ts'
import type { JsonTextForm, RecordColumn, RecordFilter } from '../json/record-columns.ts'
import type { ReadProblem, ScanContext, ScanFilter, ScanRequest } from '../source.ts'
import type { Container } from './container.ts'
import type { DataFile } from './data-file.ts'

/** The records of one table in one file. */
export interface TablePart {
  readonly file: DataFile
  /** undefined where the file has no records. */
  readonly container: Container | undefined
  /** How the records give the table's columns. */
  readonly columns: readonly RecordColumn[]
  /** What is wrong with the file, or with the record at a line, though the rest can be read. */
  readonly faults?: readonly Pick<ReadProblem, 'line' | 'message'>[]
  /** The filter of one scan, where the file holds records of other tables too. */
  filter?(report: (message: string) => void): RecordFilter
}

/** Options of all parts of a table. */
export interface FileTableOptions {
  readonly jsonText?: JsonTextForm
  readonly maxRecordBytes?: number
}

/** The rows of the batch that the filter leaves. */
export function chosen(batch: ColumnBatch, filter: ScanFilter | undefined): ColumnBatch {
  if (filter === undefined) return batch
  const positions = batch.schema.flatMap(({ name }, index) =>
    filter.columns.includes(name) ? [index] : [],
  )
  const schema = positions.map(index => batch.schema[index]!)
  const columns = positions.map(index => batch.columns[index]!)
  return batch.select(filter.select(new ColumnBatch(schema, columns, batch.length)))
}

/** The texts that rows may be left out for the lack of: none where all are to be looked at. */
export function textsToLookFor(
  { texts }: ScanRequest,
  { unexamined, without = [] }: ScanContext,
): ScanRequest['texts'] {
  return unexamined === undefined || without.includes('literals') ? undefined : texts
}
