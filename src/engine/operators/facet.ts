import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/facet-operator */
export const facet = operator('facet', {
  name: 'facet',
  doc: 'Gives, for each column, its values and how often each occurs, after the result of `with`: only at the end of a query.',
  examples: [
    {
      query: 'datatable(a: string)["x", "y", "x"] | facet by a',
      rows: [
        { a: 'x', count_a: 2 },
        { a: 'y', count_a: 1 },
      ],
    },
  ],
  // The end of a query is bound elsewhere: by `bindResults`.
  bind: (node, _, binder) =>
    binder.failTabular(
      'KQL101',
      'facet gives several results, which is supported only at the end of a query.',
      node.span,
    ),
})
