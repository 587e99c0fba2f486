import type { Vector } from '../../../tables/vector.ts'
import { InternalError } from '../../../text/internal-error.ts'

/** The rows for which the condition is true, and the others; null is not true. */
export function takeTrue(
  condition: Vector,
  rows: Uint32Array,
): readonly [taken: Uint32Array, left: Uint32Array] {
  if (condition.type !== 'bool') throw new InternalError(`a predicate of type ${condition.type}`)
  const { values, nulls } = condition
  const taken = new Uint32Array(rows.length)
  const left = new Uint32Array(rows.length)
  let takenCount = 0
  let leftCount = 0
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k]!
    if (values[row] === 1 && (nulls === undefined || nulls[row] === 0)) taken[takenCount++] = row
    else left[leftCount++] = row
  }
  return [taken.subarray(0, takenCount), left.subarray(0, leftCount)]
}
