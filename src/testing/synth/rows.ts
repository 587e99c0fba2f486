import type { Expr, Plan } from '../../engine/plan/nodes.ts'
import type { Need, SourceRow } from './cells.ts'

/** A row that a node gives: what its columns are, over cells. */
export interface SymbolicRow {
  readonly columns: ReadonlyMap<string, Expr>
  /** Rows of tables which, given once more, make the same row once more; undefined where none do. */
  readonly sources: readonly SourceRow[] | undefined
  /** Keys of groups that the row comes from: another row has others. */
  readonly groupKeys: readonly (readonly Expr[])[]
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
