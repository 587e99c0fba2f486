import { literal, mapChildren } from '../../engine/plan/expression.ts'
import type {
  Expr,
  MvExpandColumn,
  ParsePlan,
  Plan,
  ProjectPlan,
  QueryExpr,
  ScanPlan,
  ValuesPlan,
} from '../../engine/plan/nodes.ts'
import { parsedColumns } from '../../engine/plan/parse-method.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Span } from '../../text/span.ts'
import { canConvert } from '../../types/convert.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { asType, callOf } from './calls.ts'
import { cellExpr, type SourceRow } from './cells.ts'
import type { Choices } from './choices.ts'
import type { Constraint } from './constraints.ts'
import type { Problem } from './problem.ts'
import type { Group, RowMaker, SymbolicRow } from './rows.ts'
import { knownValue, mapSubqueryExprs } from './subqueries.ts'
import { joined } from './symbolic-join.ts'
import { summarized } from './symbolic-summarize.ts'
import { windowed } from './symbolic-window.ts'

/** Deepest nesting of nodes: no query of people comes near. */
const DEEPEST = 400
/** Nodes that are walked for rows, each time anew. */
const MOST_VISITS = 3000

/**
 * Makes rows that a plan gives, without values: each column is an expression over cells, and what the
 * plan asks of the cells becomes constraints.
 */
export class SymbolicPlan implements RowMaker {
  readonly problem: Problem
  readonly choices: Choices
  /** Constraints that were met and not posted yet. */
  readonly constraints: Constraint[] = []
  /** Groups whose sizes are not looked at yet. */
  readonly groups: Group[] = []
  #contexts = new Map<number, () => SymbolicRow>()
  /** Values of subqueries that are the same wherever they are read. */
  readonly #scalars = new Map<Plan, Expr>()
  readonly #elements = new Map<string, number>()
  /** The rows of tables that were made, in order. */
  readonly sourceRows: SourceRow[] = []
  readonly #period: bigint | undefined
  #depth = 0
  #visits = 0

  /** @param period how far back rows may be, in ticks */
  constructor(problem: Problem, choices: Choices, period: bigint | undefined) {
    this.problem = problem
    this.choices = choices
    this.#period = period
  }

  get contexts(): ReadonlyMap<number, () => SymbolicRow> {
    return this.#contexts
  }

  /** One more row of the plan, inside of these bodies. */
  rowWithin(contexts: ReadonlyMap<number, () => SymbolicRow>, plan: Plan): SymbolicRow {
    const outer = this.#contexts
    this.#contexts = new Map(contexts)
    const row = this.row(plan)
    this.#contexts = outer
    return row
  }

