import { childrenOf } from '../engine/plan/expression.ts'
import type { Expr, Plan } from '../engine/plan/nodes.ts'
import { inputsOf } from '../engine/plan/plan.ts'
import { mapExpressions, subqueriesOf } from '../engine/plan/rewrites/map-plan.ts'
import { findColumn, type Schema } from '../types/schema.ts'

/** The column by which a table's rows have their time; undefined where there is none. */
export function timeColumnOf(schema: Schema): string | undefined {
  return ['TimeGenerated', 'Timestamp'].find(name => findColumn(schema, name)?.type === 'datetime')
}

/** What a plan has to do with the time at which it runs. */
export interface NowUse {
  /** Whether `now()` or `ago()` is anywhere in it. */
  readonly anywhere: boolean
  /** The tables of which it asks for a range of time that depends on now. */
  readonly ranges: ReadonlySet<string>
}

/** Where a plan, as rewritten, uses the time at which it runs. */
export function useOfNow(plan: Plan): NowUse {
  const ranges = new Set<string>()
  let anywhere = false
  const visit = (node: Plan): void => {
    mapExpressions(node, expr => {
      anywhere ||= usesNow(expr)
      return expr
    })
    if (node.kind === 'scan' && node.timeRange !== undefined) {
      const { from, to } = node.timeRange
      if ([from, to].some(bound => bound !== undefined && usesNow(bound))) ranges.add(node.table)
    }
    inputsOf(node).forEach(visit)
    subqueriesOf(node).forEach(visit)
  }
  visit(plan)
  return { anywhere, ranges }
}

function usesNow(expr: Expr): boolean {
  if (expr.kind === 'call' && (expr.function === 'now' || expr.function === 'ago')) return true
  return childrenOf(expr).some(usesNow)
}
