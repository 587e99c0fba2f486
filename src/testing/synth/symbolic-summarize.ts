import { literal } from '../../engine/plan/expression.ts'
import type { AggregateExpr, Expr, SummarizePlan } from '../../engine/plan/nodes.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { asType, callOf } from './calls.ts'
import { cellExpr, type Need } from './cells.ts'
import type { RowMaker, SymbolicRow } from './rows.ts'

/** A group, of which one row stands for all: how many there are is chosen with everything else. */
export function summarized(plan: SummarizePlan, maker: RowMaker): SymbolicRow {
  const contexts = new Map(maker.contexts)
  const first = maker.row(plan.input)
  const columns = new Map<string, Expr>()
  const keyValues = plan.keys.map(({ name, expr }) => {
    const value = maker.within(expr, first)
    columns.set(name, value)
    return value
  })
  const second = otherEnd(plan, maker, first, keyValues)
  const needs: Need[] = []
  for (const aggregate of plan.aggregates) {
    const row = isLowest(aggregate) ? (second ?? first) : first
    new AggregateReader(aggregate, maker, row, needs).read(columns)
  }
  const keys = plan.keys.map(({ expr }) => expr)
  maker.groups.push({ input: plan.input, keys, keyValues, first, needs, contexts })
  const groupKeys = plan.keys.length === 0 ? [] : [keyValues]
  return { columns, sources: undefined, groupKeys }
}

function isLowest({ function: name }: AggregateExpr): boolean {
  return ['min', 'minif', 'arg_min', 'argmin'].includes(name)
}

/**
 * A second row, which has the least values where the first has the greatest: where a group has both,
 * what is asked of it may be that they differ.
 */
function otherEnd(
  plan: SummarizePlan,
  maker: RowMaker,
  first: SymbolicRow,
  keyValues: readonly Expr[],
): SymbolicRow | undefined {
  const lowest = plan.aggregates.find(isLowest)
  const greatest = plan.aggregates.some(({ function: name }) => /^(arg_?)?max/.test(name))
  const compared = lowest?.arguments[0]
  if (compared === undefined || !greatest || maker.choices.next(2) === 0) return undefined
  const second = maker.row(plan.input)
  plan.keys.forEach(({ expr }, index) => {
    const left = keyValues[index]
    if (left === undefined) return
    maker.constraints.push({ kind: 'equal', left, right: maker.within(expr, second) })
  })
  const [low, high] = [maker.within(compared, second), maker.within(compared, first)]
  if (compared.type === 'datetime') {
    const expr = callOf('<', 'bool', [low, high], compared.span)
    maker.constraints.push({ kind: 'is', expr, truth: true })
  }
  return second
}

const COUNTS: ReadonlySet<string> = new Set([
  'count',
  'countif',
  'dcount',
  'dcountif',
  'count_distinct',
  'count_distinctif',
])
const LISTS: ReadonlySet<string> = new Set([
  'make_set',
  'make_list',
  'make_set_if',
  'make_list_if',
  'make_list_with_nulls',
  // The same, as they were called before.
  'makeset',
  'makelist',
])
const GUARDED: ReadonlySet<string> = new Set([
  'maxif',
  'minif',
  'sumif',
  'avgif',
  'take_anyif',
  'anyif',
  'make_bag_if',
])
const OF_ROW: ReadonlySet<string> = new Set([
  'max',
  'min',
  'sum',
  'avg',
  'take_any',
  'any',
  'make_bag',
  'make_dictionary',
  'percentile',
  'arg_max',
  'arg_min',
  'argmax',
  'argmin',
])

/** What an aggregate gives for a group of which one row is known. */
class AggregateReader {
  readonly #aggregate: AggregateExpr
  readonly #maker: RowMaker
  readonly #row: SymbolicRow
  readonly #needs: Need[]

  constructor(aggregate: AggregateExpr, maker: RowMaker, row: SymbolicRow, needs: Need[]) {
    this.#aggregate = aggregate
    this.#maker = maker
    this.#row = row
    this.#needs = needs
  }

  read(columns: Map<string, Expr>): void {
    const { function: name, outputs, arguments: args, span } = this.#aggregate
    outputs.forEach((output, index) => {
      const value = this.#value(output.type, args[index] ?? args[0])
      columns.set(
        output.name,
        value ?? this.#maker.opaque(output.type, span, `the aggregate ${name}`),
      )
    })
  }

  #value(type: ScalarType, own: Expr | undefined): Expr | undefined {
    const { function: name, arguments: args, span } = this.#aggregate
    const [first, second] = args
    if (name === 'count') return this.#count(type)
    if (first === undefined || own === undefined) return undefined
    if (name === 'countif') return this.#size({ condition: first }, type)
    if (COUNTS.has(name)) {
      const condition = name.endsWith('if') && second !== undefined ? { condition: second } : {}
      return this.#size({ distinct: first, ...condition }, type)
    }
    if (LISTS.has(name)) return this.#list(first, name.endsWith('if') ? second : undefined, name)
    if (GUARDED.has(name) && second !== undefined) return this.#guarded(type, first, second)
    if (!OF_ROW.has(name)) return undefined
    const isWide = this.#aggregate.outputs.length > 1
    const value = this.#maker.within(isWide ? own : first, this.#row)
    if (value.type === type) return value
    if (type === 'real' && value.type !== 'dynamic') return callOf('toreal', 'real', [value], span)
    return value.type === 'dynamic' && type !== 'dynamic' ? undefined : value
  }

  /** The number of rows: one row of the group is there already. */
  #count(type: ScalarType): Expr {
    const { span } = this.#aggregate
    const size = this.#size({}, type)
    const expr = callOf('>', 'bool', [size, literal(type, 0n, span)], span)
    this.#maker.constraints.push({ kind: 'is', expr, truth: true })
    return size
  }

  /** A number that the group is made to have. */
  #size(need: Omit<Need, 'size'>, type: ScalarType): Expr {
    const { cells } = this.#maker.problem
    const size = cellExpr(cells.add(type, { kind: 'size' }), this.#aggregate.span)
    this.#needs.push({ size, ...need })
    return size
  }

  #list(item: Expr, condition: Expr | undefined, name: string): Expr {
    const { problem } = this.#maker
    const of = name.includes('set') ? { distinct: item } : {}
    const given = condition === undefined ? {} : { condition }
    const length = this.#size({ ...of, ...given }, 'long')
    const guard = condition === undefined ? {} : { guard: this.#maker.within(condition, this.#row) }
    const value = this.#maker.within(item, this.#row)
    const needs = this.#needs
    const cell = problem.cells.add('dynamic', {
      kind: 'list',
      item: value,
      length,
      ...guard,
      member: { item, needs, ...given },
    })
    return cellExpr(cell, this.#aggregate.span)
  }

  #guarded(type: ScalarType, item: Expr, condition: Expr): Expr {
    const value = asType(this.#maker.within(item, this.#row), type)
    const guard = this.#maker.within(condition, this.#row)
    const { cells } = this.#maker.problem
    return cellExpr(cells.add(type, { kind: 'guarded', item: value, guard }), this.#aggregate.span)
  }
}
