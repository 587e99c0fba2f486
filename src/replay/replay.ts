import type { Plan } from '../engine/plan/nodes.ts'
import type { CompiledQuery } from '../engine/query.ts'
import type { TableSource } from '../tables/source.ts'
import { InternalError } from '../text/internal-error.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import type { ArrivalDelay } from './arrival-delay.ts'
import { type FedPlan, type Feed, feedsOf, wholeTablesOf } from './feeds.ts'
import { incidentFindings } from './incident-findings.ts'
import { type Closing, incidentsOf, numberIncidents } from './incidents.ts'
import { KeptRows } from './kept-rows.ts'
import { type Loaded, type LoadedSpan, type LoadOptions, loadTimelines } from './load-timelines.ts'
import { RAISED_TABLES, withRaised } from './raised-tables.ts'
import type { Alert, Finding, Incident, ReplayRule } from './records.ts'
import {
  type LoadedRule,
  type ReplayStep,
  type RuleReplay,
  RuleSchedule,
  type RunSurroundings,
} from './rule-replay.ts'
import type { ReplayTimes } from './views.ts'

export type { RuleReplay } from './rule-replay.ts'
export type { ReplayTimes } from './views.ts'

/** What is replayed. Times are in ticks. */
export interface ReplayInput extends RunSurroundings {
  readonly rules: readonly {
    readonly rule: ReplayRule
    readonly plan: Plan
    /** The query, where only the data tell its columns. */
    readonly late?: CompiledQuery | undefined
    /** The plan split before, by {@link splitForRuns}. */
    readonly fed?: FedPlan
  }[]
  /** The data of every table that the plans read. */
  readonly sources: ReadonlyMap<string, TableSource>
  /** Ticks after its TimeGenerated at which a row arrives, where it does not say when. */
  readonly delay?: ArrivalDelay
  /** When incidents are closed; never where missing. */
  readonly closing?: Closing
  /**
   * The positions of the rules that are run; all where missing. The data are read as for all of them, so
   * that what cannot be read is the same whoever runs which.
   */
  readonly only?: readonly number[]
  /** Called with numbers of records that were not looked at; where it is missing, all are. */
  readonly onUnexamined?: (records: number, file: string) => void
  /** How many threads may read the data, this one included; 1 where it is missing. */
  readonly threads?: number
  /** Whether a replay whose signal is aborted gives what it has so far, in place of an error. */
  readonly endsEarly?: boolean
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
  overlaps = false,
): FedPlan {
  if (late !== undefined) return wholeTablesOf(late, prefix)
  return feedsOf(plan, prefix, table => timeColumnOf(schemaOf(table) ?? []), overlaps)
}

/** The column by which rows have their time; undefined where they have none. */
export function timeColumnOf(schema: Schema): string | undefined {
  return TIMES.find(name => findColumn(schema, name)?.type === 'datetime')
}

/** What all rules did. */
export interface ReplayOutcome {
  readonly rules: readonly RuleReplay[]
  /** In the order of their times; those of one moment in the order of their rules. */
  readonly alerts: readonly Alert[]
  readonly incidents: readonly Incident[]
  readonly findings: readonly Finding[]
  /** Whether it was ended before all runs were done. */
  readonly interrupted?: true
}

/** What is known of a replay while it goes on. */
export type ReplayProgress =
  | ({ readonly kind: 'run'; readonly rule: number } & ReplayStep)
  /** All runs of a rule are done, or none will follow. */
  | { readonly kind: 'rule'; readonly rule: number; readonly replay: RuleReplay }

/** What runs loaded rules. */
export interface Replayer {
  /** Runs the rules on their schedules: all, or those at the positions from `start` to `end`. */
  run(times?: ReplayTimes, start?: number, end?: number): Promise<ReplayOutcome>
}

/** The column that says when Log Analytics took a row in. */
export const ARRIVAL = '_TimeReceived'
const TIMES = ['TimeGenerated', 'Timestamp']

/** Rules with the data that matter to them, to be run any number of times. */
export class Replay implements Replayer {
  readonly #input: ReplayInput
  readonly #fed: readonly FedPlan[]
  readonly #loaded: Loaded
  readonly #kept: KeptRows
  readonly #loadedBytes: number

  private constructor(input: ReplayInput, fed: readonly FedPlan[], loaded: Loaded, kept: KeptRows) {
    this.#kept = kept
    this.#loadedBytes = kept.bytes
    this.#input = input
    this.#fed = fed
    this.#loaded = loaded
  }

