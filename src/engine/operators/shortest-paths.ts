import type { GraphPathsPlan, PatternEdge } from '../plan/nodes.ts'
import type { Graph } from './graph-data.ts'
import type { Masks } from './graph-search.ts'
import type { Path } from './match-rows.ts'

/** What is looked for. */
export interface PathRequest {
  readonly graph: Graph
  readonly plan: GraphPathsPlan
  readonly edge: PatternEdge
  /** By element. */
  readonly masks: readonly Masks[]
  /** The element that is the edge. */
  readonly at: number
  isWanted(from: number, to: number): boolean
}

export interface FoundPath {
  readonly from: number
  readonly to: number
  readonly path: Path
}

/** How many edges are looked at before others have their turn. */
const WORK_A_TURN = 50_000

/**
 * The shortest paths, source by source; `shorter` where two wanted nodes are nearer to each other than
 * a path may be short, undefined where others should have their turn.
 */
export function* shortestPaths(request: PathRequest): Generator<FoundPath | 'shorter' | undefined> {
  const { graph, plan, edge, masks, isWanted } = request
  const { min, max } = edge.range ?? { min: 1, max: 1 }
  const [starts, ends] = [masks[edge.from]!.filter, masks[edge.to]!.filter]
  const reach = new Reach(request)
  let work = 0
  for (let from = 0; from < graph.nodes.length; from++) {
    if (starts?.[from] === 0) continue
    reach.from(from, max)
    work += reach.work
    for (const to of reach.order) {
      if (ends?.[to] === 0 || !isWanted(from, to)) continue
      if (from === to && plan.acyclic) continue
      if (reach.distance(to) < min) yield 'shorter'
      for (const path of reach.pathsTo(to, plan.output === 'all')) {
        work += path.edges.length + 1
        yield { from, to, path }
      }
    }
    if (work < WORK_A_TURN) continue
    work = 0
    yield undefined
  }
}

/** How far every node is from one, and by which edges it is reached. */
class Reach {
  /** The nodes that are reached, the nearest first. */
  order: number[] = []
  /** How many edges were looked at. */
  work = 0
  readonly #request: PathRequest
  readonly #distances: Int32Array
  /** By node the edges of shortest paths that lead to it, each with the node it comes from. */
  readonly #into: [edge: number, node: number][][]

  constructor(request: PathRequest) {
    this.#request = request
    const count = request.graph.nodes.length
    this.#distances = new Int32Array(count).fill(-1)
    this.#into = Array.from({ length: count }, () => [])
  }

  distance(node: number): number {
    return this.#distances[node]!
  }

  /** Looks from that node, up to so many edges away. */
  from(from: number, max: number): void {
    for (const node of this.order) {
      this.#distances[node] = -1
      this.#into[node] = []
    }
    const { masks, at } = this.#request
    const { inner } = masks[at]!
    this.#distances[from] = 0
    this.order = [from]
    this.work = 0
    for (let next = 0; next < this.order.length; next++) {
      const node = this.order[next]!
      const distance = this.#distances[node]!
      if (distance >= max) break
      if (next > 0 && inner?.[node] === 0) continue
      this.#spread(node, distance + 1)
    }
  }

  #spread(node: number, distance: number): void {
    const { graph, edge: pattern, masks, at } = this.#request
    const { filter } = masks[at]!
    const { direction } = pattern
    for (const [list, across] of [
      [graph.out, graph.target],
      [graph.in, graph.source],
    ] as const) {
      if (direction === (list === graph.out ? 'left' : 'right')) continue
      for (let i = list.starts[node]!; i < list.starts[node + 1]!; i++) {
        this.work++
        const edge = list.edges[i]!
        if (filter?.[edge] === 0) continue
        const to = across[edge]!
        if (this.#distances[to] === -1) {
          this.#distances[to] = distance
          this.order.push(to)
        }
        if (this.#distances[to] === distance) this.#into[to]!.push([edge, node])
      }
    }
  }

  /** The shortest paths to a node that is reached, or the first of them. */
  *pathsTo(to: number, all: boolean): Generator<Path> {
    const length = this.#distances[to]!
    const edges: number[] = []
    const nodes = [to]
    const positions = [-1]
    while (positions.length > 0) {
      const depth = edges.length
      if (depth === length) {
        yield { edges: edges.toReversed(), inner: nodes.slice(1, -1).toReversed() }
        if (!all) return
      }
      const next = depth === length ? undefined : this.#into[nodes[depth]!]![++positions[depth]!]
      if (next === undefined) {
        positions.pop()
        nodes.pop()
        edges.pop()
        continue
      }
      edges.push(next[0])
      nodes.push(next[1])
      positions.push(-1)
    }
  }
}
