import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellJson } from './cell-text.ts'

/** The columns of a result as JSON: `[{"name":…,"type":…}]`. */
export function columnsJson(schema: Schema): string {
  return JSON.stringify(schema.map(({ name, type }) => ({ name, type })))
}

/** A row as a JSON array, a value for each column. */
export function rowJson(batch: ColumnBatch, row: number): string {
  return `[${batch.columns.map(column => cellJson(column as Vector, row)).join(',')}]`
}

/**
 * Prints `{"columns":[…],"rows":[[…]]}`, a row a line; one of several results with its `"name"`, which
 * may be null.
 */
export class JsonPrinter {
  readonly #schema: Schema
  readonly #lines: LineWriter
  readonly #name: string
  #rows = 0

  constructor(schema: Schema, out: Output, name?: string | null) {
    this.#schema = schema
    this.#name = name === undefined ? '' : `"name":${JSON.stringify(name)},`
    this.#lines = new LineWriter(out)
  }

  async batch(batch: ColumnBatch): Promise<void> {
    for (const row of batch.rows) {
      await this.#lines.add((this.#rows++ === 0 ? this.#head() : ',\n') + rowJson(batch, row))
    }
  }

  async end(): Promise<void> {
    await this.#lines.add(this.#rows === 0 ? `${this.#head().trimEnd()}]}\n` : '\n]}\n')
    await this.#lines.flush()
  }

  #head(): string {
    return `{${this.#name}"columns":${columnsJson(this.#schema)},"rows":[\n`
  }
}
