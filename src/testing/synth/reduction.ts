import { childrenOf, literal, mapChildren } from '../../engine/plan/expression.ts'
import type { ColumnExpr, Expr } from '../../engine/plan/nodes.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import { callOf, isCall } from './calls.ts'
import type { Cell, Cells } from './cells.ts'
import type { Evaluation } from './evaluation.ts'
import type { Knowledge } from './knowledge.ts'
import { placeOf } from './places.ts'
import { simplified } from './simplify.ts'

/** Puts what is known into expressions. */
export class Reduction {
  readonly #cells: Cells
  readonly #evaluation: Evaluation
  readonly #knowledge: Knowledge
  /** Told of cells whose value counts only where a condition holds. */
  readonly #onGuarded: (cell: Cell, guard: Expr) => void

  constructor(
    cells: Cells,
    evaluation: Evaluation,
    knowledge: Knowledge,
    onGuarded: (cell: Cell, guard: Expr) => void,
  ) {
    this.#cells = cells
    this.#evaluation = evaluation
    this.#knowledge = knowledge
    this.#onGuarded = onGuarded
  }

  /** The expression with what is known put in, and computed as far as that goes. */
  reduce(expr: Expr): Expr {
    if (expr.kind === 'literal') return expr
    const place = placeOf(expr, this.#cells)
    const value = place === undefined ? undefined : this.#knowledge.valueOf(place)
    if (value !== undefined) return literal(expr.type, value.is, expr.span)
    if (expr.kind === 'column') return this.#column(expr)
    if (place?.cell.origin.kind === 'source') return expr
    const length = this.#lengthOfList(expr)
    if (length !== undefined) return this.reduce(length)
    const reduced = simplified(mapChildren(expr, child => this.reduce(child)))
    if (reduced.kind !== 'call' || reduced.varies === true) return reduced
    if (!childrenOf(reduced).every(child => child.kind === 'literal')) return reduced
    const computed = this.#evaluation.value(reduced)
    return computed === undefined ? reduced : literal(reduced.type, computed, reduced.span)
  }

  #lengthOfList(expr: Expr): Expr | undefined {
    if (!isCall(expr, 'array_length')) return undefined
    const [list] = expr.arguments
    const cell = list?.kind === 'column' ? this.#cells.at(list.name) : undefined
    return cell?.origin.kind === 'list' ? cell.origin.length : undefined
  }

  /** A list stands for the one item of it that is known. */
  #column(expr: ColumnExpr): Expr {
    const cell = this.#cells.at(expr.name)
    if (cell?.origin.kind !== 'list' && cell?.origin.kind !== 'guarded') return expr
    const { guard, item: made, kind } = cell.origin
    if (guard !== undefined) this.#onGuarded(cell, guard)
    const item = this.reduce(made)
    return kind === 'guarded' ? item : callOf('pack_array', 'dynamic', [item], expr.span)
  }

  /** The value that an expression has with all that was chosen; what was not is null, or empty. */
  valueOf(expr: Expr): ScalarValue {
    const bare = withoutColumns(this.reduce(expr))
    return this.#evaluation.value(bare) ?? (expr.type === 'string' ? '' : null)
  }
}

function withoutColumns(expr: Expr): Expr {
  if (expr.kind === 'column') {
    return literal(expr.type, expr.type === 'string' ? '' : null, expr.span)
  }
  return mapChildren(expr, withoutColumns)
}
