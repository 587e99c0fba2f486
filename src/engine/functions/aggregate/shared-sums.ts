import type { DecimalVector, Int64Vector, IntVector, RealVector } from '../../../tables/vector.ts'
import { addDecimal, type Decimal } from '../../../types/decimal.ts'

const TWO_32 = 4_294_967_296
const TWO_52 = 4_503_599_627_370_496

/** Sums of ints: exact in `part` below 2^52, the rest in `total`. */
export interface IntSum {
  count: Uint32Array
  part: Float64Array
  total: BigInt64Array
}

export function intSum(groups: number): IntSum {
  return {
    count: new Uint32Array(groups),
    part: new Float64Array(groups),
    total: new BigInt64Array(groups),
  }
}

export function addInts(
  state: IntSum,
  vector: IntVector,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, part, total } = state
  const { values } = vector
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    count[g]!++
    const sum = part[g]! + values[row]!
    part[g] = sum
    if (sum >= TWO_52 || sum <= -TWO_52) {
      total[g]! += BigInt(sum)
      part[g] = 0
    }
  }
}

export function mergeInts(a: IntSum, b: IntSum, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const target = into[g]!
    a.count[target]! += b.count[g]!
    a.total[target]! += intTotal(b, g)
  }
}

/** The sum of the group's ints, wrapped to 64 bits. */
export function intTotal(state: IntSum, group: number): bigint {
  return BigInt.asIntN(64, state.total[group]! + BigInt(state.part[group]!))
}

/** Sums of 64-bit values that wrap. */
export interface LongSum {
  count: Uint32Array
  total: BigInt64Array
}

export function longSum(groups: number): LongSum {
  return { count: new Uint32Array(groups), total: new BigInt64Array(groups) }
}

export function addLongs(
  state: LongSum,
  vector: Int64Vector,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, total } = state
  const { values } = vector
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    count[g]!++
    total[g] = BigInt.asIntN(64, total[g]! + values[row]!)
  }
}

export function mergeLongs(a: LongSum, b: LongSum, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const target = into[g]!
    a.count[target]! += b.count[g]!
    a.total[target] = BigInt.asIntN(64, a.total[target]! + b.total[g]!)
  }
}

/**
 * Sums of reals with what rounding took from them in `lost`, so that the sum does not depend on how
 * the rows were split.
 */
export interface RealSum {
  count: Uint32Array
  total: Float64Array
  lost: Float64Array
}

export function realSum(groups: number): RealSum {
  return {
    count: new Uint32Array(groups),
    total: new Float64Array(groups),
    lost: new Float64Array(groups),
  }
}

export function addReals(
  state: RealSum,
  vector: RealVector,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, total, lost } = state
  const { values } = vector
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    const value = values[row]!
    const before = total[g]!
    const sum = before + value
    const added = sum - before
    lost[g]! += before - (sum - added) + (value - added)
    total[g] = sum
    count[g]!++
  }
}

export function mergeReals(a: RealSum, b: RealSum, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const target = into[g]!
    const before = a.total[target]!
    const value = b.total[g]!
    const sum = before + value
    const added = sum - before
    a.lost[target]! += before - (sum - added) + (value - added) + b.lost[g]!
    a.total[target] = sum
    a.count[target]! += b.count[g]!
  }
}

/** The sum of the group's reals. Past the largest real, what was lost means nothing. */
export function realTotal(state: RealSum, group: number): number {
  const total = state.total[group]!
  return Number.isFinite(total) ? total + state.lost[group]! : total
}

/** Sums of decimals; null once one is out of range. */
export interface DecimalSum {
  count: Uint32Array
  total: (Decimal | null)[]
}

function plusDecimal(total: Decimal | null | undefined, value: Decimal): Decimal | null {
  if (total === undefined) return value
  return total === null ? null : addDecimal(total, value)
}

export function addDecimals(
  state: DecimalSum,
  [vector]: readonly [DecimalVector],
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, total } = state
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    count[g]!++
    total[g] = plusDecimal(total[g], vector.values[row]!)
  }
}

export function mergeDecimals(a: DecimalSum, b: DecimalSum, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const value = b.total[g]
    if (value === undefined) continue
    const target = into[g]!
    a.count[target]! += b.count[g]!
    a.total[target] = value === null ? null : plusDecimal(a.total[target], value)
  }
}

/**
 * Exact sums of ticks, which may exceed 64 bits: sixteen datetimes of today do. `low` sums the low
 * words and stays below 2^52, `high` the high words.
 */
export interface TimeSum {
  count: Uint32Array
  low: Float64Array
  high: Float64Array
}

export function timeSum(groups: number): TimeSum {
  return {
    count: new Uint32Array(groups),
    low: new Float64Array(groups),
    high: new Float64Array(groups),
  }
}

export function addTimes(
  state: TimeSum,
  vector: Int64Vector,
  groupOf: Uint32Array,
  selection: Uint32Array,
): void {
  const { count, low, high } = state
  const { halves } = vector
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const g = groupOf[row]!
    count[g]!++
    high[g]! += halves[row * 2 + 1]!
    const sum = low[g]! + (halves[row * 2]! >>> 0)
    low[g] = sum
    if (sum >= TWO_52) carry(state, g)
  }
}

function carry(state: TimeSum, group: number): void {
  const carried = Math.floor(state.low[group]! / TWO_32)
  state.high[group]! += carried
  state.low[group]! -= carried * TWO_32
}

export function mergeTimes(a: TimeSum, b: TimeSum, into: Uint32Array): void {
  for (let g = 0; g < into.length; g++) {
    const target = into[g]!
    a.count[target]! += b.count[g]!
    a.high[target]! += b.high[g]!
    a.low[target]! += b.low[g]!
    carry(a, target)
  }
}

/** The mean of the group's ticks, cut to a whole tick; null of nothing. */
export function timeMean(state: TimeSum, group: number): bigint | null {
  const count = state.count[group]!
  if (count === 0) return null
  const total = BigInt(state.high[group]!) * 4_294_967_296n + BigInt(state.low[group]!)
  return total / BigInt(count)
}
