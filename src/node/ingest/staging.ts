import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, readdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** A folder beside the one that is asked for, in which files are made until all are whole. */
export class Staging {
  readonly folder: string
  readonly #target: string
  /** Called where the process ends before the work does. */
  readonly #onExit = () => {
    try {
      rmSync(this.folder, { recursive: true, force: true })
    } catch {
      // What cannot be removed stays: there is no time left to say so.
    }
  }

  private constructor(folder: string, target: string) {
    this.folder = folder
    this.#target = target
    process.on('exit', this.#onExit)
  }

  /** @param target the folder that the files are meant for; it need not exist */
  static async begin(target: string): Promise<Staging> {
    const path = await realpath(target).catch(() => resolve(target))
    await mkdir(dirname(path), { recursive: true })
    const folder = join(dirname(path), `.${basename(path)}.partial-${randomUUID()}`)
    await mkdir(folder)
    return new Staging(folder, path)
  }

  /**
   * Puts the files into the target: at once where that is new or empty, else one by one, in place of the
   * older files of the same tables.
   * @param keepsOlder whether older files are to stay: then nothing is put there beside them
   * @returns the name of an older file that stays; undefined where the files were put there
   */
  async commit(
    files: readonly string[],
    tables: readonly string[],
    keepsOlder = false,
  ): Promise<string | undefined> {
    if (await this.#becomeTarget()) return undefined
    const older = await writtenFiles(this.#target, tables)
    const kept = keepsOlder ? (older[0] ?? (await this.#claim(files))) : undefined
    if (kept !== undefined) return kept
    const stale = older.filter(name => !files.includes(name))
    for (const name of stale) await rm(join(this.#target, name))
    for (const name of files) await rename(join(this.folder, name), join(this.#target, name))
    await this.discard()
    return undefined
  }

  /** Removes what was made. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
    process.off('exit', this.#onExit)
  }

  /** Puts the folder in the place of the target where that is new or empty. */
  async #becomeTarget(): Promise<boolean> {
    if ((await entries(this.#target)).length > 0) return false
    try {
      await rmdir(this.#target).catch(ignoreMissing)
      await rename(this.folder, this.#target)
    } catch (error) {
      // Another process may have filled the target since: a folder with files is not replaced.
      if ((await entries(this.#target)).length > 0) return false
      throw error
    }
    process.off('exit', this.#onExit)
    return true
  }

  /** Makes the files in the target, empty; where another process has made one of them, gives its name. */
  async #claim(files: readonly string[]): Promise<string | undefined> {
    const claimed: string[] = []
    for (const name of files) {
      const path = join(this.#target, name)
      try {
        await writeFile(path, '', { flag: 'wx' })
        claimed.push(path)
      } catch (error) {
        for (const own of claimed) await rm(own)
        if (codeOf(error) === 'EEXIST') return name
        throw error
      }
    }
    return undefined
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
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** The size of a file in bytes. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size
}
