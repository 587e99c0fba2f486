import type { Expr, Plan } from '../../engine/plan/nodes.ts'
import { substitute } from '../../engine/plan/predicates.ts'
import { printExpression } from '../../engine/plan/print-expression.ts'
import { resultValue } from '../../engine/result.ts'
import { Cells } from './cells.ts'
import { Choices } from './choices.ts'
import type { Evaluation } from './evaluation.ts'
import { GroupGrowth } from './grow-groups.ts'
import { type Conflict, Problem } from './problem.ts'
import { SymbolicPlan } from './symbolic.ts'

/** A row of a table, with the columns that matter. */
export type MadeRow = Readonly<Record<string, unknown>>

/** What one way to make rows came to. */
export interface Attempt {
  /** Whether values were found for all that is asked. */
  readonly isSolved: boolean
  /** Whether it was given up, for all that there was to try. */
  readonly isExhausted: boolean
  readonly tables: Readonly<Record<string, readonly MadeRow[]>>
  /** Why it is not solved, and what was left to chance. */
  readonly conflicts: readonly Conflict[]
  /** How many options each decision had. */
  readonly options: readonly number[]
}

/** Characters of an expression that a reason shows. */
const SHOWN = 120

/** Rows of the result that are looked for one by one; more of them are copies where that will do. */
const OWN_ROWS = 20

/** What rows are made with. */
export interface AttemptOptions {
  readonly evaluation: Evaluation
  readonly decisions: ReadonlyMap<number, number>
  /** Rows that the result is to have. */
  readonly rows: number
  readonly period: bigint | undefined
}

/** Makes rows for a plan, with these decisions. */
export function attempt(plan: Plan, options: AttemptOptions): Attempt {
  const { evaluation, decisions, period } = options
  const cells = new Cells()
  const choices = new Choices(decisions)
  const describe = (expr: Expr): string => describeExpr(expr, cells)
  const prefer = (options: number): number => choices.next(options)
  const problem = new Problem(cells, evaluation, { describe, prefer })
  const symbolic = new SymbolicPlan(problem, choices, period)
  const growth = new GroupGrowth(symbolic)
  let isSolved = true
  for (let n = 0; n < options.rows && isSolved; n++) {
    problem.vary(n * 1000)
    symbolic.constraints.length = 0
    const row = symbolic.row(plan)
    isSolved =
      problem.post(symbolic.constraints) && touched(symbolic) && problem.solve() && growth.grow()
    const more = options.rows - n - 1
    if (n + 1 === OWN_ROWS && more > 0 && growth.copy(row, more)) break
  }
  const conflicts = [...problem.ignored.values()]
  if (!isSolved && problem.conflict !== undefined) conflicts.unshift(problem.conflict)
  if (!isSolved && problem.isExhausted) {
    conflicts.push({ span: plan.span, reason: 'the search was given up: there is too much to try' })
  }
  return {
    isSolved,
    isExhausted: problem.isExhausted,
    tables: tablesOf(symbolic, growth),
    conflicts,
    options: choices.options,
  }
}

/** Keys of groups get values, where nothing was asked of them. */
function touched({ groups, problem }: SymbolicPlan): boolean {
  for (const { keyValues } of groups) for (const value of keyValues) problem.touch(value)
  return true
}

function describeExpr(expr: Expr, cells: Cells): string {
  const named = substitute(expr, name => {
    const origin = cells.at(name)?.origin
    if (origin === undefined || expr.kind === 'query') return undefined
    const column = 'column' in origin ? origin.column : origin.kind
    return { kind: 'column', name: column, type: 'dynamic', span: expr.span }
  })
  const text = printExpression(named, { maxLiteral: 40 })
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

function tablesOf(
  { sourceRows, problem }: SymbolicPlan,
  { copies, dropped }: GroupGrowth,
): Record<string, MadeRow[]> {
  // Names are the user's own: `__proto__` is one.
  const values = new Map<number, Map<string, unknown>>()
  for (const cell of problem.cells.all) {
    if (cell.origin.kind !== 'source') continue
    const value = problem.cellValue(cell)
    if (value === undefined) continue
    const { row, column } = cell.origin
    const made = values.get(row.id) ?? new Map<string, unknown>()
    made.set(column, plain(resultValue(cell.type, value)))
    values.set(row.id, made)
  }
  const tables = new Map<string, MadeRow[]>()
  for (const row of sourceRows) {
    if (dropped.has(row)) continue
    const made = Object.fromEntries(values.get(row.id) ?? [])
    const rows = tables.get(row.table) ?? []
    tables.set(row.table, rows)
    for (let n = (copies.get(row) ?? 0) + 1; n > 0; n--) rows.push(made)
  }
  return Object.fromEntries(tables)
}

/** Numbers as JSON has them, where they are exact. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
