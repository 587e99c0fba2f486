import { ExecutionError } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import type { CompiledQuery } from '../engine/query.ts'
import { LIMITS } from '../rules/limits.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { ExternalResolver } from '../tables/external/external-data.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import type { ReadProblem, TableSource } from '../tables/source.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import { alertsOf } from './alerts.ts'
import { type FedPlan, feedsOf, wholeTablesOf } from './feeds.ts'
import { incidentsOf, numberIncidents } from './incidents.ts'
import { type LoadedSpan, loadTimelines } from './load-timelines.ts'
import type { Alert, Finding, Incident, ReplayRule, RunRecord } from './records.ts'
import { RuleRunner, type RunView } from './replay-rule.ts'
import { ResultRows } from './result-rows.ts'
import { tellsFromAbsence } from './rules.ts'
import { defaultAnchor, firstRunFrom, runsBetween, type Schedule } from './schedule.ts'
import { RuleTally } from './tally.ts'
import type { Timeline } from './timeline.ts'

/** What is replayed. Times are in ticks. */
export interface ReplayInput {
  readonly rules: readonly {
    readonly rule: ReplayRule
    readonly plan: Plan
    /** The query, where only the data tell its columns. */
    readonly late?: CompiledQuery | undefined
    /** The plan split for its runs, where that was done before: see {@link splitForRuns}. */
    readonly fed?: FedPlan
  }[]
  /** The data of every table that the plans read. */
  readonly sources: ReadonlyMap<string, TableSource>
  /** Ticks after its TimeGenerated at which a row arrives, where it does not say when. */
  readonly delay?: bigint
  /** What stands for the data that `externaldata` reads. */
  readonly externalData?: ExternalResolver
  readonly signal?: AbortSignal
  /** Where IP addresses are: `none` makes that null. */
  readonly geoip?: GeoLookup | 'none'
  onProblem(problem: ReadProblem): void
  /** Called now and then while data are read and rules run. */
  progress?(what: string, done: number): Promise<void>
  /** Called after each run that was executed and did not fail, with all of its rows. */
  onRun?(record: RunRecord, result: ResultRows): void
}

/**
 * A plan split in what is decided once and what each run decides. It depends on the columns of the
 * tables alone, not on their rows: rules that are replayed over and over are split once.
 */
export function splitForRuns(
  plan: Plan,
  late: CompiledQuery | undefined,
  prefix: string,
  schemaOf: (table: string) => Schema | undefined,
): FedPlan {
  if (late !== undefined) return wholeTablesOf(late, prefix)
  return feedsOf(plan, prefix, table => timeColumnOf(schemaOf(table) ?? []))
}

/** The column by which rows have their time; undefined where they have none. */
export function timeColumnOf(schema: Schema): string | undefined {
  return TIMES.find(name => findColumn(schema, name)?.type === 'datetime')
}

/** When rules are replayed. Times are in ticks. */
export interface ReplayTimes {
  /** Runs before it, and after `to`, are left out; where missing, all that touch data run. */
  readonly from?: bigint
  readonly to?: bigint
  /** A time at which the rules run: their schedules go on from it in both directions. */
  readonly anchor?: bigint
  /** Moves every schedule later by this part of its frequency, from 0 to below 1. */
  readonly phase?: number
}

/** What a rule did. */
export interface RuleReplay {
  readonly rule: ReplayRule
  /** In order; of a rule near real time those that had something to see. */
  readonly runs: readonly RunRecord[]
  readonly alerts: readonly Alert[]
  readonly findings: readonly Finding[]
}

/** What all rules did. */
export interface ReplayOutcome {
  readonly rules: readonly RuleReplay[]
  /** In the order in which they were raised. */
  readonly alerts: readonly Alert[]
  readonly incidents: readonly Incident[]
  readonly findings: readonly Finding[]
}

/** The column that says when Log Analytics took a row in. */
const ARRIVAL = '_TimeReceived'
const TIMES = ['TimeGenerated', 'Timestamp']

/** Rules with the data that matter to them, to be run any number of times. */
export class Replay {
  readonly #input: ReplayInput
  readonly #rules: readonly LoadedRule[]

  private constructor(input: ReplayInput, rules: readonly LoadedRule[]) {
    this.#input = input
    this.#rules = rules
  }

