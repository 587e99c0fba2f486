import { readInOneThread } from '../../node/reading-thread.ts'
import type { RowFormat } from '../choices.ts'
import { compileOrFail, execute } from '../execute.ts'
import type { ExitCode } from '../exit.ts'
import { UsageError } from '../exit.ts'
import { resultPrinter } from '../formats/row-printer.ts'
import { geoipOptions } from '../geoip.ts'
import {
  clockTime,
  type ExecutionOptions,
  executeOptions,
  exitCodeOf,
  nowArgument,
  parameterArguments,
} from '../options.ts'
import { queryFrom } from '../query-argument.ts'
import { type Environment, sessionOf } from '../session.ts'
import { openSettings, readSettings, readsInput } from '../settings.ts'

/** The options of `kqlab query`. */
export interface QueryOptions extends ExecutionOptions {
  readonly file?: string
  readonly format?: RowFormat
  readonly param?: readonly string[]
}

/** Runs one query and prints its rows. */
export async function runQuery(
  argument: string | undefined,
  options: QueryOptions,
  environment: Environment,
): Promise<ExitCode> {
  readInOneThread()
  const session = sessionOf(environment, options)
  const parameters = parameterArguments(options.param ?? [])
  const settings = await readSettings(options, session.reporter)
  const { config } = settings
  const now = nowArgument(options.now ?? config.now) ?? clockTime()
  if (argument === undefined && options.file === undefined) refuseSwallowed(settings.data.data)
  const query = await queryFrom(
    { query: argument, file: options.file, inputIsData: readsInput(settings) },
    session,
  )
  const data = await openSettings(settings, session)
  const compiled = await compileOrFail(query, data, parameters, session)
  const geoip = await geoipOptions(options.geoip ?? config.geoip, session.reporter)
  const rows = await execute(
    compiled,
    data,
    { ...executeOptions(options, config), ...geoip, now },
    result =>
      resultPrinter(options.format ?? config.format ?? 'table', result, session.terminal.out),
    session,
  )
  return exitCodeOf(session.reporter, rows, options.failOn ?? config.failOn)
}

/** `--data` takes all that follows it: a query behind it would be looked for as a file. */
function refuseSwallowed(paths: readonly string[]): void {
  const query = paths.find(path => /[|\n]|\s\S+\s/.test(path))
  if (query === undefined) return
  throw new UsageError(
    `No query was given: '${query}' was taken as a path, because it stands behind --data. ` +
      'Put the query first.',
  )
}
