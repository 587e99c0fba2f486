import { realpath } from 'node:fs/promises'
import type { Catalog } from '../tables/catalog.ts'
import { DataFileError } from '../tables/formats/data-file.ts'
import type { FileTableOptions } from '../tables/formats/file-table.ts'
import type { GivenFile, OpenedFiles, UnrecognisedFile } from '../tables/formats/open-files.ts'
import { openFiles } from '../tables/formats/open-files.ts'
import { listDataFiles } from './data-paths.ts'
import { openFile } from './file-source.ts'

/** What {@link openData} is to open. */
export interface OpenDataOptions extends FileTableOptions {
  /** Files, folders and patterns whose tables are to be found out. */
  readonly data: readonly string[]
  /** Files, folders and patterns by the table that they hold. */
  readonly tables?: Readonly<Record<string, readonly string[]>>
  readonly catalog: Catalog
  readonly signal?: AbortSignal
}

/** The tables in files on disk. */
export interface OpenedData extends OpenedFiles {
  /** Files in folders that are no logs by their extension. */
  readonly ignored: readonly string[]
}

/**
 * Opens the files: lists them, finds out what each holds, and makes tables of them. A path that
 * cannot be read, and a file whose table cannot be told, is among `unrecognised`; nothing is thrown
 * for it.
 */
export async function openData(options: OpenDataOptions): Promise<OpenedData> {
  const unrecognised: UnrecognisedFile[] = []
  const ignored: string[] = []
  const given = new Map<string, { path: string; tables: string[] }>()
  const add = async (paths: readonly string[], table?: string): Promise<void> => {
    const found = await listDataFiles(paths)
    unrecognised.push(...found.problems)
    ignored.push(...found.ignored)
    for (const path of found.files) {
      const key = await realpath(path)
      const entry = given.get(key)
      if (entry === undefined) given.set(key, { path, tables: table === undefined ? [] : [table] })
      else if (table !== undefined && !entry.tables.includes(table)) entry.tables.push(table)
    }
  }
  await add(options.data)
  for (const [table, paths] of Object.entries(options.tables ?? {})) await add(paths, table)

  const files: GivenFile[] = []
  for (const { path, tables } of given.values()) {
    try {
      files.push({ file: await openFile(path), tables })
    } catch (error) {
      if (!(error instanceof DataFileError)) throw error
      unrecognised.push({ path, message: error.message })
    }
  }
  const opened = await openFiles(files, options)
  return { ...opened, unrecognised: [...unrecognised, ...opened.unrecognised], ignored }
}
