import { parseDynamic } from '../../types/dynamic-json.ts'
import { followPath } from '../dynamic-path.ts'
import type { ColumnWriter } from './column-writer.ts'
import type { DynamicWriter } from './dynamic-writer.ts'
import { stringAt, textAt } from './json-text.ts'
import { FOUND_CODE, FOUND_END, FOUND_START, FOUND_TICKS } from './kernel-walk.ts'
import type { StringUse } from './path-trie.ts'
import type { RecordPath } from './record-columns.ts'
import { ESCAPED, NULL, RecordScanner, STRING } from './record-scanner.ts'
import { skipBlanks, viewOf } from './skip.ts'
import { unescapedBytesAt } from './text-arena.ts'

/**
 * Has the writer add what the scanner told of a string, if it did: `at` is where it is noted, and `use`
 * what strings are for there.
 */
export function isKnown(
  { words }: RecordScanner,
  at: number,
  use: StringUse | undefined,
  writer: ColumnWriter,
): boolean {
  const code = words[at + FOUND_CODE]!
  if (code < 0 || use === undefined || use !== writer.strings) return false
  return writer.writeKnown?.(code, words, at + FOUND_TICKS) === true
}

/** Has the writer add what the scanner found: `at` and `use` as in {@link isKnown}. */
export function writeFound(
  scanner: RecordScanner,
  at: number,
  use: StringUse | undefined,
  writer: DynamicWriter,
): void {
  const { words } = scanner
  const kind = words[at]!
  if (kind <= NULL) writer.writeCell(null)
  else if (!isKnown(scanner, at, use, writer)) {
    const start = words[at + FOUND_START]!
    writer.write(scanner.bytes, scanner.view, kind, start, words[at + FOUND_END]!)
  }
}

/** Has the writer add what is at `rest` in what the scanner found at a slot. */
export function writeInside(
  scanner: RecordScanner,
  slot: number,
  rest: RecordPath,
  writer: DynamicWriter,
): void {
  if (rest.length === 0) {
    writeFound(scanner, scanner.foundAt(slot), scanner.stringsAt(slot), writer)
    return
  }
  const { bytes } = scanner
  const isContainer = scanner.kindAt(slot) > ESCAPED
  const value = isContainer
    ? parseDynamic(textAt(bytes, scanner.startAt(slot), scanner.endAt(slot)))
    : undefined
  writer.writeCell(followPath(value ?? null, rest))
}

/**
 * A path as far as it has no position from the end, which is known only when the array is, and the rest of
 * it.
 */
export function splitPath(path: RecordPath): {
  readonly known: RecordPath
  readonly rest: RecordPath
} {
  const negative = path.findIndex(step => typeof step === 'number' && step < 0)
  const known = negative < 0 ? path : path.slice(0, negative)
  return { known, rest: path.slice(known.length) }
}

/** Where a path in a column is, in records that have the column at `base`. */
export function pathCandidate(
  base: RecordPath,
  known: RecordPath,
  rest: RecordPath,
  scanner: RecordScanner,
  nested: Map<string, NestedScanner>,
  strings: StringUse | undefined,
): PathCandidate {
  const key = JSON.stringify(base)
  const inText = nested.get(key) ?? new NestedScanner(scanner.want(base, 'text'))
  nested.set(key, inText)
  return {
    base: scanner.want(base, 'text'),
    slot: scanner.want([...base, ...known], strings),
    nested: inText,
    nestedSlot: inText.scanner.want(known, strings),
    rest,
  }
}

export interface PathCandidate {
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
    const bytes =
      unescapedBytesAt(outer.bytes, start, end) ?? encoder.encode(stringAt(outer.bytes, start, end))
    return this.#scanBytes(bytes, viewOf(bytes), 0, bytes.length)
  }

  #scanBytes(bytes: Uint8Array, view: DataView, start: number, end: number): boolean {
    const after = this.scanner.scanOnly(bytes, view, skipBlanks(bytes, start, end), end)
    return after >= 0 && skipBlanks(bytes, after, end) === end
  }
}

const encoder = new TextEncoder()
