import type { ColumnBatch } from '../../tables/batch.ts'
import { unreachable } from '../../text/internal-error.ts'
import type { Schema } from '../../types/schema.ts'
import type { RowFormat } from '../choices.ts'
import type { ResultStart } from '../execute.ts'
import type { Output } from '../terminal.ts'
import { CsvPrinter } from './csv.ts'
import { JsonPrinter } from './json.ts'
import { NdjsonPrinter } from './ndjson.ts'
import { TablePrinter, visible } from './table.ts'

/** Prints the rows of one result as they come. */
export interface RowPrinter {
  batch(batch: ColumnBatch): Promise<void>
  /** Prints what can only be printed last. Without it the output is not complete. */
  end(): Promise<void>
}

/**
 * The printer of a format for one of the results of a query. Where there are several, they are printed
 * one after the other: as tables under their names, as the members of `{"results":[…]}`, as rows that
 * say which result is theirs, as CSV with empty lines between.
 */
export function resultPrinter(format: RowFormat, result: ResultStart, out: Output): RowPrinter {
  const { name, columns, index, count } = result
  if (count === 1) return rowPrinter(format, columns, out)
  switch (format) {
    case 'table': {
      const heading = `${visible(name ?? `Result ${index + 1}`)}:\n`
      return between(new TablePrinter(columns, out), out, index === 0 ? heading : `\n${heading}`)
    }
    case 'json':
      return between(
        new JsonPrinter(columns, out, name ?? null),
        out,
        index === 0 ? '{"results":[\n' : ',\n',
        index === count - 1 ? ']}\n' : '',
      )
    case 'ndjson':
      return new NdjsonPrinter(columns, out, name ?? index + 1)
    case 'csv':
      return between(new CsvPrinter(columns, out), out, index === 0 ? '' : '\n')
    default:
      return unreachable(format)
  }
}

/** The printer with a text before and after what it prints. */
function between(printer: RowPrinter, out: Output, before: string, after = ''): RowPrinter {
  let begun = false
  const begin = async (): Promise<void> => {
    if (!begun && before !== '') await out.write(before)
    begun = true
  }
  return {
    async batch(batch) {
      await begin()
      await printer.batch(batch)
    },
    async end() {
      await begin()
      await printer.end()
      if (after !== '') await out.write(after)
    },
  }
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
