import type { Column, Schema } from '../../types/schema.ts'
import type { AggregateExpr, StateColumn, WindowColumn } from '../plan/nodes.ts'

/** What a scalar expression can read: the columns of a row, and what may be computed over rows. */
export interface Rows {
  readonly schema: Schema
  /** In a join's conditions: the columns of `$right`; `schema` has those of `$left`. */
  readonly right?: Schema
  /** In a step of scan: what names of steps mean. */
  readonly states?: StateCollector
  /** Where aggregate functions are allowed, they are collected here. */
  readonly aggregates?: AggregateCollector
  /** Where window functions are allowed, they are collected here. */
  readonly windows?: WindowCollector
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

/** What the steps of a scan read of each other's rows, each with a column to read it by. */
export class StateCollector {
  readonly items: StateColumn[] = []
  readonly #steps: readonly string[]
  readonly #schema: Schema

  /** `schema`: the columns of a row that matched. */
  constructor(steps: readonly string[], schema: Schema) {
    this.#steps = steps
    this.#schema = schema
  }

  /** The position of a step; undefined where there is none of that name. */
  stepOf(name: string): number | undefined {
    const index = this.#steps.indexOf(name)
    return index < 0 ? undefined : index
  }

  /** The column of that name of the step's row; undefined where rows have none. */
  add(step: number, column: string): Column | undefined {
    const type = this.#schema.find(item => item.name === column)?.type
    if (type === undefined) return undefined
    const known = this.items.find(item => item.step === step && item.column === column)
    if (known !== undefined) return known
    const item = { name: `$${this.#steps[step]}.${column}`, type, step, column }
    this.items.push(item)
    return item
  }
}
