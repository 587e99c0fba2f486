import type { ExpressionSyntax, MakeSeriesSyntax } from '../../parser/syntax.ts'
import { isNumeric, type ScalarType } from '../../types/scalar-type.ts'
import { bindAggregates } from '../binder/aggregates.ts'
import { bindColumns, withExpression } from '../binder/columns.ts'
import type { Binder } from '../binder/context.ts'
import { ColumnNames } from '../binder/naming.ts'
import { isRunConstant, literal } from '../plan/expression.ts'
import type { Expr, NamedExpr, Plan, SeriesValue } from '../plan/nodes.ts'
import { operator } from './declare.ts'
import { bindKeys, summarizeOf } from './summarize.ts'

/** @see https://learn.microsoft.com/kusto/query/make-series-operator */
export const makeSeries = operator('make-series', {
  name: 'make-series',
  doc: 'Makes a series of each aggregate: an array over a regular grid of the axis, with the default (0 unless given) where there are no rows. A row counts where its axis is not before `from` and before `to`; in the form `in range(start, stop, step)` up to stop, with bins that count from 0 as those of `bin`. Without bounds, the grid of each group spans its own rows. An empty input gives no row, unless `kind=nonempty`. An array of more than 1048576 values is an error.',
  examples: [
    {
      query:
        'datatable(t:long, v:long)[0, 1, 2, 3, 3, 4] | make-series s = sum(v) default = -1 on t from 0 to 6 step 2',
      rows: [{ s: [1, 7, -1], t: [0, 2, 4] }],
    },
    {
      query:
        'datatable(t:long, g:string)[1, "a", 3, "a", 5, "b"] | make-series n = count() on t step 1 by g',
      rows: [
        { g: 'a', n: [1, 0, 1], t: [1, 2, 3] },
        { g: 'b', n: [1], t: [5] },
      ],
    },
    {
      query: 'datatable(t:long)[4, 7] | make-series n = count() on t in range(4, 6, 3)',
      rows: [{ n: [1, 0], t: [3, 6] }],
    },
    {
      query: 'datatable(t:long)[] | make-series kind=nonempty n = count() on t from 1 to 3 step 1',
      rows: [{ n: [0, 0], t: [1, 2] }],
    },
  ],
  bind(node, source, binder) {
    const { span } = node
    binder.checkParameters(node.parameters, ['kind'], 'make-series')
    const kind = binder.parameter(node.parameters, 'kind')
    if (kind !== undefined && kind !== 'nonempty') {
      binder.fail('KS125', `\`${kind}\` is not nonempty.`, span)
    }
    const names = new ColumnNames(
      [],
      source.schema.map(column => column.name),
    )
    const keys = bindKeys(binder, node.by, source, names)
    const bound = bindAggregates(
      binder,
      node.aggregates.map(item => item.column),
      source.schema,
      keys,
      names,
    )
    const [named] = bindColumns(binder, [node.axis], { schema: source.schema }, 'number', names)
    if (named === undefined) return binder.failedPlan(span)
    const grid = bindGrid(binder, node, named.expr)
    const values = node.aggregates.flatMap((item, index) =>
      (bound.columnsOf[index] ?? []).map(column =>
        bindValue(binder, column, item.default, item.column.span),
      ),
    )
    if (grid === undefined || values.includes(undefined)) return binder.failedPlan(span)
    const { input, column: axis } = withExpression(binder, source, grid.axis, '$axis')
    const filtered = within(binder, input, axis, grid, span)
    const point = { name: '$point', expr: pointOf(binder, axis, grid, span) }
    const points = summarizeOf(
      binder,
      filtered,
      [...keys, point],
      bound.aggregates,
      bound.columns,
      span,
    )
    const keyColumns = keys.map(({ name, expr }) => binder.columnOf(name, expr))
    const { from, to, step, form } = grid
    const start = from && form === 'in-range' ? binder.call('bin', [from, step], span) : from
    return {
      kind: 'make-series',
      input: points,
      keys: keys.map(key => key.name),
      values: values.filter(value => value !== undefined),
      axis: { column: point.name, name: named.name },
      ...(start && { from: start }),
      ...(to && { to }),
      toInclusive: form === 'in-range',
      step,
      nonEmpty: kind === 'nonempty',
      schema: [
        ...keyColumns,
        ...bound.columns.map(({ name }) => ({ name, type: 'dynamic' as const })),
        { name: named.name, type: 'dynamic' },
      ],
      span,
    }
  },
})

interface Grid {
  readonly axis: Expr
  readonly form: MakeSeriesSyntax['form']
  readonly from: Expr | undefined
  readonly to: Expr | undefined
  readonly step: Expr
}

/** The type that values of an axis are computed in, and that of its step. */
const AXES: Partial<Record<ScalarType, readonly [axis: ScalarType, step: ScalarType]>> = {
  int: ['long', 'long'],
  long: ['long', 'long'],
  real: ['real', 'real'],
  datetime: ['datetime', 'timespan'],
  timespan: ['timespan', 'timespan'],
}

