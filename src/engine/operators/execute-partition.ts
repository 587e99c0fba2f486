import type { ColumnBatch } from '../../tables/batch.ts'
import { indexOfColumn } from '../../types/schema.ts'
import type { PartitionPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { BodyRun } from './body-run.ts'
import { collectRows } from './collect.ts'
import { KeyIndex } from './key-index.ts'
import type { Executor } from './run.ts'

/** What a row takes besides its values: its place in the part that it belongs to. */
const ROW_BYTES = 16

/** Runs the body for each value of the key, over the rows that have it. */
export const executePartition: Executor<PartitionPlan> = async function* (plan, run) {
  const account = new Account(run, 'partition')
  try {
    const input = await collectRows(account, plan.input, run)
    account.keep(0, input.length * ROW_BYTES)
    const groups = partitions(plan, input)
    if (groups.length > (plan.maxPartitions ?? Number.POSITIVE_INFINITY)) {
      throw run.fault(
        'KQL302',
        `partition with the strategy legacy takes ${plan.maxPartitions} values of \`${plan.key}\`, not ${groups.length}.`,
        'Add hint.strategy=native.',
      )
    }
    const body = new BodyRun(run, plan.id, plan.body)
    for (const rows of groups) {
      await run.pause(rows.length)
      body.enter(input.select(rows).compact())
      yield* body.execute(plan.body)
    }
  } finally {
    account.close()
  }
}

/** The rows of each value of the key, in order. */
function partitions(plan: PartitionPlan, input: ColumnBatch): Uint32Array[] {
  const column = indexOfColumn(input.schema, plan.key)
  const index = new KeyIndex([input.schema[column]!.type])
  const groupOf = new Uint32Array(input.length)
  index.assign([input.columns[column]!], input.rows, groupOf)
  const counts = new Uint32Array(index.size)
  for (const group of groupOf) counts[group]!++
  const rows = Array.from(counts, count => new Uint32Array(count))
  const filled = new Uint32Array(index.size)
  groupOf.forEach((group, row) => {
    rows[group]![filled[group]!++] = row
  })
  return rows
}
