import { operator } from './declare.ts'

/** `assert-schema (a: long, b: string)`, which has no page of its own. */
export const assertSchema = operator('assert-schema', {
  name: 'assert-schema',
  doc: 'Gives the rows as they are, and is an error where their columns are not the ones listed.',
  examples: [
    {
      query: 'print a = 1, b = "x" | assert-schema (a: long, b: string)',
      rows: [{ a: 1, b: 'x' }],
    },
  ],
  bind(node, input, binder) {
    const { schema } = input
    for (const { name, type, span } of node.columns) {
      const column = schema.find(item => item.name === name.name)
      if (column === undefined) {
        const message = `The rows have no column \`${name.name}\`, which is asserted.`
        return binder.failTabular('KS142', message, span)
      }
      if (column.type !== type && !binder.isFailedColumn(column)) {
        const message = `The column \`${column.name}\` is ${column.type}, not ${type} as asserted.`
        return binder.failTabular('KS107', message, span)
      }
    }
    const same =
      schema.length === node.columns.length &&
      schema.every(({ name }, index) => node.columns[index]?.name.name === name)
    if (same) return input
    return binder.failTabular(
      'KQL101',
      'assert-schema of some of the columns, or in another order, is not supported.',
      node.span,
      `The rows have ${schema.map(({ name, type }) => `${name}: ${type}`).join(', ')}.`,
    )
  },
})
