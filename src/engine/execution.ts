import type { ColumnBatch } from '../tables/batch.ts'
import { batchBytes } from '../tables/batch-size.ts'
import type { ExternalContent, ExternalResolver } from '../tables/external/external-data.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import type {
  ReadProblem,
  ScanContext,
  ScanRequest,
  TableSource,
  Technique,
} from '../tables/source.ts'
import type { SpillStore } from '../tables/spill/spill-store.ts'
import type { ScalarValue } from '../tables/vector.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { InternalError } from '../text/internal-error.ts'
import { LimitError } from '../text/limit-error.ts'
import { sizeText } from '../text/size-text.ts'
import type { Span } from '../text/span.ts'
import type { Schema } from '../types/schema.ts'
import type { EvaluationContext, Evaluator, Filter } from './evaluator/contract.ts'
import { compile, compileFilter, LocatedQueryError } from './evaluator/evaluator.ts'
import { type FunctionLibrary, LIBRARY } from './functions/library.ts'
import { execute } from './operators/registry.ts'
import type { Run, ScanKeys } from './operators/run.ts'
import { subqueryValue } from './operators/subquery.ts'
import { childrenOf } from './plan/expression.ts'
import type { Expr, Plan, QueryExpr, ScanPlan } from './plan/nodes.ts'

/** The memory of the process, which no run may use up. */
export interface ProcessMemory {
  /** Bytes that a run may keep at most, whatever was asked for. */
  readonly most: number
  /** Bytes that a run may keep where nothing was asked for, unless they are more than `most`. */
  readonly usual: number
  /** Whether so little is left that the process could end; with less room where nothing is garbage. */
  isFull(isCollected?: boolean): boolean
  /**
   * Called now and then by a run that may keep so many bytes: frees what is not used any more, where that may
   * be much, and for 0 bytes in any case.
   */
  collect(bound: number): void
  /** How to have more of it. */
  readonly hint: string
}

/** What a plan is run with. */
export interface ExecutionOptions {
  /** The value of `now()`, in ticks. */
  readonly now: bigint
  readonly tables: ReadonlyMap<string, TableSource>
  /** What stands for the data at an address that `externaldata` names; nothing where missing. */
  readonly externalData?: ExternalResolver
  readonly signal?: AbortSignal
  /** Rows a batch; any value gives the same result. */
  readonly batchSize?: number
  /** Rows that sort, join, summarize and the like may keep in memory. */
  readonly maxRows?: number
  /** Bytes that they may keep in memory, roughly. */
  readonly maxMemory?: number
  /** The memory of the process, where it can be told. */
  readonly process?: ProcessMemory
  /** Makes the place for rows that do not fit in memory; without, the run ends with an error. */
  readonly openSpill?: () => SpillStore
  /** Measures what each node of the plan does, where it is given. */
  readonly profile?: PlanProfile
  /** Whether the caller keeps all rows of the result: they count towards the limits then. */
  readonly keepsResult?: boolean
  /** Rows of shared nodes that are there before the run, by their ids. */
  readonly kept?: ReadonlyMap<number, readonly ColumnBatch[]>
  /** Uniform in [0, 1), for `rand()`. */
  readonly random?: () => number
  /** Where IP addresses are: `none` makes that null. Without, asking for it is an error. */
  readonly geoip?: GeoLookup | 'none'
  /** Called for every record or value that could not be read; may throw, to make it fatal. */
  readonly onProblem?: (problem: ReadProblem) => void
  /** Called with numbers of records that were not looked at; where it is missing, all are. */
  readonly onUnexamined?: (records: number, file: string) => void
  /** How many threads may read data, this one included; 1 where it is missing. */
  readonly threads?: number
  /** What is not to be used to save time; the rows are the same. */
  readonly without?: readonly Technique[]
}

/** What one node of a plan did in a run. */
export interface NodeProfile {
  /** How many rows it gave. */
  rows: number
  /** How long it took, its inputs included, as the clock counts. */
  time: number
}

/** Rows and time of the nodes of a plan. */
export interface PlanProfile {
  /** The engine has no clock of its own. */
  clock(): number
  readonly nodes: Map<Plan, NodeProfile>
}

