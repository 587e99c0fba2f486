import type { ScalarType } from '../../types/scalar-type.ts'
import { ByteInterner, UNKNOWN } from '../json/byte-interner.ts'
import { textAt } from '../json/json-text.ts'
import type { RecordPath } from '../json/record-columns.ts'
import { NULL, RecordScanner } from '../json/record-scanner.ts'
import { lineEnd, NEWLINE, QUOTE, skippedNewlines, viewOf } from '../json/skip.ts'
import { load, unload } from '../json/skip-memory.ts'
import { textOfValue } from '../json/text-writer.ts'
import { SEEN_TEXT } from '../observed-kinds.ts'
import type { Container } from './container.ts'
import type { DataFile } from './data-file.ts'
import { concatBytes, DataFileError, upToFault, utf8 } from './data-file.ts'
import { framerOf } from './framer.ts'
import { MemberWalk } from './member-walk.ts'
import type { ObservedColumn } from './observed-types.ts'
import { kindOfJson, kindOfText, kindsOfTexts } from './observed-types.ts'
import type { RecordShape } from './record-shape.ts'
import { deciderOf, shapeOf } from './record-shape.ts'
import type { RecordSink } from './record-sink.ts'
import { SNIFF_BYTES, sniff } from './sniff.ts'
import type { TabularColumn } from './tabular-columns.ts'
import { declaredType, tabularColumns } from './tabular-columns.ts'
import { columnsIn } from './tabular-frames.ts'
import { Utf8Check } from './utf8-check.ts'

/** How many records of a file are looked at before any is read. */
export const SURVEYED_RECORDS = 10_000

/** Where records have more names than that, names are data: no more records are looked at than usual. */
const MOST_NAMES = 10_000

/** Where else in a file that has more records some are looked at: so many places, with so many bytes each. */
const PLACES = 16
const PLACE_BYTES = 1 << 16

/** How many records are looked at for one that tells the shape of all. */
const SHAPE_RECORDS = 100

/** Words that are recognised by their bytes; beyond, they are decoded. */
const MOST_WORDS = 1 << 12

/** What the first records of a file tell. */
export interface FileSurvey {
  readonly container: Container
  readonly shape: RecordShape
  /** The columns of records that are arrays. */
  readonly tabular?: readonly TabularColumn[]
  /** How many columns of such records have no name, where any has none. */
  readonly unnamed?: number
  /** Where a record says which table it belongs to. */
  readonly decider?: RecordPath
  /** What the records say there, in first-seen order; undefined for those that say nothing. */
  readonly words: ReadonlyMap<string | undefined, WordSurvey>
  /** Whether the records that were looked at are all there are. */
  readonly whole: boolean
  /** The first line that is no UTF-8, of those that were looked at for that. */
  readonly faultyLine?: number
  /** The line of the first record without members, where one is among the first records. */
  readonly memberlessLine?: number
}

/** What the records have in common that say the same word. */
export interface WordSurvey {
  readonly records: number
  /** Their members or columns, in first-seen order. */
  readonly columns: readonly ObservedColumn[]
}

/** What {@link surveyFile} finds in a file without records that can be read. */
export type FileVerdict =
  | { readonly kind: 'survey'; readonly survey: FileSurvey }
  | { readonly kind: 'empty'; readonly format: string }
  | { readonly kind: 'refused'; readonly message: string }

/**
 * The columns of the records of a shape that say a word whose types are known, so that their values
 * need no look; undefined where none is.
 */
export type KnownColumns = (
  shape: RecordShape,
  word: string | undefined,
) => ReadonlySet<string> | undefined

