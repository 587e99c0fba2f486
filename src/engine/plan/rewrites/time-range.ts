import { isRunConstant } from '../expression.ts'
import type { Expr, Plan, ScanPlan } from '../nodes.ts'
import { conjunctsOf, MIRRORED } from '../predicates.ts'
import { mapOwnInputs } from './map-plan.ts'

const TIME_COLUMNS = new Set(['TimeGenerated', 'Timestamp'])

/** Whether it is the time that rows of tables are sorted and put into folders by. */
export function isTimeOfRows(column: string): boolean {
  return TIME_COLUMNS.has(column)
}

interface Bound {
  readonly column: string
  readonly side: 'from' | 'to'
  readonly value: Expr
}

/** Tells each scan the range of time that the predicate right above it leaves. */
export function timeRanges(plan: Plan): Plan {
  const mapped = mapOwnInputs(plan, timeRanges)
  if (mapped.kind !== 'where' || mapped.input.kind !== 'scan') return mapped
  const bounds = conjunctsOf(mapped.predicate).flatMap(boundsOf)
  const column = bounds[0]?.column
  if (column === undefined) return mapped
  const from = bounds.find(bound => bound.column === column && bound.side === 'from')?.value
  const to = bounds.find(bound => bound.column === column && bound.side === 'to')?.value
  const scan: ScanPlan = {
    ...mapped.input,
    timeRange: {
      column,
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    },
  }
  return { ...mapped, input: scan }
}

function boundsOf(expr: Expr): Bound[] {
  if (expr.kind !== 'call') return []
  const [a, b, c] = expr.arguments
  if (a === undefined || b === undefined) return []
  if (expr.function === 'between' && c !== undefined) {
    return [...bound(a, '>=', b), ...bound(a, '<=', c)]
  }
  if (!(expr.function in MIRRORED)) return []
  if (a.kind === 'column') return bound(a, expr.function, b)
  return bound(b, MIRRORED[expr.function] ?? '', a)
}

function bound(column: Expr, operator: string, value: Expr): Bound[] {
  if (column.kind !== 'column' || !isTimeOfRows(column.name)) return []
  if (column.type !== 'datetime' || value.type !== 'datetime' || !isRunConstant(value)) return []
  return [{ column: column.name, side: operator.startsWith('>') ? 'from' : 'to', value }]
}
