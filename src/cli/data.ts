import { Workspace } from '../api/workspace.ts'
import type { Target } from '../rules/targets.ts'
import { Catalog, type TableColumns } from '../tables/catalog.ts'
import type { OpenedFile, OpenFilesOptions } from '../tables/formats/open-files.ts'
import type { TableSource } from '../tables/source.ts'
import { Failure } from './exit.ts'
import { countText } from './formats/table.ts'
import type { Reporter } from './reporter.ts'

/** Where the command line says that the data are. */
export interface DataArguments {
  /** Files, folders and patterns whose tables are to be found out. */
  readonly data: readonly string[]
  /** Files, folders and patterns by the table that they hold. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  /** The columns of tables that are not built in, or in place of the built-in ones. */
  readonly schemas?: Readonly<Record<string, TableColumns>>
}

/** The tables to run queries over. */
export interface Data {
  readonly sources: ReadonlyMap<string, TableSource>
  /** The built-in tables and those of the data, with the columns that the data have besides. */
  readonly catalog: Catalog
  /** Saved functions, watchlists and tables of other places. */
  readonly workspace: Workspace
  /** The sizes of the files that hold a table, as they are stored; of those that have one. */
  readonly bytes?: ReadonlyMap<string, number>
  /** The files that the tables are in. */
  readonly files?: readonly OpenedFile[]
  /** The service that queries are meant for: what it refuses is warned of. */
  readonly target?: Target
}

/** No data: queries see the built-in tables alone. */
export const NO_DATA: Data = {
  sources: new Map(),
  catalog: Catalog.builtin(),
  workspace: new Workspace(),
}

/** How data are opened. */
export type OpenOptions = Pick<OpenFilesOptions, 'whole'>

/**
 * Opens the data. What cannot be read, or belongs to no table that could be told, is reported.
 * @throws Failure where any of it is.
 */
export async function openTables(
  { data, tables, schemas: declared = {} }: DataArguments,
  reporter: Reporter,
  signal: AbortSignal,
  options: OpenOptions = {},
): Promise<Data> {
  const isNone = data.length === 0 && Object.keys(tables).length === 0
  const known = Catalog.builtin().with(declared)
  if (isNone) return { ...NO_DATA, catalog: known }
  const { openData } = await import('../node/open-data.ts')
  const opened = await openData({ ...options, data, tables, catalog: known, signal })
  const { sources, files, unrecognised, problems, ignored } = opened
  const faults = [
    ...problems.map(({ file, message }) => ({ file, message })),
    ...unrecognised.map(({ path, message }) => ({ file: path, message })),
  ]
  for (const fault of faults.slice(0, SHOWN_FAULTS)) {
    await reporter.inFile({ code: 'KQL103', severity: 'error', ...fault })
  }
  if (faults.length > SHOWN_FAULTS) {
    const rest = countText(faults.length - SHOWN_FAULTS, 'more file')
    const message = `${rest} cannot be used either.`
    await reporter.inFile({ code: 'KQL103', severity: 'error', message })
  }
  if (faults.length > 0) throw new Failure('data')
  if (files.length === 0) {
    const seen =
      ignored.length === 0
        ? ''
        : ` ${countText(ignored.length, 'file')} of other kinds: ${listed(ignored)}.`
    await reporter.inFile({
      code: 'KQL103',
      severity: 'error',
      message: `No logs were found there.${seen}`,
      hint:
        'Logs are .json, .jsonl, .ndjson, .log, .csv and .parquet files, also compressed with gzip ' +
        'or zstd, or in ZIP archives.',
      file: [...data, ...Object.values(tables).flat()].join(', '),
    })
    throw new Failure('data')
  }
  await reportNotes(files, reporter)
  const schemas = Object.fromEntries(
    [...sources].map(([name, source]) => [name, source.schema] as const),
  )
  const bytes = new Map<string, number>()
  for (const { tables, bytes: own = 0 } of files) {
    for (const table of tables) bytes.set(table, (bytes.get(table) ?? 0) + own)
  }
  return { ...NO_DATA, sources, catalog: known.with(schemas), bytes, files }
}

const SHOWN_FAULTS = 20
const LISTED = 5

function listed(names: readonly string[]): string {
  const more = names.length > LISTED ? ', …' : ''
  return names.slice(0, LISTED).join(', ') + more
}

/** What the user should know about files: each note once, with the files that it is about. */
async function reportNotes(files: readonly OpenedFile[], reporter: Reporter): Promise<void> {
  const notes = new Map<string, string[]>()
  for (const { path, notes: texts, tables, format } of files) {
    for (const text of texts) notes.set(text, [...(notes.get(text) ?? []), path])
    if (tables.length > 0) continue
    await reporter.inFile({
      code: 'KQL203',
      severity: 'warning',
      message: `It holds no records (${format}).`,
      file: path,
    })
  }
  for (const [message, paths] of notes) {
    await reporter.inFile({ code: 'KQL206', severity: 'info', message, file: listed(paths) })
  }
}
