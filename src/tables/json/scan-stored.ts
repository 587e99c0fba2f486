import type { ColumnBatch } from '../batch.ts'
import type { RecordReader } from './record-reader.ts'
import { fullBatches, LineSplitter, type WantedLines } from './scan-ndjson.ts'
import { leaveRoom, room } from './skip-memory.ts'

/** A text that can be read from any position on. */
export interface StoredText {
  readonly size: number
  /** Fills the buffer with the bytes from a position on, and gives their number. */
  read(into: Uint8Array, position: number): number
}

const PIECE_BYTES = 1 << 20
/** After so many bytes timers and signals have their turn. */
const BYTES_A_TURN = 1 << 28

/**
 * The batches of records that stand one on a line of a stored text. Each piece is read where it is looked
 * through, so that it is never copied.
 */
export async function* scanStored(
  text: StoredText,
  reader: RecordReader,
  wanted?: WantedLines,
  signal?: AbortSignal,
): AsyncGenerator<ColumnBatch> {
  const lines = new LineSplitter(reader, wanted)
  const own = wanted?.kernel === false ? new Uint8Array(PIECE_BYTES) : undefined
  let turn = 0
  for (let at = 0; at < text.size; ) {
    signal?.throwIfAborted()
    // The room is everybody's: nothing may be waited for while it is in use.
    const piece = own ?? room(PIECE_BYTES) ?? new Uint8Array(PIECE_BYTES)
    let length: number
    try {
      length = text.read(piece, at)
      lines.push(piece.subarray(0, length))
    } finally {
      leaveRoom()
    }
    if (length === 0) break
    at += length
    turn += length
    yield* fullBatches(reader, signal)
    if (turn < BYTES_A_TURN || signal === undefined) continue
    turn = 0
    await new Promise(resolve => setTimeout(resolve, 0))
  }
  lines.end()
  yield* fullBatches(reader, signal)
  const rest = reader.takeRest()
  if (rest !== undefined) yield rest
}
