import type { Span } from '../text/span.ts'
import type { Dynamic } from '../types/dynamic.ts'
import type { ScalarType } from '../types/scalar-type.ts'

interface Node {
  readonly span: Span
}

// Names

/** A name as it was written; `['a b']` has the text `a b`. */
export interface NameSyntax extends Node {
  readonly kind: 'name'
  readonly name: string
  /** Whether it stands for an expression that could not be read; a report tells so. */
  readonly missing?: true
}

/** A name with `*` in it, such as `Device*`; a lone `*` is a {@link StarSyntax}. */
export interface WildcardSyntax extends Node {
  readonly kind: 'wildcard'
  readonly pattern: string
  /** What stands before the dot in `database('d').T*`. */
  readonly target?: ExpressionSyntax
}

/** `*`: all columns. */
export interface StarSyntax extends Node {
  readonly kind: 'star'
}

// Literals

/**
 * The value of a literal by type: bool is boolean; int and real are number; long, datetime and
 * timespan are bigint (datetime: 100-ns ticks since 0001-01-01, timespan: ticks); decimal is its
 * digits as text; string and guid (lower case, with dashes) are text; dynamic is a {@link Dynamic}.
 * null is the typed null.
 */
export type LiteralValue = boolean | number | bigint | string | Dynamic | null

/** A constant in the text: `1`, `2h`, `datetime(2024-01-01)`, `dynamic([1, 2])`, `int(null)`, … */
export interface LiteralSyntax extends Node {
  readonly kind: 'literal'
  readonly type: ScalarType
  readonly value: LiteralValue
  /** Written as `h'…'`: services hide it in traces. */
  readonly obfuscated?: true
}

/** `typeof(long)` or, with columns, `typeof(a: long, b: string)`. */
export interface TypeOfSyntax extends Node {
  readonly kind: 'typeof'
  readonly type: ScalarType | readonly ColumnDeclarationSyntax[]
  /** With columns: whether `*` stands before them. */
  readonly star?: true
}

// Scalar expressions

export interface MemberSyntax extends Node {
  readonly kind: 'member'
  readonly target: ExpressionSyntax
  /** The name after the dot. */
  readonly member: NameSyntax
}

export interface IndexSyntax extends Node {
  readonly kind: 'index'
  readonly target: ExpressionSyntax
  readonly index: ExpressionSyntax
}

/** `f(a, b)`. Arguments may be tabular (`toscalar(T | count)`), `*`, or named (`x = 1`). */
export interface CallSyntax extends Node {
  readonly kind: 'call'
  /** What stands before the dot in `cluster('c').database('d')`. */
  readonly target?: ExpressionSyntax
  readonly callee: NameSyntax
  readonly arguments: readonly ExpressionSyntax[]
}

/** `name = expression` where an argument or a member of a list stands. */
export interface NamedArgumentSyntax extends Node {
  readonly kind: 'named-argument'
  readonly name: NameSyntax
  readonly value: ExpressionSyntax
}

export interface UnarySyntax extends Node {
  readonly kind: 'unary'
  readonly operator: '-' | '+'
  readonly operand: ExpressionSyntax
}

/** The operators with two scalar operands, as the language spells them (`<>` is read as `!=`). */
export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | StringOperator

export type StringOperator =
  | '=~'
  | '!~'
  | 'has'
  | '!has'
  | 'has_cs'
  | '!has_cs'
  | 'hasprefix'
  | '!hasprefix'
  | 'hasprefix_cs'
  | '!hasprefix_cs'
  | 'hassuffix'
  | '!hassuffix'
  | 'hassuffix_cs'
  | '!hassuffix_cs'
  | 'contains'
  | '!contains'
  | 'contains_cs'
  | '!contains_cs'
  | 'startswith'
  | '!startswith'
  | 'startswith_cs'
  | '!startswith_cs'
  | 'endswith'
  | '!endswith'
  | 'endswith_cs'
  | '!endswith_cs'
  | 'matches regex'
  | 'like'
  | '!like'
  | 'like_cs'
  | '!like_cs'
  | ':'

export interface BinarySyntax extends Node {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  /** Where the operator itself stands. */
  readonly operatorSpan: Span
  readonly left: ExpressionSyntax
  readonly right: ExpressionSyntax
}

/** `x in (a, b)`, `x has_any (…)`: each item is scalar or tabular. */
export interface InSyntax extends Node {
  readonly kind: 'in'
  readonly operator: 'in' | '!in' | 'in~' | '!in~' | 'has_any' | 'has_all'
  readonly operatorSpan: Span
  readonly operand: ExpressionSyntax
  readonly items: readonly ExpressionSyntax[]
}

