import type { ScalarValue } from '../../tables/vector.ts'
import { convertScalar } from '../../types/convert.ts'
import { type Dynamic, DynamicScalar, dynamicKey } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

const encoder = new TextEncoder()

/**
 * The bytes that are hashed for a value: UTF-8 for text, guids and decimals, eight bytes for numbers
 * and times, measured for text and, by xxHash64, for a datetime. Others likewise.
 */
export function hashedBytes(value: ScalarValue, type: ScalarType): Uint8Array {
  if (type === 'bool') return Uint8Array.of(value === true ? 1 : 0)
  if (type === 'string' || type === 'guid' || type === 'decimal') {
    return encoder.encode(String(convertScalar(value, type, 'string')))
  }
  const view = new DataView(new ArrayBuffer(8))
  if (type === 'real') view.setFloat64(0, value as number, true)
  else view.setBigInt64(0, BigInt(value as bigint | number), true)
  return new Uint8Array(view.buffer)
}

/** The bytes that are hashed for a value inside a dynamic: those of a column of its type. */
export function dynamicBytes(value: Dynamic): Uint8Array {
  if (typeof value === 'string') return encoder.encode(value)
  if (typeof value === 'bigint' || Number.isInteger(value)) {
    return hashedBytes(value as bigint | number, 'long')
  }
  if (value instanceof DynamicScalar) {
    return typeof value.value === 'bigint'
      ? hashedBytes(value.value, 'datetime')
      : encoder.encode(value.value)
  }
  return encoder.encode(dynamicKey(value))
}
