import { quoteString } from '../../lexer/string-literal.ts'
import type {
  CallSyntax,
  DatatableSyntax,
  EvaluateSyntax,
  ExpressionSyntax,
  FindSyntax,
  MemberSyntax,
  NameSyntax,
  OperatorSyntax,
  PipeSyntax,
  PrintSyntax,
  RangeSyntax,
  SearchSyntax,
  UnionSyntax,
} from '../../parser/syntax.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import { commonType } from '../../types/common-type.ts'
import { convertScalar } from '../../types/convert.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { isRunConstant } from '../plan/expression.ts'
import type { NamedExpr, Plan, ScanPlan } from '../plan/nodes.ts'
import { isGraph } from '../plan/plan.ts'
import { declared, projectOf, withValues } from './columns.ts'
import type { Binder } from './context.ts'
import { bindExternalData } from './external-data.ts'
import { ColumnNames } from './naming.ts'
import { offlineReason } from './offline-calls.ts'
import { bindPatternCall, patternCall } from './patterns.ts'
import { SeveralCollector } from './rows.ts'
import { bindSeveral, namedValues, severalCall, severalEntry } from './several-columns.ts'
import { didYouMean } from './suggest.ts'
import { bindWatchlistCall, isWatchlistCall, readsWatchlists } from './watchlists.ts'
import type { Place, PlaceCall } from './workspace.ts'

const NO_ROWS = { schema: [] }

/** Binds a tabular expression; a fault is reported once and gives a failed plan. */
export function bindTabular(binder: Binder, syntax: ExpressionSyntax): Plan {
  const pattern = patternCall(binder, syntax)
  if (pattern !== undefined) return bindPatternCall(binder, pattern)
  switch (syntax.kind) {
    case 'name':
      return bindTableName(binder, syntax)
    case 'pipe':
      return bindPipe(binder, syntax)
    case 'datatable':
      return bindDatatable(binder, syntax)
    case 'print':
      return bindPrint(binder, syntax)
    case 'range':
      return bindRange(binder, syntax)
    case 'externaldata':
      return bindExternalData(binder, syntax)
    case 'union':
    case 'search':
    case 'find':
      return bindSourceOperator(binder, syntax)
    case 'evaluate':
      return bindEvaluateSource(binder, syntax)
    case 'call':
      return bindTableCall(binder, syntax)
    case 'member':
      return bindRemote(binder, syntax)
    case 'unsupported':
      return binder.failedPlan(syntax.span)
    default:
      return binder.failTabular('KS137', 'A tabular expression is expected.', syntax.span)
  }
}

function bindTableName(binder: Binder, syntax: NameSyntax): Plan {
  const { name, span } = syntax
  if (syntax.missing === true) return binder.failedPlan(span)
  const binding = binder.scope.lookup(name)
  switch (binding?.kind) {
    case 'tabular':
      return binding.plan
    case 'function': {
      const bound = binder.applyFunction(binding, [], span, NO_ROWS)
      if (bound.kind === 'tabular') return bound.plan
      if (binder.isFailed(bound.expr)) return binder.failedPlan(span)
      return binder.failTabular('KS137', `The function \`${name}\` gives no table.`, span)
    }
    case 'pattern':
      return binder.failTabular('KS119', `The pattern \`${name}\` needs arguments.`, span)
    case 'scalar':
      if (binder.isFailed(binding.expr)) return binder.failedPlan(span)
      return binder.failTabular('KS137', `\`${name}\` is a scalar, not a table.`, span)
    default:
      if (readsWatchlists(binder, name)) return bindWatchlistCall(binder, name, [], span)
      return scanOf(binder, name, span)
  }
}

/**
 * A scan of all columns of a table of the catalog. `optional`: it is not named, but meant together with
 * others, so that there need not be data of it.
 */
export function scanOf(binder: Binder, name: string, span: Span, optional = false): Plan {
  const schema = binder.catalog.schemaOf(name)
  if (schema === undefined) {
    return binder.failTabular(
      'KS204',
      `The name \`${name}\` does not refer to any known table, tabular variable or function.`,
      span,
      didYouMean(name, [...binder.scope.names(), ...binder.catalog.names()]),
    )
  }
  const bound = binder.tablesBound.get(name)
  if (bound === undefined || (bound.optional === true && !optional)) {
    binder.tablesBound.set(name, { schema, span, optional })
  }
  const columns = schema.map(({ name: column, type }) => ({ name: column, type, column }))
  const scan = { kind: 'scan', table: name, columns, schema, span } satisfies ScanPlan
  return optional ? { ...scan, optional } : scan
}

