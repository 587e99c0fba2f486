import { tablesOf } from '../../api/prepare.ts'
import type { ColumnBatch } from '../../tables/batch.ts'
import { formatDatetime } from '../../types/datetime.ts'
import type { Schema } from '../../types/schema.ts'
import { type Data, openTables } from '../data.ts'
import { type Compiled, compile, type ExecuteOptions, execute } from '../execute.ts'
import { type ExitCode, Failure } from '../exit.ts'
import { columnsJson, rowJson } from '../formats/json.ts'
import { objectJson } from '../formats/ndjson.ts'
import { countText, TablePrinter, visible } from '../formats/table.ts'
import { newestTime } from '../newest.ts'
import {
  clockTime,
  dataArguments,
  type ExecutionOptions,
  exitCodeOf,
  nowArgument,
} from '../options.ts'
import { findQueryFiles, type QueryFile } from '../query-files.ts'
import { type Environment, type Session, startSession } from '../session.ts'

export const RUN_FORMATS = ['table', 'json', 'ndjson'] as const

/** How the rows of rules are printed. */
export type RunFormat = (typeof RUN_FORMATS)[number]

/** The options of `kqlab run`. */
export interface RunRulesOptions extends ExecutionOptions {
  readonly format: RunFormat
}

/** A rule whose query compiled. */
interface ReadyRule {
  readonly file: RuleFile
  readonly compiled: Compiled
}

type RuleFile = QueryFile & {
  readonly rule: NonNullable<QueryFile['rule']>
  readonly query: NonNullable<QueryFile['query']>
}

/** Runs each rule's query once over the same data and prints the rows under the rule's name. */
export async function runRules(
  paths: readonly string[],
  options: RunRulesOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = startSession(environment, options.diagnostics)
  const tables = dataArguments(options)
  const given = nowArgument(options.now)
  const files = await readRules(paths, session)
  const data = await openTables(tables, session.reporter, session.signal)
  const now = await timeToRunAt(files, data, given, session)
  const report = reportOf(options.format, now, session)
  const { strict = false, missingTables: missing, maxRows } = options
  const execution = {
    now: now.ticks,
    strict,
    missing,
    ...(maxRows === undefined ? {} : { maxRows }),
  }
  await report.begin()
  const totals = { ran: 0, failed: 0, withRows: 0, rows: 0 }
  for (const file of files) {
    const rows = await runRule(file, data, execution, report, session)
    if (rows === undefined) totals.failed++
    else {
      totals.ran++
      totals.rows += rows
      if (rows > 0) totals.withRows++
    }
  }
  await report.end(totals)
  return exitCodeOf(session.reporter, totals.rows, options.failOn)
}

/** Reads the rules; what cannot be used is reported, and the others run all the same. */
async function readRules(paths: readonly string[], session: Session): Promise<RuleFile[]> {
  const { reporter } = session
  const rules: RuleFile[] = []
  for (const file of await findQueryFiles(paths, { kql: false }, reporter)) {
    for (const diagnostic of file.diagnostics) await reporter.inSource(file.source, diagnostic)
    const { rule, query } = file
    if (rule !== undefined && query !== undefined) rules.push({ ...file, rule, query })
  }
  if (rules.length === 0) throw new Failure('rules')
  return rules
}
