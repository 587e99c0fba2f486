import type { ColumnBatch } from '../../tables/batch.ts'
import { type ScalarValue, type Vector, valueAt } from '../../tables/vector.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { dynamicKey } from '../../types/dynamic.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/** The most rows that are compared, and the longest text whose edits are counted. */
const MAX_COMPARED = 10_000
const MAX_LENGTH = 128
/** A text that differs in its case alone is nearer than any that differs in its letters. */
const CASE_DISTANCE = 0.001

/**
 * The position of the row of the other side whose key is nearest: the one with the most equal parts, then
 * with the least distance in the others, then the first. undefined where there is no row.
 */
export function nearestKey(
  key: readonly ScalarValue[],
  types: readonly ScalarType[],
  others: readonly Vector[],
  batch: ColumnBatch,
): number | undefined {
  let best: { readonly row: number; readonly distance: number } | undefined
  const count = Math.min(batch.length, MAX_COMPARED)
  const known = new Set<string>()
  for (let row = 0; row < count; row++) {
    const values = others.map(vector => valueAt(vector, row))
    const text = values.map(value => String(value)).join('\0')
    if (known.has(text)) continue
    known.add(text)
    const distances = values.map((value, index) =>
      distanceOf(types[index] as ScalarType, key[index] ?? null, value),
    )
    // A part that differs weighs more than any distance.
    const distance = distances.reduce((sum, each) => sum + (each === 0 ? 0 : 1 + each), 0)
    if (best !== undefined && distance >= best.distance) continue
    best = { row, distance }
  }
  return best?.row
}

/** 0 where equal, up to 1 where nothing is alike. */
function distanceOf(type: ScalarType, a: ScalarValue, b: ScalarValue): number {
  if (a === null || b === null) return a === b ? 0 : 1
  if (type === 'string' || type === 'guid') return textDistance(String(a), String(b))
  if (type === 'dynamic') return dynamicKey(a as Dynamic) === dynamicKey(b as Dynamic) ? 0 : 1
  if (a === b) return 0
  const [x, y] = [Number(a), Number(b)]
  const difference = Math.abs(x - y)
  if (!Number.isFinite(difference)) return 1
  return difference === 0 ? Number.EPSILON : difference / (difference + Math.abs(x) + Math.abs(y))
}

function textDistance(a: string, b: string): number {
  if (a === b) return 0
  const [x, y] = [a.trim().toLowerCase(), b.trim().toLowerCase()]
  if (x === y) return CASE_DISTANCE
  const longest = Math.max(x.length, y.length)
  if (longest > MAX_LENGTH) return 1
  return Math.max(2 * CASE_DISTANCE, edits(x, y) / longest)
}

/** How many characters have to be put in, left out or changed to make one text of the other. */
function edits(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const change = (before[j] as number) + (a[i] === b[j] ? 0 : 1)
      next.push(Math.min(change, (before[j + 1] as number) + 1, (next[j] as number) + 1))
    }
    before = next
  }
  return before[b.length] as number
}
