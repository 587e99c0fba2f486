import { ExecutionError, type PlanProfile } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { inputsOf } from '../engine/plan/plan.ts'
import { subqueriesOf } from '../engine/plan/rewrites/map-plan.ts'
import { parseQuery } from '../parser/parse.ts'
import type { Span } from '../text/span.ts'
import { RunsAsWritten } from './as-written.ts'
import type { PreparedTest } from './prepare-tests.ts'
import type { RunSurroundings, TestRun } from './run-test.ts'

/** How many rows there were after a stage of the query. */
export interface FunnelStage {
  /** The stage as the query writes it, in one line. */
  readonly text: string
  /** Where it stands in the query. */
  readonly span: Span
  /** undefined where the stage did not run, as nothing asked for its rows. */
  readonly rows: number | undefined
}

/** The stages of one pipeline: the query's own, that of a `let`, or that of a branch. */
export interface FunnelPipeline {
  /** The name of the `let`; undefined for the query's own and for branches without a name. */
  readonly name: string | undefined
  /** How deep it stands below the query's own: 0 for that. */
  readonly depth: number
  readonly stages: readonly FunnelStage[]
}

const NO_CLOCK = () => 0

/**
 * How many rows were left after each stage of the query, as it is written, in the runs: pipelines that
 * others read stand before those. undefined where the query's columns follow from the data, or a run
 * fails.
 */
export async function funnelOf(
  prepared: PreparedTest,
  run: Pick<TestRun, 'sources' | 'runs'>,
  around: RunSurroundings,
): Promise<readonly FunnelPipeline[] | undefined> {
  const { compiled } = prepared
  const { bound } = compiled.asWritten
  if (bound === undefined || compiled.late !== undefined) return undefined
  const profile: PlanProfile = { clock: NO_CLOCK, nodes: new Map() }
  const asWritten = await RunsAsWritten.load(prepared, run, around)
  try {
    for await (const _ of asWritten.rowsOf(bound, profile));
  } catch (error) {
    if (!(error instanceof ExecutionError)) throw error
    return undefined
  }
  const scanned = asWritten.rowsSeen()
  return new FunnelMaker(compiled.rule.rule.query.text, profile, scanned).pipelines(bound)
}

const MOST_TEXT = 100

class FunnelMaker {
  readonly #text: string
  readonly #profile: PlanProfile
  /** Rows that the runs see: the operator above a scan reads it without being told of. */
  readonly #scanned: ReadonlyMap<string, number>
  readonly #lets: readonly { readonly name: string; readonly span: Span }[]
  readonly #seen = new Set<Plan>()
  readonly #found: FunnelPipeline[] = []

  constructor(text: string, profile: PlanProfile, scanned: ReadonlyMap<string, number>) {
    this.#scanned = scanned
    this.#text = text
    this.#profile = profile
    this.#lets = letsOf(text)
  }

  pipelines(plan: Plan): FunnelPipeline[] {
    this.#add(plan, 0)
    return this.#found
  }

  /** Walks a pipeline from its end to its source; what it reads beside comes first. */
  #add(plan: Plan, depth: number): void {
    const stages: FunnelStage[] = []
    let node: Plan | undefined = plan
    let first: Plan = plan
    while (node !== undefined && !this.#seen.has(node)) {
      this.#seen.add(node)
      first = node
      const inputs = inputsOf(node)
      const main: Plan | undefined = node.kind === 'union' ? undefined : inputs[0]
      const beside = inputs.filter(input => input !== main)
      for (const input of [...beside, ...subqueriesOf(node)]) this.#add(input, depth + 1)
      const stage = this.#stage(node)
      const above = stages.at(-1)
      // Several nodes of the plan may be one stage of the query: the last one has its rows.
      if (stage !== undefined && above?.span.start !== stage.span.start) stages.push(stage)
      node = main
    }
    if (stages.length === 0) return
    const name = this.#letAround(first.span)
    this.#found.push({ name, depth, stages: stages.reverse() })
  }

  #stage(plan: Plan): FunnelStage | undefined {
    const { start, end } = plan.span
    // What comes from a saved function or a watchlist stands in no place of the query.
    if (end <= start || end > this.#text.length) return undefined
    const text = this.#text.slice(start, end).replaceAll(/\s+/g, ' ')
    const shown = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text
    return { text: shown, span: plan.span, rows: this.#rowsOf(plan) }
  }

  #rowsOf(plan: Plan): number | undefined {
    if (plan.kind === 'scan') return this.#scanned.get(plan.table)
    return this.#profile.nodes.get(plan)?.rows
  }

  #letAround({ start }: Span): string | undefined {
    return this.#lets.find(({ span }) => start >= span.start && start < span.end)?.name
  }
}

function letsOf(text: string): { readonly name: string; readonly span: Span }[] {
  return parseQuery(text).syntax.statements.flatMap(statement =>
    statement.kind === 'let' ? [{ name: statement.name.name, span: statement.span }] : [],
  )
}
