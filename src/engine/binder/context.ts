import type {
  CallSyntax,
  ExpressionSyntax,
  OperatorParameterSyntax,
  OperatorSyntax,
} from '../../parser/syntax.ts'
import type { ColumnBatch } from '../../tables/batch.ts'
import type { Catalog } from '../../tables/catalog.ts'
import type { DiagnosticCode } from '../../text/codes.ts'
import type { DiagnosticBag } from '../../text/diagnostic.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Column, Schema } from '../../types/schema.ts'
import type { FunctionLibrary } from '../functions/library.ts'
import type { ContextPlan, Expr, Plan } from '../plan/nodes.ts'
import type { Signature } from './overloads.ts'
import type { Rows } from './rows.ts'
import type { Binding, Scope } from './scope.ts'
import type { Workspace } from './workspace.ts'

/** How a query's result is to be drawn: what `render` said. Kept, not acted upon. */
export interface Visualization {
  readonly chart: string
  readonly properties: Readonly<Record<string, string>>
}

/** Either kind of value that an expression can have. */
export type Bound =
  | { readonly kind: 'scalar'; readonly expr: Expr }
  | { readonly kind: 'tabular'; readonly plan: Plan }

/** A user-defined function, as a name in scope. */
export type FunctionBinding = Extract<Binding, { kind: 'function' }>

/** The part of each operator that the binder calls; the registry of operators has it. */
export type OperatorBinders = {
  readonly [K in OperatorSyntax['kind']]: {
    /** Whether the result has no columns but those that the operator names: see {@link Binder.isOpen}. */
    readonly closes?: boolean
    bind(node: Extract<OperatorSyntax, { kind: K }>, input: Plan, binder: Binder): Plan
  }
}

/** A table of the catalog that a query names, and where it does first. */
export interface BoundTable {
  readonly schema: Schema
  readonly span: Span
  /** Whether it is only meant together with others, by a wildcard. */
  readonly optional?: boolean
}

/** The columns that the data gave to a {@link LatePlan}. */
export interface Discovery {
  readonly columns: Schema
  /** The rows of its input, where they were kept. */
  readonly rows?: readonly ColumnBatch[]
}

/** A result whose columns the values of a column tell. */
export interface LateRequest {
  readonly plugin: string
  readonly input: Plan
  readonly column: string
  /** The columns that are known before. */
  readonly known: Schema
  readonly span: Span
}

/**
 * What operators and the parts of the binder see of it. A fault is reported once; what depends on a
 * failed expression, column or plan fails in silence.
 */
export interface Binder {
  readonly catalog: Catalog
  readonly library: FunctionLibrary
  readonly operators: OperatorBinders
  readonly workspace: Workspace
  /** Values for `declare query_parameters`, by name. */
  readonly parameters: ReadonlyMap<string, unknown>
  /** The tables that there are data of; not known where missing. */
  readonly withData: ReadonlySet<string> | undefined
  /** How many ticks after their times rows arrive that do not say when; not known where missing. */
  readonly arrivalDelay: bigint | 'spread' | undefined
  /** Whether the query is only looked at, never run. */
  readonly toCheck: boolean
  readonly diagnostics: DiagnosticBag
  /** The names that can be seen where the binder is. */
  scope: Scope
  visualization: Visualization | undefined
  /** The tables that were bound, and where each was first. */
  readonly tablesBound: Map<string, BoundTable>
  /** What calls of `toscalar` are given that varies, as tables: by the call, then by its text. */
  readonly printed: Map<CallSyntax, Map<string, Plan>>
  /** The options that were set and mean something, by name. */
  readonly options: Map<string, Expr>
  /** How many tabular expressions the binder is inside of. */
  readonly tableDepth: number

