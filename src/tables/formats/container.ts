import type { RecordPath } from '../json/record-columns.ts'
import type { FrameAction } from './json-framer.ts'

/** Where things are in a document: names of members, and `*` for every element of an array. */
export type FramePattern = readonly string[]

/** How the records of a file are packed. */
export type Container = LinesContainer | FramesContainer | CsvContainer | TextContainer

/** One JSON object a line. */
export interface LinesContainer {
  readonly kind: 'lines'
  readonly format: 'NDJSON'
}

/** JSON documents with records in them, each an object, or an array of the values of `columns`. */
export interface FramesContainer {
  readonly kind: 'frames'
  readonly format: string
  /** Where records are. */
  readonly records: readonly FramePattern[]
  /** Whether a record is an array whose columns the document names elsewhere. */
  readonly tabular: boolean
  /** What the document says about its records or about itself. */
  readonly captures: readonly FramePattern[]
}

/** Comma-separated values with a line of names. */
export interface CsvContainer {
  readonly kind: 'csv'
  readonly format: 'CSV'
  readonly delimiter: string
  /** No line of names: every record counts, but for the first where it is to be left out. */
  readonly headless?: { readonly skipFirst: boolean }
}

/** Text of which each line that is not empty, or the whole, is a list of one text. */
export interface TextContainer {
  readonly kind: 'text'
  readonly format: 'text'
  readonly whole: boolean
  readonly skipFirst: boolean
}

/** What to do with the value at `path` of a document. */
export function chooseFrame(
  container: FramesContainer,
  path: RecordPath,
  opening: 'object' | 'array' | 'scalar',
): FrameAction {
  for (const pattern of container.records) {
    if (!leadsTo(pattern, path)) continue
    if (pattern.length > path.length) return opening === 'scalar' ? 'skip' : 'enter'
    return 'record'
  }
  for (const pattern of container.captures) {
    if (!leadsTo(pattern, path)) continue
    if (pattern.length > path.length) return opening === 'scalar' ? 'skip' : 'enter'
    return 'capture'
  }
  return 'skip'
}

/** Whether the pattern goes through the path or ends there. */
function leadsTo(pattern: FramePattern, path: RecordPath): boolean {
  if (pattern.length < path.length) return false
  for (let i = 0; i < path.length; i++) {
    const step = path[i]
    if (typeof step === 'number' ? pattern[i] !== '*' : pattern[i] !== step) return false
  }
  return true
}
