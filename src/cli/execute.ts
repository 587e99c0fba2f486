import { Prepared, type RunOptions } from '../api/prepare.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { compileQuery } from '../engine/query.ts'
import { withoutIgnored } from '../lexer/ignored-codes.ts'
import { checkPeriod } from '../rules/check-period.ts'
import type { Rule } from '../rules/rule.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { Schema } from '../types/schema.ts'
import type { MissingTables } from './choices.ts'
import type { Data } from './data.ts'
import { Failure } from './exit.ts'
import { missingTables } from './missing-tables.ts'
import type { QueryText } from './query-text.ts'
import { failStrictly, ReadProblems } from './read-problems.ts'
import type { Session } from './session.ts'
import { timeHints } from './time-hints.ts'
import { WatchedSource } from './watched-source.ts'

/** A query that compiled. */
export interface Compiled {
  readonly query: QueryText
  readonly bound: Plan
  readonly plan: Plan
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

/** Compiles a query, which may be that of a rule, against the tables. */
export function compile(
  query: QueryText,
  { catalog }: Data,
  parameters: Readonly<Record<string, string>> = {},
  rule?: Rule,
): Compilation {
  const result = compileQuery(query.text, {
    catalog,
    parameters: new Map(Object.entries(parameters)),
  })
  const { bound, plan } = result
  const period = rule === undefined || bound === undefined ? [] : checkPeriod(rule, bound)
  const found = [...result.diagnostics, ...withoutIgnored(period, query.text)].map(query.locate)
  const diagnostics = found.filter(({ severity }) => severity !== 'info')
  const notes = found.filter(({ severity }) => severity === 'info')
  if (bound === undefined || plan === undefined) return { compiled: undefined, diagnostics, notes }
  const prepared = new Prepared(result, plan, catalog)
  return { compiled: { query, bound, plan, prepared }, diagnostics, notes }
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
  readonly maxRows?: number
  readonly maxMemory?: number
}

/** What takes the rows of a query. */
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
  sinkFor: (schema: Schema) => RowSink,
  session: Session,
): Promise<number> {
  const { query, plan, prepared } = compiled
  const { reporter, progress, signal } = session
  const missing = missingTables(prepared, data, options.missing)
  for (const diagnostic of missing) {
    await reporter.inSource(query.source, query.locate(diagnostic))
  }
  if (hasErrors(missing)) throw new Failure('tables')

  const sources = watched(prepared, data, session)
  const problems = new ReadProblems(options.strict)
  const { now, maxRows, maxMemory } = options
  const runOptions: RunOptions = {
    now,
    signal,
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
  }
  let rows = 0
  progress.start()
  try {
    const settled = await prepared.settle(sources, runOptions, problems.add)
    for (const diagnostic of settled.diagnostics) {
      if (prepared.diagnostics.some(known => isSame(known, diagnostic))) continue
      await reporter.inSource(query.source, query.locate(diagnostic))
    }
    const sink = sinkFor(settled.columns)
    for await (const batch of settled.executeOver(sources, runOptions, problems.add)) {
      rows += batch.rowCount
      progress.clear()
      await sink.batch(batch)
    }
    progress.clear()
    await sink.end()
  } catch (error) {
    progress.clear()
    await problems.report(reporter)
    if (error instanceof KqlError && !signal.aborted) {
      for (const diagnostic of error.diagnostics) {
        await reporter.inSource(query.source, query.locate(withOptionNames(diagnostic)))
      }
      throw new Failure('run')
    }
    await failStrictly(error, reporter)
  }
  await problems.report(reporter)
  for (const hint of await timeHints({ plan, prepared, sources, now, rows, signal })) {
    await reporter.inSource(query.source, query.locate(hint))
  }
  progress.clear()
  return rows
}

function isSame(a: Diagnostic, b: Diagnostic): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** A limit's hint names the option of the library; here it is the command's. */
function withOptionNames(diagnostic: Diagnostic): Diagnostic {
  const { code, hint } = diagnostic
  if (code !== 'KQL300' || hint === undefined) return diagnostic
  const named = hint.replace('maxRows', '--max-rows').replace('maxMemory', '--max-memory')
  return { ...diagnostic, hint: named }
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