  /** Reports an error; a failed expression in its place. */
  fail(code: DiagnosticCode, message: string, span: Span, hint?: string): Expr
  /** An expression that stands for one that could not be bound. */
  failed(span: Span): Expr
  isFailed(expr: Expr): boolean
  /** The column that an expression gives; reading one of a failed expression fails in silence. */
  columnOf(name: string, expr: Expr): Column
  isFailedColumn(column: Column): boolean
  /** The column under another name; one of a failed expression stays that. */
  renamed(column: Column, name: string): Column
  /** Reports an error; a failed plan in its place. */
  failTabular(code: DiagnosticCode, message: string, span: Span, hint?: string): Plan
  failedPlan(span: Span): Plan
  isFailedPlan(plan: Plan): boolean
  /**
   * Whether rows may have more columns than the schema, which only a run tells. A name that is not
   * known there is taken for one of them: a column whose type is not known, of which nothing is said.
   */
  isOpen(schema: Schema): boolean
  /** The schema of rows that have all further columns of others: open where that of those is. */
  openAs(schema: Schema, others: Schema): Schema
  /** The column of that name; of open rows there is always one. */
  columnIn(schema: Schema, name: string): Column | undefined
  /** What depends on parts that failed. Its type is that of the overloads, where they have just one. */
  unread(parts: readonly Expr[], span: Span, overloads?: readonly Signature[]): Expr
  /** What depends on one of the parts alone, and on the others only to be there at all. */
  unreadPart(part: Expr, parts: readonly Expr[], span: Span): Expr
  /** What reads a column that is a failed expression's. */
  failedRead(column: Column, span: Span): Expr
  /** An expression of a type that is known, where a run has to tell what it is. */
  pending(type: ScalarType, span: Span): Expr
  /** The plan, as one that has no columns but those of its schema. */
  closed(plan: Plan): Plan
  /**
   * What `make` makes of the columns that the data gave; as long as they are not found, an open plan of
   * the columns that are known.
   */
  late(request: LateRequest, make: (columns: Schema, input: Plan) => Plan): Plan
  /** Runs `bind`, unless expressions nest too deeply here: then a failed expression. */
  nested(span: Span, bind: () => Expr): Expr

  scalar(syntax: ExpressionSyntax, rows: Rows): Expr
  /** A scalar of one type; another is reported, except an int where a long is wanted. */
  scalarOf(syntax: ExpressionSyntax, rows: Rows, type: ScalarType): Expr
  /** A scalar of one type that is the same for all rows of a run. */
  constant(syntax: ExpressionSyntax, type: ScalarType): Expr
  /** The same expression, placed at another span. */
  at(expr: Expr, span: Span): Expr
  /** Remembers that the expression reads `$left` or `$right`. */
  markSide(expr: Expr, side: string): Expr
  sideOf(expr: Expr): string | undefined
  /** Calls a built-in scalar function or operator, with the conversions its overload needs. */
  call(name: string, args: readonly Expr[], span: Span, label?: string): Expr
  /** The expression as another type, by the conversion function of that type. */
  convert(expr: Expr, type: ScalarType): Expr
  /** The same, only where KQL converts without a call; else it is reported. */
  convertImplicitly(expr: Expr, type: ScalarType): Expr
  /** The same for an argument of a user-defined function or a default: numbers convert both ways. */
  convertArgument(expr: Expr, type: ScalarType): Expr
  /** The rows of a plan's first column as a constant dynamic array. */
  arrayOf(plan: Plan, span: Span): Expr

  tabular(syntax: ExpressionSyntax): Plan
  /** Operators over rows that are no tabular expression of their own; names declared there end there. */
  pipe(operators: readonly OperatorSyntax[], input: Plan): Plan
  /** A node that stands for the rows at hand in the body of an mv-apply or partition of `input`. */
  contextOf(schema: Schema, span: Span, ordered: boolean, input?: Plan): ContextPlan
  /** The plan, unless the query has grown out of hand with it. */
  admitted(plan: Plan): Plan
  /** A scalar or a table, whichever the expression is. */
  bindAny(syntax: ExpressionSyntax, rows: Rows): Bound
  /** Whether the expression can only be a table. */
  isTabular(syntax: ExpressionSyntax, schema: Schema): boolean
  /** A plan whose rows are computed once a run; `name`: what `as` calls them. */
  share(plan: Plan, span: Span, name?: string): Plan
  /** The scalar value of a user-defined function; a table is reported. */
  callFunction(
    binding: FunctionBinding,
    args: readonly ExpressionSyntax[],
    span: Span,
    rows: Rows,
  ): Expr
  /** The body of a user-defined function; `input`, if any, is its first argument. */
  applyFunction(
    binding: FunctionBinding,
    args: readonly ExpressionSyntax[],
    span: Span,
    rows: Rows,
    input?: Plan,
  ): Bound

  /** The value of an operator's parameter as text; undefined when it was not given. */
  parameter(parameters: readonly OperatorParameterSyntax[], name: string): string | undefined
  /** Reports parameters that the operator does not have; hints are accepted. */
  checkParameters(
    parameters: readonly OperatorParameterSyntax[],
    known: readonly string[],
    operator: string,
  ): void
}
