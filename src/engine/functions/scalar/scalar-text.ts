import { type ScalarValue, type Vector, valueAt } from '../../../tables/vector.ts'
import { conversion } from '../../../types/convert.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'

/** The function from a value of the type to its text, as by `tostring()`: empty for null. */
export function toText(type: ScalarType | undefined): (value: ScalarValue) => string {
  if (type === 'string' || type === 'guid') return value => (value as string | null) ?? ''
  const convert = type === undefined ? undefined : conversion(type, 'string')
  return value => (value === null || convert === undefined ? '' : (convert(value as never) ?? ''))
}

/** Appends the text of each row of the vector to what `out` has there. */
export function appendText(out: string[], vector: Vector, selection: Uint32Array): void {
  if (vector.type === 'string') {
    const { dict, codes } = vector
    for (let k = 0; k < selection.length; k++) {
      const row = selection[k]!
      out[row]! += dict[codes[row]!]!
    }
    return
  }
  const text = toText(vector.type)
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    out[row]! += text(valueAt(vector, row))
  }
}
