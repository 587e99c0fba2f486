import { InternalError } from '../../text/internal-error.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { parseDynamic } from '../../types/dynamic-json.ts'
import { valueOfText } from '../coerce.ts'
import { followPath } from '../dynamic-path.ts'
import { ElementLists, type ElementPath, ListedElements } from '../listed-elements.ts'
import type { ScanColumn } from '../source.ts'
import { type DynamicCell, DynamicVector, type ScalarValue, type Vector } from '../vector.ts'
import type { ColumnWriter } from './column-writer.ts'
import { cellAt, DynamicWriter } from './dynamic-writer.ts'
import { fixedWriter } from './fixed-writers.ts'
import { stringAt, textAt } from './json-text.ts'
import type { StringUse } from './path-trie.ts'
import type { JsonTextForm, RecordColumn, RecordPath } from './record-columns.ts'
import { ARRAY, ESCAPED, NULL, OBJECT, RecordScanner, STRING } from './record-scanner.ts'
import { CLOSE_ARRAY, COMMA, skipBlanks, viewOf } from './skip.ts'
import type { TextInterner } from './text-interner.ts'
import { TextWriter, textOfValue } from './text-writer.ts'

/** One requested column of a scan over records: finds its value in a scanned record and adds it. */
export interface ColumnCell {
  /** Adds the value of the record; the text of a value that does not fit, where null was added. */
  add(scanner: RecordScanner): string | undefined
  take(): Vector
  /** Whether there is so much in its vector that the batch is to end. */
  readonly isFull?: boolean
}

/** Elements of a batch from which on it ends. */
const MOST_LISTED = 1 << 18
/** Arrays that cannot be listed until it is asked whether that is worth while. */
const LEAST_REFUSED = 64

/** Makes the cells of a scan's columns. Of a column it may make many: they share its dictionary. */
export class ColumnCells {
  readonly #scanner: RecordScanner
  readonly #jsonText: JsonTextForm
  readonly #nested = new Map<string, NestedScanner>()
  readonly #interners = new Map<string, TextInterner | undefined>()

  constructor(scanner: RecordScanner, jsonText: JsonTextForm) {
    this.#scanner = scanner
    this.#jsonText = jsonText
  }

