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
  /** Adds a value of the column's type, or null. */
  writeValue(value: ScalarValue): void
  /** The vector of what was added since the last call. */
  take(): Vector
}

/** One requested column of a scan over records: finds its value in a scanned record and adds it. */
export interface ColumnCell {
  /** Adds the value of the record; the text of a value that does not fit, where null was added. */
  add(scanner: RecordScanner): string | undefined
  take(): Vector
  /** Whether there is so much in its vector that the batch is to end. */
  readonly isFull?: boolean
}
