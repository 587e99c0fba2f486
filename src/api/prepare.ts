import { openGeoip } from '#platform'
import type { Visualization } from '../engine/binder/context.ts'
import { discoverColumns } from '../engine/discover.ts'
import {
  ExecutionError,
  type ExecutionOptions,
  executePlans,
  type PlanBatch,
  type PlanProfile,
} from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { plansIn } from '../engine/plan/walk.ts'
import { type CompiledQuery, type CompiledResult, compileQuery } from '../engine/query.ts'
import { QueryResult, ResultTable } from '../engine/result.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { Catalog } from '../tables/catalog.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import { ProblemGroups } from '../tables/problem-groups.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { ReadProblem, TableSource, Technique } from '../tables/source.ts'
import { Unexamined, type UnexaminedNote } from '../tables/unexamined.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { Span } from '../text/span.ts'
import { isDatetime, parseDatetime, ticksFromEpochMillis } from '../types/datetime.ts'
import type { Column, Schema } from '../types/schema.ts'
import { type ExternalData, externalResolver } from './external-input.ts'
import { type LimitOptions, runLimits } from './run-limits.ts'
import { openTable, readable, type TableInput } from './table-input.ts'
import { openWorkspace, Workspace, type WorkspaceOptions } from './workspace.ts'

/** What a query is prepared with. */
export interface PrepareOptions {
  /** The tables that the query may name; the built-in ones where missing. */
  readonly catalog?: Catalog
  /** Values for `declare query_parameters`, by name. */
  readonly parameters?: Readonly<Record<string, unknown>>
  /** Saved functions and watchlists, opened with {@link openWorkspace}. */
  readonly workspace?: Workspace
}

/** What a prepared query is run with. */
export interface RunOptions extends LimitOptions {
  /** The data, by table. A table of the query without data is empty, with a warning. */
  readonly tables?: Readonly<Record<string, TableInput>>
  /** The value of `now()`: ISO text, a Date, or ticks since 0001-01-01; the clock where missing. */
  readonly now?: string | Date | bigint
  /** The data that `externaldata` reads, by address: nothing is ever fetched. */
  readonly externalData?: ExternalData
  readonly signal?: AbortSignal
  /** Rows a batch; any value gives the same result. */
  readonly batchSize?: number
  /**
   * Where IP addresses are, for `geo_info_from_ip_address`: the path of a database of cities in
   * MaxMind's format (GeoLite2-City.mmdb), or a function that gives the location of an address.
   * `'none'` makes the location null; where this is missing, a query that asks for one fails.
   */
  readonly geoip?: { readonly path: string } | GeoLookup | 'none'
  /** Makes a record or value that cannot be read an error, where it is else a warning. */
  readonly strict?: boolean
  /**
   * How many threads may read large files, this one included; 1 where missing. Any number gives the
   * same result. Threads are kept for later runs, and do not keep the process from ending.
   */
  readonly threads?: number
  /**
   * What is not to be used to save time, to measure what it is worth: WebAssembly (`kernel`), words that are looked
   * for in the bytes of records (`literals`), ranges of time (`time-ranges`), keys of a join's other
   * side (`runtime-filters`), one pass over a table that both sides of a join read (`shared-scans`).
   * The rows are the same.
   */
  readonly without?: readonly Technique[]
}

/** What else runs inside of kqlab take. */
export interface InnerRunOptions extends RunOptions {
  readonly profile?: PlanProfile
  /** Called with numbers of records that were not looked at; where it is missing, all are. */
  readonly onUnexamined?: (records: number, file: string) => void
}

/**
 * What {@link query} takes: all of preparing and running, and functions and watchlists for this query,
 * in place of a workspace.
 */
export interface QueryOptions extends PrepareOptions, RunOptions, WorkspaceOptions {}

/** What is known of a result before the query runs. */
export interface ResultHead {
  /** What `as` or `fork` call it; undefined where it has no name. */
  readonly name: string | undefined
  readonly columns: readonly Column[]
}

