import { externalResolver } from '../../api/external-input.ts'
import { tablesOf, usesOf } from '../../api/prepare.ts'
import { Replay, type ReplayTimes } from '../../replay/replay.ts'
import { type PreparedRule, prepareRule, type ScheduleDefaults } from '../../replay/rules.ts'
import { parseDuration } from '../../rules/duration.ts'
import { rowsSource } from '../../tables/rows-source.ts'
import type { TableSource } from '../../tables/source.ts'
import { hasErrors } from '../../text/diagnostic.ts'
import { parseDatetime } from '../../types/datetime.ts'
import type { MissingTables, ReplayFormat } from '../choices.ts'
import type { Data } from '../data.ts'
import { type ExitCode, Failure, UsageError } from '../exit.ts'
import { geoipOptions } from '../geoip.ts'
import { missingTables } from '../missing-tables.ts'
import { type ExecutionOptions, executeOptions, exitCodeOf } from '../options.ts'
import { failStrictly, ReadProblems } from '../read-problems.ts'
import { readRules } from '../read-rules.ts'
import { printReplay, type ReplayedFile, writePage } from '../replay-report.ts'
import { diagnosticPrinter } from '../reporter.ts'
import type { RuleFile } from '../run-report.ts'
import { type Environment, type Session, startSession } from '../session.ts'
import { openSettings, readSettings } from '../settings.ts'

/** The options of `kqlab replay`. */
export interface ReplayOptions extends ExecutionOptions {
  readonly format: ReplayFormat
  readonly from?: string
  readonly to?: string
  readonly anchor?: string
  readonly delay?: string
  readonly freq?: string
  readonly period?: string
  readonly phaseSweep?: number
  readonly html?: string
}

/** Runs rules on their schedules over logs, and prints the alerts and incidents they would raise. */
export async function replayRules(
  paths: readonly string[],
  options: ReplayOptions,
  environment: Environment,
): Promise<ExitCode> {
  const session = startSession(
    environment,
    diagnosticPrinter(options.diagnostics, environment.terminal.err),
  )
  const { reporter, progress, signal } = session
  const times = replayTimes(options)
  const defaults = scheduleDefaults(options)
  const delay = duration('--delay', options.delay)
  const { files } = await readRules(paths, session)
  const settings = await readSettings(options, reporter)
  const { strict, missing, external } = executeOptions(options, settings.config)
  const data = await openSettings(settings, session)
  const prepared: { file: RuleFile; rule: PreparedRule }[] = []
  for (const file of files) {
    const rule = prepareRule(
      file.rule,
      data.catalog,
      defaults,
      data.workspace,
      new Set(data.sources.keys()),
    )
    for (const diagnostic of rule.diagnostics) await reporter.inSource(file.source, diagnostic)
    if (rule.plan !== undefined) prepared.push({ file, rule })
  }
  const geoip = await geoipOptions(options.geoip ?? settings.config.geoip, reporter)
  const sources = await sourcesFor(prepared, data, missing, session)
  const problems = new ReadProblems(strict)
  progress.start()
  const replayed: ReplayedFile[] = []
  try {
    const replay = await Replay.load({
      rules: prepared.flatMap(({ rule: { rule, plan, late } }) =>
        plan ? [{ rule, plan, late }] : [],
      ),
      sources,
      signal,
      externalData: externalResolver(external),
      onProblem: problems.add,
      progress: (what, done) => progress.read(what, done),
      ...(delay === undefined ? {} : { delay }),
      ...geoip,
    })
    const outcome = await replay.run(times)
    const sweep: number[][] = []
    const phases = options.phaseSweep ?? 0
    for (let phase = 0; phase < phases; phase++) {
      const { rules } = await replay.run({ ...times, phase: phase / phases })
      sweep.push(rules.map(({ alerts }) => alerts.length))
    }
    for (const [index, { file, rule }] of prepared.entries()) {
      replayed.push({
        file,
        checks: rule.diagnostics,
        replay: outcome.rules[index]!,
        incidents: outcome.incidents.filter(({ ruleId }) => ruleId === rule.rule.id),
        sweep: sweep.map(counts => counts[index] ?? 0),
      })
    }
    progress.clear()
    await problems.report(reporter)
    await printReplay(options.format, replayed, outcome, session)
    if (options.html !== undefined) await writePage(options.html, replayed, outcome)
    return exitCodeOf(reporter, outcome.alerts.length, options.failOn ?? settings.config.failOn)
  } catch (error) {
    progress.clear()
    await problems.report(reporter)
    return failStrictly(error, reporter)
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

function replayTimes({ from, to, anchor }: ReplayOptions): ReplayTimes {
  const given = {
    from: time('--from', from),
    to: time('--to', to),
    anchor: time('--anchor', anchor),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function scheduleDefaults({ freq, period }: ReplayOptions): ScheduleDefaults {
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
