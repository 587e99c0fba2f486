import { formatDatetime, isDatetime } from '../../types/datetime.ts'
import type { PathStep, RequiredText, TimeRange } from '../source.ts'
import type { RecordColumn } from './record-columns.ts'

/** What lines must have in their bytes to matter. */
export interface LineNeeds {
  /** Of each, one word at least: ASCII letters and digits in lower case. */
  readonly words: readonly (readonly string[])[]
  readonly time?: NeededTime
}

/** What the record has its time in, and the range that matters, both ends included. */
export interface NeededTime {
  /** One or two names of members that begin alike. */
  readonly members: readonly string[]
  /** ISO 8601 without a fraction or zone, `2026-03-01T09:30:00`; in UTC. */
  readonly from: string
  readonly to: string
  /**
   * Whether the times that matter are the others: those out of the range, whatever words their lines have.
   * Lines with a time inside, or without one, need the words.
   */
  readonly outside?: true
}

/** How many characters two names of a time must begin with to be looked for at once. */
const LEAST_ALIKE = 3

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

/**
 * What lines need that are looked at for words, or because their times may be out of a range; undefined where
 * that tells of no line.
 */
export function needsOutside(
  texts: readonly RequiredText[],
  range: TimeRange,
  columns: readonly RecordColumn[],
): LineNeeds | undefined {
  const words = neededWords(texts, columns)
  const time = neededTime(range, columns)
  return words.length === 0 || time === undefined
    ? undefined
    : { words, time: { ...time, outside: true } }
}

/** The names of members that have a time; undefined where lines cannot be looked through for them. */
export function timeMembers(
  column: string,
  columns: readonly RecordColumn[],
): readonly string[] | undefined {
  return neededTime({ column }, columns)?.members
}

/** The words of which a record needs one, for each text whose columns are in their records. */
export function neededWords(
  texts: readonly RequiredText[],
  columns: readonly RecordColumn[],
): readonly (readonly string[])[] {
  const byName = new Map(columns.map(column => [column.name, column]))
  return texts
    .filter(text =>
      text.columns.every(name => {
        const column = byName.get(name)
        return column !== undefined && (isWritten(column) || makesNone(text.words, column))
      }),
    )
    .map(({ words }) => words)
}

/** Whether no text that the column has in place of another, or of none, has one of the words in it. */
function makesNone(words: readonly string[], { replace, constant }: RecordColumn): boolean {
  return [...(replace?.values() ?? []), constant ?? null].every(made => {
    if (made === null) return true
    const text = typeof made === 'string' ? made.toLowerCase() : undefined
    return text !== undefined && !words.some(word => text.includes(word))
  })
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
  const members = record.candidates.map(path => (path.length === 1 ? path[0] : undefined))
  if (!members.every(isPlainName) || members.length === 0 || members.length > 2) return undefined
  if (members.length === 2 && alikeLength(members) < LEAST_ALIKE) return undefined
  return { members, from: secondOf(from) ?? START, to: secondOf(to) ?? END }
}

/** A name with other characters may be written in several ways. */
function isPlainName(step: PathStep | undefined): step is string {
  return typeof step === 'string' && /^\w+$/.test(step) && step.length + 2 <= MOST_BYTES
}

/** How many characters all of the names begin with. */
export function alikeLength(names: readonly string[]): number {
  const [first = ''] = names
  let length = 0
  while (length < first.length && names.every(name => name[length] === first[length])) length++
  return length
}

/** The second of a time; undefined for what is beyond all times, as what comes behind the last one. */
function secondOf(ticks: bigint | undefined): string | undefined {
  if (ticks === undefined || !isDatetime(ticks)) return undefined
  return formatDatetime(ticks).slice(0, START.length)
}
