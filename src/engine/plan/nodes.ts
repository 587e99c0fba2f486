import type { ExternalReading } from '../../tables/external/external-table.ts'
import type { PathStep, RequiredText, ScanColumn } from '../../tables/source.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'

// Expressions

interface BaseExpr {
  readonly type: ScalarType
  /** Where it stands in the query; spans do not take part in comparisons of plans. */
  readonly span: Span
}

/** A constant; null is the typed null. */
export interface LiteralExpr extends BaseExpr {
  readonly kind: 'literal'
  readonly value: ScalarValue
}

/** A column of the input, by name. */
export interface ColumnExpr extends BaseExpr {
  readonly kind: 'column'
  readonly name: string
}

/**
 * A scalar function or operator applied to arguments of exactly the types that the overload takes;
 * conversions are calls of their own.
 */
export interface CallExpr extends BaseExpr {
  readonly kind: 'call'
  readonly function: string
  /** The position of the overload in the function's declaration. */
  readonly overload: number
  readonly arguments: readonly Expr[]
  /** Where two evaluations with the same arguments may differ: `rand()`. */
  readonly varies?: true
}

/** What is at a constant path inside a dynamic; null where there is nothing. */
export interface PathExpr extends BaseExpr {
  readonly kind: 'path'
  readonly type: 'dynamic'
  readonly target: Expr
  readonly steps: readonly PathStep[]
}

/**
 * The result of a tabular expression as a scalar, computed once a run. `scalar`: the first column of
 * the first row, null when there is no row. `array`: the first column of all rows as a dynamic array.
 */
export interface QueryExpr extends BaseExpr {
  readonly kind: 'query'
  readonly mode: 'scalar' | 'array'
  readonly plan: Plan
}

/** A bound scalar expression: typed, with every name and overload resolved. */
export type Expr = LiteralExpr | ColumnExpr | CallExpr | PathExpr | QueryExpr

/** An expression with the name of the column that it gives. */
export interface NamedExpr {
  readonly name: string
  readonly expr: Expr
}

/** An aggregate function applied to arguments, with the columns that it gives: one, or several. */
export interface AggregateExpr {
  readonly function: string
  readonly overload: number
  readonly arguments: readonly Expr[]
  readonly outputs: readonly { readonly name: string; readonly type: ScalarType }[]
  readonly span: Span
}

// Tabular nodes

interface BasePlan {
  /** The columns of the result. */
  readonly schema: Schema
  /** The operator in the query that the node comes from. */
  readonly span: Span
}

/** Reads a table. Rewrites narrow `columns` and set `timeRange` and `texts`. */
export interface ScanPlan extends BasePlan {
  readonly kind: 'scan'
  readonly table: string
  readonly columns: readonly ScanColumn[]
  /** Whether the query means it only as one of many, by a wildcard: it may have no data. */
  readonly optional?: true
  /** Bounds are constant in a run; rows outside cannot matter: `from <= column <= to`. */
  readonly timeRange?: { readonly column: string; readonly from?: Expr; readonly to?: Expr }
  /** Rows of which one does not hold cannot matter. */
  readonly texts?: readonly RequiredText[]
}

/**
 * Reads what the run is given for addresses outside, one after the other: the records of files, or
 * rows. Values that do not fit their column are null and reported. `schema` may have fewer columns
 * than are declared.
 */
export interface ExternalPlan extends BasePlan {
  readonly kind: 'external'
  /** Strings that are constant in a run. */
  readonly addresses: readonly Expr[]
  readonly reading: ExternalReading
}

/** Rows that stand in the query. */
export interface ValuesPlan extends BasePlan {
  readonly kind: 'values'
  readonly rows: readonly (readonly ScalarValue[])[]
}

/** `range`: from, to and step are constant in a run and of types that add up. */
export interface RangePlan extends BasePlan {
  readonly kind: 'range'
  readonly from: Expr
  readonly to: Expr
  readonly step: Expr
}

