import { type Decimal, decimalOf } from '../types/decimal.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import type { ScalarValue, Vector, VectorOf } from './vector.ts'
import {
  BoolVector,
  DecimalVector,
  DynamicVector,
  Int64Vector,
  IntVector,
  RealVector,
  TextVector,
} from './vector.ts'

/** A vector of `length` rows to be written by a kernel: numbers 0, bools false, strings empty. */
export function allocate<T extends ScalarType>(type: T, length: number): VectorOf<T>
export function allocate(type: ScalarType, length: number): Vector {
  switch (type) {
    case 'bool':
      return new BoolVector(new Uint8Array(length))
    case 'int':
      return new IntVector(new Int32Array(length))
    case 'long':
    case 'datetime':
    case 'timespan':
      return new Int64Vector(type, new BigInt64Array(length)) as Vector
    case 'real':
      return new RealVector(new Float64Array(length))
    case 'decimal':
      return new DecimalVector(new Array<Decimal>(length).fill(decimalOf(0)))
    case 'dynamic':
      return new DynamicVector(new Array(length).fill(null))
    case 'string':
      return TextVector.plain('string', new Array<string>(length).fill(''))
    case 'guid':
      return TextVector.plain('guid', new Array<string>(length).fill(''))
  }
}

/** A vector of nulls, or of empty strings. */
export function nullVector(type: ScalarType, length: number): Vector {
  const vector: Vector = allocate(type, length)
  for (let row = 0; row < length; row++) vector.setNull(row)
  return vector
}

/** Writes one value into a vector made by {@link allocate}; null as the type has it. */
export function store(vector: Vector, row: number, value: ScalarValue): void {
  if (value === null) {
    vector.setNull(row)
    return
  }
  switch (vector.type) {
    case 'bool':
      vector.values[row] = value === true ? 1 : 0
      return
    case 'string':
    case 'guid':
      vector.dict[row] = value as string
      return
    case 'int':
    case 'real':
      vector.values[row] = value as number
      return
    case 'decimal':
      vector.values[row] = value as Decimal
      return
    case 'dynamic':
      vector.values[row] = value as never
      return
    default:
      vector.values[row] = value as bigint
  }
}

/** The vector of the values, each as {@link ScalarValue} has the type. */
export function vectorOf<T extends ScalarType>(
  type: T,
  values: readonly ScalarValue[],
): VectorOf<T> {
  const vector = allocate(type, values.length)
  for (let row = 0; row < values.length; row++) store(vector, row, values[row] as ScalarValue)
  return vector
}
