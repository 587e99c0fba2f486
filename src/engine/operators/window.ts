import { ColumnBatch, concat } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { allocate } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { WindowPlan } from '../plan/nodes.ts'
import { collect, type Executor } from './run.ts'

/** Computes window functions over all rows; without any, the rows pass as they are. */
export const executeWindow: Executor<WindowPlan> = async function* (plan, run) {
  if (plan.columns.length === 0) {
    yield* run.execute(plan.input)
    return
  }
  const batch = concat(plan.input.schema, await collect(plan.input, run, 'serialize'))
  const columns: Vector[] = [...batch.columns]
  for (const column of plan.columns) {
    const overload = run.library.window(column.function)?.overloads[column.overload]
    if (overload === undefined) throw new InternalError(`no overload of ${column.function}`)
    const args = await Promise.all(
      column.arguments.map(argument => run.compile(argument, plan.input.schema)),
    )
    const vectors = args.map(argument => argument.evaluate(batch, batch.rows))
    const out: Vector = allocate(column.type, batch.length)
    overload.compute(
      vectors,
      out,
      batch.length,
      args.map(argument => argument.constant?.value),
    )
    columns.push(out)
  }
  const whole = new ColumnBatch(plan.schema, columns, batch.length)
  for (let start = 0; start < whole.length; start += run.batchSize) {
    yield whole.slice(start, Math.min(whole.length, start + run.batchSize))
  }
}
