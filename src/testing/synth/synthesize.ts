import { externalResolver } from '../../api/external-input.ts'
import { openedGeoip, Prepared, type RunOptions, ticksOf } from '../../api/prepare.ts'
import { Workspace } from '../../api/workspace.ts'
import { type ExecutionOptions, executePlan, type PlanProfile } from '../../engine/execution.ts'
import type { Plan } from '../../engine/plan/nodes.ts'
import { inputsOf } from '../../engine/plan/plan.ts'
import { compileQuery } from '../../engine/query.ts'
import { Catalog } from '../../tables/catalog.ts'
import { rowsSource } from '../../tables/rows-source.ts'
import { KqlError } from '../../text/kql-error.ts'
import type { Span } from '../../text/span.ts'
import { formatDatetime } from '../../types/datetime.ts'
import { type Attempt, attempt, type MadeRow } from './attempt.ts'
import { Evaluation, loadNeeds } from './evaluation.ts'
import { withKnownRows } from './known-rows.ts'
import { withRichestFirst } from './union-order.ts'

/** What rows are made with. */
export interface SynthesizeOptions
  extends Pick<RunOptions, 'now' | 'externalData' | 'geoip' | 'signal'> {
  readonly catalog?: Catalog
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly workspace?: Workspace
  /** Rows that the result is to have at least; 1 where missing. */
  readonly rows?: number
  /** How far back from `now` rows may be, in ticks of 100 ns: the query period of a rule. */
  readonly period?: bigint
}

/** A part of a query for which no rows were found, or which was left to chance. */
export interface Unsolved {
  readonly span: Span
  readonly reason: string
}

/** Rows that were made for a query. */
export interface Synthesis {
  /** The time at which the query was run over them, as ISO text. */
  readonly now: string
  /** Rows by table, with the columns that matter: values as JSON has them, times as ISO text. */
  readonly tables: Readonly<Record<string, readonly MadeRow[]>>
  /** Whether the query, run over the rows, gave as many as were asked for. */
  readonly fired: boolean
  /** How many rows the query gave. */
  readonly resultRows: number
  readonly unsolved: readonly Unsolved[]
}

/** Ways that are tried. */
const ATTEMPTS = 60
/** Ways that were given up, for all that there was to try, after which it is over. */
const HARD = 2

/**
 * Makes rows over which a query gives a result: of what the query asks, and nothing else. They are
 * checked by running it. The same query gives the same rows.
 * @throws KqlError where the query has errors.
 */
export async function synthesize(
  text: string,
  options: SynthesizeOptions = {},
): Promise<Synthesis> {
  return new Synthesizer(text, options).run()
}

const NOTHING: Attempt = {
  isSolved: false,
  isExhausted: false,
  tables: {},
  conflicts: [],
  options: [],
}

class Synthesizer {
  readonly #options: SynthesizeOptions
  readonly #prepared: Prepared
  readonly #bound: Plan
  readonly #workspace: Workspace
  readonly #catalog: Catalog
  readonly #now: bigint
  readonly #rows: number

  constructor(text: string, options: SynthesizeOptions) {
    this.#options = options
    this.#catalog = options.catalog ?? Catalog.builtin()
    this.#workspace = options.workspace ?? new Workspace()
    const compiled = compileQuery(text, {
      catalog: this.#catalog,
      workspace: this.#workspace,
      parameters: new Map(Object.entries(options.parameters ?? {})),
    })
    if (compiled.bound === undefined) throw new KqlError(compiled.diagnostics)
    this.#bound = compiled.bound
    this.#prepared = new Prepared(compiled, this.#catalog, this.#workspace)
    this.#now = ticksOf(options.now ?? new Date())
    this.#rows = Math.max(1, options.rows ?? 1)
  }

