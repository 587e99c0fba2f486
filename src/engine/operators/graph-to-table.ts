import type { GraphTableSyntax, NameSyntax } from '../../parser/syntax.ts'
import { allColumns, projectOf } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import type { GraphPlan, GraphTablePlan, NamedExpr, Plan } from '../plan/nodes.ts'
import { isGraph } from '../plan/plan.ts'
import { operator } from './declare.ts'
import {
  edgeProperties,
  edgeSchema,
  idTypeOf,
  NODE_ID,
  nodeProperties,
  nodeSchema,
  SOURCE_ID,
  TARGET_ID,
} from './graph-schema.ts'

/** The graph that an operator takes; undefined, which is reported, where the input is none. */
export function graphInput(binder: Binder, input: Plan, span: Plan['span']): GraphPlan | undefined {
  if (isGraph(input)) return input
  binder.fail('KS137', 'A graph is expected.', span, 'Use make-graph before.')
  return undefined
}

/** @see https://learn.microsoft.com/kusto/query/graph-to-table-operator */
export const graphToTable = operator('graph-to-table', {
  name: 'graph-to-table',
  doc: 'Gives the nodes or the edges of a graph as a table; both, as two results, only at the end of a query.',
  examples: [
    {
      query:
        'datatable(a: string, b: string)["x", "y", "x", "z"] | make-graph a --> b with_node_id=id | graph-to-table nodes',
      rows: [{ id: 'x' }, { id: 'y' }, { id: 'z' }],
    },
  ],
  bind(node, input, binder) {
    const graph = graphInput(binder, input, node.span)
    const [table, second] = node.tables
    if (graph === undefined || table === undefined) return binder.failedPlan(node.span)
    if (second !== undefined) {
      const message =
        'Nodes and edges are two results, which is supported only at the end of a query.'
      return binder.failTabular('KQL101', message, second.span)
    }
    return bindTable(binder, table, graph)
  },
})

function bindTable(binder: Binder, table: GraphTableSyntax, graph: GraphPlan): Plan {
  const { what, nodeId, sourceId, targetId, span } = table
  const isNodes = what === 'nodes'
  const schema = isNodes ? nodeSchema(graph) : edgeSchema(graph)
  const properties = isNodes ? nodeProperties(graph) : edgeProperties(graph)
  const rows: GraphTablePlan = { kind: 'graph-table', input: graph, what, schema, span }
  for (const misplaced of isNodes ? [sourceId, targetId] : [nodeId]) {
    if (misplaced === undefined) continue
    return binder.failTabular('KS125', `${what} have no such identifier.`, misplaced.span)
  }
  const names = new ColumnNames()
  const hashed = (name: NameSyntax | undefined, column: string): NamedExpr[] => {
    if (name === undefined) return []
    const id = { kind: 'column', type: idTypeOf(graph), name: column, span: name.span } as const
    return [{ name: names.unique(name.name), expr: binder.call('hash', [id], name.span) }]
  }
  const added = isNodes
    ? hashed(nodeId, NODE_ID)
    : [...hashed(sourceId, SOURCE_ID), ...hashed(targetId, TARGET_ID)]
  const own = allColumns(binder, properties, span).map(({ name, expr }) => ({
    name: names.unique(name),
    expr,
  }))
  return projectOf(binder, rows, [...added, ...own], span)
}
