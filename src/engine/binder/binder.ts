import type {
  CallSyntax,
  ExpressionSyntax,
  FunctionSyntax,
  OperatorParameterSyntax,
  OperatorSyntax,
} from '../../parser/syntax.ts'
import type { ColumnBatch } from '../../tables/batch.ts'
import type { Catalog } from '../../tables/catalog.ts'
import type { DiagnosticCode } from '../../text/codes.ts'
import { DiagnosticBag } from '../../text/diagnostic.ts'
import type { Span } from '../../text/span.ts'
import { isNumeric, type ScalarType } from '../../types/scalar-type.ts'
import { type Column, findColumn, type Schema } from '../../types/schema.ts'
import type { ScalarFunction } from '../functions/declare.ts'
import type { FunctionLibrary } from '../functions/library.ts'
import { isRunConstant, literal } from '../plan/expression.ts'
import type { ContextPlan, Expr, LatePlan, Plan } from '../plan/nodes.ts'
import { Budget } from './budget.ts'
import type {
  Binder,
  Bound,
  BoundTable,
  Discovery,
  FunctionBinding,
  LateRequest,
  OperatorBinders,
  Visualization,
} from './context.ts'
import { foldCall, refuseVarying } from './fold.ts'
import { LateTypes, onlyType, readsContext, Sites } from './late.ts'
import { callFault, resolveOverload, resultTypeOf, type Signature } from './overloads.ts'
import { patternCall } from './patterns.ts'
import type { Rows } from './rows.ts'
import { bindScalar } from './scalar-binder.ts'
import { Scope } from './scope.ts'
import { bindBody } from './statements.ts'
import { bindOperators, bindTabular, remoteCall } from './tabular-binder.ts'
import { parameterScope } from './user-functions.ts'
import { isWatchlistCall, readsWatchlists } from './watchlists.ts'
import { NO_WORKSPACE, type Workspace } from './workspace.ts'

/** What a query is bound against. */
export interface BinderOptions {
  readonly catalog: Catalog
  readonly library: FunctionLibrary
  readonly operators: OperatorBinders
  /** Values for `declare query_parameters`, by name, each of its parameter's type. */
  readonly parameters: ReadonlyMap<string, unknown>
  readonly workspace?: Workspace
  /** The tables that there are data of; not known where missing. */
  readonly withData?: ReadonlySet<string>
  /** How many ticks after their times rows arrive that do not say when; not known where missing. */
  readonly arrivalDelay?: bigint | 'spread'
  /** The columns of late results that were found, by their sites. */
  readonly discoveries?: ReadonlyMap<string, Discovery>
  /** Whether the query is only looked at, never run. */
  readonly toCheck?: boolean
}

const CONVERSIONS: Record<ScalarType, string> = {
  bool: 'tobool',
  int: 'toint',
  long: 'tolong',
  real: 'toreal',
  decimal: 'todecimal',
  datetime: 'todatetime',
  timespan: 'totimespan',
  string: 'tostring',
  guid: 'toguid',
  dynamic: '$dynamic',
}

const MAX_DEPTH = 400
/** How deep functions may call each other. */
const MAX_CALLS = 100

/**
 * Gives a syntax tree its meaning: resolves names and overloads, inserts conversions, names columns.
 * A fault is reported once; what depends on it is failed in silence.
 */
export class QueryBinder implements Binder {
  readonly catalog: Catalog
  readonly library: FunctionLibrary
  readonly operators: OperatorBinders
  readonly workspace: Workspace
  readonly parameters: ReadonlyMap<string, unknown>
  readonly withData: ReadonlySet<string> | undefined
  readonly arrivalDelay: bigint | 'spread' | undefined
  readonly toCheck: boolean
  readonly diagnostics = new DiagnosticBag()
  scope: Scope
  visualization: Visualization | undefined
  readonly options = new Map<string, Expr>()
  tableDepth = 0
  /** Rows of shared nodes that are there before the run, by their ids. */
  readonly kept = new Map<number, readonly ColumnBatch[]>()
  readonly tablesBound = new Map<string, BoundTable>()
  readonly printed = new Map<CallSyntax, Map<string, Plan>>()
  /** The late results that were bound, in order. */
  readonly lateResults: LatePlan[] = []
  readonly #discoveries: ReadonlyMap<string, Discovery>
  readonly #sites = new Sites()
  readonly #late = new LateTypes()
  readonly #failedExprs = new WeakSet<Expr>()
  readonly #failedColumns = new WeakSet<Column>()
  readonly #failedPlans = new WeakSet<Plan>()
  readonly #sides = new WeakMap<Expr, string>()
  readonly #callStack: FunctionSyntax[] = []
  readonly #budget = new Budget()
  #outgrown = false
  #depth = 0
  #shared = 0
  #contexts = 0

