import { ColumnBatch, concat, gather, NO_ROW } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { Int64Vector, identityRows } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import { indexOfColumn } from '../../types/schema.ts'
import type { Expr, GraphComponentsPlan, GraphPlan, MakeGraphPlan } from '../plan/nodes.ts'
import { collect } from './collect.ts'
import { strongComponents, weakComponents } from './graph-components.ts'
import type { Adjacency, Graph } from './graph-data.ts'
import { edgeSchema, idTypeOf, nodeProperties, nodeSchema } from './graph-schema.ts'
import { KeyIndex } from './key-index.ts'
import type { Executor, Run } from './run.ts'

/** Bytes that a graph takes for each edge and node beside their properties, roughly. */
const BYTES = 64

/** Makes the graph of a plan. */
export async function graphOf(plan: GraphPlan, run: Run): Promise<Graph> {
  return plan.kind === 'make-graph' ? makeGraph(plan, run) : markComponents(plan, run)
}

/** A graph has no rows: what takes one asks for it itself. */
export const executeGraph: Executor<GraphPlan> = plan => {
  throw new InternalError(`rows of ${plan.kind}`)
}

async function makeGraph(plan: MakeGraphPlan, run: Run): Promise<Graph> {
  const tables: ColumnBatch[] = []
  for (const { plan: nodes } of plan.nodes) {
    tables.push(concat(nodes.schema, await collect(nodes, run, 'make-graph')))
  }
  const edges = concat(plan.input.schema, await collect(plan.input, run, 'make-graph'))
  const index = new KeyIndex([idTypeOf(plan)])
  const numbers = tables.map((table, at) => {
    const out = new Uint32Array(table.length)
    index.assign([columnOf(table, plan.nodes[at]!.id)], table.rows, out)
    return out
  })
  const known = index.size
  const [source, target] = numberEnds(plan, edges, index)
  run.keep(0, (edges.length + index.size) * BYTES, 'make-graph')
  if (index.size > known && new Set(plan.nodes.map(({ id }) => id)).size > 1) {
    throw run.fault(
      'KQL302',
      'Nodes that edges name and no table of nodes has are not supported where the tables call their identifiers differently.',
    )
  }
  const ids = index.keyVectors(0, index.size)[0]!
  const out = adjacency(source, index.size)
  const incoming = adjacency(target, index.size)
  const degrees = [incoming, out].map(list => degreesOf(list, index.size))
  const properties = nodeProperties(plan).map(({ name }) =>
    name === plan.nodeId || plan.nodes.some(({ id }) => id === name && isOnlyId(plan))
      ? ids
      : merged(tables, numbers, name, index.size),
  )
  return {
    nodes: new ColumnBatch(nodeSchema(plan), [...properties, ids, ...degrees], index.size),
    edges: new ColumnBatch(
      edgeSchema(plan),
      [...edges.columns, gather(ids, source), gather(ids, target)],
      edges.length,
    ),
    source,
    target,
    out,
    in: incoming,
  }
}

/** Whether all tables of nodes call the identifier alike: each node has it then. */
function isOnlyId({ nodes }: MakeGraphPlan): boolean {
  return nodes.every(({ id }) => id === nodes[0]?.id)
}

function columnOf(batch: ColumnBatch, name: string): Vector {
  return batch.columns[indexOfColumn(batch.schema, name)]!
}

/** The nodes of each edge; new ones are numbered in the order in which edges name them. */
function numberEnds(
  plan: MakeGraphPlan,
  edges: ColumnBatch,
  index: KeyIndex,
): [Uint32Array, Uint32Array] {
  const { length } = edges
  const type = idTypeOf(plan)
  const ends = [plan.source, plan.target].map(
    name => new ColumnBatch([{ name: 'id', type }], [columnOf(edges, name)], length),
  )
  const both = concat([{ name: 'id', type }], ends).columns[0]!
  const order = new Uint32Array(2 * length)
  for (let edge = 0; edge < length; edge++) {
    order[2 * edge] = edge
    order[2 * edge + 1] = length + edge
  }
  const numbers = new Uint32Array(2 * length)
  index.assign([both], order, numbers)
  return [numbers.slice(0, length), numbers.slice(length)]
}

/** A property of all nodes: of the rows of a node, the first that has one. */
function merged(
  tables: readonly ColumnBatch[],
  numbers: readonly Uint32Array[],
  name: string,
  count: number,
): Vector {
  const having = tables.flatMap((table, at) => {
    const index = indexOfColumn(table.schema, name)
    if (index < 0) return []
    const { type } = table.schema[index]!
    const batch = new ColumnBatch([{ name, type }], [table.columns[index]!], table.length)
    return [{ batch, type, numbers: numbers[at]! }]
  })
  const schema = [{ name, type: having[0]!.type }]
  const all = concat(
    schema,
    having.map(({ batch }) => batch),
  ).columns[0]!
  const rows = new Uint32Array(count).fill(NO_ROW)
  let row = 0
  for (const { numbers: own } of having) {
    for (const node of own) {
      if (rows[node] === NO_ROW && hasValue(all, row)) rows[node] = row
      row++
    }
  }
  return gather(all, rows)
}

function hasValue(vector: Vector, row: number): boolean {
  return vector.type === 'string' ? vector.at(row) !== '' : !vector.isNull(row)
}

function adjacency(ends: Uint32Array, count: number): Adjacency {
  const starts = new Uint32Array(count + 1)
  for (const node of ends) starts[node + 1]!++
  for (let node = 0; node < count; node++) starts[node + 1]! += starts[node]!
  const next = starts.slice()
  const edges = new Uint32Array(ends.length)
  ends.forEach((node, edge) => {
    edges[next[node]!++] = edge
  })
  return { starts, edges }
}

function degreesOf({ starts }: Adjacency, count: number): Vector {
  const values = new BigInt64Array(count)
  for (let node = 0; node < count; node++) values[node] = BigInt(starts[node + 1]! - starts[node]!)
  return new Int64Vector('long', values)
}

async function markComponents(plan: GraphComponentsPlan, run: Run): Promise<Graph> {
  const graph = await graphOf(plan.input, run)
  const numbers = plan.components === 'weak' ? weakComponents(graph) : strongComponents(graph)
  const values = BigInt64Array.from(numbers, BigInt)
  const at = nodeProperties(plan).length - 1
  const columns = graph.nodes.columns.toSpliced(at, 0, new Int64Vector('long', values))
  return { ...graph, nodes: new ColumnBatch(nodeSchema(plan), columns, graph.nodes.length) }
}

/** For each row 1 where the filter holds; undefined where there is none. */
export async function maskOf(
  filter: Expr | undefined,
  batch: ColumnBatch,
  run: Run,
): Promise<Uint8Array | undefined> {
  if (filter === undefined) return undefined
  const holds = await run.filter(filter, batch.schema)
  const mask = new Uint8Array(batch.length)
  for (const row of holds(batch, identityRows(batch.length))) mask[row] = 1
  return mask
}
