import type { ColumnBatch } from '../batch.ts'
import type { ReadProblem } from '../source.ts'
import type { LineFilter } from './line-filter.ts'
import type { RecordReader } from './record-reader.ts'
import { LineSplitter, type WantedLines } from './scan-ndjson.ts'
import { NEWLINE } from './skip.ts'
import { leaveRoom, room } from './skip-memory.ts'

/** A text that can be read from any position on. */
export interface StoredText {
  readonly size: number
  /**
   * Fills the buffer with the bytes from a position on, and gives their number: less than there is
   * room for only where the text ends. May throw.
   */
  read(into: Uint8Array, position: number): number
}

/** The length of a segment in bytes; the lines that begin in it are its lines. */
export const SEGMENT_BYTES = 1 << 24

const PIECE_BYTES = 1 << 20
/** Bytes are copied fastest from where a page begins to where one begins. */
const PAGE_BYTES = 1 << 12
/** What is read at once to find the end of a line. */
const LOOK_BYTES = 1 << 14

/** What was read of a segment. */
export interface SegmentRows {
  readonly batches: readonly ColumnBatch[]
  /** How many lines there are. */
  readonly lines: number
  readonly unexamined: number
  /** Their lines count from the segment's first. */
  readonly problems: readonly ReadProblem[]
  /** Why it could not be read any further, as the text threw it. */
  readonly fault?: { readonly reason: unknown }
}

/** How many segments a text has. */
export function segmentsOf(size: number): number {
  return Math.ceil(size / SEGMENT_BYTES)
}

/** Reads segments of a text whose records stand one on a line, in any order. */
export class SegmentReader {
  readonly #text: StoredText
  readonly #reader: RecordReader
  readonly #problems: ReadProblem[]
  readonly #wanted: WantedLines
  readonly #look = new Uint8Array(LOOK_BYTES)
  #unexamined = 0
  #fault: SegmentRows['fault']

  /** `problems` is where the reader's context reports to. */
  constructor(
    text: StoredText,
    reader: RecordReader,
    problems: ReadProblem[],
    filter: LineFilter | undefined,
    kernel = true,
  ) {
    this.#text = text
    this.#reader = reader
    this.#problems = problems
    this.#wanted = {
      kernel,
      filter,
      unexamined: lines => {
        this.#unexamined += lines
      },
    }
  }

  /** The rows of the segment at a position, up to where the text cannot be read any further. */
  read(segment: number): SegmentRows {
    const { size } = this.#text
    const first = segment * SEGMENT_BYTES
    const end = Math.min(first + SEGMENT_BYTES, size)
    const lines = new LineSplitter(this.#reader, this.#wanted)
    this.#unexamined = 0
    this.#fault = undefined
    const start = first === 0 ? 0 : this.#behindNewline(first - 1)
    if (start < end) {
      this.#push(lines, start, end)
      if (lines.isWithinLine) this.#push(lines, end, this.#behindNewline(end))
      lines.end()
    }
    const batches: ColumnBatch[] = []
    const reader = this.#reader
    for (let batch = reader.takeRest(); batch !== undefined; batch = reader.takeRest()) {
      batches.push(batch)
    }
    const problems = this.#problems.splice(0)
    return {
      batches,
      lines: lines.lines,
      unexamined: this.#unexamined,
      problems,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
    }
  }

  #push(lines: LineSplitter, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const from = at - (at % PAGE_BYTES)
      const length = Math.min(PIECE_BYTES, end - from)
      const piece = room(length) ?? new Uint8Array(length)
      try {
        const read = this.#bytes(piece, from)
        if (from + read <= at) return
        // The start of a line whose end is not there is read again with the rest of it: nothing is copied.
        const isLast = from + read >= end
        const whole = isLast ? read : piece.subarray(0, read).lastIndexOf(NEWLINE) + 1
        const taken = from + whole > at ? whole : read
        lines.push(piece.subarray(0, taken), at - from)
        at = from + taken
      } finally {
        leaveRoom()
      }
    }
  }

  /** Fills the buffer from a position on; nothing where the text cannot be read, which is noted. */
  #bytes(into: Uint8Array, position: number): number {
    try {
      return this.#text.read(into, position)
    } catch (reason) {
      this.#fault = { reason }
      return 0
    }
  }

  /** The position after the first newline from there on; the text's end where there is none. */
  #behindNewline(position: number): number {
    const look = this.#look
    for (let at = position; ; ) {
      const length = this.#bytes(look, at)
      if (length === 0) return this.#text.size
      const newline = look.subarray(0, length).indexOf(NEWLINE)
      if (newline >= 0) return Math.min(at + newline + 1, this.#text.size)
      at += length
    }
  }
}
