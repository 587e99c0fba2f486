import { type FSWatcher, watch } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { UsageError } from '../exit.ts'

/**
 * Watches files and folders. Each folder has a watch of its own: the system's recursive ones would take
 * in node_modules too.
 */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #onChange: (path: string) => void
  readonly #onFault: (error: unknown) => void
  /** Folders that are watched with all below them. */
  readonly #roots = new Set<string>()
  #isClosed = false

  /**
   * `onChange` is called with the absolute path of what was changed, added or removed; `onFault` where a
   * new folder cannot be watched.
   */
  constructor(onChange: (path: string) => void, onFault: (error: unknown) => void) {
    this.#onChange = onChange
    this.#onFault = onFault
  }

  /**
   * Watches a folder with all below it, or a file; what is not there, by the folder that it would be in.
   * @throws UsageError where the system has no more watches.
   */
  async add(path: string): Promise<void> {
    const full = resolve(path)
    if (await isFolder(full)) {
      this.#roots.add(full)
      await this.#addTree(full)
    } else this.#addFolder(dirname(full))
  }

  close(): void {
    this.#isClosed = true
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  /** Watches the folder and those below it; gives the files that are there. */
  async #addTree(folder: string): Promise<string[]> {
    this.#addFolder(folder)
    const files: string[] = []
    // A folder that is gone again has nothing to watch.
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (!entry.isDirectory()) files.push(path)
      else if (isWatched(entry.name)) files.push(...(await this.#addTree(path)))
    }
    return files
  }

  #addFolder(folder: string): void {
    if (this.#watchers.has(folder) || this.#isClosed) return
    try {
      const watcher = watch(folder, (_, name) => {
        if (name !== null) this.#changed(join(folder, name), name)
      })
      const forget = (): void => {
        watcher.close()
        this.#watchers.delete(folder)
      }
      // Folders end while they are watched; their parents tell what was in them.
      watcher.on('error', forget)
      this.#watchers.set(folder, watcher)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'ENOSPC' || code === 'EMFILE') {
        throw new UsageError(
          `${folder} cannot be watched: the system has no more watches. Raise their number (on Linux, fs.inotify.max_user_watches and max_user_instances), or name fewer folders.`,
        )
      }
      if (!UNWATCHED.has(code)) throw error
    }
  }

  #changed(path: string, name: string): void {
    this.#onChange(path)
    const isWithin = [...this.#roots].some(root => isBelow(path, root))
    if (isWithin && isWatched(name) && !/\.(?:ya?ml|json)$/i.test(name)) {
      this.#addNew(path).catch(this.#onFault)
    }
  }

  /** A new folder: what was put there before it is watched changed too. */
  async #addNew(path: string): Promise<void> {
    if (!(await isFolder(path))) return
    // Watches of what was there before under these names see nothing of this.
    for (const [folder, watcher] of this.#watchers) {
      if (!isBelow(folder, path)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const file of await this.#addTree(path)) this.#onChange(file)
  }
}

/** Why a folder is left out: it is gone again, or may not be read, which is told where it is. */
const UNWATCHED: ReadonlySet<string | undefined> = new Set(['ENOENT', 'EACCES', 'EPERM'])

/** Whether a path is that of the folder, or below it. */
function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(join(folder, sep))
}

function isWatched(name: string): boolean {
  return !name.startsWith('.') && name !== 'node_modules'
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}