/** Looks at the first records of a file, at most as many as `most`. `columns`: as {@link sniff} has them. */
export async function surveyFile(
  file: DataFile,
  known: KnownColumns,
  most = SURVEYED_RECORDS,
  signal?: AbortSignal,
  columns?: ReadonlySet<string>,
): Promise<FileVerdict> {
  let fault: string | undefined
  const pieces = upToFault(utf8(file.read(signal)), message => {
    fault = message
  })
  try {
    const { head, whole } = await readHead(pieces)
    if (head.length === 0 && fault !== undefined) return { kind: 'refused', message: fault }
    const sniffed = sniff(head, whole, file.path, columns)
    if (sniffed.kind === 'refused') return sniffed
    if (sniffed.kind === 'empty') return { kind: 'empty', format: 'empty' }
    const { container } = sniffed
    const sink = new SurveySink(known, most, file.kinds)
    const framer = framerOf(container, sink)
    const encoding = new Utf8Check()
    encoding.add(head)
    framer.push(head)
    sink.settle()
    let ended = whole
    while (!sink.full && !ended) {
      const piece = await pieces.next()
      if (piece.done === true) ended = true
      else {
        encoding.add(piece.value)
        framer.push(piece.value)
        sink.settle()
      }
    }
    if (ended) {
      encoding.end()
      framer.end()
    }
    const isAll = ended && !sink.overflown
    if (!isAll && container.kind === 'lines' && most >= SURVEYED_RECORDS) lookFurther(file, sink)
    if (sink.records === 0) {
      if (sink.faults === 0) return { kind: 'empty', format: container.format }
      return { kind: 'refused', message: `None of its records can be read. ${sink.firstFault}` }
    }
    const survey = sink.survey(container, isAll)
    const { faultyLine } = encoding
    return { kind: 'survey', survey: faultyLine === undefined ? survey : { ...survey, faultyLine } }
  } finally {
    await pieces.return(undefined)
  }
}

/** Looks at some records from all over a file, in which columns or tables may come late. */
function lookFurther(file: DataFile, sink: SurveySink): void {
  const stored = file.open?.()
  if (stored === undefined) return
  try {
    sink.takeMore()
    const piece = new Uint8Array(PLACE_BYTES)
    for (let place = 1; place <= PLACES; place++) {
      const position = Math.max(0, Math.floor((stored.size / PLACES) * place) - PLACE_BYTES)
      const read = piece.subarray(0, stored.read(piece, position))
      const start = read.indexOf(NEWLINE) + 1
      const stop = read.lastIndexOf(NEWLINE) + 1
      if (start === 0 || start >= stop) continue
      const lines = framerOf({ kind: 'lines', format: 'NDJSON' }, sink)
      lines.push(read.slice(start, stop))
    }
  } catch (error) {
    // What cannot be read is met, and told of, by who reads all of it.
    if (!(error instanceof DataFileError)) throw error
  } finally {
    stored.close()
  }
}

async function readHead(
  pieces: AsyncIterator<Uint8Array>,
): Promise<{ head: Uint8Array; whole: boolean }> {
  const read: Uint8Array[] = []
  let size = 0
  while (size < SNIFF_BYTES) {
    const piece = await pieces.next()
    if (piece.done === true) return { head: concatBytes(read), whole: true }
    size += piece.value.length
    read.push(size < SNIFF_BYTES ? piece.value.slice() : piece.value)
  }
  return { head: concatBytes(read), whole: false }
}

/** The records that say one word: how many, and the kinds of their values by the number of a name. */
interface Group {
  records: number
  readonly kinds: (number | undefined)[]
  readonly known: ReadonlySet<string> | undefined
}

const NO_BYTES = new Uint8Array(0)

/** Marks a name whose values are not looked at. */
const KNOWN = -1

class SurveySink implements RecordSink {
  records = 0
  faults = 0
  firstFault = ''
  #memberlessLine: number | undefined
  /** Whether there are more records than are looked at. */
  overflown = false
  #shape: RecordShape | undefined
  #tabular: readonly TabularColumn[] | undefined
  #unnamed = 0
  #decider: RecordPath | undefined
  readonly #declared = new Map<string, ScalarType>()
  readonly #walk = new MemberWalk()
  /** Looks for the decider where that is deeper than a member. */
  #scanner: RecordScanner | undefined
  readonly #groups = new Map<string | undefined, Group>()
  /** The bytes that records have at the decider, and the groups of those records. */
  readonly #words = new ByteInterner()
  readonly #wordGroups: Group[] = []
  readonly #known: KnownColumns
  readonly #most: number
  /** The kinds of values that the file declares. */
  readonly #kinds: ReadonlyMap<string, number>
  #takesMore = false
  #bytes: Uint8Array = NO_BYTES
  #view = viewOf(this.#bytes)

  constructor(known: KnownColumns, most: number, kinds: ReadonlyMap<string, number> = new Map()) {
    this.#known = known
    this.#most = most
    this.#kinds = kinds
  }

