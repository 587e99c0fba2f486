import type { SourceText } from '../text/source-text.ts'
import type { Span } from '../text/span.ts'
import type { Dynamic } from '../types/dynamic.ts'
import type { ScalarType } from '../types/scalar-type.ts'

/** A value of a tests file as it stands there, before a column gives it a type. */
export interface Value {
  readonly value: Dynamic
  readonly span: Span
  /** A number or the like as the file writes it: `0x1F`, `10.10`. */
  readonly written?: string
}

/** A time, or, where `relative`, what is to be added to the `now` of the test; in ticks. */
export interface TestTime {
  readonly ticks: bigint
  readonly relative: boolean
}

/** A field of a row: a column, or a path into a dynamic one, and its value. */
export interface Field {
  /** `Result`, `InitiatedBy.user.id`, `TargetResources[0].displayName`. */
  readonly name: string
  readonly nameSpan: Span
  readonly value: Value
}

/** A row of a table, or of an expectation: the fields that matter. */
export interface Row {
  readonly fields: readonly Field[]
  readonly span: Span
}

/** A row of a table that is given. */
export interface GivenRow extends Row {
  /** What fixtures call it, so that tests can change it. */
  readonly name?: string
  /** Whether it takes the row of that name away. */
  readonly removed: boolean
}

/** The data of a table. */
export interface GivenTable {
  readonly table: string
  /** Where its name stands. */
  readonly span: Span
  readonly rows: readonly GivenRow[]
  /** Files with rows, in any form of export. */
  readonly files: readonly { readonly path: string; readonly span: Span }[]
}

/** A watchlist in place of a real one. */
export interface WatchlistStub {
  readonly alias: string
  readonly span: Span
  readonly rows: readonly Row[]
  readonly searchKey?: string
}

/** What stands for functions and watchlists that a rule names. */
export interface Stubs {
  readonly watchlists: readonly WatchlistStub[]
  /** Texts of functions by name, as a `.kql` file has them. */
  readonly functions: ReadonlyMap<string, string>
}

/** The schedule of a test that lets the rule run several times. */
export interface TestRuns {
  readonly from?: TestTime
  readonly to?: TestTime
  readonly anchor?: TestTime
  /** Ticks after its TimeGenerated at which a row arrives. */
  readonly delay?: bigint
}

/** An entity that an alert is expected to have: its type, and those of its identifiers that matter. */
export interface ExpectedEntity {
  readonly type: string
  readonly identifiers: ReadonlyMap<string, string>
}

/** An alert that is expected: what of it matters. */
export interface ExpectedAlert {
  readonly title?: string
  readonly description?: string
  readonly severity?: string
  readonly tactics?: readonly string[]
  readonly techniques?: readonly string[]
  /** All of its entities, in any order. */
  readonly entities?: readonly ExpectedEntity[]
  /** Values by key; keys that are not named do not matter. */
  readonly customDetails?: ReadonlyMap<string, readonly string[]>
  /** How many rows it is about. */
  readonly rows?: number
  /** When the run was. */
  readonly run?: TestTime
}

/** An incident that is expected: what of it matters. */
export interface ExpectedIncident {
  readonly title?: string
  readonly severity?: string
  /** How many alerts it has. */
  readonly alerts?: number
}

/** A column that the result is expected to have. */
export interface ExpectedColumn {
  readonly name: string
  readonly type?: ScalarType
}

/** What a test expects of its runs: each part that is there has to hold. */
export interface Expectation {
  /** Rows of all runs, without regard to the threshold. */
  readonly rows?: { readonly count: number } | { readonly list: readonly Row[] }
  /** Whether rows other than those listed may be there. */
  readonly others: boolean
  /** Whether the columns that a listed row does not name are empty. */
  readonly exact: boolean
  /** Whether the rows stand in the order of the list. */
  readonly ordered: boolean
  /** All columns of the result, in order. */
  readonly columns?: readonly ExpectedColumn[]
  readonly alerts?: { readonly count: number } | { readonly list: readonly ExpectedAlert[] }
  readonly incidents?: { readonly count: number } | { readonly list: readonly ExpectedIncident[] }
  /** The codes of what a replay has to say of the rule, each once, in any order. */
  readonly findings?: readonly string[]
  /** What the short forms `rows` and `alerts` say: there is one at least. */
  readonly some?: 'rows' | 'alerts'
}

/** A test of a rule. */
export interface RuleTest {
  readonly name: string
  /** Where its name stands. */
  readonly span: Span
  /** Where the whole of it stands. */
  readonly whole: Span
  /** The fixture whose tables it starts from. */
  readonly base?: { readonly name: string; readonly span: Span }
  readonly now?: bigint
  /** undefined where the rule runs once, at `now`. */
  readonly runs?: TestRuns
  readonly given: readonly GivenTable[]
  readonly stubs: Stubs
  readonly expect: Expectation
  /** Where the parts of `expect` stand, by name, `''` for the whole: what `--update` writes there. */
  readonly expectSpans: ReadonlyMap<string, Span>
  /** The reason for which it does not run. */
  readonly skip?: string
}

/** A mutant of the rule that its tests let pass, and why that is well. */
export interface AcceptedMutant {
  readonly operator: string
  /** What is changed, as the query has it; blanks do not matter. */
  readonly at: string
  /** What comes in its place, where one place has several such mutants. */
  readonly becomes?: string
  readonly reason: string
  readonly span: Span
}

/** The tests of a rule, as a file has them. */
export interface TestFile {
  readonly source: SourceText
  /** The path of the rule, where the file names one. */
  readonly rule?: { readonly path: string; readonly span: Span }
  readonly now?: bigint
  /** Columns of tables that are not built in, or in place of the built-in ones. */
  readonly schemas: ReadonlyMap<string, ReadonlyMap<string, ScalarType>>
  readonly fixtures: ReadonlyMap<string, readonly GivenTable[]>
  readonly stubs: Stubs
  readonly accepted: readonly AcceptedMutant[]
  readonly tests: readonly RuleTest[]
}

/** Whether a test expects that the rule finds nothing. */
export function expectsNothing({ rows, alerts, some }: Expectation): boolean {
  if (some !== undefined) return false
  // A rule that gives rows and raises no alert, as its threshold is not met, does not fire.
  return (alerts && isNone(alerts)) ?? (rows && isNone(rows)) ?? false
}

/** Whether a test expects that the rule finds something: one that expects columns alone does neither. */
export function expectsSomething(expect: Expectation): boolean {
  const { rows, alerts, incidents, some } = expect
  if (expectsNothing(expect)) return false
  return (
    some !== undefined ||
    [rows, alerts, incidents].some(part => part !== undefined && !isNone(part))
  )
}

function isNone(part: { readonly count: number } | { readonly list: readonly unknown[] }): boolean {
  return 'count' in part ? part.count === 0 : part.list.length === 0
}
