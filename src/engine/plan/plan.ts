import type { GraphPlan, Plan } from './nodes.ts'

/** The inputs of a node, in order. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'scan':
    case 'external':
    case 'values':
    case 'range':
    case 'context':
      return []
    case 'join':
      return [plan.left, plan.right]
    case 'make-graph':
      return [plan.input, ...plan.nodes.map(node => node.plan)]
    case 'union':
    case 'evaluate':
      return plan.inputs
    case 'mv-apply':
    case 'partition':
      return [plan.input, plan.body]
    default:
      return [plan.input]
  }
}

/** Whether the plan gives a graph and no rows. */
export function isGraph(plan: Plan): plan is GraphPlan {
  return plan.kind === 'make-graph' || plan.kind === 'graph-components'
}

/** Whether the rows have an order that window functions can rely on. */
export function isOrdered(plan: Plan): boolean {
  switch (plan.kind) {
    case 'sort':
    case 'top':
    case 'range':
    case 'window':
    case 'sequence':
      return true
    case 'context':
      return plan.ordered
    case 'where':
    case 'project':
    case 'mv-expand':
    case 'mv-apply':
    case 'parse':
    case 'take':
    case 'shared':
      return isOrdered(plan.input)
    default:
      return false
  }
}
