import { changedFiles } from './changed-files.ts'
import { type FoundTests, findTests } from './find-tests.ts'
import type { Reporter } from './reporter.ts'
import type { Settings } from './settings.ts'

/** Which tests a command is to run, and what it says of tests where there are none. */
export interface WantedTests {
  /** A revision of git: only rules whose tests a change since then may decide about. */
  readonly changed?: string | undefined
  readonly hint: string
  /** Whether they were looked for before: then nothing is said where there are none. */
  readonly isAgain?: boolean
}

/**
 * The tests at the paths, or in the folder at hand. Where there are none, that is said: as an error, or,
 * where only those of what was changed are wanted, as what it is.
 */
export async function wantedTests(
  given: readonly string[],
  { changed, hint, isAgain = false }: WantedTests,
  settings: Settings,
  reporter: Reporter,
): Promise<FoundTests> {
  const paths = given.length === 0 ? ['.'] : given
  const isChanged =
    changed === undefined ? undefined : await changeOf(changed, paths, settings, reporter)
  const found = await findTests(paths, reporter, isChanged && { isChanged })
  if (isAgain || found.suites.length > 0 || reporter.errors > 0) return found
  if (changed === undefined) {
    await reporter.inFile({
      code: 'KQL601',
      severity: 'error',
      message: 'There are no tests there.',
      hint,
      file: paths.join(', '),
    })
  } else if (found.untested.length === 0) {
    await reporter.inFile({
      code: 'KQL421',
      severity: 'info',
      message: `Nothing of what is named has changed since ${changed}.`,
    })
  }
  return found
}

/** Where what surrounds all rules has changed, such as a saved function, the tests of all are wanted. */
async function changeOf(
  revision: string,
  paths: readonly string[],
  { configPath, workspace: { functions, watchlists, enrichments } }: Settings,
  reporter: Reporter,
): Promise<(files: readonly string[]) => boolean> {
  const changed = await changedFiles(revision, paths, reporter)
  const lists = [...watchlists.values(), ...enrichments.values()].flatMap(({ path }) => path)
  const common = [...(configPath === undefined ? [] : [configPath]), ...functions, ...lists]
  if (common.some(changed.hasWithin)) return () => true
  return files => files.some(changed.has)
}
