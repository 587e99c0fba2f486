import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'

/** What git cannot do; the message says why, for people. */
export class GitError extends Error {
  override readonly name = 'GitError'
}

/** A file as a commit has it. */
export interface CommittedFile {
  /** Its path from the root of the repository, with slashes. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** The object that has its content. */
  readonly object: string
}

/** The most that a command may print. */
const MOST_BYTES = 1 << 30
/** A revision as git knows it. One that begins with a dash would be an option. */
const REVISION = /^(?!-)[^\s:?*[\\\p{Cc}]+$/u
const SETTINGS = ['--no-pager', '-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false']

/** A repository of git, read only: nothing in it is changed, nothing is fetched. */
export class GitRepository {
  /** The folder of the working tree. */
  readonly root: string
  readonly #folder: string
  readonly #prefix: string

  private constructor(root: string, folder: string, prefix: string) {
    this.root = root
    this.#folder = folder
    this.#prefix = prefix
  }

  /**
   * The repository that a file or folder is in, which need not be there any more.
   * @throws GitError where there is none, or no git.
   */
  static async of(path: string): Promise<GitRepository> {
    const folder = await nearestFolder(path)
    const lines = (await git(folder, ['rev-parse', '--show-toplevel', '--show-prefix']))
      .toString('utf8')
      .split('\n')
    return new GitRepository(lines[0] ?? '', folder, lines[1] ?? '')
  }

  /**
   * The path as commits of the repository have it: from the root, with slashes; empty for the root.
   * @throws GitError where it is outside of the repository.
   */
  pathInside(path: string): string {
    const inside = this.#inside(path)
    if (inside !== undefined) return inside
    throw new GitError(`'${path}' is outside of the git repository ${this.root}.`)
  }

  /** Whether a path is within the repository. */
  holds(path: string): boolean {
    return this.#inside(path) !== undefined
  }

  /** Not compared with the root, whose links git has resolved. */
  #inside(path: string): string | undefined {
    const below = relative(this.#folder, resolve(path))
    const inside = join(this.#prefix, below).split(sep).join('/').replace(/\/$/, '')
    if (isAbsolute(below) || inside === '..' || inside.startsWith('../')) return undefined
    return inside === '.' ? '' : inside
  }

  /**
   * The commit that a revision names: a branch, a tag, a hash, `HEAD~2`.
   * @throws GitError where it names none.
   */
  async commitOf(revision: string): Promise<string> {
    const unknown = new GitError(`git knows no revision '${revision}'.`)
    if (!REVISION.test(revision)) throw unknown
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]
    return (await git(this.#folder, args, { failed: unknown })).toString('utf8').trim()
  }

  /**
   * The newest commit that both revisions go back to.
   * @throws GitError where there is none, or a revision is not known.
   */
  async mergeBase(one: string, other: string): Promise<string> {
    const args = ['merge-base', await this.commitOf(one), await this.commitOf(other)]
    const failed = new GitError(
      `'${one}' and '${other}' have no common ancestor here. A shallow clone needs more history.`,
    )
    return (await git(this.#folder, args, { failed })).toString('utf8').trim()
  }

  /** The files of a commit at a path and below, both as {@link pathInside} gives them. */
  async filesAt(commit: string, path: string): Promise<CommittedFile[]> {
    const within = path === '' ? [] : [path]
    const args = ['ls-tree', '-r', '-l', '-z', '--full-tree', commit, '--', ...within]
    const entries = (await git(this.#folder, args)).toString('utf8').split('\0')
    return entries.flatMap(entry => {
      // Links and submodules are no files.
      const match = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t(.+)$/su.exec(entry)
      const [, object, size, file] = match ?? []
      if (object === undefined || file === undefined) return []
      return [{ path: file, size: Number(size), object }]
    })
  }

  /** The contents of files, in their order. */
  async contents(files: readonly CommittedFile[]): Promise<Buffer[]> {
    if (files.length === 0) return []
    const input = files.map(({ object }) => `${object}\n`).join('')
    const printed = await git(this.#folder, ['cat-file', '--batch'], { input })
    let at = 0
    return files.map(({ path }) => {
      const end = printed.indexOf(0x0a, at)
      const size = /^[0-9a-f]+ blob (\d+)$/.exec(printed.toString('latin1', at, end))?.[1]
      if (size === undefined) throw new GitError(`git does not have the content of '${path}'.`)
      const start = end + 1
      at = start + Number(size) + 1
      return printed.subarray(start, at - 1)
    })
  }

  /**
   * The files of the working tree that differ from a commit, and those that git does not track and
   * does not ignore: their paths from the root, with slashes.
   */
  async changedSince(commit: string): Promise<Set<string>> {
    const differing = ['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z', commit, '--']
    const untracked = ['ls-files', '--others', '--exclude-standard', '-z', '--']
    const lists = await Promise.all([differing, untracked].map(args => git(this.root, args)))
    return new Set(lists.flatMap(list => list.toString('utf8').split('\0')).filter(Boolean))
  }
}

interface GitOptions {
  /** Standard input. */
  readonly input?: string
  /** What is thrown where git fails; what it says of that, where missing. */
  readonly failed?: GitError
}

/** What git prints. Arguments are handed over as they are: no shell reads them. */
function git(
  folder: string,
  args: readonly string[],
  { input, failed }: GitOptions = {},
): Promise<Buffer> {
  return new Promise((succeed, fail) => {
    const child = execFile(
      'git',
      [...SETTINGS, ...args],
      {
        cwd: folder,
        encoding: 'buffer',
        maxBuffer: MOST_BYTES,
        env: {
          ...ownEnvironment(),
          LC_ALL: 'C',
          GIT_LITERAL_PATHSPECS: '1',
          GIT_NO_LAZY_FETCH: '1',
          GIT_OPTIONAL_LOCKS: '0',
        },
      },
      (error, stdout, stderr) => {
        if (error === null) succeed(stdout)
        else fail(reasonFor(error, stderr.toString('utf8'), folder, failed))
      },
    )
    // Where git ends before it has read all, its exit says so.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input ?? '')
  })
}

/** What a hook of git is told of its repository: here the repository is the one that a path is in. */
const OF_HOOKS = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
])

function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_HOOKS.has(name)))
}

function reasonFor(
  error: Error,
  printed: string,
  folder: string,
  failed: GitError | undefined,
): GitError {
  if ('code' in error && error.code === 'ENOENT') {
    return new GitError('git is not installed, or not on the path.')
  }
  if (/not a git repository/.test(printed)) {
    return new GitError(`'${folder}' is in no git repository.`)
  }
  const said = /^(?:fatal|error): (.+)$/m.exec(printed)?.[1]
  return failed ?? new GitError(`git: ${said ?? error.message}`)
}

/** The folder itself, or the nearest one above the path that is there. */
async function nearestFolder(path: string): Promise<string> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const isFolder = await stat(folder).then(
      found => found.isDirectory(),
      () => false,
    )
    if (isFolder || dirname(folder) === folder) return folder
  }
}
