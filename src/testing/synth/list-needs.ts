import { childrenOf, literal, mapChildren } from '../../engine/plan/expression.ts'
import type { Expr } from '../../engine/plan/nodes.ts'
import { callOf, isCall } from './calls.ts'
import type { Cell, Cells, Need } from './cells.ts'

/** Predicates of lists that one item may make true. */
const OF_LISTS = ['has', 'has_cs', 'has_any', 'has_all', 'contains', 'contains_cs'] as const

/** What a group must have besides, so that a list of it satisfies a predicate. */
export interface ListNeeds {
  /** The needs of the group, which are added to. */
  readonly needs: Need[]
  readonly added: readonly Need[]
}

/**
 * What a list must have may be in other rows of its group than the one that stands for all: a row with
 * an item for which the predicate holds, for `has_all` one for each needle. undefined where the
 * expression is no such predicate of a list.
 */
export function needsOfList(expr: Expr, cells: Cells): ListNeeds | undefined {
  if (!isCall(expr, ...OF_LISTS)) return undefined
  const [subject, ...needles] = expr.arguments
  const list = subject === undefined ? undefined : listIn(subject, cells)
  if (list?.origin.kind !== 'list' || subject === undefined) return undefined
  const { item, condition, needs } = list.origin.member
  const packed = callOf('pack_array', 'dynamic', [item], expr.span)
  const ofItem = replaceColumn(subject, list.name, packed)
  const asked =
    expr.function === 'has_all'
      ? needles.map(needle => callOf('has_all', 'bool', [ofItem, needle], expr.span))
      : [{ ...expr, arguments: [ofItem, ...needles] }]
  const size = literal('long', 1n, expr.span)
  const added = asked.map((each): Need => {
    if (condition === undefined) return { size, condition: each }
    return { size, condition: callOf('and', 'bool', [condition, each], expr.span) }
  })
  return { needs, added }
}

function listIn(expr: Expr, cells: Cells): Cell | undefined {
  if (expr.kind === 'column') {
    const cell = cells.at(expr.name)
    return cell?.origin.kind === 'list' ? cell : undefined
  }
  return childrenOf(expr)
    .map(child => listIn(child, cells))
    .find(found => found !== undefined)
}

function replaceColumn(expr: Expr, name: string, by: Expr): Expr {
  if (expr.kind === 'column') return expr.name === name ? by : expr
  return mapChildren(expr, child => replaceColumn(child, name, by))
}
