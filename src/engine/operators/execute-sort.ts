import { ColumnBatch, concat } from '../../tables/batch.ts'
import { type Column, indexOfColumn, type Schema } from '../../types/schema.ts'
import type { Evaluator } from '../evaluator/contract.ts'
import type { SortPlan, TopPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { lasting } from './collect.ts'
import { mergeRuns, type RunKey } from './merge-runs.ts'
import { rowLimit } from './row-limit.ts'
import { orderRows } from './row-order.ts'
import type { Executor, Run } from './run.ts'
import { SpilledRows } from './spilled-rows.ts'
import { firstRows } from './take.ts'

/** Bytes of a row beside its values while rows are put in order, and of each of its copies then. */
const ORDER_BYTES = 24
const COPY_BYTES = 8

/** Puts all rows in order. */
export const executeSort: Executor<SortPlan> = (plan, run) =>
  inOrder(plan, Number.POSITIVE_INFINITY, run)

export const executeTop: Executor<TopPlan> = async function* (plan, run) {
  const count = await rowLimit(plan.count, run)
  if (count > 0) yield* inOrder(plan, count, run)
}

/**
 * The first so many rows in order, of which twice as many are kept before they are put in order. What
 * does not fit in memory is put in order part by part outside of it, and merged.
 */
async function* inOrder(
  plan: SortPlan | TopPlan,
  count: number,
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const evaluators = await Promise.all(plan.keys.map(({ expr }) => run.compile(expr, plan.schema)))
  const keys = new SortKeys(plan, evaluators)
  const rowBytes = ORDER_BYTES + keys.schema.length * COPY_BYTES
  const most = Math.max(count * 2, run.batchSize)
  const account = new Account(run, plan.kind)
  const runs: SpilledRows[] = []
  let kept: ColumnBatch[] = []
  let rows = 0
  const keep = (batch: ColumnBatch): void => {
    kept.push(batch)
    rows += batch.rowCount
    account.countBatch(batch)
    account.count(0, batch.rowCount * rowBytes)
  }
  const first = (): ColumnBatch => keys.inOrder(kept).slice(0, count)
  const forget = (): void => {
    kept = []
    rows = 0
    account.close()
  }
  try {
    for await (const batch of run.execute(plan.input)) {
      run.check()
      if (batch.rowCount === 0) continue
      keep(lasting(keys.addTo(batch)))
      if (rows >= most) {
        const least = first().compact()
        forget()
        keep(least)
      }
      if (!account.isOver()) continue
      runs.push(await spilled(first(), run))
      forget()
    }
    if (runs.length === 0) {
      yield* keys.removeFrom(first()).slices(run.batchSize)
      return
    }
    if (kept.length > 0) runs.push(await spilled(first(), run))
    forget()
    const merged = mergeRuns(runs, keys.keys, run)
    for await (const batch of firstRows(merged, count)) yield keys.removeFrom(batch)
  } finally {
    account.close()
  }
}

/** What the rows are ordered by: columns of theirs, or columns that are added behind those. */
class SortKeys {
  readonly keys: readonly RunKey[]
  /** The columns of the rows, and those that are added. */
  readonly schema: Schema
  readonly #own: Schema
  readonly #added: readonly Evaluator[]

  constructor({ schema, keys }: SortPlan | TopPlan, evaluators: readonly Evaluator[]) {
    const added: Column[] = []
    this.keys = keys.map(({ expr, direction, nulls }) => {
      const own = expr.kind === 'column' ? indexOfColumn(schema, expr.name) : -1
      const column = own < 0 ? schema.length + added.length : own
      if (own < 0) added.push({ name: `\0${column}`, type: expr.type })
      return { column, direction, nulls }
    })
    this.schema = [...schema, ...added]
    this.#own = schema
    this.#added = evaluators.filter((_, at) => this.keys[at]!.column >= schema.length)
  }

  /** The rows with the columns that are added. */
  addTo(batch: ColumnBatch): ColumnBatch {
    const added = this.#added.map(key => key.evaluate(batch, batch.rows))
    const columns = [...batch.columns, ...added]
    return new ColumnBatch(this.schema, columns, batch.length, batch.selection)
  }

  /** The rows without them. */
  removeFrom(batch: ColumnBatch): ColumnBatch {
    const columns = batch.columns.slice(0, this.#own.length)
    return new ColumnBatch(this.#own, columns, batch.length, batch.selection)
  }

  /** The rows of the batches in order, as one batch with a selection. */
  inOrder(batches: readonly ColumnBatch[]): ColumnBatch {
    const batch = concat(this.schema, batches)
    const keys = this.keys.map(({ column, direction, nulls }) => ({
      vector: batch.columns[column]!,
      direction,
      nulls,
    }))
    return batch.select(orderRows(keys, batch.rows))
  }
}

async function spilled(rows: ColumnBatch, run: Run): Promise<SpilledRows> {
  const out = new SpilledRows(rows.schema, run)
  for (const slice of rows.slices(run.batchSize)) await out.add(slice)
  await out.finish()
  return out
}