/** `x between (low .. high)`. */
export interface BetweenSyntax extends Node {
  readonly kind: 'between'
  readonly negated: boolean
  readonly operand: ExpressionSyntax
  readonly low: ExpressionSyntax
  readonly high: ExpressionSyntax
}

// Tabular expressions

/** `source | operator | operator`; `operators` is never empty. */
export interface PipeSyntax extends Node {
  readonly kind: 'pipe'
  readonly source: ExpressionSyntax
  readonly operators: readonly OperatorSyntax[]
}

export interface ColumnDeclarationSyntax extends Node {
  readonly name: NameSyntax
  readonly type: ScalarType
}

/** `datatable(a: long, b: string)[1, 'x', 2, 'y']`: the values row after row. */
export interface DatatableSyntax extends Node {
  readonly kind: 'datatable'
  readonly columns: readonly ColumnDeclarationSyntax[]
  readonly values: readonly ExpressionSyntax[]
}

export interface PrintSyntax extends Node {
  readonly kind: 'print'
  readonly columns: readonly NamedExpressionSyntax[]
}

/** `range x from 1 to 10 step 2`. */
export interface RangeSyntax extends Node {
  readonly kind: 'range'
  readonly column: NameSyntax
  readonly from: ExpressionSyntax
  readonly to: ExpressionSyntax
  readonly step: ExpressionSyntax
}

/** `externaldata(a: string)['https://…', …] with (format=csv)`. */
export interface ExternalDataSyntax extends Node {
  readonly kind: 'externaldata'
  readonly columns: readonly ColumnDeclarationSyntax[]
  /** The addresses. */
  readonly sources: readonly ExpressionSyntax[]
  readonly properties: readonly OperatorParameterSyntax[]
}

/** Any expression, scalar or tabular; the binder tells which is meant. */
export type ExpressionSyntax =
  | NameSyntax
  | WildcardSyntax
  | StarSyntax
  | LiteralSyntax
  | TypeOfSyntax
  | MemberSyntax
  | IndexSyntax
  | CallSyntax
  | NamedArgumentSyntax
  | UnarySyntax
  | BinarySyntax
  | InSyntax
  | BetweenSyntax
  | PipeSyntax
  | DatatableSyntax
  | PrintSyntax
  | RangeSyntax
  | ExternalDataSyntax
  | SearchSyntax
  | FindSyntax
  | UnionSyntax
  | EvaluateSyntax
  | UnsupportedSyntax

// Parts of operators

/**
 * A column of project, extend, summarize, …: `names` is empty where none was written, and has
 * several entries for `(a, b) = f()`.
 */
export interface NamedExpressionSyntax extends Node {
  readonly names: readonly NameSyntax[]
  readonly expression: ExpressionSyntax
}

/** `expression [asc|desc] [nulls first|last]`. */
export interface OrderedExpressionSyntax extends Node {
  readonly expression: ExpressionSyntax
  readonly direction?: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
}

/** `kind=inner`, `hint.strategy=broadcast`, `withsource=T`. A bare word is a name. */
export interface OperatorParameterSyntax extends Node {
  readonly name: string
  readonly value: NameSyntax | LiteralSyntax
}

// Operators

export interface WhereSyntax extends Node {
  readonly kind: 'where'
  /** What stands before `=`: it names the predicate, to no effect. Empty but in queries that mean `==`. */
  readonly names: readonly NameSyntax[]
  readonly predicate: ExpressionSyntax
}

export interface ExtendSyntax extends Node {
  readonly kind: 'extend'
  readonly columns: readonly NamedExpressionSyntax[]
}

export interface ProjectSyntax extends Node {
  readonly kind: 'project'
  readonly columns: readonly NamedExpressionSyntax[]
}

export interface ProjectAwaySyntax extends Node {
  readonly kind: 'project-away'
  readonly columns: readonly (NameSyntax | WildcardSyntax | StarSyntax)[]
}

export interface ProjectKeepSyntax extends Node {
  readonly kind: 'project-keep'
  readonly columns: readonly (NameSyntax | WildcardSyntax | StarSyntax)[]
}

export interface ProjectRenameSyntax extends Node {
  readonly kind: 'project-rename'
  readonly columns: readonly { readonly name: NameSyntax; readonly from: NameSyntax }[]
}

