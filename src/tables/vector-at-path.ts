import { followPath } from './dynamic-path.ts'
import type { PathStep } from './source.ts'
import { DynamicVector, type Vector } from './vector.ts'
import { nullVector, vectorOf } from './vector-builder.ts'

/** What is at a path in the values of a column, of which other types than dynamic have nothing. */
export function vectorAtPath(vector: Vector, path: readonly PathStep[]): Vector {
  if (!(vector instanceof DynamicVector)) return nullVector('dynamic', vector.length)
  const values = Array.from({ length: vector.length }, (_, row) => followPath(vector.at(row), path))
  return vectorOf('dynamic', values)
}
