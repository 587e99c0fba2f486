import type {
  DecimalVector,
  DynamicVector,
  IntVector,
  RealVector,
  TextVector,
  Vector,
} from '../../tables/vector.ts'
import { compareStrings } from '../../types/collation.ts'
import { compareDynamic } from '../../types/dynamic.ts'

/** A vector that rows are ordered by. */
export interface OrderKey {
  readonly vector: Vector
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

type Compare = (a: number, b: number) => number

/** The order of two rows by one vector: nulls as said, whatever the direction. */
function compareBy({ vector, direction, nulls }: OrderKey): Compare {
  const sign = direction === 'asc' ? 1 : -1
  const values = compareValues(vector)
  const nullFirst = nulls === 'first' ? -1 : 1
  return (a, b) => {
    const nullA = vector.isNull(a)
    const nullB = vector.isNull(b)
    if (nullA || nullB) return nullA && nullB ? 0 : nullA ? nullFirst : -nullFirst
    return sign * values(a, b)
  }
}

/** The ascending order of values that are not null: strings by code point, NaN before numbers. */
function compareValues(vector: Vector): Compare {
  switch (vector.type) {
    case 'string':
    case 'guid': {
      const { dict, codes } = vector
      return (a, b) => compareStrings(dict[codes[a]!]!, dict[codes[b]!]!)
    }
    case 'decimal':
      return (a, b) => vector.values[a]!.comparedTo(vector.values[b]!)
    case 'dynamic': {
      const cells = vector as DynamicVector
      return (a, b) => compareDynamic(cells.at(a), cells.at(b))
    }
    case 'real': {
      const { values } = vector
      return (a, b) => compareReals(values[a]!, values[b]!)
    }
    default: {
      const values = vector.values as BigInt64Array
      return (a, b) => (values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : 0)
    }
  }
}

/** The comparison of rows by the keys, and by position where all are equal. */
export function compareRows(keys: readonly OrderKey[]): Compare {
  const compares = keys.map(compareBy)
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b)
      if (order !== 0) return order
    }
    return a - b
  }
}

/** The rows in the order of the keys; equal ones stay in the order of their positions. */
export function orderRows(keys: readonly OrderKey[], rows: Uint32Array): Uint32Array {
  return Uint32Array.from(rows).sort(compareRows(keys))
}

/** How values of two vectors of one type are ordered. */
export type AcrossKey = Omit<OrderKey, 'vector'>

type AcrossCompare = (x: Vector, a: number, y: Vector, b: number) => number

/** The order of rows of two vectors, as {@link compareRows} has it for rows of one. */
export function compareAcross({ direction, nulls }: AcrossKey): AcrossCompare {
  const sign = direction === 'asc' ? 1 : -1
  const nullFirst = nulls === 'first' ? -1 : 1
  return (x, a, y, b) => {
    const nullA = x.isNull(a)
    const nullB = y.isNull(b)
    if (nullA || nullB) return nullA && nullB ? 0 : nullA ? nullFirst : -nullFirst
    return sign * compareTwo(x, a, y, b)
  }
}

function compareTwo(x: Vector, a: number, y: Vector, b: number): number {
  switch (x.type) {
    case 'string':
    case 'guid':
      return compareStrings(x.at(a), (y as TextVector).at(b))
    case 'decimal':
      return x.values[a]!.comparedTo((y as DecimalVector).values[b]!)
    case 'dynamic':
      return compareDynamic(x.at(a), (y as DynamicVector).at(b))
    case 'real':
      return compareReals(x.values[a]!, (y as RealVector).values[b]!)
    default:
      return ordered<number | bigint>(x.values[a]!, (y as IntVector).values[b]!)
  }
}

function ordered<T>(x: T, y: T): number {
  return x < y ? -1 : x > y ? 1 : 0
}

function compareReals(x: number, y: number): number {
  if (x < y) return -1
  if (x > y) return 1
  if (x === y) return 0
  return Number.isNaN(x) ? (Number.isNaN(y) ? 0 : -1) : 1
}
