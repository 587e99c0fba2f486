import { LimitError } from '../text/limit-error.ts'
import { inOrder } from './boundary.ts'
import { along, nearestOnEdge } from './crossing.ts'
import { sign } from './sign.ts'
import type { Edge } from './sweep.ts'
import {
  add,
  angleBetween,
  cross,
  dot,
  isSame,
  length,
  normalize,
  normalOf,
  scale,
  subtract,
  type Vector3,
} from './vector.ts'

type Segment = Pick<Edge, 'a' | 'b'>

/**
 * Edges whose vertices are moved to sites: vertices of the input that are farther apart than a radius.
 * As the S2 library documents it: an edge becomes a chain of the sites whose regions, of all points
 * nearest to them, it passes within the radius.
 */
export interface Snapped {
  readonly sites: readonly Vector3[]
  /** The sites near each edge, the nearest to its start first. */
  readonly near: readonly (readonly number[])[]
  /** The sites that each edge passes: one where all of it is at that. */
  readonly chains: readonly (readonly number[])[]
}

/** How far an edge that is snapped may be from the edge it was, and a site that it passes from it. */
export const DEVIATION = 1.1
export const CLEARANCE = 0.5

function chord(angle: number): number {
  return 2 * Math.sin(Math.min(angle, Math.PI) / 2)
}

function apart(a: Vector3, b: Vector3): number {
  return length(subtract(a, b))
}

/** Points by the cell of a grid that they are in; those near a point are in the cells around its own. */
class Grid {
  readonly #size: number
  readonly #cells = new Map<string, number[]>()

  constructor(size: number) {
    this.#size = size
  }

