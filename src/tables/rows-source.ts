import type { Schema } from '../types/schema.ts'
import { findColumn } from '../types/schema.ts'
import { ColumnBatch } from './batch.ts'
import type { Row } from './infer-schema.ts'
import type { ReadProblem, ScanColumn, ScanContext, ScanRequest, TableSource } from './source.ts'
import { ValuesColumn } from './values-column.ts'
import type { Vector } from './vector.ts'
import { vectorAtPath } from './vector-at-path.ts'
import { nullVector } from './vector-builder.ts'

/**
 * All rows as an array. An array is returned as it is.
 * @throws TypeError where one is not an object.
 */
export async function collectRows(
  table: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<readonly Row[]> {
  if (!isIterable(rows)) {
    throw new TypeError(`The rows of table ${table} are not iterable.`)
  }
  const collected: readonly Row[] = Array.isArray(rows) ? rows : await drain(rows)
  for (let i = 0; i < collected.length; i++) {
    const row: unknown = collected[i]
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) continue
    const what = row === null ? 'null' : Array.isArray(row) ? 'an array' : `a ${typeof row}`
    throw new TypeError(`Row ${i + 1} of table ${table} is ${what}, not an object.`)
  }
  return collected
}

async function drain(rows: Iterable<Row> | AsyncIterable<Row>): Promise<Row[]> {
  const drained: Row[] = []
  for await (const row of rows) drained.push(row)
  return drained
}

function isIterable(rows: unknown): rows is Iterable<Row> | AsyncIterable<Row> {
  if (typeof rows !== 'object' || rows === null) return false
  return Symbol.iterator in rows || Symbol.asyncIterator in rows
}

/**
 * A table of JavaScript objects. An iterable is read once, at the first scan, and kept; a column is
 * converted at the first scan that asks for it, and kept too. The objects must not change meanwhile.
 */
export function rowsSource(
  name: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
  schema: Schema,
): TableSource {
  return new RowsSource(name, rows, schema)
}

class RowsSource implements TableSource {
  readonly schema: Schema
  readonly #name: string
  readonly #rows: Iterable<Row> | AsyncIterable<Row>
  #collected: Promise<readonly Row[]> | undefined
  readonly #columns = new Map<string, ConvertedColumn>()

  constructor(name: string, rows: Iterable<Row> | AsyncIterable<Row>, schema: Schema) {
    this.schema = schema
    this.#name = name
    this.#rows = rows
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    this.#collected ??= collectRows(this.#name, this.#rows)
    const rows = await this.#collected
    const schema = request.columns.map(({ name, type }) => ({ name, type }))
    const columns = request.columns.map(column => this.#column(column, rows, context.batchSize))
    const { batchSize } = context
    for (let start = 0, index = 0; start < rows.length; start += batchSize, index++) {
      context.signal?.throwIfAborted()
      const vectors = columns.map(column => column.batch(index, context, this.#name))
      yield new ColumnBatch(schema, vectors, Math.min(batchSize, rows.length - start))
    }
  }

  #column(requested: ScanColumn, rows: readonly Row[], batchSize: number): ConvertedColumn {
    const key = JSON.stringify([requested.column, requested.path ?? null])
    let column = this.#columns.get(key)
    if (column === undefined || column.batchSize !== batchSize) {
      const known = findColumn(this.schema, requested.column) !== undefined
      column = new ConvertedColumn(requested, known ? rows : undefined, rows.length, batchSize)
      this.#columns.set(key, column)
    }
    return column
  }
}

/** A column, or what is at a path in one, converted batch by batch as far as it was asked for. */
class ConvertedColumn {
  readonly batchSize: number
  readonly #requested: ScanColumn
  /** Undefined where the table has no such column. */
  readonly #rows: readonly Row[] | undefined
  readonly #length: number
  readonly #values: ValuesColumn
  readonly #batches: Vector[] = []
  readonly #misfits: { readonly row: number; readonly message: string }[][] = []
  readonly #inherited: boolean

  constructor(
    requested: ScanColumn,
    rows: readonly Row[] | undefined,
    length: number,
    batchSize: number,
  ) {
    this.batchSize = batchSize
    this.#requested = requested
    this.#rows = rows
    this.#length = length
    this.#values = new ValuesColumn(requested.type, requested.path)
    this.#inherited = requested.column in Object.prototype
  }

  /** The vector of a batch; values of it that do not fit are reported. */
  batch(index: number, context: ScanContext, table: string): Vector {
    while (this.#batches.length <= index) this.#convertNext()
    for (const { row, message } of this.#misfits[index]!) {
      context.report({
        file: table,
        kind: 'value',
        column: this.#requested.column,
        message: `Row ${row}: ${message}`,
      } satisfies ReadProblem)
    }
    return this.#batches[index]!
  }

  #convertNext(): void {
    const start = this.#batches.length * this.batchSize
    const end = Math.min(start + this.batchSize, this.#length)
    const { column } = this.#requested
    const misfits: { row: number; message: string }[] = []
    for (let i = start; i < end; i++) {
      const row = this.#rows?.[i]
      // `constructor` of a row without such a column is not its value.
      const has = row !== undefined && (!this.#inherited || Object.hasOwn(row, column))
      const message = this.#values.add(has ? row[column] : null)
      if (message !== undefined) misfits.push({ row: i + 1, message })
    }
    this.#misfits.push(misfits)
    this.#batches.push(this.#values.take())
  }
}

/** A table that is in batches already, whose columns are those of `schema`. */
export function batchesSource(schema: Schema, batches: readonly ColumnBatch[]): TableSource {
  return {
    schema,
    async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
      const wanted = request.columns.map(({ name, type }) => ({ name, type }))
      for (const batch of batches) {
        for (let start = 0; start < batch.rowCount; start += context.batchSize) {
          context.signal?.throwIfAborted()
          const end = Math.min(start + context.batchSize, batch.rowCount)
          const part =
            batch.rowCount <= context.batchSize ? batch : batch.slice(start, end).compact()
          const columns = request.columns.map(column => columnOf(part, schema, column))
          yield new ColumnBatch(wanted, columns, part.length, part.selection)
        }
      }
    },
  }
}

function columnOf(batch: ColumnBatch, schema: Schema, requested: ScanColumn): Vector {
  const index = schema.findIndex(({ name }) => name === requested.column)
  const vector = index < 0 ? undefined : batch.columns[index]
  if (vector === undefined) return nullVector(requested.type, batch.length)
  if (requested.path === undefined) return vector
  return vectorAtPath(vector, requested.path)
}
