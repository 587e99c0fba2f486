import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellJson } from './cell-text.ts'

/** Prints a JSON object for each row, one a line, with the columns in order. */
export class NdjsonPrinter {
  readonly #names: readonly string[]
  readonly #lines: LineWriter

  constructor(schema: Schema, out: Output) {
    this.#names = schema.map(column => JSON.stringify(column.name))
    this.#lines = new LineWriter(out)
  }

  async batch(batch: ColumnBatch): Promise<void> {
    for (const row of batch.rows) {
      await this.#lines.add(`${objectJson(this.#names, batch, row)}\n`)
    }
  }

  end(): Promise<void> {
    return this.#lines.flush()
  }
}

/** A row as a JSON object; `names` are the columns' names as JSON. */
export function objectJson(names: readonly string[], batch: ColumnBatch, row: number): string {
  const members = names.map(
    (name, index) => `${name}:${cellJson(batch.columns[index] as Vector, row)}`,
  )
  return `{${members.join(',')}}`
}
