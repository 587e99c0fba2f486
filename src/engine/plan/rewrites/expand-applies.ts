import type { Column } from '../../../types/schema.ts'
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

function expanded({ input, columns, body, id, itemIndex, limit, schema, span }: MvApplyPlan): Plan {
  // Columns of the row that the body does not give may be hidden by others of their names in it.
  const given = new Set(body.schema.map(({ name }) => name))
  const own = schema.filter(({ name }) => !given.has(name))
  const column = (name: string, type: Column['type']): ColumnExpr => {
    return { kind: 'column', name, type, span }
  }
  const carried = own.map(({ name, type }) => ({ name: `${MARK}${id}:${name}`, type }))
  const carriedOf = new Map(own.map(({ name }, k) => [name, carried[k]!.name]))
  const passed = carried.map(({ name, type }): NamedExpr => ({ name, expr: column(name, type) }))
  const withCarried = (inner: Plan): Plan => {
    switch (inner.kind) {
      case 'where': {
        const below = withCarried(inner.input)
        return { ...inner, input: below, schema: below.schema }
      }
      case 'project':
        return {
          ...inner,
          input: withCarried(inner.input),
          columns: [...inner.columns, ...passed],
          schema: [...inner.schema, ...carried],
        }
      case 'parse':
      case 'mv-expand':
        return {
          ...inner,
          input: withCarried(inner.input),
          schema: [...inner.schema, ...carried],
        }
      default: {
        const all: Plan =
          own.length === 0
            ? input
            : {
                kind: 'project',
                input,
                columns: [
                  ...input.schema.map(({ name, type }) => ({ name, expr: column(name, type) })),
                  ...own.map(({ name, type }, k) => ({
                    name: carried[k]!.name,
                    expr: column(name, type),
                  })),
                ],
                schema: [...input.schema, ...carried],
                span,
              }
        return {
          kind: 'mv-expand',
          input: all,
          columns,
          bagKind: 'bag',
          schema: [...inner.schema, ...carried],
          span,
          ...(itemIndex === undefined ? {} : { itemIndex }),
          ...(limit === undefined ? {} : { limit }),
        }
      }
    }
  }
  return {
    kind: 'project',
    input: withCarried(body),
    columns: schema.map(({ name, type }) => ({
      name,
      expr: column(carriedOf.get(name) ?? name, type),
    })),
    schema,
    span,
  }
}
