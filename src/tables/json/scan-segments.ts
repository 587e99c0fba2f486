import type { ColumnBatch } from '../batch.ts'
import type { ReadProblem } from '../source.ts'
import { type SegmentReader, segmentsOf } from './segment-reader.ts'

/** How segments are read and told of. */
export interface SegmentScan {
  readonly size: number
  readonly reader: SegmentReader
  report(problem: ReadProblem): void
  unexamined(lines: number): void
  readonly signal: AbortSignal | undefined
}

/** After so many segments timers and signals have their turn. */
const SEGMENTS_A_TURN = 16

/** The batches of all segments, in order. */
export async function* scanSegments(scan: SegmentScan): AsyncGenerator<ColumnBatch> {
  const { signal } = scan
  const count = segmentsOf(scan.size)
  let line = 0
  for (let segment = 0; segment < count; segment++) {
    signal?.throwIfAborted()
    if (signal !== undefined && segment % SEGMENTS_A_TURN === SEGMENTS_A_TURN - 1) {
      await new Promise(resolve => setTimeout(resolve, 0))
    }
    const { batches, lines, problems, unexamined, fault } = scan.reader.read(segment)
    for (const problem of problems) {
      scan.report(problem.line === undefined ? problem : { ...problem, line: problem.line + line })
    }
    line += lines
    scan.unexamined(unexamined)
    for (const batch of batches) {
      if (batch.rowCount > 0) yield batch
      signal?.throwIfAborted()
    }
    if (fault !== undefined) throw fault.reason
  }
}
