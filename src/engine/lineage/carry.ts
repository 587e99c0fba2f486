import type { Schema } from '../../types/schema.ts'
import type { Plan } from '../plan/nodes.ts'
import { POSITION } from './node-run.ts'

/** A node whose rows each come from one row of its input, made so that a row keeps its position. */
export interface Carrying {
  readonly input: Plan
  /** The columns of the result, without the position. */
  readonly schema: Schema
  /** The node over an input that has the column of positions at its end. */
  over(input: Plan): Plan
}

const COLUMN = { name: POSITION, type: 'long' } as const

/** How the rows of a node carry the positions of its input's; undefined where they cannot. */
export function carrying(plan: Plan): Carrying | undefined {
  switch (plan.kind) {
    // The columns of the result are those of the input: the position is at the end of both.
    case 'where':
    case 'sort':
    case 'top':
    case 'take':
    case 'sample':
    case 'partition-top':
    // The columns of the result are looked up by name.
    case 'parse':
    case 'mv-expand':
    case 'mv-apply': {
      const schema = [...plan.schema, COLUMN]
      return carried(plan, input => ({ ...plan, input, schema }))
    }
    case 'project': {
      const expr = { kind: 'column', type: 'long', name: POSITION, span: plan.span } as const
      const columns = [...plan.columns, { name: POSITION, expr }]
      const schema = [...plan.schema, COLUMN]
      return carried(plan, input => ({ ...plan, input, columns, schema }))
    }
    case 'window':
    case 'sequence': {
      // The columns that are added come after those of the input.
      const own = plan.input.schema.length
      const schema = [...plan.schema.slice(0, own), COLUMN, ...plan.schema.slice(own)]
      return carried(plan, input => ({ ...plan, input, schema }))
    }
    default:
      return undefined
  }
}

function carried(
  { input, schema }: { readonly input: Plan; readonly schema: Schema },
  over: Carrying['over'],
): Carrying {
  return { input, schema, over }
}
