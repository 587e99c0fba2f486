import type { CallSyntax, ExpressionSyntax } from '../../parser/syntax.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { findColumn } from '../../types/schema.ts'
import type { AggregateFunction } from '../functions/declare.ts'
import { childrenOf, literal, varies } from '../plan/expression.ts'
import type { AggregateExpr, Expr, Plan } from '../plan/nodes.ts'
import { printExpression } from '../plan/print-expression.ts'
import { projectOf } from './columns.ts'
import type { Binder } from './context.ts'
import { refuseVarying, takesLiterals } from './fold.ts'
import { offlineReason } from './offline-calls.ts'
import { callFault, isScalarCall, resolveOverload, resultTypeOf } from './overloads.ts'
import type { Rows } from './rows.ts'
import { didYouMean } from './suggest.ts'
import { isWatchlistCall } from './watchlists.ts'

/** Binds a call where a scalar is expected. */
export function bindCall(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const { name } = syntax.callee
  if (syntax.target !== undefined) {
    return binder.fail('KQL101', 'Functions of another database are not supported.', syntax.span)
  }
  const local = rows.local?.call?.(syntax)
  if (local !== undefined) return local
  const special = SPECIAL.get(name)
  if (special !== undefined) return special(binder, syntax, rows)
  const binding = binder.scope.lookup(name)
  if (binding?.kind === 'function') {
    return binder.callFunction(binding, syntax.arguments, syntax.span, rows)
  }
  if (binding?.kind === 'pattern') {
    return binder.fail(
      'KS138',
      `The pattern \`${name}\` gives a table, but a scalar is expected.`,
      syntax.span,
      'Use toscalar(…) to take a single value of a table.',
    )
  }
  const declaration = binder.library.scalar(name)
  if (declaration?.columns !== undefined) return severalValues(binder, syntax)
  if (isScalarCall(binder.library, name, syntax.arguments.length)) {
    const args = syntax.arguments.map(argument => binder.scalar(argument, rows))
    return binder.call(name, args, syntax.span)
  }
  const aggregate = binder.library.aggregate(name)
  if (aggregate !== undefined) return aggregateValue(binder, aggregate, syntax, rows)
  if (binder.library.window(name) !== undefined) return windowValue(binder, syntax, rows)
  return unknownFunction(binder, syntax)
}

function severalValues(binder: Binder, { callee, span }: CallSyntax): Expr {
  return binder.fail(
    'KQL101',
    `The function \`${callee.name}\` gives several columns, which no expression can hold here.`,
    span,
    'Make columns of it first: `| extend (a, b) = …`. Or take one: `…[0]`.',
  )
}

/** Aggregates that give a column for each percentile: they stand alone behind `summarize`. */
export const PERCENTILES: ReadonlySet<string> = new Set(['percentiles', 'percentilesw'])

/** Functions of the patterns of graphs that are nothing elsewhere. */
const IN_PATTERNS: ReadonlySet<string> = new Set([
  'all',
  'map',
  'inner_nodes',
  'labels',
  'node_id',
  'node_degree_in',
  'node_degree_out',
])

function unknownFunction(binder: Binder, syntax: CallSyntax): Expr {
  const { name, span } = syntax.callee
  if (isWatchlistCall(binder, syntax)) {
    const message = `\`${name}\` gives a table, but a scalar is expected.`
    return binder.fail(
      'KS138',
      message,
      syntax.span,
      'Use toscalar(…) to take a single value of it.',
    )
  }
  if (PERCENTILES.has(name)) return misplacedAggregate(binder, syntax)
  if (IN_PATTERNS.has(name)) {
    const message = `The function \`${name}\` is known only where graph-match names nodes and edges.`
    return binder.fail('KS211', message, span)
  }
  const offline = offlineReason(syntax)
  if (offline !== undefined) return binder.fail('KQL106', offline, syntax.span)
  if (binder.library.isUnsupported(name)) {
    return binder.fail('KQL100', `The function \`${name}\` is not supported.`, span)
  }
  return binder.fail(
    'KS211',
    `The name \`${name}\` does not refer to any known function.`,
    span,
    didYouMean(name, [...binder.scope.names(), ...binder.library.names()]),
  )
}

