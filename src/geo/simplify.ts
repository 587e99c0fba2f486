import { loopsOf, type Piece, pathsOf } from './boundary.ts'
import { isOrdered } from './crossing.ts'
import { directed, reversed } from './cut.ts'
import type { Line, Polygon } from './geojson.ts'
import { Loop } from './loop.ts'
import { distinctEdges } from './measures.ts'
import { boundaryOf } from './overlay.ts'
import { sign } from './sign.ts'
import { CLEARANCE, longestSnapped, type Snapped, snap } from './snap.ts'
import type { Edge } from './sweep.ts'
import { length, subtract, type Vector3 } from './vector.ts'
import { Window } from './window.ts'

type Segment = Pick<Edge, 'a' | 'b'>

/** A radius that is as good as 0: less than a thousandth of a millimeter. */
const NEGLIGIBLE = 1e-13

/** Edges between sites, one beside another where several edges of the input became the same. */
interface Link {
  readonly from: number
  readonly to: number
  readonly inputs: number[]
}

/** Replaces chains of edges that are nearly straight by one edge each. */
class Chains {
  readonly #snapped: Snapped
  readonly #radius: number
  readonly #links = new Map<string, Link>()
  readonly #leaving = new Map<number, number[]>()
  readonly #arriving = new Map<number, number[]>()
  /** The vertices of the input that each site stands for. */
  readonly #standsFor = new Map<number, Vector3[]>()
  readonly #used = new Set<Link>()
  readonly #found: Piece[] = []

  constructor(edges: readonly Segment[], radius: number) {
    this.#snapped = snap(edges, radius)
    this.#radius = radius
    this.#snapped.chains.forEach((chain, input) => {
      const { a, b } = edges[input]!
      listOf(this.#standsFor, chain[0]!).push(a)
      if (chain.length > 1) listOf(this.#standsFor, chain.at(-1)!).push(b)
      for (let k = 1; k < chain.length; k++) this.#link(chain[k - 1]!, chain[k]!, input)
    })
  }

  #link(from: number, to: number, input: number): void {
    const key = `${from} ${to}`
    const known = this.#links.get(key)
    if (known !== undefined) {
      known.inputs.push(input)
      return
    }
    this.#links.set(key, { from, to, inputs: [input] })
    listOf(this.#leaving, from).push(to)
    listOf(this.#arriving, to).push(from)
  }

  #between(from: number, to: number): Link | undefined {
    return this.#links.get(`${from} ${to}`)
  }

  /** Whether all edges at a site go on from one neighbour to the other. */
  #isInner(site: number): boolean {
    const [leaving, arriving] = [this.#leaving.get(site) ?? [], this.#arriving.get(site) ?? []]
    const neighbours = [...new Set([...leaving, ...arriving])]
    if (neighbours.length !== 2) return false
    const count = (from: number, to: number) => this.#between(from, to)?.inputs.length ?? 0
    const [p, q] = neighbours as [number, number]
    return (
      count(site, p) + count(site, q) === count(p, site) + count(q, site) &&
      count(site, p) + count(p, site) === count(site, q) + count(q, site)
    )
  }

