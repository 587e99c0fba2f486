import type { ColumnBatch } from '../../tables/batch.ts'
import type { TakePlan } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { rowLimit } from './row-limit.ts'
import type { Executor } from './run.ts'

/** @see https://learn.microsoft.com/kusto/query/take-operator */
export const take = operator('take', {
  name: 'take',
  aliases: ['limit'],
  doc: 'Gives at most so many rows: here always the first ones of the input.',
  examples: [{ query: 'range x from 1 to 9 step 1 | take 2', rows: [{ x: 1 }, { x: 2 }] }],
  bind(node, input, binder) {
    const count = binder.constant(node.count, 'long')
    return { kind: 'take', input, count, schema: input.schema, span: node.span }
  },
})

export const executeTake: Executor<TakePlan> = async function* (plan, run) {
  const count = await rowLimit(plan.count, run)
  if (count > 0) yield* firstRows(run.execute(plan.input), count)
}

/** The first so many rows of the batches, at least one; no batch is asked for after them. */
export async function* firstRows(
  batches: AsyncIterable<ColumnBatch>,
  count: number,
): AsyncGenerator<ColumnBatch> {
  let left = count
  for await (const batch of batches) {
    if (batch.rowCount >= left) {
      yield batch.slice(0, left)
      return
    }
    left -= batch.rowCount
    yield batch
  }
}
