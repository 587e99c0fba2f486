import type { GraphMatchPlan, PatternEdge } from '../plan/nodes.ts'
import type { Adjacency, Graph } from './graph-data.ts'

/** Which edges and nodes may stand for an element; undefined where all may. */
export interface Masks {
  readonly filter: Uint8Array | undefined
  readonly inner: Uint8Array | undefined
}

/** A way to follow an edge of the pattern from a node that is found already. */
interface Step {
  readonly element: number
  readonly edge: PatternEdge
  readonly start: number
  readonly end: number
  /** Whether it is followed from its second element to its first. */
  readonly reversed: boolean
}

const FOUND = 1
const EXHAUSTED = 0
/** Neither, yet: others may have their turn. */
const PAUSED = 2

/** How far a path is followed before others have their turn. */
const WORK_A_TURN = 50_000

/** Gives one after the other the ways to follow an edge; what one has marked, the next clears. */
interface Cursor {
  next(): typeof FOUND | typeof EXHAUSTED | typeof PAUSED
}

/** Finds a pattern in a graph: what it has found is in its fields. */
export class Search {
  /** By element: the node. */
  readonly nodeOf: Int32Array
  /** By element: the edge of one that is no path. */
  readonly edgeOf: Int32Array
  /** By element: the edges of a path and the nodes between them, in the order of the pattern. */
  readonly pathOf: { edges: number[]; inner: number[] }[]
  readonly graph: Graph
  readonly cycles: GraphMatchPlan['cycles']
  readonly masks: readonly Masks[]
  /** How often each edge, or node, is in what is found so far. */
  readonly usedEdges: Uint8Array
  readonly usedNodes: Uint8Array
  readonly #first: number
  readonly #steps: readonly Step[]
  readonly #cursors: Cursor[] = []
  #node = -1

  constructor(graph: Graph, plan: GraphMatchPlan, masks: readonly Masks[]) {
    const { elements } = plan
    this.graph = graph
    this.cycles = plan.cycles
    this.masks = masks
    this.nodeOf = new Int32Array(elements.length).fill(-1)
    this.edgeOf = new Int32Array(elements.length).fill(-1)
    this.pathOf = elements.map(() => ({ edges: [], inner: [] }))
    this.usedEdges = new Uint8Array(graph.edges.length)
    this.usedNodes = new Uint8Array(graph.nodes.length)
    this.#first = bestStart(plan, graph, masks)
    this.#steps = stepsFrom(plan, this.#first)
  }