  async run(): Promise<Synthesis> {
    const execution = await this.#execution()
    const plan = withRichestFirst(await withKnownRows(this.#bound, execution))
    await loadNeeds(plan)
    const evaluation = new Evaluation(this.#now, execution.geoip)
    let best: Synthesis | undefined
    let exhausted = 0
    const queue: ReadonlyMap<number, number>[] = [new Map()]
    for (let n = 0; n < ATTEMPTS && queue[n] !== undefined; n++) {
      this.#options.signal?.throwIfAborted()
      const decisions = queue[n] ?? new Map()
      const { period } = this.#options
      const made = attempt(plan, { evaluation, decisions, rows: this.#rows, period })
      const result = await this.#checked(made, execution)
      if (result.fired) return result
      best ??= result
      if (result.resultRows > best.resultRows) best = result
      if (made.isExhausted && ++exhausted === HARD) break
      if (queue.length < ATTEMPTS) queue.push(...variations(decisions, made.options))
    }
    // Some queries give a result for want of rows.
    const without = await this.#checked(NOTHING, execution)
    return without.fired ? without : (best ?? without)
  }

  async #execution(): Promise<ExecutionOptions> {
    const { externalData, signal } = this.#options
    return {
      now: this.#now,
      tables: this.#workspace.sources,
      geoip: (await openedGeoip(this.#options.geoip)) ?? 'none',
      ...(signal === undefined ? {} : { signal }),
      ...(externalData === undefined ? {} : { externalData: externalResolver(externalData) }),
    }
  }

  /** Runs the query over the rows. */
  async #checked(made: Attempt, execution: ExecutionOptions): Promise<Synthesis> {
    const { rows: resultRows, faults } = await this.#resultOver(made.tables)
    const fired = resultRows >= this.#rows
    const died =
      fired || !made.isSolved || faults.length > 0
        ? []
        : await this.#whereRowsEnd(made.tables, execution)
    return {
      now: formatDatetime(this.#now),
      tables: made.tables,
      fired,
      resultRows,
      unsolved: [...faults, ...died, ...made.conflicts],
    }
  }

  async #resultOver(tables: Attempt['tables']): Promise<{ rows: number; faults: Unsolved[] }> {
    const { externalData, signal, geoip = 'none' } = this.#options
    const options: RunOptions = {
      ...(externalData === undefined ? {} : { externalData }),
      ...(signal === undefined ? {} : { signal }),
      geoip,
    }
    try {
      const result = await this.#prepared.run({ ...options, tables, now: this.#now })
      return { rows: result.rowCount, faults: [] }
    } catch (error) {
      // Rows that were made may be what a function of the query refuses: it did not fire then.
      if (!(error instanceof KqlError) || signal?.aborted === true) throw error
      const faults = error.diagnostics.map(({ span, message }) => ({
        span,
        reason: `the run fails: ${message.replace(/\.$/, '')}`,
      }))
      return { rows: 0, faults }
    }
  }

  /** The first operators that rows come into and none out of. */
  async #whereRowsEnd(tables: Attempt['tables'], execution: ExecutionOptions): Promise<Unsolved[]> {
    if (this.#prepared.hasLateColumns) return []
    const profile: PlanProfile = { clock: () => 0, nodes: new Map() }
    const sources = new Map(execution.tables)
    for (const name of this.#prepared.tables) {
      const rows = Object.hasOwn(tables, name) ? tables[name] : undefined
      sources.set(name, rowsSource(name, rows ?? [], this.#catalog.schemaOf(name) ?? []))
    }
    const options = { ...execution, tables: sources, profile }
    for await (const batch of executePlan(this.#bound, options)) void batch
    const ends: Unsolved[] = []
    const rowsOf = (node: Plan): number => profile.nodes.get(node)?.rows ?? 0
    const seen = new Set<Plan>()
    const visit = (node: Plan): void => {
      if (seen.has(node)) return
      seen.add(node)
      const inputs = inputsOf(node)
      if (rowsOf(node) === 0 && inputs.length > 0 && inputs.every(each => rowsOf(each) > 0)) {
        ends.push({ span: node.span, reason: `the rows that were made end at this ${node.kind}` })
      }
      inputs.forEach(visit)
    }
    visit(this.#bound)
    return ends
  }
}

/** The decisions with one more of them made differently. */
function variations(
  decisions: ReadonlyMap<number, number>,
  options: readonly number[],
): Map<number, number>[] {
  const last = Math.max(-1, ...decisions.keys())
  return options.flatMap((count, at) => {
    if (at <= last) return []
    const others = Math.min(count, 6) - 1
    return Array.from({ length: others }, (_, other) => new Map([...decisions, [at, other + 1]]))
  })
}
