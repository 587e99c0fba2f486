import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/count-operator */
export const count = operator('count', {
  name: 'count',
  doc: 'Gives the number of rows.',
  examples: [{ query: 'range x from 1 to 3 step 1 | count', rows: [{ Count: 3 }] }],
  bind(node, input) {
    const outputs = [{ name: node.name?.name ?? 'Count', type: 'long' }] as const
    const { span } = node
    const call = { function: 'count', overload: 0, arguments: [], outputs, span }
    return { kind: 'summarize', input, keys: [], aggregates: [call], schema: outputs, span }
  },
})
