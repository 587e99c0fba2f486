import { literal } from '../plan/expression.ts'
import type { Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/consume-operator */
export const consume = operator('consume', {
  name: 'consume',
  doc: 'Reads all rows and gives none, nor any column.',
  examples: [{ query: 'range x from 1 to 3 step 1 | consume', rows: [] }],
  bind(node, input, binder) {
    binder.checkParameters(node.parameters, ['decodeblocks'], 'consume')
    const { span } = node
    const rows: Plan = { kind: 'project', input, columns: [], schema: [], span }
    return { kind: 'where', input: rows, predicate: literal('bool', false, span), schema: [], span }
  },
})
