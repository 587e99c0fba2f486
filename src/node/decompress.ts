import { pipeline, Readable, type Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { DataFileError } from '../tables/formats/data-file.ts'

// Loading it takes longer than opening a file: few files are packed.
const loadZlib = () => zlib

const PIECE_BYTES = 1 << 18

/** The bytes, decompressed where they begin like gzip or zstd. A piece is valid until the next one. */
export async function* decompressed(
  pieces: AsyncGenerator<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const first = await pieces.next()
  if (first.done === true) return
  const all = withFirst(first.value, pieces)
  if (isGzip(first.value)) {
    yield* inflated(all, loadZlib().createGunzip({ chunkSize: PIECE_BYTES }), 'gzip', signal)
  } else if (isZstd(first.value)) {
    yield* unzstd(all, signal)
  } else {
    yield* all
  }
}

async function* withFirst(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first
  yield* rest
}

/** Whether the bytes are the beginning of something that is decompressed. */
export function isCompressed(bytes: Uint8Array): boolean {
  return isGzip(bytes) || isZstd(bytes)
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function isZstd(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd
}

/** Node itself where it can, which is faster; Node 22 cannot before 22.15. */
async function* unzstd(
  compressed: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { createZstdDecompress } = loadZlib()
  if (typeof createZstdDecompress === 'function') {
    yield* inflated(compressed, createZstdDecompress({ chunkSize: PIECE_BYTES }), 'zstd', signal)
  } else {
    yield* unzstdInJavaScript(compressed, signal)
  }
}

/** What {@link decompressed} does with zstd where Node cannot. */
export async function* unzstdInJavaScript(
  compressed: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd')
  let ready: Uint8Array[] = []
  let ended = false
  const stream = new Decompress((piece, isLast) => {
    ready.push(piece)
    ended ||= isLast === true
  })
  const push = (piece: Uint8Array, isLast: boolean): void => {
    try {
      stream.push(piece, isLast)
    } catch {
      throw new DataFileError(isLast ? EARLY_END('zstd') : DAMAGED('zstd'))
    }
  }
  for await (const piece of copies(compressed)) {
    signal?.throwIfAborted()
    push(piece, false)
    yield* ready
    ready = []
  }
  push(new Uint8Array(0), true)
  yield* ready
  if (!ended) throw new DataFileError(EARLY_END('zstd'))
}

const EARLY_END = (format: string) => `Its ${format} data end too early.`
const DAMAGED = (format: string) => `Its ${format} data are damaged.`

/** Pieces that stay as they are when the next one is read. */
async function* copies(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield piece.slice()
}

async function* inflated(
  compressed: AsyncIterable<Uint8Array>,
  transform: Transform,
  format: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // Errors reach the reader of the last stream; the callback only keeps them from being thrown.
  pipeline(Readable.from(copies(compressed)), transform, () => undefined)
  try {
    for await (const piece of transform) {
      signal?.throwIfAborted()
      const { buffer, byteOffset, length } = piece as Uint8Array
      // As plain as what comes from other files: the readers run faster on one kind of array.
      yield new Uint8Array(buffer, byteOffset, length)
    }
  } catch (error) {
    throw compressionFault(error, format)
  } finally {
    transform.destroy()
  }
}

/** A fault of the compressed data as one of the file; any other error as it is. */
function compressionFault(error: unknown, format: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'Z_BUF_ERROR') return new DataFileError(EARLY_END(format))
  if (typeof code === 'string' && /^(Z_|ZSTD_)/.test(code)) {
    return new DataFileError(DAMAGED(format))
  }
  return error
}
