import { ColumnBatch, concat } from '../../tables/batch.ts'
import { RealVector, type Vector } from '../../tables/vector.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Column, Schema } from '../../types/schema.ts'
import type { JoinPlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import { lasting } from './collect.ts'
import { mergeRuns, type RunKey } from './merge-runs.ts'
import { DEEPEST, Partitions } from './partitions.ts'
import type { Run } from './run.ts'
import { SpilledRows } from './spilled-rows.ts'

/** Share of the memory that is left to the keys when no more rows are kept. */
const KEYS = 1 / 4
/** Bytes of a row that is kept beside its values, and of each of its copies for a moment. */
const ROW_BYTES = 24
const COPY_BYTES = 8

/** The rows of the other side, and their keys. */
export interface WantedKeys {
  readonly batch: ColumnBatch
  readonly keys: readonly Vector[]
}

/** One side of a join. */
export interface JoinInput {
  readonly schema: Schema
  readonly keyTypes: readonly ScalarType[]
  /** The rows; those without a key that is `wanted` may be left out. */
  batches(wanted?: WantedKeys): AsyncIterable<ColumnBatch>
  /** The keys of the rows of a batch of the schema. */
  keys(batch: ColumnBatch): readonly Vector[]
}

/** Joins the rows of one side, as they come, to those of the other, which are in memory. */
export type JoinRows = (
  plan: JoinPlan,
  streamed: JoinInput,
  built: ColumnBatch,
  keys: Pick<JoinInput, 'keyTypes' | 'keys'>,
  account: Account,
  run: Run,
) => AsyncIterable<ColumnBatch>

/**
 * Joins by `joinRows` where the built side fits in memory. Where it does not, both sides are put outside
 * of it, in parts by their keys, which are joined one by one; the rows come in the same order.
 */
export function partitionedJoin(
  plan: JoinPlan,
  streamed: JoinInput,
  built: JoinInput,
  joinRows: JoinRows,
  run: Run,
): AsyncGenerator<ColumnBatch> {
  return new PartitionedJoin(plan, joinRows, run).join(streamed, built, 0)
}

const STREAMED = '\0streamed'
const BUILT = '\0built'
/** Rows of the streamed side in its order, then those of the built side without any, in its order. */
const ORDER = [
  { direction: 'asc', nulls: 'last' },
  { direction: 'asc', nulls: 'first' },
] as const

class PartitionedJoin {
  readonly #plan: JoinPlan
  /** The plan whose result has the numbers of the rows of each side too. */
  readonly #numbered: JoinPlan
  readonly #order: readonly RunKey[]
  readonly #joinRows: JoinRows
  readonly #run: Run

  constructor(plan: JoinPlan, joinRows: JoinRows, run: Run) {
    const numbers = numbersOf(plan)
    this.#plan = plan
    this.#numbered = {
      ...plan,
      columns: [...plan.columns, ...numbers],
      schema: [...plan.schema, ...numbers.map(({ column }) => numberColumn(column))],
    }
    this.#order = numbers.map((_, at) => ({ ...ORDER[at]!, column: plan.schema.length + at }))
    this.#joinRows = joinRows
    this.#run = run
  }

  /** `depth`: how often the rows were divided before; they have their numbers then. */
  async *join(streamed: JoinInput, built: JoinInput, depth: number): AsyncGenerator<ColumnBatch> {
    const parts = yield* this.#inMemory(streamed, built, depth)
    if (parts !== undefined) yield* this.#inParts(parts, streamed, built, depth)
  }

  /** Joins what fits in memory; else gives the built side in parts. */
  async *#inMemory(
    streamed: JoinInput,
    built: JoinInput,
    depth: number,
  ): AsyncGenerator<ColumnBatch, Partitions | undefined> {
    const account = new Account(this.#run, 'join')
    try {
      const taken = await this.#gathered(built, account, depth)
      if (taken instanceof Partitions) return taken
      const plan = depth === 0 ? this.#plan : this.#numbered
      const rows = concat(built.schema, taken)
      yield* this.#joinRows(plan, streamed, rows, built, account, this.#run)
    } finally {
      account.close()
    }
    return undefined
  }

  async #gathered(
    built: JoinInput,
    account: Account,
    depth: number,
  ): Promise<readonly ColumnBatch[] | Partitions> {
    const spillable = spillableOf(built, BUILT, depth)
    const rowBytes = ROW_BYTES + built.schema.length * COPY_BYTES
    let taken: ColumnBatch[] = []
    let parts: Partitions | undefined
    for await (const batch of built.batches()) {
      this.#run.check()
      if (batch.rowCount === 0) continue
      if (parts !== undefined) {
        await spillable.add(batch, parts)
        continue
      }
      const kept = lasting(batch)
      taken.push(kept)
      account.countBatch(kept)
      account.count(0, kept.rowCount * rowBytes)
      if (!account.isOver(KEYS)) continue
      if (depth === DEEPEST) {
        // Rows of one key cannot be divided.
        account.checkLast()
        continue
      }
      parts = new Partitions(spillable.schema, depth, this.#run)
      for (const own of taken) await spillable.add(own, parts)
      taken = []
      account.close()
    }
    await parts?.finish()
    return parts ?? taken
  }

  async *#inParts(
    builtParts: Partitions,
    streamed: JoinInput,
    built: JoinInput,
    depth: number,
  ): AsyncGenerator<ColumnBatch> {
    const spillable = spillableOf(streamed, STREAMED, depth)
    const streamedParts = new Partitions(spillable.schema, depth, this.#run)
    for await (const batch of streamed.batches()) {
      this.#run.check()
      await spillable.add(batch, streamedParts)
    }
    await streamedParts.finish()
    const results: SpilledRows[] = []
    for (const [at, builtPart] of builtParts.parts.entries()) {
      const streamedPart = streamedParts.parts[at]!
      if (builtPart.rowCount + streamedPart.rowCount === 0) continue
      const result = new SpilledRows(this.#numbered.schema, this.#run)
      const pair = [partOf(streamedPart, streamed), partOf(builtPart, built)] as const
      for await (const batch of this.join(...pair, depth + 1)) await result.add(batch)
      await result.finish()
      await builtPart.remove()
      await streamedPart.remove()
      results.push(result)
    }
    const width = this.#plan.schema.length
    for await (const batch of mergeRuns(results, this.#order, this.#run)) {
      if (depth > 0) yield batch
      else {
        const columns = batch.columns.slice(0, width)
        yield new ColumnBatch(this.#plan.schema, columns, batch.length, batch.selection)
      }
    }
  }
}

/** The numbers that the rows of a result are put in order by: of the built side where it has that. */
function numbersOf({ joinKind }: JoinPlan): JoinPlan['columns'] {
  switch (joinKind) {
    case 'leftsemi':
    case 'leftanti':
      return [{ name: STREAMED, side: 'left', column: STREAMED }]
    case 'rightsemi':
    case 'rightanti':
      return [{ name: STREAMED, side: 'right', column: STREAMED }]
    default:
      return [
        { name: STREAMED, side: 'left', column: STREAMED },
        { name: BUILT, side: 'right', column: BUILT },
      ]
  }
}

function numberColumn(name: string): Column {
  return { name, type: 'real' }
}

interface Spillable {
  readonly schema: Schema
  /** Adds the rows of the next batch of the input. */
  add(batch: ColumnBatch, parts: Partitions): Promise<void>
}

/** How rows of an input are put outside: with their keys and their number behind their columns. */
function spillableOf(input: JoinInput, number: string, depth: number): Spillable {
  if (depth > 0) {
    return { schema: input.schema, add: (batch, parts) => parts.add(batch, input.keys(batch)) }
  }
  const keys = input.keyTypes.map((type, at): Column => ({ name: `${number}${at}`, type }))
  const schema = [...input.schema, ...keys, numberColumn(number)]
  let seen = 0
  return {
    schema,
    async add(batch, parts) {
      const { columns, length, rows } = batch
      const numbers = new Float64Array(length)
      for (const row of rows) numbers[row] = seen++
      const own = input.keys(batch)
      const all = [...columns, ...own, new RealVector(numbers)]
      await parts.add(new ColumnBatch(schema, all, length, batch.selection), own)
    },
  }
}

/** A part of an input: its keys are the columns before the last one, which has the numbers. */
function partOf(rows: SpilledRows, { keyTypes }: JoinInput): JoinInput {
  const { schema } = rows
  return {
    schema,
    keyTypes,
    batches: () => rows.batches(),
    keys: ({ columns }) => columns.slice(columns.length - 1 - keyTypes.length, -1),
  }
}