  /** Reads the data, each table once. */
  static async load(input: ReplayInput): Promise<Replay> {
    const { sources, signal, progress } = input
    const schemaOf = (table: string) => sources.get(table)?.schema
    const timeOf = (table: string) => timeColumnOf(schemaOf(table) ?? [])
    const arrivalOf = (table: string) =>
      findColumn(sources.get(table)?.schema ?? [], ARRIVAL) === undefined ? undefined : ARRIVAL
    const fed = input.rules.map(
      ({ plan, late, fed: split }, index) =>
        split ?? splitForRuns(plan, late, `rule ${index} feed `, schemaOf),
    )
    const feeds = fed.flatMap(own => own.feeds)
    const { timelines, spans } = await loadTimelines(feeds, sources, {
      timeOf,
      arrivalOf,
      delay: input.delay ?? 0n,
      ...(signal === undefined ? {} : { signal }),
      ...(progress === undefined
        ? {}
        : { progress: (table: string, rows: number) => progress(table, rows) }),
      report: problem => input.onProblem(problem),
    })
    const rules = input.rules.map(({ rule, plan }, index) => {
      const own = fed[index] as FedPlan
      const data = spanOf(own.feeds.flatMap(({ table }) => spans.get(table) ?? []))
      return { rule, plan, fed: own, timelines, data }
    })
    return new Replay(input, rules)
  }

  /** Runs the rules on their schedules: all, or those at the positions from `start` to `end`. */
  async run(times: ReplayTimes = {}, start = 0, end = this.#rules.length): Promise<ReplayOutcome> {
    const replays: RuleReplay[] = []
    const incidents: Incident[] = []
    for (const loaded of this.#rules.slice(start, end)) {
      const replayed = await replayRule(loaded, times, this.#input)
      replays.push(replayed)
      incidents.push(...incidentsOf(loaded.rule, replayed.alerts))
    }
    const alerts = replays.flatMap(({ alerts: own }) => own)
    return {
      rules: replays,
      alerts: alerts.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),
      incidents: numberIncidents(incidents),
      findings: replays.flatMap(({ findings }) => findings),
    }
  }
}

interface LoadedRule {
  readonly rule: ReplayRule
  readonly plan: Plan
  readonly fed: FedPlan
  readonly timelines: ReadonlyMap<string, Timeline>
  /** The first and last time in the tables that it reads. */
  readonly data: LoadedSpan | undefined
}

async function replayRule(
  { rule, plan, fed, timelines, data }: LoadedRule,
  replayTimes: ReplayTimes,
  { signal, geoip, progress, externalData, onProblem, onRun }: ReplayInput,
): Promise<RuleReplay> {
  const tally = new RuleTally(rule)
  const runner = new RuleRunner(
    fed,
    timelines,
    {
      ...(signal === undefined ? {} : { signal }),
      ...(geoip === undefined ? {} : { geoip }),
    },
    {
      onProblem,
      ...(externalData === undefined ? {} : { externalData }),
    },
  )
  const runs: RunRecord[] = []
  const alerts: Alert[] = []
  const views = viewsOf(rule, fed, timelines, data, replayTimes)
  const byAbsence = tellsFromAbsence(plan)
  let suppressedUntil: bigint | undefined
  for (const view of views) {
    signal?.throwIfAborted()
    await progress?.(rule.rule.name, 1)
    const record = { ruleId: rule.id, time: view.time, from: view.window.from }
    if (suppressedUntil !== undefined && view.time < suppressedUntil) {
      runs.push({ ...record, rows: 0, status: 'suppressed', alerts: 0 })
      continue
    }
    let batch: ColumnBatch
    try {
      batch = await runner.run(view)
    } catch (error) {
      if (!(error instanceof ExecutionError)) throw error
      signal?.throwIfAborted()
      tally.failed(error.diagnostic)
      runs.push({ ...record, rows: 0, status: 'failed', alerts: 0 })
      continue
    }
    const result = new ResultRows(batch)
    if (!fires(rule, result.count)) {
      const quiet = { ...record, rows: result.count, status: 'quiet', alerts: 0 } as const
      runs.push(quiet)
      onRun?.(quiet, result)
      continue
    }
    const window = { from: view.window.from ?? data?.first ?? view.time, to: view.time }
    const raised = alertsOf({ rule, time: view.time, window, result }, tally)
    tally.fired(result)
    if (byAbsence && data !== undefined && window.from < data.first) tally.incomplete(data.first)
    alerts.push(...raised)
    const fired = { ...record, rows: result.count, status: 'fired', alerts: raised.length } as const
    runs.push(fired)
    onRun?.(fired, result)
    const { suppression } = rule.settings
    if (suppression !== undefined) suppressedUntil = view.time + suppression
  }
  tally.late(lateRows(rule, fed, timelines, views))
  return { rule, runs, alerts, findings: tally.findings() }
}

