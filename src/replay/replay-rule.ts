import type { RunLimits } from '../api/run-limits.ts'
import { discoverColumns } from '../engine/discover.ts'
import type { EvaluationContext, Evaluator } from '../engine/evaluator/contract.ts'
import { compile, LocatedQueryError } from '../engine/evaluator/evaluator.ts'
import {
  asExecutionError,
  ExecutionError,
  type ExecutionOptions,
  executePlan,
} from '../engine/execution.ts'
import { LIBRARY } from '../engine/functions/library.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import type { CompiledQuery } from '../engine/query.ts'
import { type ColumnBatch, concat } from '../tables/batch.ts'
import type { TableSource } from '../tables/source.ts'
import { InternalError } from '../text/internal-error.ts'
import type { FedPlan, Feed } from './feeds.ts'
import type { Timeline, TimelineWindow, TimeSpan } from './timeline.ts'

/** What a run may see. */
export interface RunView {
  /** The value of `now()`. */
  readonly time: bigint
  readonly window: TimeSpan
  /** Rows that arrived later are not there yet; undefined where arrival does not matter. */
  readonly until: bigint | undefined
  /** A run near real time sees what arrived after this time instead of a window. */
  readonly after?: bigint
  /** How much longer the window is than the rule has it, and its bounds on the past. */
  readonly longer?: bigint
}

/** What every run of a rule is given. */
export type RunGiven = Pick<ExecutionOptions, 'signal' | 'geoip' | 'profile'> & RunLimits
/** What `externaldata` reads, and who hears of what cannot be read in it. */
export type Outside = Pick<ExecutionOptions, 'externalData' | 'onProblem'>

/** Runs the plan of a rule at any number of times over timelines that were loaded once. */
export class RuleRunner {
  readonly #fed: FedPlan
  readonly #timelines: ReadonlyMap<string, Timeline>
  readonly #given: RunGiven
  readonly #outside: Outside
  #executed = false
  #last: { readonly key: string; readonly rows: ColumnBatch } | undefined

  constructor(
    fed: FedPlan,
    timelines: ReadonlyMap<string, Timeline>,
    given: RunGiven,
    outside: Outside = {},
  ) {
    this.#fed = fed
    this.#timelines = timelines
    this.#given = given
    this.#outside = outside
  }

  /** The rows of a run, without a selection. */
  async run(view: RunView): Promise<ColumnBatch> {
    const windows = this.#fed.feeds.map(feed => this.#windowOf(feed, view))
    // A plan that looks at the time nowhere else gives the same for the same rows.
    const whole = windows.every(({ seen }) => seen === undefined)
    const key = this.#fed.steady && whole ? keyOf(windows) : undefined
    if (key !== undefined && this.#last?.key === key) {
      return this.#last.rows
    }
    const tables = new Map<string, TableSource>(
      this.#fed.feeds.map(({ id, table }, index) => [
        this.#fed.late === undefined ? id : table,
        this.#timeline(id).source(windows[index]!),
      ]),
    )
    const batches: ColumnBatch[] = []
    const options = {
      now: view.time,
      tables,
      ...this.#given,
      ...this.#outsideOfRun(),
    }
    const { plan, kept } = await this.#settled(options)
    for await (const batch of executePlan(plan, { ...options, kept })) batches.push(batch)
    const rows = concat(plan.schema, batches)
    this.#last = key === undefined ? undefined : { key, rows }
    return rows
  }

  /** What external data have that cannot be read is told once, not in each run again. */
  #outsideOfRun(): Outside {
    const { onProblem, ...rest } = this.#outside
    const first = !this.#executed
    this.#executed = true
    return first && onProblem !== undefined ? { ...rest, onProblem } : rest
  }

  /** The plan that this run executes. The feeds have whole columns, which a bound plan asks for. */
  async #settled(options: ExecutionOptions): Promise<{ plan: Plan; kept: CompiledQuery['kept'] }> {
    const { plan, late } = this.#fed
    if (late === undefined) return { plan, kept: new Map() }
    const { bound, kept, diagnostics } = await discoverColumns(late, options, 'bound')
    if (bound !== undefined) return { plan: bound, kept }
    const error = diagnostics.find(({ severity }) => severity === 'error')
    if (error === undefined) throw new InternalError('a query without a plan or an error')
    throw new ExecutionError(error)
  }

  #timeline(id: string): Timeline {
    const timeline = this.#timelines.get(id)
    if (timeline === undefined) throw new InternalError(`feed ${id} was not loaded`)
    return timeline
  }

  #windowOf({ id, bounds }: Feed, view: RunView): TimelineWindow {
    const timeline = this.#timeline(id)
    const { longer = 0n } = view
    let { from, to } = view.window
    if (from !== undefined) from -= longer
    for (const { side, strict, value } of bounds) {
      const at = timeOf(value, view.time)
      // A comparison with null is true of no row.
      if (at === null) return { start: 0, end: 0, seen: undefined }
      if (side === 'from') {
        const first = (strict ? at + 1n : at) - longer
        if (from === undefined || first > from) from = first
      } else {
        const last = strict ? at - 1n : at
        if (to === undefined || last < to) to = last
      }
    }
    if (view.after === undefined) return timeline.window({ from, to }, view.until)
    return timeline.arrived({ from, to }, view.after, view.until ?? view.time)
  }
}

function keyOf(windows: readonly TimelineWindow[]): string {
  return windows.map(({ start, end }) => (start === end ? '-' : `${start}:${end}`)).join(' ')
}

/**
 * The value of a bound in a run.
 * @throws ExecutionError where it cannot be computed.
 */
function timeOf(value: TimeBoundValue, now: bigint): bigint | null {
  const context: EvaluationContext = {
    now,
    random: () => {
      throw new InternalError('a bound of time varies')
    },
    scalarFunction: name => LIBRARY.scalar(name),
    queryValue: () => {
      throw new InternalError('a bound of time has a subquery')
    },
  }
  let constant: Evaluator['constant']
  try {
    constant = compile(value, [], context).constant
  } catch (error) {
    throw error instanceof LocatedQueryError ? asExecutionError(error) : error
  }
  if (constant === undefined) throw new InternalError('a bound of time is not constant')
  return constant.value as bigint | null
}

type TimeBoundValue = Feed['bounds'][number]['value']
