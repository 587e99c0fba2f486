import { collectColumns } from '../plan/expression.ts'
import { conjunctionOf } from '../plan/predicates.ts'
import { operator } from './declare.ts'
import { bindRows, bindSearch } from './graph-match.ts'
import { graphInput } from './graph-to-table.ts'

/** @see https://learn.microsoft.com/kusto/query/graph-shortest-paths-operator */
export const graphShortestPaths = operator('graph-shortest-paths', {
  name: 'graph-shortest-paths',
  doc: 'Gives a shortest path, or all of them, between each two nodes of a graph that meet conditions.',
  examples: [
    {
      query:
        'datatable(a: string, b: string)["x", "y", "y", "z", "x", "z"] | make-graph a --> b with_node_id=id | graph-shortest-paths (p)-[e*1..3]->(q) where p.id == "x" and q.id == "z" project way = map(e, b)',
      rows: [{ way: ['z'] }],
    },
  ],
  bind(node, input, binder) {
    const graph = graphInput(binder, input, node.span)
    const [pattern, second] = node.patterns
    const [edge, more] = pattern?.edges ?? []
    if (second !== undefined || edge?.range === undefined || more !== undefined) {
      const message = 'Only a pattern of two nodes and one edge of variable length is supported.'
      return binder.failTabular('KQL101', message, (second ?? pattern ?? node).span)
    }
    const found = graph && bindSearch(binder, node, graph)
    if (graph === undefined || found === undefined) return binder.failedPlan(node.span)
    const { names, rest, span } = found
    for (const part of rest) {
      const read = new Set<string>()
      collectColumns(part, read)
      if (!names.read(read).some(({ element }) => names.isPath(element))) continue
      const message = 'A condition about the whole path is not supported, other than all(…).'
      return binder.failTabular('KQL101', message, part.span)
    }
    return bindRows(binder, node, found, () => {
      const { elements, columns } = names
      const [first, ...others] = rest
      return {
        kind: 'graph-paths',
        input: graph,
        elements,
        columns,
        output: node.output ?? 'any',
        ...(node.cycles === 'none' && { acyclic: true }),
        ...(first === undefined ? {} : { pairs: conjunctionOf([first, ...others]) }),
        schema: columns.map(({ name, type }) => ({ name, type })),
        span,
      }
    })
  },
})
