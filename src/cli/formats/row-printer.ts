import type { ColumnBatch } from '../../tables/batch.ts'
import { unreachable } from '../../text/internal-error.ts'
import type { Schema } from '../../types/schema.ts'
import type { RowFormat } from '../choices.ts'
import type { Output } from '../terminal.ts'
import { CsvPrinter } from './csv.ts'
import { JsonPrinter } from './json.ts'
import { NdjsonPrinter } from './ndjson.ts'
import { TablePrinter } from './table.ts'

/** Prints the rows of one result as they come. */
export interface RowPrinter {
  batch(batch: ColumnBatch): Promise<void>
  /** Prints what can only be printed last. Without it the output is not complete. */
  end(): Promise<void>
}

/** The printer of a format for a result with these columns. */
export function rowPrinter(format: RowFormat, schema: Schema, out: Output): RowPrinter {
  switch (format) {
    case 'table':
      return new TablePrinter(schema, out)
    case 'json':
      return new JsonPrinter(schema, out)
    case 'ndjson':
      return new NdjsonPrinter(schema, out)
    case 'csv':
      return new CsvPrinter(schema, out)
    default:
      return unreachable(format)
  }
}