/** Keeps the rows for which the predicate is true; null counts as false. */
export interface WherePlan extends BasePlan {
  readonly kind: 'where'
  readonly input: Plan
  readonly predicate: Expr
}

/** Computes each column from the input's; project, extend, project-away and the like. */
export interface ProjectPlan extends BasePlan {
  readonly kind: 'project'
  readonly input: Plan
  readonly columns: readonly NamedExpr[]
}

/** Groups by the keys; without keys one row, even of no input. Keys first, then the aggregates. */
export interface SummarizePlan extends BasePlan {
  readonly kind: 'summarize'
  readonly input: Plan
  readonly keys: readonly NamedExpr[]
  readonly aggregates: readonly AggregateExpr[]
}

export type JoinKind =
  | 'innerunique'
  | 'inner'
  | 'leftouter'
  | 'rightouter'
  | 'fullouter'
  | 'leftsemi'
  | 'rightsemi'
  | 'leftanti'
  | 'rightanti'

/**
 * Pairs rows whose keys are equal, null keys with each other. `columns` says which columns of which
 * side the result has, under which names.
 */
export interface JoinPlan extends BasePlan {
  readonly kind: 'join'
  readonly joinKind: JoinKind
  readonly left: Plan
  readonly right: Plan
  readonly keys: readonly { readonly left: Expr; readonly right: Expr }[]
  readonly columns: readonly JoinColumn[]
  /** Pairs outside of it matter to nobody above: they may be left out. */
  readonly band?: JoinBand
}

/**
 * A column of the right side minus one of the left, both datetimes, is at least and at most so many ticks;
 * null is none of them.
 */
export interface JoinBand {
  readonly left: string
  readonly right: string
  readonly least?: bigint
  readonly greatest?: bigint
}

export interface JoinColumn {
  readonly name: string
  readonly side: 'left' | 'right'
  readonly column: string
}

/**
 * All rows of the inputs, one input after the other. An input may lack columns of the union, which
 * are null in its rows (strings are empty); it has no others.
 */
export interface UnionPlan extends BasePlan {
  readonly kind: 'union'
  readonly inputs: readonly Plan[]
}

/**
 * A row for each element of the expanded values, in lock step, null where one is shorter. Columns
 * that are not expanded are repeated. A row none of whose values has an element is left out.
 */
export interface MvExpandPlan extends BasePlan {
  readonly kind: 'mv-expand'
  readonly input: Plan
  readonly columns: readonly MvExpandColumn[]
  /** `bag`: a bag gives bags of one entry; `array`: `[key, value]` arrays. */
  readonly bagKind: 'bag' | 'array'
  readonly itemIndex?: string
  /** Rows for each row of the input, at most; constant in a run. */
  readonly limit?: Expr
}

export interface MvExpandColumn {
  /** The result's column; it stands in the place of an input column of that name, else at the end. */
  readonly name: string
  readonly expr: Expr
  readonly type: ScalarType
  /** Of each element, only what is at the path. Columns of one `expr`, the same object, share elements. */
  readonly steps?: readonly PathStep[]
}

/**
 * For each row of the input the rows of `body`, in which the `context` of the same id stands for the
 * row's expanded rows: those that mv-expand makes of it, with the columns of the row repeated. A row
 * that expands to none gives none. The other columns of the result are the row's own.
 */
export interface MvApplyPlan extends BasePlan {
  readonly kind: 'mv-apply'
  readonly input: Plan
  readonly columns: readonly MvExpandColumn[]
  readonly itemIndex?: string
  /** Expanded rows for each row of the input, at most; constant in a run. */
  readonly limit?: Expr
  readonly id: number
  readonly body: Plan
}

/** The rows at hand inside a body: of the mv-apply or partition of that id. */
export interface ContextPlan extends BasePlan {
  readonly kind: 'context'
  readonly id: number
  /** Whether the rows have an order that window functions can rely on. */
  readonly ordered: boolean
}

