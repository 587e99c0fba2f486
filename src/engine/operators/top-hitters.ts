import type { ExpressionSyntax, NamedExpressionSyntax } from '../../parser/syntax.ts'
import { bindAggregates } from '../binder/aggregates.ts'
import { allColumns, projectOf } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames, resultName } from '../binder/naming.ts'
import type { Plan, SortKey } from '../plan/nodes.ts'
import { columnsAsKeys } from './column-operand.ts'
import { operator } from './declare.ts'
import { bindCount } from './row-limit.ts'
import { summarizeOf } from './summarize.ts'

/** @see https://learn.microsoft.com/kusto/query/top-hitters-operator */
export const topHitters = operator('top-hitters', {
  name: 'top-hitters',
  doc:
    'Gives the values of a column that occur most, or whose sum of a number is greatest. The numbers ' +
    'are exact here; of equal ones the value that comes first in the input comes first.',
  examples: [
    {
      query: 'datatable(x: string)["a", "b", "b", "c"] | top-hitters 2 of x',
      rows: [
        { x: 'b', approximate_count_x: 2 },
        { x: 'a', approximate_count_x: 1 },
      ],
    },
    {
      query: 'datatable(x: string, y: long)["a", 5, "b", 1, "b", 1] | top-hitters 1 of x by y',
      rows: [{ x: 'a', approximate_sum_y: 5 }],
    },
  ],
  bind(node, input, binder) {
    const { span } = node
    const count = bindCount(binder, node.count)
    const names = new ColumnNames()
    const keys = columnsAsKeys(binder, node.of, input)
    const [key] = keys ?? []
    if (keys === undefined || key === undefined) return binder.failedPlan(span)
    names.claim(key.name)
    const measured = node.by?.expression
    const of = (measured && (node.by?.names[0]?.name ?? resultName(measured, binder.library))) ?? ''
    const name = measured === undefined ? `approximate_count_${key.name}` : `approximate_sum_${of}`
    const aggregate: NamedExpressionSyntax = {
      names: [{ kind: 'name', name, span }],
      expression: {
        kind: 'call',
        callee: { kind: 'name', name: measured === undefined ? 'count' : 'sum', span },
        arguments: measured === undefined ? [] : [measured],
        span: measured?.span ?? span,
      },
      span,
    }
    const { aggregates, columns } = bindAggregates(binder, [aggregate], input.schema, keys, names)
    const [sum] = columns
    if (sum === undefined || binder.isFailed(sum.expr)) return binder.failedPlan(span)
    const sums = summarizeOf(binder, input, keys, aggregates, columns, span)
    const summed = measured === undefined ? sums : asMeasured(binder, sums, measured, input)
    const type = summed.schema[1]?.type ?? sum.expr.type
    const by: SortKey = {
      expr: { kind: 'column', type, name: sum.name, span },
      direction: 'desc',
      nulls: 'last',
    }
    return { kind: 'top', input: summed, keys: [by], count, schema: summed.schema, span }
  },
})

/** The sums in the type of what is summed: those of ints are ints. */
function asMeasured(binder: Binder, plan: Plan, measured: ExpressionSyntax, input: Plan): Plan {
  if (binder.scalar(measured, { schema: input.schema }).type !== 'int') return plan
  const columns = allColumns(binder, plan.schema, plan.span).map(({ name, expr }, index) =>
    index === 0 ? { name, expr } : { name, expr: binder.convert(expr, 'int') },
  )
  return projectOf(binder, plan, columns, plan.span)
}
