import { parquetFault } from './fault.ts'
import { ThriftReader } from './thrift-reader.ts'

/** Bytes that can be read at any position. */
export interface RandomAccess {
  readonly size: number
  /**
   * The bytes from `start` to `end`, which nobody else writes to.
   * @throws DataFileError where the file has less or cannot be read.
   */
  read(start: number, end: number): Uint8Array
  /** The same, valid until the next call of it. */
  view(start: number, end: number): Uint8Array
}

/** The physical types, by Parquet's numbers. */
export const PHYSICAL = { boolean: 0, int32: 1, int64: 2, double: 5, bytes: 6 } as const
/** The codec of pages that are not compressed, by Parquet's numbers. */
export const UNCOMPRESSED = 0

/** A column of the file that has no columns inside of it. */
export interface FileColumn {
  readonly name: string
  readonly physical: number
  /** Whether it may have nulls. */
  readonly optional: boolean
}

/** The values of a column in a row group. */
export interface ColumnChunk {
  readonly codec: number
  readonly values: number
  /** Where its pages lie in the file: the dictionary first, where there is one. */
  readonly start: number
  readonly bytes: number
  /** Where its data pages begin. */
  readonly dataStart: number
  /** The least and the greatest value, as they are stored; undefined where they are not known. */
  readonly least?: Uint8Array
  readonly greatest?: Uint8Array
  /** Where it is told where the pages are; undefined where there is one page. */
  readonly index?: { readonly start: number; readonly bytes: number }
}

/** Rows that are stored together. */
export interface RowGroup {
  readonly rows: number
  readonly chunks: readonly ColumnChunk[]
}

/** What a Parquet file says of itself. */
export interface FileMetadata {
  readonly columns: readonly FileColumn[]
  readonly groups: readonly RowGroup[]
  readonly rows: number
  readonly keyValues: ReadonlyMap<string, string>
  /** What says that it wrote the file. */
  readonly createdBy: string
}

const MAGIC = 0x31524150
const TAIL_BYTES = 1 << 18

/**
 * What the file says of itself. Columns inside of columns are left out of `columns` and `chunks` has no
 * place for them: undefined then, as such a file is read otherwise.
 * @throws DataFileError where it is no sound Parquet file.
 */
export function readMetadata(file: RandomAccess): FileMetadata | undefined {
  if (file.size < 12) throw parquetFault('it is cut off')
  const tailStart = Math.max(0, file.size - TAIL_BYTES)
  const tail = file.read(tailStart, file.size)
  const view = new DataView(tail.buffer, tail.byteOffset, tail.length)
  if (view.getUint32(tail.length - 4, true) !== MAGIC) throw parquetFault('it is cut off')
  const length = view.getUint32(tail.length - 8, true)
  const end = file.size - 8
  if (length > end - 4) throw parquetFault('its description is cut off')
  const start = end - length
  const bytes =
    start >= tailStart ? tail.subarray(start - tailStart, end - tailStart) : file.read(start, end)
  return metadataIn(bytes, start)
}

function metadataIn(bytes: Uint8Array, limit: number): FileMetadata | undefined {
  const reader = new ThriftReader(bytes)
  let columns: FileColumn[] | undefined = []
  let rows = 0
  const groups: RowGroup[] = []
  const keyValues = new Map<string, string>()
  let createdBy = ''
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 2) columns = columnsIn(reader)
    else if (id === 3) rows = reader.size()
    else if (id === 4) {
      for (let left = reader.list(); left > 0; left--) groups.push(groupIn(reader, limit))
    } else if (id === 5) {
      for (let left = reader.list(); left > 0; left--) keyValueIn(reader, keyValues)
    } else if (id === 6) createdBy = reader.text()
    else reader.skip()
  }
  reader.end(outer)
  if (columns === undefined) return undefined
  for (const group of groups) {
    if (group.chunks.length !== columns.length) throw parquetFault('columns are missing')
  }
  if (groups.reduce((sum, group) => sum + group.rows, 0) !== rows) {
    throw parquetFault('row groups are missing')
  }
  return { columns, groups, rows, keyValues, createdBy }
}

/** The columns; undefined where some lie in others. */
function columnsIn(reader: ThriftReader): FileColumn[] | undefined {
  const columns: FileColumn[] = []
  const count = reader.list()
  let flat = true
  for (let k = 0; k < count; k++) {
    let name = ''
    let physical = -1
    let repetition = 0
    const outer = reader.begin()
    for (let id = reader.next(); id !== 0; id = reader.next()) {
      if (id === 1) physical = reader.int()
      else if (id === 3) repetition = reader.int()
      else if (id === 4) name = reader.text()
      else reader.skip()
    }
    reader.end(outer)
    if (k === 0) continue
    if (physical < 0 || repetition > 1) flat = false
    columns.push({ name, physical, optional: repetition === 1 })
  }
  return flat ? columns : undefined
}

function groupIn(reader: ThriftReader, limit: number): RowGroup {
  const chunks: ColumnChunk[] = []
  let rows = 0
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 1) {
      for (let left = reader.list(); left > 0; left--) chunks.push(chunkIn(reader, limit))
    } else if (id === 3) rows = reader.size()
    else reader.skip()
  }
  reader.end(outer)
  return { rows, chunks }
}

function chunkIn(reader: ThriftReader, limit: number): ColumnChunk {
  let meta: ColumnChunk | undefined
  let indexStart = 0
  let indexBytes = 0
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 3) meta = chunkMetaIn(reader)
    else if (id === 4) indexStart = reader.size()
    else if (id === 5) indexBytes = reader.size()
    else reader.skip()
  }
  reader.end(outer)
  if (meta === undefined) throw parquetFault('a column has no description')
  if (meta.start + meta.bytes > limit || indexStart + indexBytes > limit) {
    throw parquetFault('a column lies outside of the file')
  }
  return indexBytes === 0 ? meta : { ...meta, index: { start: indexStart, bytes: indexBytes } }
}

function chunkMetaIn(reader: ThriftReader): ColumnChunk {
  let codec = 0
  let values = 0
  let bytes = 0
  let dataStart = 0
  let dictionaryStart: number | undefined
  let least: Uint8Array | undefined
  let greatest: Uint8Array | undefined
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 4) codec = reader.int()
    else if (id === 5) values = reader.size()
    else if (id === 7) bytes = reader.size()
    else if (id === 9) dataStart = reader.size()
    else if (id === 11) dictionaryStart = reader.size()
    else if (id === 12) {
      const inner = reader.begin()
      for (let part = reader.next(); part !== 0; part = reader.next()) {
        if (part === 5) greatest = reader.binary()
        else if (part === 6) least = reader.binary()
        else reader.skip()
      }
      reader.end(inner)
    } else reader.skip()
  }
  reader.end(outer)
  const start = Math.min(dataStart, dictionaryStart ?? dataStart)
  return {
    codec,
    values,
    start,
    bytes,
    dataStart,
    ...(least === undefined ? {} : { least }),
    ...(greatest === undefined ? {} : { greatest }),
  }
}

function keyValueIn(reader: ThriftReader, keyValues: Map<string, string>): void {
  let key = ''
  let value = ''
  const outer = reader.begin()
  for (let id = reader.next(); id !== 0; id = reader.next()) {
    if (id === 1) key = reader.text()
    else if (id === 2) value = reader.text()
    else reader.skip()
  }
  reader.end(outer)
  keyValues.set(key, value)
}
