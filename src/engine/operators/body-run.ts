import type { ColumnBatch } from '../../tables/batch.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'
import type { Evaluator, Filter } from '../evaluator/contract.ts'
import { childrenOf, literal, mapChildren } from '../plan/expression.ts'
import type { Expr, Plan, QueryExpr } from '../plan/nodes.ts'
import { inputsOf } from '../plan/plan.ts'
import { subqueriesOf } from '../plan/rewrites/map-plan.ts'
import { DelegatingRun } from './delegating-run.ts'
import type { Run } from './run.ts'
import { subqueryValue } from './subquery.ts'

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
 * The run of a body of mv-apply or partition, again and again, for one row or partition after the
 * other: it has the rows at hand, compiles each expression once, and forgets between two what the
 * first one kept. Subqueries that read the rows at hand are run for each.
 */
export class BodyRun extends DelegatingRun {
  readonly #id: number
  readonly #evaluators = new Made<Evaluator>()
  readonly #filters = new Made<Filter>()
  /** Shared nodes that differ from row to row. */
  readonly #own: ReadonlySet<number>
  readonly #shared = new Map<number, Promise<readonly ColumnBatch[]>>()
  /** Subqueries, and what they gave for the rows at hand. */
  readonly #ownSubqueries: ReadonlySet<Plan>
  readonly #subqueryValues = {
    scalar: new Map<Plan, Promise<ScalarValue>>(),
    array: new Map<Plan, Promise<ScalarValue>>(),
  }
  #context: ColumnBatch | undefined
  /** What this row has kept, and the most that any has. */
  #kept = { rows: 0, bytes: 0 }
  #most = { rows: 0, bytes: 0 }
  #lasting = 0

  constructor(outer: Run, id: number, body: Plan) {
    super(outer)
    this.#id = id
    const reading = readingContext(body, id)
    this.#own = reading.shared
    this.#ownSubqueries = reading.subqueries
  }

  /** Goes on to other rows. */
  enter(context: ColumnBatch): void {
    this.#context = context
    this.#shared.clear()
    this.#subqueryValues.scalar.clear()
    this.#subqueryValues.array.clear()
    this.#kept = { rows: 0, bytes: 0 }
  }

  override context(id: number): ColumnBatch {
    return id === this.#id && this.#context !== undefined ? this.#context : this.outer.context(id)
  }

  override async compile(expr: Expr, schema: Schema): Promise<Evaluator> {
    if (this.#hasOwnSubquery(expr)) return this.outer.compile(await this.#valued(expr), schema)
    return this.#evaluators.of(expr, schema, () => this.outer.compile(expr, schema))
  }

  override async filter(expr: Expr, schema: Schema): Promise<Filter> {
    if (this.#hasOwnSubquery(expr)) return this.outer.filter(await this.#valued(expr), schema)
    return this.#filters.of(expr, schema, () => this.outer.filter(expr, schema))
  }

  #hasOwnSubquery(expr: Expr): boolean {
    if (this.#ownSubqueries.size === 0) return false
    if (expr.kind === 'query') return this.#ownSubqueries.has(expr.plan)
    return childrenOf(expr).some(child => this.#hasOwnSubquery(child))
  }

  /** The expression with what subqueries give for the rows at hand in place of them. */
  async #valued(expr: Expr): Promise<Expr> {
    const found: QueryExpr[] = []
    const visit = (part: Expr): void => {
      if (part.kind === 'query' && this.#ownSubqueries.has(part.plan)) found.push(part)
      else childrenOf(part).forEach(visit)
    }
    visit(expr)
    const values = new Map<Expr, ScalarValue>()
    for (const query of found) values.set(query, await this.#subqueryValue(query))
    const replace = (part: Expr): Expr => {
      const value = values.get(part)
      return value === undefined ? mapChildren(part, replace) : literal(part.type, value, part.span)
    }
    return replace(expr)
  }

  #subqueryValue(expr: QueryExpr): Promise<ScalarValue> {
    const known = this.#subqueryValues[expr.mode]
    let value = known.get(expr.plan)
    if (value === undefined) {
      value = subqueryValue(expr, this)
      known.set(expr.plan, value)
    }
    return value
  }

  override keep(rows: number, bytes: number, what: string): void {
    const more = this.#grow(rows, bytes)
    this.outer.keep(more.rows, more.bytes, what)
  }

  override count(rows: number, bytes: number, what: string): void {
    const more = this.#grow(rows, bytes)
    this.outer.count(more.rows, more.bytes, what)
  }

  override release(rows: number, bytes: number): void {
    if (this.#lasting > 0) this.outer.release(rows, bytes)
    else this.#kept = { rows: this.#kept.rows - rows, bytes: this.#kept.bytes - bytes }
  }

  override room(): number {
    return this.outer.room() + this.#most.bytes - this.#kept.bytes
  }

  /** Counts only what goes beyond the most that a row before has kept: that was freed. */
  #grow(rows: number, bytes: number): { readonly rows: number; readonly bytes: number } {
    if (this.#lasting > 0) return { rows, bytes }
    const kept = { rows: this.#kept.rows + rows, bytes: this.#kept.bytes + bytes }
    const more = {
      rows: Math.max(0, kept.rows - this.#most.rows),
      bytes: Math.max(0, kept.bytes - this.#most.bytes),
    }
    this.#kept = kept
    this.#most = { rows: this.#most.rows + more.rows, bytes: this.#most.bytes + more.bytes }
    return more
  }

  override shared(
    id: number,
    compute: () => Promise<readonly ColumnBatch[]>,
  ): Promise<readonly ColumnBatch[]> {
    if (!this.#own.has(id)) return this.outer.shared(id, () => this.#lastingly(compute))
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

interface Reading {
  readonly shared: ReadonlySet<number>
  readonly subqueries: ReadonlySet<Plan>
}

/** The shared nodes and the subqueries of the plan that read the context of that id. */
function readingContext(plan: Plan, id: number): Reading {
  const shared = new Set<number>()
  const subqueries = new Set<Plan>()
  const known = new Map<Plan, boolean>()
  const reads = (node: Plan): boolean => {
    const before = known.get(node)
    if (before !== undefined) return before
    let reading = node.kind === 'context' && node.id === id
    // Everything is looked at: each part may hold shared nodes.
    for (const input of inputsOf(node)) if (reads(input)) reading = true
    for (const subquery of subqueriesOf(node)) {
      if (!reads(subquery)) continue
      subqueries.add(subquery)
      reading = true
    }
    if (reading && node.kind === 'shared') shared.add(node.id)
    known.set(node, reading)
    return reading
  }
  reads(plan)
  return { shared, subqueries }
}
