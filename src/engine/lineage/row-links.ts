import type { ColumnBatch } from '../../tables/batch.ts'
import { type ScalarValue, type Vector, valueAt } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import { dynamicAt } from '../functions/dynamic-value.ts'
import { KeyIndex } from '../operators/key-index.ts'
import type { QueryExpr } from '../plan/nodes.ts'
import { Links } from './links.ts'
import { vectorNamed } from './node-run.ts'

/** What a subquery is in an expression: see the node `query`. */
export function subqueryResult({ mode, plan }: QueryExpr, rows: ColumnBatch): ScalarValue {
  const [column] = rows.columns
  if (mode === 'scalar') {
    if (column !== undefined && rows.length > 0) return valueAt(column, 0)
    return plan.schema[0]?.type === 'string' ? '' : null
  }
  if (column === undefined) return []
  return Array.from({ length: rows.length }, (_, row) => dynamicAt(column, row))
}

/** The positions of all rows. */
export function allRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, row) => row)
}

/** The numbers in a column of positions; NaN where there is none. */
export function numbersIn(rows: ColumnBatch, name: string): number[] {
  const vector = vectorNamed(rows, name)
  return Array.from({ length: rows.length }, (_, row) =>
    vector.isNull(row) ? Number.NaN : Number(valueAt(vector, row)),
  )
}

/** The links that a column of positions tells. */
export function linksBy(rows: ColumnBatch, name: string): Links {
  const positions = numbersIn(rows, name)
  const outs = positions.flatMap((position, out) => (Number.isNaN(position) ? [] : [out]))
  return new Links(
    Uint32Array.from(outs, out => positions[out] as number),
    Uint32Array.from(outs),
  )
}

/** The group of each row, numbered as the engine numbers them: in the order of appearance. */
export function groupLinks(keys: readonly Vector[], rows: Uint32Array, groups: number): Links {
  const index = new KeyIndex(keys.map(({ type }) => type))
  const groupOf = new Uint32Array(keys[0]?.length ?? 0)
  index.assign(keys, rows, groupOf)
  if (index.size !== groups) throw new InternalError(`${index.size} groups for ${groups} rows`)
  return new Links(
    rows,
    Uint32Array.from(rows, row => groupOf[row] as number),
  )
}

/** The rows of each group, in the order of appearance. */
export function groupsOf(keys: readonly Vector[], rows: Uint32Array): number[][] {
  const index = new KeyIndex(keys.map(({ type }) => type))
  const groupOf = new Uint32Array(keys[0]?.length ?? 0)
  index.assign(keys, rows, groupOf)
  const groups: number[][] = Array.from({ length: index.size }, () => [])
  for (const row of rows) groups[groupOf[row] as number]?.push(row)
  return groups
}
