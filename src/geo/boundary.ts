import { isOrdered } from './crossing.ts'
import { keyOf } from './loop.ts'
import { leafOf } from './s2-cells.ts'
import type { Vector3 } from './vector.ts'

/** A directed part of an edge of the input, with the number of that edge. */
export interface Piece {
  readonly a: Vector3
  readonly b: Vector3
  readonly input: number
}

/** Pieces with their ends numbered, in the order in which the S2 library builds shapes of them. */
interface Graph {
  readonly pieces: readonly Piece[]
  readonly from: readonly number[]
  readonly to: readonly number[]
  /** The pieces that start at each vertex. */
  readonly leaving: readonly (readonly number[])[]
  readonly arriving: readonly (readonly number[])[]
}

/** Points in the order of the curve that passes all cells: that is how S2 numbers them. */
export function inOrder(points: readonly Vector3[]): Vector3[] {
  const distinct = new Map(points.map(point => [keyOf(point), point]))
  const numbered = [...distinct.values()].map(point => ({ point, leaf: leafOf(point) }))
  numbered.sort((p, q) => (p.leaf < q.leaf ? -1 : p.leaf > q.leaf ? 1 : 0))
  return numbered.map(({ point }) => point)
}

function graphOf(unordered: readonly Piece[]): Graph {
  const vertices = inOrder(unordered.flatMap(({ a, b }) => [a, b]))
  const numberOf = new Map(vertices.map((point, number) => [keyOf(point), number]))
  const number = (point: Vector3) => numberOf.get(keyOf(point))!
  const pieces = unordered.toSorted(
    (p, q) => number(p.a) - number(q.a) || number(p.b) - number(q.b),
  )
  const from = pieces.map(({ a }) => number(a))
  const to = pieces.map(({ b }) => number(b))
  const leaving = vertices.map((): number[] => [])
  const arriving = vertices.map((): number[] => [])
  pieces.forEach((_, piece) => {
    leaving[from[piece]!]!.push(piece)
    arriving[to[piece]!]!.push(piece)
  })
  return { pieces, from, to, leaving, arriving }
}

/** The piece that turns most sharply to the left at the end of one; undefined where none goes on. */
function leftTurn({ pieces, to, leaving }: Graph, piece: number): number | undefined {
  const { a: back, b: center } = pieces[piece]!
  const [first, ...others] = leaving[to[piece]!]!
  return others.reduce((best, choice) => {
    if (best === undefined) return choice
    return isOrdered(back, pieces[best]!.b, pieces[choice]!.b, center) ? choice : best
  }, first)
}

/**
 * The loops that pieces make; undefined where they are not closed. No loop has a vertex twice. They
 * begin and are ordered as those of the S2 library, by the numbers of the input's edges.
 */
export function loopsOf(unordered: readonly Piece[]): Vector3[][] | undefined {
  const graph = graphOf(unordered)
  const { pieces, from, to } = graph
  const loops: number[][] = []
  const used = new Uint8Array(pieces.length)
  const placeOf = new Map<number, number>()
  for (let start = 0; start < pieces.length; start++) {
    const path: number[] = []
    for (let piece = start; used[piece] === 0; ) {
      used[piece] = 1
      path.push(piece)
      const next = leftTurn(graph, piece)
      if (next === undefined) return undefined
      placeOf.set(from[piece]!, path.length - 1)
      const begin = placeOf.get(to[piece]!)
      if (begin !== undefined) {
        const loop = path.splice(begin)
        for (const part of loop) placeOf.delete(from[part]!)
        loops.push(begun(loop, pieces))
      }
      piece = next
    }
    if (path.length > 0) return undefined
    placeOf.clear()
  }
  return loops
    .filter(loop => loop.length > 2)
    .sort((p, q) => pieces[p[0]!]!.input - pieces[q[0]!]!.input)
    .map(loop => loop.map(piece => pieces[piece]!.a))
}

/** The loop begun behind the last of the pieces with the highest number. */
function begun(loop: readonly number[], pieces: readonly Piece[]): number[] {
  const inputOf = (place: number) => pieces[loop[place]!]!.input
  let last = 0
  let passed = false
  for (let place = 1; place < loop.length; place++) {
    const order = inputOf(place) - inputOf(last)
    if (order < 0) passed = true
    else if (order > 0 || !passed) {
      last = place
      passed = false
    }
  }
  return [...loop.slice(last + 1), ...loop.slice(0, last + 1)]
}

/** The lines that pieces make: as long as exactly one piece goes on from the end of another. */
export function pathsOf(unordered: readonly Piece[]): Vector3[][] {
  const graph = graphOf(unordered)
  const { pieces, from, to, leaving, arriving } = graph
  const isInner = (vertex: number) =>
    leaving[vertex]!.length === 1 && arriving[vertex]!.length === 1
  const used = new Uint8Array(pieces.length)
  const paths: number[][] = []
  const follow = (start: number): void => {
    const path: number[] = []
    for (let piece = start; used[piece] === 0; ) {
      used[piece] = 1
      path.push(piece)
      const end = to[piece]!
      if (!isInner(end)) break
      piece = leaving[end]![0]!
    }
    paths.push(path)
  }
  const inputOrder = pieces.map((_, piece) => piece)
  inputOrder.sort((p, q) => pieces[p]!.input - pieces[q]!.input)
  for (const piece of inputOrder) if (!isInner(from[piece]!)) follow(piece)
  // What is left are closed lines.
  for (const piece of inputOrder) if (used[piece] === 0) follow(piece)
  return paths
    .sort((p, q) => pieces[p[0]!]!.input - pieces[q[0]!]!.input)
    .map(path => [pieces[path[0]!]!.a, ...path.map(piece => pieces[piece]!.b)])
}
