import { ColumnBatch } from '../../tables/batch.ts'
import type { GraphMatchPlan, GraphPathsPlan, GraphTablePlan, PatternEdge } from '../plan/nodes.ts'
import { graphOf, maskOf } from './graph.ts'
import type { Graph } from './graph-data.ts'
import { type Masks, Search } from './graph-search.ts'
import { type Matched, MatchRows } from './match-rows.ts'
import type { Executor, Run } from './run.ts'
import { shortestPaths } from './shortest-paths.ts'

/** The nodes or the edges, in their order. */
export const executeGraphTable: Executor<GraphTablePlan> = async function* (plan, run) {
  const graph = await graphOf(plan.input, run)
  const { columns, length } = plan.what === 'nodes' ? graph.nodes : graph.edges
  yield* new ColumnBatch(plan.schema, columns, length).slices(run.batchSize)
}

/** Finds the pattern, in depth from the node that the fewest nodes may stand for. */
export const executeGraphMatch: Executor<GraphMatchPlan> = async function* (plan, run) {
  const graph = await graphOf(plan.input, run)
  const masks = await masksOf(plan, graph, run)
  const search = new Search(graph, plan, masks)
  const rows = await MatchRows.of(plan, graph, run)
  for (;;) {
    const found = search.next()
    if (found === false) break
    if (found === undefined) {
      await run.pause(run.batchSize)
      continue
    }
    rows.add(
      plan.elements.map((element, index): Matched => {
        if (element.kind === 'node') return search.nodeOf[index]!
        return element.range === undefined ? search.edgeOf[index]! : { ...search.pathOf[index]! }
      }),
    )
    if (rows.count < run.batchSize) continue
    await run.pause(rows.count)
    yield rows.take()
  }
  if (rows.count > 0) yield rows.take()
}

/** Finds shortest paths in breadth, from each node that may be the first. */
export const executeGraphPaths: Executor<GraphPathsPlan> = async function* (plan, run) {
  const graph = await graphOf(plan.input, run)
  const masks = await masksOf(plan, graph, run)
  const rows = await MatchRows.of(plan, graph, run)
  const pair = await MatchRows.of(plan, graph, run)
  const pairs = plan.pairs && (await run.filter(plan.pairs, plan.schema))
  const at = plan.elements.findIndex(({ kind }) => kind === 'edge')
  const edge = plan.elements[at] as PatternEdge
  const matchOf = (from: number, to: number, path: Matched): Matched[] =>
    plan.elements.map((_, index) => (index === edge.from ? from : index === edge.to ? to : path))
  const isWanted = (from: number, to: number): boolean => {
    if (pairs === undefined) return true
    pair.add(matchOf(from, to, { edges: [], inner: [] }))
    const batch = pair.take()
    return pairs(batch, batch.rows).length > 0
  }
  for (const found of shortestPaths({ graph, plan, edge, masks, at, isWanted })) {
    if (found === undefined) {
      await run.pause(run.batchSize)
      continue
    }
    if (found === 'shorter') {
      throw run.fault(
        'KQL302',
        `A path of fewer than ${edge.range?.min} edges connects two nodes of graph-shortest-paths, or a node is both: what the shortest of the others is, is not supported.`,
        'Exclude such pairs with where, or use graph-match.',
      )
    }
    rows.add(matchOf(found.from, found.to, found.path))
    if (rows.count < run.batchSize) continue
    await run.pause(rows.count)
    yield rows.take()
  }
  if (rows.count > 0) yield rows.take()
}

/** By element which nodes or edges may stand for it. */
async function masksOf(
  { elements }: GraphMatchPlan | GraphPathsPlan,
  { nodes, edges }: Graph,
  run: Run,
): Promise<Masks[]> {
  const masks: Masks[] = []
  for (const element of elements) {
    if (element.kind === 'node') {
      masks.push({ filter: await maskOf(element.filter, nodes, run), inner: undefined })
    } else {
      const filter = await maskOf(element.filter, edges, run)
      masks.push({ filter, inner: await maskOf(element.innerFilter, nodes, run) })
    }
  }
  return masks
}
