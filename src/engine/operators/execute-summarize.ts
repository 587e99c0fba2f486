import { ColumnBatch } from '../../tables/batch.ts'
import { RealVector, type Vector } from '../../tables/vector.ts'
import type { Column, Schema } from '../../types/schema.ts'
import type { Evaluator } from '../evaluator/contract.ts'
import type { SummarizePlan } from '../plan/nodes.ts'
import { Account } from './account.ts'
import {
  type AggregateInput,
  Aggregation,
  type PreparedAggregate,
  prepareAggregates,
} from './aggregation.ts'
import { mergeRuns } from './merge-runs.ts'
import { DEEPEST, Partitions } from './partitions.ts'
import type { Executor, Run } from './run.ts'
import { SpilledRows } from './spilled-rows.ts'

/** Share of the memory that is left to the groups at hand when no new ones are taken in any more. */
const GROWTH = 1 / 4
/** What the number of the first row of a group takes. */
const FIRST_BYTES = 16

/**
 * Groups rows and aggregates them. When the groups fill the memory, rows of further groups are put
 * outside of it, in parts by their keys, and each part is aggregated by itself after that.
 */
export const executeSummarize: Executor<SummarizePlan> = async function* (plan, run) {
  const compile = (expr: SummarizePlan['keys'][number]['expr']): Promise<Evaluator> =>
    run.compile(expr, plan.input.schema)
  const keys = await Promise.all(plan.keys.map(key => compile(key.expr)))
  const args = await Promise.all(
    plan.aggregates.map(aggregate => Promise.all(aggregate.arguments.map(compile))),
  )
  const constants = args.map(own => own.map(argument => argument.constant?.value))
  const aggregates = prepareAggregates(plan, run, constants)
  const shape = new SpillShape(plan)
  let seen = 0
  async function* inputs(): AsyncGenerator<NumberedInput> {
    for await (const batch of run.execute(plan.input)) {
      run.check()
      const { rows, length } = batch
      yield {
        keys: keys.map(key => key.evaluate(batch, rows)),
        args: args.map(own => own.map(argument => argument.evaluate(batch, rows))),
        rows,
        length,
        numberAt: position => seen + position,
      }
      seen += rows.length
    }
  }
  const types = keys.map(({ type }) => type)
  const groups = new Groups(plan, types, aggregates, shape, run)
  for await (const batch of groups.of(inputs(), 0)) yield shape.result(batch)
}

/** Rows to be aggregated, with the number in the input of each, by its position among `rows`. */
interface NumberedInput extends AggregateInput {
  numberAt(position: number): number
}

/** The columns of spilled rows: the number of the row, the keys, and the arguments. */
class SpillShape {
  readonly rows: Schema
  /** The columns of groups that are put aside: those of the result, and the number of the first row. */
  readonly groups: Schema
  readonly #result: Schema
  readonly #keys: number
  readonly #args: readonly number[]

  constructor({ keys, aggregates, schema }: SummarizePlan) {
    const types = [...keys.map(({ expr }) => expr.type)]
    for (const aggregate of aggregates) types.push(...aggregate.arguments.map(({ type }) => type))
    const number: Column = { name: '\0row', type: 'real' }
    this.rows = [number, ...types.map((type, at): Column => ({ name: `\0${at}`, type }))]
    this.groups = [...schema, number]
    this.#result = schema
    this.#keys = keys.length
    this.#args = aggregates.map(aggregate => aggregate.arguments.length)
  }

  /** Rows of an input as a batch; `rows` are some of its rows. */
  batch(input: NumberedInput, rows: Uint32Array): ColumnBatch {
    const numbers = new Float64Array(input.length)
    for (let at = 0; at < input.rows.length; at++) numbers[input.rows[at]!] = input.numberAt(at)
    const columns = [new RealVector(numbers), ...input.keys, ...input.args.flat()]
    return new ColumnBatch(this.rows, columns, input.length, rows)
  }

  /** The rows of such a batch as an input again. */
  input(batch: ColumnBatch): NumberedInput {
    const [numbers, ...columns] = batch.columns
    let at = this.#keys
    const args = this.#args.map(count => {
      at += count
      return columns.slice(at - count, at)
    })
    const { values } = numbers as RealVector
    return {
      keys: columns.slice(0, this.#keys),
      args,
      rows: batch.rows,
      length: batch.length,
      numberAt: position => values[position]!,
    }
  }

  /** Groups as they are put aside, as those of the result. */
  result({ columns, length, selection }: ColumnBatch): ColumnBatch {
    return new ColumnBatch(this.#result, columns.slice(0, this.#result.length), length, selection)
  }
}