  #cellOf({ x, y, z }: Vector3): [i: number, j: number, k: number] {
    const size = this.#size
    return [Math.floor(x / size), Math.floor(y / size), Math.floor(z / size)]
  }

  add(point: Vector3, number: number): void {
    const key = this.#cellOf(point).join()
    const cell = this.#cells.get(key)
    if (cell === undefined) this.#cells.set(key, [number])
    else cell.push(number)
  }

  /** All numbers of points nearer than the size of a cell, and some of others. */
  around(point: Vector3): number[] {
    const [i, j, k] = this.#cellOf(point)
    const found: number[] = []
    for (const x of [i - 1, i, i + 1]) {
      for (const y of [j - 1, j, j + 1]) {
        for (const z of [k - 1, k, k + 1]) {
          found.push(...(this.#cells.get([x, y, z].join()) ?? []))
        }
      }
    }
    return found
  }
}

/** The vertices in their order without those that are within the radius of one before. */
function sitesOf(edges: readonly Segment[], radius: number): Vector3[] {
  const limit = chord(radius)
  const grid = new Grid(limit * (1 + 1e-9))
  const sites: Vector3[] = []
  for (const vertex of inOrder(edges.flatMap(({ a, b }) => [a, b]))) {
    if (grid.around(vertex).some(site => apart(vertex, sites[site]!) <= limit)) continue
    grid.add(vertex, sites.push(vertex) - 1)
  }
  return sites
}

function distanceTo(point: Vector3, { a, b }: Segment): number {
  return angleBetween(point, nearestOnEdge(point, a, b))
}

/** Tests of an edge with a site that one shape may take: some seconds. */
const MOST_TESTS = 10_000_000

function nearOf(edges: readonly Segment[], sites: readonly Vector3[], reach: number): number[][] {
  // What is near an edge is near one of the points along it that are as far apart as the reach.
  const grid = new Grid(1.5 * reach)
  for (const [number, site] of sites.entries()) grid.add(site, number)
  let tests = 0
  return edges.map(edge => {
    const steps = Math.ceil(angleBetween(edge.a, edge.b) / reach)
    const places = Array.from({ length: Math.min(steps, sites.length) + 1 }, (_, k) =>
      along(edge.a, edge.b, k / steps),
    )
    const candidates =
      steps > sites.length ? sites.keys() : new Set(places.flatMap(place => grid.around(place)))
    const near: number[] = []
    for (const site of candidates) {
      if (++tests > MOST_TESTS) throw tooLong(edges)
      if (distanceTo(sites[site]!, edge) <= reach) near.push(site)
    }
    sortByDistance(near, edge.a, sites)
    return near
  })
}

function tooLong(edges: readonly Segment[]): LimitError {
  return new LimitError(`Simplifying a shape of ${edges.length} edges would take too long.`)
}

function sortByDistance(list: number[], from: Vector3, sites: readonly Vector3[]): void {
  list.sort((p, q) => apart(from, sites[p]!) - apart(from, sites[q]!) || p - q)
}

/** Which of two sites has no point of the edge within the radius that is nearer to it. */
function excluded(
  p: Vector3,
  q: Vector3,
  { a, b }: Segment,
  radius: number,
): 'first' | 'second' | 'none' {
  const ahead = normalize(cross(normalOf(a, b), a))
  const end = angleBetween(a, b)
  const difference = subtract(p, q)
  const nearerToFirst = (angle: number) =>
    dot(difference, a) * Math.cos(angle) + dot(difference, ahead) * Math.sin(angle)
  const covered = (site: Vector3): readonly number[] => {
    const [u, v] = [dot(site, a), dot(site, ahead)]
    const half = Math.acos(Math.min(1, Math.cos(radius) / Math.hypot(u, v)))
    const middle = Math.atan2(v, u)
    return [Math.max(0, middle - half), Math.min(end, middle + half)]
  }
  if (covered(p).every(angle => nearerToFirst(angle) <= 0)) return 'first'
  return covered(q).every(angle => nearerToFirst(angle) >= 0) ? 'second' : 'none'
}

/** On which side of an edge the point lies that is as far from three others. */
function circumcenterSide({ a, b }: Segment, p: Vector3, q: Vector3, r: Vector3): number {
  const center = scale(cross(subtract(q, p), subtract(r, p)), sign(p, q, r))
  return Math.sign(dot(normalOf(a, b), center))
}

/** How much farther than the radius rounding may put the site that a vertex is moved to. */
const ROUNDING = 1e-15

/** The sites that an edge passes. */
function chainOf(
  edge: Segment,
  near: readonly number[],
  sites: readonly Vector3[],
  radius: number,
): number[] {
  const adjacent = chord(2 * radius) * (1 + 1e-14)
  const chain: number[] = []
  for (const candidate of near) {
    const c = sites[candidate]!
    if (distanceTo(c, edge) > radius + ROUNDING) continue
    let kept = true
    for (let last = chain.at(-1); last !== undefined; last = chain.at(-1)) {
      const b = sites[last]!
      if (apart(b, c) >= adjacent) break
      const without = excluded(b, c, edge, radius)
      if (without === 'second') kept = false
      if (without === 'second') break
      if (without === 'none') {
        const before = chain.at(-2)
        if (before === undefined) break
        const a = sites[before]!
        const side = sign(edge.a, edge.b, b)
        if (apart(a, c) >= adjacent || sign(a, b, c) === side) break
        if (circumcenterSide(edge, a, b, c) !== side) break
      }
      chain.pop()
    }
    if (kept) chain.push(candidate)
  }
  return chain
}

/** The last point of the great circle with a normal, toward its end, within the radius of a site. */
function coverageEnd(site: Vector3, normal: Vector3, radius: number): Vector3 {
  const along = cross(normal, site)
  const height = dot(normal, site)
  const [square, sine] = [dot(normal, normal), Math.sin(radius)]
  const middle = scale(subtract(scale(site, square), scale(normal, height)), Math.cos(radius))
  const reach = Math.sqrt(Math.max(0, sine * sine * square - height * height))
  return normalize(add(middle, scale(along, reach)))
}

/** Where on an edge another site keeps it apart from one that the chain between two passes too near. */
function separation(
  { a, b }: Segment,
  site: Vector3,
  before: Vector3,
  after: Vector3,
  radius: number,
): Vector3 {
  const normal = normalOf(a, b)
  const direction = subtract(b, a)
  const nearest = nearestOnEdge(site, a, b)
  const from = coverageEnd(before, normal, radius)
  const to = coverageEnd(after, scale(normal, -1), radius)
  if (dot(subtract(nearest, from), direction) < 0) return from
  return dot(subtract(to, nearest), direction) < 0 ? to : nearest
}

/** Rounds of new sites: each ends near places where edges were too near, mostly after one or two. */
const MOST_ROUNDS = 100

/**
 * Snaps edges, with the radius an angle that is not 0.
 * @throws LimitError where too many edges are near each other.
 */
export function snap(edges: readonly Segment[], radius: number): Snapped {
  const sites = sitesOf(edges, radius)
  const reach = (DEVIATION + CLEARANCE) * radius
  const near = nearOf(edges, sites, reach)
  const chains = edges.map((): readonly number[] => [])
  const longest = chord(longestSnapped(radius))
  let pending = new Set(edges.keys())
  for (let round = 0; pending.size > 0; round++) {
    if (round > MOST_ROUNDS) throw tooLong(edges)
    const next = new Set<number>()
    for (const place of pending) {
      const edge = edges[place]!
      const chain = chainOf(edge, near[place]!, sites, radius)
      chains[place] = chain
      next.delete(place)
      for (const site of separations(edge, chain, near[place]!, sites, radius)) {
        if (sites.some(other => isSame(other, site))) continue
        const number = sites.push(site) - 1
        edges.forEach((other, k) => {
          if (isFar(site, other, reach) || distanceTo(site, other) > reach) return
          near[k]!.push(number)
          sortByDistance(near[k]!, other.a, sites)
          next.add(k)
        })
      }
      if (chain.length > 1 && !isKept(edge, chain, sites) && isLong(chain, sites, longest)) {
        throw new LimitError('Simplifying edges of a quarter of the globe is not supported.')
      }
    }
    pending = next
  }
  return { sites, near, chains }
}

/** Whether a point is far from an edge, for sure. */
function isFar(point: Vector3, { a, b }: Segment, reach: number): boolean {
  return apart(point, a) > 2 * (apart(a, b) + reach)
}

/** Whether snapping leaves an edge as it was. */
function isKept({ a, b }: Segment, chain: readonly number[], sites: readonly Vector3[]): boolean {
  const [from, to] = [sites[chain[0]!]!, sites[chain[1]!]!]
  return chain.length === 2 && isSame(from, a) && isSame(to, b)
}

function isLong(chain: readonly number[], sites: readonly Vector3[], longest: number): boolean {
  return chain.some((site, k) => k > 0 && apart(sites[chain[k - 1]!]!, sites[site]!) >= longest)
}

/** The angle from which on the middle of a snapped edge may be farther away than its ends. */
export function longestSnapped(radius: number): number {
  return 2 * Math.acos(Math.sin(radius) / Math.sin(DEVIATION * radius))
}

/** The sites that a chain needs more, for those that it passes too near without having them. */
function separations(
  edge: Segment,
  chain: readonly number[],
  near: readonly number[],
  sites: readonly Vector3[],
  radius: number,
): Vector3[] {
  const found: Vector3[] = []
  let passed = 0
  let done = -1
  for (const site of near) {
    if (site === chain[passed]) {
      if (++passed === chain.length) break
      continue
    }
    if (passed === 0 || done === passed) continue
    const [before, after] = [sites[chain[passed - 1]!]!, sites[chain[passed]!]!]
    if (distanceTo(sites[site]!, { a: before, b: after }) >= CLEARANCE * radius) continue
    found.push(separation(edge, sites[site]!, before, after, radius))
    done = passed
  }
  return found
}
