import { type ExternalData, externalResolver } from '../api/external-input.ts'
import {
  describeProblem,
  fileNotes,
  missingTablesOf,
  openedGeoip,
  type RunOptions,
  tablesOf,
  ticksOf,
  unexaminedNote,
  usesOf,
  withoutData,
} from '../api/prepare.ts'
import { type LimitOptions, runLimits } from '../api/run-limits.ts'
import { openTable, type TableInput } from '../api/table-input.ts'
import type { Workspace } from '../api/workspace.ts'
import { parseDuration } from '../rules/duration.ts'
import { loadRules } from '../rules/load-rule.ts'
import { diagnosticInFile } from '../rules/rule.ts'
import { Catalog } from '../tables/catalog.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { ReadProblem, TableSource } from '../tables/source.ts'
import { Unexamined } from '../tables/unexamined.ts'
import { hasErrors } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { Schema } from '../types/schema.ts'
import { type ArrivalDelay, parseArrivalDelay, sameDelay } from './arrival-delay.ts'
import { closedAfter, closedAsIn } from './closing.ts'
import { RAISED_TABLES } from './raised-tables.ts'
import type { Finding } from './records.ts'
import { Replay, type ReplayInput, type RuleReplay } from './replay.ts'
import {
  alertOf,
  incidentOf,
  type ReplayEvent,
  type ReplayedAlert,
  type ReplayedIncident,
  type ReplayedRun,
  type ReplayResult,
  runOf,
} from './replayed.ts'
import { RuleIds } from './rule-ids.ts'
import { prepareRule } from './rules.ts'
import type { ReplayTimes } from './views.ts'

/** A time: ISO text, a Date, or ticks since 0001-01-01. */
export type TimeInput = string | Date | bigint

/** What {@link replay} takes. */
export interface ReplayOptions extends LimitOptions {
  /** The texts of rule files; of a template or list of Azure Resource Manager all its rules. */
  readonly rules: readonly string[]
  /** The data, by table. A table of a rule without data is empty, with a finding. */
  readonly tables: Readonly<Record<string, TableInput>>
  /** The tables that rules may name; the built-in ones where missing. */
  readonly catalog?: Catalog
  /** Saved functions and watchlists, opened with `openWorkspace`. */
  readonly workspace?: Workspace
  /** Runs before it, and after `to`, are left out; where missing, all that see data run. */
  readonly from?: TimeInput
  readonly to?: TimeInput
  /** A time at which the rules run: their schedules go on from it in both directions. */
  readonly anchor?: TimeInput
  /**
   * How long after its TimeGenerated a row arrives, where it does not say when: `5m`, `PT5M`; spread
   * evenly over `1m..10m`; or by quantiles, `50%=1m,99%=20m`.
   */
  readonly delay?: string
  /** How often rules without a queryFrequency run, and their window, which is as long where it is missing. */
  readonly frequency?: string
  readonly period?: string
  /** The data that `externaldata` reads, by address: nothing is ever fetched. */
  readonly externalData?: ExternalData
  /** Whether runs are left out whose window begins before the data. */
  readonly warmUp?: boolean
  /**
   * How long after its last alert an incident is closed. Where missing, incidents are closed as those of a
   * table SecurityIncident are; without rows of it, never.
   */
  readonly closeIncidentsAfter?: string
  readonly signal?: AbortSignal
  /** Where IP addresses are, as for a query. */
  readonly geoip?: RunOptions['geoip']
  /**
   * Whether a record or a value that cannot be read is an error: else it is a finding, as is how many lines
   * of files of more than a megabyte were not looked at, because they lack what the rules need.
   */
  readonly strict?: boolean
  /** How many threads may read large files, this one included; 1 where missing. Any number gives the same. */
  readonly threads?: number
}

/**
 * Runs rules on their schedules over tables, and gives the alerts and incidents that Sentinel would
 * have raised.
 * @throws KqlError where a rule or an option is wrong, a record where all have to be read, or where what the
 * rules read does not fit in memory; and the reason of the signal where it is aborted.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const runs: ReplayedRun[] = []
  const alerts: ReplayedAlert[] = []
  const incidents: ReplayedIncident[] = []
  const findings: Finding[] = []
  const ruleIds: string[] = []
  for await (const event of eventsOf(options, ruleIds)) {
    if (event.kind === 'run') runs.push(event.run)
    else if (event.kind === 'alert') alerts.push(event.alert)
    else if (event.kind === 'incident') incidents.push(event.incident)
    else if (event.kind === 'finding') findings.push(event.finding)
  }
  options.signal?.throwIfAborted()
  // The times are texts of one length.
  const byRule = Map.groupBy(alerts, ({ ruleId }) => ruleId)
  const raised = [...new Set(ruleIds)]
    .flatMap(id => byRule.get(id) ?? [])
    .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  return { runs, alerts: raised, incidents, findings }
}

/**
 * The same as it goes: each run with its alerts, rule by rule, what there is to say of a rule when its
 * runs are done, and the incidents at the end. A loop that is left ends the replay. Where the signal is
 * aborted while rules run, what there is so far is given, and the last event says so.
 * @throws KqlError where a rule or an option is wrong, or what the rules read does not fit in memory; and
 * the reason of the signal where it is aborted before the data are read.
 */
