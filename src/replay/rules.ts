import { childrenOf } from '../engine/plan/expression.ts'
import type { Expr, Plan } from '../engine/plan/nodes.ts'
import { expressionsOf } from '../engine/plan/rewrites/map-plan.ts'
import { plansIn } from '../engine/plan/walk.ts'
import { type CompiledQuery, type CompileOptions, compileQuery } from '../engine/query.ts'
import { withoutIgnored } from '../lexer/ignored-codes.ts'
import { checkPeriod } from '../rules/check-period.ts'
import { checkResults } from '../rules/check-results.ts'
import { checkSettings } from '../rules/check-settings.ts'
import { LIMITS } from '../rules/limits.ts'
import { readSettings } from '../rules/read-settings.ts'
import { diagnosticInFile, type Rule } from '../rules/rule.ts'
import { type Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import type { ReplayRule } from './records.ts'
import { ruleIdOf } from './rule-ids.ts'

/** A rule that compiled, or what is wrong with it. */
export interface PreparedRule {
  readonly rule: ReplayRule
  /** undefined where the query has errors. */
  readonly plan: Plan | undefined
  /** The query, where only the data tell its columns: each run binds it anew. */
  readonly late: CompiledQuery | undefined
  /** Errors and warnings; spans are places in the rule's file. */
  readonly diagnostics: readonly Diagnostic[]
}

/** The schedule for rules that have none, such as hunting queries. */
export interface ScheduleDefaults {
  readonly frequency?: bigint
  readonly period?: bigint
}

/** What a rule is compiled against. */
export type RuleContext = Pick<
  CompileOptions,
  'catalog' | 'workspace' | 'withData' | 'arrivalDelay'
>

/** Compiles a rule to be replayed, and checks what it says of its alerts. */
export function prepareRule(
  rule: Rule,
  context: RuleContext,
  defaults: ScheduleDefaults = {},
): PreparedRule {
  const bag = new DiagnosticBag()
  const settings = readSettings(rule, bag)
  const compiled = compileQuery(rule.query.text, context)
  const { results, bound, diagnostics } = compiled
  const several = checkResults(results)
  const plan = several.length > 0 ? undefined : results[0]?.plan
  const late = compiled.late.length > 0 ? compiled : undefined
  const period = bound === undefined ? [] : checkPeriod(rule, bound)
  const ofQuery = [...diagnostics, ...several, ...withoutIgnored(period, rule.query.text)]
  return {
    rule: {
      id: ruleIdOf(rule),
      rule,
      settings,
      ...scheduleOf(rule, defaults),
    },
    plan,
    late,
    diagnostics: [
      ...ofQuery
        .filter(({ severity }) => severity !== 'info')
        // What is in a saved function has its place in the function's file.
        .map(each => (each.source === undefined ? diagnosticInFile(rule.query, each) : each)),
      ...bag.items,
      // Which columns there are is not known before the run of such a query.
      ...checkSettings(rule, settings, late === undefined ? plan?.schema : undefined),
    ],
  }
}

const DAY = 864_000_000_000n

/**
 * How often a rule runs, and over how much: what it says itself, else the defaults. A window that neither
 * says is as long as the time between two runs.
 */
export function scheduleOf(
  { kind, queryFrequency, queryPeriod }: Rule,
  { frequency, period }: ScheduleDefaults = {},
): Pick<ReplayRule, 'frequency' | 'period'> {
  switch (kind) {
    case 'NRT':
      return { frequency: LIMITS.frequencyOfNrt, period: undefined }
    case 'Hunting':
      return { frequency: frequency ?? DAY, period: period ?? frequency }
    case 'Scheduled':
      return {
        frequency: queryFrequency ?? frequency ?? DAY,
        period: queryPeriod ?? period ?? queryFrequency ?? frequency ?? DAY,
      }
  }
}

const ABSENCE: ReadonlySet<string> = new Set([
  'leftanti',
  'rightanti',
  'leftouter',
  'rightouter',
  'fullouter',
])

/** Whether a plan finds rows by what is not there: anti and outer joins, `!in` and `not` of a query. */
export function tellsFromAbsence(plan: Plan): boolean {
  return [...plansIn(plan)].some(
    node =>
      (node.kind === 'join' && ABSENCE.has(node.joinKind)) ||
      expressionsOf(node).some(isNotInQuery),
  )
}

function isNotInQuery(expr: Expr): boolean {
  if (expr.kind === 'call' && expr.function === 'not' && hasQuery(expr)) return true
  if (expr.kind === 'call' && (expr.function === '!in' || expr.function === '!in~')) {
    if (expr.arguments.some(({ kind }) => kind === 'query')) return true
  }
  return childrenOf(expr).some(isNotInQuery)
}

function hasQuery(expr: Expr): boolean {
  return expr.kind === 'query' || childrenOf(expr).some(hasQuery)
}
