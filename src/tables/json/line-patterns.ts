import type { NeededTime } from './line-needs.ts'

/** A text that is looked for in lines. */
export interface LinePattern {
  /** Of a word, in lower case; of a time, the name of its member with quotes. */
  readonly bytes: Uint8Array
  /** Another name of the time; it has the probes too. */
  readonly other?: Uint8Array
  readonly isTime: boolean
  /** Where in it the two bytes are that are searched first, in order. */
  readonly probes: readonly [number, number]
}

/** What lines are looked through for. */
export interface LinePatterns {
  /** From one to eight. */
  readonly patterns: readonly LinePattern[]
  /** For each need the patterns of which a line has one, as a mask. */
  readonly needs: readonly number[]
  /** More needs, of which lines that have the others have one each: what is looked for in those alone. */
  readonly late: readonly (readonly LinePattern[])[]
  readonly time: NeededTime | undefined
}

/** How many patterns and needs a kernel was given to look for. */
export interface PlacedPatterns {
  readonly patterns: number
  readonly needs: number
  readonly late: number
}

/** Whole lines that may matter, in order. */
export interface FoundLines {
  /** How many lines were looked through, empty ones too, and the position after them. */
  readonly lines: number
  readonly end: number
  /** Of each line that may matter: where it begins and ends, and how many lines precede it. */
  readonly places: Int32Array
}

/** Numbers in {@link FoundLines.places} for each line. */
export const PLACE_NUMBERS = 3
