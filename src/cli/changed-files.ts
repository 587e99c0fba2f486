import { GitError, GitRepository } from '../node/git.ts'
import { Failure } from './exit.ts'
import type { Reporter } from './reporter.ts'

/** Files that were changed, by their paths from here. */
export interface ChangedFiles {
  has(path: string): boolean
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
    return {
      has: path =>
        repositories.some(([repository, changed]) =>
          repository.holds(path) ? changed.has(repository.pathInside(path)) : false,
        ),
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
