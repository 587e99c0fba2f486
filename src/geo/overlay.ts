import { InternalError } from '../text/internal-error.ts'
import { LimitError } from '../text/limit-error.ts'
import { inOrder, loopsOf, type Piece, pathsOf } from './boundary.ts'
import { along, crossingPoint, doCross, nearestOnEdge } from './crossing.ts'
import { type Line, type Polygon, polygonHolds } from './geojson.ts'
import { keyOf, Loop } from './loop.ts'
import { distinctEdges, isHole } from './measures.ts'
import { type Edge, visitNear } from './sweep.ts'
import { isSame, length, subtract, type Vector3 } from './vector.ts'

/** What two shapes share. */
export interface Shared {
  readonly points: readonly Vector3[]
  readonly lines: readonly (readonly Vector3[])[]
  readonly polygons: readonly Polygon[]
}

/** Loops that a polygon may have where it is told of each which others it is within. */
const MOST_LOOPS = 20_000

/** The edges of a polygon with its inside to their left. */
function boundaryOf({ loops }: Polygon, chain: number): Edge[] {
  if (loops.length > MOST_LOOPS) {
    throw new LimitError(`A polygon of ${loops.length} rings would take too long.`)
  }
  return loops.flatMap(loop => {
    const vertices = isHole(loop, loops) ? loop.vertices.toReversed() : loop.vertices
    return vertices.map((a, k): Edge => ({ a, b: vertices[(k + 1) % vertices.length]!, chain }))
  })
}

/**
 * How near points are taken as one, as angles: what rounding can make of a crossing, and more, for
 * boundaries that are not closed with less. The last is a tenth of a millimeter.
 */
const TOLERANCES = [2e-15, 1e-13, 2e-11] as const

/** Edges of two shapes, cut where they cross or touch each other, and the points where they do. */
interface Cut {
  readonly pieces: readonly (readonly Piece[])[]
  readonly crossings: readonly Vector3[]
}

function distance(a: Vector3, b: Vector3): number {
  return length(subtract(a, b))
}

/** The edges with vertices that are nearly the same made the same. */
function snapped(edges: readonly Edge[], tolerance: number): Edge[] {
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
  return edges.map(({ a, b, chain }) => ({ a: standIn(a), b: standIn(b), chain }))
}

/** Whether the point is on the edge, between its ends. */
function isOn(point: Vector3, { a, b }: Edge, tolerance: number): boolean {
  if (isSame(point, a) || isSame(point, b)) return false
  return distance(point, nearestOnEdge(point, a, b)) <= tolerance
}

function cut(given: readonly Edge[], tolerance: number): Cut {
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
  const pieces: Piece[][] = [[], []]
  edges.forEach(({ a, b, chain }, input) => {
    const between = cuts[input]!.sort((p, q) => distance(a, p) - distance(a, q))
    let from = a
    for (const to of [...between, b]) {
      if (!isSame(from, to)) pieces[chain]!.push({ a: from, b: to, input })
      from = to
    }
  })
  return { pieces, crossings }
}

function directed({ a, b }: { a: Vector3; b: Vector3 }): string {
  return `${keyOf(a)} ${keyOf(b)}`
}

function reversed({ a, b }: { a: Vector3; b: Vector3 }): string {
  return `${keyOf(b)} ${keyOf(a)}`
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
  { pieces: [ofA = [], ofB = []], crossings }: Cut,
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
): { parts: Cut; polygon: Polygon } {
  for (const tolerance of TOLERANCES) {
    const parts = cut(edges, tolerance)
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
  const [ofA = [], ofB = []] = parts.pieces
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
  const { pieces, crossings } = cut([...first, ...second], TOLERANCES[0])
  const [ofA = [], ofB = []] = pieces
  const inB = new Set(ofB.flatMap(piece => [directed(piece), reversed(piece)]))
  const lines = pathsOf(ofA.filter(piece => inB.has(directed(piece))))
  return { points: sharedPoints(crossings, first, second, lines, []), lines, polygons: [] }
}

/** The parts of lines that are in a polygon, which holds its boundary. */
export function sharedByLineAndPolygon(lines: readonly Line[], polygon: Polygon): Shared {
  const [first, second] = [edgesOfLines(lines, 0), boundaryOf(polygon, 1)]
  const { pieces, crossings } = cut([...first, ...second], TOLERANCES[0])
  const [ofLine = [], ofPolygon = []] = pieces
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