/** The axis and what bounds it, all of types that add up; undefined after a fault. */
function bindGrid(binder: Binder, node: MakeSeriesSyntax, axis: Expr): Grid | undefined {
  const [from, to] = [node.from, node.to].map(
    bound => bound && constantScalar(binder, bound, binder.isFailed(axis) ? undefined : axis.type),
  )
  const step = constantScalar(binder, node.step)
  if ([axis, from, to, step].some(expr => expr !== undefined && binder.isFailed(expr))) {
    return undefined
  }
  const types = AXES[axis.type]
  if (types === undefined) {
    if (axis.type === 'decimal') {
      binder.fail('KQL101', 'make-series on a decimal is not supported.', node.axis.span)
    } else {
      const message = 'The axis must be a datetime, a timespan or a number.'
      binder.fail('KS141', message, node.axis.span)
    }
    return undefined
  }
  const [axisType, stepType] = types
  if (step.type !== stepType && !widens(step.type, stepType)) {
    const message = `The step of an axis of type ${axis.type} must be a ${stepType}.`
    binder.fail('KS178', message, node.step.span)
    return undefined
  }
  return {
    axis: binder.convert(axis, axisType),
    form: node.form,
    from: from && binder.convert(from, axisType),
    to: to && binder.convert(to, axisType),
    step: binder.convert(step, stepType),
  }
}

/** A scalar that is constant in a run, of the type of the axis if that is given. */
function constantScalar(binder: Binder, syntax: ExpressionSyntax, axis?: ScalarType): Expr {
  const expr = binder.scalar(syntax, { schema: [] })
  if (binder.isFailed(expr)) return expr
  if (!isRunConstant(expr)) return binder.fail('KS120', 'It must be constant.', syntax.span)
  const wanted = axis === 'int' ? 'long' : axis
  if (wanted === undefined || expr.type === wanted || widens(expr.type, wanted)) return expr
  return binder.fail('KS141', `The expression must have the type ${wanted}.`, syntax.span)
}

const WIDTHS: readonly ScalarType[] = ['int', 'long', 'real', 'decimal']

function widens(from: ScalarType, to: ScalarType): boolean {
  return isNumeric(from) && WIDTHS.indexOf(from) < WIDTHS.indexOf(to)
}

/** A column of the aggregates with what stands where there are no rows; undefined after a fault. */
function bindValue(
  binder: Binder,
  { name, expr }: NamedExpr,
  syntax: ExpressionSyntax | undefined,
  span: Plan['span'],
): SeriesValue | undefined {
  const given = syntax && constantScalar(binder, syntax)
  if (binder.isFailed(expr) || (given && binder.isFailed(given))) return undefined
  const { type } = expr
  if (!isNumeric(type)) {
    const message = `make-series of values of type ${type} is not supported.`
    binder.fail('KQL101', message, span, 'Use an aggregate that gives a number.')
    return undefined
  }
  if (given === undefined) return { name, default: zeroOf(binder, type, span) }
  const converted = defaultOf(binder, given, type)
  if (converted !== undefined) return { name, default: converted }
  const message = `A default of type ${given.type} for values of type ${type} is not supported.`
  binder.fail('KQL101', message, given.span)
  return undefined
}

function zeroOf(binder: Binder, type: ScalarType, span: Plan['span']): Expr {
  return binder.convert(literal('long', 0n, span), type)
}

/** The default as a value of the type; undefined where it is none. */
function defaultOf(binder: Binder, given: Expr, type: ScalarType): Expr | undefined {
  if (given.type === type || widens(given.type, type)) return binder.convert(given, type)
  if (given.kind !== 'literal') return undefined
  if (given.value === null) return literal(type, null, given.span)
  const whole = typeof given.value === 'bigint' || Number.isSafeInteger(given.value)
  return isNumeric(given.type) && whole ? binder.convert(given, type) : undefined
}

/** The rows whose axis lies within the bounds. */
function within(
  binder: Binder,
  input: Plan,
  axis: Expr,
  { from, to, form }: Grid,
  span: Plan['span'],
): Plan {
  const parts = [
    ...(from ? [binder.call('>=', [axis, from], span)] : []),
    ...(to ? [binder.call(form === 'in-range' ? '<=' : '<', [axis, to], span)] : []),
  ]
  const [first, second] = parts
  if (first === undefined) return input
  const predicate = second ? binder.call('and', [first, second], span) : first
  return { kind: 'where', input, predicate, schema: input.schema, span }
}

/** The point of the grid that a row belongs to. */
function pointOf(binder: Binder, axis: Expr, { from, step, form }: Grid, span: Plan['span']): Expr {
  if (from === undefined || form === 'in-range') return binder.call('bin', [axis, step], span)
  return binder.call('bin_at', [axis, step, from], span)
}
