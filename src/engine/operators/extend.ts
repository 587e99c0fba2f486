import { allColumns, bindColumns, projectOf, withWindows } from '../binder/columns.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/extend-operator */
export const extend = operator('extend', {
  name: 'extend',
  doc: 'Adds computed columns; one that has the name of a column of the input takes its place.',
  examples: [
    { query: 'print a = 1 | extend b = a + 1, a = 5', rows: [{ a: 5, b: 2 }] },
    { query: 'print a = 1 | extend tostring(a)', rows: [{ a: '1' }] },
  ],
  bind(node, source, binder) {
    const { input, result } = withWindows(source, rows =>
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
