import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { vectorOf } from '../../tables/vector-builder.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { LocatedQueryError } from '../evaluator/evaluator.ts'
import type { Accumulator, AccumulatorState, Constants } from '../functions/declare.ts'
import { QueryError } from '../functions/query-error.ts'
import type { AggregateExpr, SummarizePlan } from '../plan/nodes.ts'
import { growState, stateBytes } from './accumulator-state.ts'
import { KeyIndex } from './key-index.ts'
import type { Run } from './run.ts'

const INITIAL_GROUPS = 16

/** Rows to be aggregated: the keys and, of each aggregate, the arguments, by row. */
export interface AggregateInput {
  readonly keys: readonly Vector[]
  readonly args: readonly (readonly Vector[])[]
  readonly rows: Uint32Array
  /** The length of the vectors. */
  readonly length: number
}

/** An aggregate whose states are made again and again. */
export interface PreparedAggregate {
  readonly aggregate: AggregateExpr
  readonly accumulator: Accumulator
  readonly constants: Constants
  readonly types: readonly ScalarType[]
}

/** Finds what the aggregates of a plan are computed by. */
export function prepareAggregates(
  { aggregates }: SummarizePlan,
  run: Run,
  constants: readonly Constants[],
): PreparedAggregate[] {
  return aggregates.map((aggregate, at) => {
    const accumulator = run.library.aggregate(aggregate.function)?.overloads[aggregate.overload]
    if (accumulator === undefined) throw new InternalError(`no overload of ${aggregate.function}`)
    const types = aggregate.arguments.map(({ type }) => type)
    return { aggregate, accumulator, constants: constants[at] ?? [], types }
  })
}

interface AggregateState extends PreparedAggregate {
  readonly state: AccumulatorState
  /** Whether another aggregate has the state too, and keeps it up to date. */
  readonly isShared: boolean
}

/** The groups of rows and their aggregates, in the order in which the groups appear. */
export class Aggregation {
  readonly #index: KeyIndex
  readonly #states: readonly AggregateState[]
  #capacity = INITIAL_GROUPS

  constructor(keys: readonly ScalarType[], aggregates: readonly PreparedAggregate[]) {
    this.#index = new KeyIndex(keys)
    if (keys.length === 0) this.#index.addUnit()
    const states = new Map<PreparedAggregate, AccumulatorState>()
    const keepers = keepersOf(aggregates)
    for (const keeper of keepers) {
      const { aggregate, accumulator, constants, types } = keeper
      const init = () => accumulator.init(INITIAL_GROUPS, constants, types)
      if (!states.has(keeper)) states.set(keeper, locating(aggregate, init))
    }
    this.#states = aggregates.map((prepared, at) => {
      const keeper = keepers[at]!
      return { ...prepared, state: states.get(keeper)!, isShared: keeper !== prepared }
    })
  }

  /** How many groups there are. */
  get size(): number {
    return this.#index.size
  }

  /** Bytes in memory, roughly. */
  get bytes(): number {
    const own = this.#states.filter(({ isShared }) => !isShared)
    return own.reduce((sum, { state }) => sum + stateBytes(state), this.#index.bytes)
  }

  /** Aggregates the rows; gives the group of each, by row. */
  add(input: AggregateInput): Uint32Array {
    const groupOf = new Uint32Array(input.length)
    if (input.keys.length > 0) this.#index.assign(input.keys, input.rows, groupOf)
    if (this.#index.size > this.#capacity) {
      this.#capacity = Math.max(this.#index.size, this.#capacity * 2)
      for (const { state } of this.#states) growState(state, this.#capacity)
    }
    this.#update(input, groupOf)
    return groupOf
  }

  /** Aggregates the rows whose groups are there already; gives the others. */
  addKnown(input: AggregateInput): Uint32Array {
    const groupOf = new Uint32Array(input.length)
    this.#index.find(input.keys, input.rows, groupOf)
    // No group has the number that stands for none.
    const isKnown = (row: number): boolean => groupOf[row]! < this.#index.size
    this.#update({ ...input, rows: input.rows.filter(isKnown) }, groupOf)
    return input.rows.filter(row => !isKnown(row))
  }

  /** The columns of the groups from `start` to `end`: keys, then aggregates. */
  columns(start: number, end: number): Vector[] {
    const columns = this.#index.keyVectors(start, end)
    for (const state of this.#states) columns.push(...outputVectors(state, start, end))
    return columns
  }

  #update({ args, rows }: AggregateInput, groupOf: Uint32Array): void {
    this.#states.forEach(({ aggregate, accumulator, state, isShared }, at) => {
      if (isShared) return
      const vectors = args[at] ?? []
      const selection = accumulator.nulls === 'skip' ? rowsWithoutNulls(vectors, rows) : rows
      locating(aggregate, () => accumulator.update(state, vectors, groupOf, selection))
    })
  }
}

/** Of each aggregate, the one whose state does for it too: the first of those that keep the most. */
function keepersOf(aggregates: readonly PreparedAggregate[]): PreparedAggregate[] {
  const held = aggregates.map(heldBy)
  const keepers = new Map<string, { keeper: PreparedAggregate; most: number }>()
  for (const [at, prepared] of aggregates.entries()) {
    const name = held[at]
    if (name === undefined) continue
    const most = prepared.accumulator.holds?.most(prepared.constants) ?? 0
    const known = keepers.get(name)
    if (known === undefined || most > known.most) keepers.set(name, { keeper: prepared, most })
  }
  return aggregates.map((prepared, at) => keepers.get(held[at] ?? '')?.keeper ?? prepared)
}

/** What the state of an aggregate holds, and of which columns; undefined where it is of something else. */
function heldBy({ aggregate, accumulator, types }: PreparedAggregate): string | undefined {
  const { holds, constants = [] } = accumulator
  if (holds === undefined) return undefined
  const names: string[] = []
  for (const [at, argument] of aggregate.arguments.entries()) {
    if (constants.includes(at)) continue
    if (argument.kind !== 'column') return undefined
    names.push(argument.name)
  }
  return JSON.stringify([holds.name(types), ...names])
}

/** What `compute` gives; an error about an argument of the aggregate is placed there. */
function locating<T>(aggregate: AggregateExpr, compute: () => T): T {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const at = error.argument === undefined ? undefined : aggregate.arguments[error.argument]
    throw new LocatedQueryError(error, at?.span ?? aggregate.span)
  }
}

function rowsWithoutNulls(vectors: readonly Vector[], rows: Uint32Array): Uint32Array {
  let kept = rows
  for (const { nulls } of vectors) {
    if (nulls === undefined) continue
    const next = new Uint32Array(kept.length)
    let count = 0
    for (let k = 0; k < kept.length; k++) {
      const row = kept[k]!
      if (nulls[row] === 0) next[count++] = row
    }
    kept = next.subarray(0, count)
  }
  return kept
}

function outputVectors(
  { aggregate, accumulator, constants, state }: AggregateState,
  start: number,
  end: number,
): Vector[] {
  const { outputs } = aggregate
  const values: ScalarValue[][] = outputs.map(() => [])
  for (let g = start; g < end; g++) {
    const result = locating(aggregate, () => accumulator.finish(state, g, constants))
    if (outputs.length === 1) {
      values[0]?.push(result as ScalarValue)
    } else {
      const row = result as readonly ScalarValue[]
      outputs.forEach((_, position) => {
        values[position]?.push(row[position] ?? null)
      })
    }
  }
  return outputs.map((output, position) => vectorOf(output.type, values[position] ?? []) as Vector)
}
