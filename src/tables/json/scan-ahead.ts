import type { Piece, Pieces } from './scan-pieces.ts'
import type { StoredText } from './segment-reader.ts'
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

/** The pieces of a text of which the next ones are being read; undefined where there is no room for that now. */
export function piecesAhead(text: TextAhead): Pieces | undefined {
  const room = piecesRoom()
  return room && new PiecesAhead(text, room)
}

/** Pieces in the memory of this thread's kernel. */
class PiecesAhead implements Pieces {
  readonly bytes = PIECE_BYTES
  readonly lead = LEAD_BYTES
  readonly #text: TextAhead
  readonly #room: Uint8Array
  /** By the piece's number. The place of the one that is looked at is not free. */
  readonly #reading: Promise<number>[] = []

  constructor(text: TextAhead, room: Uint8Array) {
    this.#text = text
    this.#room = room
  }

  get size(): number {
    return this.#text.size
  }

  async read(piece: number): Promise<Piece> {
    const reading = this.#reading
    while (reading.length < piece + PIECE_PLACES) reading.push(this.#begin(reading.length))
    const length = await reading[piece]!
    const start = pieceStart(piece)
    endPiece(start + length)
    return { bytes: this.#room, start, length, use: take => take() }
  }

  async close(): Promise<void> {
    // What is on its way must have come before others are given the room.
    await Promise.allSettled(this.#reading)
    leavePieces()
  }

  /** Begins to read the piece of a number. */
  #begin(piece: number): Promise<number> {
    const position = piece * PIECE_BYTES
    const length = Math.min(PIECE_BYTES, this.#text.size - position)
    if (length <= 0) return Promise.resolve(0)
    const start = pieceStart(piece)
    const reading = this.#text.readAhead(this.#room.subarray(start, start + length), position)
    // A failure is met when it is its turn; until then it must not count as unhandled.
    reading.catch(() => undefined)
    return reading
  }
}
