import type { ScalarValue } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Expr, LiteralExpr } from './nodes.ts'

/** A constant expression. */
export function literal(type: ScalarType, value: ScalarValue, span: Span): LiteralExpr {
  return { kind: 'literal', type, value, span }
}

/** The direct subexpressions. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'call':
      return expr.arguments
    case 'path':
      return [expr.target]
    default:
      return []
  }
}

/** The expression with its direct subexpressions replaced by what `map` gives for each. */
export function mapChildren(expr: Expr, map: (child: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'call': {
      const mapped = expr.arguments.map(map)
      const same = mapped.every((argument, index) => argument === expr.arguments[index])
      return same ? expr : { ...expr, arguments: mapped }
    }
    case 'path': {
      const target = map(expr.target)
      return target === expr.target ? expr : { ...expr, target }
    }
    default:
      return expr
  }
}

/** Adds the names of the columns that the expression reads to `names`. */
export function collectColumns(expr: Expr, names: Set<string>): void {
  if (expr.kind === 'column') names.add(expr.name)
  else for (const child of childrenOf(expr)) collectColumns(child, names)
}

/** Whether the expression has the same value for all rows of a run: it reads no column, nor varies. */
export function isRunConstant(expr: Expr): boolean {
  if (expr.kind === 'column' || (expr.kind === 'call' && expr.varies === true)) return false
  return childrenOf(expr).every(isRunConstant)
}

/** Whether two evaluations of the expression over the same row may differ. */
export function varies(expr: Expr): boolean {
  return (expr.kind === 'call' && expr.varies === true) || childrenOf(expr).some(varies)
}

/** Whether the expression reads the time of the run: `now()`, `ago()`. */
export function readsNow(expr: Expr): boolean {
  if (expr.kind === 'call' && (expr.function === 'now' || expr.function === 'ago')) return true
  return childrenOf(expr).some(readsNow)
}