export interface ProjectReorderSyntax extends Node {
  readonly kind: 'project-reorder'
  readonly columns: readonly {
    readonly column: NameSyntax | WildcardSyntax | StarSyntax
    readonly order?: 'asc' | 'desc' | 'granny-asc' | 'granny-desc'
  }[]
}

export interface SummarizeSyntax extends Node {
  readonly kind: 'summarize'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly aggregates: readonly NamedExpressionSyntax[]
  readonly by: readonly NamedExpressionSyntax[]
}

/** Conditions are common column names or equalities over `$left` and `$right`. */
export interface JoinSyntax extends Node {
  readonly kind: 'join'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly right: ExpressionSyntax
  readonly on: readonly ExpressionSyntax[]
}

export interface LookupSyntax extends Node {
  readonly kind: 'lookup'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly right: ExpressionSyntax
  readonly on: readonly ExpressionSyntax[]
}

/** `mv-expand a, b = f(c) to typeof(long) limit 10`. */
export interface MvExpandSyntax extends Node {
  readonly kind: 'mv-expand'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly columns: readonly MvExpandColumnSyntax[]
  readonly limit?: ExpressionSyntax
  /** Written `mvexpand`, which gives fewer rows where it says no limit. */
  readonly legacy?: true
}

export interface MvExpandColumnSyntax extends Node {
  readonly name?: NameSyntax
  readonly expression: ExpressionSyntax
  readonly type?: ScalarType
}

/** `mv-apply x = d to typeof(long) on (where x > 1 | take 1)`: `operators` is never empty. */
export interface MvApplySyntax extends Node {
  readonly kind: 'mv-apply'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly columns: readonly MvExpandColumnSyntax[]
  readonly limit?: ExpressionSyntax
  /** What is applied to the expanded rows of each row, without a source of its own. */
  readonly operators: readonly OperatorSyntax[]
}

/** A column of a pattern: `name`, `name: long`. */
export interface ParseColumnSyntax extends Node {
  readonly kind: 'parse-column'
  readonly name: NameSyntax
  readonly type?: ScalarType
}

/** Any text, a text (or regular expression) that must be there, or a column that takes a text. */
export type ParsePatternSyntax = StarSyntax | LiteralSyntax | ParseColumnSyntax

/** `parse kind=regex flags=i x with * 'a' b: long`; `pattern` is never empty. */
export interface ParseSyntax extends Node {
  readonly kind: 'parse'
  readonly parseKind?: 'simple' | 'regex' | 'relaxed'
  readonly flags?: string
  readonly expression: ExpressionSyntax
  readonly pattern: readonly ParsePatternSyntax[]
}

/** The same as {@link ParseSyntax}; rows that do not match are left out. */
export interface ParseWhereSyntax extends Omit<ParseSyntax, 'kind'> {
  readonly kind: 'parse-where'
}

/** `parse-kv x as (a: long, b: string) with (pair_delimiter=',', kv_delimiter='=')`. */
export interface ParseKvSyntax extends Node {
  readonly kind: 'parse-kv'
  readonly expression: ExpressionSyntax
  readonly columns: readonly ColumnDeclarationSyntax[]
  readonly properties: readonly (Node & { readonly name: string; readonly value: LiteralSyntax })[]
}

/** `scan with_match_id=m declare (x: long = 0) with (step s1: a > 1 => x = s1.x + 1;)` */
export interface ScanSyntax extends Node {
  readonly kind: 'scan'
  readonly matchId?: NameSyntax
  readonly columns: readonly (ColumnDeclarationSyntax & { readonly default?: ExpressionSyntax })[]
  /** Never empty. */
  readonly steps: readonly ScanStepSyntax[]
}

export interface ScanStepSyntax extends Node {
  readonly name: NameSyntax
  readonly output?: 'all' | 'last' | 'none'
  readonly condition: ExpressionSyntax
  readonly assignments: readonly {
    readonly column: NameSyntax
    readonly value: ExpressionSyntax
  }[]
}

/** `partition by c (top 1 by x)`, over the rows of each value; or `{ T | where x == toscalar(c) }`. */
export interface PartitionSyntax extends Node {
  readonly kind: 'partition'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly column: NameSyntax
  /** Either these, without a source of their own, or `query`. */
  readonly operators?: readonly OperatorSyntax[]
  readonly query?: ExpressionSyntax
}