  /**
   * Reads the data, each table once.
   * @throws ReplayLimitError where the rows that matter take more memory than the limits have.
   */
  static async load(input: ReplayInput): Promise<Replay> {
    const { sources, rules } = input
    const schemaOf = (table: string) => sources.get(table)?.schema
    const fed = rules.map(({ rule, plan, late, fed: split }, index) => {
      const { frequency, period = frequency } = rule
      const overlaps = period >= 2n * frequency
      return split ?? splitForRuns(plan, late, `rule ${index} feed `, schemaOf, overlaps)
    })
    const only = new Set(input.only ?? rules.keys())
    const ids = new Set(fed.flatMap(({ feeds }, index) => (only.has(index) ? idsOf(feeds) : [])))
    const all = fed.flatMap(({ feeds }) => feeds)
    const kept = new KeptRows(input.limits)
    const loaded = await loadTimelines(all, sources, loadOptions(input, kept), ids)
    return new Replay(input, fed, loaded, kept)
  }

  /** The tables that the rules read, in the order in which they are loaded. */
  get tables(): readonly string[] {
    return [...new Set(this.#fed.flatMap(({ feeds }) => feeds.map(({ table }) => table)))]
  }

  /**
   * Runs the rules on their schedules: all, or those at the positions from `start` to `end`. A rule over
   * what rules raise is run after the others, and sees what they raised.
   * @throws the reason of the signal where it is aborted, unless the replay may end early.
   */
  async run(times: ReplayTimes = {}, start?: number, end?: number): Promise<ReplayOutcome> {
    const replays: RuleReplay[] = []
    for await (const event of this.events(times, start, end)) {
      if (event.kind === 'rule') replays[event.rule] = event.replay
    }
    if (this.#input.endsEarly !== true) this.#input.signal?.throwIfAborted()
    return this.outcomeOf(Object.values(replays))
  }

  /**
   * The same run by run. Where the signal is aborted while rules run, the one at work ends with what it
   * did so far, and the others with nothing.
   */
  async *events(
    times: ReplayTimes = {},
    start = 0,
    end = this.#fed.length,
  ): AsyncGenerator<ReplayProgress> {
    const own = this.#positions().filter(rule => rule >= start && rule < end)
    const done = new Map<number, RuleReplay>()
    for (const rule of own.filter(position => !this.readsRaised(position))) {
      const schedule = this.#schedule(this.#loadedRule(rule, this.#loaded), times)
      while (schedule.next !== undefined) {
        const step = await this.#stepOf(schedule)
        if (step === undefined) break
        yield { kind: 'run', rule, ...step }
      }
      const replay = await schedule.finish()
      done.set(rule, replay)
      yield { kind: 'rule', rule, replay }
    }
    const later = own.filter(position => this.readsRaised(position))
    if (later.length > 0) yield* this.over(done, later, times)
  }

  /** Whether a rule reads the tables that Sentinel writes what rules raise to. */
  readsRaised(rule: number): boolean {
    return this.#fed[rule]?.feeds.some(({ table }) => RAISED_TABLES.includes(table)) === true
  }

  /**
   * Runs rules over what rules raise, in the order of their times: each sees what the others, and it
   * itself, raised before. What they raise adds no run after the last one that there is without it.
   */
  async *over(
    done: ReadonlyMap<number, RuleReplay>,
    rules: readonly number[],
    times: ReplayTimes,
  ): AsyncGenerator<ReplayProgress> {
    const raised = new Map(done)
    let loaded = this.#isAborted ? this.#loaded : await this.#withRaised(inOrder(raised))
    const schedules = new Map(
      rules.map(rule => [rule, this.#schedule(this.#loadedRule(rule, loaded), times)]),
    )
    const end = lastOf(schedules.values())
    for (;;) {
      const rule = nextOf(schedules)
      if (rule === undefined) break
      const step = await this.#stepOf(schedules.get(rule) as RuleSchedule)
      if (step === undefined) break
      yield { kind: 'run', rule, ...step }
      if (step.alerts.length === 0 || this.#isAborted) continue
      for (const [own, schedule] of schedules) raised.set(own, schedule.soFar())
      loaded = await this.#withRaised(inOrder(raised))
      for (const [own, schedule] of schedules) {
        schedule.readFrom(this.#loadedRule(own, loaded), end)
      }
    }
    for (const [rule, schedule] of schedules) {
      yield { kind: 'rule', rule, replay: await schedule.finish() }
    }
  }

  /**
   * What all rules did, of what each did; they are in the order of the rules. The findings of each have what
   * there is to say of its incidents too.
   */
  outcomeOf(replays: readonly RuleReplay[]): ReplayOutcome {
    const { closing } = this.#input
    const each = replays.map(replay => incidentsOf(replay.rule, replay.alerts, closing))
    const rules = replays.map((replay, index) => ({
      ...replay,
      findings: [...replay.findings, ...incidentFindings(replay.rule, each[index] ?? [], closing)],
    }))
    return {
      rules,
      alerts: rules
        .flatMap(({ alerts }) => alerts)
        .sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)),
      incidents: numberIncidents(each.flat()),
      findings: rules.flatMap(({ findings }) => findings),
      ...(this.#isAborted ? { interrupted: true } : {}),
    }
  }

  get #isAborted(): boolean {
    return this.#input.signal?.aborted === true
  }

  #positions(): readonly number[] {
    return this.#input.only ?? [...this.#fed.keys()]
  }

  /** undefined where the signal was aborted. */
  async #stepOf(schedule: RuleSchedule): Promise<ReplayStep | undefined> {
    if (this.#isAborted) return undefined
    try {
      const step = await schedule.step()
      this.#kept.addAlerts(step.alerts.length)
      return step
    } catch (error) {
      if (this.#isAborted && error === this.#input.signal?.reason) return undefined
      throw error
    }
  }

  #schedule(rule: LoadedRule, times: ReplayTimes): RuleSchedule {
    return new RuleSchedule(rule, times, { ...this.#input, limits: this.#kept.limits })
  }

  #loadedRule(index: number, { timelines, spans }: Loaded): LoadedRule {
    const given = this.#input.rules[index]
    const fed = this.#fed[index]
    if (given === undefined || fed === undefined) throw new InternalError(`no rule ${index}`)
    const data = spanOf(fed.feeds.flatMap(({ table }) => spans.get(table) ?? []))
    return { rule: given.rule, plan: given.plan, fed, timelines, data }
  }

  /** What was loaded, with the rows of what was raised since. */
  async #withRaised(replays: readonly RuleReplay[]): Promise<Loaded> {
    const { sources, closing } = this.#input
    // These rows are in the place of those of the last time.
    this.#kept.backTo(this.#loadedBytes)
    const raised = withRaised(sources, {
      alerts: replays.flatMap(({ rule, alerts }) => alerts.map(alert => ({ alert, rule }))),
      incidents: incidentsOfAll(replays, closing),
    })
    const feeds = this.#fed.flatMap(own => own.feeds).filter(({ table }) => raised.has(table))
    const only = new Set(idsOf(feeds))
    const added = await loadTimelines(feeds, raised, loadOptions(this.#input, this.#kept), only)
    return {
      timelines: new Map([...this.#loaded.timelines, ...added.timelines]),
      spans: new Map([...this.#loaded.spans, ...added.spans]),
    }
  }
}

function loadOptions(input: ReplayInput, kept: KeptRows): LoadOptions {
  const { sources, delay = 0n, signal, progress, onProblem, onUnexamined, threads } = input
  const schemaOf = (table: string) => sources.get(table)?.schema ?? []
  const options: LoadOptions = {
    timeOf: table => timeColumnOf(schemaOf(table)),
    arrivalOf: table => (findColumn(schemaOf(table), ARRIVAL) === undefined ? undefined : ARRIVAL),
    delay,
    kept,
    ...(signal === undefined ? {} : { signal }),
    ...(onUnexamined === undefined ? {} : { unexamined: onUnexamined }),
    ...(threads === undefined ? {} : { threads }),
    ...(progress === undefined ? {} : { progress: (table, rows) => progress(table, rows) }),
    report: (problem, table) => onProblem(problem, table),
  }
  return options
}

function idsOf(feeds: readonly Feed[]): string[] {
  return feeds.map(({ id }) => id)
}

/** The rule whose next run is the earliest, the first of several; undefined where all are done. */
function nextOf(schedules: ReadonlyMap<number, RuleSchedule>): number | undefined {
  let found: number | undefined
  let least: bigint | undefined
  for (const [rule, { next }] of schedules) {
    if (next === undefined || (least !== undefined && next >= least)) continue
    found = rule
    least = next
  }
  return found
}

/** The time of the last run of all. */
function lastOf(schedules: Iterable<RuleSchedule>): bigint {
  return Array.from(schedules, ({ last }) => last ?? 0n).reduce((a, b) => (b > a ? b : a), 0n)
}

/** What rules did, in the order of their positions. */
function inOrder(replays: ReadonlyMap<number, RuleReplay>): RuleReplay[] {
  return [...replays].sort(([a], [b]) => a - b).map(([, replay]) => replay)
}

function incidentsOfAll(
  rules: readonly RuleReplay[],
  closing: Closing | undefined,
): readonly Incident[] {
  return numberIncidents(rules.flatMap(({ rule, alerts }) => incidentsOf(rule, alerts, closing)))
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
