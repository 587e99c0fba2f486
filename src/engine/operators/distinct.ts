import type { NamedExpressionSyntax } from '../../parser/syntax.ts'
import { operator } from './declare.ts'
import { bindKeys } from './summarize.ts'

/** @see https://learn.microsoft.com/kusto/query/distinct-operator */
export const distinct = operator('distinct', {
  name: 'distinct',
  doc: 'Gives each combination of the columns that occurs, once.',
  examples: [
    {
      query: 'range x from 1 to 4 step 1 | extend y = x % 2 | distinct y',
      rows: [{ y: 1 }, { y: 0 }],
    },
  ],
  bind(node, input, binder) {
    const by = node.columns.flatMap(
      (expression): NamedExpressionSyntax | NamedExpressionSyntax[] => {
        const { span } = expression
        if (expression.kind === 'named-argument') {
          return { names: [expression.name], expression: expression.value, span }
        }
        if (expression.kind !== 'star') return { names: [], expression, span }
        return input.schema.map(({ name }) => ({
          names: [],
          expression: { kind: 'name', name, span } as const,
          span,
        }))
      },
    )
    const keys = bindKeys(binder, by, input)
    const named = keys.map(({ name, expr }) => binder.columnOf(name, expr))
    const all = node.columns.some(({ kind }) => kind === 'star')
    const schema = all ? binder.openAs(named, input.schema) : named
    return { kind: 'summarize', input, keys, aggregates: [], schema, span: node.span }
  },
})