function bindPipe(binder: Binder, syntax: PipeSyntax): Plan {
  return bindOperators(binder, syntax.operators, binder.tabular(syntax.source))
}

/** Binds operators, each over the rows that the one before it gives. */
export function bindOperators(
  binder: Binder,
  operators: readonly OperatorSyntax[],
  input: Plan,
): Plan {
  return operators.reduce((plan, operator) => bindOperator(binder, operator, plan), input)
}

/** The operators that take a graph. */
const OF_GRAPHS: ReadonlySet<string> = new Set([
  'graph-match',
  'graph-shortest-paths',
  'graph-mark-components',
  'graph-to-table',
])

function bindOperator<K extends OperatorSyntax['kind']>(
  binder: Binder,
  node: Extract<OperatorSyntax, { kind: K }>,
  input: Plan,
): Plan {
  if (binder.isFailedPlan(input) || node.kind === 'unsupported') {
    return binder.failedPlan(node.span)
  }
  if (isGraph(input) && !OF_GRAPHS.has(node.kind)) {
    const hint = 'Use graph-match or graph-to-table first.'
    const message = `${node.kind} needs rows, and this is a graph.`
    return binder.failTabular('KS137', message, node.span, hint)
  }
  const { bind, closes } = binder.operators[node.kind as K]
  const plan = bind(node, input, binder)
  return binder.admitted(closes === true ? binder.closed(plan) : plan)
}

function bindDatatable(binder: Binder, syntax: DatatableSyntax): Plan {
  const { span } = syntax
  const names = new ColumnNames()
  for (const { name } of syntax.columns) {
    if (names.claim(name.name)) continue
    const message = `A column with the name \`${name.name}\` is already declared.`
    return binder.failTabular('KS171', message, name.span)
  }
  const schema = syntax.columns.map(({ name, type }) => ({ name: name.name, type }))
  const width = schema.length
  if (width === 0 || syntax.values.length % width !== 0) {
    return binder.failTabular(
      'KS119',
      `There are ${syntax.values.length} values, which is not a multiple of ${width} columns.`,
      span,
    )
  }
  const rows: ScalarValue[][] = []
  syntax.values.forEach((value, index) => {
    const column = schema[index % width]
    if (column === undefined) return
    if (index % width === 0) rows.push([])
    rows.at(-1)?.push(constantValue(binder, value, column.type))
  })
  return { kind: 'values', schema, rows, span }
}

/** The value of an expression that is constant in the query, converted as datatable converts. */
function constantValue(binder: Binder, syntax: ExpressionSyntax, type: ScalarType): ScalarValue {
  const expr = binder.scalar(syntax, NO_ROWS)
  if (binder.isFailed(expr)) return null
  if (expr.kind !== 'literal') {
    binder.fail('KS120', 'The value must be a literal.', syntax.span)
    return null
  }
  if (expr.type === type || expr.value === null) {
    return expr.value === null && type === 'string' ? '' : expr.value
  }
  const converted = convertScalar(expr.value, expr.type, type)
  if (converted === null && expr.type !== 'string' && expr.type !== 'dynamic') {
    binder.fail('KS107', `A value of type ${type} is expected, not ${expr.type}.`, syntax.span)
  }
  return converted
}

function bindPrint(binder: Binder, syntax: PrintSyntax): Plan {
  const { span } = syntax
  const names = new ColumnNames()
  const several = new SeveralCollector()
  const columns = syntax.columns.flatMap((column, index): NamedExpr[] => {
    const call = severalCall(binder, column.expression, NO_ROWS)
    const values =
      call === undefined
        ? [printed(binder, column.expression, index)]
        : bindSeveral(binder, call, column.expression.span, several)
    const [, another] = column.names
    if (call === undefined && another !== undefined) {
      binder.fail('KS149', 'The expression gives one value, which has one name.', another.span)
      return values
    }
    return namedValues(
      binder,
      column,
      values,
      'dropped',
      name => names.unique(name),
      name => declared(binder, names, name),
    )
  })
  const row: Plan = { kind: 'values', schema: [], rows: [[]], span }
  return projectOf(binder, withValues(binder, row, several), columns, span)
}

/** The column of an expression: only one that a call gives several of has a name of its own. */
function printed(binder: Binder, syntax: ExpressionSyntax, index: number): NamedExpr {
  const entry = severalEntry(binder, syntax, NO_ROWS)
  return entry ?? { name: `print_${index}`, expr: binder.scalar(syntax, NO_ROWS) }
}

