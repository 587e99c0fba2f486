import type { Schema } from '../../types/schema.ts'
import { ColumnBatch, gather } from '../batch.ts'
import { DataFileError } from '../formats/data-file.ts'
import {
  type ScanColumn,
  type ScanContext,
  type ScanRequest,
  type TableSource,
  timesOf,
} from '../source.ts'
import type { Vector } from '../vector.ts'
import { identityRows } from '../vector.ts'
import { vectorAtPath } from '../vector-at-path.ts'
import { nullVector } from '../vector-builder.ts'
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
  readonly bytes: number
  readonly files: readonly IngestedFile[]
  /** @param schema columns that files lack are null; the others have the types of the files */
  constructor(schema: Schema, files: readonly IngestedFile[]) {
    this.schema = schema
    this.files = files
    this.bytes = files.reduce((sum, { size }) => sum + size, 0)
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
        let firstRow = 0
        for (const group of file.metadata.groups) {
          const reader = () => new GroupReader(file, bytes, group, firstRow)
          yield* this.#scanGroup(file, reader, bytes, request, context)
          firstRow += group.rows
        }
      } finally {
        bytes.close()
      }
    }
  }

  *#scanGroup(
    file: IngestedFile,
    open: () => GroupReader,
    bytes: RandomAccess,
    request: ScanRequest,
    context: ScanContext,
  ): Generator<ColumnBatch> {
    context.signal?.throwIfAborted()
    let batch: ColumnBatch | undefined
    try {
      const group = open()
      const rows = rowsToLookAt(group, bytes, request, context)
      if (rows !== undefined) context.passedOver?.(group.rows - rows.length)
      batch = rows?.length === 0 ? undefined : readGroup(group, rows, request, context)
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
}

/** A fault in the file loses the rest of a row group, which is reported. */
function reportFault(error: unknown, { path }: IngestedFile, { report }: ScanContext): void {
  if (!(error instanceof DataFileError)) throw error
  report({ file: path, kind: 'record', message: error.message })
}

/** The rows of a row group that may matter, in rising order; undefined where that is all of them. */
function rowsToLookAt(
  group: GroupReader,
  bytes: RandomAccess,
  request: ScanRequest,
  { without = [] }: ScanContext,
): Uint32Array | undefined {
  const { texts = [], filter } = request
  if (filter?.isNever === true) return new Uint32Array(0)
  const { start, end } = group.inTime(
    without.includes('time-ranges') ? undefined : timesOf(request),
  )
  if (start >= end) return new Uint32Array(0)
  const mask = rowsWithTexts(
    without.includes('literals') ? [] : texts,
    group.rows,
    bytes,
    name => group.textColumn(name),
    chunk => group.codesOf(chunk),
  )
  if (mask !== undefined) return rowsOf(mask, start, end)
  return end - start < group.rows ? identityRows(end).subarray(start) : undefined
}

/** Of the rows of a row group those that the filter chooses; undefined where none is. */
function readGroup(
  group: GroupReader,
  rows: Uint32Array | undefined,
  { columns, filter }: ScanRequest,
  { batchSize }: ScanContext,
): ColumnBatch | undefined {
  const vectors = new Map<ScanColumn, Vector>()
  let left = rows
  let length = rows?.length ?? group.rows
  const readMore = (more: readonly ScanColumn[]): void => {
    const unread = more.filter(column => !vectors.has(column))
    for (const [column, vector] of read(group, unread, left)) vectors.set(column, vector)
  }
  // Each part of the filter has its columns read of the rows that those before it left.
  for (const part of filter === undefined ? [] : (filter.parts ?? [filter])) {
    const own = columns.filter(({ name }) => part.columns.includes(name))
    readMore(own)
    const chosen = select(batchOf(own, vectors, length), part.select, batchSize)
    if (chosen.length === 0) return undefined
    if (chosen.length === length) continue
    left = positionsIn(left, chosen)
    length = left.length
    for (const [column, vector] of vectors) vectors.set(column, gather(vector, chosen))
  }
  readMore(columns)
  return batchOf(columns, vectors, length)
}

function batchOf(
  columns: readonly ScanColumn[],
  vectors: ReadonlyMap<ScanColumn, Vector>,
  length: number,
): ColumnBatch {
  return new ColumnBatch(
    columns.map(({ name, type }) => ({ name, type })),
    columns.map(column => vectors.get(column)!),
    length,
  )
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

/** Of fewer rows than one in so many, values are built sooner than the walk over their text is under way. */
const SPARSE = 8

/** The vectors of requested columns, which may be what is at paths in one column. */
function read(
  group: GroupReader,
  columns: readonly ScanColumn[],
  rows: Uint32Array | undefined,
): ReadonlyMap<ScanColumn, Vector> {
  const length = rows?.length ?? group.rows
  const found = new Map<ScanColumn, Vector>()
  const add = (column: ScanColumn, vector: Vector | undefined): void => {
    found.set(column, vector ?? nullVector(column.type, length))
  }
  for (const [name, own] of Map.groupBy(columns, ({ column }) => column)) {
    const paths = own.flatMap(({ path }) => (path === undefined ? [] : [path]))
    const isBuilt = length * SPARSE < group.rows
    const whole = isBuilt || paths.length < own.length ? group.vector(name, rows) : undefined
    const walked = isBuilt || paths.length === 0 ? [] : (group.paths(name, paths, rows) ?? [])
    let next = 0
    for (const column of own) {
      const { path } = column
      if (path === undefined) add(column, whole)
      else add(column, isBuilt ? whole && vectorAtPath(whole, path) : walked[next++])
    }
  }
  return found
}
