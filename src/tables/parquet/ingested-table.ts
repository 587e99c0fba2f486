import type { Schema } from '../../types/schema.ts'
import { ColumnBatch, gather } from '../batch.ts'
import { followPath } from '../dynamic-path.ts'
import { DataFileError } from '../formats/data-file.ts'
import type { ScanColumn, ScanContext, ScanRequest, TableSource } from '../source.ts'
import type { Nulls, Vector } from '../vector.ts'
import { DynamicVector, identityRows } from '../vector.ts'
import { allocate } from '../vector-builder.ts'
import type { RandomAccess } from './file-metadata.ts'
import { GroupReader } from './group-reader.ts'
import type { IngestedFile } from './ingested-file.ts'
import { rowsWithTexts } from './row-texts.ts'

/**
 * A table of ingested files. A scan leaves out the row groups and rows outside of the range of time, those
 * that lack a required text, and those that the filter does not choose; of columns beyond the filter's
 * only the pages with rows that are left are decoded.
 */
export class IngestedTable implements TableSource {
  readonly schema: Schema
  readonly files: readonly IngestedFile[]

  /** @param schema columns that files lack are null; the others have the types of the files */
  constructor(schema: Schema, files: readonly IngestedFile[]) {
    this.schema = schema
    this.files = files
  }

  /** Whether any row has a value in a column of the table. */
  hasValues(column: string): boolean {
    return this.files.some(
      ({ form, metadata }) =>
        metadata.rows > 0 &&
        !form.empty.includes(column) &&
        form.columns.some(({ name }) => name === column),
    )
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    for (const file of this.files) {
      context.signal?.throwIfAborted()
      let bytes: ReturnType<IngestedFile['open']>
      try {
        bytes = file.open()
      } catch (error) {
        reportFault(error, file, context)
        continue
      }
      try {
        for (let index = 0; index < file.metadata.groups.length; index++) {
          yield* scanGroup(file, bytes, index, request, context)
        }
      } finally {
        bytes.close()
      }
    }
  }
}

/** A fault in the file loses the rest of a row group, which is reported. */
function reportFault(error: unknown, { path }: IngestedFile, { report }: ScanContext): void {
  if (!(error instanceof DataFileError)) throw error
  report({ file: path, kind: 'record', message: error.message })
}

function* scanGroup(
  file: IngestedFile,
  bytes: RandomAccess,
  index: number,
  request: ScanRequest,
  context: ScanContext,
): Generator<ColumnBatch> {
  context.signal?.throwIfAborted()
  let batch: ColumnBatch | undefined
  try {
    batch = readGroup(new GroupReader(file, bytes, index), bytes, request, context)
  } catch (error) {
    reportFault(error, file, context)
  }
  if (batch === undefined) return
  const { batchSize } = context
  if (batch.length <= batchSize) yield batch
  else {
    for (let start = 0; start < batch.length; start += batchSize) {
      yield batch.section(start, Math.min(start + batchSize, batch.length))
    }
  }
}

/** The rows of a row group that are left; undefined where none is. */
function readGroup(
  group: GroupReader,
  bytes: RandomAccess,
  { columns, timeRange, texts, filter }: ScanRequest,
  { batchSize }: ScanContext,
): ColumnBatch | undefined {
  const rows = group.inTime(timeRange)
  if (rows.start >= rows.end) return undefined
  let chosen: Uint32Array | undefined
  if (texts !== undefined) {
    const mask = rowsWithTexts(
      texts,
      group.rows,
      bytes,
      name => group.textColumn(name),
      chunk => group.codesOf(chunk),
    )
    if (mask !== undefined) chosen = rowsOf(mask, rows.start, rows.end)
  }
  if (chosen === undefined && rows.end - rows.start < group.rows) {
    chosen = identityRows(rows.end).subarray(rows.start)
  }
  if (chosen?.length === 0) return undefined
  const length = chosen?.length ?? group.rows
  const schema = columns.map(({ name, type }) => ({ name, type }))
  if (filter === undefined) return new ColumnBatch(schema, read(group, columns, chosen), length)

  const early = columns.filter(({ name }) => filter.columns.includes(name))
  const looked = new ColumnBatch(
    early.map(({ name, type }) => ({ name, type })),
    read(group, early, chosen),
    length,
  )
  const left = select(looked, filter.select, batchSize)
  if (left.length === 0) return undefined
  const late = columns.filter(column => !early.includes(column))
  const whole = left.length === length
  const lateVectors = read(group, late, whole ? chosen : positionsIn(chosen, left))
  const vectors = columns.map(column => {
    const position = early.indexOf(column)
    if (position < 0) return lateVectors[late.indexOf(column)]!
    const vector = looked.columns[position]!
    return whole ? vector : gather(vector, left)
  })
  return new ColumnBatch(schema, vectors, left.length)
}

/** The positions that the filter chooses, which sees at most `batchSize` rows at once. */
function select(
  batch: ColumnBatch,
  choose: (batch: ColumnBatch) => Uint32Array,
  batchSize: number,
): Uint32Array {
  if (batch.length <= batchSize) return choose(batch)
  const left = new Uint32Array(batch.length)
  let count = 0
  for (let start = 0; start < batch.length; start += batchSize) {
    const section = batch.section(start, Math.min(start + batchSize, batch.length))
    for (const row of choose(section)) left[count++] = start + row
  }
  return left.subarray(0, count)
}

function positionsIn(rows: Uint32Array | undefined, places: Uint32Array): Uint32Array {
  return rows === undefined ? places : places.map(place => rows[place]!)
}

function rowsOf(mask: Uint8Array, start: number, end: number): Uint32Array {
  const rows = new Uint32Array(end - start)
  let count = 0
  for (let row = start; row < end; row++) {
    const byte = mask[row >> 3]!
    if (byte === 0) row |= 7
    else if ((byte & (1 << (row & 7))) !== 0) rows[count++] = row
  }
  return rows.subarray(0, count)
}

/** The vectors of requested columns, which may be what is at paths in one column. */
function read(
  group: GroupReader,
  columns: readonly ScanColumn[],
  rows: Uint32Array | undefined,
): Vector[] {
  const length = rows?.length ?? group.rows
  const whole = new Map<string, Vector | undefined>()
  return columns.map(({ column, path, type }) => {
    if (!whole.has(column)) whole.set(column, group.vector(column, rows))
    const vector = whole.get(column)
    if (vector === undefined) return nullVector(type, length)
    return path === undefined ? vector : atPath(vector, path)
  })
}

function atPath(vector: Vector, path: NonNullable<ScanColumn['path']>): Vector {
  if (!(vector instanceof DynamicVector)) return nullVector('dynamic', vector.length)
  let nulls: Nulls
  const values = Array.from({ length: vector.length }, (_, row) => {
    const value = followPath(vector.at(row), path)
    if (value === null) {
      nulls ??= new Uint8Array(vector.length)
      nulls[row] = 1
    }
    return value
  })
  return new DynamicVector(values, nulls)
}

function nullVector(type: ScanColumn['type'], length: number): Vector {
  const vector: Vector = allocate(type, length)
  for (let row = 0; row < length; row++) vector.setNull(row)
  return vector
}