type Special = (binder: Binder, syntax: CallSyntax, rows: Rows) => Expr

const SPECIAL: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['toscalar', bindToScalar],
  ['column_ifexists', bindColumnIfExists],
  ['columnifexists', bindColumnIfExists],
  ['column_names_of', bindColumnNamesOf],
  ['iscolumnexists', bindIsColumnExists],
  ['ingestion_time', bindIngestionTime],
  ['pack_all', bindPackAll],
  ['pack_array', bindPackArray],
  ['estimate_data_size', bindEstimateDataSize],
  ['bag_pack_columns', bindBagPackColumns],
  ['percentile_tdigest', bindPercentileTdigest],
  ['bin_auto', bindBinAuto],
  ['array_sort_asc', bindArraySort],
  ['array_sort_desc', bindArraySort],
])

function bindToScalar(binder: Binder, syntax: CallSyntax): Expr {
  const [argument] = syntax.arguments
  if (argument === undefined || syntax.arguments.length > 1) {
    return binder.fail('KS119', 'toscalar takes one argument.', syntax.span)
  }
  const bound = binder.bindAny(argument, { schema: [] })
  if (bound.kind === 'scalar' && !varies(bound.expr)) return binder.at(bound.expr, syntax.span)
  const plan = bound.kind === 'scalar' ? printOf(binder, bound.expr, syntax) : bound.plan
  const [column] = plan.schema
  if (binder.isFailedPlan(plan)) return binder.failed(syntax.span)
  if (column === undefined && binder.isOpen(plan.schema)) return binder.unread([], syntax.span)
  if (column === undefined) {
    return binder.fail('KS107', 'The table has no column.', argument.span)
  }
  if (binder.isFailedColumn(column)) return binder.failedRead(column, syntax.span)
  return { kind: 'query', mode: 'scalar', type: column.type, plan, span: syntax.span }
}

/**
 * The expression as a table: what varies from row to row has one value of a run there. It is the same
 * table whenever a function is called that contains the call, unless arguments make another of it.
 */
function printOf(binder: Binder, expr: Expr, call: CallSyntax): Plan {
  const { span } = expr
  const row: Plan = { kind: 'values', schema: [], rows: [[]], span }
  const plan = projectOf(binder, row, [{ name: 'print_0', expr }], span)
  if (hasSubquery(expr)) return plan
  const known = binder.printed.get(call) ?? new Map<string, Plan>()
  binder.printed.set(call, known)
  const text = printExpression(expr)
  const same = known.get(text) ?? plan
  known.set(text, same)
  return same
}

function hasSubquery(expr: Expr): boolean {
  return expr.kind === 'query' || childrenOf(expr).some(hasSubquery)
}

function bindColumnIfExists(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const [name, fallback] = syntax.arguments
  if (name === undefined || fallback === undefined || syntax.arguments.length > 2) {
    return binder.fail('KS119', 'column_ifexists takes two arguments.', syntax.span)
  }
  const bound = binder.scalar(name, rows)
  if (binder.isFailed(bound)) return bound
  if (bound.kind !== 'literal' || typeof bound.value !== 'string' || bound.type !== 'string') {
    return binder.fail('KS120', 'The name of the column must be a constant string.', name.span)
  }
  const column = findColumn(rows.schema, bound.value)
  if (column === undefined) {
    const otherwise = binder.at(binder.scalar(fallback, rows), syntax.span)
    if (binder.isFailed(otherwise) || !binder.isOpen(rows.schema)) return otherwise
    return binder.pending(otherwise.type, syntax.span)
  }
  if (binder.isFailedColumn(column)) return binder.failedRead(column, syntax.span)
  return { kind: 'column', type: column.type, name: column.name, span: syntax.span }
}