/** Rows a batch where nothing else was asked for. */
export const BATCH_SIZE = 8192
/** Rows kept in memory where nothing else was asked for. */
export const MAX_ROWS = 50_000_000
/** Bytes kept in memory where nothing else was asked for and the process says nothing: 2 GiB. */
export const MAX_MEMORY = 2 ** 31

/** Rows after which a run that can be cancelled lets other work have its turn: some 10 ms of work. */
const ROWS_A_TURN = 262_144
/** Bytes, and how often up to the bound, after which the memory of the process is looked at. */
const LOOK_BYTES = 2 ** 25
const LOOKS = 16
/** Bytes with which it is not looked at in any case: many runs have no more, and to ask takes time. */
const LEAST_LOOK = 2 ** 16
/** What a batch counts beside its rows. */
const BATCH_COST = 64

/** A run ended by a fault that the query or its limits have: reported to the user as it stands. */
export class ExecutionError extends Error {
  override readonly name = 'ExecutionError'
  readonly diagnostic: Diagnostic

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message)
    this.diagnostic = diagnostic
  }
}

/**
 * The rows of a plan, batch by batch.
 * @throws ExecutionError where the run was cancelled, exceeded a limit, or met a value that a function
 * does not take.
 */
export async function* executePlan(
  plan: Plan,
  options: ExecutionOptions,
): AsyncGenerator<ColumnBatch> {
  for await (const { batch } of executePlans([plan], options)) yield batch
}

/** A batch of the rows of one of several plans. */
export interface PlanBatch {
  /** The position of the plan. */
  readonly plan: number
  readonly batch: ColumnBatch
}

/** The same for several plans, one after the other, in one run: what they share is computed once. */
export async function* executePlans(
  plans: readonly Plan[],
  options: ExecutionOptions,
): AsyncGenerator<PlanBatch> {
  const run = new PlanRun(plans[0]?.span ?? { start: 0, end: 0 }, options)
  run.check()
  try {
    for (const [id, batches] of options.kept ?? []) {
      for (const batch of batches) run.keep(batch.rowCount, batchBytes(batch), 'rows kept before')
      run.shared(id, async () => batches)
    }
    for (const [plan, node] of plans.entries()) {
      for await (const batch of run.execute(node)) {
        if (options.keepsResult === true) run.keep(batch.rowCount, batchBytes(batch), 'the result')
        yield { plan, batch }
      }
    }
  } catch (error) {
    if (error instanceof LocatedQueryError) throw asExecutionError(error)
    // Sources throw the signal's reason, or what the file system makes of it.
    if (run.isAbort(error)) run.check()
    if (error instanceof LimitError) throw run.fault('KQL302', error.message)
    throw error
  } finally {
    await run.close()
  }
}

/** Faults that have the place of the operator that met them. */
const placedFaults = new WeakSet<ExecutionError>()

/** The batches of an operator: where it keeps too much, that is a fault at its place. */
function placed(plan: Plan, batches: AsyncIterable<ColumnBatch>): AsyncIterable<ColumnBatch> {
  const place = (error: unknown): never => {
    const isOther = !(error instanceof ExecutionError) || error.diagnostic.code !== 'KQL300'
    if (isOther || placedFaults.has(error)) throw error
    const own = new ExecutionError({ ...error.diagnostic, span: plan.span })
    placedFaults.add(own)
    throw own
  }
  return {
    [Symbol.asyncIterator]() {
      const inner = batches[Symbol.asyncIterator]()
      return {
        next: () => inner.next().catch(place),
        return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
      }
    },
  }
}

