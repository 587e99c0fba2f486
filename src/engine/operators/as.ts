import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/as-operator */
export const as = operator('as', {
  name: 'as',
  doc: 'Gives the rows a name, by which the rest of the query can read them again.',
  examples: [
    {
      query: 'range x from 1 to 2 step 1 | as T | where x == toscalar(T | count)',
      rows: [{ x: 2 }],
    },
  ],
  bind(node, input, binder) {
    const plan = binder.share(input, node.span, node.name.name)
    binder.scope.declare(node.name.name, { kind: 'tabular', plan })
    return plan
  },
})
