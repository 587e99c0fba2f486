import type { RunFormat } from '../choices.ts'
import { type Data, openTables } from '../data.ts'
import { type Compilation, compile, type ExecuteOptions, execute } from '../execute.ts'
import { type ExitCode, Failure } from '../exit.ts'
import { newestTime } from '../newest.ts'
import {
  clockTime,
  dataArguments,
  type ExecutionOptions,
  executeOptions,
  exitCodeOf,
  nowArgument,
} from '../options.ts'
import { readRules } from '../read-rules.ts'
import { diagnosticPrinter } from '../reporter.ts'
import { type RuleFile, type RunReport, type RunTime, runReport } from '../run-report.ts'
import { type Environment, type Session, startSession } from '../session.ts'

/** The options of `kqlab run`. */
export interface RunRulesOptions extends ExecutionOptions {
  readonly format: RunFormat
}

/** A rule with its compiled query. */
interface CompiledRule {
  readonly file: RuleFile
  readonly compilation: Compilation
}

/** Runs each rule's query once over the same data and prints the rows under the rule's name. */
export async function runRules(
  paths: readonly string[],
  options: RunRulesOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = startSession(
    environment,
    diagnosticPrinter(options.diagnostics, environment.terminal.err),
  )
  const tables = dataArguments(options)
  const given = nowArgument(options.now)
  const { files, broken } = await readRules(paths, session)
  const data = await openTables(tables, session.reporter, session.signal)
  const rules = files.map(file => ({ file, compilation: compile(file.query, data, {}, file.rule) }))
  const time = await runTime(rules, data, given, session)
  const execution = { ...executeOptions(options), now: time.now }
  const report = runReport(options.format, time, session.terminal.out)
  await report.begin()
  const totals = { rules: files.length + broken, failed: broken, withRows: 0, rows: 0 }
  for (const rule of rules) {
    const rows = await runRule(rule, data, execution, report, session)
    if (rows === undefined) totals.failed++
    else totals.rows += rows
    if (rows !== undefined && rows > 0) totals.withRows++
  }
  await report.end(totals)
  return exitCodeOf(session.reporter, totals.rows, options.failOn)
}

/** The number of rows that the rule gave; undefined where it failed, which is reported. */
async function runRule(
  { file, compilation }: CompiledRule,
  data: Data,
  execution: ExecuteOptions,
  report: RunReport,
  session: Session,
): Promise<number | undefined> {
  const { compiled, diagnostics } = compilation
  for (const diagnostic of diagnostics) await session.reporter.inSource(file.source, diagnostic)
  try {
    if (compiled === undefined) throw new Failure('query')
    return await execute(compiled, data, execution, schema => report.rows(file, schema), session)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    await report.failed(file)
    return undefined
  }
}

/**
 * The value of now: what was given, else the newest time in the data of the tables that the rules
 * read, as logs are older than today; the clock where there is none.
 */
async function runTime(
  rules: readonly CompiledRule[],
  data: Data,
  given: bigint | undefined,
  session: Session,
): Promise<RunTime> {
  if (given !== undefined) return { now: given, from: 'given' }
  const tables = rules.flatMap(({ compilation }) => compilation.compiled?.prepared.tables ?? [])
  const newest = await newestTime(tables, data, session)
  return newest === undefined ? { now: clockTime(), from: 'clock' } : { now: newest, from: 'data' }
}
