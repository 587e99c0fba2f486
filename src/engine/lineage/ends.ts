import type { ColumnBatch } from '../../tables/batch.ts'
import { valueAt } from '../../tables/vector.ts'
import { formatDatetime } from '../../types/datetime.ts'
import { resultValue } from '../result.ts'
import type { DropContext } from './drop.ts'
import { partnersOf } from './drop-join.ts'
import type { PathEnd, Place } from './explanation.ts'
import { operatorName, type Places } from './place.ts'
import { type SeenRows, type TimeWindow, timesOf } from './table-rows.ts'
import type { Traced } from './traced.ts'
import type { Edge } from './trail.ts'

/** Rows of a result that are named in a message. */
const MAX_RESULT_ROWS = 20

/** A result of the query, traced. */
export interface TracedResult {
  readonly name: string | undefined
  readonly node: Traced
}

/** The end of a row that the run does not see. */
export function outsideEnd(
  seen: SeenRows,
  row: number,
  { from, to }: TimeWindow,
  place: Place,
): PathEnd {
  const { name, times } = timesOf(seen.all) ?? {}
  const time = times === undefined || times.isNull(row) ? 'null' : textOfTime(times.values[row])
  const window = `${textOfTime(from)} to ${textOfTime(to)}`
  return {
    kind: 'dropped',
    reason: 'window',
    operator: 'window',
    place,
    message: `${name} is ${time}, outside of the window of the run: ${window}`,
    rows: 1,
    parts: [],
    otherRows: [],
  }
}

/** The end in one of `count` results. */
export function reachedEnd(
  { name, node }: TracedResult,
  index: number,
  count: number,
  rows: readonly number[],
  places: Places,
): PathEnd {
  const numbers = rows.slice(0, MAX_RESULT_ROWS).map(row => row + 1)
  const list = numbers.join(', ') + (rows.length > numbers.length ? ', …' : '')
  const which = count > 1 ? ` ${name ?? index + 1}` : ''
  return {
    kind: 'result',
    result: index + 1,
    ...(name === undefined ? {} : { name }),
    rows: rows.map(row => row + 1),
    values: valuesOf(node.rows, rows[0] as number),
    place: places.of(node.plan.span),
    message: `it is in ${rows.length === 1 ? 'row' : 'rows'} ${list} of the result${which}`,
  }
}

/** The end in a subquery that stands in an expression of `user`. */
export function usedEnd(
  user: Traced,
  subquery: Traced,
  rows: readonly number[],
  places: Places,
): PathEnd {
  const place = places.of(subquery.plan.span)
  const reader = places.of(user.plan.span)
  const operator = operatorName(user.plan, reader)
  const made = rows.length === 1 ? 'a row' : `${rows.length} rows`
  const message = `it is in ${made} of a subquery, whose value ${operator} in line ${reader.line} uses`
  return { kind: 'used', operator, place, message }
}

/** The end at a node of which nothing says what rows of the input became. */
export async function linklessEnd(
  { node, input }: Edge,
  rows: readonly number[],
  place: Place,
  context: DropContext,
): Promise<PathEnd> {
  const plan = node.ran
  const { operator } = context
  if (plan.kind !== 'join') {
    const message = `rows cannot be followed through ${place.text || plan.kind}`
    return unfollowed(operator, place, message)
  }
  const [own, other] = input === 0 ? ['left', 'right'] : ['right', 'left']
  const count = await partnersOf(node, plan, input, rows, context)
  const what = plan.joinKind.endsWith('anti') ? 'takes away' : 'lets through'
  const message = `it is on the ${own} side of kind=${plan.joinKind}, where its key ${what} ${count} of the rows of the ${other} side`
  return { kind: 'used', operator, place, message }
}

/** The end of what cannot be told. */
export function unfollowed(operator: string, place: Place, message: string): PathEnd {
  return { kind: 'unfollowed', operator, place, message }
}

/** The values of a row that are not null or empty, by column. */
export function valuesOf(rows: ColumnBatch | undefined, row: number): Record<string, unknown> {
  if (rows === undefined) return {}
  const entries = rows.schema.flatMap(({ name, type }, index) => {
    const vector = rows.columns[index]
    const value = vector === undefined ? null : resultValue(type, valueAt(vector, row))
    return value === null || value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(entries)
}

function textOfTime(ticks: bigint | undefined): string {
  return ticks === undefined ? '…' : formatDatetime(ticks)
}
