import { cover } from '../../text/span.ts'
import type { Schema } from '../../types/schema.ts'
import { collectColumns } from './expression.ts'
import type { Expr } from './nodes.ts'

/** The comparison that says the same of operands that change places. */
export const MIRRORED: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** The parts of a conjunction, in order. */
export function conjunctsOf(expr: Expr): Expr[] {
  if (expr.kind !== 'call' || expr.function !== 'and') return [expr]
  return expr.arguments.flatMap(conjunctsOf)
}

/** Parts of a conjunction: those that look at no dynamic, and the others, which take longest. */
export function bySpeed(
  conjuncts: readonly Expr[],
  schema: Schema,
): { readonly quick: readonly Expr[]; readonly slow: readonly Expr[] } {
  const dynamics = new Set(schema.filter(({ type }) => type === 'dynamic').map(({ name }) => name))
  const slow = new Set(
    conjuncts.filter(expr => {
      const read = new Set<string>()
      collectColumns(expr, read)
      return [...read].some(name => dynamics.has(name))
    }),
  )
  return { quick: conjuncts.filter(expr => !slow.has(expr)), slow: [...slow] }
}

/** The conjunction of the parts, of which there must be one. */
export function conjunctionOf(parts: readonly [Expr, ...Expr[]]): Expr {
  const [first, ...rest] = parts
  return rest.reduce<Expr>(
    (left, right) => ({
      kind: 'call',
      type: 'bool',
      function: 'and',
      overload: 0,
      arguments: [left, right],
      span: cover(left.span, right.span),
    }),
    first,
  )
}

/** The expression with each column replaced by what `replace` gives for its name. */
export function substitute(expr: Expr, replace: (name: string) => Expr | undefined): Expr {
  if (expr.kind === 'column') return replace(expr.name) ?? expr
  if (expr.kind === 'call') {
    return { ...expr, arguments: expr.arguments.map(item => substitute(item, replace)) }
  }
  if (expr.kind === 'path') return { ...expr, target: substitute(expr.target, replace) }
  return expr
}
