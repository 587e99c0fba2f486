import { withoutIgnored } from '../lexer/ignored-codes.ts'
import { parseQuery } from '../parser/parse.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { Catalog } from '../tables/catalog.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { hasErrors } from '../text/diagnostic.ts'
import { numberOf } from '../text/source-set.ts'
import { QueryBinder } from './binder/binder.ts'
import type { BoundTable, Discovery, Visualization } from './binder/context.ts'
import { type BoundResult, bindResults } from './binder/results.ts'
import { Scope } from './binder/scope.ts'
import { checkParameters } from './binder/statements.ts'
import { watchlistOf } from './binder/watchlists.ts'
import { NO_WORKSPACE, type SavedFunction, savedScope, type Workspace } from './binder/workspace.ts'
import { LIBRARY } from './functions/library.ts'
import { OPERATORS } from './operators/registry.ts'
import { checkPlan } from './plan/checks/check-plan.ts'
import type { LatePlan, Plan } from './plan/nodes.ts'
import { rewriteAll } from './plan/rewrite.ts'
import { plansIn } from './plan/walk.ts'

/** What a query is compiled against. */
export interface CompileOptions {
  readonly catalog: Catalog
  /** Values for `declare query_parameters`, by name. */
  readonly parameters?: ReadonlyMap<string, unknown>
  /** Saved functions, watchlists and tables of other places that the query may name. */
  readonly workspace?: Workspace
  /**
   * The tables that there are data of, where that is known: a wildcard means no others then, unless
   * there are data of none of those that it fits.
   */
  readonly withData?: ReadonlySet<string>
  /** How many ticks after their times rows arrive that do not say when; not known where missing. */
  readonly arrivalDelay?: bigint | 'spread'
  /** The columns of late results that were found, by their sites. */
  readonly discoveries?: ReadonlyMap<string, Discovery>
  /**
   * The query is only looked at, never run. Statements alone will do, and give no result. Of a column
   * on whose type the tables of a wildcard disagree, while it is not known which of them there are data
   * of, the type is the one that most have.
   */
  readonly toCheck?: boolean
}

/** A query that was compiled; without a plan where there are errors. */
export interface CompiledQuery {
  /** The plan as bound, which says what the query means. */
  readonly bound: Plan | undefined
  /** The plan as it runs; as bound, while it has late results. */
  readonly plan: Plan | undefined
  /** All results, of which `bound` and `plan` are the first; none where there are errors. */
  readonly results: readonly CompiledResult[]
  /**
   * The results whose columns only the data tell, in the order in which they were bound: with them, the
   * plan does not run.
   */
  readonly late: readonly LatePlan[]
  /**
   * The tables that were bound, and where each was first: what a query with late results reads is among
   * them, while its plan may not have it all yet.
   */
  readonly tables: ReadonlyMap<string, BoundTable>
  /** Rows of shared nodes that are there before the run, by their ids. */
  readonly kept: ReadonlyMap<number, readonly ColumnBatch[]>
  /** The same query with the columns of late results. */
  bindAgain(discoveries: ReadonlyMap<string, Discovery>): CompiledQuery
  readonly diagnostics: readonly Diagnostic[]
  readonly visualization: Visualization | undefined
}

/** One of the results of a query. */
export interface CompiledResult {
  readonly name: string | undefined
  readonly bound: Plan
  readonly plan: Plan
}

