import type { ScalarType } from '../types/scalar-type.ts'
import type { Schema } from '../types/schema.ts'
import type { ColumnBatch } from './batch.ts'
import type { MemoryBound } from './text-builder.ts'

/** A step into a dynamic value: a member's name, or a position (negative from the end). */
export type PathStep = string | number

/** A column that a scan is asked for: a column of the table, or what is at a path in a dynamic one. */
export interface ScanColumn {
  /** Its name in the batches. */
  readonly name: string
  /** Its type in the batches: the table's, or dynamic for a path. */
  readonly type: ScalarType
  /** The column of the table. */
  readonly column: string
  readonly path?: readonly PathStep[]
  /**
   * Of an array at the path, only what is at these paths of members in its elements is read, and how
   * many elements there are. A hint: a source may give the array as it is.
   */
  readonly elements?: readonly (readonly string[])[]
}

/** What two readers of the same elements read: all where one of them reads all. */
export function bothElements(
  one: ScanColumn['elements'],
  other: ScanColumn['elements'],
): ScanColumn['elements'] {
  if (one === undefined || other === undefined) return undefined
  const all = new Map([...one, ...other].map(path => [JSON.stringify(path), path]))
  return [...all.values()]
}

/** A column for two requests of what is at the same place. */
export function bothColumns(one: ScanColumn, other: ScanColumn): ScanColumn {
  const { elements: _, ...column } = one
  const elements = bothElements(one.elements, other.elements)
  return elements === undefined ? column : { ...column, elements }
}

/** Rows outside of the range cannot matter: `from <= column < to`, each bound optional, in ticks. */
export interface TimeRange {
  readonly column: string
  readonly from?: bigint
  readonly to?: bigint
}

/** Outside of which times rows cannot matter, for whatever reason; the query's own where columns differ. */
export function timesOf({ timeRange, partnerTimes }: ScanRequest): TimeRange | undefined {
  if (timeRange === undefined || partnerTimes === undefined) return timeRange ?? partnerTimes
  const { column } = timeRange
  if (partnerTimes.column !== column) return timeRange
  const from = later(timeRange.from, partnerTimes.from)
  const to = earlier(timeRange.to, partnerTimes.to)
  return { column, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}

function later(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a
}

function earlier(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

/** What decides by some of the requested columns which rows can matter. */
export interface ScanFilter {
  /** The names, in the batches, of the columns that it looks at. */
  readonly columns: readonly string[]
  /** Those of the rows of a batch that can matter, in order; the batch has just `columns`. */
  select(batch: ColumnBatch): Uint32Array
  /** Whether no row can: a source need not look at any. */
  readonly isNever?: boolean
  /**
   * Filters that all have to choose a row, where that is what this one does: in the order in which a source
   * asks them that can read columns for some of the rows alone.
   */
  readonly parts?: readonly ScanFilter[]
}

/** Rows that matter have one of the words, whatever its case, in the text of one of the columns. */
export interface RequiredText {
  /** Columns of the table, strings or dynamics. */
  readonly columns: readonly string[]
  /** ASCII letters and digits, letters in lower case, with at least one letter other than e. */
  readonly words: readonly string[]
  /** Whether the filter of the request sees to it too. */
  readonly inFilter?: boolean
}

/**
 * Words that rows have which matter for anything but the first and the last time of the table: for that,
 * all do.
 */
export interface TextsWithin {
  /** The datetime column with these times. */
  readonly column: string
  /** Each of them holds of a row that matters. */
  readonly texts: readonly RequiredText[]
  /**
   * Called by a source that leaves out rows which lack the words: their times are in `from <= time < to`, in
   * ticks. So the first and the last time are those of the rows that it gives, or asks a filter about, only
   * if there are some before and some behind.
   */
  assume(from: bigint, to: bigint): void
}

/**
 * What the plan needs of a table. `columns` must be delivered exactly; the rest are hints that a
 * source may use to leave rows out, and the engine checks the predicates again.
 */
export interface ScanRequest {
  readonly columns: readonly ScanColumn[]
  readonly timeRange?: TimeRange
  /** The same, by the rows that those of the scan are joined with. */
  readonly partnerTimes?: TimeRange
  /**
   * A source that asks it does so about every row that it gives, and leaves out the others: what a
   * column beyond the filter's has in those is never looked at, nor reported.
   */
  readonly filter?: ScanFilter
  /** Each of them holds of a row that matters; nothing more is looked at, or reported, in others. */
  readonly texts?: readonly RequiredText[]
  /** A source may leave out rows by it, which are not looked at and not asked about. */
  readonly textsWithin?: TextsWithin
}

/** A record that could not be read, or a value that did not fit its column. */
export interface ReadProblem {
  /** The file's path, or the table's name for rows in memory. */
  readonly file: string
  /** 1-based; undefined where the format has no lines. */
  readonly line?: number
  /** How many others of its kind and column precede it on the line; 0 where it is missing. */
  readonly nth?: number
  readonly kind: 'record' | 'value'
  /** The column, for `value`. */
  readonly column?: string
  readonly message: string
}

/** What a scan runs in. */
export interface ScanContext {
  /** Rows a batch, at most. */
  readonly batchSize: number
  readonly signal?: AbortSignal
  /** Called for every record or value that could not be read; may throw, to make it fatal. */
  report(problem: ReadProblem): void
  /**
   * Called with a number of records that were not looked at, because their bytes show that they
   * cannot matter: whether they could be read is not known. It is {@link UNREAD} of a file that was not
   * read, because its folders show that, and {@link UNWANTED} of one of which no row can matter. Where it is
   * missing, all are looked at.
   */
  readonly unexamined?: (records: number, file: string) => void
  /** Called with a number of rows that were not looked at, of which it is known that they could be read. */
  readonly passedOver?: (rows: number) => void
  /** What is not to be used to save time. */
  readonly without?: readonly Technique[]
  /** What the query may keep in memory, which a source may measure its dictionaries by. */
  readonly memory?: MemoryBound
  /** How many threads may read, this one included; 1 where it is missing. */
  readonly threads?: number
  /** What one thread is expected to read in less time, in nanoseconds, is left to one. */
  readonly leastShared?: number
}

/** Stands for the number of all records of a file that was not read for its folders' sake. */
export const UNREAD = Number.POSITIVE_INFINITY

/** Stands for the number of all records of a file that was not read as none was wanted. */
export const UNWANTED = Number.MAX_VALUE

/**
 * What saves time and changes no row: WebAssembly (`kernel`), words that are looked for in the bytes of
 * records (`literals`), ranges of time (`time-ranges`), keys of a join's other side (`runtime-filters`),
 * one pass over a table that both sides of a join read (`shared-scans`).
 */
export type Technique = (typeof TECHNIQUES)[number]

export const TECHNIQUES = [
  'kernel',
  'literals',
  'time-ranges',
  'runtime-filters',
  'shared-scans',
] as const

/** Rows that can be scanned, any number of times. */
export interface TableSource {
  readonly schema: Schema
  /** What the user should know about how its files are read. */
  readonly notes?: readonly { readonly file: string; readonly message: string }[]
  /** How many bytes a scan may read; undefined where that is not known. */
  readonly bytes?: number
  /** Batches whose schema is the request's columns. A column that the source lacks is null. */
  scan(request: ScanRequest, context: ScanContext): AsyncIterable<ColumnBatch>
}
