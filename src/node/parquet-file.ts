import type { FileHandle } from 'node:fs/promises'
import * as zlib from 'node:zlib'
import type { AsyncBuffer, Compressors, FileMetaData, ParquetParsers } from 'hyparquet'
import { type DataFile, DataFileError } from '../tables/formats/data-file.ts'
import { formatDatetime, ticksFromEpochMillis } from '../types/datetime.ts'
import { reasonOf } from './data-paths.ts'
import { filePromises } from './file-promises.ts'

/** Rows that are decoded at once. */
const ROWS_AT_ONCE = 8192

/** What a Parquet file begins with. */
export const PARQUET_MAGIC = 'PAR1'

/**
 * A Parquet file as JSON lines, which the readers know. Whole numbers and times stay exact; a time
 * without a zone counts as UTC.
 */
export function parquetFile(path: string, size: number): DataFile {
  return { path, size, read: signal => readLines(path, signal) }
}

async function* readLines(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let handle: FileHandle
  try {
    handle = await filePromises().open(path, 'r')
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
  try {
    const { parquetMetadataAsync, parquetReadObjects } = await import('hyparquet')
    const file = await bufferOf(handle)
    const metadata = await parquetMetadataAsync(file)
    refuseDecimals(metadata)
    const count = Number(metadata.num_rows)
    const encoder = new TextEncoder()
    const compressors = compressorsOf(loadZlib())
    for (let rowStart = 0; rowStart < count; rowStart += ROWS_AT_ONCE) {
      signal?.throwIfAborted()
      const rowEnd = Math.min(rowStart + ROWS_AT_ONCE, count)
      const options = {
        file,
        metadata,
        rowStart,
        rowEnd,
        parsers: PARSERS,
        compressors,
      }
      const rows: readonly unknown[] = await parquetReadObjects(options)
      yield encoder.encode(rows.map(row => `${jsonOf(row)}\n`).join(''))
    }
  } catch (error) {
    if (error instanceof DataFileError || signal?.aborted === true) throw error
    const message = error instanceof Error ? error.message : String(error)
    throw new DataFileError(`Its Parquet data cannot be read: ${message.replace(/\.$/, '')}.`)
  } finally {
    await handle.close()
  }
}

async function bufferOf(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat()
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(end - start)
      await handle.read(bytes, 0, bytes.length, start)
      return bytes.buffer
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

const timeOf = (ticks: bigint): string => formatDatetime(EPOCH + ticks)

const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: millis => timeOf(millis * 10_000n),
  timestampFromMicroseconds: micros => timeOf(micros * 10n),
  timestampFromNanoseconds: nanos => timeOf(nanos / 100n),
  dateFromDays: days => timeOf(BigInt(days) * 864_000_000_000n),
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

/** The value as JSON: a whole number keeps all of its digits. */
function jsonOf(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`
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
