import type { ScalarType } from '../../types/scalar-type.ts'
import { operator } from './declare.ts'

const SYSTEM_TYPES: Record<ScalarType, string> = {
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

/** @see https://learn.microsoft.com/kusto/query/getschema-operator */
export const getschema = operator('getschema', {
  name: 'getschema',
  doc: 'Gives a row for each column of the input: its name, position and type.',
  examples: [
    {
      query: 'print a = 1 | getschema',
      rows: [{ ColumnName: 'a', ColumnOrdinal: 0, DataType: 'System.Int64', ColumnType: 'long' }],
    },
  ],
  bind(node, input) {
    return {
      kind: 'values',
      schema: [
        { name: 'ColumnName', type: 'string' },
        { name: 'ColumnOrdinal', type: 'long' },
        { name: 'DataType', type: 'string' },
        { name: 'ColumnType', type: 'string' },
      ],
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
