import { LimitError } from '../text/limit-error.ts'
import { dot, subtract, type Vector3 } from './vector.ts'

/** An edge and the number of its chain: of a loop, of a line. */
export interface Edge {
  readonly a: Vector3
  readonly b: Vector3
  readonly chain: number
}

/** The box around an edge, and how far it reaches along the sweep. */
interface Box {
  readonly edge: number
  readonly low: Vector3
  readonly high: Vector3
  readonly from: number
  readonly to: number
}

/** The box around an edge, which bends out of the straight line between its ends. */
function boxOf({ a, b }: Edge, edge: number, margin: number, along: Vector3): Box {
  const chord = subtract(a, b)
  // The height of an arc over its chord is 1 - cos(angle / 2).
  const bend = 1 - Math.sqrt(Math.max(0, 1 - dot(chord, chord) / 4)) + margin
  const [start, end] = [dot(a, along), dot(b, along)]
  return {
    edge,
    low: {
      x: Math.min(a.x, b.x) - bend,
      y: Math.min(a.y, b.y) - bend,
      z: Math.min(a.z, b.z) - bend,
    },
    high: {
      x: Math.max(a.x, b.x) + bend,
      y: Math.max(a.y, b.y) + bend,
      z: Math.max(a.z, b.z) + bend,
    },
    from: Math.min(start, end) - bend,
    to: Math.max(start, end) + bend,
  }
}

/** Directions over half of the sphere, evenly. */
const DIRECTIONS: readonly Vector3[] = Array.from({ length: 128 }, (_, k) => {
  const z = (k + 0.5) / 128
  const turn = k * Math.PI * (3 - Math.sqrt(5))
  const flat = Math.sqrt(1 - z * z)
  return { x: flat * Math.cos(turn), y: flat * Math.sin(turn), z }
})

/** How many of the edges say which direction is best. */
const SAMPLE = 500

/** The direction along which the edges are shortest, compared to how far all of them reach. */
function sweepDirection(edges: readonly Edge[]): Vector3 {
  const step = Math.max(1, Math.floor(edges.length / SAMPLE))
  const sample = edges.filter((_, k) => k % step === 0)
  let best = DIRECTIONS[0]!
  let least = Number.POSITIVE_INFINITY
  for (const direction of DIRECTIONS) {
    let [low, high, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
    for (const { a, b } of sample) {
      const [start, end] = [dot(a, direction), dot(b, direction)]
      low = Math.min(low, start, end)
      high = Math.max(high, start, end)
      sum += Math.abs(start - end)
    }
    const share = sum / (high - low)
    if (share < least) {
      least = share
      best = direction
    }
  }
  return best
}

/** Work that may be done: some seconds. Shapes that are not made to be slow stay far below. */
const MOST_WORK = 100_000_000
/** What a visit takes, where to look at two boxes takes 1. */
const VISIT = 100

function tooLong(edges: readonly Edge[]): LimitError {
  return new LimitError(`A shape of ${edges.length} edges would take too long.`)
}

/**
 * Calls `visit` with each pair of edges that are near enough to meet, by position, the smaller one
 * first; ends early where it says so. Edges farther apart than `margin` may be left out.
 * @throws LimitError where too many edges lie side by side.
 */
export function visitNear(
  edges: readonly Edge[],
  margin: number,
  visit: (first: number, second: number) => boolean | undefined,
): void {
  const direction = sweepDirection(edges)
  const boxes = edges.map((edge, position) => boxOf(edge, position, margin, direction))
  boxes.sort((p, q) => p.from - q.from)
  let open: Box[] = []
  let work = 0
  for (const box of boxes) {
    open = open.filter(other => other.to >= box.from)
    work += open.length
    if (work > MOST_WORK) throw tooLong(edges)
    const { low, high } = box
    for (const other of open) {
      const apart =
        other.high.x < low.x ||
        other.low.x > high.x ||
        other.high.y < low.y ||
        other.low.y > high.y ||
        other.high.z < low.z ||
        other.low.z > high.z
      if (apart) continue
      work += VISIT
      const [first, second] =
        box.edge < other.edge ? [box.edge, other.edge] : [other.edge, box.edge]
      if (visit(first, second) === false) return
    }
    open.push(box)
  }
}
