import type { ColumnBatch } from '../../tables/batch.ts'
import type { ExternalContent } from '../../tables/external/external-data.ts'
import type { ReadProblem, TableSource } from '../../tables/source.ts'
import type { Schema } from '../../types/schema.ts'
import type { Evaluator, Filter } from '../evaluator/contract.ts'
import type { FunctionLibrary } from '../functions/library.ts'
import type { Expr, Plan } from '../plan/nodes.ts'
import { inputsOf } from '../plan/plan.ts'
import type { Run } from './run.ts'

/** What was made for an expression over a schema; plans keep both, so that each is made once. */
class Made<T> {
  readonly #bySchema = new WeakMap<Schema, WeakMap<Expr, Promise<T>>>()

  of(expr: Expr, schema: Schema, make: () => Promise<T>): Promise<T> {
    let byExpr = this.#bySchema.get(schema)
    if (byExpr === undefined) {
      byExpr = new WeakMap()
      this.#bySchema.set(schema, byExpr)
    }
    let made = byExpr.get(expr)
    if (made === undefined) {
      made = make()
      byExpr.set(expr, made)
    }
    return made
  }
}

/**
 * The run of an mv-apply's body, again and again, for one row after the other: it has the row's
 * expanded rows, compiles each expression once, and forgets between rows what the last one kept.
 */
export class BodyRun implements Run {
  readonly now: bigint
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly library: FunctionLibrary
  readonly #outer: Run
  readonly #id: number
  readonly #evaluators = new Made<Evaluator>()
  readonly #filters = new Made<Filter>()
  /** Shared nodes that differ from row to row. */
  readonly #own: ReadonlySet<number>
  readonly #shared = new Map<number, Promise<readonly ColumnBatch[]>>()
  #context: ColumnBatch | undefined
  /** What this row has kept, and the most that any has. */
  #kept = { rows: 0, bytes: 0 }
  #most = { rows: 0, bytes: 0 }
  #lasting = 0

  constructor(outer: Run, id: number, body: Plan) {
    this.now = outer.now
    this.batchSize = outer.batchSize
    this.signal = outer.signal
    this.library = outer.library
    this.#outer = outer
    this.#id = id
    this.#own = sharedOverContext(body, id)
  }

  /** Goes on to another row, whose expanded rows are these. */
  enter(context: ColumnBatch): void {
    this.#context = context
    this.#shared.clear()
    this.#kept = { rows: 0, bytes: 0 }
  }

  context(id: number): ColumnBatch {
    return id === this.#id && this.#context !== undefined ? this.#context : this.#outer.context(id)
  }

  execute(plan: Plan, within: Run = this): AsyncIterable<ColumnBatch> {
    return this.#outer.execute(plan, within)
  }

  compile(expr: Expr, schema: Schema): Promise<Evaluator> {
    return this.#evaluators.of(expr, schema, () => this.#outer.compile(expr, schema))
  }

  filter(expr: Expr, schema: Schema): Promise<Filter> {
    return this.#filters.of(expr, schema, () => this.#outer.filter(expr, schema))
  }

  source(table: string): TableSource {
    return this.#outer.source(table)
  }

  external(address: string): Promise<ExternalContent | undefined> {
    return this.#outer.external(address)
  }

  report(problem: ReadProblem): void {
    this.#outer.report(problem)
  }

  check(): void {
    this.#outer.check()
  }

  pause(rows: number): Promise<void> {
    return this.#outer.pause(rows)
  }

  /** Counts only what goes beyond the most that a row before has kept: that was freed. */
  keep(rows: number, bytes: number, what: string): void {
    if (this.#lasting > 0) {
      this.#outer.keep(rows, bytes, what)
      return
    }
    const kept = { rows: this.#kept.rows + rows, bytes: this.#kept.bytes + bytes }
    const more = {
      rows: Math.max(0, kept.rows - this.#most.rows),
      bytes: Math.max(0, kept.bytes - this.#most.bytes),
    }
    this.#kept = kept
    this.#most = { rows: this.#most.rows + more.rows, bytes: this.#most.bytes + more.bytes }
    this.#outer.keep(more.rows, more.bytes, what)
  }

  shared(
    id: number,
    compute: () => Promise<readonly ColumnBatch[]>,
  ): Promise<readonly ColumnBatch[]> {
    if (!this.#own.has(id)) return this.#outer.shared(id, () => this.#lastingly(compute))
    let batches = this.#shared.get(id)
    if (batches === undefined) {
      batches = compute()
      this.#shared.set(id, batches)
    }
    return batches
  }

  async #lastingly<T>(compute: () => Promise<T>): Promise<T> {
    this.#lasting++
    try {
      return await compute()
    } finally {
      this.#lasting--
    }
  }
}

/** The shared nodes of the plan that read the context of that id. */
function sharedOverContext(plan: Plan, id: number): Set<number> {
  const found = new Set<number>()
  const known = new Map<Plan, boolean>()
  const reads = (node: Plan): boolean => {
    const before = known.get(node)
    if (before !== undefined) return before
    const own = node.kind === 'context' && node.id === id
    // All inputs are looked at: each may hold shared nodes.
    const reading = inputsOf(node).map(reads).includes(true) || own
    if (reading && node.kind === 'shared') found.add(node.id)
    known.set(node, reading)
    return reading
  }
  reads(plan)
  return found
}