/** `fork a=(take 1) (count)`: neither `branches` nor their `operators` are ever empty. */
export interface ForkSyntax extends Node {
  readonly kind: 'fork'
  readonly branches: readonly (Node & {
    readonly name?: NameSyntax
    readonly operators: readonly OperatorSyntax[]
  })[]
}

/** `facet by a, b with (take 1)`. */
export interface FacetSyntax extends Node {
  readonly kind: 'facet'
  readonly columns: readonly NameSyntax[]
  readonly operators?: readonly OperatorSyntax[]
}

/** `make-graph source --> target with Nodes on id`, over edges. */
export interface MakeGraphSyntax extends Node {
  readonly kind: 'make-graph'
  readonly source: NameSyntax
  readonly target: NameSyntax
  readonly nodes: readonly { readonly table: ExpressionSyntax; readonly id: NameSyntax }[]
  /** The property of nodes that has their identifier. */
  readonly nodeId?: NameSyntax
  /** `partitioned-by c (graph-match …)`: `operators` is never empty. */
  readonly partition?: {
    readonly column: NameSyntax
    readonly operators: readonly OperatorSyntax[]
  }
}

export interface GraphNodeSyntax extends Node {
  readonly name?: NameSyntax
}

export interface GraphEdgeSyntax extends Node {
  readonly name?: NameSyntax
  readonly direction: 'left' | 'right' | 'any'
  /** `*1..3`: so many edges in a row. */
  readonly range?: Node & {
    readonly min: LiteralSyntax | NameSyntax
    readonly max: LiteralSyntax | NameSyntax
  }
}

/** `(a)-[e]->(b)<--(c)`: one edge less than nodes. */
export interface GraphPatternSyntax extends Node {
  readonly nodes: readonly GraphNodeSyntax[]
  readonly edges: readonly GraphEdgeSyntax[]
}

/** `graph-match cycles=none (a)-->(b), (b)-->(c) where a.x == 1 project c.y` */
export interface GraphMatchSyntax extends Node {
  readonly kind: 'graph-match'
  readonly cycles?: 'all' | 'none' | 'unique_edges'
  readonly patterns: readonly GraphPatternSyntax[]
  readonly where?: ExpressionSyntax
  readonly columns: readonly NamedExpressionSyntax[]
}

export interface GraphShortestPathsSyntax extends Node {
  readonly kind: 'graph-shortest-paths'
  readonly output?: 'any' | 'all'
  readonly cycles?: 'all' | 'none' | 'unique_edges'
  readonly patterns: readonly GraphPatternSyntax[]
  readonly where?: ExpressionSyntax
  readonly columns: readonly NamedExpressionSyntax[]
}

export interface GraphMarkComponentsSyntax extends Node {
  readonly kind: 'graph-mark-components'
  readonly components?: 'weak' | 'strong'
  readonly componentId?: NameSyntax
}

export interface GraphTableSyntax extends Node {
  readonly what: 'nodes' | 'edges'
  readonly name?: NameSyntax
  readonly nodeId?: NameSyntax
  readonly sourceId?: NameSyntax
  readonly targetId?: NameSyntax
}

/** `graph-to-table nodes as N, edges as E`; `tables` is never empty. */
export interface GraphToTableSyntax extends Node {
  readonly kind: 'graph-to-table'
  readonly tables: readonly GraphTableSyntax[]
}

/** `make-series n = count() default = 0 on t from a to b step 1h by x`; `aggregates` is never empty. */
export interface MakeSeriesSyntax extends Node {
  readonly kind: 'make-series'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly aggregates: readonly MakeSeriesColumnSyntax[]
  readonly axis: NamedExpressionSyntax
  /** `in range(from, to, step)`, the older form, has all three. */
  readonly form: 'from-to' | 'in-range'
  readonly from?: ExpressionSyntax
  readonly to?: ExpressionSyntax
  readonly step: ExpressionSyntax
  readonly by: readonly NamedExpressionSyntax[]
}

export interface MakeSeriesColumnSyntax extends Node {
  readonly column: NamedExpressionSyntax
  readonly default?: ExpressionSyntax
}

export interface SortSyntax extends Node {
  readonly kind: 'sort'
  readonly by: readonly OrderedExpressionSyntax[]
}

export interface TopSyntax extends Node {
  readonly kind: 'top'
  readonly count: ExpressionSyntax
  readonly by: OrderedExpressionSyntax
}

export interface TakeSyntax extends Node {
  readonly kind: 'take'
  readonly count: ExpressionSyntax
}

export interface CountSyntax extends Node {
  readonly kind: 'count'
  /** `count as Rows`: the name of the column. */
  readonly name?: NameSyntax
}

