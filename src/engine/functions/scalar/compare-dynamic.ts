import type { ScalarValue } from '../../../tables/vector.ts'
import { convertScalar } from '../../../types/convert.ts'
import { decimalOf, isDecimal } from '../../../types/decimal.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { DynamicScalar, dynamicEquals, longOf, realOf } from '../../../types/dynamic.ts'
import { dynamicToText } from '../../../types/dynamic-json.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'

/** The number that a dynamic holds; undefined where it holds none. */
function numberOf(value: Dynamic): number | bigint | undefined {
  return longOf(value) ?? realOf(value)
}

/**
 * How a dynamic compares to a scalar of `type`: negative, 0, positive; NaN where they do not compare
 * or are only known to differ. Numbers go by value whatever their type; anything else is converted
 * to the type as by its `to…()` function. Neither may be null, but for a dynamic beside a string:
 * there null is the empty text, as in `tostring()`.
 */
export function compareToScalar(value: Dynamic, other: ScalarValue, type: ScalarType): number {
  if (type === 'string') return dynamicToText(value) === other ? 0 : Number.NaN
  if (type === 'dynamic') return compareTags(value, other as Dynamic)
  const number = numberOf(value)
  if (number !== undefined && (typeof other === 'number' || typeof other === 'bigint')) {
    return order(number, other)
  }
  const converted = convertScalar(value, 'dynamic', type)
  return converted === null ? Number.NaN : compareScalars(converted, other)
}

/** -1, 0 or 1 of two values of one type; NaN where they have no order. */
export function compareScalars(a: ScalarValue, b: ScalarValue): number {
  if (isDecimal(a) && isDecimal(b)) return a.cmp(b)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  return order(a as number, b as number)
}

function order(a: number | bigint | string, b: number | bigint | string): number {
  return a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN
}

function compareTags(a: Dynamic, b: Dynamic): number {
  if (dynamicEquals(a, b)) return 0
  const left = numberOf(a)
  const right = numberOf(b)
  if (left !== undefined && right !== undefined) return order(left, right)
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b)
  if (!(a instanceof DynamicScalar) || !(b instanceof DynamicScalar) || a.type !== b.type) {
    return Number.NaN
  }
  if (a.type === 'decimal') return decimalOf(String(a.value)).cmp(String(b.value))
  return order(a.value, b.value)
}
