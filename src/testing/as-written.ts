import type { PlanProfile } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { loadTimelines } from '../replay/load-timelines.ts'
import type { ReplayRule, RunRecord } from '../replay/records.ts'
import { ARRIVAL, timeColumnOf } from '../replay/replay.ts'
import { RuleRunner, type RunView } from '../replay/replay-rule.ts'
import type { Timeline } from '../replay/timeline.ts'
import { LIMITS } from '../rules/limits.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import type { PreparedTest } from './prepare-tests.ts'
import type { RunSurroundings, TestRun } from './run-test.ts'

/** The runs of a test again, for plans as they were bound: what is told of the query as it is written. */
export class RunsAsWritten {
  readonly #feeds: readonly ReturnType<typeof wholeFeed>[]
  readonly #timelines: ReadonlyMap<string, Timeline>
  readonly #views: readonly RunView[]
  readonly #around: RunSurroundings

  private constructor(
    rule: ReplayRule,
    feeds: readonly ReturnType<typeof wholeFeed>[],
    timelines: ReadonlyMap<string, Timeline>,
    runs: readonly RunRecord[],
    around: RunSurroundings,
  ) {
    this.#feeds = feeds
    this.#timelines = timelines
    // A run that is suppressed was not executed.
    this.#views = runs.filter(({ status }) => status !== 'suppressed').map(run => viewOf(rule, run))
    this.#around = around
  }

  /** Reads the data of the runs once. */
  static async load(
    { compiled, test }: PreparedTest,
    { sources, runs }: Pick<TestRun, 'sources' | 'runs'>,
    around: RunSurroundings,
  ): Promise<RunsAsWritten> {
    const { tables, workspace, rule } = compiled
    const schemaOf = (table: string) => sources.get(table)?.schema ?? []
    const feeds = [...tables.keys(), ...workspace.sources.keys()].map(table =>
      wholeFeed(table, schemaOf(table)),
    )
    const { timelines } = await loadTimelines(feeds, sources, {
      timeOf: table => timeColumnOf(schemaOf(table)),
      arrivalOf: table => findColumn(schemaOf(table), ARRIVAL)?.name,
      delay: test.runs?.delay ?? 0n,
      report: () => undefined,
    })
    return new RunsAsWritten(rule, feeds, timelines, runs, around)
  }

  /** The rows of each table that the runs see, in all of them together. */
  rowsSeen(): Map<string, number> {
    const rows = new Map<string, number>()
    for (const { window, until, after } of this.#views) {
      for (const [table, timeline] of this.#timelines) {
        const { start, end, seen } =
          after === undefined || until === undefined
            ? timeline.window(window, until)
            : timeline.arrived(window, after, until)
        rows.set(table, (rows.get(table) ?? 0) + (seen?.length ?? end - start))
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
    for (const view of this.#views) yield runner.run(view)
  }
}

/** What a run saw. */
function viewOf({ rule, frequency, period }: ReplayRule, { time, from }: RunRecord): RunView {
  if (rule.kind === 'NRT') {
    const window = { from: undefined, to: undefined }
    return { time, window, until: time, after: time - frequency }
  }
  const seesAll = rule.kind === 'Hunting' && period === undefined
  const until = seesAll ? undefined : time + LIMITS.delay[rule.kind]
  return { time, window: { from, to: time }, until }
}

/** All rows of a table, with all of its columns. */
function wholeFeed(table: string, schema: Schema) {
  const columns = schema.map(({ name, type }) => ({ name, type, column: name }))
  return { id: table, table, columns, predicate: undefined, bounds: [] }
}
