import { addAbortSignal } from 'node:stream'
import { Failure, UsageError } from './exit.ts'
import { decodedText, plainQuery, type QueryText, readText, soundText } from './query-text.ts'
import type { Reporter } from './reporter.ts'
import type { Session } from './session.ts'

/** Whether an argument is meant as the path of a query file. */
export function isQueryPath(argument: string): boolean {
  return /\.(kql|csl|kusto|ya?ml)$/i.test(argument) && !/[\n|]/.test(argument)
}

/** Whether the path is that of a rule file. */
export function isRulePath(path: string): boolean {
  return /\.ya?ml$/i.test(path)
}

/** Where a query may come from. */
export interface QueryArguments {
  /** The argument: a query, the path of a file that holds one, or `-`. */
  readonly query: string | undefined
  /** What `--file` names. */
  readonly file: string | undefined
  /** Whether standard input is data. */
  readonly inputIsData?: boolean
}

/**
 * The query that the command line names: an argument, a file, the query of a rule file, or standard
 * input.
 * @throws UsageError where there is none, or more than one.
 */
export async function queryFrom(
  given: QueryArguments,
  { reporter, signal }: Session,
): Promise<QueryText> {
  const { query, file } = given
  if (query !== undefined && file !== undefined) {
    throw new UsageError('The query is given twice: as an argument and with --file.')
  }
  if (file !== undefined) return queryInFile(file, reporter)
  if (given.inputIsData === true && (query === undefined || query === '-')) {
    throw new UsageError('Standard input cannot be the query and data at once.')
  }
  if (query === '-') return queryOfInput(reporter, signal)
  if (query !== undefined) {
    return isQueryPath(query) ? queryInFile(query, reporter) : plainQuery(query)
  }
  if (process.stdin.isTTY === true) {
    throw new UsageError('No query was given: as an argument, with --file, or on standard input.')
  }
  return queryOfInput(reporter, signal)
}

async function queryInFile(path: string, reporter: Reporter): Promise<QueryText> {
  const text = await readText(path, reporter)
  if (!isRulePath(path)) return plainQuery(text, path)
  const { ruleInText } = await import('./query-files.ts')
  const { query, source, diagnostics } = ruleInText(path, text)
  for (const diagnostic of diagnostics) await reporter.inSource(source, diagnostic)
  if (query === undefined) throw new Failure(path)
  return query
}

async function queryOfInput(reporter: Reporter, signal: AbortSignal): Promise<QueryText> {
  const pieces: Buffer[] = []
  for await (const piece of addAbortSignal(signal, process.stdin)) pieces.push(piece as Buffer)
  const text = await soundText(decodedText(Buffer.concat(pieces)), 'stdin', reporter)
  return plainQuery(text, 'stdin')
}
