import { type Dirent, realpathSync, statSync } from 'node:fs'
import { join, normalize, sep } from 'node:path'
import { filePromises } from './file-promises.ts'

/** A path that cannot be read, and why. */
export interface PathProblem {
  readonly path: string
  readonly message: string
}

/** Files are read several times: to find out what they hold, and by each scan. */
const PIPE = 'It is a pipe, which can be read but once: give - for standard input, or a file.'

/** The files that some paths stand for. */
export interface DataFiles {
  /** Each once, in the order of the paths given and, in a folder, of their names. */
  readonly files: readonly string[]
  /** Those of the files that were given by their own path. */
  readonly named: ReadonlySet<string>
  /** Files in folders whose extension is not that of a log. */
  readonly ignored: readonly string[]
  readonly problems: readonly PathProblem[]
}

/** The extensions of files that are read when a folder or a pattern is given. */
const DATA_FILE = /\.(json|jsonl|ndjson|log|csv|parquet)(\.(gz|gzip|zst))?$|\.(gz|gzip|zst|zip)$/i

/** Whether a file of that name is read when a folder or a pattern is given. */
export function isDataFileName(name: string): boolean {
  return DATA_FILE.test(name)
}

/** The path without links; throws where there is no such file or folder. */
export function realPath(path: string): string {
  return realpathSync.native(path)
}

/** What the reading of paths found, as a message that names the cause. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOENT':
      return 'There is no such file or folder.'
    case 'EACCES':
    case 'EPERM':
      return 'Permission to read it is missing.'
    case 'EISDIR':
      return 'It is a folder, not a file.'
    case 'ELOOP':
      return 'Its symbolic links lead in a circle.'
    case 'EMFILE':
    case 'ENFILE':
      return 'Too many files are open.'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}

/**
 * The files that `paths` stand for: files themselves, folders with all that is in them, and patterns
 * with `*`, `**`, `?`, `[…]` and `{…,…}`. In folders, files that do not look like logs and what begins
 * with a dot are left out. A file that is reached twice is listed once.
 */
export async function listDataFiles(paths: readonly string[]): Promise<DataFiles> {
  const search = new Search()
  for (const path of paths) await search.add(path)
  return search
}

class Search implements DataFiles {
  readonly files: string[] = []
  readonly named = new Set<string>()
  readonly ignored: string[] = []
  readonly problems: PathProblem[] = []
  readonly #seenFiles = new Set<string>()
  readonly #seenFolders = new Set<string>()

  async add(path: string): Promise<void> {
    try {
      const found = statSync(path)
      if (found.isDirectory()) await this.#folder(path)
      else if (found.isFIFO()) this.problems.push({ path, message: PIPE })
      else {
        this.named.add(path)
        this.#file(path)
      }
    } catch (error) {
      if (isPattern(path)) await this.#pattern(path)
      else this.problems.push({ path, message: reasonOf(error) })
    }
  }

  #file(path: string): void {
    const real = realPath(path)
    if (this.#seenFiles.has(real)) return
    this.#seenFiles.add(real)
    this.files.push(path)
  }

  async #folder(path: string): Promise<void> {
    for (const file of await this.#filesIn(path, this.#seenFolders, () => true)) {
      if (DATA_FILE.test(file)) this.#file(file)
      else this.ignored.push(file)
    }
  }

  async #pattern(pattern: string): Promise<void> {
    // As the paths of the files found are.
    const written = normalize(pattern)
    const segments = written.split(/[\\/]/)
    const plain = segments.slice(0, segments.findIndex(isPattern))
    const root = plain.join(sep) || (plain.length > 0 ? sep : '.')
    const matcher = patternToRegExp(written)
    if (matcher === undefined) {
      const message = 'It is no pattern: the ends of a range in [] are the wrong way round.'
      this.problems.push({ path: pattern, message })
      return
    }
    const prefix = plain.length === 0 ? `.${sep}` : ''
    const nameOf = (file: string) => (file.startsWith(prefix) ? file.slice(prefix.length) : file)
    const matches = (file: string) => matcher.test(nameOf(file).split(sep).join('/'))
    const files = await this.#filesIn(root, new Set(), matches)
    for (const file of files) this.#file(nameOf(file))
    if (files.length === 0) this.problems.push({ path: pattern, message: 'No file matches it.' })
  }

  /** The files wanted below a folder, in the order of names. `seen` ends circles of links. */
  async #filesIn(
    folder: string,
    seen: Set<string>,
    wanted: (path: string) => boolean,
  ): Promise<string[]> {
    const files: string[] = []
    const visit = async (path: string): Promise<void> => {
      let entries: Dirent[]
      try {
        const real = realPath(path)
        if (seen.has(real)) return
        seen.add(real)
        entries = await filePromises().readdir(path, { withFileTypes: true })
      } catch (error) {
        this.problems.push({ path, message: reasonOf(error) })
        return
      }
      entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
      for (const entry of entries) {
        if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
        await visitEntry(entry, path === '.' ? `.${sep}${entry.name}` : join(path, entry.name))
      }
    }
    const visitEntry = async (entry: Dirent, path: string): Promise<void> => {
      let kind: Pick<Dirent, 'isDirectory' | 'isFile'> = entry
      if (entry.isSymbolicLink()) {
        try {
          kind = statSync(path)
        } catch (error) {
          if (wanted(path)) this.problems.push({ path, message: reasonOf(error) })
          return
        }
      }
      if (kind.isDirectory()) await visit(path)
      else if (kind.isFile() && wanted(path)) files.push(path)
    }
    await visit(folder)
    return files
  }
}

function isPattern(text: string): boolean {
  return /[*?[{]/.test(text)
}

/** The expression that the whole of a path with `/` has to match; undefined where a range runs backwards. */
function patternToRegExp(pattern: string): RegExp | undefined {
  let source = ''
  let alternatives = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at)
    switch (character) {
      case '*':
        if (pattern[at + 1] !== '*') source += '[^/]*'
        else if (pattern[at + 2] === '/') {
          source += '(?:[^/]+/)*'
          at += 2
        } else {
          source += '.*'
          at++
        }
        break
      case '?':
        source += '[^/]'
        break
      case '[': {
        const end = pattern.indexOf(']', at + 2)
        if (end < 0) source += '\\['
        else {
          const set = pattern
            .slice(at + 1, end)
            .replace(/^!/, '^')
            .replace(/[\\\]]/g, '\\$&')
          // What is not in the set is no slash either.
          source += `(?!/)[${set}]`
          at = end
        }
        break
      }
      case '{':
        source += '(?:'
        alternatives++
        break
      case '}':
        source += alternatives > 0 ? ')' : '\\}'
        if (alternatives > 0) alternatives--
        break
      case ',':
        source += alternatives > 0 ? '|' : ','
        break
      case '\\':
        source += '/'
        break
      default:
        source += character.replace(/[.+^$()|\]]/, '\\$&')
    }
  }
  try {
    return new RegExp(`^${source}${')'.repeat(alternatives)}$`, 'u')
  } catch {
    return undefined
  }
}
