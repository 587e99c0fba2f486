import { InternalError } from '../text/internal-error.ts'
import { LimitError } from '../text/limit-error.ts'
import { inOrder, loopsOf, type Piece, pathsOf } from './boundary.ts'
import { along, doCross, nearestOnEdge } from './crossing.ts'
import { type Cut, cut, directed, distance, reversed, TOLERANCES } from './cut.ts'
import { type Line, type Polygon, polygonHolds } from './geojson.ts'
import { keyOf, Loop } from './loop.ts'
import { distinctEdges, isHole } from './measures.ts'
import { type Edge, visitNear } from './sweep.ts'
import { isSame, type Vector3 } from './vector.ts'

/** What two shapes share. */
export interface Shared {
  readonly points: readonly Vector3[]
  readonly lines: readonly (readonly Vector3[])[]
  readonly polygons: readonly Polygon[]
}

/** Loops that a polygon may have where it is told of each which others it is within. */
const MOST_LOOPS = 20_000

/** The edges of a polygon with its inside to their left. */
export function boundaryOf({ loops }: Polygon, chain: number): Edge[] {
  if (loops.length > MOST_LOOPS) {
    throw new LimitError(`A polygon of ${loops.length} rings would take too long.`)
  }
  return loops.flatMap(loop => {
    const vertices = isHole(loop, loops) ? loop.vertices.toReversed() : loop.vertices
    return vertices.map((a, k): Edge => ({ a, b: vertices[(k + 1) % vertices.length]!, chain }))
  })
}

/** The pieces of each of two shapes, cut where they cross or touch each other. */
interface Parts {
  readonly first: readonly Piece[]
  readonly second: readonly Piece[]
  readonly crossings: Cut['crossings']
}

/** Cuts the edges of two shapes, which are those of the chains 0 and 1. */
function cutTwo(edges: readonly Edge[], tolerance: number): Parts {
  const { pieces, crossings } = cut(edges, tolerance)
  const first = pieces.filter(({ input }) => edges[input]?.chain === 0)
  const second = pieces.filter(({ input }) => edges[input]?.chain === 1)
  return { first, second, crossings }
}

/**
 * Which pieces of a boundary are inside a polygon. That changes only where the boundary meets that of
 * the polygon: at `meetings`.
 */
function insideOf(
  pieces: readonly Piece[],
  polygon: Polygon,
  meetings: ReadonlySet<string>,
): (piece: Piece, place: number) => boolean {
  let known: { readonly place: number; readonly inside: boolean } | undefined
  return (piece, place) => {
    const before = pieces[place - 1]
    const goesOn =
      known?.place === place - 1 &&
      before !== undefined &&
      isSame(before.b, piece.a) &&
      !meetings.has(keyOf(piece.a))
    const inside = goesOn && known !== undefined ? known.inside : holdsMiddle(polygon, piece)
    known = { place, inside }
    return inside
  }
}

function holdsMiddle(polygon: Polygon, { a, b }: Piece): boolean {
  return polygonHolds(polygon, along(a, b, 0.5))
}

/**
 * The boundary of the union or the intersection of two polygons: of each, the pieces that are outside
 * or inside the other; those that both have once, where they have their insides on one side.
 */
function boundaryPieces(
  a: Polygon,
  b: Polygon,
  { first: ofA, second: ofB, crossings }: Parts,
  inside: boolean,
): Piece[] {
  const inA = new Set(ofA.map(directed))
  const inB = new Set(ofB.map(directed))
  const startsOfA = new Set(ofA.map(piece => keyOf(piece.a)))
  const shared = ofB.map(piece => keyOf(piece.a)).filter(key => startsOfA.has(key))
  const meetings = new Set([...crossings.map(keyOf), ...shared])
  const isInB = insideOf(ofA, b, meetings)
  const isInA = insideOf(ofB, a, meetings)
  const kept = ofA.filter((piece, place) => {
    if (inB.has(directed(piece))) return true
    return !inB.has(reversed(piece)) && isInB(piece, place) === inside
  })
  const others = ofB.filter((piece, place) => {
    if (inA.has(directed(piece)) || inA.has(reversed(piece))) return false
    return isInA(piece, place) === inside
  })
  return [...kept, ...others]
}

/** The edges cut, and the union or the intersection of the polygons whose boundaries they are. */
function combined(
  a: Polygon,
  b: Polygon,
  edges: readonly Edge[],
  inside: boolean,
): { parts: Parts; polygon: Polygon } {
  for (const tolerance of TOLERANCES) {
    const parts = cutTwo(edges, tolerance)
    const loops = loopsOf(boundaryPieces(a, b, parts, inside))
    if (loops === undefined) continue
    return { parts, polygon: { loops: loops.map(vertices => new Loop(vertices)) } }
  }
  throw new InternalError('a boundary that is not closed')
}

function unionOfTwo(a: Polygon, b: Polygon): Polygon {
  return combined(a, b, [...boundaryOf(a, 0), ...boundaryOf(b, 1)], false).polygon
}

/**
 * The union of polygons. Two at a time, those with the fewest vertices first, as the S2 library does:
 * the order decides where a ring of the result begins.
 */
export function unionOf(polygons: readonly Polygon[]): Polygon {
  const queue = polygons.map(polygon => ({
    polygon,
    size: polygon.loops.reduce((sum, { vertices }) => sum + vertices.length, 0),
  }))
  queue.sort((p, q) => p.size - q.size)
  for (;;) {
    const [a, b] = queue.splice(0, 2)
    if (a === undefined) return { loops: [] }
    if (b === undefined) return a.polygon
    const size = a.size + b.size
    const place = queue.findIndex(other => other.size > size)
    const entry = { polygon: unionOfTwo(a.polygon, b.polygon), size }
    queue.splice(place < 0 ? queue.length : place, 0, entry)
  }
}

