import { literal, mapChildren } from '../../engine/plan/expression.ts'
import type { Expr, QueryExpr, ValuesPlan } from '../../engine/plan/nodes.ts'
import { isCall } from './calls.ts'
import { asDynamic } from './candidates.ts'

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

/** The value of a subquery whose rows are known. */
export function knownValue({ mode, type, span }: QueryExpr, { rows, schema }: ValuesPlan): Expr {
  const own = schema[0]?.type ?? 'dynamic'
  const missing = own === 'string' ? '' : null
  if (mode === 'scalar') return literal(type, rows[0]?.[0] ?? missing, span)
  return literal(
    'dynamic',
    rows.map(row => asDynamic(row[0] ?? missing, own)),
    span,
  )
}
