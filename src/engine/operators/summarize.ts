import type { ExpressionSyntax, NamedExpressionSyntax } from '../../parser/syntax.ts'
import { bindAggregates } from '../binder/aggregates.ts'
import { allColumns, bindColumns, projectOf, refuseDynamic } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { AggregateExpr, NamedExpr, Plan, SummarizePlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/summarize-operator */
export const summarize = operator('summarize', {
  name: 'summarize',
  doc: 'Groups the rows by the keys and computes aggregates of each group.',
  examples: [
    {
      query: 'range x from 1 to 5 step 1 | summarize count(), sum(x) by odd = x % 2',
      rows: [
        { odd: 1, count_: 3, sum_x: 9 },
        { odd: 0, count_: 2, sum_x: 6 },
      ],
    },
    { query: 'print x = 1 | where x > 1 | summarize n = count()', rows: [{ n: 0 }] },
  ],
  bind(node, input, binder) {
    const names = new ColumnNames(
      [],
      input.schema.map(column => column.name),
    )
    const keys = bindKeys(binder, node.by, input, names)
    const { aggregates, columns } = bindAggregates(
      binder,
      node.aggregates,
      input.schema,
      keys,
      names,
    )
    const plan = summarizeOf(binder, input, keys, aggregates, columns, node.span)
    const all = node.aggregates.some(({ expression }) => takesAllColumns(expression))
    return all ? { ...plan, schema: binder.openAs(plan.schema, input.schema) } : plan
  },
})

/** Whether it is an aggregate of rows over all columns, such as `arg_max(x, *)`. */
function takesAllColumns(syntax: ExpressionSyntax): boolean {
  return syntax.kind === 'call' && syntax.arguments.some(({ kind }) => kind === 'star')
}

/** Binds the keys that rows are grouped by. */
export function bindKeys(
  binder: Binder,
  by: readonly NamedExpressionSyntax[],
  input: Plan,
  names?: ColumnNames,
): NamedExpr[] {
  return bindColumns(binder, by, { schema: input.schema }, 'number', names).map(
    ({ name, expr }, index) => {
      const syntax = by[index]
      return {
        name,
        expr: syntax === undefined ? expr : refuseDynamic(binder, expr, syntax.expression),
      }
    },
  )
}

/** A summarize node, with a project node over it where the columns are no aggregates as they are. */
export function summarizeOf(
  binder: Binder,
  input: Plan,
  keys: readonly NamedExpr[],
  aggregates: readonly AggregateExpr[],
  columns: readonly NamedExpr[],
  span: Plan['span'],
): Plan {
  const keyColumns = keys.map(({ name, expr }) => binder.columnOf(name, expr))
  const schema = [...keyColumns, ...aggregates.flatMap(aggregate => aggregate.outputs)]
  const plan: Plan = { kind: 'summarize', input, keys, aggregates, schema, span }
  const direct =
    schema.length === keys.length + columns.length &&
    columns.every(({ expr }, index) => {
      const output = schema[keys.length + index]
      return expr.kind === 'column' && output?.name === expr.name
    })
  if (direct) return renameOutputs(plan, columns)
  const read = allColumns(binder, keyColumns, span)
  return projectOf(binder, plan, [...read, ...columns], span)
}

/** Gives the aggregates the names of the result's columns, where each is a column of its own. */
function renameOutputs(plan: SummarizePlan, columns: readonly NamedExpr[]): SummarizePlan {
  let index = 0
  const aggregates = plan.aggregates.map(aggregate => ({
    ...aggregate,
    outputs: aggregate.outputs.map(output => {
      const name = columns[index++]?.name
      return name === undefined ? output : { ...output, name }
    }),
  }))
  const keyColumns = plan.schema.slice(0, plan.keys.length)
  const schema = [...keyColumns, ...aggregates.flatMap(aggregate => aggregate.outputs)]
  return { ...plan, aggregates, schema }
}
