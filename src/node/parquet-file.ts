import type { FileHandle } from 'node:fs/promises'
import * as zlib from 'node:zlib'
import type {
  AsyncBuffer,
  Compressors,
  DecodedArray,
  FileMetaData,
  ParquetParsers,
  ParquetRowRange,
  RowGroup,
  SchemaElement,
  SchemaTree,
} from 'hyparquet'
import {
  type DataFile,
  DataFileError,
  type WantedRecords,
  type WantedTime,
} from '../tables/formats/data-file.ts'
import { SURVEYED_RECORDS } from '../tables/formats/survey.ts'
import { SEEN_BOOL, SEEN_LONG, SEEN_REAL, SEEN_TIME } from '../tables/observed-kinds.ts'
import { parquetFault } from '../tables/parquet/fault.ts'
import { realText } from '../tables/parquet/row-lines.ts'
import {
  formatDatetime,
  isDatetime,
  parseDatetime,
  ticksFromEpochMillis,
} from '../types/datetime.ts'
import { reasonOf } from './data-paths.ts'
import { filePromises } from './file-promises.ts'

/** Values that are decoded at once, and bytes of pages, decompressed: what repeats takes few of them. */
const MOST_VALUES = 1 << 20
const MOST_BYTES = 1 << 26
/** Rows that are decoded at once at least, and the first ones, where no more may be looked at. */
const LEAST_ROWS = 1024
const FIRST_ROWS = SURVEYED_RECORDS
const NEWLINE = 0x0a
/** Characters of text that make a piece. */
const PIECE_CHARACTERS = 1 << 20

/** What a Parquet file begins with. */
export const PARQUET_MAGIC = 'PAR1'
/** No Parquet file is shorter: that stands at its end too, behind a length. */
const LEAST_BYTES = 12

/**
 * A Parquet file as JSON lines, which the readers know. Whole numbers and times stay exact; a time
 * without a zone counts as UTC. Of columns that are not asked for nothing is read, nor of row groups whose
 * times are others than those that matter. Of columns that share a name the first is read.
 */
export function parquetFile(path: string, size: number): DataFile {
  const kinds = new Map<string, number>()
  const repeated = new Set<string>()
  const read = (signal?: AbortSignal, wanted?: WantedRecords) =>
    readLines(path, kinds, repeated, signal, wanted)
  return { path, size, kinds, repeated, read }
}

