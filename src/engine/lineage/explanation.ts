import type { SourceText } from '../../text/source-text.ts'
import type { Span } from '../../text/span.ts'
import type { RowRef } from './origins.ts'

/** A place in the text that people know: the query, the file of the rule, or of a saved function. */
export interface Place {
  readonly source: SourceText
  readonly span: Span
  /** Both from 1. */
  readonly line: number
  readonly column: number
  /** What stands there, in one line. */
  readonly text: string
}

/** A part of a condition and its value, as results give values. */
export interface Operand {
  readonly text: string
  readonly value: unknown
}

/** A part of a conjunction that is not true of a row, with the values that it looks at. */
export interface FailedPart {
  readonly place: Place
  readonly text: string
  readonly operands: readonly Operand[]
}

/** What an operator that the row came through made of it. */
export interface Stage {
  /** The operator's word in KQL, such as `where`. */
  readonly operator: string
  readonly place: Place
  /** How many rows made of the followed one came to it, and how many of those came out. */
  readonly rowsIn: number
  readonly rowsOut: number
  /** What is worth knowing: the group that it was folded into, a pattern that did not match. */
  readonly note?: string
}

export type DropReason =
  | 'condition'
  | 'window'
  | 'no-match'
  | 'match'
  | 'other-row'
  | 'no-element'
  | 'no-pattern'
  | 'limit'
  | 'body'
  | 'step'

/** The row ends here: the operator leaves out all rows made of it. */
export interface Dropped {
  readonly kind: 'dropped'
  readonly reason: DropReason
  readonly operator: string
  readonly place: Place
  /** Why, in one sentence without a full stop. */
  readonly message: string
  /** How many rows made of the followed one came to it. */
  readonly rows: number
  /**
   * Of these rows the one that a condition fails by the least, or that a join has a partner of: which,
   * from 1, and its values.
   */
  readonly nearest?: { readonly row: number; readonly values: Readonly<Record<string, unknown>> }
  /** The parts of the condition that it fails. */
  readonly parts: readonly FailedPart[]
  /** Rows of tables that the message speaks of: the nearest key, the row that was taken instead. */
  readonly otherRows: readonly RowRef[]
}

/** The row is, or is part of, rows of a result. */
export interface Reached {
  readonly kind: 'result'
  /** The position of the result among those of the query, from 1, and its name. */
  readonly result: number
  readonly name?: string
  /** From 1. */
  readonly rows: readonly number[]
  /** The values of the first of these rows, by column. */
  readonly values: Readonly<Record<string, unknown>>
  readonly place: Place
  readonly message: string
}

/** The row decides about other rows, and gives none itself: in a subquery, on a side of a join. */
export interface Used {
  readonly kind: 'used'
  readonly operator: string
  readonly place: Place
  readonly message: string
}

/** What becomes of the row cannot be told. */
export interface Unfollowed {
  readonly kind: 'unfollowed'
  readonly operator: string
  readonly place: Place
  readonly message: string
}

export type PathEnd = Dropped | Reached | Used | Unfollowed

/** The way of a row from one of the places where the query reads its table. */
export interface RowPath {
  /** Where the query names the table. */
  readonly place: Place
  readonly stages: readonly Stage[]
  readonly end: PathEnd
}

/** What became of a row. */
export interface RowExplanation {
  readonly table: string
  /** The number of the row in the table, from 1. */
  readonly row: number
  /** Its values, by column. */
  readonly values: Readonly<Record<string, unknown>>
  /** How the first way ends. */
  readonly outcome: PathEnd['kind']
  /**
   * A way for each place in which the query reads the table, and more where its rows are read again:
   * first those to a result, then those by the query's own pipe, then by sides of joins; of these the
   * one that comes farthest.
   */
  readonly paths: readonly RowPath[]
}
