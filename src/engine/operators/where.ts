import { allColumns, projectOf, withWindows } from '../binder/columns.ts'
import type { WherePlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import type { Executor } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/where-operator */
export const where = operator('where', {
  name: 'where',
  aliases: ['filter'],
  doc: 'Keeps the rows for which the predicate is true.',
  examples: [{ query: 'range x from 1 to 2 step 1 | where x > 1', rows: [{ x: 2 }] }],
  bind(node, source, binder) {
    const { input, result: predicate } = withWindows(source, rows =>
      binder.scalarOf(node.predicate, rows, 'bool'),
    )
    const { schema } = source
    if (binder.isFailed(predicate)) return source
    const { span } = node
    const filtered = { kind: 'where', input, predicate, schema: input.schema, span } as const
    // Window functions added columns for their values, which the result does not have.
    if (input === source) return filtered
    return projectOf(binder, filtered, allColumns(binder, schema, span), span)
  },
})

export const executeWhere: Executor<WherePlan> = async function* (plan, run) {
  const filter = await run.filter(plan.predicate, plan.input.schema)
  for await (const batch of run.execute(plan.input)) {
    const rows = filter(batch, batch.rows)
    if (rows.length > 0) yield batch.select(rows)
  }
}