/** Whether a number of rows raises alerts. */
export function fires({ rule }: Pick<ReplayRule, 'rule'>, rows: number): boolean {
  const threshold = rule.triggerThreshold ?? 0
  if (rule.kind !== 'Scheduled') return rows > 0
  switch (rule.triggerOperator ?? 'gt') {
    case 'gt':
      return rows > threshold
    case 'lt':
      return rows < threshold
    case 'eq':
      return rows === threshold
    case 'ne':
      return rows !== threshold
  }
}

/** Whether a run without rows may raise an alert. */
function firesOnSilence(rule: ReplayRule): boolean {
  return fires(rule, 0)
}

/** What each run of a rule sees, in order. */
function viewsOf(
  rule: ReplayRule,
  fed: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  data: LoadedSpan | undefined,
  times: ReplayTimes,
): readonly RunView[] {
  const { frequency, period } = rule
  const { kind } = rule.rule
  const delay = LIMITS.delay[kind]
  const end = times.to ?? data?.last
  if (kind === 'Hunting' && period === undefined) {
    return end === undefined ? [] : [viewAt(end, undefined, undefined)]
  }
  if (data === undefined && (times.from === undefined || times.to === undefined)) return []
  const first = data?.first ?? (times.from as bigint)
  const last = data?.last ?? (times.to as bigint)
  const shift = BigInt(Math.floor(Number(frequency) * (times.phase ?? 0)))
  const anchor = (times.anchor ?? defaultAnchor(first, frequency)) + shift
  const schedule: Schedule = { anchor, frequency }
  if (kind === 'NRT') return nearRealTime(schedule, fed, timelines, times)
  const silence = firesOnSilence(rule)
  // Silence before the data begin and after they end says nothing.
  const from = times.from ?? (silence ? first + (period ?? 0n) : first)
  const to = times.to ?? (silence ? last : last + (period ?? 0n))
  return Array.from(runsBetween(schedule, from, to), time =>
    viewAt(time, period === undefined ? undefined : time - period, time + delay),
  )
}

function viewAt(time: bigint, from: bigint | undefined, until: bigint | undefined): RunView {
  return { time, window: { from, to: time }, until }
}

/** The runs of a rule near real time to which rows arrived; the others see nothing. */
function nearRealTime(
  schedule: Schedule,
  fed: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  { from, to }: ReplayTimes,
): RunView[] {
  const times = new Set<bigint>()
  for (const { id } of fed.feeds) {
    for (const { arrival } of timelines.get(id)?.arrivals() ?? []) {
      const time = firstRunFrom(schedule, arrival)
      if (from !== undefined && time < from) continue
      if (to !== undefined && time > to) continue
      times.add(time)
    }
  }
  const sorted = [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  return sorted.map(time => ({
    time,
    window: { from: undefined, to: undefined },
    until: time,
    after: time - schedule.frequency,
  }))
}

/** Rows that belong to windows of runs, but arrived after the last of those. */
function lateRows(
  rule: ReplayRule,
  fed: FedPlan,
  timelines: ReadonlyMap<string, Timeline>,
  views: readonly RunView[],
): number {
  const { frequency, period } = rule
  const lastRun = views.at(-1)?.time
  const firstRun = views[0]?.time
  if (rule.rule.kind !== 'Scheduled' || period === undefined || lastRun === undefined) return 0
  let late = 0
  for (const { id } of fed.feeds) {
    for (const { time, arrival } of timelines.get(id)?.arrivals() ?? []) {
      if (time > lastRun || time < (firstRun as bigint) - period) continue
      // The last run whose window has the row.
      const steps = (time + period - lastRun) / frequency
      const exact = lastRun + steps * frequency
      const run = exact > time + period ? exact - frequency : exact
      const seen = run > lastRun ? lastRun : run
      if (arrival > seen + LIMITS.delay.Scheduled) late++
    }
  }
  return late
}

function spanOf(spans: readonly LoadedSpan[]): LoadedSpan | undefined {
  return spans.reduce<LoadedSpan | undefined>(
    (all, { first, last }) =>
      all === undefined
        ? { first, last }
        : {
            first: first < all.first ? first : all.first,
            last: last > all.last ? last : all.last,
          },
    undefined,
  )
}
