import type { ScalarValue, Vector } from '../../tables/vector.ts'
import {
  BoolVector,
  DecimalVector,
  DynamicVector,
  Int64Vector,
  IntVector,
  RealVector,
  TextVector,
} from '../../tables/vector.ts'
import { allocate, store } from '../../tables/vector-builder.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/** A vector that has the value in every row. */
export function constantVector(type: ScalarType, value: ScalarValue, length: number): Vector {
  if (type === 'string' || (type === 'guid' && value !== null)) {
    const codes = new Uint32Array(length)
    return new TextVector(type, codes, [(value as string | null) ?? ''], true) as Vector
  }
  if (value === null) {
    const out = allocate(type, length)
    out.nulls = new Uint8Array(length).fill(1)
    return out
  }
  const out = allocate(type, 1)
  store(out, 0, value)
  switch (out.type) {
    case 'bool':
      return new BoolVector(new Uint8Array(length).fill(out.values[0]!))
    case 'int':
      return new IntVector(new Int32Array(length).fill(out.values[0]!))
    case 'real':
      return new RealVector(new Float64Array(length).fill(out.values[0]!))
    case 'decimal':
      return new DecimalVector(new Array(length).fill(out.values[0]))
    case 'dynamic':
      return new DynamicVector(new Array(length).fill(out.values[0]))
    case 'long':
    case 'datetime':
    case 'timespan':
      return new Int64Vector(out.type, new BigInt64Array(length).fill(out.values[0]!)) as Vector
    default:
      return out
  }
}

/** Gives constant vectors of one value for any length, and keeps the longest. */
export class ConstantSource {
  readonly #type: ScalarType
  readonly #value: ScalarValue
  #vector: Vector | undefined

  constructor(type: ScalarType, value: ScalarValue) {
    this.#type = type
    this.#value = value
  }

  /** A vector of at least `length` rows. Not to be written to. */
  ofLength(length: number): Vector {
    if (this.#vector === undefined || this.#vector.length < length) {
      this.#vector = constantVector(this.#type, this.#value, length)
    }
    return this.#vector
  }
}
