import { stat } from 'node:fs/promises'
import { relative } from 'node:path'
import { GitError, GitRepository } from '../node/git.ts'
import { withGit } from './changed-files.ts'
import { filesOfText, findQueryFiles, mayBeRule, type QueryFile } from './query-files.ts'
import { decodedText } from './query-text.ts'
import type { Reporter } from './reporter.ts'

/** Two versions of files, as git names them. */
export interface RevisionRange {
  readonly from: string
  /** undefined where it is the working tree. */
  readonly to: string | undefined
  /** Whether the old version is the newest commit that both go back to: `A...B`. */
  readonly sinceBase: boolean
}

/** Names of revisions have neither two dots nor a slash at their end: `../rules` is a path. */
const RANGE = /^([^\s./-](?:[^\s.]|\.(?!\.))*?[^\s./]|[^\s./-])(\.{2,3})((?![./-])\S*)$/

/** The range of revisions that an argument is: `A..B`, `A...B`, or `A..` up to the working tree. */
export function revisionRange(argument: string): RevisionRange | undefined {
  const [, from, dots, to] = RANGE.exec(argument) ?? []
  if (from === undefined || to?.includes('..')) return undefined
  return { from, to: to === '' ? undefined : to, sinceBase: dots === '...' }
}

/** Rules before and after a change. */
export interface Versions {
  readonly before: readonly QueryFile[]
  readonly after: readonly QueryFile[]
}

/**
 * The rules at some paths in both versions of a range. A path need be there in one of them only.
 * @throws Failure where git cannot give them, which is reported.
 */
export async function readVersions(
  { from, to, sinceBase }: RevisionRange,
  paths: readonly string[],
  reporter: Reporter,
): Promise<Versions> {
  return withGit(reporter, async () => {
    const repository = await GitRepository.of(paths[0] ?? '.')
    const base = sinceBase ? await repository.mergeBase(from, to ?? 'HEAD') : from
    const before = await versionAt(repository, base, sinceBase ? base.slice(0, 12) : from, paths)
    const after =
      to === undefined
        ? await findQueryFiles(await presentOf(paths), { kql: false }, reporter)
        : await versionAt(repository, to, to, paths)
    if (before.length + after.length === 0) {
      throw new GitError(`Neither version has a rule at ${paths.join(', ')}.`)
    }
    return { before, after }
  })
}

/** The rules at some paths in a revision; each file has the revision's name before its path. */
async function versionAt(
  repository: GitRepository,
  revision: string,
  name: string,
  paths: readonly string[],
): Promise<QueryFile[]> {
  const commit = await repository.commitOf(revision)
  const found = new Map<string, QueryFile[]>()
  for (const path of paths) {
    const inside = repository.pathInside(path)
    const files = (await repository.filesAt(commit, inside)).filter(({ path: file, size }) => {
      const below = inside === '' ? file : relative(inside, file).replaceAll('\\', '/')
      return file === inside || mayBeRule(below, size)
    })
    // As in a folder on disk: in the order of the names.
    files.sort((a, b) => (a.path < b.path ? -1 : 1))
    const contents = await repository.contents(files)
    for (const [index, file] of files.entries()) {
      const text = decodedText(contents[index] ?? new Uint8Array())
      const isNamed = file.path === inside
      found.set(file.path, [...filesOfText(`${name}:${file.path}`, text, isNamed)])
    }
  }
  return [...found.values()].flat()
}

/** Those of the paths that are there. */
async function presentOf(paths: readonly string[]): Promise<string[]> {
  const present: string[] = []
  for (const path of paths) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    )
    if (isThere) present.push(path)
  }
  return present
}

/**
 * Both versions without the rules whose files are the same: those raise the same alerts. A file that
 * was renamed is told by the rule in it.
 */
export function withoutUnchanged({ before, after }: Versions): Versions & {
  readonly unchanged: number
} {
  const keyOf = ({ rule, source }: QueryFile) =>
    `${rule?.id ?? ''}\0${rule?.name ?? ''}\0${source.text}`
  const keys = (files: readonly QueryFile[]) => new Set(files.map(keyOf))
  const [old, recent] = [keys(before), keys(after)]
  return {
    before: before.filter(file => !recent.has(keyOf(file))),
    after: after.filter(file => !old.has(keyOf(file))),
    unchanged: after.filter(file => old.has(keyOf(file))).length,
  }
}