/** Whether the rows have a column of that constant name. */
function bindIsColumnExists(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const [name, another] = syntax.arguments
  if (name === undefined || another !== undefined) {
    return binder.fail('KS119', 'iscolumnexists takes one argument.', syntax.span)
  }
  const bound = binder.scalar(name, rows)
  if (binder.isFailed(bound)) return bound
  if (bound.kind !== 'literal' || bound.type !== 'string') {
    return binder.fail('KS120', 'The name of the column must be a constant string.', name.span)
  }
  const exists = findColumn(rows.schema, String(bound.value)) !== undefined
  return literal('bool', exists, syntax.span)
}

/** The names of the columns of a table, in their order. */
function bindColumnNamesOf(binder: Binder, syntax: CallSyntax): Expr {
  const [table] = syntax.arguments
  if (table === undefined || syntax.arguments.length > 1) {
    return binder.fail('KS119', 'column_names_of takes one table.', syntax.span)
  }
  const plan = binder.tabular(table)
  if (binder.isFailedPlan(plan)) return binder.failed(syntax.span)
  return literal(
    'dynamic',
    plan.schema.map(column => column.name),
    syntax.span,
  )
}

/** `bin` or `bin_at` with what the options of the query say. */
function bindBinAuto(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const [value] = syntax.arguments
  if (value === undefined || syntax.arguments.length > 1) {
    return binder.fail('KS119', 'bin_auto takes one argument.', syntax.span)
  }
  const expr = binder.scalar(value, rows)
  const size = binder.options.get('query_bin_auto_size')
  const at = binder.options.get('query_bin_auto_at')
  if (size === undefined) {
    const message = 'bin_auto needs the option query_bin_auto_size.'
    return binder.fail('KS128', message, syntax.span, 'For example: set query_bin_auto_size=1h;')
  }
  const label = "The function 'bin_auto'"
  if (at === undefined) return binder.call('bin', [expr, size], syntax.span, label)
  return binder.call('bin_at', [expr, size, at], syntax.span, label)
}

const ARRIVAL = '_TimeReceived'

/**
 * The time of arrival, where the rows still have it; else, where it is known how long after their times
 * rows arrive, that; null, as for a table that records none.
 */
function bindIngestionTime(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const { span } = syntax
  if (syntax.arguments.length > 0) {
    return binder.fail('KS119', 'ingestion_time takes no arguments.', span)
  }
  const columnOf = (name: string): Expr | undefined =>
    findColumn(rows.schema, name)?.type === 'datetime'
      ? { kind: 'column', type: 'datetime', name, span }
      : undefined
  const arrival = columnOf(ARRIVAL)
  const time = columnOf('TimeGenerated') ?? columnOf('Timestamp')
  const { arrivalDelay } = binder
  if (typeof arrivalDelay === 'bigint' && time !== undefined) {
    const delay = literal('timespan', arrivalDelay, span)
    const assumed = arrivalDelay === 0n ? time : binder.call('+', [time, delay], span)
    return arrival === undefined ? assumed : binder.call('coalesce', [arrival, assumed], span)
  }
  if (arrival !== undefined) {
    if (arrivalDelay === 'spread') {
      const message = `ingestion_time() is null for rows without ${ARRIVAL}: delays differ from row to row.`
      binder.diagnostics.warning('KQL205', message, span)
    }
    return arrival
  }
  binder.diagnostics.warning(
    'KQL205',
    `The rows have no column ${ARRIVAL}: ingestion_time() is null.`,
    syntax.span,
  )
  return literal('datetime', null, syntax.span)
}

function bindPackAll(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const [flag, another] = syntax.arguments
  if (another !== undefined) {
    return binder.fail('KS119', 'pack_all takes one argument at most.', syntax.span)
  }
  const ignore =
    flag === undefined ? literal('bool', false, syntax.span) : binder.scalarOf(flag, rows, 'bool')
  return packColumns(
    binder,
    rows.schema.map(column => column.name),
    ignore,
    syntax,
    rows,
  )
}

