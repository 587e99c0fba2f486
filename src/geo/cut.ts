import type { Piece } from './boundary.ts'
import { crossingPoint, doCross, nearestOnEdge } from './crossing.ts'
import { keyOf } from './loop.ts'
import { type Edge, visitNear } from './sweep.ts'
import { isSame, length, subtract, type Vector3 } from './vector.ts'

/**
 * How near points are taken as one, as angles: what rounding can make of a crossing, and more, for
 * boundaries that are not closed with less. The last is a tenth of a millimeter.
 */
export const TOLERANCES = [2e-15, 1e-13, 2e-11] as const

/** Edges cut where they cross or touch those of other chains, and the points where they do. */
export interface Cut {
  /** The pieces edge by edge, each with the number of its edge. */
  readonly pieces: readonly Piece[]
  readonly crossings: readonly Vector3[]
}

type Directed = Pick<Piece, 'a' | 'b'>

export function distance(a: Vector3, b: Vector3): number {
  return length(subtract(a, b))
}

/** The edges with vertices that are nearly the same made the same. */
export function snapped<T extends Directed>(edges: readonly T[], tolerance: number): T[] {
  const vertices = edges.flatMap(({ a, b }) => [a, b]).sort((p, q) => p.x - q.x)
  const kept: Vector3[] = []
  const standIns = new Map<string, Vector3>()
  for (const vertex of vertices) {
    const key = keyOf(vertex)
    if (standIns.has(key)) continue
    let standIn = vertex
    for (let k = kept.length - 1; k >= 0 && vertex.x - kept[k]!.x <= tolerance; k--) {
      if (distance(kept[k]!, vertex) <= tolerance) standIn = kept[k]!
    }
    if (standIn === vertex) kept.push(vertex)
    standIns.set(key, standIn)
  }
  const standIn = (point: Vector3) => standIns.get(keyOf(point))!
  return edges.map(edge => ({ ...edge, a: standIn(edge.a), b: standIn(edge.b) }))
}

/** Whether the point is on the edge, between its ends. */
function isOn(point: Vector3, { a, b }: Edge, tolerance: number): boolean {
  if (isSame(point, a) || isSame(point, b)) return false
  return distance(point, nearestOnEdge(point, a, b)) <= tolerance
}

/**
 * Cuts the edges.
 * @throws LimitError where too many edges lie side by side.
 */
export function cut(given: readonly Edge[], tolerance: number): Cut {
  const edges = snapped(given, tolerance)
  const cuts = edges.map((): Vector3[] => [])
  const crossings: Vector3[] = []
  visitNear(edges, tolerance, (first, second) => {
    const [p, q] = [edges[first]!, edges[second]!]
    if (p.chain === q.chain) return undefined
    const ofP = [q.a, q.b].filter(point => isOn(point, p, tolerance))
    const ofQ = [p.a, p.b].filter(point => isOn(point, q, tolerance))
    if (ofP.length + ofQ.length === 0 && doCross(p.a, p.b, q.a, q.b)) {
      const point = crossingPoint(p.a, p.b, q.a, q.b)
      ofP.push(point)
      ofQ.push(point)
    }
    cuts[first]!.push(...ofP)
    cuts[second]!.push(...ofQ)
    crossings.push(...ofP, ...ofQ)
    return undefined
  })
  const pieces: Piece[] = []
  edges.forEach(({ a, b }, input) => {
    const between = cuts[input]!.sort((p, q) => distance(a, p) - distance(a, q))
    let from = a
    for (const to of [...between, b]) {
      if (!isSame(from, to)) pieces.push({ a: from, b: to, input })
      from = to
    }
  })
  return { pieces, crossings }
}

/** Text that equal edges of one direction share. */
export function directed({ a, b }: Directed): string {
  return `${keyOf(a)} ${keyOf(b)}`
}

/** That of the edge in the other direction. */
export function reversed({ a, b }: Directed): string {
  return `${keyOf(b)} ${keyOf(a)}`
}
