import type { ScalarType } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'
import { operator } from './declare.ts'

/** What .NET calls each type. */
export const SYSTEM_TYPES: Record<ScalarType, string> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  string: 'System.String',
  guid: 'System.Guid',
  dynamic: 'System.Object',
}

/** The columns of a schema as rows. */
export const SCHEMA_COLUMNS: Schema = [
  { name: 'ColumnName', type: 'string' },
  { name: 'ColumnOrdinal', type: 'long' },
  { name: 'DataType', type: 'string' },
  { name: 'ColumnType', type: 'string' },
]

/** @see https://learn.microsoft.com/kusto/query/getschema-operator */
export const getschema = operator('getschema', {
  name: 'getschema',
  closes: true,
  doc: 'Gives a row for each column of the input: its name, position and type.',
  examples: [
    {
      query: 'print a = 1 | getschema',
      rows: [{ ColumnName: 'a', ColumnOrdinal: 0, DataType: 'System.Int64', ColumnType: 'long' }],
    },
  ],
  bind(node, input, binder) {
    // The rows are not known before the columns are: this keeps the node that waits for them.
    if (binder.isOpen(input.schema)) {
      const columns = SCHEMA_COLUMNS.map(({ name, type }) => ({
        name,
        expr: binder.pending(type, node.span),
      }))
      return { kind: 'project', input, columns, schema: SCHEMA_COLUMNS, span: node.span }
    }
    return {
      kind: 'values',
      schema: SCHEMA_COLUMNS,
      rows: input.schema.map(({ name, type }, index) => [
        name,
        BigInt(index),
        SYSTEM_TYPES[type],
        type,
      ]),
      span: node.span,
    }
  },
})
