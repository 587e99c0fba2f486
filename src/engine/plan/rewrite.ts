import type { Plan } from './nodes.ts'
import { mapExpressions, mapInputs, mapSubqueries } from './rewrites/map-plan.ts'
import { prune } from './rewrites/prune.ts'
import { pushPredicates } from './rewrites/push-predicates.ts'
import { timeRanges } from './rewrites/time-range.ts'
import { sortAndTake } from './rewrites/top-n.ts'

/** A plan that gives the same rows with less work. Shared nodes stay shared. */
export function rewrite(plan: Plan): Plan {
  return rewriteWith(plan, new Map())
}

function rewriteWith(plan: Plan, shared: Map<number, Plan>): Plan {
  const prepared = subplans(plan, shared)
  return timeRanges(prune(sortAndTake(pushPredicates(prepared))))
}

/** Rewrites what stands on its own: subqueries, and shared nodes once each. */
function subplans(plan: Plan, shared: Map<number, Plan>): Plan {
  if (plan.kind === 'shared') {
    let rewritten = shared.get(plan.id)
    if (rewritten === undefined) {
      rewritten = { ...plan, input: rewriteWith(plan.input, shared) }
      shared.set(plan.id, rewritten)
    }
    return rewritten
  }
  const inputs = mapInputs(plan, input => subplans(input, shared))
  return mapExpressions(inputs, expr =>
    mapSubqueries(expr, subquery => rewriteWith(subquery, shared)),
  )
}