  /** Whether another match was found; undefined where others should have their turn. */
  next(): boolean | undefined {
    if (this.#steps.length === 0) return this.#nextStart()
    for (;;) {
      const cursor = this.#cursors.at(-1)
      if (cursor === undefined) {
        if (!this.#nextStart()) return false
        this.#cursors.push(this.#open(0))
        continue
      }
      switch (cursor.next()) {
        case PAUSED:
          return undefined
        case EXHAUSTED:
          this.#cursors.pop()
          break
        case FOUND:
          if (this.#cursors.length === this.#steps.length) return true
          this.#cursors.push(this.#open(this.#cursors.length))
      }
    }
  }

  #nextStart(): boolean {
    const { filter } = this.masks[this.#first]!
    if (this.#node >= 0) this.leave(this.#first)
    do this.#node++
    while (this.#node < this.graph.nodes.length && filter?.[this.#node] === 0)
    if (this.#node >= this.graph.nodes.length) {
      this.#node = this.graph.nodes.length
      return false
    }
    this.enter(this.#first, this.#node)
    return true
  }

  #open(index: number): Cursor {
    const step = this.#steps[index]!
    return step.edge.range === undefined ? new EdgeCursor(this, step) : new PathCursor(this, step)
  }

  /** Whether the node may stand for the element, which may be found already. */
  mayEnd(element: number, node: number): boolean {
    const found = this.nodeOf[element]!
    if (found >= 0) return found === node
    if (this.cycles === 'none' && this.usedNodes[node] !== 0) return false
    return this.masks[element]!.filter?.[node] !== 0
  }

  enter(element: number, node: number): void {
    this.nodeOf[element] = node
    this.usedNodes[node]!++
  }

  leave(element: number): void {
    const node = this.nodeOf[element]!
    if (node >= 0) this.usedNodes[node]!--
    this.nodeOf[element] = -1
  }

  mayFollow(element: number, edge: number): boolean {
    if (this.cycles !== 'all' && this.usedEdges[edge] !== 0) return false
    return this.masks[element]!.filter?.[edge] !== 0
  }
}

/** The node of the pattern that the fewest nodes of the graph may stand for. */
function bestStart({ elements }: GraphMatchPlan, graph: Graph, masks: readonly Masks[]): number {
  let best = 0
  let fewest = Number.POSITIVE_INFINITY
  elements.forEach(({ kind }, index) => {
    if (kind === 'edge') return
    const mask = masks[index]!.filter
    const count = mask === undefined ? graph.nodes.length : mask.reduce((sum, one) => sum + one, 0)
    if (count >= fewest) return
    best = index
    fewest = count
  })
  return best
}

/** The edges of the pattern in an order in which each starts at a node that is found by then. */
function stepsFrom({ elements }: GraphMatchPlan, first: number): Step[] {
  const found = new Set([first])
  const steps: Step[] = []
  const left = new Map<number, PatternEdge>()
  elements.forEach((element, index) => {
    if (element.kind === 'edge') left.set(index, element)
  })
  while (left.size > 0) {
    const candidates = [...left].filter(([, { from, to }]) => found.has(from) || found.has(to))
    // An edge between nodes that are both found only takes matches away.
    const both = candidates.find(([, { from, to }]) => found.has(from) && found.has(to))
    const [element, edge] = (both ?? candidates[0])!
    const reversed = !found.has(edge.from)
    const [start, end] = reversed ? [edge.to, edge.from] : [edge.from, edge.to]
    steps.push({ element, edge, start, end, reversed })
    left.delete(element)
    found.add(end)
  }
  return steps
}

/** The edges of one node that a step may follow, one after the other. */
class Neighbours {
  readonly #lists: readonly Adjacency[]
  readonly #graph: Graph

  constructor(graph: Graph, { edge, reversed }: Step) {
    const { direction } = edge
    const forward = (direction === 'right') !== reversed
    this.#graph = graph
    this.#lists = direction === 'any' ? [graph.out, graph.in] : [forward ? graph.out : graph.in]
  }

  /** The edge at that position among those of the node; -1 behind the last. */
  at(node: number, position: number): number {
    let rest = position
    for (const { starts, edges } of this.#lists) {
      const count = starts[node + 1]! - starts[node]!
      if (rest < count) return edges[starts[node]! + rest]!
      rest -= count
    }
    return -1
  }

  /** Whether the position repeats one before: an edge from a node to itself goes out and comes in. */
  isRepeated(node: number, position: number): boolean {
    if (this.#lists.length === 1) return false
    const { starts } = this.#graph.out
    if (position < starts[node + 1]! - starts[node]!) return false
    const edge = this.at(node, position)
    return this.#graph.source[edge] === this.#graph.target[edge]
  }

  /** The node at the other end of an edge. */
  across(node: number, position: number): number {
    const { source, target, out } = this.#graph
    const edge = this.at(node, position)
    if (this.#lists.length === 1) return this.#lists[0] === out ? target[edge]! : source[edge]!
    const outgoing = out.starts[node + 1]! - out.starts[node]!
    return position < outgoing ? target[edge]! : source[edge]!
  }
}

class EdgeCursor implements Cursor {
  readonly #search: Search
  readonly #step: Step
  readonly #neighbours: Neighbours
  readonly #bound: boolean
  #position = -1

  constructor(search: Search, step: Step) {
    this.#search = search
    this.#step = step
    this.#neighbours = new Neighbours(search.graph, step)
    this.#bound = search.nodeOf[step.end]! >= 0
  }

  next(): ReturnType<Cursor['next']> {
    const search = this.#search
    const { element, start, end } = this.#step
    this.#clear()
    const node = search.nodeOf[start]!
    for (;;) {
      const edge = this.#neighbours.at(node, ++this.#position)
      if (edge < 0) return EXHAUSTED
      if (!search.mayFollow(element, edge)) continue
      if (this.#neighbours.isRepeated(node, this.#position)) continue
      const to = this.#neighbours.across(node, this.#position)
      if (!search.mayEnd(end, to)) continue
      search.edgeOf[element] = edge
      search.usedEdges[edge]!++
      if (!this.#bound) search.enter(end, to)
      return FOUND
    }
  }

  #clear(): void {
    const search = this.#search
    const { element, end } = this.#step
    const edge = search.edgeOf[element]!
    if (edge < 0) return
    search.usedEdges[edge]!--
    search.edgeOf[element] = -1
    if (!this.#bound) search.leave(end)
  }
}

/** Follows paths in depth, with a stack of its own. */
class PathCursor implements Cursor {
  readonly #search: Search
  readonly #step: Step
  readonly #neighbours: Neighbours
  readonly #range: { readonly min: number; readonly max: number }
  readonly #bound: boolean
  readonly #nodes: number[]
  readonly #edges: number[] = []
  readonly #positions: number[] = [-1]
  #begun = false
  #given = false

  constructor(search: Search, step: Step) {
    this.#search = search
    this.#step = step
    this.#neighbours = new Neighbours(search.graph, step)
    this.#range = step.edge.range ?? { min: 1, max: 1 }
    this.#bound = search.nodeOf[step.end]! >= 0
    this.#nodes = [search.nodeOf[step.start]!]
  }

  next(): ReturnType<Cursor['next']> {
    this.#clear()
    if (!this.#begun) {
      this.#begun = true
      if (this.#range.min === 0 && this.#give()) return FOUND
    }
    for (let work = 0; work < WORK_A_TURN; work++) {
      if (!this.#extend()) {
        if (!this.#retreat()) return EXHAUSTED
        continue
      }
      if (this.#edges.length >= this.#range.min && this.#give()) return FOUND
    }
    return PAUSED
  }

  /** Follows the next edge of the last node; false where there is none. */
  #extend(): boolean {
    const depth = this.#edges.length
    if (depth >= this.#range.max) return false
    const search = this.#search
    const node = this.#nodes[depth]!
    const { inner } = search.masks[this.#step.element]!
    if (depth > 0 && inner?.[node] === 0) return false
    for (;;) {
      const position = ++this.#positions[depth]!
      const edge = this.#neighbours.at(node, position)
      if (edge < 0) return false
      if (!search.mayFollow(this.#step.element, edge)) continue
      if (this.#neighbours.isRepeated(node, position)) continue
      const to = this.#neighbours.across(node, position)
      if (search.cycles === 'none' && search.usedNodes[to] !== 0) continue
      this.#edges.push(edge)
      this.#nodes.push(to)
      this.#positions.push(-1)
      if (search.cycles === 'unique_edges') search.usedEdges[edge]!++
      if (search.cycles === 'none') search.usedNodes[to]!++
      return true
    }
  }

  #retreat(): boolean {
    const edge = this.#edges.pop()
    if (edge === undefined) return false
    const node = this.#nodes.pop()!
    this.#positions.pop()
    const search = this.#search
    if (search.cycles === 'unique_edges') search.usedEdges[edge]!--
    if (search.cycles === 'none') search.usedNodes[node]!--
    return true
  }

  /** Makes the path so far the one that is found, where it may end. */
  #give(): boolean {
    const search = this.#search
    const { element, end, reversed } = this.#step
    const node = this.#nodes.at(-1)!
    // The path itself has marked its last node.
    const marked = search.cycles === 'none' && this.#edges.length > 0
    if (marked) search.usedNodes[node]!--
    const may = search.mayEnd(end, node)
    if (may && !this.#bound) search.enter(end, node)
    else if (marked) search.usedNodes[node]!++
    if (!may) return false
    const inner = this.#nodes.slice(1, -1)
    const path = search.pathOf[element]!
    path.edges = reversed ? this.#edges.toReversed() : [...this.#edges]
    path.inner = reversed ? inner.toReversed() : inner
    this.#given = true
    return true
  }

  #clear(): void {
    if (!this.#given) return
    this.#given = false
    if (this.#bound) return
    const search = this.#search
    search.leave(this.#step.end)
    if (search.cycles === 'none' && this.#edges.length > 0) {
      search.usedNodes[this.#nodes.at(-1)!]!++
    }
  }
}
