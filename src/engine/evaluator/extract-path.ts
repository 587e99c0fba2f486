import { followPath } from '../../tables/dynamic-path.ts'
import type { PathStep } from '../../tables/source.ts'
import { DynamicVector } from '../../tables/vector.ts'

/** The values at the path inside those of `source`, for the rows of `selection`. */
export function extractPath(
  source: DynamicVector,
  steps: readonly PathStep[],
  selection: Uint32Array,
): DynamicVector {
  const out = new DynamicVector(new Array(source.length).fill(null))
  for (let k = 0; k < selection.length; k++) {
    const row = selection[k]!
    const value = followPath(source.at(row), steps)
    if (value === null) out.setNull(row)
    else out.values[row] = value
  }
  return out
}
