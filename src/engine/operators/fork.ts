import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/fork-operator */
export const fork = operator('fork', {
  name: 'fork',
  doc: 'Gives the results of several pipelines over the same rows: only at the end of a query.',
  examples: [
    {
      query: 'range x from 1 to 3 step 1 | fork (where x > 1) (count)',
      rows: [{ x: 2 }, { x: 3 }],
    },
  ],
  // The end of a query is bound elsewhere: by `bindResults`.
  bind: (node, _, binder) =>
    binder.failTabular(
      'KQL101',
      'fork gives several results, which is supported only at the end of a query.',
      node.span,
    ),
})
