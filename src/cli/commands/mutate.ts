import { mutantsJson, mutantsSarif, mutantsText, totalScore } from '../../report/mutants.ts'
import { type MutationResult, mutateRule } from '../../testing/mutation/mutate.ts'
import { hasErrors } from '../../text/diagnostic.ts'
import type { CheckFormat } from '../choices.ts'
import { EXIT, type ExitCode, usageOnFailure } from '../exit.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'
import { readSettings } from '../settings.ts'
import { sharedFiles } from '../shared-files.ts'
import { packageVersion } from '../version.ts'
import { wantedTests } from '../wanted-tests.ts'
import { surroundings, type TestOptions } from './test.ts'

/** The options of `kqlab mutate`. */
export interface MutateOptions extends Omit<TestOptions, 'format'> {
  readonly format: CheckFormat
  /** In per cent. */
  readonly minimumScore?: number
}

/**
 * Runs the tests of rules on changed rules: 0 where they tell enough of these from the rules, 1 where
 * not, 2 where a file cannot be used or a rule does not pass its tests.
 */
export async function mutateRules(
  paths: readonly string[],
  options: MutateOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = sessionOf(environment, options)
  return usageOnFailure(environment.signal, () => runMutants(paths, options, session))
}

async function runMutants(
  paths: readonly string[],
  options: MutateOptions,
  session: Session,
): Promise<ExitCode> {
  const { reporter, terminal } = session
  const settings = await readSettings(options, reporter)
  const hint = 'Mutants are told from a rule by its tests.'
  const { changed } = options
  const shared = sharedFiles(settings, options)
  const { suites } = await wantedTests(paths, { changed, hint, shared }, settings, reporter)
  const run = await surroundings(options, settings, session)
  const results: MutationResult[] = []
  for (const suite of suites) {
    const result = await mutateRule(suite, run)
    for (const diagnostic of result.diagnostics) {
      if (diagnostic.source !== undefined) await reporter.inSource(diagnostic.source, diagnostic)
    }
    if (!hasErrors(result.diagnostics)) results.push(result)
  }
  await terminal.out.write(printed(options.format, results))
  if (reporter.errors > 0) return EXIT.usage
  const score = totalScore(results) ?? 1
  return 100 * score < (options.minimumScore ?? 0) ? EXIT.failed : EXIT.ok
}

function printed(format: CheckFormat, results: readonly MutationResult[]): string {
  switch (format) {
    case 'text':
      return mutantsText(results)
    case 'json':
      return mutantsJson(results)
    case 'sarif':
      return mutantsSarif(results, packageVersion())
  }
}
