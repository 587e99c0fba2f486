import { join, resolve, sep } from 'node:path'
import { BATCH_SIZE } from '../../engine/execution.ts'
import { Staging, sizeOf, writtenFiles } from '../../node/ingest/staging.ts'
import { WriteError, type WrittenTable, writeTable } from '../../node/ingest/write-table.ts'
import type { TextFormat } from '../choices.ts'
import type { Data } from '../data.ts'
import { EXIT, type ExitCode, UsageError } from '../exit.ts'
import { alignedLines, countText, visible } from '../formats/table.ts'
import type { DataOptions } from '../options.ts'
import { failStrictly, ReadProblems } from '../read-problems.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { openSettings, readSettings } from '../settings.ts'
import { writeReason } from '../write-file.ts'

/** The options of `kqlab ingest`. */
export interface IngestOptions extends DataOptions {
  readonly output: string
  readonly force?: boolean
  readonly strict?: boolean
  readonly format: TextFormat
  readonly diagnostics: TextFormat
}

/** What became of a table. */
interface IngestedReport extends WrittenTable {
  /** The sizes of the files that hold it, and of those that were written. */
  readonly bytesIn: number
  readonly bytesOut: number
}

/**
 * Writes logs as Parquet files into a folder.
 * @throws UsageError where there is nothing to write, or files of the tables are there already.
 */
export async function ingestLogs(
  paths: readonly string[],
  options: IngestOptions,
  environment: Environment,
): Promise<ExitCode> {
  const started = performance.now()
  const session = sessionOf(environment, options)
  const given = [...paths, ...(options.data ?? [])]
  const settings = await readSettings(
    given.length === 0 ? options : { ...options, data: given },
    session.reporter,
  )
  // What is not found now is lost.
  const data = await openSettings(settings, session, { whole: true })
  if (data.sources.size === 0) {
    const { data: paths, tables } = settings.data
    const isNone = paths.length === 0 && Object.keys(tables).length === 0
    throw new UsageError(
      isNone
        ? 'No logs were given. Name files or folders of them, or give --table.'
        : 'There is nothing to write: the logs have no records.',
    )
  }
  const tables = [...data.sources.keys()]
  await checkTarget(options, data, tables)
  const problems = new ReadProblems(options.strict ?? settings.config.strict ?? false)
  const reports = await writeAll(data, options, problems, session)
  session.progress.clear()
  await problems.report(session.reporter)
  await print(reports, options, (performance.now() - started) / 1000, session)
  return session.reporter.errors > 0 ? EXIT.failed : EXIT.ok
}

async function checkTarget(
  { output, force = false }: IngestOptions,
  { files = [] }: Data,
  tables: readonly string[],
): Promise<void> {
  const folder = `${resolve(output)}${sep}`
  const inside = files.find(({ path }) => resolve(path).startsWith(folder))
  if (inside !== undefined) {
    throw new UsageError(
      `${inside.path} is read, and lies in the folder that is written to. Choose another folder, ` +
        'or leave the file out.',
    )
  }
  const there = await usable(output, () => writtenFiles(output, tables))
  const [first] = there
  if (first !== undefined && !force) throw taken(output, first)
}

function taken(output: string, file: string): UsageError {
  return new UsageError(
    `${join(output, file)} is there already. Give --force to replace it, or choose another folder.`,
  )
}

/** Writes all tables, or nothing. */
async function writeAll(
  { sources, bytes }: Data,
  { output, force = false }: IngestOptions,
  problems: ReadProblems,
  { signal, reporter, progress }: Session,
): Promise<IngestedReport[]> {
  const staging = await usable(output, () => Staging.begin(output))
  try {
    const reports: IngestedReport[] = []
    for (const [table, source] of sources) {
      const context = { batchSize: BATCH_SIZE, signal, report: problems.add }
      const written = await writeTable(table, source, staging.folder, context, {
        wrote: rows => progress.read(table, rows),
      })
      let bytesOut = 0
      for (const file of written.files) bytesOut += await sizeOf(join(staging.folder, file))
      reports.push({ ...written, bytesIn: bytes?.get(table) ?? 0, bytesOut })
    }
    signal.throwIfAborted()
    const files = reports.flatMap(report => report.files)
    // Another process may have written there since it was looked at first.
    const kept = await usable(output, () => staging.commit(files, [...sources.keys()], !force))
    if (kept !== undefined) throw taken(output, kept)
    return reports
  } catch (error) {
    await staging.discard()
    if (error instanceof WriteError) return await usable(output, () => Promise.reject(error.cause))
    return await failStrictly(error, reporter)
  }
}

/** What the file system refuses is no defect. */
async function usable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw new UsageError(`${path}: ${writeReason(error)}`)
    }
    throw error
  }
}

async function print(
  reports: readonly IngestedReport[],
  { output, format }: IngestOptions,
  seconds: number,
  { terminal: { out }, reporter }: Session,
): Promise<void> {
  if (format === 'json') {
    const { warnings } = reporter
    await out.write(`${JSON.stringify({ output, seconds, warnings, tables: reports }, null, 2)}\n`)
    return
  }
  const lines = reports.map(({ table, rows, files, bytesIn, bytesOut }) => [
    visible(table),
    countText(rows, 'row'),
    countText(files.length, 'file'),
    `${sizeText(bytesIn)} to ${sizeText(bytesOut)}`,
  ])
  for (const line of alignedLines(lines, Number.POSITIVE_INFINITY)) await out.write(`${line}\n`)
  const rows = reports.reduce((sum, report) => sum + report.rows, 0)
  const bytes = reports.reduce((sum, report) => sum + report.bytesOut, 0)
  await out.write(
    `\n${countText(reports.length, 'table')}, ${countText(rows, 'row')}, ${sizeText(bytes)} ` +
      `in ${visible(output)}, ${seconds.toFixed(1)} s.\n`,
  )
}

function sizeText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