export async function* replayEvents(options: ReplayOptions): AsyncGenerator<ReplayEvent, void> {
  yield* eventsOf(options, [])
}

/** The events; the identifiers of the rules, in their order, are put to `ruleIds`. */
async function* eventsOf(options: ReplayOptions, ruleIds: string[]): AsyncGenerator<ReplayEvent> {
  const times = timesOf(options)
  const { input, checks, problems, unexamined } = await inputOf(options)
  ruleIds.push(...input.rules.map(({ rule }) => rule.id))
  yield* checks.map(toEvent)
  const loaded = await Replay.load(input)
  yield* problems.splice(0).map(toEvent)
  yield* unexamined.notes().map(note => toEvent({ ...unexaminedNote(note), ruleId: '' }))
  const replays: RuleReplay[] = []
  const told = new Set<Finding>()
  for await (const event of loaded.events(times)) {
    yield* problems.splice(0).map(toEvent)
    if (event.kind === 'run') {
      const rule = input.rules[event.rule]?.rule
      yield { kind: 'run', run: runOf(event.run) }
      if (rule === undefined) continue
      for (const alert of event.alerts) yield { kind: 'alert', alert: alertOf(alert, rule) }
    } else {
      replays[event.rule] = event.replay
      for (const finding of event.replay.findings) told.add(finding)
      yield* event.replay.findings.map(toEvent)
    }
  }
  yield* problems.splice(0).map(toEvent)
  const { incidents, findings, interrupted } = loaded.outcomeOf(Object.values(replays))
  yield* findings.filter(finding => !told.has(finding)).map(toEvent)
  for (const incident of incidents) yield { kind: 'incident', incident: incidentOf(incident) }
  yield { kind: 'end', interrupted: interrupted === true }
}

function toEvent(finding: Finding): ReplayEvent {
  return { kind: 'finding', finding }
}

interface OpenedInput {
  readonly input: ReplayInput
  /** What is to be said of the rules and the files before they run. */
  readonly checks: readonly Finding[]
  /** What could not be read, as it is found. */
  readonly problems: Finding[]
  /** Counts records that were not looked at. */
  readonly unexamined: Unexamined
}

async function inputOf(options: ReplayOptions): Promise<OpenedInput> {
  const builtin = options.catalog ?? Catalog.builtin()
  const sources = new Map<string, TableSource>(options.workspace?.sources)
  for (const [name, input] of Object.entries(options.tables)) {
    sources.set(name, await openTable(name, input, builtin, false))
  }
  const schemas: Record<string, Schema> = Object.fromEntries(
    [...sources].map(([name, source]) => [name, source.schema]),
  )
  const catalog = builtin.with(schemas)
  const delay = delayOf(options.delay)
  const { rules, checks } = preparedRules(options, catalog, new Set(sources.keys()), delay)
  const problems: Finding[] = []
  const { strict = false } = options
  const onProblem = (problem: ReadProblem): void => {
    if (strict) throw new KqlError([{ ...describeProblem(problem), severity: 'error' }])
    problems.push(findingOf(problem))
  }
  const closing = await closingOf(options, sources, onProblem)
  for (const name of rules.flatMap(({ plan, late }) => [
    ...(late?.tables ?? tablesOf(plan)).keys(),
  ])) {
    if (!sources.has(name)) sources.set(name, rowsSource(name, [], catalog.schemaOf(name) ?? []))
  }
  const geoip = await openedGeoip(options.geoip)
  const { signal, externalData, threads } = options
  const unexamined = new Unexamined()
  const input = {
    rules,
    sources,
    onProblem,
    limits: runLimits(options),
    ...(strict ? {} : { onUnexamined: unexamined.add }),
    ...(threads === undefined ? {} : { threads }),
    ...(closing === undefined ? {} : { closing }),
    ...(delay === undefined ? {} : { delay }),
    ...(signal === undefined ? {} : { signal }),
    ...(geoip === undefined ? {} : { geoip }),
    ...(externalData === undefined ? {} : { externalData: externalResolver(externalData) }),
  }
  const notes = fileNotes(sources.values()).map(note => ({ ...note, ruleId: '' }))
  return { input, checks: [...checks, ...notes], problems, unexamined }
}

