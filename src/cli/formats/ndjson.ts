import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellJson } from './cell-text.ts'

/**
 * Prints a JSON object for each row, one a line, with the columns in order. A row of one of several
 * results is the member `row` of an object that says which, by name or else by number from 1.
 */
export class NdjsonPrinter {
  readonly #names: readonly string[]
  readonly #lines: LineWriter
  readonly #result: string | undefined

  constructor(schema: Schema, out: Output, result?: string | number) {
    this.#result = result === undefined ? undefined : JSON.stringify(result)
    this.#names = schema.map(column => JSON.stringify(column.name))
    this.#lines = new LineWriter(out)
  }

  async batch(batch: ColumnBatch): Promise<void> {
    for (const row of batch.rows) {
      const object = objectJson(this.#names, batch, row)
      const line =
        this.#result === undefined ? object : `{"result":${this.#result},"row":${object}}`
      await this.#lines.add(`${line}\n`)
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
