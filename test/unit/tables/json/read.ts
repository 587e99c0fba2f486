import type { ColumnBatch } from '../../../../src/tables/batch.ts'
import type {
  RecordColumn,
  RecordReaderOptions,
} from '../../../../src/tables/json/record-columns.ts'
import { RecordReader } from '../../../../src/tables/json/record-reader.ts'
import { scanNdjson } from '../../../../src/tables/json/scan-ndjson.ts'
import type { PathStep, ReadProblem, ScanColumn } from '../../../../src/tables/source.ts'
import { type ScalarValue, valueAt } from '../../../../src/tables/vector.ts'
import { dynamicToJs } from '../../../../src/types/dynamic-json.ts'
import type { ScalarType } from '../../../../src/types/scalar-type.ts'

const encoder = new TextEncoder()

/** A requested column, and the column of records that gives it. */
export interface Wanted extends ScanColumn {
  readonly from: RecordColumn
}

/** A column of the record's member of the same name. */
export function wanted(
  name: string,
  type: ScalarType,
  more: Partial<Omit<RecordColumn, 'name' | 'type'>> = {},
): Wanted {
  return { name, type, column: name, from: { name, type, candidates: [[name]], ...more } }
}

/** What is at a path in a dynamic column. */
export function wantedPath(column: string, ...path: PathStep[]): Wanted {
  const from: RecordColumn = { name: column, type: 'dynamic', candidates: [[column]] }
  return { name: [column, ...path].join('.'), type: 'dynamic', column, path, from }
}

/** The rows of a batch as arrays of JavaScript values; dynamics as plain ones. */
export function rowsOf(batch: ColumnBatch): unknown[][] {
  return Array.from(batch.rows, row =>
    batch.columns.map(column => {
      const value: ScalarValue = valueAt(column, row)
      return column.type === 'dynamic' ? dynamicToJs(value as never) : value
    }),
  )
}

/** A reader of records that have a number and a text: of their members n and s. */
export function numberedReader(
  problems: ReadProblem[],
  options: Partial<RecordReaderOptions> = {},
): RecordReader {
  return readerOf([wanted('n', 'long'), wanted('s', 'string')], problems, options)
}

/** A reader of records that have these columns. */
export function readerOf(
  columns: readonly Wanted[],
  problems: ReadProblem[],
  options: Partial<RecordReaderOptions> = {},
): RecordReader {
  const context = { batchSize: 1000, report: (problem: ReadProblem) => void problems.push(problem) }
  const from = new Map(columns.map(column => [column.from.name, column.from]))
  return new RecordReader(columns, [...from.values()], context, { file: 'T', ...options })
}

/** Reads NDJSON, given as text, as bytes or as chunks of bytes. */
export async function readNdjson(
  input: string | Uint8Array | readonly Uint8Array[],
  columns: readonly Wanted[],
  options: Partial<RecordReaderOptions> & { readonly batchSize?: number } = {},
): Promise<{ rows: unknown[][]; problems: ReadProblem[]; batches: ColumnBatch[] }> {
  const { batchSize = 1024, ...rest } = options
  const problems: ReadProblem[] = []
  const context = { batchSize, report: (problem: ReadProblem) => void problems.push(problem) }
  const byName = new Map(columns.map(({ from }) => [from.name, from]))
  const request = columns.map(({ from: _, ...column }) => column)
  const reader = new RecordReader(request, [...byName.values()], context, {
    file: 'test.json',
    ...rest,
  })
  const bytes = typeof input === 'string' ? encoder.encode(input) : input
  const chunks = bytes instanceof Uint8Array ? [bytes] : bytes
  const batches: ColumnBatch[] = []
  for await (const batch of scanNdjson(chunks, reader)) batches.push(batch)
  return { rows: batches.flatMap(rowsOf), problems, batches }
}
