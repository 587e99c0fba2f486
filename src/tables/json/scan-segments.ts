import type { ColumnBatch } from '../batch.ts'
import type { ReadProblem } from '../source.ts'
import type { SegmentRows } from './segment-reader.ts'
import { segmentsOf } from './segment-reader.ts'

/** Reads segments of a text in other threads. */
export interface SegmentCrew {
  /** The next segment that nobody reads yet, for this thread; undefined where there is none. */
  claim(): number | undefined
  /** A segment that was read since the last call. */
  take(): CrewResult | undefined
  /** Waits until there is something to take. */
  wait(): Promise<void>
  /** All segments before this one are done with: those behind it may be read. */
  release(segment: number): void
  /** Ends the work. */
  close(): void
}

/** What another thread read. */
export interface CrewResult {
  readonly segment: number
  /** undefined where it could not be read there, and must be in this thread. */
  readonly rows: SegmentRows | undefined
}

/** How segments are read and told of. */
export interface SegmentScan {
  readonly size: number
  /** Reads a segment in this thread. */
  read(segment: number): SegmentRows
  /** Rows that this thread read, as they are to go on. */
  own(batch: ColumnBatch): ColumnBatch
  /** The rows that matter of those that another thread gave. */
  given(batch: ColumnBatch): ColumnBatch
  /** Whether a problem that another thread met may be one of a row that does not matter. */
  isDoubtful(problem: ReadProblem): boolean
  readonly crew: SegmentCrew | undefined
  report(problem: ReadProblem): void
  unexamined(lines: number): void
  readonly signal: AbortSignal | undefined
}

/** After so many segments timers and signals have their turn. */
const SEGMENTS_A_TURN = 16

/** The batches of all segments, in order. */
export async function* scanSegments(scan: SegmentScan): AsyncGenerator<ColumnBatch> {
  const { crew, signal } = scan
  const count = segmentsOf(scan.size)
  const queue = new SegmentQueue(scan)
  let line = 0
  try {
    for (let segment = 0; segment < count; segment++) {
      signal?.throwIfAborted()
      if (signal !== undefined && segment % SEGMENTS_A_TURN === SEGMENTS_A_TURN - 1) {
        await new Promise(resolve => setTimeout(resolve, 0))
      }
      const { batches, lines, problems, unexamined, fault } = await queue.rowsOf(segment)
      for (const problem of problems) {
        scan.report(
          problem.line === undefined ? problem : { ...problem, line: problem.line + line },
        )
      }
      line += lines
      scan.unexamined(unexamined)
      crew?.release(segment + 1)
      for (const batch of batches) {
        if (batch.rowCount > 0) yield batch
        signal?.throwIfAborted()
      }
      if (fault !== undefined) throw fault.reason
    }
  } finally {
    crew?.close()
  }
}

/** Has segments read, by this thread and by others, and keeps what is not asked for yet. */
class SegmentQueue {
  readonly #scan: SegmentScan
  readonly #read = new Map<number, SegmentRows>()

  constructor(scan: SegmentScan) {
    this.#scan = scan
  }

  /** The rows of a segment; each is asked for once, in order. */
  async rowsOf(segment: number): Promise<SegmentRows> {
    const { crew } = this.#scan
    if (crew === undefined) return this.#readHere(segment)
    for (;;) {
      const rows = this.#read.get(segment)
      if (rows !== undefined) {
        this.#read.delete(segment)
        return rows
      }
      // No more than is needed: what waits to be taken is no work for the collector of garbage.
      const result = crew.take()
      if (result !== undefined) {
        this.#read.set(result.segment, this.#rowsGiven(result))
        continue
      }
      const own = crew.claim()
      if (own === undefined) await crew.wait()
      else this.#read.set(own, this.#readHere(own))
    }
  }

  #readHere(segment: number): SegmentRows {
    const rows = this.#scan.read(segment)
    return { ...rows, batches: rows.batches.map(batch => this.#scan.own(batch)) }
  }

  #rowsGiven({ segment, rows }: CrewResult): SegmentRows {
    // Only this thread asks which rows matter: it finds out whose problems they are.
    const isDoubtful = rows?.problems.some(problem => this.#scan.isDoubtful(problem)) === true
    if (rows === undefined || isDoubtful) return this.#readHere(segment)
    return { ...rows, batches: rows.batches.map(batch => this.#scan.given(batch)) }
  }
}
