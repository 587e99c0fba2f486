import type { FileHandle } from 'node:fs/promises'
import { open, stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { DataFile } from '../tables/formats/data-file.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import { reasonOf } from './data-paths.ts'

/** Reads of this size take about a third less time than a read stream's default of 64 KiB. */
const PIECE_BYTES = 1 << 20
const LEAST_BYTES = 1 << 12

/** A file on disk, decompressed by the way where it begins like gzip, whatever its name. */
export async function openFile(path: string): Promise<DataFile> {
  try {
    const { size } = await stat(path)
    return { path, size, read: signal => readFile(path, signal) }
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}

async function* readFile(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
  try {
    const pieces = readPieces(handle, signal)
    const first = await pieces.next()
    if (first.done === true) return
    const all = withFirst(first.value, pieces)
    yield* isGzip(first.value) ? gunzip(all, signal) : all
  } finally {
    await handle.close()
  }
}

/** The file's bytes; the next piece is under way while one is looked at. */
async function* readPieces(handle: FileHandle, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { size } = await handle.stat()
  let read = 0
  // One byte more than there should be, so that a short piece says that the file ends there; a pipe
  // has no size, and ends where nothing comes.
  const next = () =>
    readPiece(handle, Math.min(Math.max(size - read + 1, LEAST_BYTES), PIECE_BYTES))
  let reading: Promise<Piece> | undefined = next()
  while (reading !== undefined) {
    const { bytes, full }: Piece = await reading
    if (bytes.length === 0) return
    signal?.throwIfAborted()
    read += bytes.length
    reading = !full && size > 0 && read >= size ? undefined : next()
    // A failure is met by the next turn; until then it must not count as unhandled.
    reading?.catch(() => undefined)
    yield bytes
  }
}

interface Piece {
  readonly bytes: Uint8Array
  readonly full: boolean
}

async function readPiece(handle: FileHandle, length: number): Promise<Piece> {
  try {
    // Not from the pool of small buffers, and not zeroed: the file's bytes overwrite it.
    const buffer = Buffer.allocUnsafeSlow(length)
    const { bytesRead } = await handle.read(buffer, 0, length, null)
    return { bytes: buffer.subarray(0, bytesRead), full: bytesRead === length }
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}

async function* withFirst(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

async function* gunzip(
  compressed: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const inflated = createGunzip({ chunkSize: PIECE_BYTES / 4 })
  // Errors reach the reader of the last stream; the callback only keeps them from being thrown.
  pipeline(Readable.from(compressed), inflated, () => undefined)
  try {
    for await (const piece of inflated) {
      signal?.throwIfAborted()
      yield piece as Uint8Array
    }
  } catch (error) {
    throw compressionFault(error)
  } finally {
    inflated.destroy()
  }
}

/** A fault of the compressed data as one of the file; any other error as it is. */
function compressionFault(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'Z_BUF_ERROR') return new DataFileError('Its gzip data end too early.')
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new DataFileError('Its gzip data are damaged.')
  }
  return error
}
