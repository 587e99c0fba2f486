import { stat } from 'node:fs/promises'
import { FOLLOWED_ROWS, followRows } from '../../api/explain-row.ts'
import type { RunOptions } from '../../api/prepare.ts'
import type { ExplainedRows } from '../../engine/lineage/explain-rows.ts'
import { Places } from '../../engine/lineage/place.ts'
import { scheduleOf } from '../../replay/rules.ts'
import type { Rule } from '../../rules/rule.ts'
import { hasErrors } from '../../text/diagnostic.ts'
import { KqlError } from '../../text/kql-error.ts'
import { parseDatetime } from '../../types/datetime.ts'
import type { TextFormat } from '../choices.ts'
import type { Data } from '../data.ts'
import { type Compiled, compile } from '../execute.ts'
import { type ExitCode, Failure, UsageError } from '../exit.ts'
import { geoipOptions } from '../geoip.ts'
import { missingTables } from '../missing-tables.ts'
import { newestTime } from '../newest.ts'
import {
  clockTime,
  type ExecutionOptions,
  executeOptions,
  exitCodeOf,
  nowArgument,
  parameterArguments,
} from '../options.ts'
import { isQueryPath } from '../query-argument.ts'
import { findQueryFiles } from '../query-files.ts'
import { plainQuery, type QueryText } from '../query-text.ts'
import { failStrictly, ReadProblems } from '../read-problems.ts'
import type { RunTime } from '../run-report.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { openSettings, readSettings } from '../settings.ts'
import { printWhy } from '../why-report.ts'

/** The options of `kqlab why`. */
export interface WhyOptions extends ExecutionOptions {
  readonly where?: string
  readonly rows?: readonly number[]
  readonly limit?: number
  readonly at?: string
  readonly param?: readonly string[]
  readonly format: TextFormat
}

interface Asked {
  readonly query: QueryText
  readonly rule: Rule | undefined
}

/** Follows rows through the query of a rule, and says of each where it ended. */
export async function explainWhy(
  argument: string,
  options: WhyOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = sessionOf(environment, options)
  const { reporter } = session
  const { followed, table } = followedTable(options)
  if (options.where === undefined && options.rows === undefined) {
    throw new UsageError('Which rows to follow is missing: give --where CONDITION or --rows 1,2.')
  }
  const at = atArgument(options.at)
  const parameters = parameterArguments(options.param ?? [])
  const { query, rule } = await askedIn(argument, session)
  const settings = await readSettings({ ...options, table }, reporter)
  const { config } = settings
  const data = await openSettings(settings, session)
  const { compiled, diagnostics } = compile(query, data, parameters, { rule })
  for (const diagnostic of diagnostics) await reporter.inSource(query.source, diagnostic)
  if (compiled === undefined) throw new Failure('query')
  const { missing, strict, external, maxRows, maxMemory } = executeOptions(options, config)
  const lacking = missingTables(compiled.prepared, data, missing)
  for (const each of lacking) await reporter.inSource(query.source, compiled.query.locate(each))
  if (hasErrors(lacking)) throw new Failure('tables')
  const time = await timeOf(at ?? nowArgument(options.now ?? config.now), compiled, data, session)
  const geoip = await geoipOptions(options.geoip ?? config.geoip, reporter)
  const run: RunOptions = {
    now: time.now,
    externalData: external,
    signal: session.signal,
    ...geoip,
    ...(maxRows === undefined ? {} : { maxRows }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
  }
  const problems = new ReadProblems(strict)
  const period = rule && scheduleOf(rule).period
  const from = at === undefined || period === undefined ? undefined : at - period
  const window = at === undefined ? {} : { to: at, ...(from === undefined ? {} : { from }) }
  const chosen = { table: followed, where: options.where, rows: options.rows }
  const found = await following(compiled, problems, session, () =>
    followRows(compiled.prepared, {
      ...data,
      ...chosen,
      run,
      window,
      places: new Places(query.source, compiled.query.locate),
      onProblem: problems.add,
      limit: options.limit ?? FOLLOWED_ROWS,
    }),
  )
  await problems.report(reporter)
  const [none] = found.missing
  if (none !== undefined) {
    throw new UsageError(`--rows ${none}: the table has ${found.tableRows} rows.`)
  }
  await printWhy(options.format, found, { time, window }, session.terminal.out)
  return exitCodeOf(reporter, 0)
}

/** What `follow` gives; its faults are reported, those of the options as what they are. */
async function following(
  { query }: Compiled,
  problems: ReadProblems,
  { reporter, progress, signal }: Session,
  follow: () => Promise<ExplainedRows>,
): Promise<ExplainedRows> {
  progress.start()
  try {
    return await follow()
  } catch (error) {
    progress.clear()
    await problems.report(reporter)
    if (!(error instanceof KqlError) || signal.aborted) return failStrictly(error, reporter)
    for (const diagnostic of error.diagnostics) {
      const { code, message, hint = '' } = diagnostic
      if (code === 'KQL105') throw new UsageError(`${message} ${hint}`.trim())
      await reporter.inSource(query.source, query.locate(diagnostic))
    }
    throw new Failure('run')
  } finally {
    progress.clear()
  }
}

/** `--table NAME` names the table that is followed, `--table NAME=PATH` logs. */
function followedTable({ table = [] }: WhyOptions): {
  followed: string | undefined
  table: readonly string[]
} {
  const names = table.filter(each => !each.includes('='))
  const [followed, second] = names
  if (second !== undefined) {
    throw new UsageError(`--table ${second}: rows of ${followed} are followed already.`)
  }
  return { followed, table: table.filter(each => each.includes('=')) }
}

function atArgument(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDatetime(text)
  if (ticks !== null) return ticks
  throw new UsageError(`--at takes a time such as 2026-03-17T15:00:00Z, not '${text}'.`)
}

/** The query: the argument itself, or the one rule or query in a file. */
async function askedIn(argument: string, { reporter }: Session): Promise<Asked> {
  const isThere = await stat(argument).then(
    () => true,
    () => false,
  )
  if (!isThere && !isQueryPath(argument)) return { query: plainQuery(argument), rule: undefined }
  const [file, second] = await findQueryFiles([argument], { kql: true }, reporter)
  for (const diagnostic of file?.diagnostics ?? []) {
    if (file !== undefined) await reporter.inSource(file.source, diagnostic)
  }
  if (second !== undefined) {
    throw new UsageError(`${argument} holds more than one rule: rows are followed through one.`)
  }
  if (file?.query === undefined) throw new Failure(argument)
  return { query: file.query, rule: file.rule }
}

async function timeOf(
  given: bigint | undefined,
  { prepared }: Compiled,
  data: Data,
  session: Session,
): Promise<RunTime> {
  if (given !== undefined) return { now: given, from: 'given' }
  const newest = await newestTime(prepared.tables, data, session)
  return newest === undefined ? { now: clockTime(), from: 'clock' } : { now: newest, from: 'data' }
}
