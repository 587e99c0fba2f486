import { readFile } from 'node:fs/promises'
import { reasonOf } from '../node/data-paths.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { SourceText } from '../text/source-text.ts'
import { Failure, UsageError } from './exit.ts'
import type { Reporter } from './reporter.ts'

/** A query, and the text in which people know it. */
export interface QueryText {
  readonly text: string
  /** The file or the argument that the query is in. */
  readonly source: SourceText
  /** A diagnostic of the query with its places in the source. */
  locate(diagnostic: Diagnostic): Diagnostic
}

/** A query that is the whole of a text. */
export function plainQuery(text: string, name?: string): QueryText {
  return { text, source: new SourceText(text, name), locate: diagnostic => diagnostic }
}

/** Whether an argument is meant as the path of a query file. */
export function isQueryPath(argument: string): boolean {
  return /\.(kql|csl|kusto|ya?ml)$/i.test(argument) && !/[\n|]/.test(argument)
}

/** Whether the path is that of a rule file. */
export function isRulePath(path: string): boolean {
  return /\.ya?ml$/i.test(path)
}

/** The text of a file, without a byte order mark. Ends the command where it cannot be read. */
export async function readText(path: string, reporter: Reporter): Promise<string> {
  try {
    const bytes = await readFile(path)
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes)
  } catch (error) {
    const message = isFolder(error) ? 'It is a folder, not a file.' : reasonOf(error)
    await reporter.inFile({ code: 'KQL400', severity: 'error', message, file: path })
    throw new Failure(path)
  }
}

function isFolder(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EISDIR'
}

/** Where a query may come from. */
export interface QueryArguments {
  /** The argument: a query, the path of a file that holds one, or `-`. */
  readonly query: string | undefined
  /** What `--file` names. */
  readonly file: string | undefined
}

/**
 * The query that the command line names: an argument, a file, the query of a rule file, or standard
 * input.
 * @throws UsageError where there is none, or more than one.
 */
export async function queryFrom(given: QueryArguments, reporter: Reporter): Promise<QueryText> {
  const { query, file } = given
  if (query !== undefined && file !== undefined) {
    throw new UsageError('The query is given twice: as an argument and with --file.')
  }
  if (file !== undefined) return queryInFile(file, reporter)
  if (query === '-') return plainQuery(await standardInput(), 'stdin')
  if (query !== undefined) {
    return isQueryPath(query) ? queryInFile(query, reporter) : plainQuery(query)
  }
  if (process.stdin.isTTY === true) {
    throw new UsageError('No query was given: as an argument, with --file, or on standard input.')
  }
  return plainQuery(await standardInput(), 'stdin')
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

async function standardInput(): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of process.stdin) pieces.push(piece as Buffer)
  return new TextDecoder().decode(Buffer.concat(pieces))
}