export interface DistinctSyntax extends Node {
  readonly kind: 'distinct'
  readonly columns: readonly ExpressionSyntax[]
}

export interface AsSyntax extends Node {
  readonly kind: 'as'
  readonly name: NameSyntax
}

export interface SerializeSyntax extends Node {
  readonly kind: 'serialize'
  readonly columns: readonly NamedExpressionSyntax[]
}

export interface RenderSyntax extends Node {
  readonly kind: 'render'
  readonly chart: string
  readonly properties: readonly { readonly name: string; readonly value: string }[]
}

export interface GetSchemaSyntax extends Node {
  readonly kind: 'getschema'
}

/** As a source or after a pipe; sources are names, wildcards or parenthesised tabular expressions. */
export interface UnionSyntax extends Node {
  readonly kind: 'union'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly sources: readonly ExpressionSyntax[]
}

/**
 * `search kind=case_sensitive in (T, U*) 'a' and b: 'c'`, as a source or after a pipe. Texts in place of
 * a bool are terms, and `*` alone is any row.
 */
export interface SearchSyntax extends Node {
  readonly kind: 'search'
  readonly parameters: readonly OperatorParameterSyntax[]
  /** Missing where all tables are meant, or those of the pipe. */
  readonly tables?: readonly ExpressionSyntax[]
  readonly predicate: ExpressionSyntax
}

/** `find withsource=S in (T, U*) where a == 1 project a, b: string, pack(*)`. */
export interface FindSyntax extends Node {
  readonly kind: 'find'
  readonly parameters: readonly OperatorParameterSyntax[]
  /** Missing where all tables are meant. */
  readonly tables?: readonly ExpressionSyntax[]
  readonly predicate: ExpressionSyntax
  /** Missing for `project-smart`, which is what find does by itself. */
  readonly project?: readonly FindColumnSyntax[]
}

/** A column of the result, or the bag of the columns that are left. */
export type FindColumnSyntax =
  | (Node & { readonly kind: 'column'; readonly name: NameSyntax; readonly type?: ScalarType })
  | (Node & { readonly kind: 'pack' })

export interface SampleSyntax extends Node {
  readonly kind: 'sample'
  readonly count: ExpressionSyntax
}

/** `sample-distinct 5 of x`. */
export interface SampleDistinctSyntax extends Node {
  readonly kind: 'sample-distinct'
  readonly count: ExpressionSyntax
  readonly of: NamedExpressionSyntax
}

/** `top-nested 2 of x with others='rest' by n = sum(y) desc, top-nested …`; never empty. */
export interface TopNestedSyntax extends Node {
  readonly kind: 'top-nested'
  readonly clauses: readonly TopNestedClauseSyntax[]
}

export interface TopNestedClauseSyntax extends Node {
  readonly count?: ExpressionSyntax
  readonly of: NamedExpressionSyntax
  readonly others?: ExpressionSyntax
  readonly by: NamedExpressionSyntax
  readonly direction?: 'asc' | 'desc'
  readonly nulls?: 'first' | 'last'
}

/** `reduce kind=source by x with threshold=0.1, characters="-"`. */
export interface ReduceSyntax extends Node {
  readonly kind: 'reduce'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly by: NamedExpressionSyntax
  /** What stands behind `with`. */
  readonly options: readonly OperatorParameterSyntax[]
}

/** `top-hitters 5 of x by y`. */
export interface TopHittersSyntax extends Node {
  readonly kind: 'top-hitters'
  readonly count: ExpressionSyntax
  readonly of: NamedExpressionSyntax
  readonly by?: NamedExpressionSyntax
}

export interface ProjectByNamesSyntax extends Node {
  readonly kind: 'project-by-names'
  readonly names: readonly ExpressionSyntax[]
}

export interface AssertSchemaSyntax extends Node {
  readonly kind: 'assert-schema'
  readonly columns: readonly ColumnDeclarationSyntax[]
}

export interface ConsumeSyntax extends Node {
  readonly kind: 'consume'
  readonly parameters: readonly OperatorParameterSyntax[]
}

/** `invoke f(a)`: the input becomes the first argument of a tabular function. */
export interface InvokeSyntax extends Node {
  readonly kind: 'invoke'
  readonly call: CallSyntax
}

/** `(*, a: long)`: the columns that a plugin is to give; `star` stands for those of its input. */
export interface OutputSchemaSyntax extends Node {
  readonly star: boolean
  readonly columns: readonly ColumnDeclarationSyntax[]
}

