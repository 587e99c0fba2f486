import { formatDatetime } from '../../types/datetime.ts'
import type { RequiredText, TimeRange } from '../source.ts'
import type { RecordColumn } from './record-columns.ts'

/** What lines must have in their bytes to matter. */
export interface LineNeeds {
  /** Of each, one word at least: ASCII letters and digits in lower case. */
  readonly words: readonly (readonly string[])[]
  readonly time?: NeededTime
}

/** The member of the record that has its time, and the range that matters, both ends included. */
export interface NeededTime {
  readonly member: string
  /** ISO 8601 without a fraction or zone, `2026-03-01T09:30:00`; in UTC. */
  readonly from: string
  readonly to: string
}

/** Longer words and names are not looked for whole, or not at all. */
export const MOST_BYTES = 48

const START = '0000-00-00T00:00:00'
const END = '9999-99-99T99:99:99'

/**
 * What the lines of records need that give the columns like this. What a column has that is not in
 * its record, because a value stands for another, cannot be looked for.
 */
export function lineNeeds(
  texts: readonly RequiredText[] | undefined,
  range: TimeRange | undefined,
  columns: readonly RecordColumn[],
): LineNeeds {
  const time = range && neededTime(range, columns)
  return {
    words: neededWords(texts ?? [], columns),
    ...(time === undefined ? {} : { time }),
  }
}

/** The words of which a record needs one, for each text whose columns are in their records. */
export function neededWords(
  texts: readonly RequiredText[],
  columns: readonly RecordColumn[],
): readonly (readonly string[])[] {
  const written = new Set(columns.filter(isWritten).map(({ name }) => name))
  return texts
    .filter(text => text.columns.every(column => written.has(column)))
    .map(({ words }) => words)
}

function isWritten({ replace, constant }: RecordColumn): boolean {
  return replace === undefined && constant === undefined
}

function neededTime(
  { column, from, to }: TimeRange,
  columns: readonly RecordColumn[],
): NeededTime | undefined {
  const record = columns.find(({ name }) => name === column)
  if (record === undefined || record.type !== 'datetime' || !isWritten(record)) return undefined
  const [path, ...others] = record.candidates
  const [member] = path ?? []
  if (others.length > 0 || path?.length !== 1 || typeof member !== 'string') return undefined
  // A name with other characters may be written in several ways.
  if (!/^\w+$/.test(member) || member.length + 2 > MOST_BYTES) return undefined
  return { member, from: secondOf(from) ?? START, to: secondOf(to) ?? END }
}

function secondOf(ticks: bigint | undefined): string | undefined {
  return ticks === undefined ? undefined : formatDatetime(ticks).slice(0, START.length)
}
