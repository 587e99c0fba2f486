import { LimitError } from '../text/limit-error.ts'
import { reference } from './crossing.ts'
import type { Line, Polygon } from './geojson.ts'
import { Loop } from './loop.ts'
import { boundaryOf } from './overlay.ts'
import { sign } from './sign.ts'
import type { Edge } from './sweep.ts'
import {
  add,
  angleBetween,
  cross,
  EARTH_RADIUS,
  isSame,
  normalize,
  normalOf,
  scale,
  type Vector3,
} from './vector.ts'
import { regionWithin } from './winding.ts'

/** How far a buffer reaches, and how long the edges are that stand for its arcs: angles. */
export interface Reach {
  readonly radius: number
  /** The turn around a vertex after which the arc has the next vertex. */
  readonly turn: number
  /** The part of an edge after which its parallel has the next vertex. */
  readonly stride: number
  /** An edge of this length is left out: its direction says little. */
  readonly negligible: number
}

/** The least tolerance, as a part of the radius. */
const LEAST_PART = 1e-6
const QUARTER = Math.PI / 2

/** The longest step around a circle at which no edge is farther inside than the error. */
function longestStep(radius: number, error: number): number {
  const ratio = Math.tan(Math.max(0, radius - error)) / Math.tan(radius)
  // At least three edges stand for a circle.
  return Math.min((2 / 3) * Math.PI, 2 * Math.acos(ratio))
}

/**
 * The reach of a radius and a tolerance in meters; undefined where they are none. The vertices of a
 * buffer are as far from the shape as the radius says, its edges up to the tolerance nearer around a
 * vertex, and farther beside an edge: as the S2 library has it, where a tolerance is at least a millionth
 * of the radius.
 * @throws LimitError for a radius that the geometry here is not made for.
 */
export function reachOf(radius: number, tolerance: number): Reach | undefined {
  const valid = radius > 0 && Number.isFinite(radius) && tolerance > 0
  if (!valid || tolerance / radius < LEAST_PART * (1 - 1e-9)) return undefined
  if (radius < 0.001) throw new LimitError('A buffer of less than a millimeter is not supported.')
  const angle = radius / EARTH_RADIUS
  const error = Math.min(1, tolerance / radius) * angle
  if (angle + error >= QUARTER) throw tooLarge()
  return {
    radius: angle,
    turn: longestStep(angle, error),
    stride: longestStep(QUARTER - angle, error),
    negligible: Math.max(1e-12, error / 1000),
  }
}

function tooLarge(): LimitError {
  return new LimitError('A buffer that does not fit into half of the sphere is not supported.')
}

/** The point at an angle from another, in a direction perpendicular to it. */
function onRay(from: Vector3, direction: Vector3, angle: number): Vector3 {
  return normalize(add(scale(from, Math.cos(angle)), scale(direction, Math.sin(angle))))
}

/** The vertices of a regular polygon around a point, counterclockwise. */
function circleAround(point: Vector3, { radius, turn }: Reach): Vector3[] {
  const count = Math.ceil((2 * Math.PI) / turn - 1e-12)
  const start = reference(point)
  const side = normalize(cross(point, start))
  return Array.from({ length: count }, (_, k) =>
    onRay(point, onRay(start, side, (2 * Math.PI * k) / count), radius),
  )
}

/** The polygon within reach of a point. */
export function bufferOfPoint(point: Vector3, reach: Reach): Polygon {
  return { loops: [new Loop(circleAround(point, reach))] }
}

/** The direction to the right of an edge. */
function rightOf(a: Vector3, b: Vector3): Vector3 {
  return normalize(normalOf(b, a))
}

/** The parallel to an edge at its right. */
function parallelTo(a: Vector3, b: Vector3, { radius, stride }: Reach): Vector3[] {
  const right = rightOf(a, b)
  const ahead = normalize(cross(a, right))
  const span = angleBetween(a, b)
  const points: Vector3[] = []
  for (let angle = 0; angle < span; angle += stride) {
    points.push(onRay(onRay(a, ahead, angle), right, radius))
  }
  return [...points, onRay(b, right, radius)]
}

/** The arc around a vertex from one direction to another, counterclockwise. */
function arcAround(v: Vector3, start: Vector3, end: Vector3, { radius, turn }: Reach): Vector3[] {
  const side = normalize(cross(v, start))
  const span = angleBetween(start, end)
  const points = [onRay(v, start, radius)]
  for (let angle = turn; angle < span; angle += turn) {
    points.push(onRay(v, onRay(start, side, angle), radius))
  }
  return [...points, onRay(v, end, radius)]
}

/**
 * The closed path around what lies within reach at the right of a closed walk: along its edges, and
 * around its vertices where it turns left. Where it turns right, the path goes by way of the vertex, so
 * that it winds around each part to the left.
 */
function pathBeside(given: readonly Vector3[], reach: Reach, startsWithArc: boolean): Vector3[] {
  const walk = given.filter((point, k) => angleBetween(point, given.at(k - 1)!) > reach.negligible)
  if (walk.length < 2) return circleAround(given[0]!, reach)
  const parts = walk.flatMap((a, k) => {
    const [b, c] = [walk[(k + 1) % walk.length]!, walk[(k + 2) % walk.length]!]
    const turnsRight = sign(a, b, c) < 0
    return [
      parallelTo(a, b, reach),
      turnsRight ? [b] : arcAround(b, rightOf(a, b), rightOf(b, c), reach),
    ]
  })
  const last = startsWithArc ? parts.pop() : undefined
  return [...(last ?? []), ...parts.flat()]
}

/** The edges of closed paths, each a chain of its own, as they may cross one another. */
function edgesOf(paths: readonly (readonly Vector3[])[]): Edge[] {
  const edges = paths.flatMap(path =>
    path
      .map((a, k) => ({ a, b: path[(k + 1) % path.length]! }))
      .filter(({ a, b }) => !isSame(a, b)),
  )
  return edges.map(({ a, b }, chain) => ({ a, b, chain }))
}

/**
 * A point that is not within reach.
 * @throws LimitError where the points and what is within reach do not fit into half of the sphere.
 */
function outsideOf(points: readonly Vector3[], { radius }: Reach): Vector3 {
  const center = normalize(points.reduce(add))
  const farthest = points.reduce((most, point) => Math.max(most, angleBetween(center, point)), 0)
  if (farthest + radius > QUARTER - 0.01) throw tooLarge()
  return reference(center)
}

/**
 * The region within reach of lines, with round ends.
 * @throws LimitError where it is too large, or would take too long.
 */
export function bufferOfLines(lines: readonly Line[], reach: Reach): Polygon {
  const outside = outsideOf(
    lines.flatMap(({ points }) => points),
    reach,
  )
  const paths = lines.map(({ points }) =>
    pathBeside([...points, ...points.slice(1, -1).toReversed()], reach, true),
  )
  return regionWithin(edgesOf(paths), outside)
}

/**
 * The region within reach of a polygon.
 * @throws LimitError where it is too large, or would take too long.
 */
export function bufferOfPolygon(polygon: Polygon, reach: Reach): Polygon {
  const boundary = boundaryOf(polygon, 0)
  const outside = outsideOf(
    boundary.map(({ a }) => a),
    reach,
  )
  const paths: Vector3[][] = []
  let walk: Vector3[] = []
  for (const { a, b } of boundary) {
    walk.push(a)
    if (!isSame(b, walk[0]!)) continue
    paths.push(pathBeside(walk, reach, false))
    walk = []
  }
  return regionWithin(edgesOf(paths), outside)
}
