import { isRunConstant, mapChildren } from '../../engine/plan/expression.ts'
import type { CallExpr, Expr, JoinPlan, Plan, WherePlan } from '../../engine/plan/nodes.ts'
import { conjunctionOf, conjunctsOf } from '../../engine/plan/predicates.ts'
import { rewriteAll } from '../../engine/plan/rewrite.ts'
import { mapExpressions, mapInputs, mapSubqueries } from '../../engine/plan/rewrites/map-plan.ts'
import { Rewritten } from '../../engine/plan/rewrites/rewritten.ts'
import type { CompiledQuery } from '../../engine/query.ts'
import { joinUnder, replaceJoin, withoutImplied } from './implied.ts'

/** What a run gives a query to see: no rows from before the window, which is so long, in ticks. */
export interface MeaningOptions {
  readonly window?: bigint | undefined
}

/**
 * A text that is the same for two queries only where both give the same rows over any data, as far as
 * that can be told from their plans; undefined for a query with errors, or whose columns only the data
 * tell. Different texts prove nothing.
 */
export function meaningOf(
  { results, late }: CompiledQuery,
  { window }: MeaningOptions = {},
): string | undefined {
  if (results.length === 0 || late.length > 0) return undefined
  const simplified = rewritten(
    results.map(({ bound }) => bound),
    plan => simpler(plan, window),
  )
  return JSON.stringify(rewritten(rewriteAll(simplified), canonical, canonicalExpr), plainly())
}

/** The plans with each node, and each expression, as it is made of the one with what is in it made so. */
function rewritten(
  plans: readonly Plan[],
  ofNode: (plan: Plan) => Plan,
  ofExpr: (expr: Expr) => Expr = expr => expr,
): Plan[] {
  const done = new Rewritten()
  const rewrite = (plan: Plan): Plan => {
    if (plan.kind === 'shared') return done.shared(plan, rewrite)
    const inside = mapExpressions(mapInputs(plan, rewrite), expr =>
      mapSubqueries(ofExpr(expr), query => done.subquery(query, rewrite)),
    )
    return ofNode(inside)
  }
  return plans.map(rewrite)
}

/** The node without filters that every row passes, and without outer joins of which no row is kept. */
function simpler(plan: Plan, window: bigint | undefined): Plan {
  if (plan.kind !== 'where') return plan
  const narrowed = window === undefined ? plan : withoutWindow(plan, window)
  return narrowed.kind === 'where' ? withoutImplied(overInnerJoin(narrowed)) : narrowed
}

/** The filter without parts that hold for every row of a table in the window of a run. */
function withoutWindow(plan: WherePlan, window: bigint): Plan {
  if (!readsTable(plan.input)) return plan
  const [first, ...rest] = conjunctsOf(plan.predicate).filter(part => !holdsIn(part, window))
  if (first === undefined) return plan.input
  return { ...plan, predicate: conjunctionOf([first, ...rest]) }
}

function readsTable(plan: Plan): boolean {
  return plan.kind === 'scan' || (plan.kind === 'where' && readsTable(plan.input))
}

/** Whether `TimeGenerated > ago(…)` and the like ask for no more than the window does. */
function holdsIn(part: Expr, window: bigint): boolean {
  if (part.kind !== 'call' || (part.function !== '>' && part.function !== '>=')) return false
  const [time, bound] = part.arguments
  if (time?.kind !== 'column' || time.name !== 'TimeGenerated') return false
  if (bound?.kind !== 'call' || bound.function !== 'ago') return false
  const [back] = bound.arguments
  if (back?.kind !== 'literal' || typeof back.value !== 'bigint') return false
  return part.function === '>=' ? back.value >= window : back.value > window
}

/** The kind of join that gives the same rows where those without a partner are left out. */
function overInnerJoin(plan: WherePlan): WherePlan {
  const join = joinUnder(plan.input)
  if (join === undefined) return plan
  const { joinKind } = join
  const rejects = (side: 'left' | 'right') =>
    conjunctsOf(plan.predicate).some(part => rejectsNothing(part, columnsOf(join, side)))
  const noLeft = joinKind === 'rightouter' || joinKind === 'fullouter' ? rejects('left') : false
  const noRight = joinKind === 'leftouter' || joinKind === 'fullouter' ? rejects('right') : false
  if (!noLeft && !noRight) return plan
  const kept = {
    left: joinKind !== 'rightouter' && !noRight,
    right: joinKind !== 'leftouter' && !noLeft,
  }
  const kind = kept.left ? 'leftouter' : kept.right ? 'rightouter' : 'inner'
  return { ...plan, input: replaceJoin(plan.input, { ...join, joinKind: kind }) }
}

/** What the columns of a side hold in rows without a partner there: nothing, which is null or an empty text. */
function columnsOf(join: JoinPlan, side: 'left' | 'right'): ReadonlySet<string> {
  return new Set(join.columns.filter(column => column.side === side).map(({ name }) => name))
}

/** Comparisons that are not true where a side of them is null. */
const COMPARING: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'between', '=='])
/** Those of a text with others, which are not true of an empty one where none of the others is empty. */
const MATCHING: ReadonlySet<string> = new Set(
  ['==', '=~', 'in', 'in~', 'has', 'has_cs', 'contains', 'contains_cs'].concat([
    'startswith',
    'startswith_cs',
    'endswith',
    'endswith_cs',
    'hasprefix',
    'hassuffix',
  ]),
)
const STRICT: ReadonlySet<string> = new Set(['+', '-', '*', '/'])

