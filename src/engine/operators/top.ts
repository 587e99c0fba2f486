import { operator } from './declare.ts'
import { bindSortKey } from './sort.ts'

/** @see https://learn.microsoft.com/kusto/query/top-operator */
export const top = operator('top', {
  name: 'top',
  doc: 'Gives the first so many rows in the order of an expression, descending unless said otherwise.',
  examples: [{ query: 'range x from 1 to 9 step 1 | top 2 by x', rows: [{ x: 9 }, { x: 8 }] }],
  bind(node, input, binder) {
    const count = binder.constant(node.count, 'long')
    const keys = [bindSortKey(binder, node.by, input)]
    return { kind: 'top', input, keys, count, schema: input.schema, span: node.span }
  },
})