/**
 * For each value of `key`, in the order of appearance, the rows of `body`, in which the `context` of
 * the same id stands for the input's rows with that value.
 */
export interface PartitionPlan extends BasePlan {
  readonly kind: 'partition'
  readonly input: Plan
  /** A column of the input. */
  readonly key: string
  readonly id: number
  readonly body: Plan
  /** More different keys than that are an error. */
  readonly maxPartitions?: number
}

/**
 * Matches the rows, in order, with steps: what `scan` does. Each step has a state, that of the
 * sequence which has come as far as it: the last row that matched it and each step before it. A row
 * is tried on the steps from the last to the first. It matches a step of which the condition holds
 * with the state of the step before, which is moved on then; or else with the step's own.
 */
export interface SequencePlan extends BasePlan {
  readonly kind: 'sequence'
  readonly input: Plan
  /** Columns that are added, with the value where no step assigns one: constant in a run. */
  readonly declared: readonly NamedExpr[]
  readonly steps: readonly SequenceStep[]
  /** What conditions and assignments read of states, as columns with names of their own. */
  readonly states: readonly StateColumn[]
  /** The column, at the end, that numbers sequences. */
  readonly matchId?: string
}

export interface SequenceStep {
  readonly name: string
  /** `last`: of repeated matches, the last row alone. */
  readonly output: 'all' | 'last' | 'none'
  readonly condition: Expr
  /** Declared columns. */
  readonly assignments: readonly NamedExpr[]
}

/** A column of the row that matched a step; where there is none, null or the declared value. */
export interface StateColumn {
  readonly name: string
  readonly type: ScalarType
  readonly step: number
  readonly column: string
}

/**
 * A graph, which only the nodes named `graph-…` take: each row of the input is an edge, each value in
 * `source` and `target` and each row of `nodes` a node. It has no rows, and so no schema.
 */
export interface MakeGraphPlan extends BasePlan {
  readonly kind: 'make-graph'
  readonly input: Plan
  readonly source: string
  readonly target: string
  readonly nodes: readonly { readonly plan: Plan; readonly id: string }[]
  /** The property of nodes that has their identifier. */
  readonly nodeId?: string
}

/** The graph with a property of nodes that numbers their components. */
export interface GraphComponentsPlan extends BasePlan {
  readonly kind: 'graph-components'
  readonly input: GraphPlan
  readonly components: 'weak' | 'strong'
  readonly property: string
}

export type GraphPlan = MakeGraphPlan | GraphComponentsPlan

/**
 * The nodes or edges of a graph: their properties, and under these names identifiers of nodes and how
 * many edges come in and go out: `$id`, `$in`, `$out`; of the nodes of an edge `$source`, `$target`.
 */
export interface GraphTablePlan extends BasePlan {
  readonly kind: 'graph-table'
  readonly input: GraphPlan
  readonly what: 'nodes' | 'edges'
}

/**
 * A row for each way in which the pattern is found in the graph, with what `columns` say of it. The
 * pattern is connected.
 */
export interface GraphMatchPlan extends BasePlan {
  readonly kind: 'graph-match'
  readonly input: GraphPlan
  readonly elements: readonly PatternElement[]
  readonly columns: readonly MatchColumn[]
  /** Whether edges, or nodes, may be found more than once in one match. */
  readonly cycles: 'all' | 'none' | 'unique_edges'
}

/**
 * The same for a pattern of two nodes and one edge of variable length: for each pair of nodes that
 * `pairs` holds for one shortest path, or all of them.
 */
export interface GraphPathsPlan extends BasePlan {
  readonly kind: 'graph-paths'
  readonly input: GraphPlan
  readonly elements: readonly PatternElement[]
  readonly columns: readonly MatchColumn[]
  readonly output: 'any' | 'all'
  /** Without paths that end where they begin. */
  readonly acyclic?: true
  /** Over the columns that are properties of nodes. */
  readonly pairs?: Expr
}

export type PatternElement = PatternNode | PatternEdge