  /** Has it look at all records that come from now on. */
  takeMore(): void {
    this.#takesMore = true
  }

  get full(): boolean {
    if (this.#takesMore) return false
    if (this.records >= this.#most) return true
    return this.#walk.names.length > MOST_NAMES && this.records >= SURVEYED_RECORDS
  }

  columns(names: readonly string[], types?: readonly string[]): void {
    if (this.#tabular !== undefined) return
    this.#shape = 'row'
    this.#tabular = tabularColumns(names, types)
    this.#unnamed = names.filter(name => name.trim() === '').length
    for (const { name, type } of this.#tabular) {
      if (type !== undefined) this.#declared.set(name, type)
    }
    const named = (wanted: string) => this.#tabular?.find(({ name }) => name === wanted)
    const decider = named('$table') ?? named('Type')
    if (decider !== undefined) this.#decider = [decider.index]
  }

  record(bytes: Uint8Array, start: number, end: number, line: number): void {
    if (this.full) {
      this.overflown = true
      return
    }
    let from = start
    while (from < end && bytes[from]! <= 0x20) from++
    if (from === end) return
    const after = this.#walkOver(bytes, from, end)
    if (after < 0) this.broken(line, 'It is not a JSON object.')
    else this.#add(bytes, from, after, line)
  }

  value(bytes: Uint8Array, start: number, end: number, line: number): number {
    if (this.full) return -1
    const after = this.#walkOver(bytes, start, end)
    if (after >= 0) this.#add(bytes, start, after, line)
    return after
  }

  line(bytes: Uint8Array, start: number, end: number, line: number): number {
    if (this.full) return -1
    const newlines = skippedNewlines()
    const after = this.#walkOver(bytes, start, end)
    const stop = lineEnd(bytes, after, end)
    if (stop < 0 || skippedNewlines() !== newlines) return -1
    this.#add(bytes, start, after, line)
    return stop
  }

  /** The position after the record at `start`, or -1. */
  #walkOver(bytes: Uint8Array, start: number, end: number): number {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = viewOf(bytes)
      // A framer of CSV writes each record over the one before.
      if (this.#tabular === undefined) load(bytes)
    }
    const walk = this.#walk
    const after =
      this.#tabular === undefined
        ? walk.object(bytes, this.#view, start, end)
        : walk.array(bytes, this.#view, start, end)
    return after < 0 || after > end ? -1 : after
  }

  #add(bytes: Uint8Array, start: number, after: number, line: number): void {
    this.records++
    // Elsewhere in the file lines are not counted from its beginning.
    if (this.#walk.count === 0 && !this.#takesMore) this.#memberlessLine ??= line
    if (this.#shape === undefined) this.#look(bytes, start, after)
    this.#observe(this.#groupOf(bytes, start, after))
  }

  settle(): void {
    unload(this.#bytes)
    this.#bytes = NO_BYTES
  }

  note(path: RecordPath, text: string): void {
    const name = path.at(-1)
    if (name !== 'schema' && name !== 'Schema') return
    for (const column of columnsIn(text)) {
      const type = declaredType(column.type)
      if (type !== undefined) this.#declared.set(column.name, type)
    }
  }

  broken(line: number, message: string): void {
    if (this.faults++ === 0) this.firstFault = `Line ${line}: ${message}`
  }

  survey(container: Container, whole: boolean): FileSurvey {
    const words = new Map<string | undefined, WordSurvey>()
    for (const [word, group] of this.#groups) {
      words.set(word, { records: group.records, columns: this.#columnsOf(group) })
    }
    return {
      container,
      shape: this.#shape ?? 'row',
      words,
      whole,
      ...(this.#tabular === undefined ? {} : { tabular: this.#tabular }),
      ...(this.#unnamed === 0 ? {} : { unnamed: this.#unnamed }),
      ...(this.#decider === undefined ? {} : { decider: this.#decider }),
      ...(this.#memberlessLine === undefined ? {} : { memberlessLine: this.#memberlessLine }),
    }
  }

  /** Looks for the shape of the records in this one. */
  #look(bytes: Uint8Array, start: number, end: number): void {
    const shape = shapeOf(JSON.parse(textAt(bytes, start, end)) as Record<string, unknown>)
    if (shape === undefined && this.records < SHAPE_RECORDS) return
    this.#shape = shape ?? 'row'
    this.#decider = deciderOf(this.#shape)
    if (this.#decider !== undefined && this.#decider.length > 1) {
      this.#scanner = new RecordScanner()
      this.#scanner.want(this.#decider)
    }
  }

  /** The group of the record: that of what it says at the decider. */
  #groupOf(bytes: Uint8Array, from: number, to: number): Group {
    const [step] = this.#decider ?? []
    if (step === undefined) return this.#group(undefined)
    const scanner = this.#scanner
    if (scanner !== undefined) {
      scanner.scanOnly(bytes, this.#view, from, to)
      const kind = scanner.kindAt(0)
      if (kind <= NULL) return this.#group(undefined)
      const text = textOfValue(bytes, kind, scanner.startAt(0), scanner.endAt(0), 'compact')
      return this.#group(text)
    }
    const walk = this.#walk
    const number = typeof step === 'number' ? step : walk.numberOf(step)
    // Of a name that occurs twice the last counts.
    for (let position = walk.count - 1; position >= 0; position--) {
      if (walk.numbers[position] !== number) continue
      return this.#groupSaying(bytes, walk.starts[position]!, walk.ends[position]!)
    }
    return this.#group(undefined)
  }

  /** The group of the records with these bytes at the decider. */
  #groupSaying(bytes: Uint8Array, start: number, end: number): Group {
    const words = this.#words
    let word = words.find(bytes, this.#view, start, end, 0)
    if (word === UNKNOWN) {
      const group = this.#group(wordOf(textAt(bytes, start, end)))
      if (words.entries >= MOST_WORDS) return group
      word = this.#wordGroups.push(group) - 1
      words.add(bytes, this.#view, start, end, 0, word)
    }
    return this.#wordGroups[word]!
  }

  #group(word: string | undefined): Group {
    let group = this.#groups.get(word)
    if (group === undefined) {
      group = { records: 0, kinds: [], known: this.#known(this.#shape ?? 'row', word) }
      this.#groups.set(word, group)
    }
    return group
  }

  #observe(group: Group): void {
    group.records++
    const walk = this.#walk
    const { kinds } = group
    const kindOf = this.#isText ? kindOfText : kindOfJson
    const { count, numbers } = walk
    for (let position = 0; position < count; position++) {
      const number = numbers[position]!
      const before = kinds[number]
      if (before === KNOWN) continue
      if (before === undefined) {
        const isKnown = group.known?.has(this.#nameOf(number)) === true
        kinds[number] = isKnown ? KNOWN : 0
        if (isKnown) continue
      }
      // Nothing more can be learnt of a text; it may be long.
      if (before === SEEN_TEXT && this.#bytes[walk.starts[position]!] === QUOTE) continue
      kinds[number]! |= kindOf(this.#bytes, walk.starts[position]!, walk.ends[position]!)
    }
  }

  #nameOf(number: number): string {
    if (this.#tabular === undefined) return this.#walk.names[number]!
    return this.#tabular.find(column => column.index === number)?.name ?? ''
  }

  get #isText(): boolean {
    return this.#shape === 'az-cli' || this.#tabular !== undefined
  }

  #columnsOf({ kinds }: Group): ObservedColumn[] {
    const columns: ObservedColumn[] = []
    const add = (name: string, seen: number) => {
      const declared = this.#declared.get(name)
      const sum = seen === KNOWN ? 0 : this.#isText ? kindsOfTexts(seen) : seen
      columns.push({ name, kinds: sum, ...(declared === undefined ? {} : { declared }) })
    }
    if (this.#tabular !== undefined) {
      for (const { name, index } of this.#tabular) add(name, kinds[index] ?? 0)
    } else {
      kinds.forEach((seen, number) => {
        const name = this.#walk.names[number]!
        if (seen !== undefined) add(name, this.#kinds.get(name) ?? seen)
      })
    }
    return columns
  }
}

/** The text of a JSON value as a reader's filter has it; undefined for null. */
function wordOf(json: string): string | undefined {
  if (json === 'null') return undefined
  return json.startsWith('"') ? (JSON.parse(json) as string) : json
}