async function* readLines(
  path: string,
  kinds: Map<string, number>,
  repeated: Set<string>,
  signal?: AbortSignal,
  wanted?: WantedRecords,
): AsyncGenerator<Uint8Array> {
  let handle: FileHandle
  try {
    handle = await filePromises().open(path, 'r')
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
  try {
    const { parquetMetadataAsync, parquetScan, parquetSchema } = await import('hyparquet')
    const file = await bufferOf(handle)
    const metadata = await parquetMetadataAsync(file, { parsers: PARSERS })
    refuseDecimals(metadata)
    const all = firstOfEach(metadata, parquetSchema(metadata).children, repeated)
    const compressors = compressorsOf(loadZlib())
    const scan = await parquetScan({ file, metadata, parsers: PARSERS, compressors })
    for (const [name, { element }] of all) {
      const kind = kindOf(element)
      if (kind !== undefined) kinds.set(name, kind)
    }
    const trees = [...all.values()].filter(
      ({ element }) => wanted?.members.has(element.name) !== false,
    )
    const names = trees.map(({ element }) => element.name)
    for (const { isEmptied, ...rows } of partsOf(metadata, names, wanted?.time)) {
      signal?.throwIfAborted()
      if (isEmptied) {
        const count = rows.rowEnd - rows.rowStart
        wanted?.time?.leaveOut(count)
        yield new Uint8Array(count).fill(NEWLINE)
        continue
      }
      const read = (column: string) => scan.readColumn({ column, ...rows })
      const columns: DecodedArray[] = []
      // One after the other: a page is decoded whole, whatever is wanted of it.
      for (const name of names) columns.push(await read(name))
      yield* linesOf(trees, columns, rows.rowEnd - rows.rowStart, wanted === undefined)
    }
  } catch (error) {
    if (error instanceof DataFileError || signal?.aborted === true) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw parquetFault(message.replace(/\.$/, ''))
  } finally {
    await handle.close()
  }
}

/**
 * The columns by name: of several that share one the first. The others are taken out of the metadata, for
 * the reader tells columns apart by their names.
 */
function firstOfEach(
  metadata: FileMetaData,
  trees: readonly SchemaTree[],
  repeated: Set<string>,
): ReadonlyMap<string, SchemaTree> {
  const columns = new Map<string, SchemaTree>()
  const left = new Set<SchemaElement>()
  // Row groups have the leaves of all columns, in their order.
  const isKept: boolean[] = []
  for (const tree of trees) {
    const { name } = tree.element
    const isFirst = !columns.has(name)
    if (isFirst) columns.set(name, tree)
    else repeated.add(name)
    for (const { element, children } of elementsOf(tree)) {
      if (!isFirst) left.add(element)
      if (children.length === 0) isKept.push(isFirst)
    }
  }
  if (left.size > 0) {
    const [root, ...elements] = metadata.schema
    metadata.schema = elements.filter(element => !left.has(element))
    if (root !== undefined) metadata.schema.unshift({ ...root, num_children: columns.size })
    for (const group of metadata.row_groups) {
      group.columns = group.columns.filter((_, leaf) => isKept[leaf])
    }
  }
  return columns
}

function* elementsOf(tree: SchemaTree): Generator<SchemaTree> {
  yield tree
  for (const child of tree.children) yield* elementsOf(child)
}

/** Rows that are read at once, or left out. */
interface Part extends ParquetRowRange {
  readonly isEmptied: boolean
}

/** Parts of the row groups of which the columns do not take too much memory. */
function* partsOf(
  metadata: FileMetaData,
  names: readonly string[],
  time: WantedTime | undefined,
): Generator<Part> {
  const wanted = new Set(names)
  const times = timeColumns(metadata, time)
  let start = 0
  let most = FIRST_ROWS
  for (const group of metadata.row_groups) {
    const { num_rows: rows, columns } = group
    if (time !== undefined && times.length > 0 && times.every(at => liesOutside(group, at, time))) {
      yield { rowStart: start, rowEnd: start + Number(rows), isEmptied: true }
      start += Number(rows)
      continue
    }
    const bytes = columns.reduce((sum, { meta_data: chunk }) => {
      const [name = ''] = chunk?.path_in_schema ?? []
      return sum + (wanted.has(name) ? Number(chunk?.total_uncompressed_size ?? 0) : 0)
    }, 0)
    const end = start + Number(rows)
    const values = Number(rows) * names.length
    const parts = Math.ceil(Math.max(bytes / MOST_BYTES, values / MOST_VALUES, 1))
    const length = Math.max(LEAST_ROWS, Math.ceil(Number(rows) / parts))
    while (start < end) {
      const rowEnd = Math.min(start + Math.min(length, most), end)
      yield { rowStart: start, rowEnd, isEmptied: false }
      start = rowEnd
      most = Number.POSITIVE_INFINITY
    }
  }
}

/** The columns that the wanted times are in; none where one of them has values of another kind. */
function timeColumns({ schema }: FileMetaData, time: WantedTime | undefined): readonly string[] {
  const named = schema.filter(({ name }) => time?.members.includes(name) === true)
  const isTimes = named.every(element => element.type === 'INT64' && isTimestamp(element))
  return isTimes ? named.map(({ name }) => name) : []
}

/** Whether the statistics of a row group tell that a column of it has no time that matters. */
function liesOutside({ columns }: RowGroup, name: string, { from, to }: WantedTime): boolean {
  const chunk = columns.find(({ meta_data: data }) => data?.path_in_schema.join('.') === name)
  const { min_value: first, max_value: last } = chunk?.meta_data?.statistics ?? {}
  const [least, greatest] = [first, last].map(time =>
    typeof time === 'string' ? parseDatetime(time) : null,
  )
  if (typeof least !== 'bigint' || typeof greatest !== 'bigint') return false
  return (from !== undefined && greatest < from) || (to !== undefined && least > to)
}

/** The kind of the values of a column, where its type tells that; texts may be times, or whatever else. */
function kindOf(element: SchemaElement): number | undefined {
  const { type, converted_type: converted = '', logical_type: logical } = element
  if (element.num_children !== undefined || element.repetition_type === 'REPEATED') return undefined
  if (logical?.type === 'NULL') return undefined
  if (isReal(element)) return SEEN_REAL
  if (type === 'BOOLEAN') return SEEN_BOOL
  if (type === 'INT96' || converted === 'DATE' || isTimestamp(element)) return SEEN_TIME
  if (type === 'INT32') return SEEN_LONG
  // A long does not hold all of what has no sign.
  const isUnsigned = converted === 'UINT_64' || (logical?.type === 'INTEGER' && !logical.isSigned)
  return type === 'INT64' && !isUnsigned ? SEEN_LONG : undefined
}

function isReal({ type, logical_type: logical }: SchemaElement): boolean {
  return type === 'DOUBLE' || type === 'FLOAT' || logical?.type === 'FLOAT16'
}

function isTimestamp({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  return logical?.type === 'TIMESTAMP' || converted?.startsWith('TIMESTAMP_') === true
}

/** Rows of columns as JSON lines, in pieces. */
function* linesOf(
  trees: readonly SchemaTree[],
  columns: readonly DecodedArray[],
  rows: number,
  withNulls: boolean,
): Generator<Uint8Array> {
  const members = trees.map((tree, at) => memberOf(tree, columns[at] ?? [], withNulls))
  const encoder = new TextEncoder()
  let text = ''
  for (let row = 0; row < rows; row++) {
    let record = ''
    for (const member of members) {
      const own = member(row)
      if (own !== '') record += record === '' ? own : `,${own}`
    }
    text += `{${record}}\n`
    if (text.length < PIECE_CHARACTERS) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text !== '') yield encoder.encode(text)
}

/** Gives the member of a row by its number; '' where it has none. */
function memberOf(
  tree: SchemaTree,
  values: DecodedArray,
  withNulls: boolean,
): (row: number) => string {
  const head = `${JSON.stringify(tree.element.name)}:`
  const none = withNulls ? `${head}null` : ''
  const known = new Map<string, string>()
  return row => {
    const value: unknown = values[row]
    if (value === null || value === undefined) return none
    if (typeof value !== 'string') return head + jsonIn(value, tree)
    let member = known.get(value)
    if (member === undefined) {
      member = head + JSON.stringify(value)
      if (known.size < MOST_KNOWN && value.length < LONGEST_KNOWN) known.set(value, member)
    }
    return member
  }
}

/** Texts of a column that are written but once, and characters of the longest one. */
const MOST_KNOWN = 512
const LONGEST_KNOWN = 256

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat()
  if (size < LEAST_BYTES) throw parquetFault('it is cut off')
  const read = async (start: number, end: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(end - start)
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, start)
    if (bytesRead < bytes.length) throw parquetFault('it is cut off')
    return bytes.buffer
  }
  return {
    byteLength: size,
    slice(start, end = size) {
      const bytes = read(start, end)
      // Of a damaged file, what is read ahead may be asked for by nobody: its failure must not end the process.
      bytes.catch(() => undefined)
      return bytes
    },
  }
}

