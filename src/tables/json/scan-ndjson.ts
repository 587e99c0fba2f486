import type { ColumnBatch } from '../batch.ts'
import { grown } from '../text-builder.ts'
import type { LineFilter } from './line-filter.ts'
import { PLACE_NUMBERS } from './line-patterns.ts'
import type { LinesRead, RecordReader } from './record-reader.ts'
import { NEWLINE } from './skip.ts'
import { load, unload } from './skip-memory.ts'

/** Bytes in pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** How often lines are not as most are until they are taken one by one. */
const MOST_ODD = 8

/** What takes the lines of a stream. */
export interface LineSink {
  readonly maxRecordBytes: number
  /** Takes the record at `start` if it fills its line; the line's end, or -1. */
  readLine(bytes: Uint8Array, start: number, end: number, line: number): number
  /**
   * Takes the lines from `start` on up to the first that is more or less than a record. `lineOf` gives the
   * number of each of them.
   */
  readLines?(
    bytes: Uint8Array,
    start: number,
    end: number,
    lineOf: (index: number) => number,
  ): LinesRead
  /** Takes what is between the positions, whatever it is. */
  readRecord(bytes: Uint8Array, start: number, end: number, line: number): void
  problem(line: number, message: string): void
  /** Called where the bytes of all lines taken so far are about to change. */
  settle(): void
}

/**
 * The batches of records that stand one on a line, as their bytes come in. A line that is malformed
 * or too long is reported, and reading goes on at the next.
 */
export async function* scanNdjson(
  chunks: Chunks,
  reader: RecordReader,
  signal?: AbortSignal,
  wanted?: WantedLines,
): AsyncGenerator<ColumnBatch> {
  const lines = new LineSplitter(reader, wanted && { ...wanted, gathers: true })
  for await (const chunk of chunks) {
    signal?.throwIfAborted()
    lines.push(chunk)
    yield* fullBatches(reader, signal)
  }
  lines.end()
  yield* fullBatches(reader, signal)
  const rest = reader.takeRest()
  if (rest !== undefined) yield rest
}

function* fullBatches(reader: RecordReader, signal?: AbortSignal): Generator<ColumnBatch> {
  for (let batch = reader.takeFull(); batch !== undefined; batch = reader.takeFull()) {
    yield batch
    signal?.throwIfAborted()
  }
}

/** Which lines are taken. */
export interface WantedLines {
  /** Whether WebAssembly may be used. */
  readonly kernel: boolean
  /** What leaves lines out, or chooses that by the first ones; undefined where all are taken. */
  readonly filter:
    | LineFilter
    | undefined
    | ((bytes: Uint8Array, start: number, end: number) => LineFilter | undefined)
  /**
   * Whether lines that are few may be put together, to be taken at once, by the time of
   * {@link LineSplitter.settle}.
   */
  readonly gathers?: boolean
  /** Called with the number of lines that were left out. */
  unexamined(lines: number): void
}

/** Where the last newline between the positions is; the position before where there is none. */
export function lastNewline(bytes: Uint8Array, start: number, end: number): number {
  return start + bytes.subarray(start, end).lastIndexOf(NEWLINE)
}

/** Lines are put together where they are so small a part of what was looked through. */
const SPARSE = 1 / 8
/** So many bytes of lines are enough to be taken at once. */
const GATHERED_BYTES = 1 << 20

/** Lines that may matter, of bytes that change. */
class GatheredLines {
  #bytes = new Uint8Array(1 << 16)
  #length = 0
  /** The numbers of the lines. */
  readonly #numbers: number[] = []

  /** The lines, each with its newline. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  get isEmpty(): boolean {
    return this.#length === 0
  }

  get isFull(): boolean {
    return this.#length >= GATHERED_BYTES
  }

  add(bytes: Uint8Array, start: number, end: number, line: number): void {
    const length = this.#length + end - start
    while (length > this.#bytes.length) this.#bytes = grown(this.#bytes)
    this.#bytes.set(bytes.subarray(start, end), this.#length)
    this.#length = length
    this.#numbers.push(line)
  }

  /** The number of a line. */
  line(index: number): number {
    return this.#numbers[index]!
  }

  clear(): void {
    this.#length = 0
    this.#numbers.length = 0
  }
}

/** Cuts a stream of bytes into lines. */
export class LineSplitter {
  readonly #sink: LineSink
  readonly #wanted: WantedLines | undefined
  /** What lines are looked through for, and what is still to choose that. */
  #filter: LineFilter | undefined
  #choose: ((bytes: Uint8Array, start: number, end: number) => LineFilter | undefined) | undefined
  #line = 1
  /** The start of a line whose end has not come yet. */
  #carry = new Uint8Array(4096)
  #carried = 0
  /** Whether that line is too long, so that none of it is kept. */
  #skipping = false
  readonly #gathered: GatheredLines | undefined
  /** The bytes of the lines that were found to matter since {@link settle}. */
  #found = 0

  constructor(sink: LineSink, wanted?: WantedLines) {
    this.#sink = sink
    this.#wanted = wanted
    if (typeof wanted?.filter === 'function') this.#choose = wanted.filter
    else this.#filter = wanted?.filter
    if (wanted?.gathers === true) this.#gathered = new GatheredLines()
  }

  /** Whether lines are left out, and those that were not since {@link settle} are so few that more can wait. */
  get isSparse(): boolean {
    return this.#filter !== undefined && this.#found < GATHERED_BYTES
  }

  /** How many lines have ended. */
  get lines(): number {
    return this.#line - 1
  }

  /** Whether a line has begun that has not ended. */
  get isWithinLine(): boolean {
    return this.#carried > 0 || this.#skipping
  }

