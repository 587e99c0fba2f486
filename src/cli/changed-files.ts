import { GitError, GitRepository } from '../node/git.ts'
import { Failure } from './exit.ts'
import type { Reporter } from './reporter.ts'

/** Files that were changed, by their paths from here. */
export interface ChangedFiles {
  readonly has: (path: string) => boolean
  /** Whether it is one of them, or a folder that one is in. */
  readonly hasWithin: (path: string) => boolean
}

/**
 * The files in the repositories of some paths that differ from where the present work left a revision:
 * from the newest commit that both have. What is not committed, or not tracked yet, counts.
 * @throws Failure where git cannot tell, which is reported.
 */
export function changedFiles(
  revision: string,
  paths: readonly string[],
  reporter: Reporter,
): Promise<ChangedFiles> {
  return withGit(reporter, async () => {
    const known = new Map<string, readonly [GitRepository, ReadonlySet<string>]>()
    for (const path of paths) {
      const repository = await GitRepository.of(path)
      if (known.has(repository.root)) continue
      const base = await repository.mergeBase(revision, 'HEAD')
      known.set(repository.root, [repository, await repository.changedSince(base)])
    }
    const repositories = [...known.values()]
    const isThere = (
      path: string,
      test: (inside: string, changed: ReadonlySet<string>) => boolean,
    ) =>
      repositories.some(
        ([repository, changed]) =>
          repository.holds(path) && test(repository.pathInside(path), changed),
      )
    return {
      has: path => isThere(path, (inside, changed) => changed.has(inside)),
      hasWithin: path =>
        isThere(path, (inside, changed) => {
          const folder = inside === '' ? '' : `${inside}/`
          return changed.has(inside) || [...changed].some(file => file.startsWith(folder))
        }),
    }
  })
}

/**
 * What git is asked for.
 * @throws Failure where it cannot do it, which is reported.
 */
export async function withGit<T>(reporter: Reporter, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    await reporter.inFile({ code: 'KQL420', severity: 'error', message: error.message })
    throw new Failure('git')
  }
}
