import type { Transform } from 'node:stream'
import * as zlib from 'node:zlib'
import { DataFileError } from '../tables/formats/data-file.ts'

// Loading it takes longer than opening a file: few files are packed.
const loadZlib = () => zlib

const PIECE_BYTES = 1 << 18
/** What is inflated at once: a fault in it costs what it gives. */
const INFLATE_BYTES = 1 << 14
/** Bytes that tell whether data are compressed. */
const MAGIC_BYTES = 4

/** The bytes, decompressed where they begin like gzip or zstd. A piece is valid until the next one. */
export async function* decompressed(
  pieces: AsyncGenerator<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(pieces, signal)
  try {
    await input.has(MAGIC_BYTES)
    const head = input.ahead()
    if (isGzip(head)) yield* readAhead(gunzipped(input), signal)
    else if (isZstd(head)) yield* readAhead(unzstd(input), signal)
    else {
      if (head.length > 0) yield input.take(head.length)
      yield* pieces
    }
  } finally {
    // Not awaited: a reader that has enough does not wait for what is still being read.
    pieces.return(undefined).catch(() => undefined)
  }
}

/** Whether the bytes are the beginning of something that is decompressed. */
export function isCompressed(bytes: Uint8Array): boolean {
  return isGzip(bytes) || isZstd(bytes)
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** pzstd begins with a frame that is skipped. */
function isZstd(bytes: Uint8Array): boolean {
  return bytes.length >= MAGIC_BYTES && zstdMagic(bytes) !== undefined
}

const EARLY_END = (format: string) => `Its ${format} data end too early.`
const DAMAGED = (format: string) => `Its ${format} data are damaged.`
/** As `zstd` itself does, which has to be told where more is wanted. */
const LARGE_WINDOW =
  'Its zstd data take more than 128 MB of memory to unpack: unpack them with zstd -d --long=31.'
const FOLLOWED = (format: string) =>
  `Its ${format} data are followed by bytes that are no ${format} data.`

/** Compressed bytes, as many at a time as are wanted. */
class ByteInput {
  readonly #pieces: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal | undefined
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0

  constructor(pieces: AsyncIterable<Uint8Array>, signal?: AbortSignal) {
    this.#pieces = pieces[Symbol.asyncIterator]()
    this.#signal = signal
  }

  /** Whether as many bytes are left; they are in memory then. */
  async has(count: number): Promise<boolean> {
    while (this.#bytes.length - this.#at < count) {
      this.#signal?.throwIfAborted()
      // Kept before the next piece is asked for, which may take its place.
      const left = this.#bytes.slice(this.#at)
      const { done, value } = await this.#pieces.next()
      this.#at = 0
      this.#bytes = left
      if (done === true) return false
      this.#bytes = left.length === 0 ? value : joined(left, value)
    }
    return true
  }

  /** All bytes that are in memory. */
  ahead(): Uint8Array {
    return this.#bytes.subarray(this.#at)
  }

  /** The next bytes, which are in memory; they are valid until more are read. */
  take(count: number): Uint8Array {
    const start = this.#at
    this.#at += count
    return this.#bytes.subarray(start, this.#at)
  }

  /** Takes back the last bytes that were taken. */
  putBack(count: number): void {
    this.#at -= count
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

/** The pieces; the next one is under way while one is looked at. */
async function* readAhead(
  pieces: AsyncGenerator<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const read = () => {
    const reading = pieces.next()
    // A failure is met by the next turn; until then it must not count as unhandled.
    reading.catch(() => undefined)
    return reading
  }
  try {
    let reading = read()
    for (;;) {
      const { done, value } = await reading
      if (done === true) return
      signal?.throwIfAborted()
      reading = read()
      yield value
    }
  } finally {
    pieces.return(undefined).catch(() => undefined)
  }
}

type ZlibTransform = Transform & { readonly bytesWritten: number }

/** What Node decompresses with, written to piece by piece. */
class Decompressor {
  readonly #transform: ZlibTransform
  readonly #format: string
  #ready: Uint8Array[] = []
  #settle: (error?: unknown) => void = () => undefined

  constructor(transform: ZlibTransform, format: string) {
    this.#transform = transform
    this.#format = format
    // What is left in a stream that fails is lost, and one that has ended cannot be used again: its
    // pieces are taken before they get there.
    transform.push = (piece: Buffer | null) => {
      if (piece !== null) {
        // As plain as what comes from other files: the readers run faster on one kind of array.
        this.#ready.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.length))
      }
      return true
    }
    transform.on('error', error => this.#settle(error))
  }

  /**
   * What the bytes give; then how many of them were used, which are all but those behind the end.
   * @throws DataFileError where they are damaged, behind what they give before.
   */
  async *write(bytes: Uint8Array): AsyncGenerator<Uint8Array, number> {
    const before = this.#transform.bytesWritten
    const error = await new Promise<unknown>(resolve => {
      this.#settle = resolve
      this.#transform.write(bytes, resolve)
    })
    const ready = this.#ready
    this.#ready = []
    yield* ready
    if (error instanceof Error) throw compressionFault(error, this.#format)
    return this.#transform.bytesWritten - before
  }

  close(): void {
    this.#transform.destroy()
  }
}

/** A fault of the compressed data as one of the file; any other error as it is. */
function compressionFault(error: Error, format: string): Error {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ZSTD_error_frameParameter_windowTooLarge') return new DataFileError(LARGE_WINDOW)
  const isFault = typeof code === 'string' && /^(Z_|ZSTD_)/.test(code)
  return isFault ? new DataFileError(DAMAGED(format)) : error
}

/** The members one after another, as `gzip` reads them; zeros may be between and behind them. */
async function* gunzipped(input: ByteInput): AsyncGenerator<Uint8Array> {
  // Node's own reader of gzip would lose the end of a member when something else follows it.
  const inflate = loadZlib().createInflateRaw({ chunkSize: PIECE_BYTES })
  const body = new Decompressor(inflate, 'gzip')
  try {
    while (await input.has(1)) {
      await skipGzipHeader(input)
      yield* gzipBody(input, body)
      inflate.reset()
      await skipWhile(input, byte => byte === 0)
    }
  } finally {
    body.close()
  }
}

async function* gzipBody(input: ByteInput, body: Decompressor): AsyncGenerator<Uint8Array> {
  let checksum = 0
  let length = 0
  for (;;) {
    // There are always bytes behind the compressed ones, and they show where these end.
    if (!(await input.has(1))) throw new DataFileError(EARLY_END('gzip'))
    const bytes = input.take(Math.min(input.ahead().length, INFLATE_BYTES))
    const given = body.write(bytes)
    let step = await given.next()
    for (; step.done !== true; step = await given.next()) {
      checksum = crc32(step.value, checksum)
      length += step.value.length
      yield step.value
    }
    if (step.value < bytes.length) {
      input.putBack(bytes.length - step.value)
      break
    }
  }
  const trailer = await taken(input, 8, 'gzip')
  const isWhole = uint32(trailer, 0) === checksum && uint32(trailer, 4) === length % 2 ** 32
  if (!isWhole) throw new DataFileError(DAMAGED('gzip'))
}

const HEADER_CHECKSUM = 0x02
const EXTRA_FIELD = 0x04
const FILE_NAME = 0x08
const COMMENT = 0x10
const RESERVED_FLAGS = 0xe0

/** @see https://www.rfc-editor.org/rfc/rfc1952#page-5 */
async function skipGzipHeader(input: ByteInput): Promise<void> {
  await input.has(2)
  const [first, second = 0x8b] = input.ahead()
  if (first !== 0x1f || second !== 0x8b) throw new DataFileError(FOLLOWED('gzip'))
  const [, , method, flags = 0] = await taken(input, 10, 'gzip')
  if (method !== 8 || (flags & RESERVED_FLAGS) !== 0) throw new DataFileError(DAMAGED('gzip'))
  if (flags & EXTRA_FIELD) {
    const [low = 0, high = 0] = await taken(input, 2, 'gzip')
    await taken(input, low + high * 256, 'gzip')
  }
  if (flags & FILE_NAME) await skipText(input)
  if (flags & COMMENT) await skipText(input)
  if (flags & HEADER_CHECKSUM) await taken(input, 2, 'gzip')
}

async function skipText(input: ByteInput): Promise<void> {
  await skipWhile(input, byte => byte !== 0)
  await taken(input, 1, 'gzip')
}

async function skipWhile(input: ByteInput, isSkipped: (byte: number) => boolean): Promise<void> {
  while (await input.has(1)) {
    const ahead = input.ahead()
    const end = ahead.findIndex(byte => !isSkipped(byte))
    input.take(end < 0 ? ahead.length : end)
    if (end >= 0) return
  }
}

/** The next bytes, of which there must be so many. */
async function taken(input: ByteInput, count: number, format: string): Promise<Uint8Array> {
  if (!(await input.has(count))) throw new DataFileError(EARLY_END(format))
  return input.take(count)
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true)
}

/** The CRC-32 of bytes behind others that have `before`: Node's own where it has one, which it has from 22.2. */
export function crc32(bytes: Uint8Array, before: number): number {
  const own = loadZlib().crc32
  return typeof own === 'function' ? own(bytes, before) : crc32InJavaScript(bytes, before)
}

let crcTable: Uint32Array | undefined

/** What Node's `crc32` does where it has none. */
export function crc32InJavaScript(bytes: Uint8Array, before: number): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
    return rest
  })
  let crc = ~before
  for (let at = 0; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[at]!) & 0xff]!
  }
  return ~crc >>> 0
}

