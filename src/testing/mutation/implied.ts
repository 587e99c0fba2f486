import { isRunConstant } from '../../engine/plan/expression.ts'
import type { Expr, JoinPlan, Plan, WherePlan } from '../../engine/plan/nodes.ts'
import { conjunctionOf, conjunctsOf } from '../../engine/plan/predicates.ts'

/** A column is greater than a value that is constant in a run, or, where not `strict`, equal to it. */
interface LowerBound {
  readonly value: Expr
  readonly strict: boolean
}

/**
 * The filter over an inner join without lower bounds of a column below that follow from the others: of
 * `a > b` and `b > x` that `a > x`.
 */
export function withoutImplied(plan: WherePlan): WherePlan {
  let input = plan.input
  for (const part of conjunctsOf(plan.predicate)) input = narrowed(input, part)
  return input === plan.input ? plan : { ...plan, input }
}

/** What a filter reads, without what follows from one part of it. */
function narrowed(input: Plan, part: Expr): Plan {
  const order = greater(part)
  const join = joinUnder(input)
  if (order === undefined || join?.joinKind !== 'inner') return input
  const above = sideOf(join, order.greater)
  const below = sideOf(join, order.less)
  if (above === undefined || below === undefined || above.side === below.side) return input
  const bounds = boundsOf(join[below.side], below.column).map(
    ({ value, strict }): LowerBound => ({ value, strict: strict || order.strict }),
  )
  if (bounds.length === 0) return input
  const freed = withoutBounds(join[above.side], above.column, bounds)
  return replaceJoin(input, { ...join, [above.side]: freed })
}

/** The join whose rows a chain of filters takes. */
export function joinUnder(plan: Plan): JoinPlan | undefined {
  if (plan.kind === 'where') return joinUnder(plan.input)
  return plan.kind === 'join' ? plan : undefined
}

/** The chain of filters over another join. */
export function replaceJoin(plan: Plan, join: JoinPlan): Plan {
  return plan.kind === 'where' ? { ...plan, input: replaceJoin(plan.input, join) } : join
}

function sideOf(
  { columns }: JoinPlan,
  name: string,
): { readonly side: 'left' | 'right'; readonly column: string } | undefined {
  const { side, column } = columns.find(item => item.name === name) ?? {}
  return side === undefined || column === undefined ? undefined : { side, column }
}

/** The predicate as one of columns of which the first is greater. */
function greater(
  part: Expr,
): { readonly greater: string; readonly less: string; readonly strict: boolean } | undefined {
  if (part.kind !== 'call' || !/^[<>]=?$/.test(part.function)) return undefined
  const [a, b] = part.arguments
  if (a?.kind !== 'column' || b?.kind !== 'column' || a.type !== b.type) return undefined
  const strict = !part.function.endsWith('=')
  const [more, less] = part.function.startsWith('>') ? [a.name, b.name] : [b.name, a.name]
  return { greater: more, less, strict }
}

/** The lower bounds that the rows of a plan are known to satisfy in a column. */
function boundsOf(plan: Plan, column: string): LowerBound[] {
  switch (plan.kind) {
    case 'where': {
      const own = conjunctsOf(plan.predicate).flatMap(part => boundIn(part, column) ?? [])
      return [...own, ...boundsOf(plan.input, column)]
    }
    case 'project': {
      const expr = plan.columns.find(({ name }) => name === column)?.expr
      return expr?.kind === 'column' ? boundsOf(plan.input, expr.name) : []
    }
    case 'shared':
      return boundsOf(plan.input, column)
    default:
      return []
  }
}

function boundIn(part: Expr, column: string): LowerBound | undefined {
  if (part.kind !== 'call' || (part.function !== '>' && part.function !== '>=')) return undefined
  const [value, bound] = part.arguments
  if (value?.kind !== 'column' || value.name !== column || bound === undefined) return undefined
  return isRunConstant(bound) ? { value: bound, strict: part.function === '>' } : undefined
}

/** The plan without filters of a column that ask for less than the bounds say. */
function withoutBounds(plan: Plan, column: string, bounds: readonly LowerBound[]): Plan {
  switch (plan.kind) {
    case 'where': {
      const input = withoutBounds(plan.input, column, bounds)
      const [first, ...rest] = conjunctsOf(plan.predicate).filter(part => {
        const asked = boundIn(part, column)
        return asked === undefined || !bounds.some(bound => implies(bound, asked))
      })
      return first === undefined
        ? input
        : { ...plan, input, predicate: conjunctionOf([first, ...rest]) }
    }
    case 'project': {
      const expr = plan.columns.find(({ name }) => name === column)?.expr
      if (expr?.kind !== 'column') return plan
      return { ...plan, input: withoutBounds(plan.input, expr.name, bounds) }
    }
    default:
      return plan
  }
}

function implies(bound: LowerBound, asked: LowerBound): boolean {
  const back = agoOf(bound.value)
  const askedBack = agoOf(asked.value)
  if (back !== undefined && askedBack !== undefined && back !== askedBack) return askedBack > back
  if (plain(bound.value) !== plain(asked.value)) return false
  return bound.strict || !asked.strict
}

/** How far back `ago(…)` is, in ticks. */
function agoOf(expr: Expr): bigint | undefined {
  if (expr.kind !== 'call' || expr.function !== 'ago') return undefined
  const [back] = expr.arguments
  return back?.kind === 'literal' && typeof back.value === 'bigint' ? back.value : undefined
}

function plain(expr: Expr): string {
  return JSON.stringify(expr, (key, value: unknown) =>
    key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  )
}
