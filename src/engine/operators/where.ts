import type { ScanFilter } from '../../tables/source.ts'
import { allColumns, projectOf, withComputed } from '../binder/columns.ts'
import { collectColumns, varies } from '../plan/expression.ts'
import type { Expr, ScanPlan, WherePlan } from '../plan/nodes.ts'
import { bySpeed, conjunctionOf, conjunctsOf } from '../plan/predicates.ts'
import { operator } from './declare.ts'
import type { Executor, Run } from './run.ts'
import { allOf, scanTable } from './sources.ts'

/** @see https://learn.microsoft.com/kusto/query/where-operator */
export const where = operator('where', {
  name: 'where',
  aliases: ['filter'],
  doc: 'Keeps the rows for which the predicate is true.',
  examples: [{ query: 'range x from 1 to 2 step 1 | where x > 1', rows: [{ x: 2 }] }],
  bind(node, source, binder) {
    for (const { name, span } of node.names) {
      binder.diagnostics.add({
        code: 'KQL213',
        severity: 'warning',
        message: `\`${name} =\` compares nothing: it names the predicate, and what stands behind it decides alone.`,
        hint: 'Compare with ==.',
        span,
      })
    }
    const { input, result: predicate } = withComputed(binder, source, rows =>
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
  const { input, predicate } = plan
  const filter = await run.filter(predicate, input.schema)
  const batches =
    input.kind === 'scan'
      ? scanTable(input, run, await scanFilter(predicate, input, run))
      : run.execute(input)
  for await (const batch of batches) {
    const rows = filter(batch, batch.rows)
    if (rows.length > 0) yield batch.select(rows)
  }
}

/** The predicate as a source may ask it, as far as it gives the same answer when asked again. */
export async function scanFilter(
  predicate: Expr,
  { schema }: ScanPlan,
  run: Run,
): Promise<ScanFilter | undefined> {
  const conjuncts = conjunctsOf(predicate).filter(conjunct => !varies(conjunct))
  const { quick, slow } = bySpeed(conjuncts, schema)
  const filters: ScanFilter[] = []
  for (const [first, ...rest] of [quick, slow]) {
    if (first === undefined) continue
    const part = conjunctionOf([first, ...rest])
    const names = new Set<string>()
    collectColumns(part, names)
    const columns = schema.filter(({ name }) => names.has(name))
    const filter = await run.filter(part, columns)
    filters.push({
      columns: columns.map(({ name }) => name),
      select: batch => filter(batch, batch.rows),
    })
  }
  return filters.length === 0 ? undefined : allOf(filters, schema)
}