/** Node itself where it can, which is faster; Node 22 cannot before 22.15, nor can Node 23 before 23.8. */
async function* unzstd(input: ByteInput): AsyncGenerator<Uint8Array> {
  const { createZstdDecompress } = loadZlib()
  if (typeof createZstdDecompress !== 'function') {
    yield* unzstdByBlocks(input)
    return
  }
  const frames = new Decompressor(createZstdDecompress({ chunkSize: PIECE_BYTES }), 'zstd')
  try {
    // Node ends with the first frame where more bytes are written with its last ones.
    for await (const { bytes } of zstdParts(input)) yield* frames.write(bytes)
  } finally {
    frames.close()
  }
}

/** What {@link decompressed} does with zstd where Node cannot. */
export async function* unzstdInJavaScript(
  compressed: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  yield* unzstdByBlocks(new ByteInput(compressed, signal))
}

async function* unzstdByBlocks(input: ByteInput): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd')
  let ready: Uint8Array[] = []
  const begin = () => new Decompress(piece => ready.push(piece))
  let frame = begin()
  const push = (bytes: Uint8Array, isLast: boolean): void => {
    try {
      frame.push(bytes, isLast)
    } catch {
      throw new DataFileError(DAMAGED('zstd'))
    }
  }
  try {
    for await (const { bytes, isLast } of zstdParts(input)) {
      // It keeps some of the bytes.
      push(bytes.slice(), isLast)
      yield* ready
      ready = []
      if (isLast) frame = begin()
    }
  } catch (error) {
    // It waits with the first bytes of a frame until there are more.
    try {
      frame.push(new Uint8Array(0), true)
    } catch {
      // That the frame is not whole is known.
    }
    yield* ready
    throw error
  }
}

