import { along } from './crossing.ts'
import { angleBetween, dot, type Position, pointOf, type Vector3 } from './vector.ts'

/** The most points that a densified shape may have. */
export const MOST_POINTS = 10_485_760

/**
 * Where along an edge the distance between the straight line on the plane and the geodesic is
 * measured, and what part of the greatest distance that may be less than: of the S2 library, whose
 * documentation has the derivation.
 */
const MEASURED_AT = 0.31215691082248315
const PART = 0.8382999256988851

function between([x1, y1]: Position, [x2, y2]: Position, fraction: number): Position {
  return [x1 + (x2 - x1) * fraction, y1 + (y2 - y1) * fraction]
}

/** How far the geodesic is from the straight line on the plane, as an angle. */
function deviation(from: Position, to: Position, a: Vector3, b: Vector3): number {
  if (dot(a, b) < -1e-14) return Number.POSITIVE_INFINITY
  const at = (fraction: number) =>
    angleBetween(along(a, b, fraction), pointAt(between(from, to, fraction)))
  return Math.max(at(MEASURED_AT), at(1 - MEASURED_AT))
}

/** The longitude within ±180: an edge over the antimeridian goes beyond. */
function wrapped([longitude, latitude]: Position): Position {
  if (longitude > 180) return [longitude - 360, latitude]
  return longitude < -180 ? [longitude + 360, latitude] : [longitude, latitude]
}

function pointAt(position: Position): Vector3 {
  return pointOf(wrapped(position))
}

/**
 * The positions of a chain with more between them, halving its edges until no geodesic is farther than
 * `tolerance`, an angle, from the straight line on the plane; undefined where there would be too many.
 * With `crossing`, an edge of more than 180 degrees of longitude goes over the antimeridian instead.
 */
export function densified(
  positions: readonly Position[],
  tolerance: number,
  crossing: boolean,
): Position[] | undefined {
  const limit = tolerance * PART
  const result: Position[] = positions.slice(0, 1)
  for (let k = 0; k + 1 < positions.length; k++) {
    const from = positions[k]!
    const given = positions[k + 1]!
    const pending = [{ from, to: crossing ? nearTo(from, given) : given, last: true }]
    for (let edge = pending.pop(); edge !== undefined; edge = pending.pop()) {
      if (deviation(edge.from, edge.to, pointAt(edge.from), pointAt(edge.to)) <= limit) {
        result.push(edge.last ? given : wrapped(edge.to))
        if (result.length > MOST_POINTS) return undefined
        continue
      }
      const middle = between(edge.from, edge.to, 0.5)
      pending.push({ from: middle, to: edge.to, last: edge.last })
      pending.push({ from: edge.from, to: middle, last: false })
    }
  }
  return result
}

/** The position with its longitude within half a turn of the other's. */
function nearTo([from]: Position, [longitude, latitude]: Position): Position {
  const turn = longitude - from
  return [turn > 180 ? longitude - 360 : turn < -180 ? longitude + 360 : longitude, latitude]
}
