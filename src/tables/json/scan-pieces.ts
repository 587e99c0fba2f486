import type { ColumnBatch } from '../batch.ts'
import type { RecordReader } from './record-reader.ts'
import { LineSplitter, lastNewline, type WantedLines } from './scan-ndjson.ts'
import { SEGMENT_BYTES } from './segment-reader.ts'
import { NEWLINE } from './skip.ts'

/** A piece of a text, in bytes that can be loaded. */
export interface Piece {
  readonly bytes: Uint8Array
  /** Where in them it begins; before it is room. */
  readonly start: number
  readonly length: number
  /** Takes lines of it: so that what they are loaded into is at hand. */
  use(take: () => void): void
}

/** The pieces of a text, which are read in whatever order and asked for one after the other. */
export interface Pieces {
  /** The bytes of a piece, a part of {@link SEGMENT_BYTES}, and the room before it. */
  readonly bytes: number
  readonly lead: number
  /** The size of the text. */
  readonly size: number
  /** The piece of a number; without any bytes behind the last one. Throws what the text throws. */
  read(piece: number): Promise<Piece>
  /** Has done with the piece that was asked for last. */
  release?(): void
  /** Has done with all of them. */
  close(): Promise<void>
}

/**
 * The batches of records that stand one on a line of a text of which there are pieces. They come segment by
 * segment, or, where few lines matter, by several: a reader that stops early has met what it would have met
 * with any number of threads.
 */
export function scanPieces(
  pieces: Pieces,
  reader: RecordReader,
  wanted: WantedLines,
  signal?: AbortSignal,
): AsyncGenerator<ColumnBatch> {
  return new PieceScan(pieces, reader, wanted, signal).batches()
}

/** Rows come with those of so many segments where few lines matter: each time costs more than they do. */
const MOST_WAITING = 8

class PieceScan {
  readonly #pieces: Pieces
  readonly #reader: RecordReader
  readonly #lines: LineSplitter
  readonly #signal: AbortSignal | undefined
  /** Whether a segment has ended but for its last line. */
  #isDue = false
  /** The start of the first line of the next piece, and how long it is. */
  readonly #tail: Uint8Array
  #carried = 0
  /** How many segments have ended whose rows are still to come. */
  #waiting = 0
  /** How many bytes of the piece were taken already. */
  #taken = 0

  constructor(
    pieces: Pieces,
    reader: RecordReader,
    wanted: WantedLines,
    signal: AbortSignal | undefined,
  ) {
    this.#pieces = pieces
    this.#reader = reader
    this.#lines = new LineSplitter(reader, { ...wanted, gathers: true })
    this.#signal = signal
    this.#tail = new Uint8Array(pieces.lead)
  }

  async *batches(): AsyncGenerator<ColumnBatch> {
    const pieces = this.#pieces
    const inSegment = SEGMENT_BYTES / pieces.bytes
    try {
      for (let number = 0; ; number++) {
        let piece: Piece
        try {
          piece = await pieces.read(number)
        } catch (reason) {
          // Of a line that a fault cuts off nothing is known.
          this.#lines.settle()
          yield* this.#rows()
          throw reason
        }
        this.#signal?.throwIfAborted()
        const carried = this.#carried
        piece.bytes.set(this.#tail.subarray(0, carried), piece.start - carried)
        if (number % inSegment === 0) this.#isDue = true
        if (this.#isDue && this.#endSegment(piece) && !this.#mayWait()) {
          piece.use(() => this.#lines.settle())
          yield* this.#rows()
        }
        this.#take(piece, number * pieces.bytes + piece.length >= pieces.size)
        pieces.release?.()
        if (piece.length === 0) break
      }
      this.#lines.end()
      yield* this.#rows()
    } finally {
      await pieces.close()
    }
  }

  /** Whether the rows of the segments that have ended may come with those of the next one. */
  #mayWait(): boolean {
    if (this.#lines.isSparse && ++this.#waiting < MOST_WAITING) return true
    this.#waiting = 0
    return false
  }

  /**
   * Takes the last line of a segment, which may end in the first piece of the next one. Whether it has
   * ended: then the segment's rows are there.
   */
  #endSegment(piece: Piece): boolean {
    const { bytes, start, length } = piece
    const isWithinLine = this.#carried > 0 || this.#lines.isWithinLine
    const newline = isWithinLine ? bytes.subarray(start, start + length).indexOf(NEWLINE) : -1
    if (isWithinLine && newline < 0) return false
    this.#isDue = false
    if (!isWithinLine) return true
    this.#taken = newline + 1
    piece.use(() => this.#lines.push(bytes, start - this.#carried, start + this.#taken))
    this.#carried = 0
    return true
  }

  /**
   * Takes the lines of a piece, and the start of the first one, which stands before it. Of the line that
   * has not ended, keeps the start for the next piece.
   */
  #take(piece: Piece, isLast: boolean): void {
    const { bytes } = piece
    const start = piece.start + this.#taken - this.#carried
    const end = piece.start + piece.length
    const last = isLast || piece.length === 0 ? end : lastNewline(bytes, start, end) + 1
    const whole = end - last <= this.#tail.length ? last : end
    piece.use(() => this.#lines.push(bytes, start, whole))
    this.#tail.set(bytes.subarray(whole, end))
    this.#carried = end - whole
    this.#taken = 0
  }

  /** The rows of the segment that has ended. */
  *#rows(): Generator<ColumnBatch> {
    for (let batch = this.#reader.takeRest(); batch; batch = this.#reader.takeRest()) {
      if (batch.rowCount > 0) yield batch
      this.#signal?.throwIfAborted()
    }
  }
}
