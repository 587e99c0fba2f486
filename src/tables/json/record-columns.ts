import type { ScalarType } from '../../types/scalar-type.ts'
import type { PathStep, RequiredText, ScanFilter } from '../source.ts'
import type { ScalarValue } from '../vector.ts'

/** How an object or an array becomes the text of a string column: without blanks, or indented by 2. */
export type JsonTextForm = 'compact' | 'pretty'

/** A path into a JSON record, from its root. */
export type RecordPath = readonly PathStep[]

/**
 * A column of a table that records give.
 *
 * A JSON value that has another type than the column is converted where nothing is lost: a string
 * column takes numbers and bools as their text and objects as JSON text, a dynamic column takes a
 * string that holds a JSON object or array as that value, and the other types take their text.
 */
export interface RecordColumn {
  readonly name: string
  readonly type: ScalarType
  /** Where the value is: the first path that leads to something other than null wins. */
  readonly candidates: readonly RecordPath[]
  /** Texts (of strings, numbers and bools) that stand for another text, or for null. */
  readonly replace?: ReadonlyMap<string, string | null>
  /** For a string column that is given an object or an array; the reader's default otherwise. */
  readonly jsonText?: JsonTextForm
  /** The value where no candidate gives one: instead of null, or of the empty string. */
  readonly constant?: ScalarValue
}

/** Keeps the records that belong to a table, where a file holds the records of several. */
export interface RecordFilter {
  /** Where the text that decides is: the first path that leads to something other than null. */
  readonly candidates: readonly RecordPath[]
  /** Asked once a distinct text; undefined where no candidate gives one. */
  accepts(text: string | undefined): boolean
  /** Texts that it may be asked about at any time. */
  readonly known?: readonly (string | undefined)[]
}

/** What a reader of records makes of them, apart from the columns. */
export interface RecordReaderOptions {
  /** The path of the file, or the name of the source, for problems. */
  readonly file: string
  readonly filter?: RecordFilter
  /** Whether each record is written over the one before, so that nothing of it can be kept. */
  readonly overwritten?: boolean
  /** Leaves out the rows that cannot matter, where records are not overwritten, before the rest of their values is looked at. */
  readonly rows?: ScanFilter
  /** What must be in the bytes of a record that matters, where these are what was written. */
  readonly texts?: readonly RequiredText[]
  /** Whether WebAssembly may be used; true when absent. */
  readonly kernel?: boolean
  /** `pretty` when absent, as Log Analytics has it in its sign-in tables. */
  readonly jsonText?: JsonTextForm
  /** A longer record is a problem and is skipped; 64 MiB when absent. */
  readonly maxRecordBytes?: number
}
