import type { Span } from '../../../text/span.ts'
import type { Column, Schema } from '../../../types/schema.ts'
import { contextsOf } from '../contexts.ts'
import { varies } from '../expression.ts'
import type { ColumnExpr, MvApplyPlan, NamedExpr, Plan } from '../nodes.ts'
import { expressionsOf, mapOwnInputs, subqueriesOf } from './map-plan.ts'

/**
 * Of an mv-apply whose body looks at each row by itself, the mv-expand that gives the same rows, and the
 * operators of the body over all of its rows at once: what they read of elements, and which words rows
 * need, is known to whoever reads the table then.
 */
export function expandApplies(plan: Plan): Plan {
  const mapped = mapOwnInputs(plan, expandApplies)
  return mapped.kind === 'mv-apply' && isByRows(mapped.body, mapped.id) ? expanded(mapped) : mapped
}

/** Whether each row of a body comes of a row of its context, and depends on nothing else of it. */
function isByRows(body: Plan, id: number): boolean {
  switch (body.kind) {
    case 'context':
      return body.id === id
    case 'where':
    case 'project':
    case 'parse':
    case 'mv-expand':
      return (
        !expressionsOf(body).some(varies) &&
        subqueriesOf(body).every(subquery => contextsOf(subquery, id).length === 0) &&
        isByRows(body.input, id)
      )
    default:
      return false
  }
}

/** What no column of a user is called. */
const MARK = '\u0001'

function expanded(plan: MvApplyPlan): Plan {
  const { body, id, schema, span } = plan
  const given = new Set(body.schema.map(({ name }) => name))
  // Columns of the row that the body does not give may be hidden by others of their names in it.
  const own = schema.filter(({ name }) => !given.has(name))
  const hidden = (name: string): string => `${MARK}${id}:${name}`
  const carried = own.map(({ name, type }) => ({ name: hidden(name), type }))
  const copies = own.map(column => ({ name: hidden(column.name), expr: columnExpr(column, span) }))
  return {
    kind: 'project',
    input: overAllRows(body, carried, expansion(plan, copies)),
    columns: schema.map(({ name, type }) => ({
      name,
      expr: columnExpr({ name: given.has(name) ? name : hidden(name), type }, span),
    })),
    schema,
    span,
  }
}

/** The expanded rows, with copies of columns of their row. */
function expansion(
  { input, columns, itemIndex, limit, span }: MvApplyPlan,
  copies: readonly NamedExpr[],
): (context: Schema) => Plan {
  const carried = copies.map(({ name, expr: { type } }) => ({ name, type }))
  const withCopies: Plan = {
    kind: 'project',
    input,
    columns: [...namedColumns(input.schema, span), ...copies],
    schema: [...input.schema, ...carried],
    span,
  }
  return context => ({
    kind: 'mv-expand',
    input: copies.length === 0 ? input : withCopies,
    columns,
    bagKind: 'bag',
    schema: [...context, ...carried],
    span,
    ...(itemIndex === undefined ? {} : { itemIndex }),
    ...(limit === undefined ? {} : { limit }),
  })
}

/** The operators of a body over the rows that stand for its context, of which columns are carried past them. */
function overAllRows(body: Plan, carried: Schema, rows: (context: Schema) => Plan): Plan {
  switch (body.kind) {
    case 'where': {
      const input = overAllRows(body.input, carried, rows)
      return { ...body, input, schema: input.schema }
    }
    case 'project':
      return {
        ...body,
        input: overAllRows(body.input, carried, rows),
        columns: [...body.columns, ...namedColumns(carried, body.span)],
        schema: [...body.schema, ...carried],
      }
    case 'parse':
    case 'mv-expand':
      return {
        ...body,
        input: overAllRows(body.input, carried, rows),
        schema: [...body.schema, ...carried],
      }
    default:
      return rows(body.schema)
  }
}

function namedColumns(schema: Schema, span: Span): NamedExpr[] {
  return schema.map(column => ({ name: column.name, expr: columnExpr(column, span) }))
}

function columnExpr({ name, type }: Column, span: Span): ColumnExpr {
  return { kind: 'column', name, type, span }
}
