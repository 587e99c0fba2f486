import { DataFileError } from '../tables/formats/data-file.ts'
import type { GivenFile, OpenedFiles, OpenFilesOptions } from '../tables/formats/open-files.ts'
import type { ReadProblem } from '../tables/source.ts'
import { listDataFiles, realPath } from './data-paths.ts'
import { magicOf } from './file-magic.ts'
import { openFile } from './file-source.ts'
import { type GivenIngested, openIngested, withIngested } from './ingested-files.ts'
import { PARQUET_MAGIC, parquetFile } from './parquet-file.ts'
import { STANDARD_INPUT, standardInputFile } from './stdin-file.ts'
import { ZIP_MAGIC, zippedFiles } from './zip-files.ts'

/** What {@link openData} is to open. */
export interface OpenDataOptions extends OpenFilesOptions {
  /** Files, folders and patterns whose tables are to be found out. */
  readonly data: readonly string[]
  /** Files, folders and patterns by the table that they hold. */
  readonly tables?: Readonly<Record<string, readonly string[]>>
}

/** The tables in files on disk. */
export interface OpenedData extends OpenedFiles {
  /** Files in folders that are no logs by their extension. */
  readonly ignored: readonly string[]
}

/**
 * Opens the files: lists them, finds out what each holds, and makes tables of them. A path that
 * cannot be read is among `problems`, a file whose table cannot be told among `unrecognised`; nothing
 * is thrown for either.
 */
export async function openData(options: OpenDataOptions): Promise<OpenedData> {
  const problems: ReadProblem[] = []
  const problem = (file: string, message: string) =>
    problems.push({ file, kind: 'record', message })
  const ignored: string[] = []
  const given = new Map<string, { path: string; tables: string[]; named: boolean }>()
  const add = async (paths: readonly string[], table?: string): Promise<void> => {
    if (paths.includes(STANDARD_INPUT)) {
      const entry = given.get(STANDARD_INPUT) ?? { path: STANDARD_INPUT, tables: [], named: true }
      given.set(STANDARD_INPUT, entry)
      if (table !== undefined && !entry.tables.includes(table)) entry.tables.push(table)
    }
    const found = await listDataFiles(paths.filter(path => path !== STANDARD_INPUT))
    for (const { path, message } of found.problems) problem(path, message)
    ignored.push(...found.ignored)
    for (const path of found.files) {
      const key = realPath(path)
      const entry = given.get(key) ?? { path, tables: [], named: false }
      given.set(key, entry)
      if (found.named.has(path)) entry.named = true
      if (table !== undefined && !entry.tables.includes(table)) entry.tables.push(table)
    }
  }
  await add(options.data)
  for (const [table, paths] of Object.entries(options.tables ?? {})) await add(paths, table)

  const files: GivenFile[] = []
  const ingested: GivenIngested[] = []
  for (const { path, tables, named } of given.values()) {
    try {
      if (path === STANDARD_INPUT) {
        files.push({ file: standardInputFile(options.signal), tables, named })
        continue
      }
      const magic = magicOf(path)
      if (magic === ZIP_MAGIC) {
        const zipped = await zippedFiles(path)
        ignored.push(...zipped.ignored)
        if (zipped.files.length === 0) problem(path, 'The ZIP archive holds no logs.')
        for (const file of zipped.files) files.push({ file, tables, named: false })
      } else if (magic === PARQUET_MAGIC) {
        const own = openIngested(path)
        if (own !== undefined) ingested.push({ file: own, tables, named })
        else {
          const { size = 0 } = await openFile(path)
          files.push({ file: parquetFile(path, size), tables, named })
        }
      } else files.push({ file: await openFile(path), tables, named })
    } catch (error) {
      if (!(error instanceof DataFileError)) throw error
      problem(path, error.message)
    }
  }
  const opened = await withIngested(ingested, files, options)
  return { ...opened, problems: [...problems, ...opened.problems], ignored }
}