export interface PatternNode {
  readonly kind: 'node'
  /** What a node must satisfy, over the properties of nodes. */
  readonly filter?: Expr
}

export interface PatternEdge {
  readonly kind: 'edge'
  /** The elements that it connects: `right` goes from the first to the second. */
  readonly from: number
  readonly to: number
  readonly direction: 'left' | 'right' | 'any'
  /** So many edges in a row; one where missing. */
  readonly range?: { readonly min: number; readonly max: number }
  /** What each edge must satisfy, over the properties of edges. */
  readonly filter?: Expr
  /** What each node between two of its edges must satisfy. */
  readonly innerFilter?: Expr
}

/**
 * A column of a match: a property of a node or an edge, or of an edge of variable length how many
 * edges it has, or what an expression over each of its edges, or the nodes between them, gives.
 */
export interface MatchColumn {
  readonly name: string
  readonly type: ScalarType
  readonly element: number
  readonly value: 'property' | 'length' | 'all' | 'any' | 'map'
  readonly inner: boolean
  /** The property, or what is computed of each edge or node. */
  readonly expr: Expr
}

/**
 * Takes a text apart, and gives the parts as columns, each in the place of an input column of that
 * name, else at the end. Where the text does not match, all of them are null (strings are empty), or
 * the row is left out.
 */
export interface ParsePlan extends BasePlan {
  readonly kind: 'parse'
  readonly input: Plan
  readonly text: Expr
  readonly method: ParseMethod
  readonly mismatch: 'null' | 'drop'
}

export interface ParsedColumn {
  readonly name: string
  readonly type: ScalarType
}

export type PatternPart =
  | { readonly kind: 'any' }
  /** A text, in a pattern of the kind `regex` a regular expression. */
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'column' } & ParsedColumn)

export type ParseMethod = PatternMethod | KeyValueMethod

/**
 * The pattern matches the text from its start to its end. `simple` and `regex`: where a part does not
 * convert to the type of its column, the text does not match; `relaxed`: that column is null.
 */
export interface PatternMethod {
  readonly kind: 'simple' | 'regex' | 'relaxed'
  /** Flags of the regular expression: letters out of `imsUux`. */
  readonly flags: string
  readonly pattern: readonly PatternPart[]
}

/** The first value of each key; a key that is missing is null. Every text matches. */
export interface KeyValueMethod {
  readonly kind: 'key-value'
  readonly keys: readonly ParsedColumn[]
  readonly rule: KeyValueRule
}

export interface KeyValueRule {
  /** The delimiters; without, whatever is neither letter, digit nor underscore delimits. */
  readonly delimiters?: { readonly pair: string; readonly keyValue: string }
  /** An expression with two groups, key and value, in place of everything else. */
  readonly regex?: string
  /** Pairs of an opening and a closing quote. */
  readonly quotes: readonly (readonly [open: string, close: string])[]
  readonly escapes: readonly string[]
  /** Whether a value goes on over pair delimiters, up to the next key. */
  readonly greedy: boolean
}

/**
 * A row for each combination of the keys, in the order of appearance, with arrays over a grid of the
 * axis: the value of the row whose `axis` is that point, else the value's default. The input has one
 * row a point at most, and the points are those of the grid; a row without a point counts for nothing.
 * The grid goes from `from`, or the first point that a combination has, in steps up to `to`, or the
 * last point that it has. An empty input gives no row, unless `nonEmpty`.
 */
export interface MakeSeriesPlan extends BasePlan {
  readonly kind: 'make-series'
  readonly input: Plan
  /** Columns of the input, which keep their names. */
  readonly keys: readonly string[]
  readonly values: readonly SeriesValue[]
  /** The column of the input with the points, and the column of the result with the grid. */
  readonly axis: { readonly column: string; readonly name: string }
  /** Constant in a run, of the type of the axis. */
  readonly from?: Expr
  readonly to?: Expr
  /** Whether `to` may be the last point of the grid. */
  readonly toInclusive: boolean
  readonly step: Expr
  readonly nonEmpty: boolean
}

