import type { Visualization } from '../engine/binder/context.ts'
import { discoverColumns } from '../engine/discover.ts'
import { ExecutionError, type ExecutionOptions, executePlan } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { inputsOf } from '../engine/plan/plan.ts'
import { subqueriesOf } from '../engine/plan/rewrites/map-plan.ts'
import { type CompiledQuery, compileQuery } from '../engine/query.ts'
import { QueryResult } from '../engine/result.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { Catalog } from '../tables/catalog.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { ReadProblem, TableSource } from '../tables/source.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { Span } from '../text/span.ts'
import { parseDatetime, ticksFromEpochMillis } from '../types/datetime.ts'
import type { Column, Schema } from '../types/schema.ts'
import { openTable, type TableInput } from './table-input.ts'

/** What a query is prepared with. */
export interface PrepareOptions {
  /** The tables that the query may name; the built-in ones where missing. */
  readonly catalog?: Catalog
  /** Values for `declare query_parameters`, by name. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

/** What a prepared query is run with. */
export interface RunOptions {
  /** The data, by table. A table of the query without data is empty, with a warning. */
  readonly tables?: Readonly<Record<string, TableInput>>
  /** The value of `now()`: ISO text, a Date, or ticks since 0001-01-01; the clock where missing. */
  readonly now?: string | Date | bigint
  readonly signal?: AbortSignal
  /** Rows that sort, join, summarize and the like may keep in memory; 50 million where missing. */
  readonly maxRows?: number
  /** Bytes that they may keep in memory, roughly; 2 GiB where missing. */
  readonly maxMemory?: number
  /** Rows a batch; any value gives the same result. */
  readonly batchSize?: number
  /** Makes a record or value that cannot be read an error, where it is else a warning. */
  readonly strict?: boolean
}

/** What {@link query} takes: all of preparing and running. */
export interface QueryOptions extends PrepareOptions, RunOptions {}

/** A query compiled once, to be run any number of times. */
export interface PreparedQuery {
  /** Name and type of each column of the result. */
  readonly columns: readonly Column[]
  /**
   * Whether only the data tell all columns, as after `evaluate bag_unpack(…)`: those of a result may be
   * others then, and a run may find that a name is not there.
   */
  readonly hasLateColumns: boolean
  /** The tables that the query reads. */
  readonly tables: readonly string[]
  /** Warnings of the query itself, and notes of severity `info`, which results do not repeat. */
  readonly diagnostics: readonly Diagnostic[]
  readonly visualization: Visualization | undefined
  /**
   * Runs the query and collects its rows.
   * @throws KqlError where the run fails, is cancelled or exceeds a limit.
   */
  run(options?: RunOptions): Promise<QueryResult>
  /**
   * Runs the query and gives its rows batch by batch, as they come. The first has the warnings of the
   * query; a last one, without rows, those of the data.
   */
  batches(options?: RunOptions): AsyncGenerator<QueryResult>
}

/**
 * Runs a query over tables.
 * @throws KqlError with diagnostics where the query has errors or the run fails.
 */
export async function query(text: string, options: QueryOptions = {}): Promise<QueryResult> {
  const catalog = options.catalog ?? Catalog.builtin()
  const sources = await openTables(options.tables ?? {}, catalog, false)
  const schemas: Record<string, Schema> = Object.fromEntries(
    [...sources].map(([name, source]) => [name, source.schema]),
  )
  const prepared = prepare(text, { ...options, catalog: catalog.with(schemas) })
  return (prepared as Prepared).runOver(sources, options)
}

/**
 * Compiles a query. Tables that the catalog does not know must be added to it: `catalog.with(…)`.
 * @throws KqlError with diagnostics where the query has errors.
 */
export function prepare(text: string, options: PrepareOptions = {}): PreparedQuery {
  const catalog = options.catalog ?? Catalog.builtin()
  const parameters = new Map(Object.entries(options.parameters ?? {}))
  const compiled = compileQuery(text, { catalog, parameters })
  if (compiled.plan === undefined) throw new KqlError(compiled.diagnostics)
  return new Prepared(compiled, compiled.plan, catalog)
}

/** `exact` says that no columns but the catalog's can matter. */
async function openTables(
  tables: Readonly<Record<string, TableInput>>,
  catalog: Catalog,
  exact: boolean,
): Promise<Map<string, TableSource>> {
  const sources = new Map<string, TableSource>()
  for (const [name, input] of Object.entries(tables)) {
    sources.set(name, await openTable(name, input, catalog, exact))
  }
  return sources
}

/**
 * The tables that a plan reads, subqueries included, in the order of appearance, and where the query
 * names each first.
 */
export function tablesOf(plan: Plan): Map<string, Span> {
  const tables = new Map<string, Span>()
  const visit = (node: Plan): void => {
    if (node.kind === 'scan' && !tables.has(node.table)) tables.set(node.table, node.span)
    inputsOf(node).forEach(visit)
    subqueriesOf(node).forEach(visit)
  }
  visit(plan)
  return tables
}

/** The tables that a query may read: of one whose columns only the data tell, all that it names. */
export function placesOf({ late, tables }: CompiledQuery, plan: Plan): Map<string, Span> {
  if (late.length === 0) return tablesOf(plan)
  return new Map([...tables].map(([name, { span }]) => [name, span]))
}

/** A compiled query; besides what the public API has, it runs over tables that are open. */
export class Prepared implements PreparedQuery {
  readonly columns: readonly Column[]
  readonly hasLateColumns: boolean
  readonly tables: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  readonly visualization: Visualization | undefined
  /** The tables, and where the query names each first. */
  readonly places: ReadonlyMap<string, Span>
  readonly #compiled: CompiledQuery
  readonly #plan: Plan
  readonly #catalog: Catalog

