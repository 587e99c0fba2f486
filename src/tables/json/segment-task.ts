import type { ScanColumn } from '../source.ts'
import { LineFilter } from './line-filter.ts'
import type { LinePatterns } from './line-patterns.ts'
import type { RecordColumn, RecordFilter, RecordReaderOptions } from './record-columns.ts'
import { RecordReader } from './record-reader.ts'
import { SegmentReader, type SegmentRows, type StoredText } from './segment-reader.ts'

/** How segments of a file are read, as plain data that another thread can be sent. */
export interface SegmentTask {
  readonly path: string
  readonly size: number
  readonly request: readonly ScanColumn[]
  readonly columns: readonly RecordColumn[]
  readonly options: Pick<
    RecordReaderOptions,
    'file' | 'jsonText' | 'maxRecordBytes' | 'texts' | 'kernel'
  >
  readonly filter: KnownWords | undefined
  readonly patterns: LinePatterns | undefined
  readonly batchSize: number
}

/** A filter of records as far as it was asked. */
export interface KnownWords {
  readonly candidates: RecordFilter['candidates']
  readonly accepted: ReadonlyMap<string | undefined, boolean>
}

/** Thrown at a word that it is not known of whether its records belong to the table. */
class UnknownWord extends Error {}

/** What reads segments for the task; its `read` gives undefined where it meets an unknown word. */
export function taskReader(
  task: SegmentTask,
  text: StoredText,
): { read(segment: number): SegmentRows | undefined } {
  const { request, columns, options, filter, patterns, batchSize } = task
  const open = (): SegmentReader => {
    const problems: SegmentRows['problems'][number][] = []
    const context = {
      batchSize,
      report: (problem: (typeof problems)[number]) => problems.push(problem),
    }
    const own = filter === undefined ? {} : { filter: filterOf(filter) }
    const reader = new RecordReader(request, columns, context, { ...options, ...own })
    const lines = patterns === undefined ? undefined : new LineFilter(patterns)
    return new SegmentReader(text, reader, problems, lines, options.kernel)
  }
  let reader = open()
  return {
    read(segment) {
      try {
        const rows = reader.read(segment)
        if (rows.fault !== undefined) throw rows.fault.reason
        return rows
      } catch (error) {
        if (!(error instanceof UnknownWord)) throw error
        // What it had begun to read is in it still.
        reader = open()
        return undefined
      }
    },
  }
}

function filterOf({ candidates, accepted }: KnownWords): RecordFilter {
  return {
    candidates,
    accepts(word) {
      const known = accepted.get(word)
      if (known === undefined) throw new UnknownWord()
      return known
    },
  }
}
