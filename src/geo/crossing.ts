import { sign } from './sign.ts'
import {
  add,
  areAntipodal,
  cross,
  dot,
  isSame,
  length,
  normalize,
  normalOf,
  scale,
  subtract,
  type Vector3,
} from './vector.ts'

/** Whether the edges cross at a point inside both. Edges that share a vertex do not. */
export function doCross(a: Vector3, b: Vector3, c: Vector3, d: Vector3): boolean {
  const side = sign(a, c, b)
  return side !== 0 && sign(b, d, a) === side && sign(c, b, d) === side && sign(d, a, c) === side
}

/** Whether the edges OA, OB, OC are met in that order when one turns left around `o`. */
export function isOrdered(a: Vector3, b: Vector3, c: Vector3, o: Vector3): boolean {
  let count = 0
  if (sign(b, o, a) >= 0) count++
  if (sign(c, o, b) >= 0) count++
  if (sign(a, o, c) > 0) count++
  return count >= 2
}

/** A direction at the point by which each vertex is part of exactly one of the regions around it. */
export function reference(a: Vector3): Vector3 {
  const [x, y, z] = [Math.abs(a.x), Math.abs(a.y), Math.abs(a.z)]
  const largest = x > y ? (x > z ? 0 : 2) : y > z ? 1 : 2
  const other = { x: 0.012, y: 0.0053, z: 0.00457 }
  if (largest === 0) other.z = 1
  else if (largest === 1) other.x = 1
  else other.y = 1
  return normalize(cross(a, other))
}

/** Whether the angle from BA to BC, to the left of A → B → C, holds the vertex B. */
export function angleHolds(a: Vector3, b: Vector3, c: Vector3): boolean {
  return !isOrdered(reference(b), c, a, b)
}

/**
 * Whether edges cross where those that share a vertex count half the time, such that the number of
 * crossings of a path with a loop is odd exactly where the path goes from inside to outside.
 */
export function crossesOrTouches(a: Vector3, b: Vector3, c: Vector3, d: Vector3): boolean {
  if (isSame(a, c)) return isSame(b, d) || isOrdered(reference(a), d, b, a)
  if (isSame(b, d)) return isOrdered(reference(b), c, a, b)
  if (isSame(a, d)) return isSame(b, c) || isOrdered(reference(a), c, b, a)
  if (isSame(b, c)) return isOrdered(reference(b), d, a, b)
  return doCross(a, b, c, d)
}

/** Where edges that cross do. */
export function crossingPoint(a: Vector3, b: Vector3, c: Vector3, d: Vector3): Vector3 {
  // The longer edge gives the plane: the ends of the other are weighted by how far they are from it.
  const swap = length(subtract(a, b)) > length(subtract(c, d))
  const [p, q, r, s] = swap ? [c, d, a, b] : [a, b, c, d]
  const normal = normalize(normalOf(r, s))
  const before = Math.abs(height(p, normal, r, s))
  const after = Math.abs(height(q, normal, r, s))
  if (before + after === 0) return p
  return normalize(add(scale(p, after), scale(q, before)))
}

/** How far a point is above a plane through two others, precise where it is near one of them. */
function height(x: Vector3, normal: Vector3, a: Vector3, b: Vector3): number {
  const [fromA, fromB] = [subtract(x, a), subtract(x, b)]
  return dot(length(fromA) < length(fromB) ? fromA : fromB, normal)
}

/** The point of an edge that is nearest to `x`. */
export function nearestOnEdge(x: Vector3, a: Vector3, b: Vector3): Vector3 {
  const normal = normalize(normalOf(a, b))
  if (!isSame(a, b) && !areAntipodal(a, b)) {
    const foot = normalize(subtract(x, scale(normal, height(x, normal, a, b))))
    if (length(foot) > 0 && dot(cross(normal, a), foot) > 0 && dot(cross(b, normal), foot) > 0) {
      return foot
    }
  }
  return length(subtract(x, a)) <= length(subtract(x, b)) ? a : b
}

/** The point at a fraction of the edge. */
export function along(a: Vector3, b: Vector3, fraction: number): Vector3 {
  if (fraction <= 0) return a
  if (fraction >= 1) return b
  const across = normalize(cross(normalOf(a, b), a))
  const angle = fraction * 2 * Math.atan2(length(subtract(a, b)), length(add(a, b)))
  return normalize(add(scale(a, Math.cos(angle)), scale(across, Math.sin(angle))))
}