function preparedRules(
  { rules, frequency, period, workspace }: ReplayOptions,
  catalog: Catalog,
  given: ReadonlySet<string>,
  delay: ArrivalDelay | undefined,
): { rules: ReplayInput['rules']; checks: Finding[] } {
  const [often, over] = [duration('frequency', frequency, 1n), duration('period', period, 1n)]
  const defaults = {
    ...(often === undefined ? {} : { frequency: often }),
    ...(over === undefined ? {} : { period: over }),
  }
  const loaded = rules.flatMap(text => loadRules(text))
  const withData = new Set([...given, ...(loaded.length > 1 ? RAISED_TABLES : [])])
  const context = {
    catalog,
    ...(workspace === undefined ? {} : { workspace }),
    withData,
    arrivalDelay: sameDelay(delay),
  }
  const ids = new RuleIds()
  const checks: Finding[] = []
  const prepared = loaded.map(({ rule, diagnostics }) => {
    if (rule === undefined) throw new KqlError(diagnostics)
    const distinct = ids.distinct(rule)
    const own = prepareRule(distinct.rule, context, defaults)
    const found = [...diagnostics, ...distinct.diagnostics, ...own.diagnostics]
    const { plan, late } = own
    if (hasErrors(found) || plan === undefined) throw new KqlError(found)
    const uses = late === undefined ? tablesOf(plan) : usesOf(late)
    for (const missing of withoutData(missingTablesOf(uses, name => withData.has(name)))) {
      const located = workspace?.locate(missing) ?? missing
      const isOfRule = located.source === undefined
      found.push(isOfRule ? diagnosticInFile(distinct.rule.query, located) : located)
    }
    checks.push(...found.map(diagnostic => ({ ...diagnostic, ruleId: own.rule.id })))
    return { rule: own.rule, plan, late }
  })
  return { rules: prepared, checks }
}

async function closingOf(
  { closeIncidentsAfter }: ReplayOptions,
  sources: ReadonlyMap<string, TableSource>,
  report: (problem: ReadProblem) => void,
): Promise<ReplayInput['closing']> {
  const ticks = duration('closeIncidentsAfter', closeIncidentsAfter, 0n)
  if (ticks !== undefined) return closedAfter(ticks)
  const incidents = sources.get('SecurityIncident')
  return incidents && closedAsIn(incidents, report)
}

function findingOf({ file, line, message }: ReadProblem): Finding {
  const place = line === undefined ? file : `${file}:${line}`
  return { ...PROBLEM, message: `${place}: ${message}` }
}

const PROBLEM = {
  ruleId: '',
  code: 'KQL202',
  severity: 'warning',
  span: { start: 0, end: 0 },
} as const

function timesOf({ from, to, anchor, warmUp }: ReplayOptions): ReplayTimes {
  const times = {
    ...(from === undefined ? {} : { from: ticksOf(from, 'from') }),
    ...(to === undefined ? {} : { to: ticksOf(to, 'to') }),
    ...(anchor === undefined ? {} : { anchor: ticksOf(anchor, 'anchor') }),
    ...(warmUp === undefined ? {} : { warmUp }),
  }
  if (times.from === undefined || times.to === undefined || times.from <= times.to) return times
  throw optionFault('The option from is later than to: no rule would run.')
}

function optionFault(message: string): KqlError {
  return new KqlError([{ code: 'KQL105', severity: 'error', message, span: PROBLEM.span }])
}

function delayOf(text: string | undefined): ArrivalDelay | undefined {
  if (text === undefined) return undefined
  const parsed = parseArrivalDelay(text)
  if (parsed !== undefined) return parsed
  throw optionFault(
    `The option delay is no duration such as 5m, 1m..10m or 50%=1m,99%=20m: ${text}.`,
  )
}

function duration(name: string, text: string | undefined, least: bigint): bigint | undefined {
  if (text === undefined) return undefined
  const ticks = parseDuration(text)
  if (ticks !== undefined && ticks >= least) return ticks
  throw optionFault(`The option ${name} is no duration such as 1h or PT5M: ${text}.`)
}
