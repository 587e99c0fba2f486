import type { RunLimits } from '../api/run-limits.ts'
import { ExecutionError } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import type { ExternalResolver } from '../tables/external/external-data.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import type { ReadProblem } from '../tables/source.ts'
import { alertsOf } from './alerts.ts'
import type { FedPlan } from './feeds.ts'
import { timelessReason, unseenRows, untimedTables } from './late-rows.ts'
import type { LoadedSpan } from './load-timelines.ts'
import type { Alert, Finding, ReplayRule, RunRecord } from './records.ts'
import { RuleRunner, type RunView } from './replay-rule.ts'
import { ResultRows } from './result-rows.ts'
import { tellsFromAbsence } from './rules.ts'
import { RuleTally } from './tally.ts'
import type { Timeline } from './timeline.ts'
import { fires, type ReplayTimes, viewsOf } from './views.ts'
import { pairsRows } from './window-edges.ts'

/** A rule with the data that matter to it. */
export interface LoadedRule {
  readonly rule: ReplayRule
  readonly plan: Plan
  readonly fed: FedPlan
  readonly timelines: ReadonlyMap<string, Timeline>
  /** The first and last time in the tables that it reads. */
  readonly data: LoadedSpan | undefined
}

/** What runs are given beside the data. */
export interface RunSurroundings {
  readonly externalData?: ExternalResolver
  readonly signal?: AbortSignal
  /** Where IP addresses are: `none` makes that null. */
  readonly geoip?: GeoLookup | 'none'
  /** What a run may keep in memory, and where the rest goes. */
  readonly limits?: RunLimits
  /** `table`: whose rows cannot be read; undefined for external data. */
  onProblem(problem: ReadProblem, table?: string): void
  /**
   * Called while data are read, with the rows of a table, and before each run of a rule, with how many
   * runs it has in all.
   */
  progress?(what: string, done: number, total?: number): Promise<void>
  /** Called after each run that was executed and did not fail, with all of its rows. */
  onRun?(record: RunRecord, result: ResultRows): void
}

/** What a rule did. */
export interface RuleReplay {
  readonly rule: ReplayRule
  /** In order; of a rule near real time those that had something to see. */
  readonly runs: readonly RunRecord[]
  readonly alerts: readonly Alert[]
  readonly findings: readonly Finding[]
  /** The first and last time in the tables that it reads; undefined where they have no rows. */
  readonly data?: LoadedSpan | undefined
}

/** One run of a rule, and what it raised. */
export interface ReplayStep {
  readonly run: RunRecord
  readonly alerts: readonly Alert[]
}

/** A rule on its schedule, run by run. */
export class RuleSchedule {
  readonly rule: ReplayRule
  readonly #times: ReplayTimes
  readonly #surroundings: RunSurroundings
  readonly #byAbsence: boolean
  readonly #tally: RuleTally
  readonly #runs: RunRecord[] = []
  readonly #alerts: Alert[] = []
  #loaded: LoadedRule
  #views: readonly RunView[]
  #runner: RuleRunner
  #suppressedUntil: bigint | undefined

  constructor(loaded: LoadedRule, times: ReplayTimes, surroundings: RunSurroundings) {
    const { rule, plan } = loaded
    this.rule = rule
    this.#times = times
    this.#loaded = loaded
    this.#surroundings = surroundings
    this.#runner = this.#newRunner()
    this.#views = this.#planned()
    this.#byAbsence = tellsFromAbsence(plan) || fires(rule, 0)
    this.#tally = new RuleTally(rule)
  }

  /** How many runs there are in all. */
  get count(): number {
    return this.#views.length
  }

  /** The time of the next run; undefined where all are done. */
  get next(): bigint | undefined {
    return this.#views[this.#runs.length]?.time
  }

  /** The time of the last run; undefined where there is none. */
  get last(): bigint | undefined {
    return this.#views.at(-1)?.time
  }

