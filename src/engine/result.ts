import { type ColumnBatch, concat } from '../tables/batch.ts'
import type { ScalarValue, Vector } from '../tables/vector.ts'
import { valueAt } from '../tables/vector.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { formatDatetime } from '../types/datetime.ts'
import { type Decimal, formatDecimal } from '../types/decimal.ts'
import type { Dynamic } from '../types/dynamic.ts'
import { dynamicToJs } from '../types/dynamic-json.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import type { Column, Schema } from '../types/schema.ts'
import { formatTimespan } from '../types/timespan.ts'
import type { Visualization } from './binder/context.ts'

/**
 * A scalar as results give it: bool boolean; int and real number; long bigint; datetime ISO text with
 * seven digits; timespan Kusto's text; decimal, guid and string text; dynamic the JSON value; null.
 */
export function resultValue(type: ScalarType, value: ScalarValue): unknown {
  if (value === null) return null
  switch (type) {
    case 'datetime':
      return formatDatetime(value as bigint)
    case 'timespan':
      return formatTimespan(value as bigint)
    case 'decimal':
      return formatDecimal(value as Decimal)
    case 'dynamic':
      return dynamicToJs(value as Dynamic)
    default:
      return value
  }
}

let batchOf: (table: ResultTable) => ColumnBatch

/** The rows of a result as the engine has them. */
export function scalarRowsOf(table: ResultTable): ScalarValue[][] {
  const { columns, rows } = batchOf(table)
  return Array.from(rows, row => columns.map(column => valueAt(column, row)))
}

/** The rows of one result of a query. */
export class ResultTable {
  static {
    batchOf = table => table.#batch
  }

  /** What `as` or `fork` call it; undefined where it has no name. */
  readonly name: string | undefined
  /** Name and type of each column, in order. */
  readonly columns: readonly Column[]
  readonly #batch: ColumnBatch

  constructor(schema: Schema, batches: readonly ColumnBatch[], name?: string) {
    this.name = name
    this.columns = schema.map(({ name, type }) => ({ name, type }))
    this.#batch = concat(schema, batches)
  }

  /** How many rows there are. */
  get rowCount(): number {
    return this.#batch.rowCount
  }

  /**
   * The rows, each with a value for every column: long as bigint, datetime as ISO text with seven
   * digits, timespan as Kusto's text, decimal and guid as text, dynamic as the JSON value, null.
   */
  rows(): unknown[][] {
    return Array.from(this.#batch.rows, row =>
      this.columns.map(({ type }, index) => resultValue(type, this.#value(index, row))),
    )
  }

  /**
   * The rows as objects by column name: as {@link rows}, but long as number where that is exact, and
   * bigint beyond.
   */
  toObjects(): Record<string, unknown>[] {
    return Array.from(this.#batch.rows, row => {
      const object: Record<string, unknown> = {}
      this.columns.forEach(({ name, type }, index) => {
        const value = friendly(resultValue(type, this.#value(index, row)))
        Object.defineProperty(object, name, {
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        })
      })
      return object
    })
  }

  #value(index: number, row: number): ScalarValue {
    return valueAt(this.#batch.columns[index] as Vector, row)
  }
}

/** What a query gave: its rows, which are those of the first of several results. */
export class QueryResult extends ResultTable {
  /**
   * All results, this one first: a query has several where it has several expressions, or ends with
   * `fork`, `facet` or `graph-to-table`.
   */
  readonly results: readonly ResultTable[]
  /** Warnings of the query and of the data read for it. */
  readonly diagnostics: readonly Diagnostic[]
  /** What `render` said; undefined where there was none. */
  readonly visualization: Visualization | undefined

  constructor(
    schema: Schema,
    batches: readonly ColumnBatch[],
    diagnostics: readonly Diagnostic[],
    visualization?: Visualization,
    name?: string,
    further: readonly ResultTable[] = [],
  ) {
    super(schema, batches, name)
    this.results = [this, ...further]
    this.diagnostics = diagnostics
    this.visualization = visualization
  }
}

function friendly(value: unknown): unknown {
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
