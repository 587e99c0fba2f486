import type { ColumnBatch } from '../../tables/batch.ts'
import { batchBytes } from '../../tables/batch-size.ts'
import type { TopPlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor } from './run.ts'
import { bindSortKey, sorted } from './sort.ts'

/** @see https://learn.microsoft.com/kusto/query/top-operator */
export const top = operator('top', {
  name: 'top',
  doc: 'Gives the first so many rows in the order of an expression, descending unless said otherwise.',
  examples: [{ query: 'range x from 1 to 9 step 1 | top 2 by x', rows: [{ x: 9 }, { x: 8 }] }],
  bind(node, input, binder) {
    const count = binder.constant(node.count, 'long')
    const keys = [bindSortKey(binder, node.by, input)]
    return { kind: 'top', input, keys, count, schema: input.schema, span: node.span }
  },
})

/** Keeps `count` rows and as many again before it sorts them down. */
export const executeTop: Executor<TopPlan> = async function* (plan, run) {
  const count = await rowLimit(plan.count, run)
  if (count === 0) return
  let kept: ColumnBatch[] = []
  let rows = 0
  let counted = 0
  for await (const batch of run.execute(plan.input)) {
    run.check()
    kept.push(batch)
    rows += batch.rowCount
    if (rows > counted) {
      run.keep(rows - counted, batchBytes(batch), 'top')
      counted = rows
    }
    if (rows < Math.max(count * 2, run.batchSize)) continue
    const best = await sorted(plan.schema, kept, plan.keys, run)
    kept = [best.slice(0, Math.min(count, best.rowCount)).compact()]
    rows = kept[0]?.rowCount ?? 0
  }
  const best = await sorted(plan.schema, kept, plan.keys, run)
  if (best.rowCount > 0) yield best.slice(0, Math.min(count, best.rowCount))
}