/** A part of a zstd frame that gives what it holds as soon as it is written. */
interface ZstdPart {
  readonly bytes: Uint8Array
  /** Whether the frame ends with it. */
  readonly isLast: boolean
}

/** No block is larger, nor gives more. */
const MAX_BLOCK_BYTES = 1 << 17

/**
 * The frames one after another, block by block, without those that are to be skipped.
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
async function* zstdParts(input: ByteInput): AsyncGenerator<ZstdPart> {
  while (await input.has(1)) {
    await input.has(MAGIC_BYTES)
    const magic = zstdMagic(input.ahead())
    if (magic === undefined) throw new DataFileError(FOLLOWED('zstd'))
    if (magic === 'skippable') await skipFrame(input)
    else yield* frameParts(input)
  }
}

async function* frameParts(input: ByteInput): AsyncGenerator<ZstdPart> {
  const descriptor = (await peeked(input, 5))[4]!
  const hasChecksum = (descriptor & 4) !== 0
  // The first block is given with the header of the frame.
  let start = frameHeaderBytes(descriptor)
  for (;;) {
    const header = (await peeked(input, start + 3)).subarray(start)
    const isLast = (header[0]! & 1) !== 0
    const type = (header[0]! >> 1) & 3
    const size = (header[0]! >> 3) | (header[1]! << 5) | (header[2]! << 13)
    if (type === 3 || size > MAX_BLOCK_BYTES) throw new DataFileError(DAMAGED('zstd'))
    // A block of one repeated byte holds it once.
    const bytes = await taken(input, start + 3 + (type === 1 ? 1 : size), 'zstd')
    yield { bytes, isLast: isLast && !hasChecksum }
    if (isLast) break
    start = 0
  }
  if (hasChecksum) yield { bytes: await taken(input, 4, 'zstd'), isLast: true }
}

function frameHeaderBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0
  const window = isSingleSegment ? 0 : 1
  const dictionary = [0, 1, 2, 4][descriptor & 3]!
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  return 5 + window + dictionary + contentSize
}

async function skipFrame(input: ByteInput): Promise<void> {
  let left = uint32(await taken(input, 8, 'zstd'), 4)
  while (left > 0) {
    if (!(await input.has(1))) throw new DataFileError(EARLY_END('zstd'))
    left -= input.take(Math.min(left, input.ahead().length)).length
  }
}

/** The next bytes, of which there must be so many, without taking them. */
async function peeked(input: ByteInput, count: number): Promise<Uint8Array> {
  if (!(await input.has(count))) throw new DataFileError(EARLY_END('zstd'))
  return input.ahead()
}

/** What the bytes begin, or, where they are too few, may begin. */
function zstdMagic(bytes: Uint8Array): 'frame' | 'skippable' | undefined {
  const begins = (magic: readonly number[], mask: number) =>
    magic.every((byte, at) => {
      const found = bytes[at]
      return found === undefined || (at === 0 ? found & mask : found) === byte
    })
  if (begins([0x28, 0xb5, 0x2f, 0xfd], 0xff)) return 'frame'
  return begins([0x50, 0x2a, 0x4d, 0x18], 0xf0) ? 'skippable' : undefined
}
