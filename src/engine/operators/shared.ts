import type { SharedPlan } from '../plan/nodes.ts'
import { collect } from './collect.ts'
import type { Executor } from './run.ts'

/** Computes the rows once a run, and gives them to every reader. */
export const executeShared: Executor<SharedPlan> = async function* (plan, run) {
  yield* await run.shared(plan.id, () => collect(plan.input, run, 'materialize'))
}
