import type { ColumnBatch } from '../../tables/batch.ts'
import type { PartitionTopPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { collectRows } from './collect.ts'
import { KeyIndex } from './key-index.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor, Run } from './run.ts'
import { sorted } from './sort.ts'

/** What a row takes besides its values: its place in order, its group, and its place in that. */
const ROW_BYTES = 48

/** Orders all rows, then hands them out group by group. */
export const executePartitionTop: Executor<PartitionTopPlan> = async function* (plan, run) {
  const limit =
    plan.count === undefined ? Number.POSITIVE_INFINITY : await rowLimit(plan.count, run)
  if (limit === 0) return
  const account = new Account(run, 'top-nested')
  try {
    yield* chosenRows(plan, limit, account, run)
  } finally {
    account.close()
  }
}

async function* chosenRows(
  plan: PartitionTopPlan,
  limit: number,
  account: Account,
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const rows = await collectRows(account, plan.input, run)
  account.keep(0, rows.length * ROW_BYTES)
  const batch = await sorted(plan.schema, [rows], plan.keys, run)
  const partition = await Promise.all(
    plan.partition.map(async key =>
      (await run.compile(key, plan.schema)).evaluate(batch, batch.rows),
    ),
  )
  const index = new KeyIndex(partition.map(({ type }) => type))
  const groupOf = new Uint32Array(batch.length)
  // In the order of the input, in which groups come first.
  if (partition.length > 0) index.assign(partition, batch.rows.toSorted(), groupOf)
  const groups: number[][] = []
  for (const row of batch.rows) {
    const group = groups[groupOf[row]!]
    if (group === undefined) groups[groupOf[row]!] = [row]
    else if (group.length < limit) group.push(row)
  }
  yield* batch.select(Uint32Array.from(groups.flat())).slices(run.batchSize)
}
