import { externalResolver } from '../api/external-input.ts'
import { tablesOf, usesOf } from '../api/prepare.ts'
import { Replay, type ReplayTimes } from '../replay/replay.ts'
import { type PreparedRule, prepareRule, type ScheduleDefaults } from '../replay/rules.ts'
import { parseDuration } from '../rules/duration.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { TableSource } from '../tables/source.ts'
import { hasErrors } from '../text/diagnostic.ts'
import { parseDatetime } from '../types/datetime.ts'
import type { MissingTables } from './choices.ts'
import type { Data } from './data.ts'
import { type ExitCode, Failure, UsageError } from './exit.ts'
import { geoipOptions } from './geoip.ts'
import { missingTables } from './missing-tables.ts'
import { type ExecutionOptions, executeOptions } from './options.ts'
import { failStrictly, ReadProblems } from './read-problems.ts'
import type { RuleFile } from './run-report.ts'
import type { Session } from './session.ts'
import { openSettings, readSettings, type Settings } from './settings.ts'

/** The options that say when rules run. */
export interface ScheduleOptions extends ExecutionOptions {
  readonly from?: string
  readonly to?: string
  readonly anchor?: string
  readonly delay?: string
  readonly freq?: string
  readonly period?: string
}

/** Rules that compiled, and what it takes to replay them. */
export interface PreparedReplay {
  readonly prepared: readonly PreparedFile[]
  readonly times: ReplayTimes
  readonly settings: Settings
  /** Loads the data and hands the replay on; what fails is reported. */
  run(use: (replay: Replay) => Promise<ExitCode>): Promise<ExitCode>
  /** Reports what could not be read so far. */
  reportProblems(): Promise<void>
}

/** A rule that compiled, with its file. */
export interface PreparedFile {
  readonly file: RuleFile
  readonly rule: PreparedRule
}

/** Compiles rules and opens the data; faults are reported, and rules that have errors are left out. */
export async function prepareReplay(
  files: readonly RuleFile[],
  options: ScheduleOptions,
  session: Session,
): Promise<PreparedReplay> {
  const { reporter, progress, signal } = session
  const times = replayTimes(options)
  const defaults = scheduleDefaults(options)
  const delay = duration('--delay', options.delay)
  const settings = await readSettings(options, reporter)
  const { strict, missing, external } = executeOptions(options, settings.config)
  const data = await openSettings(settings, session)
  const withData = new Set(data.sources.keys())
  const prepared: PreparedFile[] = []
  for (const file of files) {
    const rule = prepareRule(file.rule, data.catalog, defaults, data.workspace, withData)
    for (const diagnostic of rule.diagnostics) await reporter.inSource(file.source, diagnostic)
    if (rule.plan !== undefined) prepared.push({ file, rule })
  }
  const geoip = await geoipOptions(options.geoip ?? settings.config.geoip, reporter)
  const sources = await sourcesFor(prepared, data, missing, session)
  const problems = new ReadProblems(strict)
  return {
    prepared,
    times,
    settings,
    reportProblems: () => problems.report(reporter),
    async run(use) {
      progress.start()
      try {
        const replay = await Replay.load({
          rules: prepared.flatMap(({ rule: { rule, plan, late } }) =>
            plan ? [{ rule, plan, late }] : [],
          ),
          sources,
          signal,
          externalData: externalResolver(external),
          onProblem: problems.add,
          progress: (what, done, runs) =>
            runs === undefined ? progress.read(what, done) : progress.ran(what, runs),
          ...(delay === undefined ? {} : { delay }),
          ...geoip,
        })
        return await use(replay)
      } catch (error) {
        progress.clear()
        await problems.report(reporter)
        return failStrictly(error, reporter)
      }
    },
  }
}

/** The data of the tables that the rules read; empty ones for those that may be missing. */
async function sourcesFor(
  prepared: readonly { readonly file: RuleFile; readonly rule: PreparedRule }[],
  data: Data,
  mode: MissingTables,
  { reporter }: Session,
): Promise<Map<string, TableSource>> {
  const sources = new Map<string, TableSource>([...data.workspace.sources, ...data.sources])
  let failed = false
  for (const { file, rule } of prepared) {
    if (rule.plan === undefined) continue
    const uses = rule.late === undefined ? tablesOf(rule.plan) : usesOf(rule.late)
    for (const name of data.workspace.sources.keys()) uses.delete(name)
    const missing = missingTables({ uses }, data, mode)
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

function replayTimes({ from, to, anchor }: ScheduleOptions): ReplayTimes {
  const given = {
    from: time('--from', from),
    to: time('--to', to),
    anchor: time('--anchor', anchor),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function scheduleDefaults({ freq, period }: ScheduleOptions): ScheduleDefaults {
  const given = { frequency: duration('--freq', freq), period: duration('--period', period) }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function time(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDatetime(text)
  if (ticks !== null) return ticks
  throw new UsageError(`${option} takes a time such as 2026-03-17T15:00:00Z, not '${text}'.`)
}

function duration(option: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDuration(text)
  if (ticks !== undefined && ticks > 0n) return ticks
  if (ticks === 0n && option === '--delay') return ticks
  throw new UsageError(`${option} takes a duration such as 1h or PT5M, not '${text}'.`)
}