/** Whether the predicate cannot hold where the columns are null, and those of texts empty. */
function rejectsNothing(part: Expr, columns: ReadonlySet<string>): boolean {
  if (part.kind !== 'call') return false
  const { function: name, arguments: args } = part
  const [value, ...others] = args
  const isOwn = value?.kind === 'column' && columns.has(value.name)
  if (isOwn && (name === 'isnotempty' || name === 'isnotnull')) {
    return name === 'isnotempty' || value.type !== 'string'
  }
  if (COMPARING.has(name) && args.some(argument => isNullWith(argument, columns))) return true
  return isOwn && MATCHING.has(name) && others.every(isSomething)
}

/** Whether an expression is a value, or a list of such, that is neither null nor an empty text. */
function isSomething(expr: Expr): boolean {
  const values = literalsOf(expr)
  return values?.every(value => value !== null && value !== '') === true
}

/** Whether a scalar is null: a text is empty instead, and a dynamic that is null equals an empty text. */
function isNullWith(expr: Expr, columns: ReadonlySet<string>): boolean {
  if (expr.kind === 'column') {
    return expr.type !== 'string' && expr.type !== 'dynamic' && columns.has(expr.name)
  }
  if (expr.kind !== 'call' || !STRICT.has(expr.function)) return false
  return expr.arguments.some(argument => isNullWith(argument, columns))
}

/** A filter in one form of those that mean the same. */
function canonical(plan: Plan): Plan {
  if (plan.kind === 'scan') {
    const { timeRange: _, texts: __, ...scan } = plan
    return scan
  }
  if (plan.kind !== 'where') return plan
  const parts = conjunctsOf(plan.predicate).map(part => ({
    part,
    text: JSON.stringify(part, plainly()),
  }))
  parts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
  const [first, ...rest] = parts.map(({ part }) => part)
  return first === undefined ? plan : { ...plan, predicate: conjunctionOf([first, ...rest]) }
}

function canonicalExpr(expr: Expr): Expr {
  const inside = mapChildren(expr, canonicalExpr)
  return inside.kind === 'call' ? canonicalCall(inside) : inside
}

const WITH_CASE: Readonly<Record<string, string>> = {
  '=~': '==',
  '!~': '!=',
  'in~': 'in',
  '!in~': '!in',
  contains: 'contains_cs',
  '!contains': '!contains_cs',
  startswith: 'startswith_cs',
  '!startswith': '!startswith_cs',
  endswith: 'endswith_cs',
  '!endswith': '!endswith_cs',
  has: 'has_cs',
  '!has': '!has_cs',
}
const OF_ONE: Readonly<Record<string, string>> = { has_all: 'has_any' }
const SUBSTRINGS: Readonly<Record<string, string>> = {
  has: 'contains',
  '!has': '!contains',
  has_cs: 'contains_cs',
  '!has_cs': '!contains_cs',
}

function canonicalCall(call: CallExpr): Expr {
  const texts = textsOf(call.arguments.slice(1))
  if (texts === undefined || texts.length === 0) return wholeStep(call)
  const edgeless = texts.every(text => !hasAlphanumericEdge(text))
  const substring = edgeless ? renamed(call, SUBSTRINGS) : call
  const one = texts.length === 1 ? renamed(substring, OF_ONE) : substring
  return texts.every(hasNoCase) ? renamed(one, WITH_CASE) : one
}

/** The texts that the arguments are, or are lists of; undefined where one is something else. */
function textsOf(args: readonly Expr[]): readonly string[] | undefined {
  const values: readonly unknown[] = args.flatMap(arg => literalsOf(arg) ?? [undefined])
  return values.every(value => typeof value === 'string') ? values : undefined
}

/** The value of a constant, or the elements of one that is a list. */
function literalsOf(expr: Expr): readonly unknown[] | undefined {
  if (expr.kind !== 'literal') return undefined
  return expr.type === 'dynamic' && Array.isArray(expr.value) ? expr.value : [expr.value]
}

/** A term is found inside of words too, unless it begins or ends with a letter or digit itself. */
function hasAlphanumericEdge(text: string): boolean {
  return /^[\p{L}\p{N}]|[\p{L}\p{N}]$/u.test(text)
}

function hasNoCase(text: string): boolean {
  return text.toLowerCase() === text.toUpperCase() && !/\p{L}/u.test(text)
}

/** The call under another name, if it has one; which overload that is, its arguments say. */
function renamed(call: CallExpr, names: Readonly<Record<string, string>>): CallExpr {
  const name = Object.hasOwn(names, call.function) ? names[call.function] : call.function
  return { ...call, function: name ?? call.function, overload: 0 }
}

/** `n > 4` as `n >= 5`, where there are whole numbers only. */
function wholeStep(call: CallExpr): Expr {
  const { function: name, arguments: args } = call
  const [value, bound] = args
  if ((name !== '>' && name !== '<') || value === undefined || bound?.kind !== 'literal')
    return call
  const isWhole = value.type === 'long' && bound.type === 'long' && !isRunConstant(value)
  if (!isWhole || typeof bound.value !== 'bigint') return call
  const moved: Expr = { ...bound, value: bound.value + (name === '>' ? 1n : -1n) }
  return { ...call, function: `${name}=`, arguments: [value, moved] }
}

/** Plans without their places in the text, with values that JSON lacks, and what several read once. */
function plainly(): (key: string, value: unknown) => unknown {
  const places = new Map<unknown, number>()
  return (key, value) => {
    if (key === 'span') return undefined
    if (typeof value === 'bigint') return `${value}n`
    if (key !== 'plan' && !isShared(value)) return value
    const place = places.get(value)
    if (place !== undefined) return { same: place }
    places.set(value, places.size)
    return value
  }
}

function isShared(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'shared'
}
