import { ColumnBatch } from '../../tables/batch.ts'
import { bindColumns, projectOf, withComputed } from '../binder/columns.ts'
import type { ProjectPlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import type { Executor } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/project-operator */
export const project = operator('project', {
  name: 'project',
  closes: true,
  doc: 'Gives the columns that it lists, in that order.',
  examples: [
    { query: 'print a = 1, b = 2 | project b, c = a + b', rows: [{ b: 2, c: 3 }] },
    { query: 'print a = 1 | project a * 2', rows: [{ Column1: 2 }] },
  ],
  bind(node, source, binder) {
    const { input, result } = withComputed(binder, source, rows =>
      bindColumns(binder, node.columns, rows, 'number'),
    )
    return projectOf(binder, input, result, node.span)
  },
})

export const executeProject: Executor<ProjectPlan> = async function* (plan, run) {
  const { schema } = plan.input
  const evaluators = await Promise.all(plan.columns.map(column => run.compile(column.expr, schema)))
  for await (const batch of run.execute(plan.input)) {
    const { rows } = batch
    const columns = evaluators.map(evaluator => evaluator.evaluate(batch, rows))
    yield new ColumnBatch(plan.schema, columns, batch.length, batch.selection)
  }
}
