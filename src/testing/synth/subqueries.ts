import { mapChildren } from '../../engine/plan/expression.ts'
import type { Expr, QueryExpr } from '../../engine/plan/nodes.ts'
import { isCall } from './calls.ts'

/** The expression with its subqueries replaced; `isNegative`: it must not have what is looked for. */
export function mapSubqueryExprs(
  expr: Expr,
  map: (query: QueryExpr, isNegative: boolean) => Expr,
  isNegative = false,
): Expr {
  if (expr.kind === 'query') return map(expr, isNegative)
  const turns = isCall(expr, 'not', '!in', '!in~', '!has_any')
  return mapChildren(expr, child => mapSubqueryExprs(child, map, turns ? !isNegative : isNegative))
}
