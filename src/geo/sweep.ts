import { dot, subtract, type Vector3 } from './vector.ts'

/** An edge and the number of its chain: of a loop, of a line. */
export interface Edge {
  readonly a: Vector3
  readonly b: Vector3
  readonly chain: number
}

interface Box {
  readonly edge: number
  readonly low: readonly [number, number, number]
  readonly high: readonly [number, number, number]
}

/** The box around an edge, which bends out of the straight line between its ends. */
function boxOf({ a, b }: Edge, edge: number, margin: number): Box {
  const chord = subtract(a, b)
  const square = dot(chord, chord)
  // The height of an arc over its chord is 1 - cos(angle / 2).
  const bend = 1 - Math.sqrt(Math.max(0, 1 - square / 4)) + margin
  return {
    edge,
    low: [Math.min(a.x, b.x) - bend, Math.min(a.y, b.y) - bend, Math.min(a.z, b.z) - bend],
    high: [Math.max(a.x, b.x) + bend, Math.max(a.y, b.y) + bend, Math.max(a.z, b.z) + bend],
  }
}

/** How wide the edges lie along each axis; the sweep goes along the widest. */
function widestAxis(boxes: readonly Box[]): 0 | 1 | 2 {
  const widths = ([0, 1, 2] as const).map(axis => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const box of boxes) {
      low = Math.min(low, box.low[axis])
      high = Math.max(high, box.high[axis])
    }
    return high - low
  })
  const [x = 0, y = 0, z = 0] = widths
  return x >= y && x >= z ? 0 : y >= z ? 1 : 2
}

/**
 * Calls `visit` with each pair of edges that are near enough to meet, by position, the smaller one
 * first; ends early where it says so. Edges farther apart than `margin` may be left out.
 */
export function visitNear(
  edges: readonly Edge[],
  margin: number,
  visit: (first: number, second: number) => boolean | undefined,
): void {
  const boxes = edges.map((edge, position) => boxOf(edge, position, margin))
  const main = widestAxis(boxes)
  const [second, third] = main === 0 ? [1, 2] : main === 1 ? [0, 2] : [0, 1]
  boxes.sort((p, q) => p.low[main] - q.low[main])
  let open: Box[] = []
  for (const box of boxes) {
    open = open.filter(other => other.high[main] >= box.low[main])
    for (const other of open) {
      const apart =
        other.high[second!]! < box.low[second!]! ||
        other.low[second!]! > box.high[second!]! ||
        other.high[third!]! < box.low[third!]! ||
        other.low[third!]! > box.high[third!]!
      if (apart) continue
      const pair = box.edge < other.edge ? [box.edge, other.edge] : [other.edge, box.edge]
      if (visit(pair[0]!, pair[1]!) === false) return
    }
    open.push(box)
  }
}
