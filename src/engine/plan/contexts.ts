import type { ContextPlan, Plan } from './nodes.ts'
import { plansIn } from './walk.ts'

/** The nodes of a body, subqueries of its expressions included, that stand for the rows at hand. */
export function contextsOf(body: Plan, id: number): ContextPlan[] {
  return [...plansIn(body)].flatMap(plan =>
    plan.kind === 'context' && plan.id === id ? [plan] : [],
  )
}
