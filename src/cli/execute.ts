import { type InnerRunOptions, Prepared, type ResultHead } from '../api/prepare.ts'
import type { Workspace } from '../api/workspace.ts'
import type { PlanProfile } from '../engine/execution.ts'
import { type CompiledResult, compileQuery } from '../engine/query.ts'
import { withoutIgnored } from '../lexer/ignored-codes.ts'
import { checkPeriod } from '../rules/check-period.ts'
import { checkResults } from '../rules/check-results.ts'
import type { Rule } from '../rules/rule.ts'
import { targetWarnings } from '../rules/target-warnings.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import type { Unexamined } from '../tables/unexamined.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { MissingTables } from './choices.ts'
import type { Data } from './data.ts'
import { Failure } from './exit.ts'
import { missingTables } from './missing-tables.ts'
import { withOptionNames } from './option-names.ts'
import type { QueryText } from './query-text.ts'
import { failStrictly, ReadProblems } from './read-problems.ts'
import type { Session } from './session.ts'
import { mostThreads } from './threads.ts'
import { timeHints } from './time-hints.ts'
import { valueHints } from './value-hints.ts'
import { WatchedSource } from './watched-source.ts'

/** A query that compiled. */
export interface Compiled {
  readonly query: QueryText
  readonly results: readonly CompiledResult[]
  readonly prepared: Prepared
}

/** What compiling a query gave. */
export interface Compilation {
  /** undefined where there are errors. */
  readonly compiled: Compiled | undefined
  /** Errors and warnings. Their spans are places in the source of the query. */
  readonly diagnostics: readonly Diagnostic[]
  /** What only `kqlab check` tells. */
  readonly notes: readonly Diagnostic[]
}

/** What a query is compiled for, besides to run by itself. */
export interface CompilePurpose {
  /** The rule whose query it is. */
  readonly rule?: Rule | undefined
  /** It is only looked at. */
  readonly toCheck?: boolean
}

/** Compiles a query, which may be that of a rule, against the tables. */
export function compile(
  text: QueryText,
  { catalog, sources, workspace, target }: Data,
  parameters: Readonly<Record<string, string>> = {},
  { rule, toCheck = false }: CompilePurpose = {},
): Compilation {
  const query = locatedQuery(text, workspace)
  const result = compileQuery(query.text, {
    catalog,
    workspace,
    parameters: new Map(Object.entries(parameters)),
    ...(toCheck && sources.size === 0 ? {} : { withData: new Set(sources.keys()) }),
    toCheck,
  })
  const { results, bound } = result
  const period = rule === undefined || bound === undefined ? [] : checkPeriod(rule, bound)
  const several = rule === undefined ? [] : checkResults(results)
  const refused = target === undefined ? [] : targetWarnings(query.text, target)
  const own = withoutIgnored([...period, ...refused], query.text)
  const told = rule === undefined ? result.diagnostics : result.diagnostics.map(inRule)
  const found = [...told, ...several, ...own].map(query.locate)
  const diagnostics = found.filter(({ severity }) => severity !== 'info')
  const notes = found.filter(({ severity }) => severity === 'info')
  if (results.length === 0 || several.length > 0) return { compiled: undefined, diagnostics, notes }
  const prepared = new Prepared(result, catalog, workspace)
  return { compiled: { query, results, prepared }, diagnostics, notes }
}

/** Statements alone may be there to be checked, but make no rule. */
function inRule(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === 'KQL001' ? { ...diagnostic, severity: 'error' } : diagnostic
}

/** The query whose diagnostics may be in saved functions too. */
function locatedQuery(query: QueryText, workspace: Workspace): QueryText {
  return {
    ...query,
    locate(diagnostic) {
      const located = workspace.locate(diagnostic)
      return located.source === undefined ? query.locate(located) : located
    },
  }
}

/**
 * Compiles a query; its diagnostics are reported.
 * @throws Failure where there are errors.
 */
export async function compileOrFail(
  query: QueryText,
  data: Data,
  parameters: Readonly<Record<string, string>>,
  { reporter }: Session,
): Promise<Compiled> {
  const { compiled, diagnostics } = compile(query, data, parameters)
  for (const diagnostic of diagnostics) await reporter.inSource(query.source, diagnostic)
  if (compiled === undefined) throw new Failure('query')
  return compiled
}

/** How a query is run. */
export interface ExecuteOptions {
  readonly now: bigint
  readonly strict: boolean
  readonly missing: MissingTables
  /** The files that stand for external data, by address. */
  readonly external: Readonly<Record<string, string>>
  readonly maxRows?: number
  readonly maxMemory?: number
  readonly tempDir?: string
  /** Threads that read large files; as many as there are processors where it is missing. */
  readonly threads?: number
  /** Counts records that are not looked at, where the caller tells of them. */
  readonly unexamined?: Unexamined
  /** Measures what each node of the plan does. */
  readonly profile?: PlanProfile
  readonly geoip?: GeoLookup | 'none'
}

