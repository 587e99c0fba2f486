import { columnsAsKeys } from './column-operand.ts'
import { operator } from './declare.ts'
import { bindCount } from './row-limit.ts'

/** @see https://learn.microsoft.com/kusto/query/sample-distinct-operator */
export const sampleDistinct = operator('sample-distinct', {
  name: 'sample-distinct',
  doc: 'Gives at most so many distinct values of a column: here always the first ones of the input.',
  examples: [
    {
      query: 'range x from 1 to 9 step 1 | extend y = x % 3 | sample-distinct 2 of y',
      rows: [{ y: 1 }, { y: 2 }],
    },
  ],
  bind(node, input, binder) {
    const { span } = node
    const count = bindCount(binder, node.count)
    const keys = columnsAsKeys(binder, node.of, input)
    if (keys === undefined) return binder.failedPlan(span)
    const schema = keys.map(({ name, expr }) => binder.columnOf(name, expr))
    const distinct = { kind: 'summarize', input, keys, aggregates: [], schema, span } as const
    return { kind: 'take', input: distinct, count, schema, span }
  },
})
