import { parseDatetime, TICKS_PER_SECOND } from '../../types/datetime.ts'
import type { ColumnBatch } from '../batch.ts'
import { type ChosenFilter, LineFilter } from '../json/line-filter.ts'
import { type LineNeeds, lineNeeds, needsOutside, timeMembers } from '../json/line-needs.ts'
import type { RecordFilter } from '../json/record-columns.ts'
import { RecordReader } from '../json/record-reader.ts'
import { piecesAhead } from '../json/scan-ahead.ts'
import { scanNdjson } from '../json/scan-ndjson.ts'
import { type Pieces, scanPieces } from '../json/scan-pieces.ts'
import { scanSegments } from '../json/scan-segments.ts'
import { SegmentReader } from '../json/segment-reader.ts'
import { sharedPieces } from '../json/shared-pieces.ts'
import { NEWLINE } from '../json/skip.ts'
import { leaveRoom, load, room } from '../json/skip-memory.ts'
import {
  type ReadProblem,
  type ScanContext,
  type ScanRequest,
  type TextsWithin,
  type TimeRange,
  timesOf,
} from '../source.ts'
import {
  DataFileError,
  type StoredBytes,
  upToFault,
  utf8,
  type WantedRecords,
  type WantedTime,
} from './data-file.ts'
import { type FileTableOptions, type TablePart, textsToLookFor } from './table-part.ts'

/** Files of fewer bytes are looked at whole, as there is no time to be saved. */
const LEAST_SKIPPED = 1 << 20
/**
 * What one thread reads in less time, in nanoseconds, is read by one: another takes about half as long
 * to start. Where lines are looked through, most of the work is to copy them, which is done ahead anyway.
 */
const LEAST_SHARED = 100e6
const LEAST_SEARCHED = 400e6

/** What is looked at to choose how lines are left out: so many pieces of so many bytes. */
const SAMPLES = 5
const SAMPLE_BYTES = 1 << 15

/** The records of a file that has one on a line, as far as they can matter. */
export async function* scanLines(
  part: TablePart,
  options: FileTableOptions,
  request: ScanRequest,
  context: ScanContext,
): AsyncGenerator<ColumnBatch> {
  const { file } = part
  const scan = new LineScan(part, options, request, context)
  try {
    yield* upToFault(scan.batches(), scan.fault)
  } finally {
    if (scan.unexamined > 0) context.unexamined?.(scan.unexamined, file.path)
  }
}

/** Lines that are needed for words, or because their times may not be `from <= time < to`. */
interface LinesOutside {
  readonly needs: LineNeeds
  readonly from: bigint
  readonly to: bigint
}

/** One scan of such a file. */
class LineScan {
  unexamined = 0
  /** How many records the file left out, and whether those are looked through as lines too. */
  #emptied = 0
  #isFiltered = false
  readonly #part: TablePart
  readonly #options: FileTableOptions
  readonly #request: ScanRequest
  readonly #context: ScanContext
  readonly #filter: RecordFilter | undefined
  readonly #kernel: boolean
  readonly #texts: ScanRequest['texts']
  readonly #range: TimeRange | undefined
  /** What is required of lines; undefined where all are to be looked at. */
  readonly #needs: LineNeeds | undefined
  readonly #within: TextsWithin | undefined

  constructor(
    part: TablePart,
    options: FileTableOptions,
    request: ScanRequest,
    context: ScanContext,
  ) {
    const { without = [] } = context
    this.#part = part
    this.#options = options
    this.#request = request
    this.#context = context
    this.#filter = part.filter?.(this.fault)
    this.#kernel = !without.includes('kernel')
    this.#texts = textsToLookFor(request, context)
    this.#range = without.includes('time-ranges') ? undefined : timesOf(request)
    const size = part.file.size ?? LEAST_SKIPPED
    const mayLeaveOut = context.unexamined !== undefined && size >= LEAST_SKIPPED
    this.#needs = mayLeaveOut ? lineNeeds(this.#texts, this.#range, part.columns) : undefined
    this.#within = mayLeaveOut && !without.includes('literals') ? request.textsWithin : undefined
  }

  readonly fault = (message: string): void =>
    this.#context.report({ file: this.#part.file.path, kind: 'record', message })

