import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { cellWidth } from '../../text/cell-width.ts'
import { isNumeric } from '../../types/scalar-type.ts'
import type { Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellText } from './cell-text.ts'

const GAP = '  '
const ELLIPSIS = '…'
/** Columns of a terminal that would be narrower are left out instead. */
const NARROWEST = 10

/**
 * What a terminal would act upon instead of showing it: control characters, and those that change the
 * direction of text. Logs are written by strangers.
 */
const HIDDEN = /[\p{Cc}\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** The text with what a terminal would not show as escapes that it does show. */
export function visible(text: string): string {
  return text.replace(
    HIDDEN,
    character =>
      ESCAPES[character] ?? `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}

/**
 * Prints rows as aligned columns under their names, and how many there are. On a terminal wide cells
 * are cut, and columns that have no room left out, which is said.
 */
export class TablePrinter {
  readonly #schema: Schema
  readonly #out: Output
  readonly #rows: string[][] = []

  constructor(schema: Schema, out: Output) {
    this.#schema = schema
    this.#out = out
  }

  /** How many rows it was given. */
  get rowCount(): number {
    return this.#rows.length
  }

  async batch(batch: ColumnBatch): Promise<void> {
    for (const row of batch.rows) {
      this.#rows.push(batch.columns.map(column => visible(cellText(column as Vector, row))))
    }
  }

  async end(): Promise<void> {
    const names = this.#schema.map(column => visible(column.name))
    const natural = names.map((name, index) =>
      this.#rows.reduce(
        (width, row) => Math.max(width, textWidth(row[index] ?? '')),
        textWidth(name),
      ),
    )
    const widths = this.#out.width === undefined ? natural : fitted(natural, this.#out.width)
    const lines = new LineWriter(this.#out)
    const { color } = this.#out
    const heading = this.#line(names, widths)
    await lines.add(`${color ? `\u001b[1m${heading}\u001b[0m` : heading}\n`)
    await lines.add(`${widths.map(width => '-'.repeat(width)).join(GAP)}\n`)
    for (const row of this.#rows) await lines.add(`${this.#line(row, widths)}\n`)
    await lines.add(`${countText(this.#rows.length, 'row')}\n`)
    const hidden = names.length - widths.length
    if (hidden > 0) {
      const shown = names.slice(widths.length).join(', ')
      await lines.add(`${countText(hidden, 'column')} not shown for want of room: ${shown}\n`)
    }
    await lines.flush()
  }

  #line(cells: readonly string[], widths: readonly number[]): string {
    return widths
      .map((width, index) => {
        const text = cut(cells[index] ?? '', width)
        const padding = ' '.repeat(Math.max(0, width - textWidth(text)))
        const type = this.#schema[index]?.type
        return type !== undefined && isNumeric(type) ? padding + text : text + padding
      })
      .join(GAP)
      .trimEnd()
  }
}

/** `1 row`, `2 rows`. */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

const PLAIN = /^[\u0020-\u007e]*$/

function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const character of text) width += cellWidth(character)
  return width
}

function cut(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let shown = ''
  let used = 0
  for (const character of text) {
    used += cellWidth(character)
    if (used > width - 1) break
    shown += character
  }
  return shown + ELLIPSIS
}

/** The widths within a total: the widest columns give way first, then the last are left out. */
function fitted(natural: readonly number[], total: number): number[] {
  for (let count = natural.length; count > 1; count--) {
    const columns = natural.slice(0, count)
    const room = total - GAP.length * (count - 1)
    const widths = shared(columns, room)
    if (widths !== undefined) return widths
  }
  return natural.slice(0, 1).map(width => Math.min(width, total))
}

/** The widths with one limit for all, the largest with which they fit; undefined where none does. */
function shared(natural: readonly number[], room: number): number[] | undefined {
  let limit = Math.max(...natural)
  const sum = () => natural.reduce((all, width) => all + Math.min(width, limit), 0)
  while (limit >= NARROWEST && sum() > room) limit--
  if (sum() > room) return undefined
  const widths = natural.map(width => Math.min(width, limit))
  // What rounding left over goes to the first columns that were cut.
  let left = room - sum()
  for (let index = 0; index < widths.length && left > 0; index++) {
    if ((natural[index] ?? 0) <= limit) continue
    widths[index] = limit + 1
    left--
  }
  return widths
}
