import { inOrder, loopsOf, type Piece, pathsOf } from './boundary.ts'
import { along, crossingPoint, doCross } from './crossing.ts'
import { type Line, type Polygon, polygonHolds } from './geojson.ts'
import { keyOf, Loop } from './loop.ts'
import { distinctEdges, isHole } from './measures.ts'
import { type Edge, visitNear } from './sweep.ts'
import { dot, isSame, subtract, type Vector3 } from './vector.ts'

/** What two shapes share. */
export interface Shared {
  readonly points: readonly Vector3[]
  readonly lines: readonly (readonly Vector3[])[]
  readonly polygons: readonly Polygon[]
}

/** The edges of a polygon with its inside to their left. */
function boundaryOf({ loops }: Polygon, chain: number): Edge[] {
  return loops.flatMap(loop => {
    const vertices = isHole(loop, loops) ? loop.vertices.toReversed() : loop.vertices
    return vertices.map((a, k): Edge => ({ a, b: vertices[(k + 1) % vertices.length]!, chain }))
  })
}

/** Edges of two shapes, cut where they cross each other, and the points where they do. */
interface Cut {
  readonly pieces: readonly (readonly Piece[])[]
  readonly crossings: readonly Vector3[]
}

function cut(edges: readonly Edge[]): Cut {
  const cuts = edges.map((): Vector3[] => [])
  const crossings: Vector3[] = []
  visitNear(edges, (first, second) => {
    const [p, q] = [edges[first]!, edges[second]!]
    if (p.chain === q.chain || !doCross(p.a, p.b, q.a, q.b)) return undefined
    const point = crossingPoint(p.a, p.b, q.a, q.b)
    cuts[first]!.push(point)
    cuts[second]!.push(point)
    crossings.push(point)
    return undefined
  })
  const pieces: Piece[][] = [[], []]
  edges.forEach(({ a, b, chain }, input) => {
    const away = (point: Vector3) => dot(subtract(point, a), subtract(point, a))
    const between = cuts[input]!.sort((p, q) => away(p) - away(q))
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

function middleOf({ a, b }: Piece): Vector3 {
  return along(a, b, 0.5)
}

/**
 * The boundary of the union or the intersection of two polygons: of each, the pieces that are outside
 * or inside the other; those that both have once, where they have their insides on one side.
 */
function boundaryPieces(
  a: Polygon,
  b: Polygon,
  { pieces: [ofA = [], ofB = []] }: Cut,
  inside: boolean,
): Piece[] {
  const inA = new Set(ofA.map(directed))
  const inB = new Set(ofB.map(directed))
  const kept = ofA.filter(piece => {
    if (inB.has(directed(piece))) return true
    return !inB.has(reversed(piece)) && polygonHolds(b, middleOf(piece)) === inside
  })
  const others = ofB.filter(piece => {
    if (inA.has(directed(piece)) || inA.has(reversed(piece))) return false
    return polygonHolds(a, middleOf(piece)) === inside
  })
  return [...kept, ...others]
}

function polygonOf(pieces: readonly Piece[]): Polygon {
  return { loops: loopsOf(pieces).map(vertices => new Loop(vertices)) }
}

function unionOfTwo(a: Polygon, b: Polygon): Polygon {
  const edges = [...boundaryOf(a, 0), ...boundaryOf(b, 1)]
  return polygonOf(boundaryPieces(a, b, cut(edges), false))
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
  const parts = cut([...first, ...second])
  const polygon = polygonOf(boundaryPieces(a, b, parts, true))
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
  const { pieces, crossings } = cut([...first, ...second])
  const [ofA = [], ofB = []] = pieces
  const inB = new Set(ofB.flatMap(piece => [directed(piece), reversed(piece)]))
  const lines = pathsOf(ofA.filter(piece => inB.has(directed(piece))))
  return { points: sharedPoints(crossings, first, second, lines, []), lines, polygons: [] }
}

/** The parts of lines that are in a polygon, which holds its boundary. */
export function sharedByLineAndPolygon(lines: readonly Line[], polygon: Polygon): Shared {
  const [first, second] = [edgesOfLines(lines, 0), boundaryOf(polygon, 1)]
  const { pieces, crossings } = cut([...first, ...second])
  const [ofLine = [], ofPolygon = []] = pieces
  const onBoundary = new Set(ofPolygon.flatMap(piece => [directed(piece), reversed(piece)]))
  const inside = pathsOf(
    ofLine.filter(
      piece => onBoundary.has(directed(piece)) || polygonHolds(polygon, middleOf(piece)),
    ),
  )
  const points = sharedPoints(crossings, first, second, inside, [])
  return { points, lines: inside, polygons: [] }
}

/** The union of lines: an edge that they share once, and lines that go on from another joined. */
export function unionOfLines(lines: readonly Line[]): Vector3[][] {
  return pathsOf(distinctEdges(lines).map(({ a, b }, input) => ({ a, b, input })))
}

/** Whether edges of two shapes cross or have a vertex in common. */
export function doMeet(first: readonly Edge[], second: readonly Edge[]): boolean {
  const edges = [...first, ...second]
  let meet = false
  visitNear(edges, (p, q) => {
    const [e, f] = [edges[p]!, edges[q]!]
    if (e.chain === f.chain) return undefined
    meet =
      isSame(e.a, f.a) ||
      isSame(e.a, f.b) ||
      isSame(e.b, f.a) ||
      isSame(e.b, f.b) ||
      doCross(e.a, e.b, f.a, f.b)
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