/** A column of the input that becomes an array under the same name. */
export interface SeriesValue {
  readonly name: string
  /** Constant in a run, of the type of the column. */
  readonly default: Expr
}

export interface SortKey {
  readonly expr: Expr
  readonly direction: 'asc' | 'desc'
  readonly nulls: 'first' | 'last'
}

/** Rows in the order of the keys; equal ones in the order of the input. */
export interface SortPlan extends BasePlan {
  readonly kind: 'sort'
  readonly input: Plan
  readonly keys: readonly SortKey[]
}

/** The first rows in the order of the keys. */
export interface TopPlan extends BasePlan {
  readonly kind: 'top'
  readonly input: Plan
  readonly keys: readonly SortKey[]
  readonly count: Expr
}

/** The first rows of the input. */
export interface TakePlan extends BasePlan {
  readonly kind: 'take'
  readonly input: Plan
  readonly count: Expr
}

/** Some rows of the input, in its order: which ones only depends on how many there are. */
export interface SamplePlan extends BasePlan {
  readonly kind: 'sample'
  readonly input: Plan
  readonly count: Expr
}

/**
 * The first rows of each group in the order of the keys, or all of them: groups have equal values of
 * `partition`, null equal to null, and come in the order of their first rows in the input.
 */
export interface PartitionTopPlan extends BasePlan {
  readonly kind: 'partition-top'
  readonly input: Plan
  readonly partition: readonly Expr[]
  readonly keys: readonly SortKey[]
  readonly count?: Expr
}

/**
 * Adds columns computed by window functions (`row_number`, `prev`, …) over the ordered rows of the
 * whole input.
 */
export interface WindowPlan extends BasePlan {
  readonly kind: 'window'
  readonly input: Plan
  readonly columns: readonly WindowColumn[]
}

export interface WindowColumn {
  readonly name: string
  readonly type: ScalarType
  readonly function: string
  readonly overload: number
  readonly arguments: readonly Expr[]
}

/**
 * What a plugin makes of the rows of its inputs: the first is what stood before it, as the plugin wants
 * it, the others are tables among its arguments. `options` are its constant arguments by name.
 */
export interface EvaluatePlan extends BasePlan {
  readonly kind: 'evaluate'
  readonly plugin: string
  readonly inputs: readonly Plan[]
  readonly options: readonly NamedExpr[]
}

/**
 * The result of a plugin whose columns the values in one column of its input tell. It never runs: the
 * query is bound anew once they are found. `schema` has the columns that are known before.
 */
export interface LatePlan extends BasePlan {
  readonly kind: 'late'
  readonly plugin: string
  readonly input: Plan
  readonly column: string
  /** Which call of a plugin it is: the same whenever the query is bound. */
  readonly site: string
}

/** A subplan whose rows are computed once a run and kept: `materialize()` and `as`. */
export interface SharedPlan extends BasePlan {
  readonly kind: 'shared'
  readonly input: Plan
  readonly id: number
  /** What `as` calls the rows. */
  readonly name?: string
}

/** A bound tabular expression: plain data, printed by `explain` and changed by the rewrites. */
export type Plan =
  | ScanPlan
  | ExternalPlan
  | ValuesPlan
  | RangePlan
  | WherePlan
  | ProjectPlan
  | SummarizePlan
  | JoinPlan
  | UnionPlan
  | MvExpandPlan
  | MvApplyPlan
  | ContextPlan
  | PartitionPlan
  | SequencePlan
  | MakeGraphPlan
  | GraphComponentsPlan
  | GraphTablePlan
  | GraphMatchPlan
  | GraphPathsPlan
  | ParsePlan
  | MakeSeriesPlan
  | SortPlan
  | TopPlan
  | TakePlan
  | SamplePlan
  | PartitionTopPlan
  | WindowPlan
  | EvaluatePlan
  | LatePlan
  | SharedPlan