  constructor(options: BinderOptions, scope: Scope) {
    this.catalog = options.catalog
    this.library = options.library
    this.operators = options.operators
    this.workspace = options.workspace ?? NO_WORKSPACE
    this.parameters = options.parameters
    this.withData = options.withData
    this.arrivalDelay = options.arrivalDelay
    this.toCheck = options.toCheck === true
    this.#discoveries = options.discoveries ?? new Map()
    this.scope = scope
  }

  // Faults

  /** Reports an error; a failed expression in its place. */
  fail(code: DiagnosticCode, message: string, span: Span, hint?: string): Expr {
    this.diagnostics.error(code, message, span, hint)
    return this.failed(span)
  }

  /** An expression that stands for one that could not be bound; nothing more is reported of it. */
  failed(span: Span): Expr {
    const expr = literal('dynamic', null, span)
    this.#failedExprs.add(expr)
    return expr
  }

  isFailed(expr: Expr): boolean {
    return this.#failedExprs.has(expr)
  }

  /** The column that a failed expression gives: reading it fails in silence. */
  columnOf(name: string, expr: Expr): Column {
    const column = { name, type: expr.type }
    if (this.isFailed(expr)) this.#failedColumns.add(column)
    if (this.#late.isPending(expr)) this.#late.setPending(column)
    return column
  }

  isFailedColumn(column: Column): boolean {
    return this.#failedColumns.has(column)
  }

  /** The column under another name; one of a failed expression stays that. */
  renamed(column: Column, name: string): Column {
    const copy = { name, type: column.type }
    if (this.isFailedColumn(column)) this.#failedColumns.add(copy)
    if (this.#late.isPending(column)) this.#late.setPending(copy)
    return copy
  }

  /** Reports an error; a plan without columns in its place, which no later operator complains of. */
  failTabular(code: DiagnosticCode, message: string, span: Span, hint?: string): Plan {
    this.diagnostics.error(code, message, span, hint)
    return this.failedPlan(span)
  }

  failedPlan(span: Span): Plan {
    const plan: Plan = { kind: 'values', schema: [], rows: [], span }
    this.#failedPlans.add(plan)
    return plan
  }

  isFailedPlan(plan: Plan): boolean {
    return this.#failedPlans.has(plan)
  }

  // What only a run tells

  isOpen(schema: Schema): boolean {
    return this.#late.isOpen(schema)
  }

  openAs(schema: Schema, others: Schema): Schema {
    return this.isOpen(others) ? this.#late.opened(schema) : schema
  }

  columnIn(schema: Schema, name: string): Column | undefined {
    const column = findColumn(schema, name)
    if (column !== undefined || !this.isOpen(schema)) return column
    const added: Column = { name, type: 'dynamic' }
    this.#failedColumns.add(added)
    this.#late.setPending(added)
    this.#late.add(schema, added)
    return added
  }

  failedRead(column: Column, span: Span): Expr {
    if (!this.#late.isPending(column)) return this.failed(span)
    return this.#unknown({ kind: 'column', type: column.type, name: column.name, span })
  }

  unread(parts: readonly Expr[], span: Span, overloads: readonly Signature[] = []): Expr {
    const failed = parts.filter(part => this.isFailed(part))
    if (!failed.every(part => this.#late.isPending(part))) return this.failed(span)
    const type = onlyType(overloads, parts.length)
    return type === undefined ? this.#unknown(this.failed(span)) : this.pending(type, span)
  }

  unreadPart(part: Expr, parts: readonly Expr[], span: Span): Expr {
    const all = this.unread(parts, span)
    if (!this.#late.isPending(all) || this.isFailed(part)) return all
    return this.pending(part.type, span)
  }

  pending(type: ScalarType, span: Span): Expr {
    const expr: Expr = { kind: 'column', type, name: '$late', span }
    this.#late.setPending(expr)
    return expr
  }

  /** An expression of which only a run tells the type. */
  #unknown(expr: Expr): Expr {
    this.#failedExprs.add(expr)
    this.#late.setPending(expr)
    return expr
  }

  /** A call of parts that failed; where a run tells more, it is shown as the call. */
  #unreadCall(declaration: ScalarFunction | undefined, args: readonly Expr[], span: Span): Expr {
    const unread = this.unread(args, span, declaration?.overloads)
    if (declaration === undefined || !this.#late.isPending(unread)) return unread
    const { type } = unread
    const { name } = declaration
    const call = { kind: 'call', type, function: name, overload: 0, arguments: args, span } as const
    if (!this.#budget.allows(call)) return this.#tooLarge(span)
    if (this.isFailed(unread)) return this.#unknown(call)
    this.#late.setPending(call)
    return call
  }

  closed(plan: Plan): Plan {
    this.#late.close(plan)
    return plan
  }

  late(request: LateRequest, make: (columns: Schema, input: Plan) => Plan): Plan {
    const { plugin, input, column, span } = request
    if (readsContext(input)) {
      return this.failTabular(
        'KQL101',
        `\`${plugin}\` over the rows of a subquery needs the schema of its output.`,
        span,
        'Say which columns it gives: `: (Name: string, …)`.',
      )
    }
    const site = this.#sites.next(span)
    const found = this.#discoveries.get(site)
    if (found !== undefined) {
      const shared = found.rows === undefined ? input : this.share(input, span)
      if (found.rows !== undefined && shared.kind === 'shared') this.kept.set(shared.id, found.rows)
      return make(found.columns, shared)
    }
    const schema = this.#late.opened(request.known)
    const late = { kind: 'late', plugin, input, column, site, schema, span } as const
    this.lateResults.push(late)
    return late
  }

  /** Runs `bind`, unless expressions nest too deeply here: then a failed expression. */
  nested(span: Span, bind: () => Expr): Expr {
    if (this.#depth >= MAX_DEPTH) {
      return this.fail('KQL002', `Expressions nest more than ${MAX_DEPTH} levels deep here.`, span)
    }
    if (!this.#budget.spend()) return this.#tooLarge(span)
    this.#depth++
    try {
      return bind()
    } finally {
      this.#depth--
    }
  }

  /** A failed expression; the first time it is reported that the query grows out of hand. */
  #tooLarge(span: Span): Expr {
    if (this.#outgrown) return this.failed(span)
    this.#outgrown = true
    return this.fail('KQL002', 'The query is too large once every name is replaced here.', span)
  }

  /** The plan, unless the query has grown out of hand with it. */
  admitted(plan: Plan): Plan {
    if (this.isFailedPlan(plan)) return plan
    if (this.#budget.allowsPlan(plan)) return this.#late.withOpenSchema(plan)
    this.#tooLarge(plan.span)
    return this.failedPlan(plan.span)
  }

  // Scalar expressions

  scalar(syntax: ExpressionSyntax, rows: Rows): Expr {
    return bindScalar(this, syntax, rows)
  }

  /** A scalar of one type; another is reported, except where it converts without a call. */
  scalarOf(syntax: ExpressionSyntax, rows: Rows, type: ScalarType): Expr {
    const expr = this.scalar(syntax, rows)
    if (this.isFailed(expr) || expr.type === type) return expr
    if (expr.type === 'int' && type === 'long') return this.convert(expr, type)
    return this.fail('KS141', `The expression must have the type ${type}.`, expr.span)
  }

  /** A scalar of one type that is the same for all rows of a run. */
  constant(syntax: ExpressionSyntax, type: ScalarType): Expr {
    const expr = this.scalarOf(syntax, { schema: [] }, type)
    if (this.isFailed(expr) || isRunConstant(expr)) return expr
    return this.fail('KS120', 'The expression must be constant.', expr.span)
  }

  /** The same expression, placed at another span. */
  at(expr: Expr, span: Span): Expr {
    const moved = { ...expr, span }
    if (this.isFailed(expr)) this.#failedExprs.add(moved)
    if (this.#late.isPending(expr)) this.#late.setPending(moved)
    return moved
  }

  /** Remembers that the expression reads `$left` or `$right`. */
  markSide(expr: Expr, side: string): Expr {
    this.#sides.set(expr, side)
    return expr
  }

  sideOf(expr: Expr): string | undefined {
    return this.#sides.get(expr)
  }

  /** Calls a built-in scalar function or operator, with the conversions its overload needs. */
  call(name: string, args: readonly Expr[], span: Span, label = `The function '${name}'`): Expr {
    const declaration = this.library.scalar(name)
    if (args.some(argument => this.isFailed(argument))) {
      return this.#unreadCall(declaration, args, span)
    }
    if (declaration === undefined) {
      return this.fail('KQL100', `${label} is not supported.`, span)
    }
    const types = args.map(argument => argument.type)
    const found = resolveOverload(declaration.overloads, types)
    const overload = found === undefined ? undefined : declaration.overloads[found.index]
    if (found === undefined || overload === undefined) {
      const ofTypes = label.startsWith('The operator') ? 'KS106' : 'KS127'
      const fault = callFault(label, declaration.overloads, types, ofTypes)
      return this.fail(fault.code, fault.message, span)
    }
    const varying = refuseVarying(this, overload, args)
    if (varying !== undefined) return varying
    const converted = args.map((argument, position) =>
      this.convert(argument, found.types[position] ?? argument.type),
    )
    const type = resultTypeOf(overload, found.types, converted)
    const call = {
      kind: 'call',
      type,
      function: declaration.name,
      overload: found.index,
      arguments: converted,
      span,
      ...(declaration.deterministic === false ? { varies: true as const } : {}),
    } as const
    if (!this.#budget.allows(call)) return this.#tooLarge(span)
    return foldCall(this, call, declaration)
  }

  /** The expression as another type, by the conversion function of that type. */
  convert(expr: Expr, type: ScalarType): Expr {
    if (expr.type === type || this.isFailed(expr)) return expr
    return this.call(CONVERSIONS[type], [expr], expr.span)
  }

  convertImplicitly(expr: Expr, type: ScalarType): Expr {
    if (this.isFailed(expr) || expr.type === type) return expr
    const signature = { params: [type], returns: type }
    if (resolveOverload([signature], [expr.type]) !== undefined) return this.convert(expr, type)
    if (type === 'dynamic') return this.convert(expr, type)
    const hint = expr.type === 'dynamic' ? `Convert it before, with to${type}(…).` : undefined
    const message = `A value of type ${type} is expected, not ${expr.type}.`
    return this.fail('KS107', message, expr.span, hint)
  }

  convertArgument(expr: Expr, type: ScalarType): Expr {
    if (isNumeric(expr.type) && isNumeric(type)) return this.convert(expr, type)
    return this.convertImplicitly(expr, type)
  }

  /** The rows of a plan's first column as a constant dynamic array. */
  arrayOf(plan: Plan, span: Span): Expr {
    if (this.isFailedPlan(plan)) return this.failed(span)
    return { kind: 'query', mode: 'array', type: 'dynamic', plan, span }
  }

  // Tabular expressions

  tabular(syntax: ExpressionSyntax): Plan {
    if (!this.#budget.spend()) {
      this.#tooLarge(syntax.span)
      return this.failedPlan(syntax.span)
    }
    this.tableDepth++
    try {
      return this.admitted(bindTabular(this, syntax))
    } finally {
      this.tableDepth--
    }
  }

  /** Operators over rows that are no tabular expression of their own; names declared there end there. */
  pipe(operators: readonly OperatorSyntax[], input: Plan): Plan {
    const outer = this.scope
    this.scope = new Scope(outer)
    this.tableDepth++
    try {
      return bindOperators(this, operators, input)
    } finally {
      this.tableDepth--
      this.scope = outer
    }
  }

  /** A node that stands for the rows at hand in the body of an mv-apply or partition of `input`. */
  contextOf(schema: Schema, span: Span, ordered: boolean, input?: Plan): ContextPlan {
    const own = input === undefined ? schema : this.openAs(schema, input.schema)
    return { kind: 'context', schema: own, id: this.#contexts++, ordered, span }
  }

  /** A scalar or a table, whichever the expression is. */
  bindAny(syntax: ExpressionSyntax, rows: Rows): Bound {
    if (this.isTabular(syntax, rows.schema)) {
      return { kind: 'tabular', plan: this.tabular(syntax) }
    }
    return this.callAny(syntax, rows) ?? { kind: 'scalar', expr: this.scalar(syntax, rows) }
  }

  /** Binds a call of a user-defined function, whatever it gives; undefined for anything else. */
  callAny(syntax: ExpressionSyntax, rows: Rows): Bound | undefined {
    if (syntax.kind !== 'call' && syntax.kind !== 'name') return undefined
    const name = syntax.kind === 'call' ? syntax.callee.name : syntax.name
    if (syntax.kind === 'name' && rows.schema.some(column => column.name === name)) {
      return undefined
    }
    const binding = this.scope.lookup(name)
    if (binding?.kind !== 'function') return undefined
    const args = syntax.kind === 'call' ? syntax.arguments : []
    return this.applyFunction(binding, args, syntax.span, rows)
  }

  /** Whether the expression can only be a table. */
  isTabular(syntax: ExpressionSyntax, schema: Schema): boolean {
    if (patternCall(this, syntax) !== undefined) return true
    switch (syntax.kind) {
      case 'pipe':
      case 'datatable':
      case 'print':
      case 'range':
      case 'externaldata':
      case 'search':
      case 'find':
      case 'union':
      case 'evaluate':
        return true
      case 'call':
        if (isWatchlistCall(this, syntax) || remoteCall(syntax) !== undefined) return true
        return syntax.callee.name === 'materialize' || syntax.callee.name === 'table'
      case 'name': {
        if (schema.some(column => column.name === syntax.name)) return false
        const binding = this.scope.lookup(syntax.name)
        if (binding !== undefined) return binding.kind === 'tabular' || binding.kind === 'pattern'
        return this.catalog.has(syntax.name) || readsWatchlists(this, syntax.name)
      }
      case 'member':
        return remoteCall(syntax) !== undefined
      default:
        return false
    }
  }

  /** A plan whose rows are computed once a run; `name`: what `as` calls them. */
  share(plan: Plan, span: Span, name?: string): Plan {
    if (plan.kind === 'shared' && name === undefined) return plan
    const { input, id } = plan.kind === 'shared' ? plan : { input: plan, id: this.#shared++ }
    const named = name === undefined ? {} : { name }
    const shared: Plan = { kind: 'shared', schema: plan.schema, input, id, span, ...named }
    if (this.isFailedPlan(plan)) this.#failedPlans.add(shared)
    return shared
  }

  // User-defined functions

  /** The scalar value of a user-defined function; a table is reported. */
  callFunction(
    binding: FunctionBinding,
    args: readonly ExpressionSyntax[],
    span: Span,
    rows: Rows,
  ): Expr {
    const bound = this.applyFunction(binding, args, span, rows)
    if (bound.kind === 'scalar') return this.at(bound.expr, span)
    if (this.isFailedPlan(bound.plan)) return this.failed(span)
    return this.fail(
      'KS138',
      `The function \`${binding.name}\` gives a table, but a scalar is expected.`,
      span,
      'Use toscalar(…) to take a single value of a table.',
    )
  }

  /** The body of a user-defined function with the arguments in place of its parameters. */
  applyFunction(
    binding: FunctionBinding,
    args: readonly ExpressionSyntax[],
    span: Span,
    rows: Rows,
    input?: Plan,
  ): Bound {
    if (this.#callStack.includes(binding.syntax)) {
      return {
        kind: 'scalar',
        expr: this.fail('KS140', `The function \`${binding.name}\` calls itself.`, span),
      }
    }
    if (this.#callStack.length >= MAX_CALLS) {
      const message = `Functions call each other more than ${MAX_CALLS} levels deep here.`
      return { kind: 'scalar', expr: this.fail('KQL002', message, span) }
    }
    if (binding.isBroken === true) return { kind: 'scalar', expr: this.failed(span) }
    const inner = parameterScope(this, binding, args, span, rows, input)
    if (inner === undefined) return { kind: 'scalar', expr: this.failed(span) }
    const outer = this.scope
    this.scope = inner
    this.#callStack.push(binding.syntax)
    this.#sites.enter(span)
    try {
      return bindBody(this, binding.syntax)
    } finally {
      this.#callStack.pop()
      this.#sites.leave()
      this.scope = outer
    }
  }

  // Operator parameters

  /** The value of an operator's parameter as text; undefined when it was not given. */
  parameter(parameters: readonly OperatorParameterSyntax[], name: string): string | undefined {
    const found = parameters.find(parameter => parameter.name === name)
    if (found === undefined) return undefined
    return found.value.kind === 'name' ? found.value.name : String(found.value.value)
  }

  /** Reports parameters that the operator does not have, and those given twice; hints are accepted. */
  checkParameters(
    parameters: readonly OperatorParameterSyntax[],
    known: readonly string[],
    operator: string,
  ): void {
    const given = new Set<string>()
    for (const { name, span } of parameters) {
      if (given.has(name)) {
        this.diagnostics.error('KS180', `The parameter \`${name}\` is given twice.`, span)
      }
      given.add(name)
      if (known.includes(name) || name.startsWith('hint.')) continue
      this.diagnostics.error('KS125', `${operator} has no parameter \`${name}\`.`, span)
    }
  }
}
