import { LimitError } from '../text/limit-error.ts'
import { loopsOf, type Piece } from './boundary.ts'
import { doCross, isOrdered } from './crossing.ts'
import { cut, snapped, TOLERANCES } from './cut.ts'
import type { Polygon } from './geojson.ts'
import { keyOf, Loop } from './loop.ts'
import { sign } from './sign.ts'
import type { Edge } from './sweep.ts'
import { isSame, type Vector3 } from './vector.ts'

/** All pieces between two vertices. */
interface Link {
  readonly from: number
  readonly to: number
  /** How many pieces go this way, less those that go back. */
  net: number
  /** The lowest number of an edge that has a piece here. */
  input: number
  /** How often the path winds around what is to the right; undefined until it is known. */
  right: number | undefined
}

interface Graph {
  readonly vertices: readonly Vector3[]
  readonly links: readonly Link[]
  readonly linksAt: readonly (readonly Link[])[]
}

function graphOf(pieces: readonly Piece[]): Graph {
  const vertices: Vector3[] = []
  const numbers = new Map<string, number>()
  const numberOf = (point: Vector3): number => {
    const key = keyOf(point)
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, vertices.length)
    return vertices.push(point) - 1
  }
  const links = new Map<string, Link>()
  for (const { a, b, input } of pieces) {
    const [start, end] = [numberOf(a), numberOf(b)]
    const [from, to] = start < end ? [start, end] : [end, start]
    const link = links.get(`${from} ${to}`) ?? { from, to, net: 0, input, right: undefined }
    link.net += start === from ? 1 : -1
    link.input = Math.min(link.input, input)
    links.set(`${from} ${to}`, link)
  }
  const linksAt = vertices.map((): Link[] => [])
  for (const link of links.values()) {
    linksAt[link.from]?.push(link)
    linksAt[link.to]?.push(link)
  }
  return { vertices, links: [...links.values()], linksAt }
}

/** How often the path winds around a point, but for the links at it: `outside` it does not at all. */
function windingNear(vertex: number, { vertices, links }: Graph, outside: Vector3): number {
  const point = vertices[vertex]!
  let winding = 0
  for (const { from, to, net } of links) {
    if (net === 0 || from === vertex || to === vertex) continue
    const [a, b] = [vertices[from]!, vertices[to]!]
    if (doCross(outside, point, a, b)) winding += sign(a, b, point) * net
  }
  return winding
}

/** Tells all links at a vertex their winding numbers, turning left from a direction with that one. */
function turnAround(vertex: number, start: Vector3, winding: number, graph: Graph): void {
  const { vertices, linksAt } = graph
  const center = vertices[vertex]!
  const other = ({ from, to }: Link) => vertices[from === vertex ? to : from]!
  const around = linksAt[vertex]!.toSorted((p, q) =>
    p === q || isOrdered(start, other(p), other(q), center) ? -1 : 1,
  )
  let before = winding
  for (const link of around) {
    // From the right of an edge that leaves to its left; from the left of one that arrives.
    const after = link.from === vertex ? before + link.net : before - link.net
    link.right ??= link.from === vertex ? before : after
    before = after
  }
}

/** Tells all links that hang together with a vertex their winding numbers. */
function spread(first: number, graph: Graph, outside: Vector3): void {
  const { vertices, linksAt } = graph
  turnAround(first, outside, windingNear(first, graph, outside), graph)
  const seen = new Set([first])
  const pending = [first]
  for (let vertex = pending.pop(); vertex !== undefined; vertex = pending.pop()) {
    for (const { from, to, net, right = 0 } of linksAt[vertex]!) {
      const next = from === vertex ? to : from
      if (seen.has(next)) continue
      seen.add(next)
      pending.push(next)
      // The link itself is the first that one meets.
      turnAround(next, vertices[vertex]!, next === from ? right : right + net, graph)
    }
  }
}

/** The pieces of the boundary of what the path winds around more than not at all. */
function boundaryOf(pieces: readonly Piece[], outside: Vector3): Piece[] {
  const graph = graphOf(pieces)
  const { vertices, links } = graph
  for (const { from, right } of links) if (right === undefined) spread(from, graph, outside)
  return links.flatMap(({ from, to, net, input, right = 0 }) => {
    const [a, b] = [vertices[from]!, vertices[to]!]
    const left = right + net
    if (left > 0 && right <= 0) return [{ a, b, input }]
    return right > 0 && left <= 0 ? [{ a: b, b: a, input }] : []
  })
}

/**
 * The region that closed paths wind around to the left, once or more in all. Each edge is a chain of
 * its own; the paths are within half of the sphere, and `outside` is a point beyond.
 * @throws LimitError where too many edges are near each other, or the boundary does not close.
 */
export function regionWithin(edges: readonly Edge[], outside: Vector3): Polygon {
  for (const tolerance of TOLERANCES) {
    // Where three edges meet, their crossings are nearly the same.
    const pieces = snapped(cut(edges, tolerance).pieces, 2 * tolerance)
    const loops = loopsOf(
      boundaryOf(
        pieces.filter(({ a, b }) => !isSame(a, b)),
        outside,
      ),
    )
    if (loops !== undefined) return { loops: loops.map(vertices => new Loop(vertices)) }
  }
  throw new LimitError(`The outline of ${edges.length} edges cannot be told.`)
}
