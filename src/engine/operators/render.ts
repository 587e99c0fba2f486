import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/render-operator */
export const render = operator('render', {
  name: 'render',
  doc: 'Says how the result is to be drawn: kept beside the result, which it does not change.',
  examples: [{ query: 'print a = 1 | render table', rows: [{ a: 1 }] }],
  bind(node, input, binder) {
    const properties: Record<string, string> = Object.create(null)
    for (const { name, value } of node.properties) properties[name] = value
    binder.visualization = { chart: node.chart, properties }
    return input
  },
})
