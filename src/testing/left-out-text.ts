import type { Dropped, RowExplanation, RowPath } from '../engine/lineage/explanation.ts'
import { verdict } from '../engine/lineage/verdict.ts'

/** A table of which not all rows were followed. */
export interface TableRowsNote {
  readonly table: string
  readonly followed: number
  readonly count: number
}

/** Ends that are told. */
const MOST_TOLD = 3
/** Rows that are named at one of them. */
const MOST_NAMED = 5

/** Rows of a table that end at one place for one reason. */
interface Ending {
  readonly table: string
  readonly rows: number[]
  readonly path: RowPath
  readonly end: Dropped
  /** How many values of the expected row are theirs too. */
  readonly shared: number
}

/**
 * Where rows are left out, for people: first those that have values of the row that was expected, and
 * of these the ones that come farthest. undefined where none is left out.
 */
export function leftOutText(
  rows: readonly RowExplanation[],
  expected: Readonly<Record<string, unknown>>,
  notes: readonly TableRowsNote[],
): string | undefined {
  const endings = [...endingsOf(rows, textsOf(expected)).values()].sort(byRelevance)
  if (endings.length === 0) return undefined
  const more = endings.slice(MOST_TOLD).reduce((sum, ending) => sum + ending.rows.length, 0)
  return [
    ...endings.slice(0, MOST_TOLD).map(endingText),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'row is' : 'rows are'} left out.`] : []),
    ...notes.map(
      ({ table, followed, count }) =>
        `Of the ${count} rows of ${table} the first ${followed} were followed.`,
    ),
  ].join('\n')
}

function endingsOf(
  rows: readonly RowExplanation[],
  wanted: ReadonlySet<string>,
): Map<string, Ending> {
  const endings = new Map<string, Ending>()
  for (const { table, row, values, paths } of rows) {
    const [path] = paths
    if (path?.end.kind !== 'dropped') continue
    const { end } = path
    const shared = [...textsOf(values)].filter(text => wanted.has(text)).length
    const key = JSON.stringify([table, end.place.source.name, end.place.span, end.message, shared])
    const known = endings.get(key)
    if (known === undefined) endings.set(key, { table, rows: [row], path, end, shared })
    else known.rows.push(row)
  }
  return endings
}

/** The texts and times among values, without regard to case: a number is equal to others by chance. */
function textsOf(values: Readonly<Record<string, unknown>>): Set<string> {
  const texts = Object.values(values).flatMap(value =>
    typeof value === 'string' && value !== '' ? [value.toLowerCase()] : [],
  )
  return new Set(texts)
}

function byRelevance(a: Ending, b: Ending): number {
  return (
    b.shared - a.shared ||
    stagesOf(b) - stagesOf(a) ||
    a.end.parts.length - b.end.parts.length ||
    b.end.place.span.start - a.end.place.span.start
  )
}

/** How many operators it came through; -1 outside of the window. */
function stagesOf({ path, end }: Ending): number {
  return end.reason === 'window' ? -1 : path.stages.length
}

function endingText({ table, rows, end }: Ending): string {
  const [first, ...others] = rows
  const { source, line, column } = end.place
  const named = others.slice(0, MOST_NAMED).join(', ')
  const rest = others.length > MOST_NAMED ? `, and ${others.length - MOST_NAMED} more` : ''
  const same =
    others.length === 0 ? '' : ` So ${others.length === 1 ? 'is row' : 'are rows'} ${named}${rest}.`
  return `Row ${first} of ${table} ${verdict(end)}${same}\n  ${source.name}:${line}:${column}`
}