/** The vertices and crossings that two shapes share and that are on none of the lines or polygons. */
function sharedPoints(
  crossings: readonly Vector3[],
  first: readonly Edge[],
  second: readonly Edge[],
  lines: Shared['lines'],
  loops: readonly (readonly Vector3[])[],
): Vector3[] {
  const ends = (edges: readonly Edge[]) => edges.flatMap(({ a, b }) => [a, b])
  const inSecond = new Set(ends(second).map(keyOf))
  const both = ends(first).filter(point => inSecond.has(keyOf(point)))
  const taken = new Set([...lines, ...loops].flat().map(keyOf))
  return inOrder([...crossings, ...both].filter(point => !taken.has(keyOf(point))))
}

/** What two polygons share: they hold their boundaries, so that they may share points or lines alone. */
export function sharedByPolygons(a: Polygon, b: Polygon): Shared {
  const [first, second] = [boundaryOf(a, 0), boundaryOf(b, 1)]
  const { parts, polygon } = combined(a, b, [...first, ...second], true)
  const { first: ofA, second: ofB } = parts
  const inB = new Set(ofB.map(directed))
  const lines = pathsOf(ofA.filter(piece => inB.has(reversed(piece))))
  const loops = polygon.loops.map(({ vertices }) => vertices)
  const points = sharedPoints(parts.crossings, first, second, lines, loops)
  return { points, lines, polygons: polygon.loops.length === 0 ? [] : [polygon] }
}

function edgesOfLines(lines: readonly Line[], chain: number): Edge[] {
  return distinctEdges(lines).map(({ a, b }) => ({ a, b, chain }))
}

/** What two lines share. Lines that lie on one another share the edges that are the same. */
export function sharedByLines(a: readonly Line[], b: readonly Line[]): Shared {
  const [first, second] = [edgesOfLines(a, 0), edgesOfLines(b, 1)]
  const parts = cutTwo([...first, ...second], TOLERANCES[0])
  const { first: ofA, second: ofB, crossings } = parts
  const inB = new Set(ofB.flatMap(piece => [directed(piece), reversed(piece)]))
  const lines = pathsOf(ofA.filter(piece => inB.has(directed(piece))))
  return { points: sharedPoints(crossings, first, second, lines, []), lines, polygons: [] }
}

/** The parts of lines that are in a polygon, which holds its boundary. */
export function sharedByLineAndPolygon(lines: readonly Line[], polygon: Polygon): Shared {
  const [first, second] = [edgesOfLines(lines, 0), boundaryOf(polygon, 1)]
  const parts = cutTwo([...first, ...second], TOLERANCES[0])
  const { first: ofLine, second: ofPolygon, crossings } = parts
  const onBoundary = new Set(ofPolygon.flatMap(piece => [directed(piece), reversed(piece)]))
  const inside = pathsOf(
    ofLine.filter(piece => onBoundary.has(directed(piece)) || holdsMiddle(polygon, piece)),
  )
  const points = sharedPoints(crossings, first, second, inside, [])
  return { points, lines: inside, polygons: [] }
}

/** The union of lines: an edge that they share once, and lines that go on from another joined. */
export function unionOfLines(lines: readonly Line[]): Vector3[][] {
  return pathsOf(distinctEdges(lines).map(({ a, b }, input) => ({ a, b, input })))
}

/** Whether edges of two shapes cross or touch. */
function doMeet(first: readonly Edge[], second: readonly Edge[]): boolean {
  const tolerance = TOLERANCES[0]
  const edges = [...first, ...second]
  const touches = (point: Vector3, { a, b }: Edge) =>
    distance(point, nearestOnEdge(point, a, b)) <= tolerance
  let meet = false
  visitNear(edges, tolerance, (k, l) => {
    const [p, q] = [edges[k]!, edges[l]!]
    if (p.chain === q.chain) return undefined
    meet =
      doCross(p.a, p.b, q.a, q.b) ||
      touches(p.a, q) ||
      touches(p.b, q) ||
      touches(q.a, p) ||
      touches(q.b, p)
    return !meet
  })
  return meet
}

/** Whether lines have a point in common. */
export function linesMeet(a: readonly Line[], b: readonly Line[]): boolean {
  return doMeet(edgesOfLines(a, 0), edgesOfLines(b, 1))
}

/** Whether a line has a point in common with a polygon. */
export function lineMeetsPolygons(lines: readonly Line[], polygons: readonly Polygon[]): boolean {
  const starts = lines.map(({ points }) => points[0]!)
  const edges = edgesOfLines(lines, 0)
  return polygons.some(
    polygon =>
      starts.some(point => polygonHolds(polygon, point)) || doMeet(edges, boundaryOf(polygon, 1)),
  )
}

/** Whether polygons have a point in common. */
export function polygonsMeet(a: readonly Polygon[], b: readonly Polygon[]): boolean {
  return a.some(p =>
    b.some(
      q =>
        p.loops.some(loop => polygonHolds(q, loop.at(0))) ||
        q.loops.some(loop => polygonHolds(p, loop.at(0))) ||
        doMeet(boundaryOf(p, 0), boundaryOf(q, 1)),
    ),
  )
}
