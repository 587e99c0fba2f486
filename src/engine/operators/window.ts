import { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { allocate } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { WindowPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { collectRows } from './collect.ts'
import type { Executor, Run } from './run.ts'

/** What a value of an added column takes. */
const VALUE_BYTES = 8

/** Computes window functions over all rows; without any, the rows pass as they are. */
export const executeWindow: Executor<WindowPlan> = async function* (plan, run) {
  if (plan.columns.length === 0) {
    yield* run.execute(plan.input)
    return
  }
  const account = new Account(run, 'serialize')
  try {
    yield* windowed(plan, account, run)
  } finally {
    account.close()
  }
}

async function* windowed(
  plan: WindowPlan,
  account: Account,
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const input = await collectRows(account, plan.input, run)
  let batch = input
  for (const column of plan.columns) {
    const overload = run.library.window(column.function)?.overloads[column.overload]
    if (overload === undefined) throw new InternalError(`no overload of ${column.function}`)
    // An argument may be a window function itself: its column has been added before.
    const args = await Promise.all(
      column.arguments.map(argument => run.compile(argument, batch.schema)),
    )
    const vectors = args.map(argument => argument.evaluate(batch, batch.rows))
    const constants = args.map(argument => argument.constant?.value)
    const out: Vector = allocate(column.type, batch.length)
    account.keep(0, batch.length * VALUE_BYTES)
    overload.compute(vectors, out, batch.length, constants)
    const schema = [...batch.schema, { name: column.name, type: column.type }]
    batch = new ColumnBatch(schema, [...batch.columns, out], batch.length)
  }
  yield* new ColumnBatch(plan.schema, batch.columns, batch.length).slices(run.batchSize)
}
