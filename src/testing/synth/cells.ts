import type { ColumnExpr, Expr } from '../../engine/plan/nodes.ts'
import type { Span } from '../../text/span.ts'
import type { ScalarType } from '../../types/scalar-type.ts'

/** A row that is to stand in a table. */
export interface SourceRow {
  readonly id: number
  readonly table: string
}

/** What a value that is looked for belongs to. */
export type Origin =
  | { readonly kind: 'source'; readonly row: SourceRow; readonly column: string }
  /** A number of rows or of distinct values in a group: grown to after it was chosen. */
  | { readonly kind: 'size' }
  /** A text that `parse` takes out of another. */
  | { readonly kind: 'part'; readonly column: string }
  /**
   * The array that an aggregate makes of `item`. Its length is a cell of its own; `guard` holds for
   * the row that the item is of.
   */
  | {
      readonly kind: 'list'
      readonly item: Expr
      readonly length: Expr
      readonly guard?: Expr
      readonly member: ListMember
    }
  /** A value that counts only where the guard holds. */
  | { readonly kind: 'guarded'; readonly item: Expr; readonly guard: Expr }
  /** What cannot be traced back. */
  | { readonly kind: 'opaque'; readonly reason: string; readonly span: Span }

/** What any row of a group adds to a list: over the columns of the group's input. */
export interface ListMember {
  readonly item: Expr
  /** Holds for the rows that add to it. */
  readonly condition?: Expr
  /** What the group must have; it may be added to. */
  readonly needs: Need[]
}

/** What a group must have, in numbers that are chosen with everything else. */
export interface Need {
  /** Rows, rows for which the condition holds, or different values. */
  readonly size: Expr
  readonly condition?: Expr
  readonly distinct?: Expr
}

/** A value that is looked for. Expressions name it as a column. */
export interface Cell {
  readonly name: string
  readonly type: ScalarType
  readonly origin: Origin
}

/** The cells of a problem by name. */
export class Cells {
  readonly #byName = new Map<string, Cell>()
  readonly #ofRows = new Map<string, Cell>()
  #rows = 0

  at(name: string): Cell | undefined {
    return this.#byName.get(name)
  }

  addRow(table: string): SourceRow {
    return { id: ++this.#rows, table }
  }

  add(type: ScalarType, origin: Origin): Cell {
    const cell = { name: `?${this.#byName.size}`, type, origin }
    this.#byName.set(cell.name, cell)
    return cell
  }

  /** The cell of a column of a row: the same one each time. */
  ofRow(row: SourceRow, column: string, type: ScalarType): Cell {
    const key = `${row.id}.${column}`
    const known = this.#ofRows.get(key)
    if (known !== undefined) return known
    const cell = this.add(type, { kind: 'source', row, column })
    this.#ofRows.set(key, cell)
    return cell
  }

  /** The cells of rows of tables. */
  get all(): Iterable<Cell> {
    return this.#byName.values()
  }
}

/** The cell as an expression. */
export function cellExpr(cell: Cell, span: Span): ColumnExpr {
  return { kind: 'column', type: cell.type, name: cell.name, span }
}