  /** The next bytes: those between the positions. They are not kept. */
  push(chunk: Uint8Array, start = 0, end = chunk.length): void {
    let at = start
    if (this.isWithinLine) {
      // The chunk may be part of more bytes, of which those behind the end are not to be looked at.
      const length = chunk.subarray(at, end).indexOf(NEWLINE)
      this.#keep(chunk, at, length < 0 ? end : at + length)
      if (length < 0) return
      this.#endLine()
      at += length + 1
    }
    const last = lastNewline(chunk, at, end) + 1
    if (at < last) at = this.#takeLines(chunk, at, last)
    this.#sink.settle()
    unload(chunk)
    this.#keep(chunk, at, end)
    if (this.#gathered?.isFull === true) this.#takeGathered()
  }

  /** Has all lines taken that have ended. */
  settle(): void {
    this.#takeGathered()
    this.#found = 0
  }

  /** Takes the lines from `start` to `last`, which is behind a newline, and returns that. */
  #takeLines(chunk: Uint8Array, start: number, last: number): number {
    if (this.#wanted !== undefined) {
      if (this.#wanted.kernel) load(chunk)
      if (this.#choose !== undefined) {
        this.#filter = this.#choose(chunk, start, last)
        this.#choose = undefined
      }
      if (this.#filter !== undefined) {
        this.#takeWanted(this.#filter, this.#wanted, chunk, start, last)
        return last
      }
    }
    this.#line += this.#takeAll(chunk, start, last, index => this.#line + index)
    return last
  }

  /** Takes the lines from `start` to `last`, of which a function gives the numbers; how many there were. */
  #takeAll(
    chunk: Uint8Array,
    start: number,
    last: number,
    lineOf: (index: number) => number,
  ): number {
    const sink = this.#sink
    let odd = sink.readLines === undefined ? MOST_ODD : 0
    let taken = 0
    const rest = (index: number): number => lineOf(taken + index)
    for (let at = start; at < last; ) {
      const read = odd < MOST_ODD ? sink.readLines?.(chunk, at, last, rest) : undefined
      if (read !== undefined && read.lines > 0) {
        at = read.end
        taken += read.lines
      } else {
        odd++
        at = this.#takeLine(chunk, at, last, lineOf(taken++))
      }
    }
    return taken
  }

  #takeWanted(
    filter: LineFilter,
    wanted: WantedLines,
    chunk: Uint8Array,
    start: number,
    last: number,
  ): void {
    const gathered = this.#gathered
    for (let at = start; at < last; ) {
      const { lines, end, places } = filter.find(chunk, at, last)
      let length = 0
      for (let i = 0; i < places.length; i += PLACE_NUMBERS) {
        length += places[i + 1]! + 1 - places[i]!
      }
      this.#found += length
      const isSparse = length < (end - at) * SPARSE
      if (!isSparse && gathered?.isEmpty === false) {
        this.#takeGathered()
        if (wanted.kernel) load(chunk)
      }
      for (let i = 0; i < places.length; i += PLACE_NUMBERS) {
        const from = places[i]!
        const to = places[i + 1]! + 1
        const line = this.#line + places[i + 2]!
        if (isSparse && gathered !== undefined) gathered.add(chunk, from, to, line)
        else this.#takeLine(chunk, from, to, line)
      }
      wanted.unexamined(lines - places.length / PLACE_NUMBERS)
      this.#line += lines
      at = end
    }
  }

  #takeGathered(): void {
    const gathered = this.#gathered
    if (gathered === undefined || gathered.isEmpty) return
    const { bytes } = gathered
    if (this.#wanted?.kernel === true) load(bytes)
    this.#takeAll(bytes, 0, bytes.length, index => gathered.line(index))
    this.#sink.settle()
    unload(bytes)
    gathered.clear()
  }

  /** Takes the line at `start`, and returns where the next one begins. */
  #takeLine(chunk: Uint8Array, start: number, last: number, line: number): number {
    const end = this.#sink.readLine(chunk, start, last, line)
    if (end >= 0) return end + 1
    const newline = chunk.indexOf(NEWLINE, start)
    this.#sink.readRecord(chunk, start, newline, line)
    return newline + 1
  }

  /** The end of the stream: the last line need not be ended. */
  end(): void {
    if (this.isWithinLine) this.#endLine()
    this.settle()
  }

  /** Whether the line that was kept is among those that are taken. */
  #isWanted(): boolean {
    if (this.#filter === undefined) return true
    const end = this.#carried
    if (end === this.#carry.length) this.#carry = grown(this.#carry)
    this.#carry[end] = NEWLINE
    return this.#filter.find(this.#carry, 0, end + 1).places.length > 0
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (this.#skipping || start === end) return
    const length = this.#carried + end - start
    if (length > this.#sink.maxRecordBytes) {
      this.#skipping = true
      this.#carry = new Uint8Array(4096)
      return
    }
    while (length > this.#carry.length) this.#carry = grown(this.#carry)
    this.#carry.set(chunk.subarray(start, end), this.#carried)
    this.#carried = length
  }

  #endLine(): void {
    const sink = this.#sink
    this.#takeGathered()
    if (this.#skipping) {
      sink.problem(this.#line, `The record is longer than ${sink.maxRecordBytes} bytes.`)
    } else if (this.#isWanted()) {
      this.#found += this.#carried
      const bytes = this.#carry.subarray(0, this.#carried)
      sink.readRecord(bytes, 0, bytes.length, this.#line)
      sink.settle()
    } else this.#wanted?.unexamined(1)
    this.#carried = 0
    this.#skipping = false
    this.#line++
  }
}
