import { isMap, isScalar, isSeq, type Node } from 'yaml'
import {
  entriesOf,
  listOf,
  mapped,
  oneOrMore,
  path,
  record,
  refuse,
  resolved,
  type Shape,
  type ShapeReading,
  spanOf,
} from '../rules/shape.ts'
import type { Field, GivenRow, GivenTable, Row, Value } from './model.ts'
import { valueOfNode } from './yaml-value.ts'

/** Any value of a cell. */
const cell: Shape<Value> = {
  schema: {},
  what: 'a value',
  takes: () => true,
  read: (node, reading) => valueOfNode(node, reading),
}

/** A row: values by column, or by path into a dynamic one. */
export const rowShape: Shape<Row> = mapped(
  entriesOf(cell, 'a row: a map of columns and values', 'Columns, or paths into dynamic ones.'),
  (entries, node) => ({
    fields: entries.map(({ name, span, value }): Field => ({ name, nameSpan: span, value })),
    span: spanOf(node),
  }),
)

const rowList = listOf(rowShape, 'a list of rows', 'Rows, of which only the fields that matter.')

const namedRow: Shape<GivenRow> = {
  schema: { oneOf: [rowShape.schema, { type: 'null' }] },
  what: 'a row, or null, which takes it away',
  takes: node => isMap(node) || isNull(node),
  read(node, reading) {
    if (isNull(node)) return { fields: [], span: spanOf(node), removed: true }
    if (!isMap(node)) return refuse(node, this.what, reading)
    const row = rowShape.read(node, reading)
    return row && { ...row, removed: false }
  },
}

const namedRows = mapped(
  entriesOf(namedRow, 'a map of names and rows', 'Rows by names of your own, for tests to change.'),
  entries => entries.map(({ name, value }): GivenRow => ({ ...value, name })),
)

const fromFile = record(
  {
    file: oneOrMore(path('A file.'), 'Files with rows, in any form of export.'),
    rows: {
      ...namedRows,
      schema: { oneOf: [rowList.schema, namedRows.schema] },
      takes: (node: Node) => isMap(node) || isSeq(node),
      read: (node: Node, reading: ShapeReading) => rowsOf(node, reading),
    },
  },
  'a map with file',
  ['file'],
)

function rowsOf(node: Node, reading: ShapeReading): readonly GivenRow[] | undefined {
  if (!isSeq(node)) return namedRows.read(node, reading)
  return rowList.read(node, reading)?.map(row => ({ ...row, removed: false }))
}

type TableData = Pick<GivenTable, 'rows' | 'files'>

const WHAT = 'a list of rows, a map of names and rows, or a map with file'

/** The data of a table: rows, rows with names, or files. */
export const tableShape: Shape<TableData> = {
  schema: { oneOf: [rowList.schema, fromFile.schema, namedRows.schema] },
  what: WHAT,
  takes: node => isMap(node) || isSeq(node),
  read(node, reading) {
    if (!isMap(node) && !isSeq(node)) return refuse(node, WHAT, reading)
    const file = isMap(node) ? fileOf(node, reading) : undefined
    if (file === undefined) {
      const rows = rowsOf(node, reading)
      return rows && { rows, files: [] }
    }
    const read = fromFile.read(node, reading)
    const span = spanOf(file)
    return (
      read && {
        rows: read.rows ?? [],
        files: (read.file ?? []).map(each => ({ path: each, span })),
      }
    )
  },
}

/** Data by table. */
export const givenShape = mapped(
  entriesOf(tableShape, 'a map of tables and their data', 'The data, by table.'),
  entries => entries.map(({ name, span, value }): GivenTable => ({ table: name, span, ...value })),
)

/** The value of `file`, where it is meant as a path and not as a row of that name. */
function fileOf(node: Node, reading: ShapeReading): Node | undefined {
  const value = isMap(node) ? resolved(node.get('file', true), reading) : undefined
  return value !== undefined && !isMap(value) && !isNull(value) ? value : undefined
}

function isNull(node: Node): boolean {
  return isScalar(node) && node.value === null
}
