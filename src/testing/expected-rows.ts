import { didYouMean } from '../engine/binder/suggest.ts'
import type { PathStep } from '../tables/source.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import type { Expectation, Row } from './model.ts'
import { pathOf } from './typed-row.ts'
import { type TypedValue, typedValue } from './typed-value.ts'

/** A value that a row of the result is expected to have. */
export interface ExpectedCell {
  /** As the file writes it: a column, or a path into a dynamic one. */
  readonly name: string
  readonly column: string
  readonly path: readonly PathStep[]
  readonly type: ScalarType
  readonly value: TypedValue
}

/** A row that is expected: the cells that matter. */
export interface ExpectedRow {
  readonly cells: readonly ExpectedCell[]
  readonly span: Span
}

/** The rows that are expected of a result with the columns; undefined where none are listed. */
export function expectedRows(
  { rows }: Expectation,
  schema: Schema,
  bag: DiagnosticBag,
): readonly ExpectedRow[] | undefined {
  if (rows === undefined || 'count' in rows) return undefined
  return rows.list.map(row => ({ cells: cellsOf(row, schema, bag), span: row.span }))
}

/** The same of a result without rows, whose columns only its data would have told. */
export function untypedRows({ rows }: Expectation): readonly ExpectedRow[] | undefined {
  if (rows === undefined || 'count' in rows) return undefined
  return rows.list.map(({ fields, span }) => ({
    cells: fields.map(({ name, value: { value } }) => {
      return { name, column: name, path: [], type: 'dynamic', value }
    }),
    span,
  }))
}

function cellsOf({ fields }: Row, schema: Schema, bag: DiagnosticBag): ExpectedCell[] {
  return fields.flatMap(({ name, nameSpan, value }) => {
    const path = findColumn(schema, name) === undefined ? pathOf(name) : undefined
    const column = findColumn(schema, path?.column ?? name)
    if (column === undefined || (path !== undefined && column.type !== 'dynamic')) {
      const wanted = path?.column ?? name
      const names = schema.map(each => each.name)
      const hint = didYouMean(wanted, names) ?? `There are ${names.join(', ')}.`
      const message =
        column === undefined
          ? `The result has no column \`${wanted}\`.`
          : `\`${wanted}\` is a ${column.type}: there is no path into it.`
      bag.error('KQL602', message, nameSpan, hint)
      return []
    }
    const typed = typedValue(column.type, value, name, bag)
    if (typed === undefined) return []
    const { type } = column
    return [{ name, column: column.name, path: path?.steps ?? [], type, value: typed }]
  })
}
