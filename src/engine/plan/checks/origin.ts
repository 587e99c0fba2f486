import type { Plan } from '../nodes.ts'
import { inputsOf } from '../plan.ts'

/**
 * The table whose column a column of the input of a node is, unchanged but for its name; undefined
 * where it is computed, expanded, or comes from more than one input.
 */
export function originOf(node: Plan, name: string): string | undefined {
  const [input, ...others] = inputsOf(node)
  return input === undefined || others.length > 0 ? undefined : tableOf(input, name)
}

function tableOf(plan: Plan, name: string): string | undefined {
  switch (plan.kind) {
    case 'scan':
      return plan.table
    case 'where':
    case 'sort':
    case 'top':
    case 'take':
    case 'shared':
      return tableOf(plan.input, name)
    case 'project': {
      const column = plan.columns.find(item => item.name === name)?.expr
      return column?.kind === 'column' ? tableOf(plan.input, column.name) : undefined
    }
    case 'mv-expand':
      return plan.columns.some(item => item.name === name) ? undefined : tableOf(plan.input, name)
    default:
      return undefined
  }
}
