import { processMemory } from '../../node/memory.ts'
import { readInOneThread } from '../../node/reading-thread.ts'
import { SharedScans } from '../../tables/shared-scans.ts'
import { Unexamined } from '../../tables/unexamined.ts'
import { type RowFormat, RUN_FORMATS, type RunFormat } from '../choices.ts'
import type { Data } from '../data.ts'
import { type Compilation, compile, type ExecuteOptions, execute } from '../execute.ts'
import { type ExitCode, Failure } from '../exit.ts'
import { geoipOptions } from '../geoip.ts'
import { HeldOutput, HeldRows } from '../held-output.ts'
import { newestTime } from '../newest.ts'
import {
  clockTime,
  type ExecutionOptions,
  executeOptions,
  exitCodeOf,
  nowArgument,
} from '../options.ts'
import { reportUnexamined } from '../read-problems.ts'
import { readRules } from '../read-rules.ts'
import { Reporter } from '../reporter.ts'
import type { RuleFilterOptions } from '../rule-filter.ts'
import { type RuleFile, type RunReport, type RunTime, runReport } from '../run-report.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { openSettings, readSettings } from '../settings.ts'

/** The options of `kqlab run`. */
export interface RunRulesOptions extends ExecutionOptions, RuleFilterOptions {
  readonly format?: RunFormat
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
  readInOneThread()
  const session = sessionOf(environment, options)
  const settings = await readSettings(options, session.reporter)
  const { config } = settings
  const given = nowArgument(options.now ?? config.now)
  const { files, broken } = await readRules(paths, options, session)
  const data = await openSettings(settings, session)
  const rules = files.map(file => ({
    file,
    compilation: compile(file.query, data, {}, { rule: file.rule }),
  }))
  const geoip = await geoipOptions(options.geoip ?? config.geoip, session.reporter)
  const time = await runTime(rules, data, given, session)
  // Rules that read a table together leave the same records of it unread: these are told of once.
  const unexamined = new Unexamined()
  const execution = { ...executeOptions(options, config), ...geoip, now: time.now, unexamined }
  const report = runReport(options.format ?? runFormat(config.format), time, session.terminal.out)
  await report.begin()
  const totals = { rules: files.length + broken, failed: broken, withRows: 0, rows: 0 }
  for (let start = 0; start < rules.length; start += TOGETHER) {
    const some = rules.slice(start, start + TOGETHER)
    for await (const rows of runTogether(some, data, execution, report, session)) {
      if (rows === undefined) totals.failed++
      else totals.rows += rows
      if (rows !== undefined && rows > 0) totals.withRows++
    }
  }
  await reportUnexamined(unexamined, session.reporter)
  await report.end(totals)
  return exitCodeOf(session.reporter, totals.rows, options.failOn ?? config.failOn)
}

/** The configured format, as far as rules can be printed so. */
function runFormat(format: RowFormat | undefined): RunFormat {
  return RUN_FORMATS.find(each => each === format) ?? 'table'
}

/** Rules that run side by side, at most. */
const TOGETHER = 128

/**
 * Runs rules side by side, so that they read each table together, and prints what they gave one after
 * the other. Gives for each the number of its rows; undefined where it failed, which is reported.
 */
async function* runTogether(
  rules: readonly CompiledRule[],
  data: Data,
  execution: ExecuteOptions,
  report: RunReport,
  session: Session,
): AsyncGenerator<number | undefined> {
  const scans = new SharedScans(rules.length)
  const held = new HeldRows(processMemory(), execution.maxMemory)
  const running = rules.map(async ({ compilation }, query) => {
    const output = new HeldOutput(held)
    try {
      const shared = [...data.sources].map(
        ([name, source]) => [name, scans.source(query, source)] as const,
      )
      const own = { ...session, reporter: new Reporter(output, () => session.progress.clear()) }
      return {
        output,
        rows: await runRule(
          compilation,
          { ...data, sources: new Map(shared) },
          execution,
          output,
          own,
        ),
      }
    } finally {
      scans.end(query)
    }
  })
  // A failure is met in its turn; until then it must not count as unhandled.
  for (const run of running) run.catch(() => undefined)
  for (const [query, { file, compilation }] of rules.entries()) {
    for (const diagnostic of compilation.diagnostics) {
      await session.reporter.inSource(file.source, diagnostic)
    }
    const { output, rows } = await (running[query] as (typeof running)[number])
    if (rows === undefined) {
      await output.releaseSaid(session.reporter)
      await report.failed(file)
    } else await output.release(session.reporter, ({ columns }) => report.rows(file, columns))
    yield rows
  }
}

/** The number of rows that a rule gave; undefined where it failed, which is told. */
async function runRule(
  { compiled }: Compilation,
  data: Data,
  execution: ExecuteOptions,
  output: HeldOutput,
  session: Session,
): Promise<number | undefined> {
  if (compiled === undefined) return undefined
  try {
    return await execute(compiled, data, execution, result => output.rows(result), session)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
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
