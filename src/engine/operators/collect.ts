import { ColumnBatch, concat } from '../../tables/batch.ts'
import { ownText } from '../../tables/own-text.ts'
import { TextVector, type Vector } from '../../tables/vector.ts'
import type { Plan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import type { Run } from './run.ts'

/** Bytes that a value takes in a vector, with room for the largest. */
const VALUE_BYTES = 8

/** All batches of a plan, in order; they count until the account is closed. */
export async function collectInto(account: Account, plan: Plan, run: Run): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = []
  for await (const whole of run.execute(plan)) {
    run.check()
    if (whole.rowCount === 0) continue
    const batch = lasting(whole)
    account.keepBatch(batch)
    batches.push(batch)
  }
  return batches
}

/** All batches of a plan, in order; they count until the run is over. */
export function collect(plan: Plan, run: Run, what: string): Promise<ColumnBatch[]> {
  return collectInto(new Account(run, what), plan, run)
}

/** All rows of a plan as one batch without a selection; they count until the account is closed. */
export async function collectRows(account: Account, plan: Plan, run: Run): Promise<ColumnBatch> {
  return joined(account, plan.schema, await collectInto(account, plan, run))
}

/** The rows of batches as one: for a moment, both are there. */
export function joined(
  account: Account,
  schema: Plan['schema'],
  batches: readonly ColumnBatch[],
): ColumnBatch {
  if (batches.length < 2) return concat(schema, batches)
  const rows = batches.reduce((sum, batch) => sum + batch.rowCount, 0)
  const copies = rows * schema.length * VALUE_BYTES
  account.keep(0, copies)
  const batch = concat(schema, batches)
  account.release(0, copies)
  return batch
}

/**
 * The same rows in a batch that is fit to be kept: where it has few of the rows that its vectors hold,
 * or texts cut out of longer ones with many others, it keeps the memory of those no longer.
 */
export function lasting(batch: ColumnBatch): ColumnBatch {
  if (batch.selection === undefined || batch.rowCount * 2 > batch.length) return batch
  const { schema, columns, length } = batch.compact()
  return new ColumnBatch(schema, columns.map(withOwnTexts), length)
}

function withOwnTexts(vector: Vector): Vector {
  if ((vector.type !== 'string' && vector.type !== 'guid') || vector.dictionary) return vector
  const texts = Array.from(vector.codes, code => ownText(vector.dict[code] ?? ''))
  return TextVector.plain(vector.type, texts, vector.nulls) as Vector
}
