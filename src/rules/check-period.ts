import { childrenOf } from '../engine/plan/expression.ts'
import type { Expr, Plan } from '../engine/plan/nodes.ts'
import { expressionsOf } from '../engine/plan/rewrites/map-plan.ts'
import { plansIn } from '../engine/plan/walk.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { formatTimespan } from '../types/timespan.ts'
import type { Rule } from './rule.ts'

/**
 * A warning for each time in the query of a scheduled rule that lies further back than the rule's
 * period: Sentinel gives the query only the rows of the period. Spans are places in the query.
 */
export function checkPeriod({ queryPeriod }: Rule, plan: Plan): Diagnostic[] {
  if (queryPeriod === undefined) return []
  const found = new Map<string, Diagnostic>()
  for (const { ticks, span } of timesBack(plan)) {
    if (ticks <= queryPeriod) continue
    found.set(`${span.start} ${span.end}`, {
      code: 'KQL403',
      severity: 'warning',
      message:
        `The query looks ${formatTimespan(ticks)} back, but the rule's queryPeriod is ` +
        `${formatTimespan(queryPeriod)}: older rows are not there when it runs.`,
      span,
      hint: 'Raise queryPeriod, or look back less.',
    })
  }
  return [...found.values()]
}

interface TimeBack {
  readonly ticks: bigint
  readonly span: Span
}

/** The constant durations of `ago(…)` and `now(-…)`. */
function* timesBack(plan: Plan): Generator<TimeBack> {
  for (const node of plansIn(plan)) {
    for (const expr of expressionsOf(node)) yield* timesBackIn(expr)
  }
}

function* timesBackIn(expr: Expr): Generator<TimeBack> {
  if (expr.kind === 'call' && (expr.function === 'ago' || expr.function === 'now')) {
    const [offset] = expr.arguments
    if (offset?.kind === 'literal' && typeof offset.value === 'bigint') {
      yield { ticks: expr.function === 'ago' ? offset.value : -offset.value, span: expr.span }
    }
  }
  for (const child of childrenOf(expr)) yield* timesBackIn(child)
}
