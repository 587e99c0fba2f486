import type { Int64Vector, ScalarValue, Vector } from '../../tables/vector.ts'
import type { Expr } from '../plan/nodes.ts'
import { MIRRORED } from '../plan/predicates.ts'
import type { Filter } from './contract.ts'

/**
 * A filter by the comparison of a column of 64-bit integers with a constant, which lets a batch pass, or
 * drops it, as a whole where its least and greatest value tell; otherwise by `each`. undefined where the
 * expression is none such.
 */
export function rangeFilter(
  expr: Expr,
  constantOf: (expr: Expr) => ScalarValue | undefined,
  indexOf: (column: string) => number,
  each: Filter,
): Filter | undefined {
  if (expr.kind !== 'call' || MIRRORED[expr.function] === undefined) return undefined
  const [left, right] = expr.arguments
  if (left === undefined || right === undefined || left.type !== right.type) return undefined
  if (left.kind === 'column') return filterOf(expr.function, left, right)
  return right.kind === 'column' ? filterOf(MIRRORED[expr.function] ?? '', right, left) : undefined

  function filterOf(operator: string, column: Expr & { kind: 'column' }, other: Expr) {
    const bound = isInt64(column) ? constantOf(other) : undefined
    if (typeof bound !== 'bigint') return undefined
    const index = indexOf(column.name)
    const verdict = verdictBy(operator, bound)
    const filter: Filter = (batch, selection) => {
      const vector = batch.columns[index] as Vector as Int64Vector
      const range = vector.nulls === undefined ? vector.range : undefined
      const passes = range && verdict(range.least, range.greatest)
      if (passes === undefined) return each(batch, selection)
      return passes ? selection : selection.subarray(0, 0)
    }
    return filter
  }
}

function isInt64({ type }: Expr): boolean {
  return type === 'datetime' || type === 'timespan' || type === 'long'
}

/** Whether all values from the least to the greatest pass; undefined where just some do. */
function verdictBy(
  operator: string,
  bound: bigint,
): (least: bigint, greatest: bigint) => boolean | undefined {
  const all = (first: boolean, last: boolean): boolean | undefined =>
    first === last ? first : undefined
  switch (operator) {
    case '<':
      return (least, greatest) => all(least < bound, greatest < bound)
    case '<=':
      return (least, greatest) => all(least <= bound, greatest <= bound)
    case '>':
      return (least, greatest) => all(least > bound, greatest > bound)
    default:
      return (least, greatest) => all(least >= bound, greatest >= bound)
  }
}