/** Decimals come as reals, which are not exact. */
function refuseDecimals({ schema }: FileMetaData): void {
  const found = schema.find(
    element => element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL',
  )
  if (found === undefined) return
  throw new DataFileError(
    `Its column ${found.name} has decimals, which kqlab cannot read exactly: export it as text.`,
  )
}

const EPOCH = ticksFromEpochMillis(0) ?? 0n

/** The time so many ticks after 1970. One that no datetime can be, as infinity, is a text that is none. */
function timeOf(ticks: bigint): string {
  const time = EPOCH + ticks
  return isDatetime(time) ? formatDatetime(time) : `${ticks} ticks after 1970`
}

const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: millis => timeOf(millis * 10_000n),
  timestampFromMicroseconds: micros => timeOf(micros * 10n),
  timestampFromNanoseconds: nanos => timeOf(nanos / 100n - (nanos % 100n < 0n ? 1n : 0n)),
  dateFromDays: days => timeOf(BigInt(days) * 864_000_000_000n),
  stringFromBytes: bytes => bytes && decoder.decode(bytes),
  uuidFromBytes: bytes => bytes && guidOf(bytes),
  jsonFromBytes: bytes => bytes && new JsonText(decoder.decode(bytes).replace(/^\ufeff/, '')),
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** JSON as it is written, so that its numbers stay exact. */
class JsonText {
  /** On one line. */
  readonly text: string

