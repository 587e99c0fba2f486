import { withoutIgnored } from '../lexer/ignored-codes.ts'
import { parseQuery } from '../parser/parse.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { Catalog } from '../tables/catalog.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { hasErrors } from '../text/diagnostic.ts'
import { QueryBinder } from './binder/binder.ts'
import type { BoundTable, Discovery, Visualization } from './binder/context.ts'
import { Scope } from './binder/scope.ts'
import { checkParameters } from './binder/statements.ts'
import { LIBRARY } from './functions/library.ts'
import { OPERATORS } from './operators/registry.ts'
import { checkPlan } from './plan/checks/check-plan.ts'
import type { LatePlan, Plan } from './plan/nodes.ts'
import { rewrite } from './plan/rewrite.ts'

/** What a query is compiled against. */
export interface CompileOptions {
  readonly catalog: Catalog
  /** Values for `declare query_parameters`, by name. */
  readonly parameters?: ReadonlyMap<string, unknown>
  /** The columns of late results that were found, by their sites. */
  readonly discoveries?: ReadonlyMap<string, Discovery>
}

/** A query that was compiled; without a plan where there are errors. */
export interface CompiledQuery {
  /** The plan as bound, which says what the query means. */
  readonly bound: Plan | undefined
  /** The plan as it runs; as bound, while it has late results. */
  readonly plan: Plan | undefined
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

/** Compiles a query from text to plan. Faults are diagnostics; nothing is thrown for them. */
export function compileQuery(text: string, options: CompileOptions): CompiledQuery {
  const { syntax, diagnostics } = parseQuery(text)
  const binder = new QueryBinder(
    {
      catalog: options.catalog,
      library: LIBRARY,
      operators: OPERATORS,
      parameters: options.parameters ?? new Map(),
      discoveries: options.discoveries ?? new Map(),
    },
    new Scope(),
  )
  const bound = binder.query(syntax)
  checkParameters(binder, syntax)
  if (!hasErrors(diagnostics) && !hasErrors(binder.diagnostics.items)) {
    if (syntax.expression === undefined) {
      const whole = { start: 0, end: text.length }
      binder.fail('KQL001', 'The query has no expression to evaluate.', whole)
    } else if (bound.kind === 'scalar') {
      binder.fail(
        'KS137',
        'The query gives a scalar, but a tabular expression is expected.',
        syntax.expression.span,
        'Use `print …`.',
      )
    }
  }
  const found = reliable(distinct(binder.diagnostics.items), diagnostics)
  const all = inOrder([...diagnostics, ...found])
  const plan = bound.kind === 'tabular' && !hasErrors(all) ? bound.plan : undefined
  const checked = plan === undefined ? all : inOrder([...all, ...checkPlan(plan)])
  return {
    bound: plan,
    plan: plan === undefined || binder.lateResults.length > 0 ? plan : rewrite(plan),
    late: binder.lateResults,
    tables: binder.tablesBound,
    kept: binder.kept,
    bindAgain: discoveries => compileQuery(text, { ...options, discoveries }),
    diagnostics: withoutIgnored(checked, text),
    visualization: binder.visualization,
  }
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
  const damage = parsed.filter(({ code, severity }) => severity === 'error' && !UNDAMAGED.has(code))
  const from = Math.min(...damage.map(({ span }) => span.start))
  return bound.filter(({ span }) => span.start < from)
}

/** Errors of the parser that leave the tree whole: what is not supported is a node of its own. */
const UNDAMAGED: ReadonlySet<string> = new Set(['KQL100', 'KQL101'])
