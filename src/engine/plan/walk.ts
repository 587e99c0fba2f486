import type { Plan } from './nodes.ts'
import { inputsOf } from './plan.ts'
import { subqueriesOf } from './rewrites/map-plan.ts'

/**
 * The nodes of plans, those of subqueries included, each once however many read it: a node before its
 * inputs, these before its subqueries. Plans share nodes, and what tables that are each read twice are
 * made of grows beyond any bound where it is looked at once for each reader.
 */
export function plansIn(...plans: readonly Plan[]): ReadonlySet<Plan> {
  return reached(plans, plan => [...inputsOf(plan), ...subqueriesOf(plan)])
}

/** The same without the plans of subqueries, which have rows of their own. */
export function inputsIn(...plans: readonly Plan[]): ReadonlySet<Plan> {
  return reached(plans, inputsOf)
}

function reached(plans: readonly Plan[], next: (plan: Plan) => readonly Plan[]): ReadonlySet<Plan> {
  const seen = new Set<Plan>()
  const visit = (plan: Plan): void => {
    if (seen.has(plan)) return
    seen.add(plan)
    next(plan).forEach(visit)
  }
  plans.forEach(visit)
  return seen
}