/** A query compiled once, to be run any number of times. */
export interface PreparedQuery {
  /** Name and type of each column of the result, the first of several. */
  readonly columns: readonly Column[]
  /** Name and columns of each result. */
  readonly results: readonly ResultHead[]
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
   * query; a last one, without rows, those of the data. Files and threads are released at the end, by
   * `return()` of the iterator, as `break` out of `for await` calls it, or when the signal is aborted and the
   * next one is asked for: an iterator that is dropped before keeps them.
   * @throws KqlError where the query has several results: `run` gives them.
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
  const workspace = await workspaceOf(options)
  const known = { ...options, workspace, catalog: catalog.with(schemas) }
  return prepareOver(text, known, new Set(sources.keys())).runOver(sources, options)
}

/** The workspace that was given, or one of the functions and watchlists that were. */
export async function workspaceOf(options: QueryOptions): Promise<Workspace> {
  const { workspace, functions, watchlists, enrichments } = options
  if (workspace === undefined) return openWorkspace(options)
  if (functions === undefined && watchlists === undefined && enrichments === undefined) {
    return workspace
  }
  const message = 'Functions, watchlists and enrichments are given beside a workspace.'
  throw new KqlError([
    {
      code: 'KQL105',
      severity: 'error',
      message,
      span: { start: 0, end: 0 },
      hint: 'Open the workspace with them.',
    },
  ])
}

/**
 * Compiles a query. Tables that the catalog does not know must be added to it: `catalog.with(…)`.
 * @throws KqlError with diagnostics where the query has errors.
 */
export function prepare(text: string, options: PrepareOptions = {}): PreparedQuery {
  return prepareOver(text, options)
}

/** The same, where the tables that there are data of may be known. */
export function prepareOver(
  text: string,
  options: PrepareOptions,
  withData?: ReadonlySet<string>,
): Prepared {
  const catalog = options.catalog ?? Catalog.builtin()
  const parameters = new Map(Object.entries(options.parameters ?? {}))
  const { workspace } = options
  const compiled = compileQuery(text, {
    catalog,
    parameters,
    ...(workspace === undefined ? {} : { workspace }),
    ...(withData === undefined ? {} : { withData }),
  })
  if (compiled.results.length === 0) throw new KqlError(compiled.diagnostics)
  return new Prepared(compiled, catalog, workspace)
}

/** `exact` says that no columns but the catalog's can matter. */
export async function openTables(
  tables: Readonly<Record<string, TableInput>>,
  catalog: Catalog,
  exact: boolean,
): Promise<Map<string, TableSource>> {
  // Files are looked at side by side.
  const opened = await Promise.all(
    Object.entries(tables).map(
      async ([name, input]) => [name, await openTable(name, input, catalog, exact)] as const,
    ),
  )
  return new Map(opened)
}

/** A table that a plan reads. */
export interface TableUse {
  /** Where the query names it first. */
  readonly span: Span
  /** Whether it is only meant together with others, by a wildcard: there need not be data of it. */
  readonly optional: boolean
}

/** The tables that plans read, subqueries included, in the order of appearance. */
export function tablesOf(...plans: readonly Plan[]): Map<string, TableUse> {
  const tables = new Map<string, TableUse>()
  for (const node of plansIn(...plans)) {
    if (node.kind !== 'scan') continue
    const optional = node.optional === true
    const known = tables.get(node.table)
    if (known === undefined || (known.optional && !optional)) {
      tables.set(node.table, { span: node.span, optional })
    }
  }
  return tables
}

/** The tables that a query with late columns may read: all that it names. */
export function usesOf({ tables }: CompiledQuery): Map<string, TableUse> {
  return new Map(
    [...tables].map(([name, { span, optional }]) => [name, { span, optional: optional === true }]),
  )
}

/** Tables without data, as the user is to hear of them. */
export interface MissingTables {
  readonly named: readonly { readonly name: string; readonly span: Span }[]
  /** How many there are where a wildcard means tables and there are data of none of them. */
  readonly meant: readonly { readonly count: number; readonly span: Span }[]
}

