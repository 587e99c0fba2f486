import type { EvaluationContext } from '../engine/evaluator/contract.ts'
import { compile, LocatedQueryError } from '../engine/evaluator/evaluator.ts'
import { LIBRARY } from '../engine/functions/library.ts'
import { childrenOf, isRunConstant, readsNow, varies } from '../engine/plan/expression.ts'
import type { Expr, Plan, ScanPlan, WherePlan } from '../engine/plan/nodes.ts'
import { inputsOf } from '../engine/plan/plan.ts'
import { conjunctionOf, conjunctsOf } from '../engine/plan/predicates.ts'
import {
  expressionsOf,
  mapExpressions,
  mapInputs,
  mapSubqueries,
} from '../engine/plan/rewrites/map-plan.ts'
import { requiredTexts } from '../engine/plan/rewrites/required-texts.ts'
import { Rewritten } from '../engine/plan/rewrites/rewritten.ts'
import type { CompiledQuery } from '../engine/query.ts'
import type { RequiredText, ScanColumn } from '../tables/source.ts'
import { InternalError } from '../text/internal-error.ts'
import type { Schema } from '../types/schema.ts'

/** A comparison of the time of a row with a value that is constant in a run. */
export interface TimeBound {
  readonly side: 'from' | 'to'
  /** Whether a row of just that time is left out. */
  readonly strict: boolean
  readonly value: Expr
}

/**
 * The rows of a table that a scan of a plan reads, in whatever run: what does not depend on the time of
 * the run is decided once.
 */
export interface Feed {
  /** The name under which the plan's scan has it. */
  readonly id: string
  readonly table: string
  readonly columns: readonly ScanColumn[]
  /** Rows for which it is not true matter in no run. */
  readonly predicate: Expr | undefined
  /** What of the predicate depends on the time of the run, and is about the time of the row. */
  readonly bounds: readonly TimeBound[]
  /**
   * What is made of each row for itself, whatever the run: done once, where the data are read. Its scan
   * reads the feed's rows.
   */
  readonly prefix?: Plan
}

/** A plan whose scans read feeds. */
export interface FedPlan {
  readonly plan: Plan
  readonly feeds: readonly Feed[]
  /** Whether equal rows in its feeds give equal rows: it depends on the time of the run nowhere else. */
  readonly steady: boolean
  /** The query, where only the data tell its columns: a run binds it anew over the feeds. */
  readonly late?: CompiledQuery
}

/** All rows of the tables that a query may read whose columns only the data tell. */
export function wholeTablesOf(query: CompiledQuery, prefix: string): FedPlan {
  const feeds = [...query.tables].map(([table, { schema }], index): Feed => {
    const columns = schema.map(({ name, type }) => ({ name, type, column: name }))
    return { id: `${prefix}${index}`, table, columns, predicate: undefined, bounds: [] }
  })
  if (query.plan === undefined) throw new InternalError('a query with errors is fed')
  return { plan: query.plan, feeds, steady: false, late: query }
}

/**
 * Splits a rewritten plan in what can be decided once and what each run decides. `timeOf` gives the
 * column by which a table's rows have their time. `overlaps`: whether most rows are seen by several runs.
 */
export function feedsOf(
  plan: Plan,
  prefix: string,
  timeOf: (table: string) => string | undefined,
  overlaps = false,
): FedPlan {
  return new FeedFinder(prefix, timeOf, overlaps).split(plan)
}

class FeedFinder {
  readonly #prefix: string
  readonly #timeOf: (table: string) => string | undefined
  readonly #feeds: Feed[] = []
  readonly #done = new Rewritten()
  readonly #overlaps: boolean
  #steady = true

  constructor(prefix: string, timeOf: (table: string) => string | undefined, overlaps: boolean) {
    this.#prefix = prefix
    this.#timeOf = timeOf
    this.#overlaps = overlaps
  }