function bindPackArray(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const { arguments: written, callee, span } = syntax
  // Among others the star is none of the arguments.
  const items = written.length === 1 ? withAllColumns(written, rows) : written
  if (items.length < written.length && binder.isOpen(rows.schema)) {
    return binder.pending('dynamic', span)
  }
  return binder.call(
    callee.name,
    items.map(item => binder.scalar(item, rows)),
    span,
  )
}

/** The arguments, with all columns in the place of `*`. */
function withAllColumns(list: readonly ExpressionSyntax[], rows: Rows): ExpressionSyntax[] {
  return list.flatMap((argument): readonly ExpressionSyntax[] => {
    if (argument.kind !== 'star') return [argument]
    return rows.schema.map(({ name }) => ({ kind: 'name', name, span: argument.span }))
  })
}

const BYTES: ReadonlyMap<ScalarType, bigint> = new Map([
  ['bool', 1n],
  ['int', 4n],
  ['long', 8n],
  ['real', 8n],
  ['datetime', 8n],
  ['timespan', 8n],
  ['guid', 16n],
])

/** The bytes of texts, and of what always has as many. How many a dynamic has is not documented. */
function bindEstimateDataSize(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const { span } = syntax
  let fixed = 0n
  let size: Expr | undefined
  for (const item of withAllColumns(syntax.arguments, rows)) {
    if (item.kind !== 'name') return binder.fail('KS109', 'A column is expected.', item.span)
    const column = binder.scalar(item, rows)
    if (binder.isFailed(column)) return column
    const bytes = BYTES.get(column.type)
    if (bytes !== undefined) {
      fixed += bytes
    } else if (column.type === 'string') {
      const own = binder.call('string_size', [column], span)
      size = size === undefined ? own : binder.call('+', [size, own], span)
    } else {
      const message = `How large a value of type ${column.type} is counted is not documented.`
      return binder.fail('KQL101', message, item.span)
    }
  }
  if (syntax.arguments.length === 0) {
    return binder.fail('KS119', 'estimate_data_size takes columns.', span)
  }
  const rest: Expr = { kind: 'literal', type: 'long', value: fixed, span }
  return size === undefined ? rest : binder.call('+', [size, rest], span)
}

function bindBagPackColumns(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const names: string[] = []
  if (syntax.arguments.length === 0) {
    return binder.fail('KS119', 'bag_pack_columns takes columns.', syntax.span)
  }
  for (const argument of syntax.arguments) {
    if (argument.kind !== 'name')
      return binder.fail('KS109', 'A column is expected.', argument.span)
    names.push(argument.name)
  }
  return packColumns(binder, names, literal('bool', false, syntax.span), syntax, rows)
}

/** Several arrays sorted by the first are several columns, which one expression cannot hold. */
function bindArraySort(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const { name } = syntax.callee
  const args = syntax.arguments.map(argument => binder.scalar(argument, rows))
  if (args.slice(1).some(argument => argument.type === 'dynamic' && !binder.isFailed(argument))) {
    return severalValues(binder, syntax)
  }
  return binder.call(name, args, syntax.span)
}

/** A third argument `typeof(…)` is the type of the result. */
function bindPercentileTdigest(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const [digest, percentile, type] = syntax.arguments
  const given = type?.kind === 'typeof' ? [digest!, percentile!] : syntax.arguments
  const args = given.map(argument => binder.scalar(argument, rows))
  const result = binder.call(syntax.callee.name, args, syntax.span)
  if (type?.kind !== 'typeof' || binder.isFailed(result)) return result
  if (syntax.arguments.length > 3 || typeof type.type !== 'string') {
    return binder.fail('KS128', 'A scalar type is expected.', type.span)
  }
  return binder.convert(result, type.type)
}

