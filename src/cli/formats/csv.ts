import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellText } from './cell-text.ts'

/** What a spreadsheet takes for the start of a formula, or drops before looking for one. */
const FORMULA = /^[=+\-@\t\r\n]/
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/

/**
 * Text as a field of CSV. Logs are written by strangers: text that a spreadsheet would run as a
 * formula gets an apostrophe in front, by which spreadsheets know text.
 */
export function csvText(text: string): string {
  return csvField(FORMULA.test(text) ? `'${text}` : text)
}

function csvField(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Prints CSV as RFC 4180 has it, with a header, lines ended by a line feed. */
export class CsvPrinter {
  readonly #schema: Schema
  readonly #lines: LineWriter
  #begun = false

  constructor(schema: Schema, out: Output) {
    this.#schema = schema
    this.#lines = new LineWriter(out)
  }

  async batch(batch: ColumnBatch): Promise<void> {
    for (const row of batch.rows) {
      await this.#header()
      const cells = batch.columns.map(column => fieldOf(column as Vector, row))
      await this.#line(cells)
    }
  }

  async end(): Promise<void> {
    await this.#header()
    await this.#lines.flush()
  }

  async #header(): Promise<void> {
    if (this.#begun) return
    this.#begun = true
    await this.#line(this.#schema.map(column => csvText(column.name)))
  }

  /** A single empty field would be an empty line, which readers skip. */
  #line(fields: readonly string[]): Promise<void> {
    const line = fields.length === 1 && fields[0] === '' ? '""' : fields.join(',')
    return this.#lines.add(`${line}\n`)
  }
}

/** Only text can be a formula: what else starts with a minus is a number or a timespan. */
function fieldOf(vector: Vector, row: number): string {
  const text = cellText(vector, row)
  return vector.type === 'string' ? csvText(text) : csvField(text)
}
