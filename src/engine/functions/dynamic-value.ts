import type { ScalarValue, Vector } from '../../tables/vector.ts'
import { conversion } from '../../types/convert.ts'
import { formatDecimal } from '../../types/decimal.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { DynamicScalar, dynamicLong, dynamicReal } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/**
 * The function from a value of the type to the dynamic that holds it, null for null: what
 * `pack_array` does. Unlike `todynamic`, it leaves a string a string.
 */
export function packer(type: ScalarType): (value: ScalarValue) => Dynamic {
  if (type === 'string') return value => value as Dynamic
  const convert = conversion(type, 'dynamic') as (value: ScalarValue) => Dynamic
  return value => (value === null ? null : convert(value))
}

/** The value of a row as a dynamic that holds it; null where it is null. */
export function dynamicAt(vector: Vector, row: number): Dynamic {
  switch (vector.type) {
    case 'string':
    case 'dynamic':
      return vector.at(row)
    default:
      if (vector.isNull(row)) return null
  }
  switch (vector.type) {
    case 'bool':
      return vector.values[row] === 1
    case 'int':
      return vector.values[row]!
    case 'long':
      return dynamicLong(vector.values[row]!)
    case 'real':
      return dynamicReal(vector.values[row]!)
    case 'decimal':
      return new DynamicScalar('decimal', formatDecimal(vector.values[row]!))
    case 'guid':
      return new DynamicScalar('guid', vector.at(row))
    default:
      return new DynamicScalar(vector.type, vector.values[row]!)
  }
}
