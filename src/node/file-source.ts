import { close, closeSync, fstatSync, open, openSync, read, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { DataFile, StoredBytes } from '../tables/formats/data-file.ts'
import { DataFileError, isUtf8 } from '../tables/formats/data-file.ts'
import { reasonOf } from './data-paths.ts'
import { decompressed, isCompressed } from './decompress.ts'
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
  const file = new OpenFile(await answer<number>(done => open(path, 'r', done)))
  try {
    yield* decompressed(file.pieces(signal), signal)
  } finally {
    await file.close()
  }
}

interface Piece {
  readonly bytes: Uint8Array
  readonly buffer: Uint8Array
}

/** A file that is read from its start on. To load `node:fs/promises`, which has such, takes two milliseconds. */
class OpenFile {
  readonly #descriptor: number
  /** What is read, or was read last. */
  #reading: Promise<Piece> | undefined

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /**
   * The file's bytes; the next piece is under way while one is looked at, so that two buffers do in
   * turn. New ones for every piece would make the garbage collector run again and again.
   */
  async *pieces(signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const { size } = orFault(() => fstatSync(this.#descriptor))
    let done = 0
    let free: Uint8Array | undefined
    // One byte more than there should be, so that a short piece says that the file ends there; a pipe
    // has no size, and ends where nothing comes.
    const next = (): Promise<Piece> => {
      const length = Math.min(Math.max(size - done + 1, LEAST_BYTES), PIECE_BYTES)
      const buffer = free !== undefined && free.length >= length ? free : new Uint8Array(length)
      this.#reading = this.#read(buffer.subarray(0, length))
      return this.#reading
    }
    let reading: Promise<Piece> | undefined = next()
    while (reading !== undefined) {
      const piece: Piece = await reading
      const { length } = piece.bytes
      if (length === 0) return
      signal?.throwIfAborted()
      done += length
      const full = length === piece.buffer.length
      reading = !full && size > 0 && done >= size ? undefined : next()
      // A failure is met by the next turn; until then it must not count as unhandled.
      reading?.catch(() => undefined)
      yield piece.bytes
      free = piece.buffer
    }
  }

  /** Closes the file once nothing reads it: until then another one must not have its descriptor. */
  async close(): Promise<void> {
    await this.#reading?.catch(() => undefined)
    await answer<void>(done => close(this.#descriptor, done))
  }

  async #read(buffer: Uint8Array): Promise<Piece> {
    const { length } = buffer
    const count = await answer<number>(done =>
      read(this.#descriptor, buffer, 0, length, null, done),
    )
    return { bytes: buffer.subarray(0, count), buffer }
  }
}

/** What a function of the file system calls back with, its error as one of the file. */
function answer<T>(
  ask: (done: (error: Error | null | undefined, value?: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, value) => {
      if (error) reject(new DataFileError(reasonOf(error)))
      else resolve(value as T)
    })
  })
}