  /** One more row of the plan. */
  row(plan: Plan): SymbolicRow {
    if (++this.#depth > DEEPEST) throw new InternalError('the plan nests too deep')
    // Parts that are read several times, each inside of the next, are made many times over.
    const row =
      ++this.#visits > MOST_VISITS
        ? this.#opaqueRow(plan, 'a part that is read too many times')
        : this.#row(plan)
    this.#depth--
    return row
  }

  #row(plan: Plan): SymbolicRow {
    switch (plan.kind) {
      case 'scan':
        return this.#scanned(plan)
      case 'values':
        return this.#listed(plan)
      case 'where': {
        const row = this.row(plan.input)
        this.require(plan.predicate, row)
        // What is left out stands between rows no more.
        const { neighbour: _, ...alone } = row
        return alone
      }
      case 'project':
        return this.#projected(plan, this.row(plan.input))
      case 'summarize':
        return summarized(plan, this)
      case 'join':
        return joined(plan, this)
      case 'union': {
        const at = this.choices.next(plan.inputs.length)
        const input = plan.inputs[at]
        if (input === undefined) return this.#opaqueRow(plan, 'a union without inputs')
        return this.#completed(this.row(input), plan)
      }
      case 'mv-expand':
        return this.#expanded(plan.columns, plan.itemIndex, this.row(plan.input))
      case 'mv-apply':
        return this.#applied(plan)
      case 'context': {
        const row = this.#contexts.get(plan.id)
        return row === undefined ? this.#opaqueRow(plan, 'rows at hand') : row()
      }
      case 'partition': {
        this.#contexts.set(plan.id, () => this.row(plan.input))
        return this.row(plan.body)
      }
      case 'parse':
        return this.#parsed(plan)
      case 'sort':
      case 'top':
      case 'take':
      case 'sample':
      case 'partition-top':
      case 'shared':
        return this.row(plan.input)
      case 'window':
        return windowed(plan, this)
      case 'make-series':
        return this.#withOpaque(
          this.row(plan.input),
          plan.schema.filter(({ name }) => !plan.keys.includes(name)),
          plan.span,
          'make-series',
        )
      case 'evaluate': {
        const [input] = plan.inputs
        const row = input === undefined ? undefined : this.row(input)
        const added = plan.schema.filter(({ name }) => row?.columns.has(name) !== true)
        const base = row ?? { columns: new Map(), sources: undefined, groupKeys: [] }
        return this.#withOpaque(base, added, plan.span, `the plugin ${plan.plugin}`)
      }
      case 'late':
        return this.#withOpaque(
          this.row(plan.input),
          plan.schema,
          plan.span,
          `the plugin ${plan.plugin}`,
        )
      case 'range':
        return this.#ranged(plan.schema[0]?.name ?? '', plan.from)
      case 'external':
        return this.#opaqueRow(plan, 'external data')
      default:
        return this.#opaqueRow(plan, `the operator ${plan.kind}`)
    }
  }

  #projected(plan: ProjectPlan, row: SymbolicRow): SymbolicRow {
    const columns = plan.columns.map(({ name, expr }) => [name, this.within(expr, row)] as const)
    const { neighbour } = row
    const beside = neighbour && { neighbour: this.#projected(plan, neighbour) }
    return { ...row, columns: new Map(columns), ...beside }
  }

  /** What the predicate asks of the row. */
  require(predicate: Expr, row: SymbolicRow): void {
    this.constraints.push({ kind: 'is', expr: this.within(predicate, row), truth: true })
  }

  /** The expression over cells. */
  within(expr: Expr, row: SymbolicRow): Expr {
    const bound = this.#bound(expr, row)
    return mapSubqueryExprs(bound, (query, isNegative) => this.#subquery(query, isNegative))
  }

  /** The expression with the row's columns put in, each of the type that is read. */
  #bound(expr: Expr, row: SymbolicRow): Expr {
    if (expr.kind !== 'column') return mapChildren(expr, child => this.#bound(child, row))
    const value = row.columns.get(expr.name)
    if (value === undefined) {
      const isCell = this.problem.cells.at(expr.name) !== undefined
      return isCell ? expr : this.opaque(expr.type, expr.span, `the column ${expr.name}`)
    }
    if (value.type === expr.type) return value
    return canConvert(value.type, expr.type)
      ? asType(value, expr.type)
      : this.opaque(expr.type, expr.span, `the column ${expr.name}`)
  }

  /** The value of a subquery: of one row, or of none where it must not have what is looked for. */
  #subquery(query: QueryExpr, isNegative: boolean): Expr {
    if (query.plan.kind === 'values') return knownValue(query, query.plan)
    const none = this.choices.next(2) === (isNegative ? 0 : 1)
    const { span, type } = query
    if (none) {
      return query.mode === 'array' || type === 'dynamic'
        ? literal('dynamic', [], span)
        : literal(type, type === 'string' ? '' : null, span)
    }
    const known = this.#scalars.get(query.plan)
    if (query.mode === 'scalar' && known !== undefined) return known
    const row = this.row(query.plan)
    const first = query.plan.schema[0]
    const value = first === undefined ? undefined : row.columns.get(first.name)
    if (value === undefined) return literal(type, null, span)
    if (query.mode === 'array') return callOf('pack_array', 'dynamic', [value], span)
    this.#scalars.set(query.plan, value)
    return value
  }

  #scanned(plan: ScanPlan): SymbolicRow {
    const { cells } = this.problem
    const row = cells.addRow(plan.table)
    this.sourceRows.push(row)
    const columns = new Map<string, Expr>()
    for (const { name, type } of plan.schema) {
      columns.set(name, cellExpr(cells.ofRow(row, name, type), plan.span))
    }
    this.#timed(columns.get('TimeGenerated') ?? columns.get('Timestamp'))
    return { columns, sources: [row], groupKeys: [] }
  }

  /** A row is of before now, and where the rule has a period, from within it. */
  #timed(time: Expr | undefined): void {
    if (time?.type !== 'datetime') return
    const { now } = this.problem.evaluation
    const bound = (operator: string, ticks: bigint): Constraint => ({
      kind: 'is',
      expr: callOf(operator, 'bool', [time, literal('datetime', ticks, time.span)], time.span),
      truth: true,
    })
    this.constraints.push(bound('<=', now))
    if (this.#period !== undefined) this.constraints.push(bound('>', now - this.#period))
  }

  #listed(plan: ValuesPlan): SymbolicRow {
    const at = plan.rows.length === 0 ? 0 : this.choices.next(plan.rows.length)
    const values = plan.rows[at]
    if (values === undefined) {
      this.constraints.push({ kind: 'any', options: [] })
      return this.#opaqueRow(plan, 'a list without rows')
    }
    const columns = plan.schema.map(
      ({ name, type }, index) => [name, literal(type, values[index] ?? null, plan.span)] as const,
    )
    return { columns: new Map(columns), sources: undefined, groupKeys: [] }
  }

  #ranged(name: string, from: Expr): SymbolicRow {
    return { columns: new Map([[name, from]]), sources: undefined, groupKeys: [] }
  }

  /** A row whose columns cannot be traced back. */
  #opaqueRow(plan: Plan, reason: string): SymbolicRow {
    const base = { columns: new Map<string, Expr>(), sources: undefined, groupKeys: [] }
    return this.#withOpaque(base, plan.schema, plan.span, reason)
  }

  #withOpaque(
    row: SymbolicRow,
    added: readonly { readonly name: string; readonly type: ScalarType }[],
    span: Span,
    what: string,
  ): SymbolicRow {
    const columns = new Map(row.columns)
    for (const { name, type } of added) columns.set(name, this.opaque(type, span, what))
    return { ...row, columns }
  }

  /** A value that cannot be traced back. */
  opaque(type: ScalarType, span: Span, what: string): Expr {
    const reason = `${what} is not traced back`
    return cellExpr(this.problem.cells.add(type, { kind: 'opaque', reason, span }), span)
  }

  #completed(row: SymbolicRow, plan: Plan): SymbolicRow {
    const columns = new Map(
      plan.schema.map(({ name, type }) => [
        name,
        row.columns.get(name) ?? literal(type, type === 'string' ? '' : null, plan.span),
      ]),
    )
    return { ...row, columns }
  }

  /** The row with the elements of what is expanded. */
  #expanded(
    expanded: readonly MvExpandColumn[],
    itemIndex: string | undefined,
    row: SymbolicRow,
  ): SymbolicRow {
    const columns = new Map(row.columns)
    let position = 0
    for (const { name, expr, type } of expanded) {
      const array = this.within(expr, row)
      position = this.#position(array)
      columns.set(name, this.#element(array, position, type))
    }
    if (itemIndex !== undefined && expanded[0] !== undefined) {
      columns.set(itemIndex, literal('long', BigInt(position), expanded[0].expr.span))
    }
    return { ...row, columns }
  }

  /** Each expansion of an array is given an element of its own. */
  #position(array: Expr): number {
    const key = JSON.stringify(array, (name, value: unknown) =>
      name === 'span' ? undefined : typeof value === 'bigint' ? String(value) : value,
    )
    const at = this.#elements.get(key) ?? 0
    this.#elements.set(key, at + 1)
    return at
  }

  #element(array: Expr, position: number, type: ScalarType): Expr {
    const { span } = array
    const element: Expr = { kind: 'path', type: 'dynamic', target: array, steps: [position], span }
    return asType(element, type)
  }

  #applied(plan: Extract<Plan, { kind: 'mv-apply' }>): SymbolicRow {
    const row = this.row(plan.input)
    // One more of the rows at hand is one more element, not one more row of a table.
    const within = { ...row, sources: undefined }
    this.#contexts.set(plan.id, () => this.#expanded(plan.columns, plan.itemIndex, within))
    const made = this.row(plan.body)
    const columns = new Map(
      plan.schema.map(({ name, type }) => [
        name,
        made.columns.get(name) ?? row.columns.get(name) ?? this.opaque(type, plan.span, 'mv-apply'),
      ]),
    )
    return { columns, sources: row.sources, groupKeys: row.groupKeys }
  }

  #parsed(plan: ParsePlan): SymbolicRow {
    const row = this.row(plan.input)
    const { method } = plan
    const text = this.within(plan.text, row)
    if (method.kind === 'key-value' || method.kind === 'regex') {
      return this.#withOpaque(row, parsedColumns(method), plan.span, 'parse of this kind')
    }
    const columns = new Map(row.columns)
    const parts = method.pattern.map((part): Expr | undefined => {
      if (part.kind === 'any') return undefined
      if (part.kind === 'text') return literal('string', part.text, plan.span)
      const cell = this.problem.cells.add(part.type, { kind: 'part', column: part.name })
      const value = cellExpr(cell, plan.span)
      columns.set(part.name, value)
      this.problem.touch(value)
      return part.type === 'string' ? value : callOf('tostring', 'string', [value], plan.span)
    })
    this.constraints.push({ kind: 'text', text, parts })
    return { ...row, columns }
  }
}
