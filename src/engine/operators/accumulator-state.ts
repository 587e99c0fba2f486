import type { AccumulatorState } from '../functions/declare.ts'

type TypedArray =
  | Uint8Array
  | Int32Array
  | Uint32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView)
}

function grown(array: TypedArray, length: number): TypedArray {
  switch (true) {
    case array instanceof BigInt64Array: {
      const out = new BigInt64Array(length)
      out.set(array)
      return out
    }
    case array instanceof BigUint64Array: {
      const out = new BigUint64Array(length)
      out.set(array)
      return out
    }
    default: {
      const Type = array.constructor as new (
        length: number,
      ) => Exclude<TypedArray, BigInt64Array | BigUint64Array>
      const out = new Type(length)
      out.set(array as Float64Array)
      return out
    }
  }
}

/** Makes room for `groups` groups in every typed array of the state; the new entries are zero. */
export function growState(state: AccumulatorState, groups: number): void {
  const fields = state as Record<string, unknown>
  for (const [name, value] of Object.entries(fields)) {
    if (isTypedArray(value) && value.length < groups) fields[name] = grown(value, groups)
  }
}
