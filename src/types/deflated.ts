import { deflateSync, Inflate } from 'fflate'

/** Data that grow beyond this when they are decompressed are given up: a few bytes can be gigabytes. */
const MAX_INFLATED_BYTES = 16 * 1024 * 1024
/** What is decompressed at once: it grows a thousandfold at most. */
const PIECE_BYTES = 4096

const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)
const ZLIB_HEADER = Uint8Array.of(0x78, 0x01)

/** The bytes as a gzip file without name and time. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const trailer = new DataView(new ArrayBuffer(8))
  trailer.setUint32(0, crc32(bytes), true)
  trailer.setUint32(4, bytes.length, true)
  return joined([GZIP_HEADER, deflate(bytes), new Uint8Array(trailer.buffer)])
}

/**
 * The bytes of a gzip file without optional fields in its header; undefined where it is none, is
 * damaged, or gives more than 16 MiB.
 */
export function gunzip(file: Uint8Array): Uint8Array | undefined {
  const end = file.length - 8
  if (end < GZIP_HEADER.length || file[3] !== 0) return undefined
  if (file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8) return undefined
  const bytes = inflate(file.subarray(GZIP_HEADER.length, end))
  if (bytes === undefined) return undefined
  const trailer = new DataView(file.buffer, file.byteOffset + end, 8)
  const whole =
    trailer.getUint32(0, true) === crc32(bytes) && trailer.getUint32(4, true) === bytes.length
  return whole ? bytes : undefined
}

/** The bytes in the zlib format. */
export function zlib(bytes: Uint8Array): Uint8Array {
  const trailer = new DataView(new ArrayBuffer(4))
  trailer.setUint32(0, adler32(bytes))
  return joined([ZLIB_HEADER, deflate(bytes), new Uint8Array(trailer.buffer)])
}

/** The bytes of the zlib format; undefined as for {@link gunzip}. */
export function unzlib(file: Uint8Array): Uint8Array | undefined {
  const end = file.length - 4
  if (end < ZLIB_HEADER.length) return undefined
  const [method = 0, flags = 0] = file
  if (method !== 0x78 || (method * 256 + flags) % 31 !== 0 || (flags & 0x20) !== 0) return undefined
  const bytes = inflate(file.subarray(ZLIB_HEADER.length, end))
  if (bytes === undefined) return undefined
  const trailer = new DataView(file.buffer, file.byteOffset + end, 4)
  return trailer.getUint32(0) === adler32(bytes) ? bytes : undefined
}

/** Bytes that compressing makes no fewer are stored, as the example of the documentation has them. */
function deflate(bytes: Uint8Array): Uint8Array {
  const deflated = deflateSync(bytes)
  return deflated.length <= bytes.length ? deflated : stored(bytes)
}

const STORED_BYTES = 65_535

function stored(bytes: Uint8Array): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let at = 0; at < bytes.length || at === 0; at += STORED_BYTES) {
    const block = bytes.subarray(at, at + STORED_BYTES)
    const header = new DataView(new ArrayBuffer(5))
    header.setUint8(0, at + STORED_BYTES >= bytes.length ? 1 : 0)
    header.setUint16(1, block.length, true)
    header.setUint16(3, ~block.length & 0xffff, true)
    blocks.push(new Uint8Array(header.buffer), block)
  }
  return joined(blocks)
}

function inflate(deflated: Uint8Array): Uint8Array | undefined {
  const pieces: Uint8Array[] = []
  let size = 0
  const stream = new Inflate(piece => {
    pieces.push(piece)
    size += piece.length
  })
  try {
    for (let at = 0; at < deflated.length || at === 0; at += PIECE_BYTES) {
      const end = Math.min(at + PIECE_BYTES, deflated.length)
      stream.push(deflated.subarray(at, end), end === deflated.length)
      if (size > MAX_INFLATED_BYTES) return undefined
    }
  } catch (error) {
    if (isFflateError(error)) return undefined
    throw error
  }
  return joined(pieces)
}

/** fflate numbers its errors. */
function isFflateError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'number'
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let k = 0; k < bytes.length; k++) crc = CRC_TABLE[(crc ^ bytes[k]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

function adler32(bytes: Uint8Array): number {
  let a = 1
  let b = 0
  for (let k = 0; k < bytes.length; k++) {
    a = (a + bytes[k]!) % 65_521
    b = (b + a) % 65_521
  }
  return b * 65_536 + a
}
