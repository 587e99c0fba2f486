import type { Schema } from '../../types/schema.ts'
import { ColumnBatch } from '../batch.ts'
import type { ReadProblem, ScanColumn, ScanContext, ScanFilter } from '../source.ts'
import { identityRows } from '../vector.ts'
import { UNKNOWN } from './byte-interner.ts'
import { CellRows } from './cell-rows.ts'
import { ColumnCells } from './column-cell.ts'
import type { ColumnCell } from './column-writer.ts'
import { describeFault } from './fault.ts'
import { HeldRows } from './held-rows.ts'
import type { Kernel } from './kernel.ts'
import type { PlacedTrie } from './kernel-walk.ts'
import type { RecordColumn, RecordFilter, RecordReaderOptions } from './record-columns.ts'
import { NULL, RecordScanner } from './record-scanner.ts'
import { type RecordWords, recordWords } from './record-words.ts'
import {
  CARRIAGE_RETURN,
  lineEnd,
  NEWLINE,
  OPEN_ARRAY,
  OPEN_OBJECT,
  restoreNewlines,
  skipBlanks,
  skippedNewlines,
  viewOf,
} from './skip.ts'
import { isLoaded, load, unload } from './skip-memory.ts'
import { TextInterner } from './text-interner.ts'
import { textOfValue } from './text-writer.ts'

/** The longest record that is read unless told otherwise, in bytes. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024

/** The bytes of records with which a batch ends, so that long values are never many. */
const MOST_RECORD_BYTES = 1 << 24
/** A record of more bytes is the last one of its batch. */
const LONG_RECORD = 1 << 20

/** Rows that wait at most until a filter is asked about them. */
const MOST_HELD = 1024

const NO_BYTES = new Uint8Array(0)

/** Lines that were read at once: how many, and where the next one begins. */
export interface LinesRead {
  readonly lines: number
  readonly end: number
}

/** What another thread walks over records for, and what those begin with. */
export interface WalkedFor {
  readonly trie: PlacedTrie
  readonly slots: number
  readonly opening: number
}

/** Characters of a value that a problem shows. */
const SHOWN = 80

/**
 * Makes column batches of JSON records, given one by one as bytes. A record is checked whole before
 * any of it counts: a malformed one is reported and gives no row. Only what the request needs is
 * decoded.
 */
export class RecordReader {
  readonly schema: Schema
  readonly maxRecordBytes: number
  readonly #file: string
  readonly #context: ScanContext
  readonly #scanner = new RecordScanner(MOST_HELD)
  readonly #cells: CellRows
  readonly #chooser: RowChooser | undefined
  readonly #held = new HeldRows()
  /** Whether the bytes of a record may change when it was read. */
  readonly #overwritten: boolean
  /** Whether bytes are loaded into the memory of WebAssembly. */
  readonly #loads: boolean
  readonly #words: RecordWords | undefined
  /** Tells whether a record counts. */
  readonly #filter: FilterCell | undefined
  /** How many rows the scanner keeps of these bytes. */
  #mostHeld = 1
  /** What a record begins with. */
  readonly #opening: number
  readonly #full: ColumnBatch[] = []
  #rows = 0
  /** The bytes of the records of the rows that are in no batch yet. */
  #recordBytes = 0
  #bytes: Uint8Array = NO_BYTES
  #view = viewOf(this.#bytes)

