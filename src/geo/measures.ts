import { along } from './crossing.ts'
import { holders, type Line, type Polygon, polygonHolds } from './geojson.ts'
import { keyOf, nearestOnChain } from './loop.ts'
import { add, angleBetween, length, normalize, scale, subtract, type Vector3 } from './vector.ts'

/** The angle that a chain of edges is long. */
function chainLength(points: readonly Vector3[]): number {
  let sum = 0
  for (let k = 0; k + 1 < points.length; k++) sum += angleBetween(points[k]!, points[k + 1]!)
  return sum
}

/** The edges of lines, each once, whatever its direction. */
export function distinctEdges(lines: readonly Line[]): { a: Vector3; b: Vector3 }[] {
  const seen = new Set<string>()
  const edges: { a: Vector3; b: Vector3 }[] = []
  for (const { points } of lines) {
    for (let k = 0; k + 1 < points.length; k++) {
      const [a, b] = [points[k]!, points[k + 1]!]
      const [first, second] = [keyOf(a), keyOf(b)]
      const key = first < second ? `${first} ${second}` : `${second} ${first}`
      if (seen.has(key)) continue
      seen.add(key)
      edges.push({ a, b })
    }
  }
  return edges
}

/** The angle that lines are long together; an edge that they share counts once. */
export function linesLength(lines: readonly Line[]): number {
  return distinctEdges(lines).reduce((sum, { a, b }) => sum + angleBetween(a, b), 0)
}

/** The direction of the centroid of lines; an edge that they share counts once. */
export function linesCentroid(lines: readonly Line[]): Vector3 {
  let sum: Vector3 = { x: 0, y: 0, z: 0 }
  for (const { a, b } of distinctEdges(lines)) {
    // The middle of an arc, weighted by its length: the integral of the position along it.
    const both = add(a, b)
    sum = add(sum, scale(both, length(subtract(a, b)) / length(both)))
  }
  return sum
}

/** The point of lines that is nearest to a point. */
export function nearestOnLines(x: Vector3, lines: readonly Line[]): Vector3 {
  const [first, ...others] = lines.map(({ points }) => nearestOnChain(x, points, false).point)
  return others.reduce((best, point) => nearer(x, best, point), first!)
}

function nearer(x: Vector3, a: Vector3, b: Vector3): Vector3 {
  return length(subtract(x, b)) < length(subtract(x, a)) ? b : a
}

/** The point of polygons that is nearest to a point: itself, where it is in one. */
export function nearestOnPolygons(x: Vector3, polygons: readonly Polygon[]): Vector3 {
  if (polygons.some(polygon => polygonHolds(polygon, x))) return x
  const [first, ...others] = polygons.flatMap(({ loops }) =>
    loops.map(({ vertices }) => nearestOnChain(x, vertices, true).point),
  )
  return others.reduce((best, point) => nearer(x, best, point), first!)
}

/** Which part of a line lies before the point of it that is nearest to a point. */
export function fractionAt(x: Vector3, { points }: Line): number {
  const { point, edge } = nearestOnChain(x, points, false)
  const before = chainLength(points.slice(0, edge + 1)) + angleBetween(points[edge]!, point)
  return Math.min(1, before / chainLength(points))
}

/** The point at a fraction of a line. */
export function pointAt(fraction: number, { points }: Line): Vector3 {
  let left = fraction * chainLength(points)
  for (let k = 0; k + 1 < points.length; k++) {
    const [a, b] = [points[k]!, points[k + 1]!]
    const angle = angleBetween(a, b)
    if (left <= angle) return along(a, b, left / angle)
    left -= angle
  }
  return points.at(-1)!
}

/** The solid angle of a polygon: of a loop within an odd number of others, less. */
export function polygonArea(polygon: Polygon): number {
  return weighted(polygon).reduce((sum, { loop, sign }) => sum + sign * loop.area, 0)
}

/** The direction of the centroid of a polygon. */
export function polygonCentroid(polygon: Polygon): Vector3 {
  return normalize(
    weighted(polygon).reduce<Vector3>(
      (sum, { loop, sign }) => add(sum, scale(loop.moment(), sign)),
      {
        x: 0,
        y: 0,
        z: 0,
      },
    ),
  )
}

/** The angle that the boundary of a polygon is long. */
export function polygonPerimeter({ loops }: Polygon): number {
  return loops.reduce((sum, loop) => sum + chainLength([...loop.vertices, loop.at(0)]), 0)
}

/** The loops of a polygon with 1 for what bounds it outside and -1 for holes. */
function weighted({ loops }: Polygon): { loop: Polygon['loops'][number]; sign: number }[] {
  return loops.map(loop => ({ loop, sign: isHole(loop, loops) ? -1 : 1 }))
}

/** Whether the loop is within an odd number of the others. */
export function isHole(loop: Polygon['loops'][number], loops: Polygon['loops']): boolean {
  return holders(loop, loops).length % 2 === 1
}
