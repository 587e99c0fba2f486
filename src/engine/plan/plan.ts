import type { Plan } from './nodes.ts'

/** The inputs of a node, in order. */
export function inputsOf(plan: Plan): readonly Plan[] {
  switch (plan.kind) {
    case 'scan':
    case 'values':
    case 'range':
    case 'context':
      return []
    case 'join':
      return [plan.left, plan.right]
    case 'union':
    case 'evaluate':
      return plan.inputs
    case 'mv-apply':
      return [plan.input, plan.body]
    default:
      return [plan.input]
  }
}

/** Whether the rows have an order that window functions can rely on. */
export function isOrdered(plan: Plan): boolean {
  switch (plan.kind) {
    case 'sort':
    case 'top':
    case 'range':
    case 'context':
    case 'window':
      return true
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
