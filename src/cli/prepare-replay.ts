import { externalResolver } from '../api/external-input.ts'
import { tablesOf, usesOf } from '../api/prepare.ts'
import { runLimits } from '../api/run-limits.ts'
import { readInOneThread } from '../node/reading-thread.ts'
import { sameDelay } from '../replay/arrival-delay.ts'
import { closedAsIn } from '../replay/closing.ts'
import { ReplayLimitError } from '../replay/kept-rows.ts'
import { RAISED_TABLES } from '../replay/raised-tables.ts'
import { Replay, type Replayer, type ReplayInput, type ReplayTimes } from '../replay/replay.ts'
import { type PreparedRule, prepareRule } from '../replay/rules.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { ReadProblem, TableSource } from '../tables/source.ts'
import { hasErrors } from '../text/diagnostic.ts'
import type { MissingTables } from './choices.ts'
import type { Data } from './data.ts'
import { type ExitCode, Failure } from './exit.ts'
import { geoipOptions } from './geoip.ts'
import { missingTables } from './missing-tables.ts'
import { withOptionNames } from './option-names.ts'
import { executeOptions } from './options.ts'
import { ParallelReplay, sharesOf } from './parallel-replay.ts'
import { failStrictly, ReadProblems } from './read-problems.ts'
import type { RuleReading } from './replay-messages.ts'
import type { RuleFile } from './run-report.ts'
import {
  arrivalDelay,
  givenClosing,
  replayTimes,
  type ScheduleOptions,
  scheduleDefaults,
} from './schedule-options.ts'
import type { Session } from './session.ts'
import { openSettings, readSettings, readsInput, type Settings } from './settings.ts'
import { mostThreads } from './threads.ts'

export type { ScheduleOptions } from './schedule-options.ts'

/** Rules that compiled, and what it takes to replay them. */
export interface PreparedReplay {
  readonly prepared: readonly PreparedFile[]
  readonly times: ReplayTimes
  readonly settings: Settings
  /** What is replayed, in this thread. */
  input(onProblem: ReplayInput['onProblem'], progress: ReplayInput['progress']): ReplayInput
  /**
   * Loads the data and hands the replay on; what fails is reported. Where it may end early, an interrupted
   * replay gives what it has so far.
   */
  run(use: (replay: Replayer) => Promise<ExitCode>, endsEarly?: boolean): Promise<ExitCode>
  /** Reports what could not be read so far. */
  reportProblems(): Promise<void>
}

/** A rule that compiled, with its file. */
export interface PreparedFile {
  readonly file: RuleFile
  readonly rule: PreparedRule
}

/**
 * Compiles rules and opens the data; faults are reported, and rules that have errors are left out.
 * `reading`: how other threads read the same rules; where missing, all run in this one.
 */
export async function prepareReplay(
  files: readonly RuleFile[],
  options: ScheduleOptions,
  session: Session,
  reading?: RuleReading,
): Promise<PreparedReplay> {
  readInOneThread()
  const { reporter, progress, signal } = session
  const times = replayTimes(options)
  const defaults = scheduleDefaults(options)
  const delay = arrivalDelay(options)
  const given = givenClosing(options)
  const settings = await readSettings(options, reporter)
  const { strict, missing, external, ...limits } = executeOptions(options, settings.config)
  const data = await openSettings(settings, session)
  const raised = files.length > 1 ? RAISED_TABLES : []
  const withData = new Set([...data.sources.keys(), ...raised])
  const { catalog, workspace } = data
  const context = { catalog, workspace, withData, arrivalDelay: sameDelay(delay) }
  const prepared: PreparedFile[] = []
  for (const file of files) {
    const rule = prepareRule(file.rule, context, defaults)
    for (const diagnostic of rule.diagnostics) await reporter.inSource(file.source, diagnostic)
    if (rule.plan !== undefined) prepared.push({ file, rule })
  }
  const geoip = await geoipOptions(options.geoip ?? settings.config.geoip, reporter)
  const sources = await sourcesFor(prepared, data, missing, raised, session)
  const problems = new ReadProblems(strict)
  const incidents = data.sources.get('SecurityIncident')
  const closing = given ?? (incidents && (await closedAsIn(incidents, problems.add)))
  const input = (
    onProblem: ReplayInput['onProblem'],
    watch: ReplayInput['progress'],
  ): ReplayInput => ({
    rules: prepared.flatMap(({ rule: { rule, plan, late } }) =>
      plan ? [{ rule, plan, late }] : [],
    ),
    sources,
    signal,
    externalData: externalResolver(external),
    limits: runLimits(limits),
    onProblem,
    ...(watch === undefined ? {} : { progress: watch }),
    ...(closing === undefined ? {} : { closing }),
    ...(delay === undefined ? {} : { delay }),
    ...geoip,
  })
  return {
    prepared,
    times,
    settings,
    input,
    reportProblems: () => problems.report(reporter),
    async run(use, endsEarly = false) {
      progress.start()
      const onProblem = (problem: ReadProblem) => problems.add(problem)
      const watch: ReplayInput['progress'] = (what, done, runs) =>
        runs === undefined ? progress.read(what, done) : progress.ran(what, runs)
      const own = { ...input(onProblem, watch), endsEarly }
      const shares = readsInput(settings) ? [] : sharesOf(own, data, options.workers)
      let parallel: ParallelReplay | undefined
      try {
        if (shares.length < 2 || reading === undefined) {
          // Of rules on several threads each reads for itself, and all of what it reads.
          const alone = { ...own, ...problems.examining(), threads: mostThreads() }
          return await use(await Replay.load(alone))
        }
        parallel = await ParallelReplay.load(own, { rules: reading, options }, shares)
        return await use(parallel)
      } catch (error) {
        progress.clear()
        await problems.report(reporter)
        if (!(error instanceof ReplayLimitError)) return failStrictly(error, reporter)
        const { message } = error.fault
        const hint = withOptionNames(error.fault.hint)
        await reporter.inFile({ code: 'KQL300', severity: 'error', message, hint })
        throw new Failure('memory')
      } finally {
        await parallel?.close()
      }
    },
  }
}

/** The data of the tables that the rules read; empty ones for those that may be missing. */
async function sourcesFor(
  prepared: readonly { readonly file: RuleFile; readonly rule: PreparedRule }[],
  data: Data,
  mode: MissingTables,
  raised: readonly string[],
  { reporter }: Session,
): Promise<Map<string, TableSource>> {
  const sources = new Map<string, TableSource>([...data.workspace.sources, ...data.sources])
  let failed = false
  for (const { file, rule } of prepared) {
    if (rule.plan === undefined) continue
    const uses = rule.late === undefined ? tablesOf(rule.plan) : usesOf(rule.late)
    const there = [...data.workspace.sources.keys(), ...raised]
    const known = new Map([...uses].filter(([name]) => !there.includes(name)))
    const missing = missingTables({ uses: known }, data, mode)
    for (const diagnostic of missing) {
      const located = data.workspace.locate(diagnostic)
      await reporter.inSource(
        file.source,
        located.source === undefined ? file.query.locate(located) : located,
      )
    }
    failed ||= hasErrors(missing)
    for (const name of uses.keys()) {
      if (sources.has(name)) continue
      sources.set(name, rowsSource(name, [], data.catalog.schemaOf(name) ?? []))
    }
  }
  if (failed) throw new Failure('tables')
  return sources
}