function bindRange(binder: Binder, syntax: RangeSyntax): Plan {
  const { span } = syntax
  const [from, to, step] = [syntax.from, syntax.to, syntax.step].map(part =>
    binder.scalar(part, NO_ROWS),
  )
  if (from === undefined || to === undefined || step === undefined) return binder.failedPlan(span)
  if ([from, to, step].some(expr => binder.isFailed(expr))) return binder.failedPlan(span)
  if (![from, to, step].every(isRunConstant)) {
    return binder.failTabular('KS120', 'The bounds of range must be constant.', span)
  }
  const temporal = from.type === 'datetime' && step.type === 'timespan' && to.type === 'datetime'
  const types = [from.type, to.type, step.type]
  const type = temporal ? 'datetime' : commonType(types)
  const fits = temporal || types.every(each => ['int', 'long', 'real', 'timespan'].includes(each))
  if (!fits || type === undefined) {
    return binder.failTabular(
      'KS106',
      `range is not defined for the types (${from.type}, ${to.type}, ${step.type}).`,
      span,
    )
  }
  return {
    kind: 'range',
    schema: [{ name: syntax.column.name, type }],
    from: binder.convert(from, type),
    to: binder.convert(to, type),
    step: temporal ? step : binder.convert(step, type),
    span,
  }
}

/** `union A, B`, search and find as a source are the operator without an input of its own. */
function bindSourceOperator(binder: Binder, syntax: UnionSyntax | SearchSyntax | FindSyntax): Plan {
  const nothing: Plan = { kind: 'union', inputs: [], schema: [], span: syntax.span }
  switch (syntax.kind) {
    case 'union':
      return binder.operators.union.bind(syntax, nothing, binder)
    case 'search':
      return binder.operators.search.bind(syntax, nothing, binder)
    case 'find':
      return binder.operators.find.bind(syntax, nothing, binder)
  }
}

/** `evaluate f()` as a source is the operator over rows of nothing. */
function bindEvaluateSource(binder: Binder, syntax: EvaluateSyntax): Plan {
  const nothing: Plan = { kind: 'values', schema: [], rows: [], span: syntax.span }
  return binder.operators.evaluate.bind(syntax, nothing, binder)
}

function bindTableCall(binder: Binder, syntax: CallSyntax): Plan {
  const { name } = syntax.callee
  const [first] = syntax.arguments
  if (syntax.target !== undefined) return bindRemote(binder, syntax)
  const binding = binder.scope.lookup(name)
  if (binding?.kind === 'function') {
    const bound = binder.applyFunction(binding, syntax.arguments, syntax.span, NO_ROWS)
    if (bound.kind === 'tabular') return bound.plan
    if (binder.isFailed(bound.expr)) return binder.failedPlan(syntax.span)
    return binder.failTabular('KS137', `The function \`${name}\` gives no table.`, syntax.span)
  }
  if (isWatchlistCall(binder, syntax)) {
    return bindWatchlistCall(binder, name, syntax.arguments, syntax.span)
  }
  if (name === 'materialize' && first !== undefined && syntax.arguments.length === 1) {
    return binder.share(binder.tabular(first), syntax.span)
  }
  if (name === 'table') return bindTableFunction(binder, syntax)
  if (binder.library.scalar(name) !== undefined || name === 'toscalar') {
    return binder.failTabular('KS137', 'A tabular expression is expected.', syntax.span)
  }
  const offline = offlineReason(syntax)
  if (offline !== undefined) return binder.failTabular('KQL106', offline, syntax.span)
  if (binder.library.isUnsupported(name)) {
    const message = `The function \`${name}\` is not supported.`
    return binder.failTabular('KQL100', message, syntax.callee.span)
  }
  return binder.failTabular(
    'KS211',
    `The name \`${name}\` does not refer to any known function.`,
    syntax.callee.span,
    didYouMean(name, binder.scope.names()),
  )
}

/**
 * `table('T')`: the table or function of a constant name; which of its data are meant by a second
 * argument has no effect offline.
 */
function bindTableFunction(binder: Binder, syntax: CallSyntax): Plan {
  const [name, scope, ...rest] = syntax.arguments
  if (name === undefined || rest.length > 0) {
    return binder.failTabular('KS119', 'table takes a name and a data scope.', syntax.span)
  }
  const value = binder.constant(name, 'string')
  const range = scope === undefined ? undefined : binder.constant(scope, 'string')
  if (binder.isFailed(value) || (range !== undefined && binder.isFailed(range))) {
    return binder.failedPlan(syntax.span)
  }
  if (value.kind !== 'literal' || typeof value.value !== 'string') {
    return binder.failTabular('KS120', 'The name of the table must be a constant.', name.span)
  }
  if (range?.kind === 'literal' && !DATA_SCOPES.has(String(range.value))) {
    const message = `The data scope is one of ${[...DATA_SCOPES].join(', ')}.`
    return binder.failTabular('KS128', message, range.span)
  }
  if (binder.catalog.has(value.value)) return scanOf(binder, value.value, name.span)
  return bindTableName(binder, { kind: 'name', name: value.value, span: name.span })
}