/** A result that rows are about to come of. */
export interface ResultStart extends ResultHead {
  /** Its position among the results of the query, and how many there are. */
  readonly index: number
  readonly count: number
}

/** What takes the rows of a result. */
export interface RowSink {
  batch(batch: ColumnBatch): Promise<void>
  end(): Promise<void>
}

/**
 * Runs a query and hands its rows on; problems and hints are reported after them. Gives the number of
 * rows.
 * @throws Failure where it cannot be run or fails, which is reported.
 */
export async function execute(
  compiled: Compiled,
  data: Data,
  options: ExecuteOptions,
  sinkFor: (result: ResultStart) => RowSink,
  session: Session,
): Promise<number> {
  const { query, results, prepared } = compiled
  const { reporter, progress, signal } = session
  const missing = missingTables(prepared, data, options.missing)
  for (const diagnostic of missing) {
    await reporter.inSource(query.source, query.locate(diagnostic))
  }
  if (hasErrors(missing)) throw new Failure('tables')

  const sources = watched(prepared, data, session)
  const problems = new ReadProblems(options.strict, options.unexamined)
  const { now, maxRows, maxMemory, tempDir, profile, geoip, external } = options
  const runOptions: InnerRunOptions = {
    ...problems.examining(),
    threads: options.threads ?? mostThreads(),
    now,
    externalData: external,
    signal,
    ...(profile === undefined ? {} : { profile }),
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(tempDir === undefined ? {} : { tempDir }),
    ...(geoip === undefined ? {} : { geoip }),
  }
  let rows = 0
  progress.start()
  try {
    const settled = await prepared.settle(sources, runOptions, problems.add)
    for (const diagnostic of settled.diagnostics) {
      if (prepared.diagnostics.some(known => isSame(known, diagnostic))) continue
      await reporter.inSource(query.source, query.locate(diagnostic))
    }
    const sinks = new Sinks(settled, sinkFor)
    for await (const { plan, batch } of settled.executeOver(sources, runOptions, problems.add)) {
      rows += batch.rowCount
      progress.clear()
      await (await sinks.at(plan))?.batch(batch)
    }
    progress.clear()
    await sinks.end()
  } catch (error) {
    progress.clear()
    await problems.report(reporter)
    if (error instanceof KqlError && !signal.aborted) {
      for (const diagnostic of error.diagnostics) {
        await reporter.inSource(query.source, query.locate(inCommandWords(diagnostic)))
      }
      throw new Failure('run')
    }
    await failStrictly(error, reporter)
  }
  await problems.report(reporter)
  const plans = results.map(({ plan }) => plan)
  const ofTime = await timeHints({ plans, prepared, sources, now, rows, signal })
  const ofValues = await valueHints(plans, sources, signal)
  for (const hint of [...ofTime, ...withoutIgnored(ofValues, query.text)]) {
    await reporter.inSource(query.source, query.locate(hint))
  }
  progress.clear()
  return rows
}

/** The sinks of the results, each begun when the one before has all of its rows. */
class Sinks {
  readonly #results: readonly ResultHead[]
  readonly #make: (result: ResultStart) => RowSink
  #index = -1
  #current: RowSink | undefined

  constructor({ results }: Prepared, make: (result: ResultStart) => RowSink) {
    this.#results = results
    this.#make = make
  }

  /** The sink of the result at that position. */
  async at(index: number): Promise<RowSink | undefined> {
    while (this.#index < index) {
      await this.#current?.end()
      const head = this.#results[++this.#index]
      const count = this.#results.length
      this.#current = head && this.#make({ ...head, index: this.#index, count })
    }
    return this.#current
  }

  async end(): Promise<void> {
    await this.at(this.#results.length - 1)
    await this.#current?.end()
  }
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** The hint at a limit or at missing data names the option of the library; here it is the command's. */
function inCommandWords(diagnostic: Diagnostic): Diagnostic {
  const { code, hint } = diagnostic
  if ((code !== 'KQL300' && code !== 'KQL102') || hint === undefined) return diagnostic
  return { ...diagnostic, hint: withOptionNames(hint) }
}

/** The tables that the query reads, each watched. */
function watched(
  prepared: Prepared,
  { sources }: Data,
  { progress }: Session,
): Map<string, WatchedSource> {
  const tables = new Map<string, WatchedSource>()
  for (const name of prepared.tables) {
    const source = sources.get(name)
    if (source !== undefined) tables.set(name, new WatchedSource(name, source, progress))
  }
  return tables
}
