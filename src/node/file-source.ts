import { closeSync, fstatSync, openSync, statSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { DataFile, StoredBytes } from '../tables/formats/data-file.ts'
import { DataFileError, isUtf8 } from '../tables/formats/data-file.ts'
import { reasonOf } from './data-paths.ts'
import { decompressed, isCompressed } from './decompress.ts'
import { filePromises } from './file-promises.ts'
import { readAt, readLater } from './read-at.ts'
import { identityOf } from './scan-task.ts'
import { scanThreads } from './scan-threads.ts'

/** Reads of this size take about a third less time than a read stream's default of 64 KiB. */
const PIECE_BYTES = 1 << 20
const LEAST_BYTES = 1 << 12
/** Bytes that tell whether a file is compressed, or in UTF-16. */
const HEAD_BYTES = 4

/** A file on disk, decompressed by the way where it begins like gzip or zstd, whatever its name. */
export async function openFile(path: string): Promise<DataFile> {
  try {
    const stats = statSync(path)
    const { size } = stats
    const file = { path, size, read: (signal?: AbortSignal) => readFile(path, signal) }
    return stats.isFile() ? { ...file, open: () => openStored(path) } : file
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}

/** The file for reads at any position, where it is not packed. */
function openStored(path: string): StoredBytes | undefined {
  const descriptor = orFault(() => openSync(path, 'r'))
  const read = (into: Uint8Array, position: number) =>
    orFault(() => readAt(descriptor, into, position))
  const readAhead = async (into: Uint8Array, position: number) => {
    try {
      return await readLater(descriptor, into, position)
    } catch (error) {
      throw new DataFileError(reasonOf(error))
    }
  }
  const close = () => closeSync(descriptor)
  try {
    const head = new Uint8Array(HEAD_BYTES)
    const start = head.subarray(0, read(head, 0))
    if (!isCompressed(start) && isUtf8(start)) {
      const stats = orFault(() => fstatSync(descriptor, { bigint: true }))
      const file = { path: resolve(path), identity: identityOf(stats) }
      const threads = (count: number) => scanThreads(file, count)
      return { size: Number(stats.size), read, readAhead, threads, close }
    }
  } catch (error) {
    close()
    throw error
  }
  close()
  return undefined
}

/** What the file system gives, its error as one of the file. */
function orFault<T>(give: () => T): T {
  try {
    return give()
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
}

async function* readFile(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  let handle: FileHandle
  try {
    handle = await filePromises().open(path, 'r')
  } catch (error) {
    throw new DataFileError(reasonOf(error))
  }
  try {
    yield* decompressed(readPieces(handle, signal), signal)
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
