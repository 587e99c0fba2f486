import { literal } from './expression.ts'
import type { Expr, Plan } from './nodes.ts'
import { printExpression } from './print-expression.ts'

/**
 * A plan or an expression as data that JSON can hold, for tools: its nodes as they are, without spans, with the
 * text of each literal as KQL spells it in place of its value.
 */
export function planData(plan: Plan | Expr): unknown {
  return data(plan)
}

function data(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(data)
  if (typeof value !== 'object' || value === null) return value
  if (isNode(value)) {
    if (value.kind === 'literal') {
      return { kind: value.kind, type: value.type, text: printExpression(value) }
    }
    if (value.kind === 'values') {
      const { schema, rows, span } = value
      const texts = rows.map(row =>
        schema.map(({ type }, index) => printExpression(literal(type, row[index] ?? null, span))),
      )
      return { kind: value.kind, schema, rows: texts }
    }
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'span')
      .map(([name, item]) => [name, data(item)]),
  )
}

/** The only nodes with values of their own; everything else in a plan is names and nodes. */
function isNode(
  value: object,
): value is Extract<Plan, { kind: 'values' }> | ReturnType<typeof literal> {
  return 'kind' in value && (value.kind === 'literal' || value.kind === 'values')
}
