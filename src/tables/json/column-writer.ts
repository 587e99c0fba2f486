import type { ScalarValue, Vector } from '../vector.ts'
import type { StringUse } from './path-trie.ts'
import type { RecordScanner } from './record-scanner.ts'

/** Builds the vectors of one requested column from values in records, a row at a time. */
export interface ColumnWriter {
  /**
   * Adds the value of that kind at that place, which is neither absent nor null. false where it does
   * not fit the column: then null was added.
   */
  write(bytes: Uint8Array, view: DataView, kind: number, start: number, end: number): boolean
  /** What the scanner may tell of strings without escapes, besides where they are. */
  readonly strings?: StringUse | undefined
  /**
   * Adds a string of which the scanner told that: its code, or where in `words` its ticks are. false,
   * and nothing was added, where that is of no use any more.
   */
  writeKnown?(code: number, words: Int32Array, ticks: number): boolean
  /**
   * Adds the values at a slot of rows from `from` on for which what the scanner noted is enough. Gives
   * the position among `rows` of the first that was not added: that has no value, or needs {@link write}.
   */
  writeRows?(
    scanner: RecordScanner,
    slot: number,
    rows: Uint32Array,
    from: number,
    to: number,
  ): number
  /** Adds a value of the column's type, or null. */
  writeValue(value: ScalarValue): void
  /** The vector of what was added since the last call. */
  take(): Vector
}

/** One requested column of a scan over records: finds its value in a scanned record and adds it. */
export interface ColumnCell {
  /** Adds the value of the record; the text of a value that does not fit, where null was added. */
  add(scanner: RecordScanner): string | undefined
  /**
   * Adds the values of rows that the scanner keeps, from `from` on, as far as that takes no look at the
   * records. Gives the position among `rows` of the first that was not added.
   */
  addRows?(scanner: RecordScanner, rows: Uint32Array, from: number, to: number): number
  take(): Vector
  /** Whether records hold texts that it looks into, which is done once for all columns of a record. */
  readonly isNested?: boolean
  /** Whether there is so much in its vector that the batch is to end. */
  readonly isFull?: boolean
}
