import { changedFiles } from './changed-files.ts'
import { type FoundTests, findTests } from './find-tests.ts'
import type { Reporter } from './reporter.ts'
import type { Settings } from './settings.ts'
import { fixedPart } from './shared-files.ts'

/** Which tests a command is to run, and what it says of tests where there are none. */
export interface WantedTests {
  /** A revision of git: only rules whose tests a change since then may decide about. */
  readonly changed?: string | undefined
  readonly hint: string
  /** The files and folders that the tests of all rules share. */
  readonly shared: readonly string[]
  /** Whether they were looked for before: then nothing is said where there are none. */
  readonly isAgain?: boolean
}

/**
 * The tests at the paths, or in the folder at hand. Where there are none, that is said: as an error, or,
 * where only those of what was changed are wanted, as what it is.
 */
export async function wantedTests(
  given: readonly string[],
  { changed, hint, shared, isAgain = false }: WantedTests,
  { configPath }: Settings,
  reporter: Reporter,
): Promise<FoundTests> {
  const paths = given.length === 0 ? ['.'] : given
  const common = [...(configPath === undefined ? [] : [configPath]), ...shared]
  const isChanged =
    changed === undefined ? undefined : await changeOf(changed, paths, common, reporter)
  const found = await findTests(paths, reporter, isChanged && { isChanged })
  const hasTests = found.suites.some(({ file }) => file.tests.length > 0)
  if (isAgain || hasTests || reporter.errors > 0) return found
  if (changed === undefined) {
    await reporter.inFile({
      code: 'KQL601',
      severity: 'error',
      message: 'There are no tests there.',
      hint,
      file: paths.join(', '),
    })
  } else if (found.suites.length + found.untested.length === 0) {
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
  common: readonly string[],
  reporter: Reporter,
): Promise<(files: readonly string[]) => boolean> {
  const changed = await changedFiles(revision, paths, reporter)
  if (common.some(changed.hasWithin)) return () => true
  // Data of tests may be a folder or a pattern.
  return files => files.some(path => changed.hasWithin(fixedPart(path)))
}
