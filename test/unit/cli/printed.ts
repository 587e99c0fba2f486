import type { RowFormat } from '../../../src/cli/choices.ts'
import { rowPrinter } from '../../../src/cli/formats/row-printer.ts'
import type { Output } from '../../../src/cli/terminal.ts'
import { batchOf } from '../../../src/engine/operators/sources.ts'
import type { ScalarValue } from '../../../src/tables/vector.ts'
import type { Schema } from '../../../src/types/schema.ts'

/** An output that keeps what is written to it. */
export class TextOutput implements Output {
  readonly isTerminal: boolean
  readonly color: boolean
  readonly width: number | undefined
  text = ''

  constructor(options: { width?: number; color?: boolean } = {}) {
    this.isTerminal = options.width !== undefined
    this.color = options.color === true
    this.width = options.width
  }

  async write(text: string): Promise<void> {
    this.text += text
  }
}

/** What a format prints of rows; on a terminal where a width is given. */
export async function printed(
  format: RowFormat,
  schema: Schema,
  rows: readonly (readonly ScalarValue[])[],
  options: { width?: number; color?: boolean } = {},
): Promise<string> {
  const output = new TextOutput(options)
  const printer = rowPrinter(format, schema, output)
  // A batch a row: what is printed does not depend on how rows arrive.
  for (const row of rows) await printer.batch(batchOf(schema, [row]))
  await printer.end()
  return output.text
}
