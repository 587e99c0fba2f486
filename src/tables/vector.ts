import type { Decimal } from '../types/decimal.ts'
import type { Dynamic } from '../types/dynamic.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import { RawJson } from './raw-json.ts'

/** A dynamic as a vector holds it: a tree, or JSON text not parsed yet. */
export type DynamicCell = Dynamic | RawJson

/** One byte a row, 1 where the value is null; undefined when no row is null. */
export type Nulls = Uint8Array | undefined

let identity = new Uint32Array(1024)
for (let i = 0; i < identity.length; i++) identity[i] = i

/** The row numbers 0, 1, …, length - 1: a view that callers must not write to. */
export function identityRows(length: number): Uint32Array {
  if (length > identity.length) {
    identity = new Uint32Array(Math.max(length, identity.length * 2))
    for (let i = 0; i < identity.length; i++) identity[i] = i
  }
  return identity.subarray(0, length)
}

abstract class BaseVector {
  nulls: Nulls
  abstract readonly length: number

  constructor(nulls?: Nulls) {
    this.nulls = nulls
  }

  isNull(row: number): boolean {
    return this.nulls !== undefined && this.nulls[row] === 1
  }

  setNull(row: number): void {
    this.nulls ??= new Uint8Array(this.length)
    this.nulls[row] = 1
  }
}

abstract class ValuesVector<V extends { readonly length: number }> extends BaseVector {
  readonly values: V

  constructor(values: V, nulls?: Nulls) {
    super(nulls)
    this.values = values
  }

  get length(): number {
    return this.values.length
  }
}

/** bool: 0 or 1. */
export class BoolVector extends ValuesVector<Uint8Array> {
  readonly type = 'bool'
}

/** The rows of `selection` for which a predicate is true; null is not. */
export function trueRows({ values, nulls }: BoolVector, selection: Uint32Array): Uint32Array {
  const kept = new Uint32Array(selection.length)
  let count = 0
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    if (values[row] === 1 && (nulls === undefined || nulls[row] === 0)) kept[count++] = row
  }
  return kept.subarray(0, count)
}

/** int: 32 bits, signed. */
export class IntVector extends ValuesVector<Int32Array> {
  readonly type = 'int'
}

/**
 * long, and datetime (100-ns ticks since 0001-01-01) and timespan (ticks): 64 bits, signed. `halves`
 * views the same values as pairs of 32-bit words, low word first, so that hashing, equality and
 * conversion need no BigInt.
 */
export class Int64Vector<
  T extends 'long' | 'datetime' | 'timespan' = 'long' | 'datetime' | 'timespan',
