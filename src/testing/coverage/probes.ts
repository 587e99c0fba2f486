import { childrenOf } from '../../engine/plan/expression.ts'
import type { CallExpr, Expr, JoinPlan, Plan, ProjectPlan } from '../../engine/plan/nodes.ts'
import { inputsOf } from '../../engine/plan/plan.ts'
import { expressionsOf, subqueriesOf } from '../../engine/plan/rewrites/map-plan.ts'
import type { Span } from '../../text/span.ts'

/** What is looked at: a part of a filter, a member of a list, a case, a join, an expansion. */
export type ProbeKind = 'condition' | 'member' | 'branch' | 'join' | 'expand'

/** Something in a query that goes one way or another for a row. */
export interface Probe {
  readonly kind: ProbeKind
  /** Where it stands in the query. */
  readonly span: Span
  /** What may happen: `true` and `false`, or `hit` of a member. */
  readonly outcomes: readonly string[]
}

/** A plan to run, whose columns say what happened to each row. */
export interface ProbePlan {
  readonly plan: Plan
  /** For each column of the plan a probe, and which of its outcomes a value stands for. */
  readonly columns: readonly ProbeColumn[]
}

export interface ProbeColumn {
  readonly probe: Probe
  outcomeOf(value: unknown): string | undefined
}

/**
 * What there is to cover in a plan as it was bound. Inside of `mv-apply` and `partition` nothing is
 * looked at: their bodies have no rows of their own.
 */
export function probesOf(plan: Plan): ProbePlan[] {
  const seen = new Set<Plan>()
  const found: ProbePlan[] = []
  const visit = (node: Plan): void => {
    if (seen.has(node)) return
    seen.add(node)
    const isApplied = node.kind === 'mv-apply' || node.kind === 'partition'
    const inputs = isApplied ? [node.input] : inputsOf(node)
    for (const input of [...inputs, ...subqueriesOf(node)]) visit(input)
    found.push(...probesOfNode(node))
  }
  visit(plan)
  return found
}

function probesOfNode(node: Plan): ProbePlan[] {
  if (node.kind === 'join') return joinProbes(node)
  const [input, ...others] = inputsOf(node)
  if (input === undefined || others.length > 0) return []
  const conditions = node.kind === 'where' ? leavesOf(node.predicate).map(conditionProbe) : []
  const inside = expressionsOf(node).flatMap(expr => [...insideOf(expr)].flatMap(exprProbes))
  const expanded =
    node.kind === 'mv-expand' ? node.columns.map(({ expr }) => expandProbe(expr)) : []
  const probes = [...conditions, ...inside, ...expanded].filter(({ expr }) => isWritten(expr.span))
  if (probes.length === 0) return []
  const columns = probes.map(({ expr }, at) => ({ name: `probe ${at}`, expr }))
  const plan: ProjectPlan = {
    kind: 'project',
    input,
    columns,
    schema: columns.map(({ name, expr }) => ({ name, type: expr.type })),
    span: node.span,
  }
  return [{ plan, columns: probes.map(({ column }) => column) }]
}

interface ExprProbe {
  readonly expr: Expr
  readonly column: ProbeColumn
}

/** What is written in a query: not what comes from a function of the workspace. */
function isWritten({ start, end }: Span): boolean {
  return end > start && end < 2 ** 32
}

/** The parts of a predicate that are no `and`, `or` or `not` themselves. */
function leavesOf(expr: Expr): Expr[] {
  const isLogical = expr.kind === 'call' && ['and', 'or', 'not'].includes(expr.function)
  return isLogical ? childrenOf(expr).flatMap(leavesOf) : [expr]
}

function conditionProbe(expr: Expr): ExprProbe {
  return boolProbe('condition', expr, expr.span)
}

function boolProbe(kind: ProbeKind, expr: Expr, span: Span): ExprProbe {
  const probe: Probe = { kind, span, outcomes: ['true', 'false'] }
  return { expr, column: { probe, outcomeOf: value => (value === true ? 'true' : 'false') } }
}

/** The expression and all that are in it. */
function* insideOf(expr: Expr): Generator<Expr> {
  yield expr
  for (const child of childrenOf(expr)) yield* insideOf(child)
}

const LISTS: ReadonlySet<string> = new Set(['in', 'in~', 'has_any'])

function exprProbes(expr: Expr): ExprProbe[] {
  if (expr.kind !== 'call') return []
  if (LISTS.has(expr.function)) return memberProbes(expr)
  if (expr.function !== 'iff' && expr.function !== 'case') return []
  return expr.arguments
    .filter((_, at) => at % 2 === 0 && at + 1 < expr.arguments.length)
    .map(condition => boolProbe('branch', condition, condition.span))
}

/** Whether each member of a list that is written out is what a value is, or has in it. */
function memberProbes(call: CallExpr): ExprProbe[] {
  const [value, ...members] = call.arguments
  if (value === undefined || members.length < 2) return []
  return members.flatMap((member): ExprProbe[] => {
    if (member.kind !== 'literal') return []
    const expr: CallExpr = { ...call, arguments: [value, member], span: member.span }
    const probe: Probe = { kind: 'member', span: member.span, outcomes: ['hit'] }
    return [{ expr, column: { probe, outcomeOf: hit => (hit === true ? 'hit' : undefined) } }]
  })
}

function expandProbe(expr: Expr): ExprProbe {
  const probe: Probe = { kind: 'expand', span: expr.span, outcomes: ['elements', 'empty'] }
  return { expr, column: { probe, outcomeOf: value => (isEmpty(value) ? 'empty' : 'elements') } }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Rows of the left side with and without a partner. */
function joinProbes(join: JoinPlan): ProbePlan[] {
  if (!isWritten(join.span)) return []
  const probe: Probe = { kind: 'join', span: join.span, outcomes: ['matched', 'unmatched'] }
  const columns = join.left.schema.map(
    ({ name }) => ({ name, side: 'left', column: name }) as const,
  )
  const kinds = { matched: 'leftsemi', unmatched: 'leftanti' } as const
  return (['matched', 'unmatched'] as const).map(outcome => {
    const half: JoinPlan = { ...join, joinKind: kinds[outcome], columns, schema: join.left.schema }
    const span = join.span
    const one: Expr = { kind: 'literal', type: 'bool', value: true, span }
    const plan: ProjectPlan = {
      kind: 'project',
      input: half,
      columns: [{ name: 'probe', expr: one }],
      schema: [{ name: 'probe', type: 'bool' }],
      span,
    }
    return { plan, columns: [{ probe, outcomeOf: () => outcome }] }
  })
}
