import { extended } from '../binder/columns.ts'
import { operator } from './declare.ts'

/** @see https://learn.microsoft.com/kusto/query/extend-operator */
export const extend = operator('extend', {
  name: 'extend',
  doc: 'Adds computed columns; one that has the name of a column of the input takes its place.',
  examples: [
    { query: 'print a = 1 | extend b = a + 1, a = 5', rows: [{ a: 5, b: 2 }] },
    { query: 'print a = 1 | extend tostring(a)', rows: [{ a: '1' }] },
  ],
  bind: (node, input, binder) => extended(binder, input, node.columns, node.span, 'replace'),
})
