import type { Expr, Plan, SortKey, WindowColumn, WindowPlan } from '../../engine/plan/nodes.ts'
import { callOf } from './calls.ts'
import type { RowMaker, SymbolicRow } from './rows.ts'

/** A row of ordered rows, with the one before or after it where the query looks at that. */
export function windowed(plan: WindowPlan, maker: RowMaker): SymbolicRow {
  const row = maker.row(plan.input)
  const columns = new Map(row.columns)
  const near = plan.columns.filter(isNeighbour)
  const direction = near[0]?.function
  const neighbour = near.length === 0 ? undefined : (row.neighbour ?? maker.row(plan.input))
  for (const column of plan.columns) {
    const [value] = column.arguments
    const isKnown = neighbour !== undefined && value !== undefined && near.includes(column)
    columns.set(
      column.name,
      isKnown && column.function === direction
        ? maker.within(value, neighbour)
        : maker.opaque(column.type, plan.span, 'a window function'),
    )
  }
  if (neighbour === undefined) return { ...row, columns }
  if (row.neighbour === undefined) inOrder(plan, row, neighbour, direction === 'prev', maker)
  const own = new Map(neighbour.columns)
  for (const { name, type } of plan.columns) {
    own.set(name, maker.opaque(type, plan.span, 'a window function'))
  }
  return { ...row, columns, neighbour: { ...neighbour, columns: own } }
}

/** Whether the column has a value of the row right before or after. */
function isNeighbour({ function: name, arguments: args }: WindowColumn): boolean {
  if (name !== 'prev' && name !== 'next') return false
  const [, offset] = args
  return offset === undefined || (offset.kind === 'literal' && Number(offset.value) === 1)
}

/** Puts the neighbour next to the row: equal in all keys but the last, in which it is before or after. */
function inOrder(
  plan: WindowPlan,
  row: SymbolicRow,
  neighbour: SymbolicRow,
  isBefore: boolean,
  maker: RowMaker,
): void {
  const keys = sortKeys(plan.input).filter(({ expr }) => valueIn(row, expr) !== undefined)
  keys.forEach(({ expr, direction }, index) => {
    const own = valueIn(row, expr)
    const other = valueIn(neighbour, expr)
    if (own === undefined || other === undefined) return
    if (index < keys.length - 1 || !ORDERED.has(expr.type)) {
      maker.constraints.push({ kind: 'equal', left: other, right: own })
      return
    }
    const operator = (direction === 'asc') === isBefore ? '<' : '>'
    const call = callOf(operator, 'bool', [other, own], expr.span)
    maker.constraints.push({ kind: 'is', expr: call, truth: true })
  })
}

const ORDERED: ReadonlySet<string> = new Set(['datetime', 'timespan', 'long', 'int', 'real'])

/** The value of a sort key in a row, where the row still has the column. */
function valueIn(row: SymbolicRow, key: Expr): Expr | undefined {
  const value = key.kind === 'column' ? row.columns.get(key.name) : undefined
  return value?.type === key.type ? value : undefined
}

function sortKeys(plan: Plan): readonly SortKey[] {
  switch (plan.kind) {
    case 'sort':
    case 'top':
      return plan.keys
    case 'project':
    case 'where':
    case 'window':
    case 'shared':
    case 'take':
      return sortKeys(plan.input)
    default:
      return []
  }
}
