import { ColumnBatch, concat } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { allocate } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { WindowPlan } from '../plan/nodes.ts'
import { collect } from './collect.ts'
import type { Executor } from './run.ts'

/** Computes window functions over all rows; without any, the rows pass as they are. */
export const executeWindow: Executor<WindowPlan> = async function* (plan, run) {
  if (plan.columns.length === 0) {
    yield* run.execute(plan.input)
    return
  }
  const input = concat(plan.input.schema, await collect(plan.input, run, 'serialize'))
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
    overload.compute(vectors, out, batch.length, constants)
    const schema = [...batch.schema, { name: column.name, type: column.type }]
    batch = new ColumnBatch(schema, [...batch.columns, out], batch.length)
  }
  const whole = new ColumnBatch(plan.schema, batch.columns, batch.length)
  for (let start = 0; start < whole.length; start += run.batchSize) {
    yield whole.slice(start, Math.min(whole.length, start + run.batchSize))
  }
}