> extends ValuesVector<BigInt64Array> {
  readonly type: T
  #halves: Int32Array | undefined
  /** The rows of the least and the greatest value, where they were asked for. */
  #range: { readonly least: number; readonly greatest: number } | undefined

  constructor(type: T, values: BigInt64Array, nulls?: Nulls) {
    super(values, nulls)
    this.type = type
  }

  /** The least and the greatest value of all rows; undefined where there are none. */
  get range(): { readonly least: bigint; readonly greatest: bigint } | undefined {
    if (this.length === 0) return undefined
    this.#range ??= rangeOf(this.halves)
    return { least: this.values[this.#range.least]!, greatest: this.values[this.#range.greatest]! }
  }

  get halves(): Int32Array {
    this.#halves ??= new Int32Array(
      this.values.buffer,
      this.values.byteOffset,
      this.values.length * 2,
    )
    return this.#halves
  }
}

function rangeOf(halves: Int32Array): { least: number; greatest: number } {
  let least = 0
  let greatest = 0
  let [leastLow, leastHigh] = [halves[0]! >>> 0, halves[1]!]
  let [greatestLow, greatestHigh] = [leastLow, leastHigh]
  for (let at = 2; at < halves.length; at += 2) {
    const low = halves[at]! >>> 0
    const high = halves[at + 1]!
    if (high < leastHigh || (high === leastHigh && low < leastLow)) {
      least = at >> 1
      leastLow = low
      leastHigh = high
    } else if (high > greatestHigh || (high === greatestHigh && low > greatestLow)) {
      greatest = at >> 1
      greatestLow = low
      greatestHigh = high
    }
  }
  return { least, greatest }
}

/** real: 64-bit floating point; NaN is a value, not null. */
export class RealVector extends ValuesVector<Float64Array> {
  readonly type = 'real'
}

/** decimal; the entry of a null row is arbitrary. */
export class DecimalVector extends ValuesVector<Decimal[]> {
  readonly type = 'decimal'
}

/**
 * dynamic: a tree or text not parsed yet. A row is null exactly where its cell is `null`. Where all
 * rows are strings or null, as most of what is at a path in a record, they may be a text vector.
 */
export class DynamicVector extends BaseVector {
  readonly type = 'dynamic'
  readonly length: number
  #values: DynamicCell[] | undefined
  #texts: TextVector<'string'> | undefined

  /** `values`: the cells, or strings, which are empty where a row is null. */
  constructor(values: DynamicCell[] | TextVector<'string'>, nulls?: Nulls) {
    super(nulls)
    this.length = values.length
    if (values instanceof TextVector) this.#texts = values
    else this.#values = values
  }

  /** The rows as strings, where it was made of them: each of them is a string, or null (''). */
  get texts(): TextVector<'string'> | undefined {
    return this.#texts
  }

  /** The cells. Only those of a vector that was made of cells may be written to. */
  get values(): DynamicCell[] {
    this.#values ??= Array.from({ length: this.length }, (_, row) => this.cellAt(row))
    return this.#values
  }

  /** The value of a row as a tree; `null` for null. */
  at(row: number): Dynamic {
    const cell = this.cellAt(row)
    return cell instanceof RawJson ? cell.value : cell
  }

  /** The cell of a row. */
  cellAt(row: number): DynamicCell {
    if (this.#values !== undefined) return this.#values[row] as DynamicCell
    return this.isNull(row) ? null : (this.#texts?.at(row) ?? null)
  }

  override setNull(row: number): void {
    super.setNull(row)
    this.values[row] = null
    this.#texts = undefined
  }
}

/**
 * string or guid: row `r` holds `dict[codes[r]]`. With `dictionary`, the entries of `dict` are
 * distinct and it may be shared with, and grow by, other batches of the column: what is computed of
 * an entry can be kept. Without, `codes` counts up and `dict` has an entry a row.
 * A string is never null; a guid may be.
 */
export class TextVector<T extends 'string' | 'guid' = 'string' | 'guid'> extends BaseVector {
  readonly type: T
  readonly codes: Uint32Array
  readonly dict: string[]
  readonly dictionary: boolean

  constructor(type: T, codes: Uint32Array, dict: string[], dictionary: boolean, nulls?: Nulls) {
    super(nulls)
    this.type = type
    this.codes = codes
    this.dict = dict
    this.dictionary = dictionary
  }

  /** A vector with an entry of its own for each row. */
  static plain<T extends 'string' | 'guid'>(
    type: T,
    values: string[],
    nulls?: Nulls,
  ): TextVector<T> {
    return new TextVector(type, identityRows(values.length), values, false, nulls)
  }

  get length(): number {
    return this.codes.length
  }

  /** The text of a row; of a null guid, arbitrary. */
  at(row: number): string {
    return this.dict[this.codes[row] as number] as string
  }

  override setNull(row: number): void {
    if (this.type === 'guid') super.setNull(row)
  }
}

/** The vector class of each scalar type. */
export interface VectorTypes {
  bool: BoolVector
  int: IntVector
  long: Int64Vector<'long'>
  real: RealVector
  decimal: DecimalVector
  datetime: Int64Vector<'datetime'>
  timespan: Int64Vector<'timespan'>
  string: TextVector<'string'>
  guid: TextVector<'guid'>
  dynamic: DynamicVector
}

export type VectorOf<T extends ScalarType> = VectorTypes[T]
export type Vector = VectorTypes[ScalarType]

/** The JavaScript value of a scalar that is not null, by type. */
export interface ScalarValues {
  bool: boolean
  int: number
  long: bigint
  real: number
  decimal: Decimal
  datetime: bigint
  timespan: bigint
  string: string
  guid: string
  dynamic: Dynamic
}

export type ScalarValueOf<T extends ScalarType> = ScalarValues[T]
/** A scalar as one JavaScript value; null is the null of any type. */
export type ScalarValue = ScalarValues[ScalarType] | null

/** The value of a row as one JavaScript value, null where it is null. For edges and cold paths. */
export function valueAt(vector: Vector, row: number): ScalarValue {
  if (vector.isNull(row)) return null
  switch (vector.type) {
    case 'bool':
      return vector.values[row] === 1
    case 'string':
    case 'guid':
    case 'dynamic':
      return vector.at(row)
    default:
      return vector.values[row] as ScalarValue
  }
}
