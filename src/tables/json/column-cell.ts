import type { Dynamic } from '../../types/dynamic.ts'
import { valueOfText } from '../coerce.ts'
import { followPath } from '../dynamic-path.ts'
import type { ScanColumn } from '../source.ts'
import type { MemoryBound } from '../text-builder.ts'
import type { ScalarValue, Vector } from '../vector.ts'
import type { ColumnCell, ColumnWriter } from './column-writer.ts'
import { DynamicWriter } from './dynamic-writer.ts'
import { ElementsCell } from './elements-cell.ts'
import { fixedWriter } from './fixed-writers.ts'
import {
  isKnown,
  type NestedScanner,
  type PathCandidate,
  pathCandidate,
  splitPath,
  writeInside,
} from './found-value.ts'
import { FOUND_CODE } from './kernel-walk.ts'
import type { JsonTextForm, RecordColumn, RecordPath } from './record-columns.ts'
import { ESCAPED, NULL, OBJECT, type RecordScanner, STRING } from './record-scanner.ts'
import type { TextInterner } from './text-interner.ts'
import { TextWriter, textOfValue } from './text-writer.ts'

/** Makes the cells of a scan's columns. Of a column it may make many: they share its dictionary. */
export class ColumnCells {
  readonly #scanner: RecordScanner
  readonly #jsonText: JsonTextForm
  readonly #memory: MemoryBound | undefined
  readonly #nested = new Map<string, NestedScanner>()
  readonly #interners = new Map<string, TextInterner | undefined>()

  /** `memory` is what the query may keep. */
  constructor(scanner: RecordScanner, jsonText: JsonTextForm, memory?: MemoryBound) {
    this.#scanner = scanner
    this.#jsonText = jsonText
    this.#memory = memory
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
      const own = path ?? []
      return new ElementsCell(own, elements, column, this.#scanner, this.#nested, this.#memory)
    }
    const key = JSON.stringify([column.name, path])
    const interner = this.#interners.get(key)
    if (path === undefined) {
      const writer = writerOf(column, this.#jsonText, this.#memory, interner)
      if (writer instanceof TextWriter) this.#interners.set(key, writer.interner)
      return new PlainCell(column, this.#scanner, writer)
    }
    const writer = new DynamicWriter(false, this.#memory, interner)
    this.#interners.set(key, writer.interner)
    return new PathCell(path, column, this.#scanner, this.#nested, writer)
  }
}

function writerOf(
  column: RecordColumn,
  jsonText: JsonTextForm,
  memory: MemoryBound | undefined,
  interner?: TextInterner,
): ColumnWriter {
  const { type, replace } = column
  if (type === 'string' || type === 'guid') {
    const options = { jsonText: column.jsonText ?? jsonText, memory }
    return new TextWriter(type, replace === undefined ? options : { ...options, replace }, interner)
  }
  const writer = type === 'dynamic' ? new DynamicWriter(true, memory) : fixedWriter(type)
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
    this.#writer = writerOf({ name, type, candidates: [] }, 'compact', undefined)
    this.#value = value
  }

  add(): undefined {
    this.#writer.writeValue(this.#value)
  }

  addRows(_: RecordScanner, __: Uint32Array, from: number, to: number): number {
    for (let k = from; k < to; k++) this.#writer.writeValue(this.#value)
    return to
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
      const strings = scanner.stringsAt(slot)
      if (isKnown(scanner, scanner.foundAt(slot), strings, this.#writer)) return undefined
      const start = scanner.startAt(slot)
      const end = scanner.endAt(slot)
      const { bytes } = scanner
      if (this.#writer.write(bytes, scanner.view, kind, start, end)) return undefined
      return textOfValue(bytes, kind, start, end, 'compact')
    }
    this.#writer.writeValue(this.#constant)
    return undefined
  }

  addRows(scanner: RecordScanner, rows: Uint32Array, from: number, to: number): number {
    if (this.#slots.length !== 1) return from
    return this.#writer.writeRows?.(scanner, this.#slots[0]!, rows, from, to) ?? from
  }

  take(): Vector {
    return this.#writer.take()
  }
}

/** What is at a path in a dynamic column. */
class PathCell implements ColumnCell {
  #isNested = false
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
    // From a position from the end on the value is built.
    const { known, rest } = splitPath(path)
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
        this.#isNested = true
        const { nested, nestedSlot, rest } = candidate
        if (nested.open(scanner)) writeInside(nested.scanner, nestedSlot, rest, this.#writer)
        else this.#writer.writeCell(null)
      } else writeInside(scanner, candidate.slot, candidate.rest, this.#writer)
      return
    }
    this.#writer.writeCell(this.#constant)
  }

  addRows(scanner: RecordScanner, rows: Uint32Array, from: number, to: number): number {
    const candidate = this.#candidates[0]
    if (this.#candidates.length !== 1 || candidate === undefined) return from
    const { base, slot, rest } = candidate
    const writer = this.#writer
    const { words } = scanner
    const hasCodes = rest.length === 0 && scanner.stringsAt(slot) === writer.strings
    for (let k = from; k < to; k++) {
      const row = rows[k]!
      if (words[scanner.placeOf(row, base)]! < OBJECT) return k
      const at = scanner.placeOf(row, slot)
      const code = words[at + FOUND_CODE]!
      if (words[at]! <= NULL) writer.writeCell(null)
      else if (!hasCodes || code < 0 || !writer.writeKnown(code)) return k
    }
    return to
  }

  get isNested(): boolean {
    return this.#isNested
  }

  take(): Vector {
    return this.#writer.take()
  }
}