  /** What later runs read instead. Those that follow from it are done too, up to the time `end`. */
  readFrom(loaded: LoadedRule, end: bigint): void {
    this.#loaded = loaded
    this.#runner = this.#newRunner()
    // The one run of a hunting query stays where it is.
    if (this.rule.period === undefined && this.rule.rule.kind === 'Hunting') return
    const done = this.#views.slice(0, this.#runs.length)
    const before = done.at(-1)?.time
    const later = this.#planned().filter(
      ({ time }) => (before === undefined || time > before) && time <= end,
    )
    this.#views = [...done, ...later]
  }

  /**
   * Does the next run. One that fails is recorded as such.
   * @throws the reason of the signal, where it is aborted.
   */
  async step(): Promise<ReplayStep> {
    const { signal, progress } = this.#surroundings
    signal?.throwIfAborted()
    await progress?.(this.rule.rule.name, 1, this.count)
    const step = await this.#step(this.#views[this.#runs.length] as RunView)
    this.#runs.push(step.run)
    this.#alerts.push(...step.alerts)
    return step
  }

  /** What it did so far, without findings. */
  soFar(): RuleReplay {
    const { data } = this.#loaded
    return { rule: this.rule, runs: this.#runs, alerts: this.#alerts, findings: [], data }
  }

  /** What it did, and what there is to say of it. */
  async finish(): Promise<RuleReplay> {
    const done = this.#views.slice(0, this.#runs.length)
    const { fed, timelines, data } = this.#loaded
    const { from, to } = this.#times
    const isPlaced = this.rule.rule.kind !== 'NRT' && from !== undefined && to !== undefined
    if (data === undefined && this.count === 0 && !isPlaced) {
      this.#tally.withoutRuns(timelessReason(fed, timelines))
    }
    this.#tally.untimed(untimedTables(fed, timelines))
    this.#tally.unseen(unseenRows(this.rule, fed, timelines, done))
    if (pairsRows(this.rule, fed)) await this.#lookBeyondEdges(done)
    return { ...this.soFar(), findings: this.#tally.findings() }
  }

  /**
   * Looks for what a window longer by the frequency holds, and no run found. The window is that of two runs
   * together, so the first run, before which there is none, has no such window.
   */
  async #lookBeyondEdges(views: readonly RunView[]): Promise<void> {
    const { signal } = this.#surroundings
    const runner = this.#newRunner()
    if (this.#runs.some(({ status }) => status === 'failed')) return
    for (const view of views.slice(1)) {
      if (signal?.aborted === true) return
      try {
        const rows = await runner.run({ ...view, longer: this.rule.frequency })
        this.#tally.beyondEdge(new ResultRows(rows), view.time)
      } catch (error) {
        // A run that fails was told as it failed.
        if (!(error instanceof ExecutionError)) throw error
      }
    }
  }

  async #step(view: RunView): Promise<ReplayStep> {
    const { rule } = this
    const tally = this.#tally
    const record = { ruleId: rule.id, time: view.time, from: view.window.from }
    if (this.#suppressedUntil !== undefined && view.time < this.#suppressedUntil) {
      return { run: { ...record, rows: 0, status: 'suppressed', alerts: 0 }, alerts: [] }
    }
    const result = await this.#rowsOf(view)
    if (result === undefined) {
      return { run: { ...record, rows: 0, status: 'failed', alerts: 0 }, alerts: [] }
    }
    const rows = result.count
    if (!fires(rule, rows)) {
      const quiet = { ...record, rows, status: 'quiet', alerts: 0 } as const
      this.#surroundings.onRun?.(quiet, result)
      return { run: quiet, alerts: [] }
    }
    const { data } = this.#loaded
    const { from } = view.window
    const window = { from: from ?? view.after ?? data?.first ?? view.time, to: view.time }
    const alerts = alertsOf({ rule, time: view.time, window, result }, tally)
    tally.fired(result)
    if (this.#byAbsence && data !== undefined && from !== undefined && from < data.first) {
      tally.incomplete(data.first)
    }
    const { suppression } = rule.settings
    // A run that fires on silence has no row to alert of, where a rule alerts of each.
    if (suppression !== undefined && alerts.length > 0) {
      this.#suppressedUntil = view.time + suppression
    }
    const fired = { ...record, rows, status: 'fired', alerts: alerts.length } as const
    this.#surroundings.onRun?.(fired, result)
    return { run: fired, alerts }
  }

  /** The rows of a run; undefined where it failed. */
  async #rowsOf(view: RunView): Promise<ResultRows | undefined> {
    try {
      return new ResultRows(await this.#runner.run(view))
    } catch (error) {
      if (!(error instanceof ExecutionError)) throw error
      this.#surroundings.signal?.throwIfAborted()
      this.#tally.failed(error.diagnostic)
      return undefined
    }
  }

  #planned(): readonly RunView[] {
    const { rule, fed, timelines, data } = this.#loaded
    return viewsOf(rule, fed, timelines, data, this.#times)
  }

  #newRunner(): RuleRunner {
    const { signal, geoip, limits, externalData, onProblem } = this.#surroundings
    return new RuleRunner(
      this.#loaded.fed,
      this.#loaded.timelines,
      {
        ...limits,
        ...(signal === undefined ? {} : { signal }),
        ...(geoip === undefined ? {} : { geoip }),
      },
      {
        onProblem: problem => onProblem(problem),
        ...(externalData === undefined ? {} : { externalData }),
      },
    )
  }
}
