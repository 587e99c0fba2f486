import { childrenOf } from '../engine/plan/expression.ts'
import type { CallExpr, Expr, Plan } from '../engine/plan/nodes.ts'
import { printColumn } from '../engine/plan/print-expression.ts'
import { plansIn } from '../engine/plan/walk.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { WatchedSource } from './watched-source.ts'

/** Operators that compare, of which nothing comes where there is nothing to compare. */
const COMPARISONS: ReadonlySet<string> = new Set(
  [
    ['==', '=~', 'in', 'in~', '<', '<=', '>', '>=', 'between', 'matches regex'],
    ['has', 'has_cs', 'has_any', 'has_all', 'hasprefix', 'hassuffix', 'contains', 'contains_cs'],
    ['startswith', 'startswith_cs', 'endswith', 'endswith_cs'],
  ].flat(),
)

/** What comparisons look through to the column. */
const CONVERSIONS: ReadonlySet<string> = new Set(['tostring', 'tolower', 'toupper', 'trim'])

/**
 * A warning for each comparison of a column, or of a member of one, that no row of the data has a
 * value of: the export lacks it, or its name is not spelt so.
 */
export async function valueHints(
  plans: readonly Plan[],
  sources: ReadonlyMap<string, WatchedSource>,
  signal: AbortSignal,
): Promise<Diagnostic[]> {
  const hints = new Map<string, Diagnostic>()
  for (const plan of plansIn(...plans)) {
    if (plan.kind !== 'where' || plan.input.kind !== 'scan') continue
    const { table } = plan.input
    const source = sources.get(table)
    for (const { call, column } of ofOneColumn(comparisonsIn(plan.predicate))) {
      if (source === undefined || (await mayFitEmpty(call))) continue
      if (!(await source.lacks(column, signal))) continue
      const shown = printColumn(column)
      hints.set(`${call.span.start} ${shown}`, {
        code: 'KQL211',
        severity: 'warning',
        message: `No row of \`${table}\` has a value of \`${shown}\`, so this is true of none.`,
        span: call.span,
        hint: 'The export lacks it, or its name is spelt otherwise there.',
      })
    }
  }
  return [...hints.values()]
}

interface Comparison {
  readonly call: CallExpr
  readonly column: string
}

/** Without what a search, or `*`, asks of every column: that one of them has no value is to be expected. */
function ofOneColumn(comparisons: Iterable<Comparison>): Comparison[] {
  const places = [...Map.groupBy(comparisons, ({ call }) => call.span.start).values()]
  return places.filter(all => new Set(all.map(({ column }) => column)).size === 1).flat()
}

function* comparisonsIn(expr: Expr): Generator<Comparison> {
  if (expr.kind === 'call' && COMPARISONS.has(expr.function)) {
    const [first] = expr.arguments
    const column = first && columnOf(first)
    if (column !== undefined) yield { call: expr, column }
  }
  // Under not(…) nothing to compare is what is looked for.
  if (expr.kind === 'call' && expr.function === 'not') return
  for (const child of childrenOf(expr)) yield* comparisonsIn(child)
}

/** Whether a comparison may be true of the empty text, which rows without a value have. */
async function mayFitEmpty({
  function: name,
  arguments: [, ...others],
}: CallExpr): Promise<boolean> {
  for (const other of others) {
    const { kind, type } = other
    if (kind !== 'literal') {
      if (kind === 'query' || type === 'string' || type === 'dynamic') return true
      continue
    }
    if (name === 'matches regex') {
      // Most queries have none.
      const { compileRegex, isRegex } = await import('../types/regex.ts')
      const regex = compileRegex(String(other.value))
      if (isRegex(regex) && regex.test('')) return true
    } else if (itemsOf(other.value).includes('')) return true
  }
  return false
}

/** The items of a list, or the value itself. */
function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function columnOf(expr: Expr): string | undefined {
  if (expr.kind === 'column') return expr.name
  if (expr.kind !== 'call' || !CONVERSIONS.has(expr.function)) return undefined
  const last = expr.arguments.at(-1)
  return last && columnOf(last)
}
