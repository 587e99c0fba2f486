import { LimitError } from '../text/limit-error.ts'
import { nearestOnEdge } from './crossing.ts'
import type { Polygon } from './geojson.ts'
import { edgesOf, polygonHolds } from './geojson.ts'
import { S2 } from './s2-cells.ts'
import { angleBetween, normalize, type Vector3 } from './vector.ts'

/** What is covered: edges, and the region of polygons. */
export interface Covered {
  readonly edges: readonly { readonly a: Vector3; readonly b: Vector3 }[]
  readonly polygons: readonly Polygon[]
}

/** The most cells that a covering may have. */
export const MOST_CELLS = 65_536

type Segment = Covered['edges'][number]

/** A cell by the rectangle of its face that it is, in the coordinates that divide evenly. */
interface Square {
  readonly face: number
  readonly i: number
  readonly j: number
  readonly level: number
}

interface Bounds {
  readonly u0: number
  readonly u1: number
  readonly v0: number
  readonly v1: number
}

/** Rounding that makes an edge along the border of a cell be in it, as in the S2 library. */
const MARGIN = 2e-15

/** The quadratic that gives the cells of a level nearly the same area. */
function project(s: number): number {
  return s >= 0.5 ? (4 * s * s - 1) / 3 : (1 - 4 * (1 - s) * (1 - s)) / 3
}

function boundsOf({ i, j, level }: Square): Bounds {
  const size = 2 ** -level
  return {
    u0: project(i * size),
    u1: project((i + 1) * size),
    v0: project(j * size),
    v1: project((j + 1) * size),
  }
}

/** The coordinates on a face: right, up, and out of it. */
function onFace(face: number, { x, y, z }: Vector3): readonly [u: number, v: number, w: number] {
  switch (face) {
    case 0:
      return [y, z, x]
    case 1:
      return [-x, z, y]
    case 2:
      return [-x, -y, z]
    case 3:
      return [-z, -y, -x]
    case 4:
      return [-z, x, -y]
    default:
      return [y, x, -z]
  }
}

function fromFace(face: number, u: number, v: number): Vector3 {
  switch (face) {
    case 0:
      return normalize({ x: 1, y: u, z: v })
    case 1:
      return normalize({ x: -u, y: 1, z: v })
    case 2:
      return normalize({ x: -u, y: -v, z: 1 })
    case 3:
      return normalize({ x: -1, y: -v, z: -u })
    case 4:
      return normalize({ x: v, y: -1, z: -u })
    default:
      return normalize({ x: v, y: u, z: -1 })
  }
}

/**
 * Whether an edge meets the cell. The edge is the straight line between its ends seen from the center,
 * and the cell a pyramid: each of its sides cuts a part off the line.
 */
function meets({ a, b }: Segment, face: number, { u0, u1, v0, v1 }: Bounds): boolean {
  const [au, av, aw] = onFace(face, a)
  const [bu, bv, bw] = onFace(face, b)
  const sides: readonly (readonly [start: number, end: number])[] = [
    [aw, bw],
    [au - (u0 - MARGIN) * aw, bu - (u0 - MARGIN) * bw],
    [(u1 + MARGIN) * aw - au, (u1 + MARGIN) * bw - bu],
    [av - (v0 - MARGIN) * aw, bv - (v0 - MARGIN) * bw],
    [(v1 + MARGIN) * aw - av, (v1 + MARGIN) * bw - bv],
  ]
  let [from, to] = [0, 1]
  for (const [start, end] of sides) {
    if (start < 0 && end < 0) return false
    if (start < 0) from = Math.max(from, start / (start - end))
    else if (end < 0) to = Math.min(to, start / (start - end))
    if (from > to) return false
  }
  return true
}

function cornersOf(face: number, { u0, u1, v0, v1 }: Bounds): readonly Vector3[] {
  return [
    fromFace(face, u0, v0),
    fromFace(face, u1, v0),
    fromFace(face, u1, v1),
    fromFace(face, u0, v1),
  ]
}

/** Whether an edge that does not meet the cell is near it. */
function isNear({ a, b }: Segment, corners: readonly Vector3[], radius: number): boolean {
  return corners.some((corner, k) => {
    const next = corners[(k + 1) % 4]!
    return (
      angleBetween(corner, nearestOnEdge(corner, a, b)) <= radius ||
      angleBetween(a, nearestOnEdge(a, corner, next)) <= radius ||
      angleBetween(b, nearestOnEdge(b, corner, next)) <= radius
    )
  })
}

/** Tests of an edge with a cell that one covering may take: some seconds. */
const MOST_TESTS = 50_000_000

/**
 * The tokens of all cells of a level that are nearer to the shape than the radius, an angle, in their
 * order; undefined where there are too many.
 * @throws LimitError where too many edges are near too many cells.
 */
export function covering(shape: Covered, level: number, radius: number): string[] | undefined {
  const found: Square[] = []
  let tests = 0

  /** Adds the cells of the level within one that is inside; whether there is room for them. */
  const fill = ({ face, i, j, level: own }: Square): boolean => {
    const across = 2 ** (level - own)
    if (found.length + across * across > MOST_CELLS) return false
    for (let right = 0; right < across; right++) {
      for (let up = 0; up < across; up++) {
        found.push({ face, i: i * across + right, j: j * across + up, level })
      }
    }
    return true
  }

  const visit = (square: Square, candidates: readonly Segment[]): boolean => {
    const bounds = boundsOf(square)
    const corners = cornersOf(square.face, bounds)
    tests += candidates.length
    if (tests > MOST_TESTS) {
      throw new LimitError(`Covering a shape of ${shape.edges.length} edges would take too long.`)
    }
    const edges = candidates.filter(
      edge => meets(edge, square.face, bounds) || (radius > 0 && isNear(edge, corners, radius)),
    )
    if (edges.length === 0) {
      const inside = shape.polygons.some(polygon => polygonHolds(polygon, corners[0]!))
      return !inside || fill(square)
    }
    if (square.level === level) {
      found.push(square)
      return found.length <= MOST_CELLS
    }
    const { face, i, j } = square
    for (const right of [0, 1]) {
      for (const up of [0, 1]) {
        const child = { face, i: 2 * i + right, j: 2 * j + up, level: square.level + 1 }
        if (!visit(child, edges)) return false
      }
    }
    return true
  }

  for (let face = 0; face < 6; face++) {
    if (!visit({ face, i: 0, j: 0, level: 0 }, shape.edges)) return undefined
  }
  return tokensOf(found)
}

function tokensOf(squares: readonly Square[]): string[] {
  const { S2CellId } = S2.value
  const cells = squares.map(({ face, i, j, level }) => {
    const size = 2 ** (30 - level)
    return S2CellId.fromFaceIJ(face, i * size, j * size).parentL(level)
  })
  const key = (id: bigint) => BigInt.asUintN(64, id)
  return cells.sort((a, b) => (key(a.id) < key(b.id) ? -1 : 1)).map(cell => cell.toToken())
}

/** The edges and the region of polygons. */
export function coveredPolygons(polygons: readonly Polygon[]): Covered {
  return { edges: polygons.flatMap(({ loops }) => edgesOf(loops)), polygons }
}
