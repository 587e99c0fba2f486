import { findColumn } from '../../types/schema.ts'
import { operator } from './declare.ts'
import { nodeProperties } from './graph-schema.ts'
import { graphInput } from './graph-to-table.ts'

/** @see https://learn.microsoft.com/kusto/query/graph-mark-components-operator */
export const graphMarkComponents = operator('graph-mark-components', {
  name: 'graph-mark-components',
  doc: 'Gives the graph with a property of its nodes that numbers the connected components, here in the order of their first nodes.',
  examples: [
    {
      query:
        'datatable(a: string, b: string)["x", "y", "z", "w"] | make-graph a --> b with_node_id=id | graph-mark-components with_component_id=part | graph-to-table nodes',
      rows: [
        { id: 'x', part: 0 },
        { id: 'y', part: 0 },
        { id: 'z', part: 1 },
        { id: 'w', part: 1 },
      ],
    },
  ],
  bind(node, input, binder) {
    const { span, componentId, components } = node
    const graph = graphInput(binder, input, span)
    if (graph === undefined) return binder.failedPlan(span)
    const property = componentId?.name ?? 'ComponentId'
    if (findColumn(nodeProperties(graph), property) !== undefined) {
      const message = `Nodes have a property \`${property}\` already.`
      const hint = 'Name another: with_component_id=….'
      return binder.failTabular('KS171', message, componentId?.span ?? span, hint)
    }
    return {
      kind: 'graph-components',
      input: graph,
      components: components ?? 'weak',
      property,
      schema: [],
      span,
    }
  },
})