class Groups {
  readonly #plan: SummarizePlan
  readonly #types: ConstructorParameters<typeof Aggregation>[0]
  readonly #aggregates: readonly PreparedAggregate[]
  readonly #shape: SpillShape
  readonly #run: Run

  constructor(
    plan: SummarizePlan,
    types: ConstructorParameters<typeof Aggregation>[0],
    aggregates: readonly PreparedAggregate[],
    shape: SpillShape,
    run: Run,
  ) {
    this.#plan = plan
    this.#types = types
    this.#aggregates = aggregates
    this.#shape = shape
    this.#run = run
  }

  /** The groups of the rows in the order of their first rows, whose numbers come with them. */
  async *of(inputs: AsyncIterable<NumberedInput>, depth: number): AsyncGenerator<ColumnBatch> {
    const parts = yield* this.#inMemory(inputs, depth)
    if (parts !== undefined) yield* this.#spilled(parts, depth)
  }

  /** The groups that fit in memory; gives the rows of those that do not. */
  async *#inMemory(
    inputs: AsyncIterable<NumberedInput>,
    depth: number,
  ): AsyncGenerator<ColumnBatch, Partitions | undefined> {
    const account = new Account(this.#run, 'summarize')
    let parts: Partitions | undefined
    let floor = 0
    try {
      const taken = new Aggregation(this.#types, this.#aggregates)
      const firsts: number[] = []
      for await (const input of inputs) {
        if (parts === undefined) noteFirsts(input, taken.add(input), firsts)
        else {
          const others = taken.addKnown(input)
          await parts.add(this.#shape.batch(input, others), input.keys)
        }
        account.countTo(taken.size, taken.bytes + firsts.length * FIRST_BYTES)
        if (!account.isOver(parts === undefined ? GROWTH : 0)) continue
        // Groups that are there stay: all of their rows have to come to them.
        if (parts === undefined && this.#types.length > 0 && depth < DEEPEST) {
          parts = new Partitions(this.#shape.rows, depth, this.#run)
          floor = account.bytes
        } else account.checkLast(floor)
      }
      yield* this.#taken(taken, firsts)
    } finally {
      account.close()
    }
    return parts
  }

  *#taken(taken: Aggregation, firsts: readonly number[]): Generator<ColumnBatch> {
    const { batchSize } = this.#run
    const keyed = this.#types.length > 0
    for (let start = 0; start < taken.size; start += batchSize) {
      const end = Math.min(taken.size, start + batchSize)
      const numbers = keyed ? Float64Array.from(firsts.slice(start, end)) : new Float64Array(1)
      const columns: Vector[] = [...taken.columns(start, end), new RealVector(numbers)]
      yield new ColumnBatch(this.#shape.groups, columns, end - start)
    }
  }

  async *#spilled(parts: Partitions, depth: number): AsyncGenerator<ColumnBatch> {
    await parts.finish()
    const done: SpilledRows[] = []
    for (const part of parts.parts) {
      if (part.rowCount === 0) continue
      const groups = new SpilledRows(this.#shape.groups, this.#run)
      for await (const batch of this.of(this.#inputsOf(part), depth + 1)) await groups.add(batch)
      await groups.finish()
      await part.remove()
      done.push(groups)
    }
    const column = this.#plan.schema.length
    yield* mergeRuns(done, [{ column, direction: 'asc', nulls: 'first' }], this.#run)
  }

  async *#inputsOf(part: SpilledRows): AsyncGenerator<NumberedInput> {
    for await (const batch of part.batches()) {
      await this.#run.pause(batch.rowCount)
      yield this.#shape.input(batch)
    }
  }
}

/** Adds the number of the first row of each group that the rows are the first of. */
function noteFirsts(input: NumberedInput, groupOf: Uint32Array, firsts: number[]): void {
  const { rows } = input
  for (let at = 0; at < rows.length; at++) {
    if (groupOf[rows[at]!] === firsts.length) firsts.push(input.numberAt(at))
  }
}
