import { sampledBytes, textBytes } from '../../tables/batch-size.ts'
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

/** What an object of a list takes that does not say so itself. */
const OBJECT_BYTES = 160

/**
 * Roughly how many bytes the state of all groups takes: what it says itself as `bytes`, or typed arrays,
 * lists, and the parts of it that say so.
 */
export function stateBytes(state: AccumulatorState): number {
  const parts = Object.entries(state) as readonly (readonly [string, unknown])[]
  const said = ownBytes(state)
  return parts.reduce((sum, [, part]) => {
    if (isTypedArray(part)) return sum + part.byteLength
    if (Array.isArray(part)) return said === undefined ? sum + listBytes(part) : sum
    return sum + (ownBytes(part) ?? 0)
  }, said ?? 0)
}

function ownBytes(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('bytes' in value)) return undefined
  return typeof value.bytes === 'number' ? value.bytes : undefined
}

function listBytes(list: readonly unknown[]): number {
  return sampledBytes(list.length, at => {
    const element = list[at]
    if (typeof element === 'string') return textBytes(element)
    return typeof element === 'object' && element !== null
      ? (ownBytes(element) ?? OBJECT_BYTES)
      : POINTER_BYTES
  })
}

const POINTER_BYTES = 8
