import { ColumnBatch, concat } from '../../tables/batch.ts'
import { valueAt } from '../../tables/vector.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Column } from '../../types/schema.ts'
import { literal, mapChildren } from '../plan/expression.ts'
import type {
  ContextPlan,
  Expr,
  JoinPlan,
  MakeSeriesPlan,
  NamedExpr,
  PartitionPlan,
  Plan,
  QueryExpr,
  ScanPlan,
  SummarizePlan,
  UnionPlan,
} from '../plan/nodes.ts'
import { inputsOf, isGraph } from '../plan/plan.ts'
import { mapExpressions, mapInputs, mapSubqueries } from '../plan/rewrites/map-plan.ts'
import { Rewritten } from '../plan/rewrites/rewritten.ts'
import { type Carrying, carrying } from './carry.ts'
import { Links } from './links.ts'
import { columnsOf, type NodeRun, POSITION, vectorNamed, withPosition } from './node-run.ts'
import { originsIn } from './origins.ts'
import { allRows, groupLinks, groupsOf, linksBy, numbersIn, subqueryResult } from './row-links.ts'
import type { TableRows } from './table-rows.ts'
import { taken } from './taken.ts'
import type { Traced } from './traced.ts'

type Steps = Pick<Traced, 'rows' | 'inputs' | 'links' | 'seen'>

/** The rows at hand around a body, by the id of its mv-apply or partition. */
export type Contexts = ReadonlyMap<number, ColumnBatch>

/**
 * Runs a bound plan node by node, from its sources up, each with the engine's executor, and keeps what
 * every node gives. A row is followed by a hidden column that holds its position; where an operator
 * makes one row of many, by the keys that it groups by.
 */
export class Tracer {
  readonly run: NodeRun
  readonly tables: TableRows
  readonly #contexts: Contexts
  readonly #nodes = new Map<Plan, Promise<Traced>>()
  readonly #shared = new Map<number, Promise<Traced>>()

  constructor(run: NodeRun, tables: TableRows, contexts: Contexts = new Map()) {
    this.run = run
    this.tables = tables
    this.#contexts = contexts
  }

  /** The same for a body: with other rows at hand. */
  inside(id: number, context: ColumnBatch): Tracer {
    return new Tracer(this.run, this.tables, new Map([...this.#contexts, [id, context]]))
  }

  /** The plan with its rows, and all below it. Nodes that stand in several places are traced once. */
  trace(plan: Plan): Promise<Traced> {
    const shared = plan.kind === 'shared' ? this.#shared.get(plan.id) : undefined
    let traced = shared ?? this.#nodes.get(plan)
    if (traced === undefined) {
      traced = this.#node(plan)
      this.#nodes.set(plan, traced)
      if (plan.kind === 'shared') this.#shared.set(plan.id, traced)
    }
    return traced
  }

  async #node(bound: Plan): Promise<Traced> {
    const subqueries: Traced[] = []
    const plan = await this.#valued(bound, subqueries)
    const traced = await this.#byKind(plan)
    this.run.keep(traced.rows, bound)
    return { ...traced, plan: bound, ran: plan, subqueries }
  }

  async #byKind(plan: Plan): Promise<Steps> {
    switch (plan.kind) {
      case 'scan':
        return this.#scan(plan)
      case 'context':
        return this.#context(plan)
      case 'shared': {
        const input = await this.trace(plan.input)
        return { rows: input.rows, inputs: [input], links: [Links.same(input.rows.length)] }
      }
      case 'union':
        return this.#union(plan)
      case 'join':
        return this.#join(plan)
      case 'summarize':
        return this.#summarize(plan)
      case 'make-series':
        return this.#makeSeries(plan)
      case 'partition':
        return this.#partition(plan)
      default: {
        const whole = this.#withBody(plan)
        const carried = carrying(whole)
        if (carried !== undefined) return this.#carried(carried)
        return this.#opaque(whole)
      }
    }
  }

  async #scan(plan: ScanPlan): Promise<Steps> {
    const seen = await this.tables.seen(plan, this.run)
    return { rows: seen.rows, inputs: [], links: [], seen }
  }

