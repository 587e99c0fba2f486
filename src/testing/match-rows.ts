import { resultValue } from '../engine/result.ts'
import { followPath } from '../tables/dynamic-path.ts'
import type { ScalarValue } from '../tables/vector.ts'
import type { Dynamic } from '../types/dynamic.ts'
import type { Schema } from '../types/schema.ts'
import type { ExpectedRow } from './expected-rows.ts'
import { mostPairs } from './most-pairs.ts'
import { isSameValue } from './same-value.ts'
import { valueIn } from './typed-value.ts'

/** A cell that is not as expected; values are as results give them. */
export interface CellDifference {
  readonly column: string
  readonly expected: unknown
  readonly got: unknown
}

/** An expected row that is not there. */
export interface MissingRow {
  /** Its position among the expected rows. */
  readonly index: number
  /** What was expected of it, by column as the file names it. */
  readonly expected: Readonly<Record<string, unknown>>
  /** The unexpected row that comes nearest, by its position; undefined where there is none. */
  readonly nearest: number | undefined
  /** The cells in which that one differs. */
  readonly differences: readonly CellDifference[]
}

/** What is wrong with the rows of a test. */
export interface RowDifference {
  readonly missing: readonly MissingRow[]
  /** Positions of rows that nothing expects. */
  readonly unexpected: readonly number[]
  /** Whether all rows are there, but not in the order of the list. */
  readonly misordered: boolean
}

/** How rows are to match. */
export interface MatchOptions {
  readonly now: bigint
  readonly others: boolean
  readonly exact: boolean
  readonly ordered: boolean
}

/** A cell that is expected, once `now` is known. */
interface WantedCell {
  readonly name: string
  readonly type: Schema[number]['type']
  readonly value: ScalarValue
  of(row: readonly ScalarValue[]): ScalarValue
}

/**
 * How the rows differ from those expected, each of which stands for one row; undefined where they do
 * not. Rows are paired so that as many as possible match, and the rest by the fewest cells that differ.
 */
export function differenceOf(
  expected: readonly ExpectedRow[],
  rows: readonly (readonly ScalarValue[])[],
  schema: Schema,
  options: MatchOptions,
): RowDifference | undefined {
  const wanted = expected.map(row => cellsOf(row, schema, options))
  const fits = (index: number, row: number) =>
    matches(wanted[index] as readonly WantedCell[], rows[row] as readonly ScalarValue[])
  // With rows too many or too few, what matches stands at other places than in the list.
  const isLoose = options.others || wanted.length !== rows.length
  const partners = options.ordered
    ? orderedPairs(wanted, rows, isLoose)
    : mostPairs(wanted.length, rows.length, fits)
  const isTaken = new Set(partners)
  const left = rows.flatMap((_, index) => (isTaken.has(index) ? [] : [index]))
  const missing = wanted.flatMap((cells, index) =>
    partners[index] === undefined ? [{ cells, index }] : [],
  )
  const unexpected = options.others ? [] : left
  if (missing.length === 0 && unexpected.length === 0) return undefined
  const couldFit = options.ordered && (options.others || wanted.length === rows.length)
  const unordered = couldFit ? mostPairs(wanted.length, rows.length, fits) : undefined
  return {
    missing: nearestOf(missing, left, rows),
    unexpected,
    misordered: unordered?.every(partner => partner !== undefined) === true,
  }
}

function cellsOf(
  { cells }: ExpectedRow,
  schema: Schema,
  { now, exact }: MatchOptions,
): WantedCell[] {
  const wanted = cells.map(({ name, column, path, type, value }): WantedCell => {
    const at = schema.findIndex(each => each.name === column)
    return {
      name,
      type,
      value: valueIn(value, now),
      of: row => {
        const own = row[at] ?? null
        return path.length === 0 ? own : followPath(own as Dynamic, path)
      },
    }
  })
  if (!exact) return wanted
  const named = new Set(cells.map(({ column }) => column))
  const empty = schema.flatMap(({ name, type }, at): WantedCell[] => {
    const value = type === 'string' ? '' : null
    return named.has(name) ? [] : [{ name, type, value, of: row => row[at] ?? null }]
  })
  return [...wanted, ...empty]
}

function matches(cells: readonly WantedCell[], row: readonly ScalarValue[]): boolean {
  return cells.every(cell => isSameValue(cell.value, cell.of(row)))
}

/** The partner of each expected row, in order: the row at its place, or, where loose, the next that fits. */
function orderedPairs(
  wanted: readonly (readonly WantedCell[])[],
  rows: readonly (readonly ScalarValue[])[],
  isLoose: boolean,
): (number | undefined)[] {
  let next = 0
  return wanted.map((cells, index) => {
    if (!isLoose) {
      const row = rows[index]
      return row !== undefined && matches(cells, row) ? index : undefined
    }
    for (let at = next; at < rows.length; at++) {
      if (!matches(cells, rows[at] as readonly ScalarValue[])) continue
      next = at + 1
      return at
    }
    return undefined
  })
}

/** Pairs what is missing with what is left, the fewest differing cells first. */
function nearestOf(
  missing: readonly { readonly cells: readonly WantedCell[]; readonly index: number }[],
  left: readonly number[],
  rows: readonly (readonly ScalarValue[])[],
): MissingRow[] {
  const pairs = missing
    .slice(0, MOST_PAIRED)
    .flatMap(({ cells }, position) =>
      left.slice(0, MOST_PAIRED).map(row => {
        const differing = cells.filter(cell => !isSameValue(cell.value, cell.of(rows[row] ?? [])))
        return { position, row, differing, same: cells.length - differing.length }
      }),
    )
    // A row that has nothing in common is not near.
    .filter(({ same, differing }) => same > 0 || differing.length === 1)
    .sort((a, b) => a.differing.length - b.differing.length)
  const nearest = new Map<number, (typeof pairs)[number]>()
  const used = new Set<number>()
  for (const pair of pairs) {
    if (nearest.has(pair.position) || used.has(pair.row)) continue
    nearest.set(pair.position, pair)
    used.add(pair.row)
  }
  return missing.map(({ cells, index }, position) => {
    const pair = nearest.get(position)
    const row = pair === undefined ? undefined : rows[pair.row]
    return {
      index,
      expected: Object.fromEntries(
        cells.map(cell => [cell.name, resultValue(cell.type, cell.value)]),
      ),
      nearest: pair?.row,
      differences: (pair?.differing ?? []).map(cell => ({
        column: cell.name,
        expected: resultValue(cell.type, cell.value),
        got: resultValue(cell.type, cell.of(row ?? [])),
      })),
    }
  })
}

/** Rows that are paired for show: pairing takes the square of their number. */
const MOST_PAIRED = 100