function packColumns(
  binder: Binder,
  names: readonly string[],
  ignore: Expr,
  syntax: CallSyntax,
  rows: Rows,
): Expr {
  const { span } = syntax
  const pairs = names.flatMap(name => [
    literal('string', name, span),
    binder.scalar({ kind: 'name', name, span }, rows),
  ])
  return binder.call('$pack_all', [ignore, ...pairs], span)
}

/** An aggregate inside a larger expression: the column that stands for its value. */
function aggregateValue(
  binder: Binder,
  aggregate: AggregateFunction,
  syntax: CallSyntax,
  rows: Rows,
): Expr {
  const collector = rows.aggregates
  if (collector === undefined) return misplacedAggregate(binder, syntax)
  const args = syntax.arguments.map(argument =>
    binder.scalar(argument, { schema: collector.input }),
  )
  const bound = bindAggregateCall(binder, aggregate, args, syntax)
  if (bound === undefined) return binder.unread(args, syntax.span, aggregate.overloads)
  const column = collector.add(bound.call, bound.type)
  return { kind: 'column', type: column.type, name: column.name, span: syntax.span }
}

function misplacedAggregate(binder: Binder, { callee, span }: CallSyntax): Expr {
  const message = `The aggregate function \`${callee.name}\` is not allowed in this context.`
  return binder.fail('KS144', message, span)
}

/** An aggregate applied to bound arguments, without its outputs; undefined after a fault. */
export function bindAggregateCall(
  binder: Binder,
  aggregate: AggregateFunction,
  args: readonly Expr[],
  syntax: ExpressionSyntax,
): { call: Omit<AggregateExpr, 'outputs'>; type: ScalarType } | undefined {
  const { span } = syntax
  if (args.some(argument => binder.isFailed(argument))) return undefined
  const types = args.map(argument => argument.type)
  const found = resolveOverload(aggregate.overloads, types)
  const overload = found === undefined ? undefined : aggregate.overloads[found.index]
  if (found === undefined || overload === undefined) {
    const fault = callFault(`The aggregate \`${aggregate.name}\``, aggregate.overloads, types)
    binder.fail(fault.code, fault.message, span)
    return undefined
  }
  if (refuseVarying(binder, overload, args) !== undefined) return undefined
  const converted = args.map((argument, position) =>
    binder.convert(argument, found.types[position] ?? argument.type),
  )
  if (!takesLiterals(binder, overload, converted, span)) return undefined
  const type = resultTypeOf(overload, found.types, converted)
  const call = { function: aggregate.name, overload: found.index, arguments: converted, span }
  return { call, type }
}

function windowValue(binder: Binder, syntax: CallSyntax, rows: Rows): Expr {
  const { name } = syntax.callee
  const declaration = binder.library.window(name)
  if (declaration === undefined || rows.windows === undefined) {
    const message = `The window function \`${name}\` is not allowed in this context.`
    return binder.fail('KS143', message, syntax.span)
  }
  if (!rows.windows.ordered) {
    return binder.fail(
      'KS143',
      `The function \`${name}\` needs rows in an order, but these have none.`,
      syntax.span,
      'Put `serialize` or `sort by …` before.',
    )
  }
  const args = syntax.arguments.map(argument => binder.scalar(argument, rows))
  if (args.some(argument => binder.isFailed(argument))) return binder.failed(syntax.span)
  const types = args.map(argument => argument.type)
  const found = resolveOverload(declaration.overloads, types)
  const overload = found === undefined ? undefined : declaration.overloads[found.index]
  if (found === undefined || overload === undefined) {
    const fault = callFault(`The function \`${name}\``, declaration.overloads, types)
    return binder.fail(fault.code, fault.message, syntax.span)
  }
  const varying = refuseVarying(binder, overload, args)
  if (varying !== undefined) return varying
  const converted = args.map((argument, position) =>
    binder.convert(argument, found.types[position] ?? argument.type),
  )
  const type = resultTypeOf(overload, found.types, converted)
  const column = rows.windows.add({
    type,
    function: declaration.name,
    overload: found.index,
    arguments: converted,
  })
  return { kind: 'column', type, name: column.name, span: syntax.span }
}
