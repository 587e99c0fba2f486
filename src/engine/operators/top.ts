import type { ColumnBatch } from '../../tables/batch.ts'
import type { TopPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { lasting } from './collect.ts'
import { operator } from './declare.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor, Run } from './run.ts'
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
  const account = new Account(run, 'top')
  let kept: ColumnBatch[] = []
  let rows = 0
  try {
    for await (const batch of run.execute(plan.input)) {
      run.check()
      if (batch.rowCount === 0) continue
      const own = lasting(batch)
      kept.push(own)
      rows += own.rowCount
      account.keepBatch(own)
      if (rows < Math.max(count * 2, run.batchSize)) continue
      const best = await bestOf(plan, kept, count, run)
      account.close()
      account.keepBatch(best)
      kept = [best]
      rows = best.rowCount
    }
    const best = await sorted(plan.schema, kept, plan.keys, run)
    if (best.rowCount > 0) yield best.slice(0, Math.min(count, best.rowCount))
  } finally {
    account.close()
  }
}

async function bestOf(
  plan: TopPlan,
  batches: readonly ColumnBatch[],
  count: number,
  run: Run,
): Promise<ColumnBatch> {
  const ordered = await sorted(plan.schema, batches, plan.keys, run)
  return ordered.slice(0, Math.min(count, ordered.rowCount)).compact()
}