  split(plan: Plan): FedPlan {
    const fed = this.#map(plan)
    return { plan: fed, feeds: this.#feeds, steady: this.#steady }
  }

  #map(plan: Plan): Plan {
    if (plan.kind === 'shared') return this.#done.shared(plan, input => this.#map(input))
    if (plan.kind === 'where' && plan.input.kind === 'scan') return this.#filtered(plan, plan.input)
    if (plan.kind === 'scan') return this.#feed(plan, [], [])
    if (isRowByRow(plan) && isWorthOnce(plan, this.#overlaps)) return this.#once(plan)
    const mapped = mapInputs(plan, input => this.#map(input))
    return this.#expressions(mapped)
  }

  #expressions<P extends Plan>(plan: P): P {
    return mapExpressions(plan, expr => {
      if (dependsOnRun(expr)) this.#steady = false
      return mapSubqueries(expr, subquery => this.#done.subquery(subquery, own => this.#map(own)))
    }) as P
  }

  /** A feed of what is made of the rows of a scan; where a run decides which they are, it is left to it. */
  #once(plan: Plan): Plan {
    const scan = this.#map(baseOf(plan))
    const feed = this.#feeds.at(-1)
    if (scan.kind !== 'scan' || feed === undefined) {
      return withBase(plan, scan)
    }
    this.#feeds[this.#feeds.length - 1] = { ...feed, prefix: withBase(plan, scan) }
    const { schema, span } = plan
    const columns = schema.map(({ name, type }) => ({ name, type, column: name }))
    return { kind: 'scan', table: feed.id, schema, columns, span }
  }

  #filtered(where: WherePlan, scan: ScanPlan): Plan {
    const time = this.#timeOf(scan.table)
    const once: Expr[] = []
    const bounds: TimeBound[] = []
    const rest: Expr[] = []
    for (const conjunct of conjunctsOf(where.predicate)) {
      const own = boundsOf(conjunct, time)
      if (own !== undefined) bounds.push(...own)
      else if (isComputedOnce(conjunct, scan.schema)) once.push(conjunct)
      else rest.push(conjunct)
    }
    const input = this.#feed(scan, once, bounds)
    const [first, ...others] = rest
    if (first === undefined) return input
    const predicate = conjunctionOf([first, ...others])
    return this.#expressions({ ...where, input, predicate })
  }

  #feed(scan: ScanPlan, once: readonly Expr[], bounds: readonly TimeBound[]): ScanPlan {
    const id = `${this.#prefix}${this.#feeds.length}`
    const [first, ...others] = once
    this.#feeds.push({
      id,
      table: scan.table,
      columns: scan.columns,
      predicate: first && conjunctionOf([first, ...others]),
      bounds,
    })
    const { timeRange: _, ...fed } = scan
    return { ...fed, table: id }
  }
}

/**
 * Each of them holds of the rows that the feed has, or of which its prefix makes any. What only runs ask of
 * rows is not among them: there is something to say of rows that no run could see.
 */
export function textsOf({ table, columns, predicate, prefix }: Feed): readonly RequiredText[] {
  const schema = columns.map(({ name, type }) => ({ name, type }))
  const span = predicate?.span ?? prefix?.span ?? { start: 0, end: 0 }
  const scan: Plan = { kind: 'scan', table, columns, schema, span }
  const base: Plan =
    predicate === undefined ? scan : { kind: 'where', input: scan, predicate, schema, span }
  const made = requiredTexts(prefix === undefined ? base : withBase(prefix, base))
  return scanOf(made).texts ?? []
}

function scanOf(plan: Plan): ScanPlan {
  if (plan.kind === 'scan') return plan
  const [input] = inputsOf(plan)
  if (input === undefined) throw new InternalError('rows of a feed without a scan')
  return scanOf(input)
}

/** Whether the plan makes of each row of a scan, for itself, rows that are the same in every run. */
function isRowByRow(plan: Plan): boolean {
  switch (plan.kind) {
    case 'scan':
      return true
    case 'where':
      // What of it depends on the run is asked of the scan.
      if (plan.input.kind === 'scan') return true
      return isComputedOnce(plan.predicate, plan.input.schema) && isRowByRow(plan.input)
    case 'project':
    case 'mv-expand':
    case 'parse':
      return (
        expressionsOf(plan).every(expr => isComputedOnce(expr, plan.input.schema)) &&
        isRowByRow(plan.input)
      )
    default:
      return false
  }
}