/** The tables that there are no data for; a wildcard needs data of one of its tables. */
export function missingTablesOf(
  uses: ReadonlyMap<string, TableUse>,
  has: (table: string) => boolean,
): MissingTables {
  const named: { name: string; span: Span }[] = []
  const wildcards = new Map<string, { count: number; span: Span; found: boolean }>()
  for (const [name, { span, optional }] of uses) {
    if (!optional) {
      if (!has(name)) named.push({ name, span })
      continue
    }
    const key = `${span.start} ${span.end}`
    const wildcard = wildcards.get(key) ?? { count: 0, span, found: false }
    wildcard.count++
    wildcard.found ||= has(name)
    wildcards.set(key, wildcard)
  }
  return { named, meant: [...wildcards.values()].filter(({ found }) => !found) }
}

/** A warning for each: in its place there is an empty table. */
export function withoutData({ named, meant }: MissingTables): Diagnostic[] {
  const common = { code: 'KQL102', severity: 'warning' } as const
  return [
    ...named.map(({ name, span }) => ({
      ...common,
      message: `No data was given for the table \`${name}\`: it is empty.`,
      span,
    })),
    ...meant.map(({ count, span }) => ({
      ...common,
      message: `No data was given for any of the ${count} tables that are meant: all are empty.`,
      span,
    })),
  ]
}

/** A compiled query; besides what the public API has, it runs over tables that are open. */
export class Prepared implements PreparedQuery {
  readonly columns: readonly Column[]
  readonly results: readonly ResultHead[]
  readonly hasLateColumns: boolean
  readonly tables: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  readonly visualization: Visualization | undefined
  /** The tables, and where the query names each first. */
  readonly uses: ReadonlyMap<string, TableUse>
  readonly #compiled: CompiledQuery
  readonly #plans: readonly Plan[]
  readonly #catalog: Catalog
  readonly #workspace: Workspace

