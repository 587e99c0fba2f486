import type { RecordPath } from '../json/record-columns.ts'

/** What takes the records of a file. */
export interface RecordSink {
  /**
   * The columns of the records that follow, where these are arrays. `types` has the type of each
   * where the file tells.
   */
  columns(names: readonly string[], types?: readonly string[]): void
  /**
   * A record: JSON, presumably. `line` is 1-based. The bytes are valid until the framer is given the
   * next chunk, those of CSV during the call only.
   */
  record(bytes: Uint8Array, start: number, end: number, line: number): void
  /**
   * Takes the record at `start` if it is well-formed and ends before `end`: the position after it.
   * Otherwise -1, and it is to be handed over by {@link record} when its end is found.
   */
  value(bytes: Uint8Array, start: number, end: number, line: number): number
  /** The same if it fills the rest of its line: the line's end. */
  line(bytes: Uint8Array, start: number, end: number, line: number): number
  /** Called where the bytes of all records so far are about to change. */
  settle(): void
  /** What a document says besides: an error, a context. */
  note(path: RecordPath, text: string): void
  /** Something that should have been a record, and is left out. */
  broken(line: number, message: string): void
}
