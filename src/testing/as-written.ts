import type { PlanProfile } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { loadTimelines } from '../replay/load-timelines.ts'
import type { RunRecord } from '../replay/records.ts'
import { timeColumnOf } from '../replay/replay.ts'
import { RuleRunner } from '../replay/replay-rule.ts'
import type { Timeline } from '../replay/timeline.ts'
import { LIMITS } from '../rules/limits.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import type { TableSource } from '../tables/source.ts'
import type { CompiledRule } from './compiled-rule.ts'
import type { RunSurroundings } from './run-test.ts'

/** Runs that are looked at again, at most. */
const MOST_RUNS = 100

/** The runs of a test again, for plans as they were bound: what is told of the query as it is written. */
export class RunsAsWritten {
  readonly #compiled: CompiledRule
  readonly #feeds: readonly ReturnType<typeof wholeFeed>[]
  readonly #timelines: ReadonlyMap<string, Timeline>
  readonly #runs: readonly RunRecord[]
  readonly #around: RunSurroundings

  private constructor(
    compiled: CompiledRule,
    feeds: readonly ReturnType<typeof wholeFeed>[],
    timelines: ReadonlyMap<string, Timeline>,
    runs: readonly RunRecord[],
    around: RunSurroundings,
  ) {
    this.#compiled = compiled
    this.#feeds = feeds
    this.#timelines = timelines
    this.#runs = runs.slice(0, MOST_RUNS)
    this.#around = around
  }

  /** Reads the data of the runs once. */
  static async load(
    compiled: CompiledRule,
    sources: ReadonlyMap<string, TableSource>,
    runs: readonly RunRecord[],
    around: RunSurroundings,
  ): Promise<RunsAsWritten> {
    const { tables, workspace } = compiled
    const feeds = [...tables.keys(), ...workspace.sources.keys()].map(table =>
      wholeFeed(table, sources.get(table)),
    )
    const { timelines } = await loadTimelines(feeds, sources, {
      timeOf: table => timeColumnOf(sources.get(table)?.schema ?? []),
      arrivalOf: () => undefined,
      delay: 0n,
      report: () => undefined,
    })
    return new RunsAsWritten(compiled, feeds, timelines, runs, around)
  }

  /** The rows of each table in the windows of all runs. */
  rowsInWindows(): Map<string, number> {
    const rows = new Map<string, number>()
    for (const { time, from } of this.#runs) {
      for (const [table, timeline] of this.#timelines) {
        const { start, end } = timeline.window({ from, to: time }, time + this.#delay)
        rows.set(table, (rows.get(table) ?? 0) + end - start)
      }
    }
    return rows
  }

  /**
   * The rows that a plan gives in each run.
   * @throws ExecutionError where a run fails.
   */
  async *rowsOf(plan: Plan, profile?: PlanProfile): AsyncGenerator<ColumnBatch> {
    const { externalData, signal, geoip } = this.#around
    const runner = new RuleRunner(
      { plan, feeds: this.#feeds, steady: false },
      this.#timelines,
      { ...(profile && { profile }), ...(signal && { signal }), ...(geoip && { geoip }) },
      externalData === undefined ? {} : { externalData },
    )
    for (const { time, from } of this.#runs) {
      yield runner.run({ time, window: { from, to: time }, until: time + this.#delay })
    }
  }

  get #delay(): bigint {
    return LIMITS.delay[this.#compiled.rule.rule.kind]
  }
}

/** All rows of a table, with all of its columns. */
function wholeFeed(table: string, source: TableSource | undefined) {
  const schema = source?.schema ?? []
  const columns = schema.map(({ name, type }) => ({ name, type, column: name }))
  return { id: table, table, columns, predicate: undefined, bounds: [] }
}