/** Whether there is less to keep of what is made of rows than there is to do for it in every run. */
function isWorthOnce(plan: Plan, overlaps: boolean, isFiltered = false): boolean {
  switch (plan.kind) {
    case 'where':
      return plan.input.kind !== 'scan' && isWorthOnce(plan.input, overlaps, true)
    case 'mv-expand':
      return isFiltered
    case 'project':
    case 'parse':
      return isFiltered || overlaps || isWorthOnce(plan.input, overlaps, isFiltered)
    default:
      return false
  }
}

/** The scan that a plan row by row begins with, with the predicate right above it. */
function baseOf(plan: Plan): Plan {
  if (plan.kind === 'scan' || (plan.kind === 'where' && plan.input.kind === 'scan')) return plan
  const [input] = inputsOf(plan)
  if (input === undefined) throw new InternalError('a plan row by row without a scan')
  return baseOf(input)
}

function withBase(plan: Plan, base: Plan): Plan {
  if (plan.kind === 'scan' || (plan.kind === 'where' && plan.input.kind === 'scan')) return base
  return mapInputs(plan, input => withBase(input, base))
}

/** Whether the value may differ from run to run of the same rows. */
function dependsOnRun(expr: Expr): boolean {
  return varies(expr) || readsNow(expr)
}

/** Whether a value can be computed of a row before there is a run, and is the same in each. */
function isComputedOnce(expr: Expr, schema: Schema): boolean {
  if (dependsOnRun(expr) || needsRun(expr) || hasQuery(expr)) return false
  try {
    compile(expr, schema, NO_RUN)
    return true
  } catch (error) {
    // A run fails with it, and says so.
    if (error instanceof LocatedQueryError) return false
    throw error
  }
}

/** Whether the expression may fail, or needs what only a run is given or loads. */
function needsRun(expr: Expr): boolean {
  if (expr.kind === 'call') {
    const declared = LIBRARY.scalar(expr.function)
    if (declared?.needsRun === true) return true
    if (declared?.overloads[expr.overload]?.needs !== undefined) return true
  }
  return childrenOf(expr).some(needsRun)
}

/** Predicates of feeds depend on no run. */
export const NO_RUN: EvaluationContext = {
  now: 0n,
  random: () => {
    throw new InternalError('a predicate of a feed varies')
  },
  scalarFunction: name => LIBRARY.scalar(name),
  queryValue: () => {
    throw new InternalError('a predicate of a feed has a subquery')
  },
}

function hasQuery(expr: Expr): boolean {
  return expr.kind === 'query' || childrenOf(expr).some(hasQuery)
}

const MIRRORED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
])

/** The bounds that a conjunct means, where it means nothing else. */
function boundsOf(expr: Expr, time: string | undefined): TimeBound[] | undefined {
  if (expr.kind !== 'call' || time === undefined) return undefined
  const [a, b, c] = expr.arguments
  if (a === undefined || b === undefined) return undefined
  if (expr.function === 'between' && c !== undefined) {
    const from = boundOf(a, '>=', b, time)
    const to = boundOf(a, '<=', c, time)
    return from && to && [from, to]
  }
  const mirrored = MIRRORED.get(expr.function)
  if (mirrored === undefined) return undefined
  const bound = boundOf(a, expr.function, b, time) ?? boundOf(b, mirrored, a, time)
  return bound && [bound]
}

function boundOf(column: Expr, operator: string, value: Expr, time: string): TimeBound | undefined {
  if (column.kind !== 'column' || column.name !== time) return undefined
  if (value.type !== 'datetime' || !isRunConstant(value)) return undefined
  if (hasQuery(value) || needsRun(value)) return undefined
  return {
    side: operator.startsWith('>') ? 'from' : 'to',
    strict: !operator.endsWith('='),
    value,
  }
}