  /** The cell of a requested column; `column` is undefined where the records have no such column. */
  cell(requested: ScanColumn, column: RecordColumn | undefined): ColumnCell {
    if (column === undefined) return new EmptyCell(requested, null)
    const { path } = requested
    if (path !== undefined && column.candidates.length === 0) {
      return new EmptyCell(requested, followPath((column.constant ?? null) as Dynamic, path))
    }
    const { elements } = requested
    const isWithin = path?.every(step => typeof step === 'string' || step >= 0) !== false
    // What a whole column has in place of some texts is for its writer to know.
    const isReplaced = path === undefined && column.replace !== undefined
    if (elements !== undefined && isWithin && !isReplaced && column.candidates.length > 0) {
      return new ElementsCell(path ?? [], elements, column, this.#scanner, this.#nested)
    }
    const key = JSON.stringify([column.name, path])
    const interner = this.#interners.get(key)
    if (path === undefined) {
      const writer = writerOf(column, this.#jsonText, interner)
      if (writer instanceof TextWriter) this.#interners.set(key, writer.interner)
      return new PlainCell(column, this.#scanner, writer)
    }
    const writer = new DynamicWriter(false, interner)
    this.#interners.set(key, writer.interner)
    return new PathCell(path, column, this.#scanner, this.#nested, writer)
  }
}

function writerOf(
  column: RecordColumn,
  jsonText: JsonTextForm,
  interner?: TextInterner,
): ColumnWriter {
  const { type, replace } = column
  if (type === 'string' || type === 'guid') {
    const form = column.jsonText ?? jsonText
    return new TextWriter(
      type,
      replace === undefined ? { jsonText: form } : { jsonText: form, replace },
      interner,
    )
  }
  const writer = type === 'dynamic' ? new DynamicWriter(true) : fixedWriter(type)
  return replace === undefined ? writer : new ReplacingWriter(column, replace, writer)
}

/** Replaces texts before they are values of the type. */
class ReplacingWriter implements ColumnWriter {
  readonly #column: RecordColumn
  readonly #replace: ReadonlyMap<string, string | null>
  readonly #writer: ColumnWriter

  constructor(
    column: RecordColumn,
    replace: ReadonlyMap<string, string | null>,
    writer: ColumnWriter,
  ) {
    this.#column = column
    this.#replace = replace
    this.#writer = writer
  }

  write(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): boolean {
    if (kind <= ESCAPED) {
      const replaced = this.#replace.get(textOfValue(bytes, kind, start, end, 'compact'))
      if (replaced !== undefined) {
        const value = replaced === null ? null : valueOfText(this.#column.type, replaced)
        this.#writer.writeValue(value ?? null)
        return value !== undefined
      }
    }
    return this.#writer.write(bytes, view, kind, start, end)
  }

  writeValue(value: ScalarValue): void {
    this.#writer.writeValue(value)
  }

  take(): Vector {
    return this.#writer.take()
  }
}

/** A column that no record has: the same value in every row. */
class EmptyCell implements ColumnCell {
  readonly #writer: ColumnWriter
  readonly #value: ScalarValue

  constructor({ name, type }: ScanColumn, value: ScalarValue) {
    this.#writer = writerOf({ name, type, candidates: [] }, 'compact')
    this.#value = value
  }

  add(): undefined {
    this.#writer.writeValue(this.#value)
  }

  take(): Vector {
    return this.#writer.take()
  }
}

/** A column of the table. */
class PlainCell implements ColumnCell {
  readonly #writer: ColumnWriter
  readonly #slots: readonly number[]
  readonly #constant: ScalarValue

  constructor(column: RecordColumn, scanner: RecordScanner, writer: ColumnWriter) {
    this.#writer = writer
    this.#slots = column.candidates.map(path => scanner.want(path, writer.strings))
    this.#constant = column.constant ?? null
  }

  add(scanner: RecordScanner): string | undefined {
    const slots = this.#slots
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!
      const kind = scanner.kindAt(slot)
      if (kind <= NULL) continue
      if (isKnown(scanner, slot, this.#writer)) return undefined
      const start = scanner.startAt(slot)
      const end = scanner.endAt(slot)
      const { bytes } = scanner
      if (this.#writer.write(bytes, scanner.view, kind, start, end)) return undefined
      return textOfValue(bytes, kind, start, end, 'compact')
    }
    this.#writer.writeValue(this.#constant)
    return undefined
  }

  take(): Vector {
    return this.#writer.take()
  }
}

/** Has the writer add what the scanner told of a string, if it did. */
function isKnown(scanner: RecordScanner, slot: number, writer: ColumnWriter): boolean {
  const code = scanner.codeAt(slot)
  if (code < 0 || writer.strings === undefined) return false
  if (scanner.stringsAt(slot) !== writer.strings) return false
  return writer.writeKnown?.(code, scanner.words, scanner.ticksAt(slot)) === true
}

/** What is at a path in a dynamic column. */
class PathCell implements ColumnCell {
  readonly #writer: DynamicWriter
  readonly #candidates: readonly PathCandidate[]
  readonly #constant: Dynamic

  constructor(
    path: RecordPath,
    column: RecordColumn,
    scanner: RecordScanner,
    nested: Map<string, NestedScanner>,
    writer: DynamicWriter,
  ) {
    this.#writer = writer
    // A position from the end is known only when the array is: from there on the value is built.
    const negative = path.findIndex(step => typeof step === 'number' && step < 0)
    const known = negative < 0 ? path : path.slice(0, negative)
    const rest = path.slice(known.length)
    const strings = rest.length === 0 ? writer.strings : undefined
    this.#constant = followPath((column.constant ?? null) as Dynamic, path)
    this.#candidates = column.candidates.map(base =>
      pathCandidate(base, known, rest, scanner, nested, strings),
    )
  }

  add(scanner: RecordScanner): undefined {
    for (const candidate of this.#candidates) {
      const kind = scanner.kindAt(candidate.base)
      if (kind <= NULL) continue
      if (kind === STRING || kind === ESCAPED) {
        const inText = candidate.nested.open(scanner)
        if (inText) this.#addFrom(candidate.nested.scanner, candidate.nestedSlot, candidate.rest)
        else this.#writer.writeCell(null)
      } else this.#addFrom(scanner, candidate.slot, candidate.rest)
      return
    }
    this.#writer.writeCell(this.#constant)
  }

  take(): Vector {
    return this.#writer.take()
  }

  #addFrom(scanner: RecordScanner, slot: number, rest: RecordPath): void {
    const kind = scanner.kindAt(slot)
    if (kind <= NULL) {
      this.#writer.writeCell(null)
      return
    }
    const start = scanner.startAt(slot)
    const end = scanner.endAt(slot)
    if (rest.length === 0) writeFound(scanner, slot, this.#writer)
    else {
      const value = kind > ESCAPED ? parseDynamic(textAt(scanner.bytes, start, end)) : undefined
      this.#writer.writeCell(followPath(value ?? null, rest))
    }
  }
}

/** What is at some paths in the elements of arrays at a path in a dynamic column. */
class ElementsCell implements ColumnCell {
  readonly #candidates: readonly PathCandidate[]
  readonly #isWhole: boolean
  readonly #constant: Dynamic
  readonly #paths: readonly ElementPath[]
  readonly #writers: readonly DynamicWriter[]
  readonly #elements = new RecordScanner()
  readonly #slots: readonly number[]
  #lists: ElementLists
  /** How many elements the lists have, null among them. */
  #listed = 0
  #cells: DynamicCell[] = []
  /** How many arrays there were, and how many of them could not be listed. */
  #arrays = 0
  #refused = 0

  constructor(
    path: RecordPath,
    paths: readonly ElementPath[],
    column: RecordColumn,
    scanner: RecordScanner,
    nested: Map<string, NestedScanner>,
  ) {
    this.#isWhole = path.length === 0
    this.#constant = followPath((column.constant ?? null) as Dynamic, path)
    this.#candidates = column.candidates.map(base =>
      pathCandidate(base, path, [], scanner, nested, undefined),
    )
    this.#paths = paths
    this.#writers = paths.map(() => new DynamicWriter(false))
    this.#slots = paths.map((own, at) => this.#elements.want(own, this.#writers[at]?.strings))
    this.#lists = new ElementLists(paths)
    this.#addNull()
  }

  add(scanner: RecordScanner): undefined {
    for (const candidate of this.#candidates) {
      const kind = scanner.kindAt(candidate.base)
      if (kind <= NULL) continue
      if (kind !== STRING && kind !== ESCAPED) this.#addFrom(scanner, candidate.slot)
      else if (candidate.nested.open(scanner)) {
        this.#addFrom(candidate.nested.scanner, candidate.nestedSlot)
      } else {
        // A string is that as a whole; there is nothing in it.
        const { base } = candidate
        const text = () => cellAt(scanner.bytes, kind, scanner.startAt(base), scanner.endAt(base))
        this.#cells.push(this.#isWhole ? text() : null)
      }
      return
    }
    this.#cells.push(this.#constant)
  }

  take(): Vector {
    this.#lists.columns = this.#writers.map(writer => writer.take() as DynamicVector)
    const cells = this.#cells
    let nulls: Uint8Array | undefined
    cells.forEach((cell, row) => {
      if (cell !== null) return
      nulls ??= new Uint8Array(cells.length)
      nulls[row] = 1
    })
    this.#cells = []
    this.#lists = new ElementLists(this.#paths)
    this.#listed = 0
    this.#addNull()
    return new DynamicVector(cells, nulls)
  }

  get isFull(): boolean {
    return this.#listed >= MOST_LISTED
  }

  /** What {@link NULL_ELEMENT} stands for. */
  #addNull(): void {
    for (const writer of this.#writers) writer.writeCell(null)
    this.#listed++
  }

  #addFrom(scanner: RecordScanner, slot: number): void {
    const kind = scanner.kindAt(slot)
    const start = scanner.startAt(slot)
    const end = scanner.endAt(slot)
    const { bytes, view } = scanner
    const isListed =
      kind === ARRAY && !this.#isPointless && this.#addElements(bytes, view, start, end)
    if (!isListed) this.#cells.push(cellAt(bytes, kind, start, end))
  }

  /** Whether most arrays have more than scalars at the paths. */
  get #isPointless(): boolean {
    return this.#refused >= LEAST_REFUSED && this.#refused * 2 > this.#arrays
  }

  /**
   * Adds the elements of an array, which is known to be JSON. false where one has an object or an array
   * at a path: those take more memory one by one than the text of all.
   */
  #addElements(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    this.#arrays++
    const elements = this.#elements
    const from = this.#listed
    elements.begin(bytes, view)
    let at = skipBlanks(bytes, start + 1, end)
    while (bytes[at] !== CLOSE_ARRAY) {
      const after = elements.scan(at, end, 0)
      if (after < 0) throw new InternalError('an array that was checked is not JSON')
      at = skipBlanks(bytes, after, end)
      if (this.#slots.some(slot => elements.kindAt(slot) >= OBJECT)) {
        this.#refused++
        return false
      }
      for (let k = 0; k < this.#writers.length; k++) {
        writeFound(elements, this.#slots[k]!, this.#writers[k]!)
      }
      this.#listed++
      if (bytes[at] === COMMA) at = skipBlanks(bytes, at + 1, end)
    }
    this.#cells.push(new ListedElements(this.#lists, from, this.#listed))
    return true
  }
}

/** Has the writer add what the scanner found. */
function writeFound(scanner: RecordScanner, slot: number, writer: DynamicWriter): void {
  const kind = scanner.kindAt(slot)
  if (kind <= NULL) writer.writeCell(null)
  else if (!isKnown(scanner, slot, writer)) {
    writer.write(scanner.bytes, scanner.view, kind, scanner.startAt(slot), scanner.endAt(slot))
  }
}

/** Where a path in a column is, in records that have the column at `base`. */
function pathCandidate(
  base: RecordPath,
  known: RecordPath,
  rest: RecordPath,
  scanner: RecordScanner,
  nested: Map<string, NestedScanner>,
  strings: StringUse | undefined,
): PathCandidate {
  const key = JSON.stringify(base)
  const inText = nested.get(key) ?? new NestedScanner(scanner.want(base))
  nested.set(key, inText)
  return {
    base: scanner.want(base),
    slot: scanner.want([...base, ...known], strings),
    nested: inText,
    nestedSlot: inText.scanner.want(known, strings),
    rest,
  }
}

interface PathCandidate {
  /** Where the dynamic column's value is. */
  readonly base: number
  /** Where what is at the path is, as far as the path has no position from the end. */
  readonly slot: number
  /** The same where the column's value is a string that holds JSON. */
  readonly nested: NestedScanner
  readonly nestedSlot: number
  readonly rest: RecordPath
}

/** Scans the JSON text in a string of a record, once a record, however many paths lead into it. */
export class NestedScanner {
  readonly scanner = new RecordScanner()
  readonly #slot: number
  #record = -1
  #open = false

  /** `slot` is where the string is in the outer record. */
  constructor(slot: number) {
    this.#slot = slot
  }

  /** Whether the string of the record just scanned holds an object or an array; scans it then. */
  open(outer: RecordScanner): boolean {
    if (this.#record !== outer.record) {
      this.#record = outer.record
      this.#open = this.#scan(outer)
    }
    return this.#open
  }

  #scan(outer: RecordScanner): boolean {
    const start = outer.startAt(this.#slot)
    const end = outer.endAt(this.#slot)
    if (outer.kindAt(this.#slot) === STRING) {
      return this.#scanBytes(outer.bytes, outer.view, start, end)
    }
    const bytes = encoder.encode(stringAt(outer.bytes, start, end))
    return this.#scanBytes(bytes, viewOf(bytes), 0, bytes.length)
  }

  #scanBytes(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const after = this.scanner.scanOnly(bytes, view, skipBlanks(bytes, start, end), end)
    return after >= 0 && skipBlanks(bytes, after, end) === end
  }
}

const encoder = new TextEncoder()
