import { type ColumnBatch, concat } from '../../tables/batch.ts'
import type { Expr, JoinPlan, Plan } from '../plan/nodes.ts'
import { inputsIn } from '../plan/walk.ts'
import { Account } from './account.ts'
import { lasting } from './collect.ts'
import { scanOfKeys, scanOfTimes } from './key-filter.ts'
import type { JoinInput, WantedKeys } from './partitioned-join.ts'
import type { Run } from './run.ts'

/** Rows of the streamed side of a join that are read before the built one, at most. */
const MOST_ROWS = 1 << 16
/** Share of the memory that they may take, at most. */
const SHARE = 1 / 8
/** How many times as large the built side has to be: of sides of a size, the keys of that one are as few. */
const TIMES = 2

/**
 * Whether the streamed side of a join is to be read first: it is much smaller by the bytes of its tables,
 * and its keys, or its times, say which rows of the other one can matter.
 */
export function isReadFirst(
  { joinKind, band }: JoinPlan,
  streamed: Plan,
  built: { readonly plan: Plan; readonly keys: readonly Expr[] },
  run: Run,
): boolean {
  // These have the rows of the built side without a partner too.
  if (joinKind === 'rightouter' || joinKind === 'fullouter') return false
  const isTold = scanOfKeys(built.plan, built.keys) ?? (band && scanOfTimes(built.plan, band.right))
  if (isTold === undefined) return false
  const least = bytesOf(streamed, run)
  const most = bytesOf(built.plan, run)
  return least !== undefined && most !== undefined && least * TIMES < most
}

/** The bytes of the tables that a plan reads; undefined where that is not known. */
function bytesOf(plan: Plan, run: Run): number | undefined {
  let sum = 0
  for (const node of inputsIn(plan)) {
    if (node.kind === 'external' || node.kind === 'context') return undefined
    if (node.kind !== 'scan') continue
    const bytes = run.bytesOf(node.table)
    if (bytes === undefined) return undefined
    sum += bytes
  }
  return sum
}

/**
 * The streamed side of a join that is read before the built one, as far as it is small; what is left of it
 * is read in its turn.
 */
export class FirstRows implements JoinInput {
  readonly schema: JoinInput['schema']
  readonly keyTypes: JoinInput['keyTypes']
  readonly #input: JoinInput
  readonly #run: Run
  readonly #account: Account
  readonly #rest: AsyncIterator<ColumnBatch>
  #first: ColumnBatch[] = []

  constructor(input: JoinInput, run: Run) {
    this.schema = input.schema
    this.keyTypes = input.keyTypes
    this.#input = input
    this.#run = run
    this.#account = new Account(run, 'join')
    this.#rest = input.batches()[Symbol.asyncIterator]()
  }

  /** Reads the first rows: their keys, where these are all rows. */
  async read(): Promise<WantedKeys | undefined> {
    let rows = 0
    for (;;) {
      const next = await this.#rest.next()
      this.#run.check()
      if (next.done === true) break
      if (next.value.rowCount === 0) continue
      const batch = lasting(next.value)
      this.#first.push(batch)
      this.#account.countBytes(batch)
      rows += batch.rowCount
      const { memory } = this.#run
      const isMuch = this.#account.bytes > memory * SHARE || this.#run.room() < memory * SHARE
      if (rows > MOST_ROWS || isMuch) return undefined
    }
    const batch = concat(this.schema, this.#first)
    return { batch, keys: this.keys(batch) }
  }

  async *batches(): AsyncGenerator<ColumnBatch> {
    const first = this.#first
    this.#first = []
    // They become fewer, and what is made of them counts for itself.
    this.#account.close()
    for (let batch = first.shift(); batch !== undefined; batch = first.shift()) yield batch
    for (let next = await this.#rest.next(); next.done !== true; next = await this.#rest.next()) {
      yield next.value
    }
  }

  keys(batch: ColumnBatch): ReturnType<JoinInput['keys']> {
    return this.#input.keys(batch)
  }

  async close(): Promise<void> {
    this.#first = []
    this.#account.close()
    await this.#rest.return?.()
  }
}