  /**
   * @param request the columns of the batches
   * @param columns the table's columns as the records give them; of a requested column that is not
   *   among them every row is null
   */
  constructor(
    request: readonly ScanColumn[],
    columns: readonly RecordColumn[],
    context: ScanContext,
    options: RecordReaderOptions,
  ) {
    this.schema = request.map(({ name, type }) => ({ name, type }))
    this.maxRecordBytes = options.maxRecordBytes ?? MAX_RECORD_BYTES
    this.#file = options.file
    this.#context = context
    const byName = new Map(columns.map(column => [column.name, column]))
    const cells = new ColumnCells(this.#scanner, options.jsonText ?? 'pretty', context.memory)
    const cellOf = (column: ScanColumn) => cells.cell(column, byName.get(column.column))
    this.#cells = new CellRows(request.map(cellOf))
    this.#overwritten = options.overwritten === true
    this.#loads = !this.#overwritten && options.kernel !== false
    // What the filter looks for too is found out by it.
    const texts = options.texts?.filter(({ inFilter }) => inFilter !== true)
    this.#words = recordWords(texts, columns)
    const { filter, rows } = options
    if (rows !== undefined) {
      const looked = request.filter(({ name }) => rows.columns.includes(name))
      this.#chooser = new RowChooser(rows, looked, looked.map(cellOf))
    }
    this.#filter = filter && new FilterCell(filter, this.#scanner)
    const inArrays = columns.some(({ candidates }) => typeof candidates[0]?.[0] === 'number')
    this.#opening = inArrays ? OPEN_ARRAY : OPEN_OBJECT
  }

  /**
   * Reads one record. Blanks, NUL bytes (which an interrupted writer leaves) and a byte order mark
   * around it do not count; where there is nothing else, there is no record. `bytes` may change only
   * after {@link settle}.
   */
  readRecord(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.#use(bytes)
    let from = start
    let to = end
    if (start >= end || bytes[start] !== this.#opening) {
      from = skipPadding(bytes, start, end)
      if (from >= end) return
    }
    while (isPadding(bytes[to - 1]!)) to--
    if (to - from > this.maxRecordBytes) {
      this.problem(line, `The record is longer than ${this.maxRecordBytes} bytes.`)
      return
    }
    const after = this.#scanner.scan(from, to, this.#held.count)
    if (after !== to || bytes[from] !== this.#opening) {
      this.#refuse(bytes, from, to, after, line)
      return
    }
    this.#add(from, to, line)
  }

  /**
   * Reads the record at `start` if it is well-formed and fills the rest of its line, and returns where
   * the line ends. Otherwise -1: nothing was read, and {@link readRecord} says why. Finding the end
   * of the line this way costs nothing, where looking for it first takes a fifth of the time.
   */
  readLine(bytes: Uint8Array, start: number, end: number, line: number): number {
    const newlines = skippedNewlines()
    const after = this.#scan(bytes, start, end)
    const newline = lineEnd(bytes, after, end)
    if (newline < 0 || skippedNewlines() !== newlines) return -1
    this.#add(start, after, line)
    return newline
  }

  /**
   * Reads records that stand one on a line, until a line is met that is to be looked at by itself. Taken
   * together, WebAssembly is called once for all of them. `lineOf` gives the number of each line.
   */
  readLines(
    bytes: Uint8Array,
    start: number,
    end: number,
    lineOf: (index: number) => number,
  ): LinesRead {
    this.#use(bytes)
    const scanner = this.#scanner
    const held = this.#held
    let at = start
    let lines = 0
    for (;;) {
      const most = this.#mostHeld - held.count
      const first = held.count
      const { places, end: next } = scanner.scanLines(at, end, first, most, this.#opening)
      const count = places.length / 2
      for (let k = 0; k < count; k++) {
        const from = places[k * 2]!
        const to = places[k * 2 + 1]!
        if (to - from > this.maxRecordBytes) return { end: from, lines: lines + k }
        if (this.#filter !== undefined) {
          scanner.look(first + k)
          if (!this.#filter.accepts(scanner)) continue
          if (held.count < first + k) scanner.moveRow(first + k, held.count)
        }
        held.hold(from, to, lineOf(lines + k))
      }
      at = next
      lines += count
      if (held.count >= this.#mostHeld) this.#addHeld()
      if (count < most) return { end: at, lines }
    }
  }

  /**
   * Reads the record at `start` if it is well-formed and ends before `end`, and returns the position
   * after it. Otherwise -1: nothing was read. Finding its end first would be to walk over it twice.
   */
  readValue(bytes: Uint8Array, start: number, end: number, line: number): number {
    const after = this.#scan(bytes, start, end)
    if (after >= 0) this.#add(start, after, line)
    return after
  }

  /** Scans the record at `start`; the position after it, or -1. */
  #scan(bytes: Uint8Array, start: number, end: number): number {
    if (bytes[start] !== this.#opening) return -1
    this.#use(bytes)
    const after = this.#scanner.scan(start, end, this.#held.count)
    return after < 0 || after - start > this.maxRecordBytes ? -1 : after
  }

  #use(bytes: Uint8Array): void {
    if (bytes === this.#bytes) return
    this.settle()
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    if (this.#loads && !isLoaded(bytes)) load(bytes)
    const most = this.#scanner.begin(bytes, this.#view)
    this.#mostHeld = this.#overwritten ? 1 : most
  }

  /** Puts what is looked for in records into the memory of a kernel, for another thread; undefined where it has no room. */
  placeIn(kernel: Kernel): WalkedFor | undefined {
    const scanner = this.#scanner
    const trie = scanner.placeIn(kernel)
    return trie && { trie, slots: scanner.slots, opening: this.#opening }
  }

  /** Has done with the bytes of all records so far. */
  settle(): void {
    this.#addHeld()
    unload(this.#bytes)
    this.#bytes = NO_BYTES
  }

  /** Holds the record just scanned, if it counts. */
  #add(start: number, end: number, line: number): void {
    if (this.#filter?.accepts(this.#scanner) === false) return
    this.#held.hold(start, end, line)
    if (this.#held.count >= this.#mostHeld) this.#addHeld()
  }

  /** Adds those of the held rows that count. */
  #addHeld(): void {
    if (this.#held.count === 0) return
    // Cells may walk over values again that are told from their newlines by who frames the records.
    const newlines = skippedNewlines()
    this.#addRows()
    restoreNewlines(newlines)
    this.#held.clear()
  }

  #addRows(): void {
    const held = this.#held
    let rows = identityRows(held.count)
    const chooser = this.#chooser
    if (chooser !== undefined) {
      chooser.cells.add(this.#scanner, rows, 0, rows.length)
      for (const { row, cell, text } of chooser.cells.takeMisfits()) {
        // As where all of a record is looked at, the words come first.
        if (this.#hasWords(row)) this.#reportMisfit(chooser.schema[cell]!, text, held.line(row))
      }
      rows = chooser.choose(rows.length)
    }
    if (this.#words !== undefined) rows = rows.filter(row => this.#hasWords(row))
    const cells = this.#cells
    for (let from = 0; from < rows.length; ) {
      const to = cells.add(this.#scanner, rows, from, this.#endOfBatch(rows, from))
      for (const { row, cell, text } of cells.takeMisfits()) {
        const column = this.schema[cell]!
        // What the filter looks at was reported before.
        if (chooser?.looksAt(column.name) === true) continue
        this.#reportMisfit(column, text, held.line(rows[row]!))
      }
      this.#rows += to - from
      for (; from < to; from++) this.#recordBytes += this.#weightOf(rows[from]!)
      const isFull = this.#rows >= this.#context.batchSize || this.#recordBytes >= MOST_RECORD_BYTES
      if (isFull || cells.isFull) this.#full.push(this.#take())
    }
  }

  /** How far held rows, from one on, go into the batch: to where there is enough in it. */
  #endOfBatch(rows: Uint32Array, from: number): number {
    const last = Math.min(rows.length, from + this.#context.batchSize - this.#rows)
    let bytes = this.#recordBytes
    let to = from
    while (to < last && bytes < MOST_RECORD_BYTES) bytes += this.#weightOf(rows[to++]!)
    return to
  }

  /** What a held row counts in a batch. */
  #weightOf(row: number): number {
    const length = this.#held.length(row)
    return length > LONG_RECORD ? MOST_RECORD_BYTES : length
  }

  /** Whether a held row may have the words that rows which matter have. */
  #hasWords(row: number): boolean {
    const held = this.#held
    return this.#words?.mayMatter(this.#bytes, this.#view, held.start(row), held.end(row)) !== false
  }

  /** Reports a record that could not be told from what is around it. */
  problem(line: number, message: string): void {
    // What is wrong with records before it is told of first.
    this.#addHeld()
    this.#report({ file: this.#file, line, kind: 'record', message })
  }

  /** The next batch with as many rows as a batch may have; undefined when there is none. */
  takeFull(): ColumnBatch | undefined {
    return this.#full.shift()
  }

  /** The next full batch, or else the rows that are left; undefined when there are none. */
  takeRest(): ColumnBatch | undefined {
    this.#addHeld()
    return this.#full.shift() ?? (this.#rows > 0 ? this.#take() : undefined)
  }

  #take(): ColumnBatch {
    const batch = new ColumnBatch(this.schema, this.#cells.take(), this.#rows)
    this.#rows = 0
    this.#recordBytes = 0
    return batch
  }

  #refuse(bytes: Uint8Array, from: number, to: number, after: number, line: number): void {
    if (after < 0) this.problem(line, describeFault(bytes, from, to, ~after))
    else if (after < to) {
      const at = skipBlanks(bytes, after, to)
      const message = describeFault(bytes, from, to, at)
      this.problem(line, message)
    } else {
      const wanted = this.#opening === OPEN_OBJECT ? 'object' : 'array'
      this.problem(line, `The record is JSON, but no ${wanted}.`)
    }
  }

  #reportMisfit(column: { name: string; type: string }, text: string, line: number): void {
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
    const message = `${JSON.stringify(shown)} is no ${column.type}.`
    this.#report({ file: this.#file, line, kind: 'value', column: column.name, message })
  }

  #report(problem: ReadProblem): void {
    this.#context.report(problem)
  }
}

/** The first byte of the record: behind blanks, NUL bytes and byte order marks. */
function skipPadding(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end) {
    if (isPadding(bytes[at]!)) at++
    else if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3
    else break
  }
  return at
}

function isPadding(byte: number): boolean {
  return (
    byte === 0 || byte === 0x20 || byte === 0x09 || byte === CARRIAGE_RETURN || byte === NEWLINE
  )
}

/** Decides which rows count, many at a time, by the columns that a filter looks at. */
class RowChooser {
  readonly schema: Schema
  readonly cells: CellRows
  readonly #filter: ScanFilter

  /** `cells` are those of the columns that the filter looks at. */
  constructor(filter: ScanFilter, columns: readonly ScanColumn[], cells: readonly ColumnCell[]) {
    this.#filter = filter
    this.schema = columns.map(({ name, type }) => ({ name, type }))
    this.cells = new CellRows(cells)
  }

  looksAt(column: string): boolean {
    return this.#filter.columns.includes(column)
  }

  /** Those of so many rows, which were added to the cells, that count. */
  choose(count: number): Uint32Array {
    return this.#filter.select(new ColumnBatch(this.schema, this.cells.take(), count))
  }
}

/** Decides which records count, once a distinct text. */
class FilterCell {
  readonly #filter: RecordFilter
  readonly #slots: readonly number[]
  readonly #texts = new TextInterner(
    (bytes, kind, start, end) => textOfValue(bytes, kind, start, end, 'compact'),
    true,
  )
  readonly #accepted: boolean[] = []
  readonly #acceptsNone: boolean

  constructor(filter: RecordFilter, scanner: RecordScanner) {
    this.#filter = filter
    this.#slots = filter.candidates.map(path => scanner.want(path, this.#texts))
    this.#acceptsNone = filter.accepts(undefined)
  }

  accepts(scanner: RecordScanner): boolean {
    for (const slot of this.#slots) {
      const kind = scanner.kindAt(slot)
      if (kind <= NULL) continue
      let code = scanner.stringsAt(slot) === this.#texts ? scanner.codeAt(slot) : UNKNOWN
      if (code === UNKNOWN) {
        const start = scanner.startAt(slot)
        code = this.#texts.codeOf(scanner.bytes, scanner.view, kind, start, scanner.endAt(slot))
      }
      this.#accepted[code] ??= this.#filter.accepts(this.#texts.dict[code]!)
      return this.#accepted[code]!
    }
    return this.#acceptsNone
  }
}
