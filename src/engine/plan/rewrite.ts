import type { Plan } from './nodes.ts'
import { bandJoins } from './rewrites/band-joins.ts'
import { mapExpressions, mapInputs, mapSubqueries, subqueriesOf } from './rewrites/map-plan.ts'
import { prune } from './rewrites/prune.ts'
import { pushPredicates } from './rewrites/push-predicates.ts'
import { requiredTexts } from './rewrites/required-texts.ts'
import { timeRanges } from './rewrites/time-range.ts'
import { sortAndTake } from './rewrites/top-n.ts'

/**
 * A plan that gives the same rows with less work. Shared nodes stay shared, and a subquery that has
 * several readers stays one, which is run once.
 */
export function rewrite(plan: Plan): Plan {
  return new Rewriter().rewrite(plan)
}

/** The same for plans of one run, which may share nodes. */
export function rewriteAll(plans: readonly Plan[]): Plan[] {
  const rewriter = new Rewriter()
  return plans.map(plan => rewriter.rewrite(plan))
}

class Rewriter {
  readonly #shared = new Map<number, Plan>()
  readonly #subqueries = new Map<Plan, Plan>()

  rewrite(plan: Plan): Plan {
    const pruned = prune(sortAndTake(pushPredicates(this.#subplans(plan))))
    return requiredTexts(timeRanges(bandJoins(pruned)))
  }

  /** Rewrites what stands on its own: subqueries, and shared nodes once each. */
  #subplans(plan: Plan): Plan {
    if (plan.kind === 'shared') {
      let rewritten = this.#shared.get(plan.id)
      if (rewritten === undefined) {
        rewritten = { ...plan, input: this.rewrite(plan.input) }
        this.#shared.set(plan.id, rewritten)
      }
      return rewritten
    }
    const inputs = mapInputs(plan, input => this.#subplans(input))
    if (subqueriesOf(inputs).length === 0) return inputs
    return mapExpressions(inputs, expr => mapSubqueries(expr, subquery => this.#subquery(subquery)))
  }

  #subquery(plan: Plan): Plan {
    let rewritten = this.#subqueries.get(plan)
    if (rewritten === undefined) {
      rewritten = this.rewrite(plan)
      this.#subqueries.set(plan, rewritten)
    }
    return rewritten
  }
}
