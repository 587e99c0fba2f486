import type { Column, Schema } from '../../types/schema.ts'
import type { AggregateExpr, Expr, NamedExpr, WindowColumn } from '../plan/nodes.ts'

/** What a scalar expression can read: the columns of a row, and what may be computed over rows. */
export interface Rows {
  readonly schema: Schema
  /** In a join's conditions: the columns of `$right`; `schema` has those of `$left`. */
  readonly right?: Schema
  /** Where aggregate functions are allowed, they are collected here. */
  readonly aggregates?: AggregateCollector
  /** Where window functions are allowed, they are collected here. */
  readonly windows?: WindowCollector
  /** Where a call may give several columns, such calls are collected here. */
  readonly several?: SeveralCollector
}

/** The aggregates of a summarize, each with a column that stands for its value in expressions. */
export class AggregateCollector {
  readonly input: Schema
  readonly items: AggregateExpr[] = []

  constructor(input: Schema) {
    this.input = input
  }

  /** Adds an aggregate of one column; the column to read it by. */
  add(aggregate: Omit<AggregateExpr, 'outputs'>, type: Column['type']): Column {
    const column = { name: `$aggregate${this.items.length}`, type }
    this.items.push({ ...aggregate, outputs: [column] })
    return column
  }
}

/** The window functions of an operator's expressions, each with a column for its values. */
export class WindowCollector {
  /** Whether the rows have an order that window functions can rely on. */
  readonly ordered: boolean
  readonly items: WindowColumn[] = []

  constructor(ordered: boolean) {
    this.ordered = ordered
  }

  add(item: Omit<WindowColumn, 'name'>): Column {
    const name = `$window${this.items.length}`
    this.items.push({ ...item, name })
    return { name, type: item.type }
  }
}

/** Calls that give several columns, each with a column for the array of its values. */
export class SeveralCollector {
  readonly items: NamedExpr[] = []

  /** Adds a call; the column to read its values from. */
  add(call: Expr): Expr {
    const name = `$values${this.items.length}`
    this.items.push({ name, expr: call })
    return { kind: 'column', type: 'dynamic', name, span: call.span }
  }
}
