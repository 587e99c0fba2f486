import type { Expr, Plan } from '../../engine/plan/nodes.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { Need, SourceRow } from './cells.ts'
import type { Choices } from './choices.ts'
import type { Constraint } from './constraints.ts'
import type { Problem } from './problem.ts'

/** A row that a node gives: what its columns are, over cells. */
export interface SymbolicRow {
  readonly columns: ReadonlyMap<string, Expr>
  /** Rows of tables which, given once more, make the same row once more; undefined where none do. */
  readonly sources: readonly SourceRow[] | undefined
  /** Keys of groups that the row comes from: another row has others. */
  readonly groupKeys: readonly (readonly Expr[])[]
  /** The row right before or after it, where that was looked at. */
  readonly neighbour?: SymbolicRow
}

/** A group of rows of which one stands for all, until it is known how many there must be. */
export interface Group {
  readonly input: Plan
  readonly keys: readonly Expr[]
  readonly keyValues: readonly Expr[]
  readonly first: SymbolicRow
  readonly needs: readonly Need[]
  /** What gives the rows at hand inside of bodies around the group. */
  readonly contexts: ReadonlyMap<number, () => SymbolicRow>
}

/** Makes rows of plans without values: what the nodes of a plan share. */
export interface RowMaker {
  readonly problem: Problem
  readonly choices: Choices
  /** Constraints that were met and not posted yet. */
  readonly constraints: Constraint[]
  readonly groups: Group[]
  readonly contexts: ReadonlyMap<number, () => SymbolicRow>
  /** One more row of the plan. */
  row(plan: Plan): SymbolicRow
  /** The expression over cells. */
  within(expr: Expr, row: SymbolicRow): Expr
  /** A value that cannot be traced back. */
  opaque(type: ScalarType, span: Span, what: string): Expr
}
