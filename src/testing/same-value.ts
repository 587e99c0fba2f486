import type { ScalarValue } from '../tables/vector.ts'
import { isDecimal } from '../types/decimal.ts'
import { type Dynamic, DynamicScalar, isArray, isBag, WholeReal } from '../types/dynamic.ts'
import { dynamicToJs } from '../types/dynamic-json.ts'

/**
 * Whether a value is what is expected; the slots of a bag may stand in any order. Of what dynamics hold and
 * JSON does not, such as a datetime, the text is expected that results give.
 */
export function isSameValue(a: ScalarValue, b: ScalarValue): boolean {
  if (Object.is(a, b)) return true
  if (typeof a === 'string' && isTold(b)) return a === dynamicToJs(b)
  if (isDecimal(a)) return isDecimal(b) && a.equals(b)
  // -0 is 0; numbers of a dynamic are the same where their values are, 1 and 1.0 too.
  const left = a instanceof WholeReal ? a.value : a
  const right = b instanceof WholeReal ? b.value : b
  if (typeof left !== 'object' || typeof right !== 'object') {
    return left === right || Object.is(left, right)
  }
  if (left === null || right === null) return false
  return isSameTree(left as Dynamic, right as Dynamic)
}

function isTold(value: ScalarValue): value is DynamicScalar | WholeReal {
  return value instanceof DynamicScalar || value instanceof WholeReal
}

function isSameTree(a: Dynamic, b: Dynamic): boolean {
  if (isArray(a)) {
    if (!isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => isSameValue(item, b[index] as Dynamic))
  }
  if (isBag(a)) {
    if (!isBag(b) || a.size !== b.size) return false
    return [...a].every(
      ([name, value]) => b.has(name) && isSameValue(value, b.get(name) as Dynamic),
    )
  }
  return (
    a instanceof DynamicScalar &&
    b instanceof DynamicScalar &&
    a.type === b.type &&
    a.value === b.value
  )
}