  constructor(compiled: CompiledQuery, catalog: Catalog, workspace = new Workspace()) {
    this.#plans = compiled.results.map(({ plan }) => plan)
    this.results = compiled.results.map(({ name, plan }) => ({
      name,
      columns: plan.schema.map(column => ({ name: column.name, type: column.type })),
    }))
    this.columns = this.results[0]?.columns ?? []
    this.hasLateColumns = compiled.late.length > 0
    const uses = this.hasLateColumns ? usesOf(compiled) : tablesOf(...this.#plans)
    // The workspace has the rows of its own tables.
    for (const name of workspace.sources.keys()) uses.delete(name)
    this.uses = uses
    this.tables = [...this.uses.keys()]
    this.diagnostics = compiled.diagnostics
    this.visualization = compiled.visualization
    this.#compiled = compiled
    this.#catalog = catalog
    this.#workspace = workspace
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
      const execution = await this.#execution(sources, options, onProblem)
      const found = await discoverColumns(this.#compiled, execution)
      if (found.plan === undefined) throw new KqlError(found.diagnostics)
      return new Prepared(found, this.#catalog, this.#workspace)
    } catch (error) {
      if (error instanceof ExecutionError) {
        throw new KqlError([this.#workspace.locate(error.diagnostic)])
      }
      throw error
    }
  }

  /** The results as the query has them, with what it takes to run them; its columns must be settled. */
  async asBound(
    sources: ReadonlyMap<string, TableSource>,
    options: RunOptions,
    onProblem: (problem: ReadProblem) => void,
  ): Promise<{ results: readonly CompiledResult[]; execution: ExecutionOptions }> {
    const execution = await this.#execution(sources, options, onProblem)
    return { results: this.#compiled.results, execution }
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
    const warnings = [...this.#withoutData(sources), ...fileNotes(sources.values())]
    const fixed = { ...options, ...problems.examining(), now: ticksOf(options.now ?? new Date()) }
    const query = await this.settle(sources, fixed, report)
    const batches: ColumnBatch[][] = query.results.map(() => [])
    for await (const { plan, batch } of query.executeOver(sources, fixed, report, true)) {
      batches[plan]?.push(batch)
    }
    const diagnostics = [...query.#warnings(), ...warnings, ...problems.diagnostics()]
    const [first = [], ...rest] = batches
    const further = rest.flatMap((own, index) => {
      const head = query.results[index + 1]
      return head === undefined ? [] : [new ResultTable(head.columns, own, head.name)]
    })
    const name = query.results[0]?.name
    return new QueryResult(query.columns, first, diagnostics, query.visualization, name, further)
  }

  async *batches(options: RunOptions = {}): AsyncGenerator<QueryResult> {
    if (this.results.length > 1) throw new KqlError([SEVERAL_RESULTS])
    const sources = await openTables(this.#inputs(options), this.#catalog, true)
    const problems = new ProblemLog(options.strict === true)
    const report = (problem: ReadProblem): void => problems.add(problem)
    const fixed = { ...options, ...problems.examining(), now: ticksOf(options.now ?? new Date()) }
    const query = await this.settle(sources, fixed, report)
    const rows = query.executeOver(sources, fixed, report)
    const result = (batches: readonly ColumnBatch[], found: readonly Diagnostic[]): QueryResult =>
      new QueryResult(query.columns, batches, found, query.visualization)
    let found: readonly Diagnostic[] = [
      ...query.#warnings(),
      ...this.#withoutData(sources),
      ...fileNotes(sources.values()),
    ]
    for await (const { batch } of rows) {
      yield result([batch], found)
      found = []
    }
    const last = [...found, ...problems.diagnostics()]
    if (last.length > 0) yield result([], last)
  }

  /**
   * The rows over tables that are open, result by result. `onProblem` may throw, to make a problem fatal; `keepsResult`
   * makes the rows of the result count towards the limits.
   */
  async *executeOver(
    sources: ReadonlyMap<string, TableSource>,
    options: InnerRunOptions,
    onProblem: (problem: ReadProblem) => void,
    keepsResult = false,
  ): AsyncGenerator<PlanBatch> {
    const fixed = { ...options, now: ticksOf(options.now ?? new Date()) }
    const query = await this.settle(sources, fixed, onProblem)
    const execution = await query.#execution(sources, fixed, onProblem)
    try {
      yield* executePlans(query.#plans, { ...execution, keepsResult })
    } catch (error) {
      if (error instanceof ExecutionError) {
        throw new KqlError([this.#workspace.locate(error.diagnostic)])
      }
      throw error
    }
  }

  async #execution(
    sources: ReadonlyMap<string, TableSource>,
    options: InnerRunOptions,
    onProblem: (problem: ReadProblem) => void,
  ): Promise<ExecutionOptions> {
    const tables = new Map([...this.#workspace.sources, ...sources])
    for (const name of this.tables) {
      if (!tables.has(name))
        tables.set(name, rowsSource(name, [], this.#catalog.schemaOf(name) ?? []))
    }
    const { signal, batchSize, profile, externalData } = options
    const { onUnexamined, without, threads } = options
    const geoip = await openedGeoip(options.geoip)
    return {
      now: ticksOf(options.now ?? new Date()),
      tables,
      onProblem,
      kept: this.#compiled.kept,
      ...(profile === undefined ? {} : { profile }),
      ...(onUnexamined === undefined ? {} : { onUnexamined }),
      ...(without === undefined ? {} : { without }),
      ...(threads === undefined ? {} : { threads }),
      ...(externalData === undefined ? {} : { externalData: externalResolver(externalData) }),
      ...(signal === undefined ? {} : { signal }),
      ...runLimits(options),
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(geoip === undefined ? {} : { geoip }),
    }
  }

  #warnings(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity !== 'info')
  }

  #withoutData(sources: ReadonlyMap<string, TableSource>): Diagnostic[] {
    const missing = missingTablesOf(this.uses, name => sources.has(name))
    return withoutData(missing).map(this.#workspace.locate)
  }
}

const WHOLE: Span = { start: 0, end: 0 }

const SEVERAL_RESULTS: Diagnostic = {
  code: 'KQL101',
  severity: 'error',
  message: 'Batches of a query with several results are not supported.',
  span: WHOLE,
  hint: 'Use run().',
}

/**
 * The time that an option says, as ticks.
 * @throws KqlError where it is no datetime.
 */
export function ticksOf(time: string | Date | bigint, option = 'now'): bigint {
  const ticks =
    typeof time === 'bigint'
      ? time
      : typeof time === 'string'
        ? parseDatetime(time)
        : ticksFromEpochMillis(time.getTime())
  if (ticks !== null && isDatetime(ticks)) return ticks
  throw new KqlError([
    {
      code: 'KQL105',
      severity: 'error',
      message: `The value of ${option} is not a datetime: ${String(time)}.`,
      span: { start: 0, end: 0 },
    },
  ])
}

/** What the option says about where IP addresses are, a database opened. */
export async function openedGeoip(
  given: RunOptions['geoip'],
): Promise<GeoLookup | 'none' | undefined> {
  return typeof given === 'object' ? readable(() => openGeoip(given.path)) : given
}

/** Counts what could not be read, and tells the first of each kind. */
export class ProblemLog {
  readonly #strict: boolean
  readonly #groups = new ProblemGroups()
  readonly #unexamined = new Unexamined()

  constructor(strict: boolean) {
    this.#strict = strict
  }

  /** What a run counts with which records it does not look at: none where all faults are errors. */
  examining(): Pick<InnerRunOptions, 'onUnexamined'> {
    return this.#strict ? {} : { onUnexamined: this.#unexamined.add }
  }

  /** Takes a problem; a file that is scanned twice has each of its problems once. */
  add(problem: ReadProblem): void {
    if (this.#strict) throw new KqlError([{ ...describeProblem(problem), severity: 'error' }])
    this.#groups.add(problem)
  }

  diagnostics(): Diagnostic[] {
    return [...this.#problems(), ...this.#unexamined.notes().map(unexaminedNote)]
  }

  #problems(): Diagnostic[] {
    return this.#groups.all().flatMap(({ count, first }) => {
      const shown = first.map(describeProblem)
      const hidden = count - first.length
      const last = shown.at(-1)
      if (hidden === 0 || last === undefined) return shown
      const more = { ...last, message: `${last.message} (and ${hidden} more like it)` }
      return [...shown.slice(0, -1), more]
    })
  }
}

/** What is to be said of how the files of tables are read: each note once, with the first of its files. */
export function fileNotes(sources: Iterable<TableSource>): Diagnostic[] {
  const notes = [...sources].flatMap(({ notes: own = [] }) => own)
  return [...Map.groupBy(notes, ({ message }) => message)].map(([message, own]) => {
    const rest = new Set(own.map(({ file }) => file)).size - 1
    const more = rest === 0 ? '' : ` and ${rest} more ${rest === 1 ? 'file' : 'files'}`
    const text = `${own[0]?.file ?? ''}${more}: ${message}`
    return { code: 'KQL206', severity: 'info', message: text, span: WHOLE }
  })
}

/** What is to be said of records of a file that were not looked at. */
export function unexaminedNote({ file, message }: UnexaminedNote): Diagnostic {
  return {
    code: 'KQL212',
    severity: 'info',
    message: `${file}: ${message}`,
    span: WHOLE,
    hint: 'The option strict reads all.',
  }
}

/** What is to be said of what could not be read. */
export function describeProblem(problem: ReadProblem): Diagnostic {
  const { file, line, column, kind, message } = problem
  const place = line === undefined ? file : `${file}:${line}`
  // Without a line it is about the file, which is not read any further.
  const skipped = line === undefined ? '' : 'record skipped: '
  const what = kind === 'record' ? skipped : `value of ${column ?? 'a column'} made null: `
  return {
    code: 'KQL202',
    severity: 'warning',
    message: `${place}: ${what}${message}`,
    span: { start: 0, end: 0 },
  }
}
