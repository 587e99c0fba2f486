import type { Diagnostic } from '../../../text/diagnostic.ts'
import { childrenOf } from '../expression.ts'
import type { CallExpr, Expr, Plan } from '../nodes.ts'
import { expressionsOf } from '../rewrites/map-plan.ts'
import { plansIn } from '../walk.ts'
import { CHECKS } from './checks.ts'

/**
 * What in a bound plan runs, but hardly as it was meant: warnings, and notes of severity `info`. Each
 * place is told once, however often the plan has it.
 */
export function checkPlan(plan: Plan): Diagnostic[] {
  const found: Diagnostic[] = []
  const told = new Set<string>()

  const visitExpr = (expr: Expr, node: Plan): void => {
    if (expr.kind === 'call') visitCall(expr, node)
    for (const child of childrenOf(expr)) visitExpr(child, node)
  }
  const visitCall = (call: CallExpr, node: Plan): void => {
    for (const { code, severity, check } of CHECKS) {
      const report = check(call, node)
      if (report === undefined) continue
      const key = `${code} ${call.span.start} ${call.span.end}`
      if (told.has(key)) continue
      told.add(key)
      found.push({ code, severity, span: call.span, ...report })
    }
  }
  for (const node of plansIn(plan)) {
    for (const expr of expressionsOf(node)) visitExpr(expr, node)
  }
  return found
}
