import { copyInto } from '../../../tables/batch.ts'
import type { BoolVector, Vector } from '../../../tables/vector.ts'
import { identityRows, valueAt } from '../../../tables/vector.ts'
import { store } from '../../../tables/vector-builder.ts'
import { convertScalar } from '../../../types/convert.ts'

/** Whether the numbering starts anew at the row; null counts as false. */
export function restartsAt(restart: BoolVector | undefined, row: number): boolean {
  return restart !== undefined && restart.values[row] === 1 && !restart.isNull(row)
}

/** Whether the values of a row and of the one before it are the same; null is the same as null. */
export function sameAsBefore(vector: Vector, row: number): boolean {
  const before = row - 1
  if (vector.isNull(row) || vector.isNull(before)) {
    return vector.isNull(row) && vector.isNull(before)
  }
  switch (vector.type) {
    case 'string':
    case 'guid':
      return vector.at(row) === vector.at(before)
    case 'decimal':
      return vector.values[row]!.eq(vector.values[before]!)
    case 'dynamic':
      return false
    default:
      return vector.values[row] === vector.values[before]
  }
}

/**
 * Writes into each row the value that stands `distance` rows before it, behind it where negative, or
 * the row's fallback where there is none; null without a fallback.
 */
export function shiftRows(
  values: Vector,
  distance: number,
  fallback: Vector | undefined,
  out: Vector,
  length: number,
): void {
  const size = Math.min(Math.abs(distance), length)
  const rows = identityRows(length)
  if (distance >= 0) {
    copyInto(out, size, values, rows.subarray(0, length - size))
    for (let row = 0; row < size; row++) storeFallback(fallback, out, row)
  } else {
    copyInto(out, 0, values, rows.subarray(size))
    for (let row = length - size; row < length; row++) storeFallback(fallback, out, row)
  }
}

/** {@link shiftRows} by a distance of each row's own: null where the distance is null. */
export function shiftRowsBy(
  values: Vector,
  distanceAt: (row: number) => number | null,
  fallback: Vector | undefined,
  out: Vector,
  length: number,
): void {
  for (let row = 0; row < length; row++) {
    const distance = distanceAt(row)
    const source = distance === null ? undefined : row - distance
    if (source === undefined) store(out, row, null)
    else if (source >= 0 && source < length) store(out, row, valueAt(values, source))
    else storeFallback(fallback, out, row)
  }
}

function storeFallback(fallback: Vector | undefined, out: Vector, row: number): void {
  const value = fallback === undefined ? null : valueAt(fallback, row)
  if (fallback === undefined || value === null) store(out, row, null)
  else store(out, row, convertScalar(value, fallback.type, out.type))
}
