import type { Plan } from './nodes.ts'
import { bandJoins } from './rewrites/band-joins.ts'
import { expandApplies } from './rewrites/expand-applies.ts'
import { mapExpressions, mapInputs, mapSubqueries, subqueriesOf } from './rewrites/map-plan.ts'
import { prune } from './rewrites/prune.ts'
import { pushPredicates } from './rewrites/push-predicates.ts'
import { requiredTexts } from './rewrites/required-texts.ts'
import { Rewritten } from './rewrites/rewritten.ts'
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
  readonly #done = new Rewritten()

  rewrite(plan: Plan): Plan {
    const own = expandApplies(this.#subplans(plan))
    const pruned = prune(sortAndTake(pushPredicates(own)))
    return requiredTexts(timeRanges(bandJoins(pruned)))
  }

  /** Rewrites what stands on its own: subqueries, and shared nodes once each. */
  #subplans(plan: Plan): Plan {
    const rewrite = (own: Plan): Plan => this.rewrite(own)
    if (plan.kind === 'shared') return this.#done.shared(plan, rewrite)
    const inputs = mapInputs(plan, input => this.#subplans(input))
    if (subqueriesOf(inputs).length === 0) return inputs
    return mapExpressions(inputs, expr =>
      mapSubqueries(expr, subquery => this.#done.subquery(subquery, rewrite)),
    )
  }
}
