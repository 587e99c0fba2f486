import type { ContextPlan, Plan } from './nodes.ts'
import { inputsOf } from './plan.ts'
import { subqueriesOf } from './rewrites/map-plan.ts'

/** The nodes of a body, subqueries of its expressions included, that stand for the rows at hand. */
export function contextsOf(body: Plan, id: number): ContextPlan[] {
  const seen = new Set<Plan>()
  const found: ContextPlan[] = []
  const visit = (plan: Plan): void => {
    if (seen.has(plan)) return
    seen.add(plan)
    if (plan.kind === 'context' && plan.id === id) found.push(plan)
    inputsOf(plan).forEach(visit)
    subqueriesOf(plan).forEach(visit)
  }
  visit(body)
  return found
}
