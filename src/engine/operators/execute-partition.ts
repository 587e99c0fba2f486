import type { ColumnBatch } from '../../tables/batch.ts'
import { indexOfColumn } from '../../types/schema.ts'
import { GroupIndex } from '../functions/aggregate/shared-buffers.ts'
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
    const { count, rowsOf, bytes } = partitions(plan, input)
    account.keep(0, bytes)
    if (count > (plan.maxPartitions ?? Number.POSITIVE_INFINITY)) {
      throw run.fault(
        'KQL302',
        `partition with the strategy legacy takes ${plan.maxPartitions} values of \`${plan.key}\`, not ${count}.`,
        'Add hint.strategy=native.',
      )
    }
    const body = new BodyRun(run, plan.id, plan.body)
    for (let group = 0; group < count; group++) {
      const rows = rowsOf(group)
      await run.pause(rows.length)
      body.enter(input.select(rows).compact())
      yield* body.execute(plan.body)
    }
  } finally {
    account.close()
  }
}

interface PartitionRows {
  /** How many values the key has. */
  readonly count: number
  /** The rows of one of them, in order. */
  rowsOf(group: number): Uint32Array
  /** Bytes in memory, roughly. */
  readonly bytes: number
}

/** The rows of each value of the key. */
function partitions(plan: PartitionPlan, input: ColumnBatch): PartitionRows {
  const column = indexOfColumn(input.schema, plan.key)
  const index = new KeyIndex([input.schema[column]!.type])
  const groupOf = new Uint32Array(input.length)
  index.assign([input.columns[column]!], input.rows, groupOf)
  const groups = new GroupIndex(groupOf, input.length)
  return { count: index.size, rowsOf: group => groups.positions(group), bytes: index.bytes }
}
