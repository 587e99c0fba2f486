import { InternalError } from '../../text/internal-error.ts'
import type { LatePlan } from '../plan/nodes.ts'
import type { Executor } from './run.ts'

/** A query with such a node is bound anew before it runs. */
export const executeLate: Executor<LatePlan> = plan => {
  throw new InternalError(`the columns of ${plan.plugin} are not found yet`)
}
