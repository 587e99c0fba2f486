import type { ColumnBatch } from '../../tables/batch.ts'
import { type ElementLists, ListedElements, NULL_ELEMENT } from '../../tables/listed-elements.ts'
import type { DynamicVector } from '../../tables/vector.ts'
import type { MvExpandPlan } from '../plan/nodes.ts'

/** Rows of the output whose elements are in lists. */
export interface ListedRows {
  /** Of each the row of the input, its element's index and place. */
  readonly rows: Uint32Array
  readonly indexes: Uint32Array
  readonly places: Uint32Array
  /** By expanded column. */
  readonly columns: readonly DynamicVector[]
}

/** The rows of the output where just the vector is expanded, and all of it is in the same lists. */
export function listedRows(
  plan: MvExpandPlan,
  batch: ColumnBatch,
  vector: DynamicVector,
  limit: number,
): ListedRows | undefined {
  const lists = listsIn(vector, batch.rows)
  if (lists === undefined) return undefined
  const columns = plan.columns.flatMap(({ steps }) => (steps && lists.columnOf(steps)) ?? [])
  if (columns.length < plan.columns.length) return undefined
  const before = batch.rows
  const counts = new Uint32Array(before.length)
  const firsts = new Uint32Array(before.length)
  let length = 0
  for (let k = 0; k < before.length; k++) {
    const cell = vector.cellAt(before[k]!)
    const isListed = cell instanceof ListedElements
    const count = Math.min(limit, isListed ? cell.to - cell.from : 1)
    counts[k] = count
    firsts[k] = isListed ? cell.from : NULL_ELEMENT
    length += count
  }
  const rows = new Uint32Array(length)
  const indexes = new Uint32Array(length)
  const places = new Uint32Array(length)
  let at = 0
  for (let k = 0; k < before.length; k++) {
    const row = before[k]!
    const first = firsts[k]!
    const count = counts[k]!
    for (let index = 0; index < count; index++, at++) {
      rows[at] = row
      indexes[at] = index
      places[at] = first + index
    }
  }
  return { rows, indexes, places, columns }
}

/** The lists that all of the rows are in that are not null; undefined where there is another value. */
function listsIn(vector: DynamicVector, rows: Uint32Array): ElementLists | undefined {
  let lists: ElementLists | undefined
  for (let k = 0; k < rows.length; k++) {
    const cell = vector.cellAt(rows[k]!)
    if (cell === null) continue
    if (!(cell instanceof ListedElements)) return undefined
    lists ??= cell.lists
    if (cell.lists !== lists) return undefined
  }
  return lists
}
