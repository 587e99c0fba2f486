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

/**
 * The file's bytes; the next piece is under way while one is looked at, so that two buffers do in
 * turn. New ones for every piece would make the garbage collector run again and again.
 */
async function* readPieces(handle: FileHandle, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const { size } = await handle.stat()
  let read = 0
  let free: Uint8Array | undefined
  // One byte more than there should be, so that a short piece says that the file ends there; a pipe
  // has no size, and ends where nothing comes.
  const next = (): Promise<Piece> => {
    const length = Math.min(Math.max(size - read + 1, LEAST_BYTES), PIECE_BYTES)
    const buffer = free !== undefined && free.length >= length ? free : new Uint8Array(length)
    return readPiece(handle, buffer.subarray(0, length))
  }
  let reading: Promise<Piece> | undefined = next()
  while (reading !== undefined) {
    const piece: Piece = await reading
    const { length } = piece.bytes
    if (length === 0) return
    signal?.throwIfAborted()
    read += length
    const full = length === piece.buffer.length
    reading = !full && size > 0 && read >= size ? undefined : next()
    // A failure is met by the next turn; until then it must not count as unhandled.
    reading?.catch(() => undefined)
    yield piece.bytes
    free = piece.buffer
  }
}

interface Piece {
  readonly bytes: Uint8Array
  readonly buffer: Uint8Array
}

async function readPiece(handle: FileHandle, buffer: Uint8Array): Promise<Piece> {
  try {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null)
    return { bytes: buffer.subarray(0, bytesRead), buffer }
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}

/** Pieces that stay as they are when the next one is read. */
async function* copies(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield piece.slice()
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
  pipeline(Readable.from(copies(compressed)), inflated, () => undefined)
  try {
    for await (const piece of inflated) {
      signal?.throwIfAborted()
      const { buffer, byteOffset, length } = piece as Uint8Array
      // As plain as what comes from other files: the readers run faster on one kind of array.
      yield new Uint8Array(buffer, byteOffset, length)
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