/** Compiles a query from text to plan. Faults are diagnostics; nothing is thrown for them. */
export function compileQuery(text: string, options: CompileOptions): CompiledQuery {
  const { syntax, diagnostics: parsed } = parseQuery(text)
  const workspace = options.workspace ?? NO_WORKSPACE
  const used = new Set<SavedFunction>()
  const binder = new QueryBinder(
    {
      catalog: options.catalog,
      library: LIBRARY,
      operators: OPERATORS,
      parameters: options.parameters ?? new Map(),
      workspace,
      ...(options.withData === undefined ? {} : { withData: options.withData }),
      ...(options.arrivalDelay === undefined ? {} : { arrivalDelay: options.arrivalDelay }),
      discoveries: options.discoveries ?? new Map(),
      toCheck: options.toCheck === true,
    },
    new Scope(savedScope(workspace, used)),
  )
  const bound = bindResults(binder, syntax)
  checkParameters(binder, syntax)
  const diagnostics = [...parsed, ...[...used].flatMap(saved => saved.diagnostics)]
  if (!hasErrors(diagnostics) && !hasErrors(binder.diagnostics.items)) {
    if (bound.length === 0) {
      const whole = { start: 0, end: text.length }
      const message = 'The query has no expression to evaluate.'
      if (options.toCheck === true && syntax.statements.length > 0) {
        binder.diagnostics.warning('KQL001', message, whole)
      } else binder.fail('KQL001', message, whole)
    }
  }
  const found = reliable(distinct(binder.diagnostics.items), diagnostics)
  const all = inOrder([...diagnostics, ...found])
  const good = hasErrors(all) ? [] : bound
  const isLate = binder.lateResults.length > 0
  const asBound = good.map(({ plan }) => plan)
  const plans = isLate ? asBound : rewriteAll(asBound)
  const results = plans.map((plan, index) => {
    const { name, plan: own } = good[index] as BoundResult
    return { name, bound: own, plan }
  })
  // What a plan with late results reads in the end is not known yet.
  const unknownKeys = isLate
    ? []
    : distinct(plans.flatMap(plan => searchKeyFaults(plan, workspace)))
  const checked = distinct(results.flatMap(result => checkPlan(result.bound)))
  const sound = unknownKeys.length === 0 ? results : []
  return {
    bound: sound[0]?.bound,
    plan: sound[0]?.plan,
    results: sound,
    late: binder.lateResults,
    tables: binder.tablesBound,
    kept: binder.kept,
    bindAgain: discoveries => compileQuery(text, { ...options, discoveries }),
    diagnostics: located(inOrder([...all, ...unknownKeys, ...checked]), workspace, text),
    visualization: binder.visualization,
  }
}

/** An error for each scan that is asked for the search key of a watchlist which is not known. */
function searchKeyFaults(plan: Plan, { watchlists }: Workspace): Diagnostic[] {
  if (watchlists.size === 0) return []
  const faults = new Map<string, Diagnostic>()
  for (const node of plansIn(plan)) {
    if (node.kind !== 'scan' || !node.columns.some(({ column }) => column === 'SearchKey')) continue
    const [alias, watchlist] = watchlistOf(watchlists, node.table) ?? []
    if (alias === undefined || watchlist?.hasSearchKey !== false || faults.has(alias)) continue
    faults.set(alias, {
      code: 'KQL120',
      severity: 'error',
      message: `Nothing says which column of the watchlist \`${alias}\` is its search key.`,
      span: node.span,
      hint: `Name it with --search-key ${alias}=COLUMN, or as \`searchKey\` of the library.`,
    })
  }
  return [...faults.values()]
}

/** The diagnostics where people know them, without what comments in the text of each turn off. */
function located(
  diagnostics: readonly Diagnostic[],
  workspace: Workspace,
  text: string,
): readonly Diagnostic[] {
  return diagnostics
    .map(workspace.locate)
    .filter(each => withoutIgnored([each], each.source?.text ?? text).length > 0)
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start)
}

/** Each report once: the body of a function is bound for each of its calls. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ code, message, span }) => {
    const key = `${code} ${span.start} ${span.end} ${message}`
    return !seen.has(key) && seen.add(key)
  })
}

/**
 * The binder's diagnostics that the syntax errors do not put in doubt: of what stands behind one,
 * names may be missing only because the parser had to leave something out.
 */
function reliable(bound: readonly Diagnostic[], parsed: readonly Diagnostic[]): Diagnostic[] {
  const damaged = new Map<number, number>()
  for (const { code, severity, span } of parsed) {
    if (severity !== 'error' || UNDAMAGED.has(code)) continue
    const text = numberOf(span)
    damaged.set(text, Math.min(damaged.get(text) ?? Number.POSITIVE_INFINITY, span.start))
  }
  return bound.filter(({ span }) => {
    const from = damaged.get(numberOf(span))
    return from === undefined || span.start < from
  })
}

/** Errors of the parser that leave the tree whole: what is not supported is a node of its own. */
const UNDAMAGED: ReadonlySet<string> = new Set(['KQL100', 'KQL101'])