  async #context(plan: ContextPlan): Promise<Steps> {
    const context = this.#contexts.get(plan.id)
    if (context === undefined) throw new InternalError(`nothing around context ${plan.id}`)
    return { rows: columnsOf(context, plan.schema), inputs: [], links: [] }
  }

  /** A node whose rows keep the column of positions. */
  async #carried({ input: plan, over, schema }: Carrying): Promise<Steps> {
    const input = await this.trace(plan)
    const rows = await this.run.rows([withPosition(input.rows)], ([stand]) => over(stand as Plan))
    return {
      rows: columnsOf(rows, schema),
      inputs: [input],
      links: [linksBy(rows, POSITION)],
    }
  }

  async #union(plan: UnionPlan): Promise<Steps> {
    const inputs = await this.#inputs(plan)
    const firsts: number[] = []
    let next = 0
    for (const { rows } of inputs) {
      firsts.push(next)
      next += rows.length
    }
    const numbered = inputs.map(({ rows }, index) => withPosition(rows, firsts[index]))
    const rows = await this.run.rows(numbered, stands => ({
      ...plan,
      inputs: stands,
      schema: [...plan.schema, { name: POSITION, type: 'long' }],
    }))
    const positions = numbersIn(rows, POSITION)
    const links = inputs.map((input, index) => {
      const first = firsts[index] as number
      const outs = positions.flatMap((position, out) =>
        position >= first && position < first + input.rows.length ? [out] : [],
      )
      return new Links(
        Uint32Array.from(outs, out => (positions[out] as number) - first),
        Uint32Array.from(outs),
      )
    })
    return { rows: columnsOf(rows, plan.schema), inputs, links }
  }

  async #join(plan: JoinPlan): Promise<Steps> {
    const inputs = await this.#inputs(plan)
    const sides = SIDES[plan.joinKind] ?? ['left', 'right']
    const carried = sides.map(side => ({ name: `${POSITION} ${side}`, side, column: POSITION }))
    const rows = await this.run.rows(
      inputs.map(({ rows }) => withPosition(rows)),
      ([left, right]) => ({
        ...plan,
        left: left as Plan,
        right: right as Plan,
        columns: [...plan.columns, ...carried],
        schema: [...plan.schema, ...carried.map(({ name }) => ({ name, type: 'long' as const }))],
      }),
    )
    const links = (['left', 'right'] as const).map(side =>
      sides.includes(side) ? linksBy(rows, `${POSITION} ${side}`) : undefined,
    )
    return { rows: columnsOf(rows, plan.schema), inputs, links }
  }

  async #summarize(plan: SummarizePlan): Promise<Steps> {
    const input = await this.trace(plan.input)
    const count = input.rows.length
    // Keys are computed once: one that varies would put the rows into other groups.
    const keys = await this.run.values(
      plan.keys.map(({ expr }) => expr),
      input.rows,
    )
    const named = plan.keys.map((_, index) => `${POSITION} key ${index}`)
    const keyed = new ColumnBatch(
      [
        ...input.rows.schema,
        ...keys.map(({ type }, at): Column => ({ name: named[at] as string, type })),
      ],
      [...input.rows.columns, ...keys],
      count,
    )
    const rows = await this.run.rows([keyed], ([stand]) => ({
      ...plan,
      input: stand as Plan,
      keys: plan.keys.map(({ name, expr: { type, span } }, at): NamedExpr => {
        return { name, expr: { kind: 'column', type, name: named[at] as string, span } }
      }),
    }))
    if (keys.length === 0) {
      return { rows, inputs: [input], links: [new Links(allRows(count), new Uint32Array(count))] }
    }
    return { rows, inputs: [input], links: [groupLinks(keys, allRows(count), rows.length)] }
  }

  async #makeSeries(plan: MakeSeriesPlan): Promise<Steps> {
    const input = await this.trace(plan.input)
    const rows = await this.run.rows([input.rows], ([stand]) => ({
      ...plan,
      input: stand as Plan,
    }))
    const axis = vectorNamed(input.rows, plan.axis.column)
    const pointed = allRows(input.rows.length).filter(
      row => !axis.isNull(row) && !Number.isNaN(valueAt(axis, row)),
    )
    if (plan.keys.length === 0) {
      const links = new Links(pointed, new Uint32Array(pointed.length))
      return { rows, inputs: [input], links: [rows.length === 1 ? links : undefined] }
    }
    const keys = plan.keys.map(name => vectorNamed(input.rows, name))
    const links = groupLinks(keys, pointed, rows.length)
    return { rows, inputs: [input], links: [links] }
  }

  /** The body is traced for each value of the key, in the order of appearance: what varies in it runs once. */
  async #partition(plan: PartitionPlan): Promise<Steps> {
    const input = await this.trace(plan.input)
    const key = vectorNamed(input.rows, plan.key)
    const parts: ColumnBatch[] = []
    const ins: number[] = []
    const outs: number[] = []
    let first = 0
    const unlinked = async (): Promise<Steps> => {
      const rows = await this.run.rows([input.rows], ([stand]) =>
        this.#withBody({ ...plan, input: stand as Plan }),
      )
      return { rows, inputs: [input], links: [undefined] }
    }
    const groups = groupsOf([key], allRows(input.rows.length))
    // The engine refuses more values than it takes.
    if (groups.length > (plan.maxPartitions ?? Number.POSITIVE_INFINITY)) return unlinked()
    for (const members of groups) {
      const part = await this.inside(plan.id, taken(input.rows, members)).trace(plan.body)
      const origins = originsIn(part, plan.id)
      if (origins === undefined) return unlinked()
      origins.forEach((own, out) => {
        for (const member of own) {
          ins.push(members[member] as number)
          outs.push(first + out)
        }
      })
      parts.push(columnsOf(part.rows, plan.schema))
      first += part.rows.length
    }
    const links = new Links(Uint32Array.from(ins), Uint32Array.from(outs))
    return { rows: concat(plan.schema, parts), inputs: [input], links: [links] }
  }

  /** A node that says nothing of where its rows come from; a graph is run with what takes it. */
  async #opaque(plan: Plan): Promise<Steps> {
    const inputs: Traced[] = []
    for (const input of rowInputsOf(plan)) inputs.push(await this.trace(input))
    const rows = await this.run.rows(
      inputs.map(each => each.rows),
      stands => withRowInputs(plan, [...stands]),
    )
    return { rows, inputs, links: inputs.map(() => undefined) }
  }

  /** A node that can run by itself: the bodies around its own are not there then. */
  #withBody(plan: Plan): Plan {
    if (!('body' in plan) || this.#contexts.size === 0) return plan
    return { ...plan, body: this.#closed(plan.body, new Rewritten()) }
  }

  /** A body with the rows at hand around it in place of what stands for them. */
  #closed(plan: Plan, done: Rewritten): Plan {
    const close = (inner: Plan): Plan => this.#closed(inner, done)
    if (plan.kind === 'context') {
      const context = this.#contexts.get(plan.id)
      return context === undefined ? plan : this.run.lasting(columnsOf(context, plan.schema))
    }
    if (plan.kind === 'shared') return done.shared(plan, close)
    return mapExpressions(mapInputs(plan, close), expr =>
      mapSubqueries(expr, each => done.subquery(each, close)),
    )
  }

  async #inputs(plan: Plan): Promise<Traced[]> {
    const inputs: Traced[] = []
    for (const input of inputsOf(plan)) inputs.push(await this.trace(input))
    return inputs
  }

  /** The node with the values of subqueries in place of them. */
  async #valued(plan: Plan, subqueries: Traced[]): Promise<Plan> {
    const found: QueryExpr[] = []
    const find = (expr: Expr): Expr => {
      if (expr.kind === 'query') found.push(expr)
      return expr.kind === 'query' ? expr : mapChildren(expr, find)
    }
    mapExpressions(plan, find)
    if (found.length === 0) return plan
    const values = new Map<Expr, Expr>()
    for (const query of found) {
      const traced = await this.trace(query.plan)
      if (!subqueries.includes(traced)) subqueries.push(traced)
      values.set(query, literal(query.type, subqueryResult(query, traced.rows), query.span))
    }
    const replace = (expr: Expr): Expr => values.get(expr) ?? mapChildren(expr, replace)
    return mapExpressions(plan, replace)
  }
}

/** The inputs of a node that have rows: those of the graphs among them in place of these. */
function rowInputsOf(plan: Plan): Plan[] {
  return inputsOf(plan).flatMap(input => (isGraph(input) ? rowInputsOf(input) : [input]))
}

function withRowInputs(plan: Plan, inputs: Plan[]): Plan {
  return mapInputs(plan, input =>
    isGraph(input) ? withRowInputs(input, inputs) : (inputs.shift() ?? input),
  )
}

/** The sides whose rows the result has, where it is not both. */
const SIDES: { readonly [K in JoinPlan['joinKind']]?: readonly ('left' | 'right')[] } = {
  leftsemi: ['left'],
  leftanti: ['left'],
  rightsemi: ['right'],
  rightanti: ['right'],
}