class PlanRun implements Run {
  readonly now: bigint
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly library: FunctionLibrary = LIBRARY
  readonly onUnexamined: ExecutionOptions['onUnexamined']
  readonly without: readonly Technique[]
  readonly threads: number
  readonly #span: Span
  readonly #tables: ReadonlyMap<string, TableSource>
  readonly #maxRows: number
  readonly #maxMemory: number | undefined
  #memory: number | undefined
  readonly #process: ProcessMemory | undefined
  readonly #openSpill: (() => SpillStore) | undefined
  readonly #onProblem: ExecutionOptions['onProblem']
  readonly #profile: PlanProfile | undefined
  readonly #external: ExternalResolver | undefined
  readonly #context: EvaluationContext
  readonly #queryRuns = {
    scalar: new Map<Plan, Promise<void>>(),
    array: new Map<Plan, Promise<void>>(),
  }
  readonly #queryValues = {
    scalar: new Map<Plan, ScalarValue>(),
    array: new Map<Plan, ScalarValue>(),
  }
  readonly #shared = new Map<number, Promise<readonly ColumnBatch[]>>()
  #keptRows = 0
  #keptBytes = 0
  #bytesOfLook = 0
  #isFull = false
  #spill: SpillStore | undefined
  #rowsOfTurn = 0

  constructor(span: Span, options: ExecutionOptions) {
    this.#span = span
    this.now = options.now
    this.batchSize = Math.max(1, options.batchSize ?? BATCH_SIZE)
    this.signal = options.signal
    this.onUnexamined = options.onUnexamined
    this.without = options.without ?? []
    this.threads = options.threads ?? 1
    this.#tables = options.tables
    this.#maxRows = options.maxRows ?? MAX_ROWS
    this.#maxMemory = options.maxMemory
    this.#process = options.process
    this.#openSpill = options.openSpill
    this.#onProblem = options.onProblem
    this.#profile = options.profile
    this.#external = options.externalData
    this.#context = {
      now: options.now,
      random: options.random ?? Math.random,
      geoip: options.geoip,
      scalarFunction: name => LIBRARY.scalar(name),
      queryValue: expr => this.#valueOf(expr),
    }
  }

  execute(plan: Plan, within: Run = this): AsyncIterable<ColumnBatch> {
    const batches = placed(plan, execute(plan, within))
    return this.#profile === undefined ? batches : measured(plan, batches, this.#profile)
  }

  context(id: number): ColumnBatch {
    throw new InternalError(`nothing around context ${id}`)
  }

  async compile(expr: Expr, schema: Schema): Promise<Evaluator> {
    await this.#makeReady(expr)
    return compile(expr, schema, this.#context)
  }

  async filter(expr: Expr, schema: Schema): Promise<Filter> {
    await this.#makeReady(expr)
    return compileFilter(expr, schema, this.#context)
  }

  scan(
    { table }: ScanPlan,
    request: ScanRequest,
    context: ScanContext,
  ): AsyncIterable<ColumnBatch> {
    const source = this.#tables.get(table)
    if (source === undefined) throw new InternalError(`no data for table ${table}`)
    return source.scan(request, context)
  }

  bytesOf(table: string): number | undefined {
    return this.#tables.get(table)?.bytes
  }

  keysOf(): readonly ScanKeys[] {
    return []
  }

  async external(address: string): Promise<ExternalContent | undefined> {
    return this.#external?.(address)
  }

  report(problem: ReadProblem): void {
    this.#onProblem?.(problem)
  }

  /** Whether the error is that of a source which noticed the cancellation. */
  isAbort(error: unknown): boolean {
    if (this.signal?.aborted !== true) return false
    return error === this.signal.reason || (error instanceof Error && error.name === 'AbortError')
  }

  check(): void {
    if (this.signal?.aborted === true) {
      throw this.fault('KQL301', 'The query was cancelled.')
    }
  }

  async pause(rows: number): Promise<void> {
    this.check()
    this.#look(rows * BATCH_COST)
    if (this.signal === undefined) return
    this.#rowsOfTurn += rows + BATCH_COST
    if (this.#rowsOfTurn < ROWS_A_TURN) return
    this.#rowsOfTurn = 0
    await new Promise(resolve => setTimeout(resolve, 0))
    this.check()
  }

  keep(rows: number, bytes: number, what: string): void {
    this.count(rows, bytes, what)
    // What there is at most takes longer to find out than a small run.
    if (this.#maxMemory === undefined && this.#keptBytes < LEAST_LOOK) return
    if (this.room() < 0) throw this.overflow(what)
  }

  count(rows: number, bytes: number, what: string): void {
    this.#keptRows += rows
    this.#keptBytes += bytes
    this.#look(bytes)
    if (rows <= 0 || this.#keptRows <= this.#maxRows) return
    throw this.fault(
      'KQL300',
      `The query keeps more than ${this.#maxRows} rows in memory (in ${what}).`,
      'Filter earlier, or raise maxRows.',
    )
  }

  release(rows: number, bytes: number): void {
    this.#keptRows -= rows
    this.#keptBytes -= bytes
  }

  room(): number {
    const room = this.memory - this.#keptBytes
    return this.#isFull && this.#keptBytes > LOOK_BYTES ? Math.min(room, -1) : room
  }

  overflow(what: string): ExecutionError {
    const { hint, most } = this.#process ?? {}
    if (hint !== undefined && this.#keptBytes <= this.memory) {
      const message = `The memory of the process is nearly full (in ${what}).`
      return this.fault('KQL300', message, `Filter earlier, lower maxMemory, or ${hint}.`)
    }
    const message = `The query keeps more than ${sizeText(this.memory)} in memory (in ${what}).`
    const more = this.memory === most && hint !== undefined ? hint : 'raise maxMemory'
    return this.fault('KQL300', message, `Filter earlier, or ${more}.`)
  }

  /** It is found out when it is first asked for: most runs keep nothing. */
  get memory(): number {
    if (this.#memory === undefined) {
      const most = this.#maxMemory ?? this.#process?.usual ?? MAX_MEMORY
      this.#memory = Math.min(most, this.#process?.most ?? most)
    }
    return this.#memory
  }

  get spill(): SpillStore | undefined {
    this.#spill ??= this.#openSpill?.()
    return this.#spill
  }

  /** Frees what the run has outside of memory. */
  async close(): Promise<void> {
    await this.#spill?.close()
  }

  /** Looks at the memory of the process, now and then as more is kept. */
  #look(bytes: number): void {
    if (this.#process === undefined || bytes <= 0) return
    this.#bytesOfLook += bytes
    if (this.#bytesOfLook < LEAST_LOOK) return
    if (this.#bytesOfLook < Math.min(LOOK_BYTES, this.memory / LOOKS)) return
    this.#bytesOfLook = 0
    this.#process.collect(this.memory)
    this.#isFull = this.#process.isFull()
  }

  shared(
    id: number,
    compute: () => Promise<readonly ColumnBatch[]>,
  ): Promise<readonly ColumnBatch[]> {
    let batches = this.#shared.get(id)
    if (batches === undefined) {
      batches = compute()
      this.#shared.set(id, batches)
    }
    return batches
  }

  fault(code: Diagnostic['code'], message: string, hint?: string): ExecutionError {
    const span = this.#span
    const severity = 'error'
    return new ExecutionError({
      code,
      severity,
      message,
      span,
      ...(hint === undefined ? {} : { hint }),
    })
  }

  #valueOf(expr: QueryExpr): ScalarValue {
    const value = this.#queryValues[expr.mode].get(expr.plan)
    if (value === undefined) throw new InternalError('a subquery that was not run')
    return value
  }

  /** Runs the subqueries of the expression, each once a run, and loads the packages that it needs. */
  async #makeReady(expr: Expr): Promise<void> {
    if (expr.kind === 'query') {
      const runs = this.#queryRuns[expr.mode]
      let run = runs.get(expr.plan)
      if (run === undefined) {
        run = this.#runQuery(expr)
        runs.set(expr.plan, run)
      }
      await run
      return
    }
    if (expr.kind === 'call') {
      await this.library.scalar(expr.function)?.overloads[expr.overload]?.needs?.load()
    }
    for (const child of childrenOf(expr)) await this.#makeReady(child)
  }

  async #runQuery(expr: QueryExpr): Promise<void> {
    this.#queryValues[expr.mode].set(expr.plan, await subqueryValue(expr, this))
  }
}

async function* measured(
  plan: Plan,
  batches: AsyncIterable<ColumnBatch>,
  { clock, nodes }: PlanProfile,
): AsyncGenerator<ColumnBatch> {
  const profile = nodes.get(plan) ?? { rows: 0, time: 0 }
  nodes.set(plan, profile)
  const iterator = batches[Symbol.asyncIterator]()
  try {
    for (;;) {
      const start = clock()
      const next = await iterator.next()
      profile.time += clock() - start
      if (next.done === true) return
      profile.rows += next.value.rowCount
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}

/** A fault of an expression as one of the run. */
export function asExecutionError({ cause, message, span }: LocatedQueryError): ExecutionError {
  const { code, hint } = cause
  const severity = 'error'
  return new ExecutionError({
    code,
    severity,
    message,
    span,
    ...(hint === undefined ? {} : { hint }),
  })
}