  constructor(compiled: CompiledQuery, plan: Plan, catalog: Catalog) {
    this.columns = plan.schema.map(({ name, type }) => ({ name, type }))
    this.hasLateColumns = compiled.late.length > 0
    this.places = placesOf(compiled, plan)
    this.tables = [...this.places.keys()]
    this.diagnostics = compiled.diagnostics
    this.visualization = compiled.visualization
    this.#compiled = compiled
    this.#plan = plan
    this.#catalog = catalog
  }

  /**
   * The query with the columns that its data give, where they do not follow from the query alone: a
   * part of it is run for them.
   * @throws KqlError where that part fails, or the query has errors once its columns are known.
   */
  async settle(
    sources: ReadonlyMap<string, TableSource>,
    options: RunOptions,
    onProblem: (problem: ReadProblem) => void,
  ): Promise<Prepared> {
    if (!this.hasLateColumns) return this
    try {
      const execution = this.#execution(sources, options, onProblem)
      const found = await discoverColumns(this.#compiled, execution)
      if (found.plan === undefined) throw new KqlError(found.diagnostics)
      return new Prepared(found, found.plan, this.#catalog)
    } catch (error) {
      if (error instanceof ExecutionError) throw new KqlError([error.diagnostic])
      throw error
    }
  }

  async run(options: RunOptions = {}): Promise<QueryResult> {
    const sources = await openTables(this.#inputs(options), this.#catalog, true)
    return this.runOver(sources, options)
  }

  /** The given data of the tables that the query reads: others are not opened. */
  #inputs({ tables = {} }: RunOptions): Readonly<Record<string, TableInput>> {
    return Object.fromEntries(
      this.tables.flatMap(name => (Object.hasOwn(tables, name) ? [[name, tables[name]!]] : [])),
    )
  }

  /** Runs over tables that are open. */
  async runOver(
    sources: ReadonlyMap<string, TableSource>,
    options: RunOptions,
  ): Promise<QueryResult> {
    const problems = new ProblemLog(options.strict === true)
    const report = (problem: ReadProblem): void => problems.add(problem)
    const batches: ColumnBatch[] = []
    const warnings = this.#withoutData(sources)
    const fixed = { ...options, now: ticksOf(options.now ?? new Date()) }
    const query = await this.settle(sources, fixed, report)
    for await (const batch of query.executeOver(sources, fixed, report, true)) batches.push(batch)
    const diagnostics = [...query.#warnings(), ...warnings, ...problems.diagnostics()]
    return new QueryResult(query.columns, batches, diagnostics, query.visualization)
  }

  async *batches(options: RunOptions = {}): AsyncGenerator<QueryResult> {
    const sources = await openTables(this.#inputs(options), this.#catalog, true)
    const problems = new ProblemLog(options.strict === true)
    const report = (problem: ReadProblem): void => problems.add(problem)
    const fixed = { ...options, now: ticksOf(options.now ?? new Date()) }
    const query = await this.settle(sources, fixed, report)
    const rows = query.executeOver(sources, fixed, report)
    const result = (batches: readonly ColumnBatch[], found: readonly Diagnostic[]): QueryResult =>
      new QueryResult(query.columns, batches, found, query.visualization)
    let found: readonly Diagnostic[] = [...query.#warnings(), ...this.#withoutData(sources)]
    for await (const batch of rows) {
      yield result([batch], found)
      found = []
    }
    const last = [...found, ...problems.diagnostics()]
    if (last.length > 0) yield result([], last)
  }

  /**
   * The rows over tables that are open. `onProblem` may throw, to make a problem fatal; `keepsResult`
   * makes the rows of the result count towards the limits.
   */
  async *executeOver(
    sources: ReadonlyMap<string, TableSource>,
    options: RunOptions,
    onProblem: (problem: ReadProblem) => void,
    keepsResult = false,
  ): AsyncGenerator<ColumnBatch> {
    const fixed = { ...options, now: ticksOf(options.now ?? new Date()) }
    const query = await this.settle(sources, fixed, onProblem)
    const execution = query.#execution(sources, fixed, onProblem)
    try {
      yield* executePlan(query.#plan, { ...execution, keepsResult })
    } catch (error) {
      if (error instanceof ExecutionError) throw new KqlError([error.diagnostic])
      throw error
    }
  }

  #execution(
    sources: ReadonlyMap<string, TableSource>,
    options: RunOptions,
    onProblem: (problem: ReadProblem) => void,
  ): ExecutionOptions {
    const tables = new Map(sources)
    for (const name of this.tables) {
      if (!tables.has(name))
        tables.set(name, rowsSource(name, [], this.#catalog.schemaOf(name) ?? []))
    }
    const { signal, maxRows, maxMemory, batchSize } = options
    return {
      now: ticksOf(options.now ?? new Date()),
      tables,
      onProblem,
      kept: this.#compiled.kept,
      ...(signal === undefined ? {} : { signal }),
      ...(maxRows === undefined ? {} : { maxRows }),
      ...(maxMemory === undefined ? {} : { maxMemory }),
      ...(batchSize === undefined ? {} : { batchSize }),
    }
  }

  #warnings(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity !== 'info')
  }

  #withoutData(sources: ReadonlyMap<string, TableSource>): Diagnostic[] {
    return this.tables
      .filter(name => !sources.has(name))
      .map(name => ({
        code: 'KQL102',
        severity: 'warning',
        message: `No data was given for the table \`${name}\`: it is empty.`,
        span: this.places.get(name) ?? this.#plan.span,
      }))
  }
}

/**
 * Time as ticks.
 * @throws KqlError where a text is no datetime.
 */
export function ticksOf(now: string | Date | bigint): bigint {
  if (typeof now === 'bigint') return now
  const ticks = typeof now === 'string' ? parseDatetime(now) : ticksFromEpochMillis(now.getTime())
  if (ticks !== null) return ticks
  throw new KqlError([
    {
      code: 'KQL105',
      severity: 'error',
      message: `The value of now is not a datetime: ${String(now)}.`,
      span: { start: 0, end: 0 },
    },
  ])
}

const SHOWN_PROBLEMS = 3

/** Counts what could not be read, and tells the first of each kind. */
class ProblemLog {
  readonly #strict: boolean
  readonly #counts = new Map<string, { count: number; first: ReadProblem[] }>()

  constructor(strict: boolean) {
    this.#strict = strict
  }

  add(problem: ReadProblem): void {
    if (this.#strict) throw new KqlError([{ ...describeProblem(problem), severity: 'error' }])
    const key = `${problem.kind}\0${problem.file}\0${problem.column ?? ''}`
    const entry = this.#counts.get(key) ?? { count: 0, first: [] }
    entry.count++
    if (entry.first.length < SHOWN_PROBLEMS) entry.first.push(problem)
    this.#counts.set(key, entry)
  }

  diagnostics(): Diagnostic[] {
    return [...this.#counts.values()].flatMap(({ count, first }) => {
      const shown = first.map(describeProblem)
      const hidden = count - first.length
      const last = shown.at(-1)
      if (hidden === 0 || last === undefined) return shown
      const more = { ...last, message: `${last.message} (and ${hidden} more like it)` }
      return [...shown.slice(0, -1), more]
    })
  }
}

function describeProblem(problem: ReadProblem): Diagnostic {
  const { file, line, column, kind, message } = problem
  const place = line === undefined ? file : `${file}:${line}`
  const what = kind === 'record' ? 'record skipped' : `value of ${column ?? 'a column'} made null`
  return {
    code: 'KQL202',
    severity: 'warning',
    message: `${place}: ${what}: ${message}`,
    span: { start: 0, end: 0 },
  }
}
