import { LIBRARY } from '../../engine/functions/library.ts'
import type { CallExpr, Expr } from '../../engine/plan/nodes.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/** A call of a function whose arguments have exactly the types of one of its overloads. */
export function callOf(
  name: string,
  type: ScalarType,
  args: readonly Expr[],
  span: Span,
): CallExpr {
  const overloads = LIBRARY.scalar(name)?.overloads ?? []
  const overload = overloads.findIndex(({ params, rest, required }) => {
    const needed = required ?? params.length
    if (args.length < needed || (rest === undefined && args.length > params.length)) return false
    return args.every((argument, index) => {
      const parameter = params[index] ?? rest
      return parameter === argument.type || parameter === 'scalar' || parameter === 'common'
    })
  })
  if (overload < 0) throw new InternalError(`no overload of ${name} for the arguments`)
  return { kind: 'call', type, function: name, overload, arguments: args, span }
}

/** Whether the expression calls one of these functions. */
export function isCall<N extends string>(
  expr: Expr | undefined,
  ...names: readonly N[]
): expr is CallExpr & { readonly function: N } {
  return expr?.kind === 'call' && names.some(name => name === expr.function)
}

/** The expression as of another type, by a conversion where it is of its own. */
export function asType(expr: Expr, type: ScalarType): Expr {
  if (expr.type === type) return expr
  const { span } = expr
  if (type !== 'dynamic') return callOf(CONVERSIONS[type], type, [expr], span)
  const target = callOf('pack_array', 'dynamic', [expr], span)
  return { kind: 'path', type, target, steps: [0], span }
}

const CONVERSIONS: Readonly<Record<ScalarType, string>> = {
  bool: 'tobool',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  decimal: 'todecimal',
  datetime: 'todatetime',
  timespan: 'totimespan',
  string: 'tostring',
  guid: 'toguid',
  dynamic: 'todynamic',
}
