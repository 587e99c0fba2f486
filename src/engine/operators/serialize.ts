import { allColumns, bindColumns, projectOf, withWindows } from '../binder/columns.ts'
import type { Plan } from '../plan/nodes.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/serialize-operator */
export const serialize = operator('serialize', {
  name: 'serialize',
  doc: 'Marks the order of the rows as one that window functions can rely on; may add columns.',
  examples: [{ query: 'print a = 7 | serialize n = row_number()', rows: [{ a: 7, n: 1 }] }],
  bind(node, source, binder) {
    const ordered: Plan = {
      kind: 'window',
      input: source,
      columns: [],
      schema: source.schema,
      span: node.span,
    }
    if (node.columns.length === 0) return ordered
    const { input, result } = withWindows(ordered, rows =>
      bindColumns(binder, node.columns, rows, 'replace'),
    )
    const columns = allColumns(source.schema, node.span)
    for (const { name, expr } of result) {
      const index = columns.findIndex(column => column.name === name)
      if (index < 0) columns.push({ name, expr })
      else columns[index] = { name, expr }
    }
    return projectOf(binder, input, columns, node.span)
  },
})
