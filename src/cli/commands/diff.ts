import { compareReplays, type ReplayComparison } from '../../replay/compare.ts'
import type { DiffFormat } from '../choices.ts'
import { compareWithExport } from '../compare-with-export.ts'
import { type DiffResult, printDiff } from '../diff-report.ts'
import { type ExitCode, Failure, UsageError } from '../exit.ts'
import { exitCodeOf } from '../options.ts'
import { prepareReplay, type ScheduleOptions } from '../prepare-replay.ts'
import { findQueryFiles } from '../query-files.ts'
import { changedOnly, chosenRules } from '../read-rules.ts'
import type { RuleReading } from '../replay-messages.ts'
import { readVersions, revisionRange, type Versions, withoutUnchanged } from '../revisions.ts'
import type { RuleFilterOptions } from '../rule-filter.ts'
import { type Environment, type Session, sessionOf } from '../session.ts'

/** The options of `kqlab diff`. */
export interface DiffOptions extends ScheduleOptions, RuleFilterOptions {
  readonly format: DiffFormat
  /** Alerts that Sentinel raised, to compare with. */
  readonly against?: readonly string[]
  readonly tolerance?: string
}

/**
 * Replays rules before and after a change over the same data, or rules whose alerts were exported, and
 * prints which alerts differ.
 */
export async function diffRules(
  paths: readonly string[],
  options: DiffOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = sessionOf(environment, options)
  if (options.against !== undefined) {
    return compareWithExport(paths, { ...options, against: options.against }, session)
  }
  if (options.tolerance !== undefined) throw new UsageError('--tolerance is for --against.')
  const { before, after, unchanged } = await versionsOf(paths, options, session)
  // Warnings of what was there before the change help nobody, and must not fail it.
  session.reporter.mute(before.map(({ source }) => source))
  const old = await chosenRules(before, options, session.reporter)
  const recent = await chosenRules(after, options, session.reporter)
  const files = [...old.files, ...recent.files]
  if (files.length === 0) return noRules(options, { unchanged, ...recent }, session)
  // Both sides read the data together, each table once.
  const loading = await prepareReplay(files, options, session, readingOf(paths, options))
  const { prepared, times, settings } = loading
  const oldFiles = new Set(old.files)
  const middle = prepared.filter(({ file }) => oldFiles.has(file)).length
  session.progress.expect(prepared.length)
  return loading.run(async replay => {
    const comparison = compareReplays(
      await replay.run(times, 0, middle),
      await replay.run(times, middle),
    )
    session.progress.clear()
    await loading.reportProblems()
    await printDiff(options.format, { comparison, unchanged }, session.terminal.out)
    const { gained, lost, changed } = comparison
    const differing = gained.length + lost.length + changed.length
    return exitCodeOf(session.reporter, differing, options.failOn ?? settings.config.failOn)
  })
}

/** How threads read the same rules: those of a revision are not there to be read again. */
function readingOf(paths: readonly string[], options: DiffOptions): RuleReading | undefined {
  const [first = '', second = ''] = paths
  if (revisionRange(first) !== undefined || options.changed !== undefined) return undefined
  return { paths: [[first], [second]], filter: options }
}

/** The rules before and after, of a range of revisions or of two paths. */
async function versionsOf(
  [first = '', ...rest]: readonly string[],
  options: DiffOptions,
  { reporter }: Session,
): Promise<Versions & { readonly unchanged: number }> {
  const range = revisionRange(first)
  if (range !== undefined) {
    if (rest.length === 0) {
      throw new UsageError(`${first} is a range of revisions: name the rules too, such as rules/.`)
    }
    if (options.changed !== undefined) {
      throw new UsageError('--changed is for paths: of a range only changed rules are compared.')
    }
    return withoutUnchanged(await readVersions(range, rest, reporter))
  }
  const [second, ...more] = rest
  if (second === undefined || more.length > 0) {
    throw new UsageError(
      'diff takes two paths, or a range of revisions such as main.. and paths, or --against.',
    )
  }
  const before = await findQueryFiles([first], { kql: false }, reporter)
  const after = await findQueryFiles([second], { kql: false }, reporter)
  if (reporter.errors > 0) throw new Failure('rules')
  const changed = await changedOnly(after, [second], options.changed, reporter)
  return { ...matching({ before, after }, changed), unchanged: 0 }
}

/** Of the old rules those that changed, and those that are gone. */
function matching({ before, after }: Versions, changed: readonly Versions['after'][number][]) {
  const keyOf = ({ rule, path }: Versions['after'][number]) => rule?.id ?? rule?.name ?? path
  const left = new Set(after.filter(file => !changed.includes(file)).map(keyOf))
  return { before: before.filter(file => !left.has(keyOf(file))), after: changed }
}

const NOTHING: ReplayComparison = { gained: [], lost: [], changed: [], same: 0 }

/** Where nothing is left to be compared: that is a result, unless the options fit nothing. */
async function noRules(
  options: DiffOptions,
  { unchanged, left, broken }: { unchanged: number; left: number; broken: number },
  { reporter, terminal }: Session,
): Promise<ExitCode> {
  if (broken > 0 || reporter.errors > 0) throw new Failure('rules')
  if (left > 0) throw new UsageError(`None of the ${left} rules fits what the options ask for.`)
  const result: DiffResult = { comparison: NOTHING, unchanged }
  await printDiff(options.format, result, terminal.out)
  return exitCodeOf(reporter, 0, options.failOn)
}
