import type { Plan } from '../nodes.ts'

/**
 * What became of plans that have several readers, in a rewrite of all of a query: each is rewritten once,
 * and stays one plan.
 */
export class Rewritten {
  readonly #shared = new Map<number, Plan>()
  readonly #subqueries = new Map<Plan, Plan>()

  /** A shared node, with what `rewrite` makes of its input. */
  shared(plan: Extract<Plan, { kind: 'shared' }>, rewrite: (input: Plan) => Plan): Plan {
    let rewritten = this.#shared.get(plan.id)
    if (rewritten === undefined) {
      rewritten = { ...plan, input: rewrite(plan.input) }
      this.#shared.set(plan.id, rewritten)
    }
    return rewritten
  }

  /** The plan of a subquery, as `rewrite` makes it. */
  subquery(plan: Plan, rewrite: (plan: Plan) => Plan): Plan {
    let rewritten = this.#subqueries.get(plan)
    if (rewritten === undefined) {
      rewritten = rewrite(plan)
      this.#subqueries.set(plan, rewritten)
    }
    return rewritten
  }
}
