import { childrenOf } from '../plan/expression.ts'
import type { Expr, Plan } from '../plan/nodes.ts'
import { inputsOf } from '../plan/plan.ts'
import { subqueriesOf } from '../plan/rewrites/map-plan.ts'

/**
 * Names stand for what they were given in full, so a few lines of `let` can stand for a plan that
 * doubles with each of them. These are far beyond what people write and near enough to be quick.
 */
const MAX_BOUND = 100_000
const MAX_CALLS = 50_000
const MAX_NODES = 10_000
const MAX_DEPTH = 1_000

interface Extent {
  /** Calls of an expression, nodes of a plan, each as often as it is read. */
  readonly size: number
  readonly depth: number
}

const LEAF: Extent = { size: 0, depth: 0 }

/** Keeps count of what a query grows to while it is bound. */
export class Budget {
  readonly #extents = new WeakMap<Expr | Plan, Extent>()
  #bound = 0

  /** Counts one more piece of syntax that is bound; false when that is too many. */
  spend(): boolean {
    this.#bound++
    return this.#bound <= MAX_BOUND
  }

  /** Whether the expression is one that can be worked with. Its parts have been asked before. */
  allows(expr: Expr): boolean {
    const { size, depth } = this.#extentOf(expr)
    return size <= MAX_CALLS && depth <= MAX_DEPTH
  }

  /** Whether the plan is one that can be worked with. Its inputs have been asked before. */
  allowsPlan(plan: Plan): boolean {
    const { size, depth } = this.#planExtent(plan)
    return size <= MAX_NODES && depth <= MAX_DEPTH
  }

  #extentOf(expr: Expr): Extent {
    if (expr.kind === 'query') return once(this.#planExtent(expr.plan))
    const parts = childrenOf(expr)
    return parts.length === 0
      ? LEAF
      : this.#known(expr, () => parts.map(part => this.#extentOf(part)))
  }

  #planExtent(plan: Plan): Extent {
    return this.#known(plan, () => {
      const inputs = inputsOf(plan).map(input => this.#planExtent(input))
      const subqueries = subqueriesOf(plan).map(subquery => once(this.#planExtent(subquery)))
      return [...(plan.kind === 'shared' ? inputs.map(once) : inputs), ...subqueries]
    })
  }

  #known(node: Expr | Plan, partsOf: () => readonly Extent[]): Extent {
    let extent = this.#extents.get(node)
    if (extent === undefined) {
      let size = 1
      let depth = 0
      for (const part of partsOf()) {
        size += part.size
        depth = Math.max(depth, part.depth)
      }
      extent = { size, depth: depth + 1 }
      this.#extents.set(node, extent)
    }
    return extent
  }
}

/** What is worked on once, whatever its readers. */
function once({ depth }: Extent): Extent {
  return { size: 1, depth }
}
