import type { Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { isCall } from './calls.ts'

/** Paths into arrays and bags that are made on the spot. */
export function simplified(expr: Expr): Expr {
  if (isCall(expr, '$index')) {
    const [target, index] = expr.arguments
    const step = index?.kind === 'literal' ? stepOf(index.value) : undefined
    if (target !== undefined && step !== undefined) {
      return simplified({ kind: 'path', type: 'dynamic', target, steps: [step], span: expr.span })
    }
  }
  if (expr.kind !== 'path') return expr
  if (expr.target.kind === 'path') {
    return simplified({
      ...expr,
      target: expr.target.target,
      steps: [...expr.target.steps, ...expr.steps],
    })
  }
  const [step, ...rest] = expr.steps
  const item = step === undefined ? undefined : itemAt(expr.target, step)
  if (item === undefined || item.type !== 'dynamic') return expr
  return rest.length === 0 ? item : simplified({ ...expr, target: item, steps: rest })
}

function stepOf(value: ScalarValue): string | number | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'bigint' || typeof value === 'number' ? Number(value) : undefined
}

function itemAt(target: Expr, step: string | number): Expr | undefined {
  if (isCall(target, 'pack_array') && typeof step === 'number') return target.arguments.at(step)
  if (!isCall(target, 'bag_pack')) return undefined
  const at = target.arguments.findIndex(
    (argument, index) => index % 2 === 0 && argument.kind === 'literal' && argument.value === step,
  )
  return at < 0 ? undefined : target.arguments[at + 1]
}
