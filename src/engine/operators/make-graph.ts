import type { LiteralSyntax, MakeGraphSyntax, NameSyntax } from '../../parser/syntax.ts'
import type { Column, Schema } from '../../types/schema.ts'
import { readColumn, refuseDynamic, unknownColumn } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import type { Expr, MakeGraphPlan, Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

type Nodes = MakeGraphPlan['nodes'][number]

/** @see https://learn.microsoft.com/kusto/query/make-graph-operator */
export const makeGraph = operator('make-graph', {
  name: 'make-graph',
  doc: 'Makes a graph of rows, each of which is an edge, and of tables of nodes, for operators that take a graph.',
  examples: [
    {
      query:
        'datatable(a: string, b: string)["x", "y", "y", "z"] | make-graph a --> b with_node_id=id | graph-match (p)-->(q)-->(r) project here = p.id, there = r.id',
      rows: [{ here: 'x', there: 'z' }],
    },
  ],
  bind(node, input, binder) {
    const { partition } = node
    if (partition === undefined) return bindGraph(binder, node, input, bindNodes(binder, node))
    return bindPartitions(binder, node, partition, input)
  },
})

function bindNodes(binder: Binder, { nodes }: MakeGraphSyntax): Nodes[] {
  return nodes.map(({ table, id }) => ({ plan: binder.tabular(table), id: id.name }))
}

function bindGraph(
  binder: Binder,
  node: MakeGraphSyntax,
  input: Plan,
  nodes: readonly Nodes[],
): Plan {
  const { span, source, target, nodeId } = node
  if (nodes.some(({ plan }) => binder.isFailedPlan(plan))) return binder.failedPlan(span)
  const places = [
    { name: source, schema: input.schema },
    { name: target, schema: input.schema },
    ...nodes.map(({ plan }, index) => ({ name: node.nodes[index]!.id, schema: plan.schema })),
  ]
  const ids = places.map(({ name, schema }) => bindId(binder, name, schema))
  if (ids.some(id => id === undefined)) return binder.failedPlan(span)
  const [type] = ids.map(id => id?.type)
  const other = ids.find(id => id?.type !== type)
  if (other !== undefined) {
    const message = `Identifiers of nodes must all have one type: ${type} and ${other.type} differ.`
    return binder.failTabular('KS107', message, other.span, 'Convert them before.')
  }
  const clash = clashOf(nodes.map(({ plan }) => plan.schema))
  if (clash !== undefined) {
    const message = `The column \`${clash}\` has different types in the tables of nodes.`
    return binder.failTabular('KS107', message, span)
  }
  if (nodeId !== undefined && nodes.length > 0) {
    const message = 'make-graph takes tables of nodes or with_node_id, not both.'
    return binder.failTabular('KS125', message, nodeId.span)
  }
  return {
    kind: 'make-graph',
    input,
    source: source.name,
    target: target.name,
    nodes,
    ...(nodeId === undefined ? {} : { nodeId: nodeId.name }),
    schema: [],
    span,
  }
}

function bindId(binder: Binder, name: NameSyntax, schema: Schema): Expr | undefined {
  const column = binder.columnIn(schema, name.name)
  if (column === undefined) {
    unknownColumn(binder, name.name, name.span, schema)
    return undefined
  }
  const expr = refuseDynamic(binder, readColumn(binder, column, name.span), name)
  return binder.isFailed(expr) ? undefined : expr
}

/** A name that columns of different types have. */
function clashOf(schemas: readonly Schema[]): string | undefined {
  const types = new Map<string, Column['type']>()
  for (const { name, type } of schemas.flat()) {
    if ((types.get(name) ?? type) !== type) return name
    types.set(name, type)
  }
  return undefined
}

/** A graph for each value of a column that edges and nodes have. */
function bindPartitions(
  binder: Binder,
  node: MakeGraphSyntax,
  { column: name, operators }: NonNullable<MakeGraphSyntax['partition']>,
  input: Plan,
): Plan {
  const { span } = node
  if (!operators.slice(0, 1).every(first => isOfEdges(binder, first))) {
    const message = 'partitioned-by is supported only with patterns that have an edge.'
    return binder.failTabular('KQL101', message, operators[0]?.span ?? span)
  }
  const context = binder.contextOf(input.schema, span, false, input)
  const key = bindId(binder, name, input.schema)
  if (key === undefined) return binder.failedPlan(span)
  const { type } = key
  const schema = [{ name: name.name, type }]
  const keys: Plan = {
    kind: 'project',
    input: context,
    columns: [{ name: name.name, expr: key }],
    schema,
    span,
  }
  const value: Expr = { kind: 'query', mode: 'scalar', type, plan: keys, span: name.span }
  const nodes = bindNodes(binder, node).map(({ plan, id }): Nodes => {
    const own = binder.isFailedPlan(plan) ? undefined : bindId(binder, name, plan.schema)
    if (own === undefined) return { plan: binder.failedPlan(span), id }
    const predicate = binder.call('==', [own, value], name.span)
    if (binder.isFailed(predicate)) return { plan: binder.failedPlan(span), id }
    const shared = binder.share(plan, span)
    return { plan: { kind: 'where', input: shared, predicate, schema: plan.schema, span }, id }
  })
  const graph = bindGraph(binder, node, context, nodes)
  if (binder.isFailedPlan(graph)) return graph
  const body = binder.pipe(operators, graph)
  if (binder.isFailedPlan(body)) return binder.failedPlan(span)
  return {
    kind: 'partition',
    input,
    key: name.name,
    id: context.id,
    body,
    schema: body.schema,
    span,
  }
}

function isEmpty(binder: Binder, length: LiteralSyntax | NameSyntax): boolean {
  if (length.kind === 'literal') return length.value === 0n
  const named = binder.scope.lookup(length.name)
  return named?.kind === 'scalar' && named.expr.kind === 'literal' && named.expr.value === 0n
}

/** Whether the operator gives nothing of a graph without edges: partitions of nodes alone have none. */
function isOfEdges(
  binder: Binder,
  node: NonNullable<MakeGraphSyntax['partition']>['operators'][number],
): boolean {
  if (node.kind !== 'graph-match' && node.kind !== 'graph-shortest-paths') return false
  return node.patterns.some(({ edges }) =>
    edges.some(({ range }) => range === undefined || !isEmpty(binder, range.min)),
  )
}