/** `evaluate f(a, b): (c: long)`, as a source or after a pipe. */
export interface EvaluateSyntax extends Node {
  readonly kind: 'evaluate'
  readonly parameters: readonly OperatorParameterSyntax[]
  readonly call: CallSyntax
  readonly schema?: OutputSchemaSyntax
}

/** An operator or source that KQL has and kqlab lacks; the parser has read over it. */
export interface UnsupportedSyntax extends Node {
  readonly kind: 'unsupported'
  readonly name: string
  readonly text: string
}

export type OperatorSyntax =
  | WhereSyntax
  | ExtendSyntax
  | ProjectSyntax
  | ProjectAwaySyntax
  | ProjectKeepSyntax
  | ProjectRenameSyntax
  | ProjectReorderSyntax
  | SummarizeSyntax
  | JoinSyntax
  | LookupSyntax
  | MvExpandSyntax
  | MvApplySyntax
  | ParseSyntax
  | ParseWhereSyntax
  | ParseKvSyntax
  | ScanSyntax
  | PartitionSyntax
  | ForkSyntax
  | FacetSyntax
  | MakeGraphSyntax
  | GraphMatchSyntax
  | GraphShortestPathsSyntax
  | GraphMarkComponentsSyntax
  | GraphToTableSyntax
  | MakeSeriesSyntax
  | SortSyntax
  | TopSyntax
  | TakeSyntax
  | CountSyntax
  | DistinctSyntax
  | AsSyntax
  | SerializeSyntax
  | RenderSyntax
  | GetSchemaSyntax
  | UnionSyntax
  | SearchSyntax
  | FindSyntax
  | SampleSyntax
  | SampleDistinctSyntax
  | TopNestedSyntax
  | TopHittersSyntax
  | ReduceSyntax
  | ProjectByNamesSyntax
  | AssertSchemaSyntax
  | ConsumeSyntax
  | InvokeSyntax
  | EvaluateSyntax
  | UnsupportedSyntax

// Statements

/** A parameter of a lambda or of `declare query_parameters`; `(*)` takes any table. */
export interface ParameterSyntax extends Node {
  readonly name: NameSyntax
  readonly type: ScalarType | { readonly columns: readonly ColumnDeclarationSyntax[] | '*' }
  readonly default?: ExpressionSyntax
}

/** `(a: long, T: (*)) { let …; … }`. Without `body.expression` it cannot be called. */
export interface FunctionSyntax extends Node {
  readonly kind: 'function'
  readonly view: boolean
  readonly parameters: readonly ParameterSyntax[]
  readonly body: QuerySyntax
}

export interface LetSyntax extends Node {
  readonly kind: 'let'
  readonly name: NameSyntax
  readonly value: ExpressionSyntax | FunctionSyntax
}

export interface SetSyntax extends Node {
  readonly kind: 'set'
  readonly name: NameSyntax
  readonly value?: ExpressionSyntax
}

export interface DeclareSyntax extends Node {
  readonly kind: 'declare'
  readonly parameters: readonly ParameterSyntax[]
}

/** The table for a tuple of a pattern: `('a').['b'] = { T };` */
export interface PatternMatchSyntax extends Node {
  readonly values: readonly ExpressionSyntax[]
  readonly path?: ExpressionSyntax
  readonly body: QuerySyntax
}

/**
 * `declare pattern p = (a: string)[b: string] { … }`. `declare pattern p` alone has neither parameters
 * nor matches.
 */
export interface PatternSyntax extends Node {
  readonly kind: 'pattern'
  readonly name: NameSyntax
  readonly parameters: readonly ColumnDeclarationSyntax[]
  readonly path?: ColumnDeclarationSyntax
  readonly matches: readonly PatternMatchSyntax[]
}

/** An expression with others behind it: `T | count` in `T | count; T | take 1`. */
export interface ResultSyntax extends Node {
  readonly kind: 'result'
  readonly expression: ExpressionSyntax
}

export type StatementSyntax =
  | LetSyntax
  | SetSyntax
  | DeclareSyntax
  | PatternSyntax
  | ResultSyntax
  | UnsupportedSyntax

/** A whole query, or the body of a function: statements, then the last expression. */
export interface QuerySyntax extends Node {
  readonly kind: 'query'
  readonly statements: readonly StatementSyntax[]
  /** Undefined only after a syntax error, or in a query of statements alone. */
  readonly expression?: ExpressionSyntax
}
