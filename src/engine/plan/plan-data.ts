import { formatTimespan } from '../../types/timespan.ts'
import { literal } from './expression.ts'
import type { Expr, Plan, QueryExpr } from './nodes.ts'
import { printExpression } from './print-expression.ts'

/**
 * A plan or an expression as data that JSON can hold, for tools: its nodes as they are, without spans, with
 * the text of each literal as KQL spells it in place of its value, and ticks as a timespan. What has several
 * readers is whole where it stands first, and has just its `id` after that: the `input` of shared nodes, the
 * `plan` of subqueries.
 */
export function planData(plan: Plan | Expr): unknown {
  return new PlanData().of(plan)
}

class PlanData {
  readonly #shared = new Set<number>()
  readonly #subqueries = new Map<Plan, number>()

  of(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(item => this.of(item))
    // How far apart times in a join may be.
    if (typeof value === 'bigint') return formatTimespan(value)
    if (typeof value !== 'object' || value === null) return value
    if (!isNode(value)) return this.#members(value)
    switch (value.kind) {
      case 'literal':
        return { kind: value.kind, type: value.type, text: printExpression(value) }
      case 'values': {
        const { kind, schema, rows, span } = value
        const texts = rows.map(row =>
          schema.map(({ type }, index) => printExpression(literal(type, row[index] ?? null, span))),
        )
        return { kind, schema, rows: texts }
      }
      case 'shared': {
        if (this.#shared.has(value.id)) return this.#members({ ...value, input: undefined })
        this.#shared.add(value.id)
        return this.#members(value)
      }
      case 'query': {
        const known = this.#subqueries.get(value.plan)
        if (known !== undefined) return this.#members({ ...value, plan: undefined, id: known })
        const id = this.#subqueries.size
        this.#subqueries.set(value.plan, id)
        return this.#members({ ...value, id })
      }
    }
  }

  #members(value: object): unknown {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name, item]) => name !== 'span' && item !== undefined)
        .map(([name, item]) => [name, this.of(item)]),
    )
  }
}

/** The nodes that are not given as they are; everything else in a plan is names and nodes. */
function isNode(
  value: object,
): value is Extract<Plan, { kind: 'values' | 'shared' }> | ReturnType<typeof literal> | QueryExpr {
  return 'kind' in value && NODES.has(value.kind)
}

const NODES: ReadonlySet<unknown> = new Set(['literal', 'values', 'shared', 'query'])
