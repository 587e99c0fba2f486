import type { ExpressionSyntax } from '../../parser/syntax.ts'
import type { Binder } from '../binder/context.ts'
import { isRunConstant } from '../plan/expression.ts'
import type { Expr } from '../plan/nodes.ts'
import type { Run } from './run.ts'

/** The value of a constant number of rows: null and negative numbers are none. */
export async function rowLimit(expr: Expr, run: Run): Promise<number> {
  const { constant } = await run.compile(expr, [])
  const value = constant?.value
  if (typeof value !== 'bigint' || value < 0n) return 0
  return Number(value)
}

/** A constant number of rows of any numeric type, as a long. */
export function bindCount(binder: Binder, syntax: ExpressionSyntax): Expr {
  const expr = binder.scalar(syntax, { schema: [] })
  const converted = expr.type === 'real' ? binder.convert(expr, 'long') : expr
  if (converted.type === 'long' && isRunConstant(converted)) return converted
  return binder.constant(syntax, 'long')
}
