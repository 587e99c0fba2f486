import type { ColumnBatch } from '../batch.ts'
import type { RecordReader } from './record-reader.ts'
import { LineSplitter, lastNewline, type WantedLines } from './scan-ndjson.ts'
import { SEGMENT_BYTES, type StoredText } from './segment-reader.ts'
import { NEWLINE } from './skip.ts'
import {
  endPiece,
  LEAD_BYTES,
  leavePieces,
  PIECE_BYTES,
  PIECE_PLACES,
  pieceStart,
  piecesRoom,
} from './skip-memory.ts'

/** A text whose bytes can come while something else is done. */
export interface TextAhead extends StoredText {
  readAhead(into: Uint8Array, position: number): Promise<number>
}

const PIECES_A_SEGMENT = SEGMENT_BYTES / PIECE_BYTES

/**
 * The batches of records that stand one on a line of a text, of which pieces are being read while the
 * one before them is looked at. They come segment by segment: a reader that stops early has met what it
 * would have met with any number of threads. undefined where there is no room for that now.
 */
export function scanAhead(
  text: TextAhead,
  reader: RecordReader,
  wanted: WantedLines,
  signal?: AbortSignal,
): AsyncGenerator<ColumnBatch> | undefined {
  const room = piecesRoom()
  return room && new AheadScan(text, room, reader, wanted, signal).batches()
}

class AheadScan {
  readonly #text: TextAhead
  readonly #room: Uint8Array
  readonly #reader: RecordReader
  readonly #lines: LineSplitter
  readonly #signal: AbortSignal | undefined
  /** Whether a segment has ended but for its last line. */
  #isDue = false
  /** How many bytes before the next piece are the start of its first line. */
  #carried = 0
  /** How many bytes of the piece were taken already. */
  #taken = 0

  constructor(
    text: TextAhead,
    room: Uint8Array,
    reader: RecordReader,
    wanted: WantedLines,
    signal: AbortSignal | undefined,
  ) {
    this.#text = text
    this.#room = room
    this.#reader = reader
    this.#lines = new LineSplitter(reader, wanted)
    this.#signal = signal
  }

  async *batches(): AsyncGenerator<ColumnBatch> {
    // By the piece's number. The place of the one that is looked at is not free.
    const reading: Promise<number>[] = []
    let fault: { readonly reason: unknown } | undefined
    try {
      for (let piece = 0; ; piece++) {
        while (reading.length < piece + PIECE_PLACES) reading.push(this.#read(reading.length))
        let length = 0
        try {
          length = await reading[piece]!
        } catch (reason) {
          fault = { reason }
        }
        this.#signal?.throwIfAborted()
        endPiece(pieceStart(piece) + length)
        if (piece % PIECES_A_SEGMENT === 0) this.#isDue = true
        if (this.#isDue && this.#endSegment(piece, length)) yield* this.#rows()
        // Of a line that a fault cuts off nothing is known.
        if (fault !== undefined) break
        this.#take(piece, length)
        if (length === 0) break
      }
      if (fault === undefined) this.#lines.end()
      yield* this.#rows()
      if (fault !== undefined) throw fault.reason
    } finally {
      // What is on its way must have come before others are given the room.
      await Promise.allSettled(reading)
      leavePieces()
    }
  }

  /** Begins to read the piece of a number. */
  #read(piece: number): Promise<number> {
    const position = piece * PIECE_BYTES
    const length = Math.min(PIECE_BYTES, this.#text.size - position)
    if (length <= 0) return Promise.resolve(0)
    const start = pieceStart(piece)
    const reading = this.#text.readAhead(this.#room.subarray(start, start + length), position)
    // A failure is met when it is its turn; until then it must not count as unhandled.
    reading.catch(() => undefined)
    return reading
  }

  /**
   * Takes the last line of a segment, which may end in the first piece of the next one. Whether it has
   * ended: then the segment's rows are there.
   */
  #endSegment(piece: number, length: number): boolean {
    const start = pieceStart(piece)
    const isWithinLine = this.#carried > 0 || this.#lines.isWithinLine
    const newline = isWithinLine ? this.#room.subarray(start, start + length).indexOf(NEWLINE) : -1
    if (isWithinLine && newline < 0) return false
    this.#isDue = false
    if (!isWithinLine) return true
    this.#taken = newline + 1
    this.#lines.push(this.#room, start - this.#carried, start + this.#taken)
    this.#carried = 0
    return true
  }

  /**
   * Takes the lines of a piece, and the start of the first one, which stands before it. Of the line that
   * has not ended, puts the start before the next piece.
   */
  #take(piece: number, length: number): void {
    const room = this.#room
    const start = pieceStart(piece) + this.#taken - this.#carried
    const end = pieceStart(piece) + length
    const isLast = piece * PIECE_BYTES + length >= this.#text.size || length === 0
    const last = isLast ? end : lastNewline(room, start, end) + 1
    const whole = end - last <= LEAD_BYTES ? last : end
    this.#lines.push(room, start, whole)
    room.copyWithin(pieceStart(piece + 1) - (end - whole), whole, end)
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
