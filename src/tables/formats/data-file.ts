import type { StoredText } from '../json/segment-reader.ts'
import type { PieceThread } from '../json/shared-pieces.ts'

/** A file of logs, wherever it is: its bytes, decompressed, as often as they are asked for. */
export interface DataFile {
  /** Its path, as problems name it and as its table may be told from. */
  readonly path: string
  /** Its size as it is stored, in bytes, where that is known. */
  readonly size?: number
  /**
   * What the values of members are, a sum of {@link SEEN_LONG} and the like, where the file itself declares
   * that; it is known once bytes of it were read.
   */
  readonly kinds?: ReadonlyMap<string, number>
  /** Names that several of its columns have, of which the first is read; known as {@link kinds} is. */
  readonly repeated?: ReadonlySet<string>
  /**
   * The bytes in pieces of any size, in order. A piece is valid until the next one is asked for.
   *
   * @param wanted what matters of records that stand one on a line: a file that makes the records may leave
   *   out the rest
   * @throws DataFileError where the file cannot be read any further.
   */
  read(signal?: AbortSignal, wanted?: WantedRecords): AsyncIterable<Uint8Array>
  /**
   * Opens it for reads at any position; undefined where its bytes are not stored as {@link read} gives
   * them, or are not known to be.
   * @throws DataFileError where the file cannot be opened.
   */
  open?(): StoredBytes | undefined
}

/** What matters of records. */
export interface WantedRecords {
  /** The names of members; one that is null may be left out. */
  readonly members: ReadonlySet<string>
  readonly time?: WantedTime
}

/** The times that matter, in ticks: `from <= time <= to`. A record with another one may be an empty line. */
export interface WantedTime {
  /** Which member has it: the first of these that a record has. */
  readonly members: readonly string[]
  readonly from?: bigint
  readonly to?: bigint
  /** Called with how many records are empty lines in place. */
  leaveOut(records: number): void
}

/** The bytes of a file as they are stored; to read them throws a DataFileError where it cannot be done. */
export interface StoredBytes extends StoredText {
  /** The same as `read`, while something else is done; where it is missing, there is no such way. */
  readAhead?(into: Uint8Array, position: number): Promise<number>
  /**
   * Other threads that can read it, so many at most, each to be released; where it is missing, there are
   * none.
   */
  threads?(count: number): readonly PieceThread[]
  close(): void
}

/** A file that cannot be read, or not any further; the message says why. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError'
}

const UTF8_MARK = [0xef, 0xbb, 0xbf]

/**
 * The bytes of a text file as UTF-8 without a byte order mark. UTF-16 with a mark, as PowerShell
 * writes it, is converted; anything else is handed on as it is.
 */
export async function* utf8(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined
  let convert: ((piece: Uint8Array, last: boolean) => Uint8Array) | undefined
  let begun = false
  for await (const piece of pieces) {
    if (begun) {
      yield convert === undefined ? piece : convert(piece, false)
      continue
    }
    head = head === undefined ? piece : concatBytes([head, piece])
    if (head.length < 3) {
      head = head.slice()
      continue
    }
    begun = true
    convert = utf16Converter(head)
    yield convert === undefined ? withoutMark(head) : convert(head, false)
  }
  // A mark alone is what PowerShell writes where there is nothing to write.
  if (!begun && head !== undefined && isUtf8(head)) yield withoutMark(head)
  if (convert !== undefined) yield convert(new Uint8Array(0), true)
}

/** Whether a text that begins so is one that {@link utf8} does not convert. */
export function isUtf8(head: Uint8Array): boolean {
  return utf16Converter(head) === undefined
}

/** The bytes without a UTF-8 byte order mark in front. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return UTF8_MARK.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes
}

function utf16Converter(
  head: Uint8Array,
): ((piece: Uint8Array, last: boolean) => Uint8Array) | undefined {
  const mark = ((head[0] ?? 0) << 8) | (head[1] ?? 0)
  if (mark !== 0xfffe && mark !== 0xfeff) return undefined
  const decoder = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be')
  const encoder = new TextEncoder()
  return (piece, last) => encoder.encode(decoder.decode(piece, { stream: !last }))
}

/** The bytes of all pieces, one after the other. */
export function concatBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return first
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}

/** The bytes, or what is made of them, up to where the file cannot be read any further, which is reported. */
export async function* upToFault<T>(
  pieces: AsyncIterable<T>,
  report: (message: string) => void,
): AsyncGenerator<T> {
  try {
    yield* pieces
  } catch (error) {
    if (!(error instanceof DataFileError)) throw error
    report(error.message)
  }
}
