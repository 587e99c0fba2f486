import type { ScalarValue, Vector } from '../../../tables/vector.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { QueryError } from '../query-error.ts'
import { GroupIndex, roomyBigInt64, roomyFloat64, roomyUint32 } from './shared-buffers.ts'
import { realsOf } from './shared-reals.ts'

/** The types whose percentiles can be taken. */
export const PERCENTILE_TYPES = [
  'int',
  'long',
  'real',
  'decimal',
  'datetime',
  'timespan',
] as const satisfies readonly ScalarType[]

export type PercentileType = (typeof PERCENTILE_TYPES)[number]

/** The type of a percentile of values of the type: of ints a long, of decimals a real. */
export function percentileResultType(type: PercentileType): ScalarType {
  if (type === 'int') return 'long'
  return type === 'decimal' ? 'real' : type
}

/** All values with their groups and weights, in the order in which they came. */
class ValueLog {
  readonly #type: PercentileType
  #size = 0
  #groups: Uint32Array = new Uint32Array(64)
  /** Values of int, real and decimal. */
  #reals: Float64Array = new Float64Array(0)
  /** Values of long and times. */
  #longs: BigInt64Array = new BigInt64Array(0)
  /** Empty where values have no weights. */
  #weights: Float64Array = new Float64Array(0)
  #index: GroupIndex | undefined

  constructor(type: PercentileType) {
    this.#type = type
  }

  /** Bytes in memory, with those of the index to come. */
  get bytes(): number {
    const values = this.#reals.byteLength + this.#longs.byteLength
    return values + this.#weights.byteLength + this.#groups.byteLength * 2
  }

  add(vector: Vector, weights: Vector | undefined, groupOf: Uint32Array, rows: Uint32Array): void {
    const from = this.#size
    this.#index = undefined
    this.#size = from + rows.length
    this.#groups = roomyUint32(this.#groups, this.#size)
    for (let k = 0; k < rows.length; k++) this.#groups[from + k] = groupOf[rows[k]!]!
    switch (vector.type) {
      case 'long':
      case 'datetime':
      case 'timespan':
        this.#longs = roomyBigInt64(this.#longs, this.#size)
        for (let k = 0; k < rows.length; k++) this.#longs[from + k] = vector.values[rows[k]!]!
        break
      default: {
        const reals = realsOf(vector, rows)
        this.#reals = roomyFloat64(this.#reals, this.#size)
        for (let k = 0; k < rows.length; k++) this.#reals[from + k] = reals[rows[k]!]!
      }
    }
    if (weights === undefined) return
    const values = realsOf(weights, rows)
    this.#weights = roomyFloat64(this.#weights, this.#size)
    for (let k = 0; k < rows.length; k++) this.#weights[from + k] = values[rows[k]!]!
  }

  addAll(other: ValueLog, into: Uint32Array): void {
    const from = this.#size
    this.#index = undefined
    this.#size = from + other.#size
    this.#groups = roomyUint32(this.#groups, this.#size)
    for (let k = 0; k < other.#size; k++) this.#groups[from + k] = into[other.#groups[k]!]!
    const append = { real: other.#reals.length > 0, long: other.#longs.length > 0 }
    if (append.real) {
      this.#reals = roomyFloat64(this.#reals, this.#size)
      this.#reals.set(other.#reals.subarray(0, other.#size), from)
    }
    if (append.long) {
      this.#longs = roomyBigInt64(this.#longs, this.#size)
      this.#longs.set(other.#longs.subarray(0, other.#size), from)
    }
    if (other.#weights.length > 0) {
      this.#weights = roomyFloat64(this.#weights, this.#size)
      this.#weights.set(other.#weights.subarray(0, other.#size), from)
    }
  }

  /** The values of a group in ascending order, NaN last, with their weights; of 1 without. */
  ascending(group: number): { values: Float64Array | BigInt64Array; weights?: Float64Array } {
    this.#index ??= new GroupIndex(this.#groups, this.#size)
    const positions = this.#index.positions(group)
    const source = this.#isLong ? this.#longs : this.#reals
    if (this.#weights.length === 0) return { values: pick(source, positions).sort() }
    const order = positions
      .filter(position => this.#weights[position]! > 0)
      .sort((a, b) => compare(source[a]!, source[b]!))
    return { values: pick(source, order), weights: pick(this.#weights, order) as Float64Array }
  }

  get #isLong(): boolean {
    return this.#type === 'long' || this.#type === 'datetime' || this.#type === 'timespan'
  }
}

function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

function pick(
  source: Float64Array | BigInt64Array,
  positions: Uint32Array,
): Float64Array | BigInt64Array {
  if (source instanceof Float64Array) {
    const picked = new Float64Array(positions.length)
    for (let k = 0; k < positions.length; k++) picked[k] = source[positions[k]!]!
    return picked
  }
  const picked = new BigInt64Array(positions.length)
  for (let k = 0; k < positions.length; k++) picked[k] = source[positions[k]!]!
  return picked
}

/** The values of all groups, and the percentiles that are asked for. */
export interface PercentileState {
  readonly type: PercentileType
  readonly log: ValueLog
  /** NaN where one is not constant. */
  readonly percentiles: readonly number[]
}

export function percentileState(
  type: PercentileType,
  percentiles: readonly number[],
): PercentileState {
  return { type, log: new ValueLog(type), percentiles }
}

/**
 * The percentiles of a group by nearest rank, in the type of {@link percentileResultType}; undefined
 * of nothing.
 */
export function percentilesOf(state: PercentileState, group: number): ScalarValue[] | undefined {
  const { values, weights } = state.log.ascending(group)
  if (values.length === 0) return undefined
  return state.percentiles.map(percentile => {
    if (Number.isNaN(percentile)) throw new QueryError('KS120', 'The percentile must be constant.')
    const value =
      weights === undefined
        ? nearestRank<number | bigint>(values, percentile)
        : values[firstReaching(weights, percentile)]!
    return state.type === 'int' ? BigInt(value) : value
  })
}

/** How much of a total a percentile reaches: 99.9 % of 1000 is 999, whatever the binary form of 99.9. */
function reachOf(percentile: number, total: number): number {
  return (percentile * total) / 100 - total * 1e-12
}

/** The percentile of values in ascending order, of which there is one, by nearest rank. */
export function nearestRank<T>(values: ArrayLike<T>, percentile: number): T {
  const rank = Math.ceil(reachOf(percentile, values.length)) - 1
  return values[Math.min(Math.max(rank, 0), values.length - 1)]!
}

/** The first position up to which the weights sum to the percentile of all. */
function firstReaching(weights: Float64Array, percentile: number): number {
  const reach = reachOf(
    percentile,
    weights.reduce((sum, weight) => sum + weight, 0),
  )
  let sum = 0
  for (let k = 0; k < weights.length; k++) {
    sum += weights[k]!
    if (sum >= reach) return k
  }
  return weights.length - 1
}