  constructor(written: string) {
    JSON.parse(written)
    this.text = written.replace(/[\r\n]/g, ' ')
  }
}

const HEXADECIMAL = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** A hyphen stands before these bytes of a guid. */
const PARTS = new Set([4, 6, 8, 10])

function guidOf(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at++) {
    if (PARTS.has(at)) text += '-'
    text += HEXADECIMAL[bytes[at]!]
  }
  return text
}

const loadZlib = () => zlib

/** What Node has of the ways in which pages are compressed; the reader knows Snappy itself. */
function compressorsOf(library: ReturnType<typeof loadZlib>): Compressors {
  const { gunzipSync, brotliDecompressSync, zstdDecompressSync } = library
  return {
    GZIP: bytes => new Uint8Array(gunzipSync(bytes)),
    BROTLI: bytes => new Uint8Array(brotliDecompressSync(bytes)),
    ...(typeof zstdDecompressSync === 'function'
      ? { ZSTD: bytes => new Uint8Array(zstdDecompressSync(bytes)) }
      : {}),
  }
}

/** The value of a column, or in one, as JSON: reals stay such where they are whole. */
function jsonIn(value: unknown, tree: SchemaTree): string {
  const { element, children } = tree
  if (typeof value === 'number' && isReal(element)) return realText(value)
  if (children.length === 0 && !isReal(element)) return jsonOf(value)
  if (element.logical_type?.type === 'VARIANT') return jsonOf(value)
  if (Array.isArray(value)) {
    const items = itemsOf(tree)
    return `[${value.map(item => jsonIn(item, items)).join(',')}]`
  }
  if (typeof value !== 'object' || value === null) return jsonOf(value)
  const [entries] = children
  const mapped = element.converted_type === 'MAP' ? entries?.children[1] : undefined
  const members = Object.entries(value).flatMap(([name, item]) => {
    if (item === undefined) return []
    const member = mapped ?? children.find(child => child.element.name === name)
    return [`${JSON.stringify(name)}:${member === undefined ? jsonOf(item) : jsonIn(item, member)}`]
  })
  return `{${members.join(',')}}`
}

/** What the items are of the arrays that a column has. */
function itemsOf(tree: SchemaTree): SchemaTree {
  const [list] = tree.children
  if (tree.element.repetition_type === 'REPEATED' || list === undefined) return tree
  const [item, ...more] = list.children
  return item === undefined || more.length > 0 ? list : item
}

/** The value as JSON: a whole number keeps all of its digits. */
function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`
  if (value instanceof JsonText) return value.text
  if (value instanceof Date) return JSON.stringify(value)
  if (ArrayBuffer.isView(value)) {
    return JSON.stringify(
      Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64'),
    )
  }
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined)
    return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${jsonOf(item)}`).join(',')}}`
  }
  return JSON.stringify(value ?? null)
}
