import { extended } from '../binder/columns.ts'
import type { Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/serialize-operator */
export const serialize = operator('serialize', {
  name: 'serialize',
  doc: 'Marks the order of the rows as one that window functions can rely on; may add columns.',
  examples: [{ query: 'print a = 7 | serialize n = row_number()', rows: [{ a: 7, n: 1 }] }],
  bind(node, input, binder) {
    const ordered: Plan = {
      kind: 'window',
      input,
      columns: [],
      schema: input.schema,
      span: node.span,
    }
    if (node.columns.length === 0) return ordered
    return extended(binder, ordered, node.columns, node.span, 'number')
  },
})
