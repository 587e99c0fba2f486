import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** A folder beside the one that is asked for, in which files are made until all are whole. */
export class Staging {
  readonly folder: string
  readonly #target: string

  private constructor(folder: string, target: string) {
    this.folder = folder
    this.#target = target
  }

  /** @param target the folder that the files are meant for; it need not exist */
  static async begin(target: string): Promise<Staging> {
    const path = resolve(target)
    await mkdir(dirname(path), { recursive: true })
    const folder = join(dirname(path), `.${basename(path)}.partial-${randomUUID()}`)
    await mkdir(folder)
    return new Staging(folder, path)
  }

  /**
   * Puts the files into the target: at once where that is new or empty, else one by one, in place of the
   * older files of the same tables.
   */
  async commit(files: readonly string[], tables: readonly string[]): Promise<void> {
    const there = await entries(this.#target)
    if (there.length === 0) {
      await rmdir(this.#target).catch(ignoreMissing)
      await rename(this.folder, this.#target)
      return
    }
    const stale = there.filter(name => !files.includes(name) && isOfTables(name, tables))
    for (const name of stale) await rm(join(this.#target, name))
    for (const name of files) await rename(join(this.folder, name), join(this.#target, name))
    await this.discard()
  }

  /** Removes what was made. */
  discard(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }
}

/** The files in the folder that an earlier run wrote of the tables. */
export async function writtenFiles(folder: string, tables: readonly string[]): Promise<string[]> {
  const names = await entries(folder)
  return names.filter(name => isOfTables(name, tables))
}

/** The name of the file of a table, of which there may be several. */
export function fileName(table: string, number: number): string {
  return `${encodeURIComponent(table)}${number === 1 ? '' : `.${number}`}.parquet`
}

function isOfTables(name: string, tables: readonly string[]): boolean {
  const [, stem] = /^(.*?)(?:\.\d+)?\.parquet$/.exec(name) ?? []
  return tables.some(table => encodeURIComponent(table) === stem)
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    ignoreMissing(error)
    return []
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
}

/** The size of a file in bytes. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size
}