const DATA_SCOPES: ReadonlySet<string> = new Set(['default', 'all', 'hotcache'])

const REMOTE = new Set(['database', 'cluster', 'workspace', 'app', 'resource', 'adx', 'arg'])

/** Functions of Azure Monitor, which Kusto itself does not know. */
const UNKNOWN_PLACES: ReadonlySet<string> = new Set(['workspace', 'app', 'resource', 'adx', 'arg'])

/** The call that an expression such as `cluster('c').database('d').T` starts with, if it does. */
export function remoteCall(syntax: ExpressionSyntax): CallSyntax | undefined {
  let root = syntax
  while (root.kind === 'member' || (root.kind === 'call' && root.target !== undefined)) {
    root = root.target as ExpressionSyntax
  }
  return root.kind === 'call' && REMOTE.has(root.callee.name) ? root : undefined
}

/** `database('x').T`, `workspace('w').T`: data of another place, where the workspace has them. */
function bindRemote(binder: Binder, syntax: MemberSyntax | CallSyntax): Plan {
  const root = remoteCall(syntax)
  if (root === undefined || syntax.target === undefined) {
    return binder.failTabular('KS137', 'A tabular expression is expected.', syntax.span)
  }
  const calls = placeCalls(binder, syntax.target)
  if (calls === undefined) return binder.failedPlan(syntax.span)
  const place = binder.workspace.place(calls)
  if (place !== undefined) return inPlace(binder, syntax, calls, place)
  const text = placeText(calls)
  return binder.failTabular(
    UNKNOWN_PLACES.has(root.callee.name) ? 'KS211' : 'KQL101',
    `Nothing says where the data of ${text} are.`,
    syntax.span,
    `Map it to data in kqlab.yaml, or load its data as a table of this run and name that alone.`,
  )
}

/** The calls that name a place, first to last; undefined after a fault, which is reported. */
function placeCalls(binder: Binder, syntax: ExpressionSyntax): PlaceCall[] | undefined {
  const calls: PlaceCall[] = []
  let at: ExpressionSyntax | undefined = syntax
  while (at !== undefined) {
    if (at.kind !== 'call' || at.arguments.length !== 1 || !REMOTE.has(at.callee.name)) {
      binder.failTabular('KQL101', 'Only tables of another place are supported.', at.span)
      return undefined
    }
    const argument = binder.scalarOf(at.arguments[0]!, NO_ROWS, 'string')
    if (binder.isFailed(argument)) return undefined
    if (argument.kind !== 'literal') {
      binder.failTabular('KS120', 'The name of a place must be constant.', argument.span)
      return undefined
    }
    calls.push({ function: at.callee.name, argument: String(argument.value) })
    at = at.target
  }
  return calls.reverse()
}

/** The place as a query names it. */
export function placeText(calls: readonly PlaceCall[]): string {
  return calls.map(call => `${call.function}(${quoteString(call.argument)})`).join('.')
}

function inPlace(
  binder: Binder,
  syntax: MemberSyntax | CallSyntax,
  calls: readonly PlaceCall[],
  place: Place | 'local',
): Plan {
  const { span } = syntax
  if (syntax.kind === 'call') {
    const [first] = syntax.arguments
    const isTable = syntax.callee.name === 'table' && first?.kind === 'literal'
    if (isTable && typeof first.value === 'string') {
      return tableIn(binder, first.value, first.span, calls, place)
    }
    if (place === 'local') {
      const { target: _, ...call } = syntax
      return bindTableCall(binder, call)
    }
    const message = `Functions of ${placeText(calls)} are not supported.`
    return binder.failTabular('KQL101', message, span)
  }
  return tableIn(binder, syntax.member.name, syntax.member.span, calls, place)
}

function tableIn(
  binder: Binder,
  name: string,
  span: Span,
  calls: readonly PlaceCall[],
  place: Place | 'local',
): Plan {
  if (place === 'local') return bindTableName(binder, { kind: 'name', name, span })
  const schema = place.schemaOf(name)
  if (schema === undefined) {
    const message = `${placeText(calls)} has no table \`${name}\`.`
    return binder.failTabular('KS204', message, span, didYouMean(name, place.names()))
  }
  const columns = schema.map(({ name: column, type }) => ({ name: column, type, column }))
  return { kind: 'scan', table: place.tableName(name), columns, schema, span }
}