  pieces(): Piece[] {
    const links = [...this.#links.values()].sort((p, q) => p.from - q.from || p.to - q.to)
    for (const link of links) {
      if (!this.#used.has(link) && !this.#isInner(link.from)) this.#follow(link.from, link.to)
    }
    // What is left are loops.
    for (const link of links) if (!this.#used.has(link)) this.#follow(link.from, link.to)
    return this.#found
  }

  /** Simplifies what starts with an edge, up to where it may no longer go on. */
  #follow(start: number, second: number): void {
    let [from, to] = [start, second]
    for (let done = false; !done; ) {
      const chain = [from, to]
      const taken = new Set(chain)
      const window = new Window(this.#snapped.sites[from]!)
      const simple = this.#passes(window, from, from, to, taken)
      for (;;) {
        taken.add(to)
        done = to === start || !this.#isInner(to)
        if (done) break
        const next = this.#after(from, to)
        const goesOn =
          simple &&
          this.#meets(window, to) &&
          this.#passes(window, chain[0]!, to, next, taken) &&
          window.allows(this.#snapped.sites[next]!)
        ;[from, to] = [to, next]
        if (!goesOn) break
        chain.push(to)
      }
      this.#merge(chain)
    }
  }

  #after(from: number, at: number): number {
    const next = [...this.#leaving.get(at)!, ...this.#arriving.get(at)!].find(to => to !== from)
    return next ?? from
  }

  /** Leaves the directions that pass within the radius of all that a site stands for. */
  #meets(window: Window, site: number): boolean {
    return (this.#standsFor.get(site) ?? []).every(vertex => window.meet(vertex, this.#radius))
  }

  /** Leaves the directions that pass the sites near an edge on their sides. */
  #passes(window: Window, first: number, from: number, to: number, taken: Set<number>): boolean {
    const { sites, near } = this.#snapped
    const [p0, p1, p2] = [sites[first]!, sites[from]!, sites[to]!]
    const distance = (point: Vector3) => length(subtract(point, p0))
    const farthest = distance(p2)
    if (farthest < distance(p1)) return false
    if (farthest >= 2 * Math.sin(longestSnapped(this.#radius) / 2)) return false
    const inputs = [this.#between(from, to), this.#between(to, from)].flatMap(
      link => link?.inputs ?? [],
    )
    const lists = inputs.map(input => near[input]!).sort((p, q) => p.length - q.length)
    for (const site of lists[0] ?? []) {
      const point = sites[site]!
      if (distance(point) >= farthest || taken.has(site)) continue
      taken.add(site)
      const onLeft = from === first ? sign(p1, p2, point) > 0 : isOrdered(p0, p2, point, p1)
      if (!window.avoid(point, CLEARANCE * this.#radius, onLeft)) return false
    }
    return true
  }

  #merge(chain: readonly number[]): void {
    const { sites } = this.#snapped
    for (const way of [chain, chain.toReversed()]) {
      const links = way.slice(1).flatMap((to, k) => this.#between(way[k]!, to) ?? [])
      for (const link of links) this.#used.add(link)
      const [a, b] = [sites[way[0]!]!, sites[way.at(-1)!]!]
      links[0]?.inputs.forEach((_, copy) => {
        const input = Math.min(...links.map(({ inputs }) => inputs[copy] ?? inputs[0]!))
        this.#found.push({ a, b, input })
      })
    }
  }
}

function listOf<T>(lists: Map<number, T[]>, key: number): T[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/**
 * Lines with vertices of theirs that are farther apart than the radius, an angle, and nearly straight
 * chains made one edge. None where all of them are smaller.
 * @throws LimitError where too many edges are near each other.
 */
export function simplifiedLines(lines: readonly Line[], radius: number): Vector3[][] {
  const edges = distinctEdges(lines)
  const given = edges.map((edge, input): Piece => ({ ...edge, input }))
  const pieces = radius < NEGLIGIBLE ? given : new Chains(edges, radius).pieces()
  const seen = new Set<string>()
  const distinct = pieces
    .sort((p, q) => p.input - q.input)
    .filter(piece => {
      const known = seen.has(directed(piece)) || seen.has(reversed(piece))
      seen.add(directed(piece))
      return !known
    })
  return pathsOf(distinct)
}

/**
 * A polygon with vertices of its that are farther apart than the radius, an angle, and nearly straight
 * chains made one edge; undefined where all of it is smaller.
 * @throws LimitError where too many edges are near each other.
 */
export function simplifiedPolygon(polygon: Polygon, radius: number): Polygon | undefined {
  if (radius < NEGLIGIBLE) return polygon
  const pieces = new Chains(boundaryOf(polygon, 0), radius).pieces()
  const backward = new Map<string, number>()
  for (const piece of pieces) {
    const key = reversed(piece)
    backward.set(key, (backward.get(key) ?? 0) + 1)
  }
  // An edge and the same back have nothing between them.
  const kept = pieces.filter(piece => {
    const left = backward.get(directed(piece)) ?? 0
    if (left > 0) backward.set(directed(piece), left - 1)
    return left === 0
  })
  const loops = loopsOf(kept)
  if (loops === undefined || loops.length === 0) return undefined
  return { loops: loops.map(vertices => new Loop(vertices)) }
}