  /** The batches, up to where the file cannot be read any further: then it throws. */
  async *batches(): AsyncGenerator<ColumnBatch> {
    const { file } = this.#part
    const { report, signal } = this.#context
    const stored = (file.size ?? 0) < LEAST_SKIPPED ? undefined : file.open?.()
    if (stored === undefined) {
      const pieces = upToFault(utf8(file.read(signal, this.#records())), this.fault)
      try {
        yield* scanNdjson(pieces, this.#reader(report), signal, this.#wanted())
      } finally {
        if (!this.#isFiltered) this.unexamined += this.#emptied
      }
      return
    }
    try {
      yield* this.#segments(stored)
    } finally {
      stored.close()
    }
  }

  /** What is looked at of records; undefined where their members are not told by names. */
  #records(): WantedRecords | undefined {
    const members = this.#members()
    const time = this.#time()
    return members && { members, ...(time === undefined ? {} : { time }) }
  }

  /** The times that matter; undefined where all do, or records are to be looked at whole. */
  #time(): WantedTime | undefined {
    const range = this.#range
    const members = range && timeMembers(range.column, this.#part.columns)
    if (members === undefined || this.#context.unexamined === undefined) return undefined
    const leaveOut = (records: number): void => {
      this.#emptied += records
    }
    return { ...range, members, leaveOut }
  }

  #members(): ReadonlySet<string> | undefined {
    const { columns, texts = [], textsWithin } = this.#request
    const { texts: within = [], column: time } = textsWithin ?? {}
    const names = new Set([
      ...columns.map(({ column }) => column),
      ...[...texts, ...within].flatMap(text => text.columns),
      ...[time, timesOf(this.#request)?.column].filter(name => name !== undefined),
    ])
    const wanted = this.#part.columns.filter(({ name }) => names.has(name))
    const paths = [...wanted, ...(this.#filter === undefined ? [] : [this.#filter])].flatMap(
      ({ candidates }) => candidates,
    )
    const firsts = paths.map(([first]) => first)
    return firsts.every(first => typeof first === 'string') ? new Set(firsts) : undefined
  }

  #reader(report: (problem: ReadProblem) => void): RecordReader {
    const { filter: rows, columns } = this.#request
    return new RecordReader(
      columns,
      this.#part.columns,
      { ...this.#context, report },
      {
        ...this.#options,
        file: this.#part.file.path,
        kernel: this.#kernel,
        ...(this.#texts === undefined ? {} : { texts: this.#texts }),
        ...(this.#filter === undefined ? {} : { filter: this.#filter }),
        ...(rows === undefined ? {} : { rows }),
      },
    )
  }

  /** The lines of a stream that are wanted; undefined where all are. */
  #wanted(): Parameters<typeof scanNdjson>[3] {
    const needs = this.#needs
    if (needs === undefined) return undefined
    return {
      kernel: this.#kernel,
      unexamined: this.#leftOut,
      filter: (bytes, start, end) => {
        const { filter } = LineFilter.choose(needs, bytes, start, end)
        this.#isFiltered = filter !== undefined
        return filter
      },
    }
  }

  readonly #leftOut = (lines: number): void => {
    this.unexamined += lines
  }

  /** The batches of a file that can be read in any order. */
  async *#segments(stored: StoredBytes): AsyncGenerator<ColumnBatch> {
    const { filter: lines, time } = this.#lineFilter(stored)
    const { signal } = this.#context
    const least = lines === undefined ? LEAST_SHARED : LEAST_SEARCHED
    const isShared = stored.size * time >= (this.#context.leastShared ?? least)
    if (this.#kernel) {
      const reader = this.#reader(this.#context.report)
      const pieces = (isShared ? this.#shared(stored, reader, lines) : undefined) ?? ahead(stored)
      if (pieces !== undefined) {
        const wanted = { kernel: true, unexamined: this.#leftOut, filter: lines }
        yield* scanPieces(pieces, reader, wanted, signal)
        return
      }
    }
    const problems: ReadProblem[] = []
    const reader = this.#reader(problem => problems.push(problem))
    yield* scanSegments({
      size: stored.size,
      reader: new SegmentReader(stored, reader, problems, lines, this.#kernel),
      report: problem => this.#context.report(problem),
      unexamined: this.#leftOut,
      signal,
    })
  }

  /** What leaves lines out, by samples from all of the file: times rise from its start to its end. */
  #lineFilter(stored: StoredBytes): ChosenFilter {
    const { words, time } = this.#needs ?? { words: [] }
    if (words.length === 0 && time === undefined && this.#within === undefined) {
      return LineFilter.none(this.#kernel)
    }
    // In the middle of its fifth, for which it stands.
    const positions = Array.from({ length: SAMPLES }, (_, sample) =>
      Math.floor((stored.size / SAMPLES) * (sample + 0.5) - SAMPLE_BYTES / 2),
    )
    const within = this.#within
    // The first and the last time are most likely where the file begins and ends.
    if (within !== undefined) positions.push(0, stored.size - SAMPLE_BYTES)
    const length = positions.length * SAMPLE_BYTES
    const space = (this.#kernel ? room(length) : undefined) ?? new Uint8Array(length)
    try {
      let end = 0
      for (const position of positions) {
        const piece = space.subarray(end, end + SAMPLE_BYTES)
        const read = piece.subarray(0, sampled(stored, piece, Math.max(0, position)))
        const start = position <= 0 ? 0 : read.indexOf(NEWLINE) + 1
        const stop = read.lastIndexOf(NEWLINE) + 1
        if (start >= stop) continue
        read.copyWithin(0, start, stop)
        end += stop - start
      }
      const lines = space.subarray(0, end)
      if (this.#kernel) load(lines)
      const outside = within && this.#outside(within, lines)
      const needs = outside?.needs ?? this.#needs ?? { words: [] }
      const choice = LineFilter.choose(needs, lines, 0, end)
      if (outside !== undefined && choice.filter !== undefined) {
        within?.assume(outside.from, outside.to)
      }
      return choice
    } finally {
      leaveRoom()
    }
  }

  /** What lines need where the first and the last time are wanted too, of which a sample has a guess. */
  #outside({ column, texts }: TextsWithin, sample: Uint8Array): LinesOutside | undefined {
    const { columns } = this.#part
    const members = timeMembers(column, columns)
    const seconds = members && secondsIn(sample, members)
    if (seconds === undefined) return undefined
    // The seconds of the first and the last time matter whole.
    const from = seconds.first + TICKS_PER_SECOND
    const to = seconds.last
    if (from >= to) return undefined
    const needs = needsOutside(texts, { column, from, to: to - 1n }, columns)
    return needs && { needs, from, to }
  }

  /** The pieces of a file that other threads read too; undefined where there are none, or no room. */
  #shared(
    stored: StoredBytes,
    reader: RecordReader,
    lines: LineFilter | undefined,
  ): Pieces | undefined {
    const { threads = 1 } = this.#context
    const others = threads > 1 ? stored.threads?.(threads - 1) : undefined
    if (others === undefined || others.length === 0) return undefined
    return sharedPieces(stored, others, reader, lines, this.#context.signal)
  }
}

/** The pieces of a file of which the next ones are read while one is looked at. */
function ahead(stored: StoredBytes): Pieces | undefined {
  const { readAhead } = stored
  return readAhead && piecesAhead({ ...stored, readAhead })
}

/** The first and the last second of the times behind the names in the lines of a sample. */
function secondsIn(
  sample: Uint8Array,
  members: readonly string[],
): { readonly first: bigint; readonly last: bigint } | undefined {
  const time = String.raw`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d*)?Z`
  const text = new TextDecoder().decode(sample)
  let first: string | undefined
  let last: string | undefined
  for (const [, second = ''] of text.matchAll(
    new RegExp(`"(?:${members.join('|')})":"${time}"`, 'g'),
  )) {
    if (first === undefined || second < first) first = second
    if (last === undefined || second > last) last = second
  }
  const [from, to] = [first, last].map(second => parseDatetime(`${second}Z`) ?? undefined)
  return from === undefined || to === undefined ? undefined : { first: from, last: to }
}

/** Fills a sample; a part that cannot be read gives none, and is met again when it is its turn. */
function sampled(stored: StoredBytes, into: Uint8Array, position: number): number {
  try {
    return stored.read(into, position)
  } catch (error) {
    if (error instanceof DataFileError) return 0
    throw error
  }
}
