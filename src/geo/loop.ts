import { angleHolds, crossesOrTouches, nearestOnEdge } from './crossing.ts'
import { sign } from './sign.ts'
import {
  add,
  angleBetween,
  cross,
  dot,
  length,
  normalize,
  normalOf,
  scale,
  subtract,
  type Vector3,
} from './vector.ts'

/** A point that no vertex of a loop is, from which paths start: as in the S2 library. */
const ORIGIN: Vector3 = {
  x: -0.0099994664350250197,
  y: 0.0025924542609324121,
  z: 0.99994664350250195,
}

/** A loop of this solid angle is half of the sphere. */
const HALF = 2 * Math.PI

/**
 * A closed chain of at least three distinct points, its edges the shortest ones. Its inside is the
 * smaller of the two regions that it bounds, which is to the left of its edges.
 */
export class Loop {
  readonly vertices: readonly Vector3[]
  /** The solid angle of its inside. */
  readonly area: number
  readonly #holdsOrigin: boolean
  /** A cap around the loop, where there is one smaller than half of the sphere. */
  readonly #cap: { readonly center: Vector3; readonly cosine: number } | undefined

  /** Turned around where the smaller region is to the right. */
  constructor(vertices: readonly Vector3[]) {
    const turned = signedArea(vertices)
    const { reversed, area } = smaller(vertices, turned)
    this.vertices = reversed ? vertices.toReversed() : vertices
    this.area = area
    this.#holdsOrigin = holdsOrigin(this.vertices)
    this.#cap = capAround(this.vertices)
  }

  /** The vertex at a position that counts on around the loop. */
  at(position: number): Vector3 {
    return this.vertices[position % this.vertices.length]!
  }

  /**
   * Whether the point is inside. Of loops that divide a region, exactly one holds each of its points:
   * those on an edge and the vertices too.
   */
  holds(point: Vector3): boolean {
    if (this.#cap !== undefined && dot(point, this.#cap.center) < this.#cap.cosine) return false
    return crossings(this.vertices, point) !== this.#holdsOrigin
  }

  /** The integral of the position over the inside: points to the centroid. */
  moment(): Vector3 {
    let sum: Vector3 = { x: 0, y: 0, z: 0 }
    for (let k = 0; k < this.vertices.length; k++) {
      const [a, b] = [this.at(k), this.at(k + 1)]
      sum = add(sum, scale(normalize(normalOf(a, b)), angleBetween(a, b) / 2))
    }
    return sum
  }
}

/** Whether an odd number of the edges lies between the origin and the point. */
function crossings(vertices: readonly Vector3[], point: Vector3): boolean {
  let odd = false
  let a = vertices.at(-1)!
  let side = sign(ORIGIN, point, a)
  for (let k = 0; k < vertices.length; k++) {
    const b = vertices[k]!
    const next = sign(ORIGIN, point, b)
    // Edges on one side of the path do not cross it; 0 says that a vertex is the point itself.
    if ((side !== next || side === 0) && crossesOrTouches(ORIGIN, point, a, b)) odd = !odd
    a = b
    side = next
  }
  return odd
}

function holdsOrigin(vertices: readonly Vector3[]): boolean {
  const [first, second, third] = [vertices[0]!, vertices[1]!, vertices[2]!]
  return angleHolds(first, second, third) !== crossings(vertices, second)
}

/** The solid angle to the left of the loop, up to multiples of the whole sphere. */
function signedArea(vertices: readonly Vector3[]): number {
  const first = vertices[0]!
  let sum = 0
  for (let k = 1; k + 1 < vertices.length; k++) {
    const [b, c] = [vertices[k]!, vertices[k + 1]!]
    const volume = dot(first, cross(subtract(b, first), subtract(c, first)))
    sum += 2 * Math.atan2(volume, 1 + dot(first, b) + dot(b, c) + dot(c, first))
  }
  return sum
}

/** Areas that rounding may have made. */
const NOTHING = 1e-14

/** Whether the region to the right is the smaller one, and how large the smaller one is. */
function smaller(
  vertices: readonly Vector3[],
  turned: number,
): { reversed: boolean; area: number } {
  const left = turned % (2 * HALF)
  const isSmaller = Math.abs(left) <= HALF
  const area = isSmaller ? Math.abs(left) : 2 * HALF - Math.abs(left)
  if (area > NOTHING) return { reversed: left < 0 === isSmaller, area }
  // Too thin for its area to say: the other side of the sphere is not inside.
  const far = scale(normalize(vertices.reduce(add)), -1)
  const holdsFar = crossings(vertices, far) !== holdsOrigin(vertices)
  return { reversed: holdsFar, area }
}

function capAround(vertices: readonly Vector3[]): { center: Vector3; cosine: number } | undefined {
  const center = normalize(vertices.reduce(add))
  if (length(center) === 0) return undefined
  const least = vertices.reduce((low, vertex) => Math.min(low, dot(vertex, center)), 1)
  // A cap smaller than half of the sphere holds the edges between points that it holds.
  return least > 0.01 ? { center, cosine: least - 1e-9 } : undefined
}

/** The point of a chain of edges that is nearest to a point, and the edge that it is on. */
export function nearestOnChain(
  x: Vector3,
  vertices: readonly Vector3[],
  closed: boolean,
): { point: Vector3; edge: number } {
  let best = { point: vertices[0]!, edge: 0 }
  let least = Number.POSITIVE_INFINITY
  const edges = closed ? vertices.length : vertices.length - 1
  for (let edge = 0; edge < edges; edge++) {
    const b = vertices[(edge + 1) % vertices.length]!
    const point = nearestOnEdge(x, vertices[edge]!, b)
    const away = subtract(x, point)
    const distance = dot(away, away)
    if (distance < least) {
      least = distance
      best = { point, edge }
    }
  }
  return best
}

/** Text that equal points share. */
export function keyOf({ x, y, z }: Vector3): string {
  return `${x + 0},${y + 0},${z + 0}`
}
