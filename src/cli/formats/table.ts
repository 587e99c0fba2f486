import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { cellWidth } from '../../text/cell-width.ts'
import { visible } from '../../text/visible.ts'
import { isNumeric } from '../../types/scalar-type.ts'
import type { Column, Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellText } from './cell-text.ts'

const GAP = '  '
const ELLIPSIS = '…'
/** Columns of text that would be narrower are left out instead. */
const NARROWEST = 10

export { visible }

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
    const needs = natural.map((width, index) => ({ width, isRigid: isRigid(this.#schema[index]) }))
    const widths = this.#out.width === undefined ? natural : fitted(needs, this.#out.width)
    const lines = new LineWriter(this.#out)
    const { color } = this.#out
    const heading = this.#line(names, widths)
    await lines.add(`${color ? `\u001b[1m${heading}\u001b[0m` : heading}\n`)
    await lines.add(`${widths.map(width => '-'.repeat(width)).join(GAP)}\n`)
    for (const row of this.#rows) await lines.add(`${this.#line(row, widths)}\n`)
    await lines.add(`${countText(this.#rows.length, 'row')}\n`)
    const hidden = names.length - widths.length
    if (hidden > 0) {
      const list = names.slice(widths.length).join(', ')
      await lines.add(`${countText(hidden, 'column')} not shown, for want of room: ${list}\n`)
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

function isRigid(column: Column | undefined): boolean {
  return column !== undefined && !['string', 'guid', 'dynamic'].includes(column.type)
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

/** What a column needs, and whether it may have less: of a time cut short nothing is left. */
interface ColumnNeed {
  readonly width: number
  readonly isRigid: boolean
}

/**
 * The widths within a total: text gives way first, the widest of it before all; then the last columns
 * are left out.
 */
function fitted(needs: readonly ColumnNeed[], total: number): number[] {
  for (let count = needs.length; count > 0; count--) {
    const widths = shared(needs.slice(0, count), total - GAP.length * (count - 1))
    if (widths !== undefined) return widths
  }
  return needs.slice(0, 1).map(need => Math.min(need.width, total))
}

/** The widths with the largest limit for text with which they fit; undefined where none does. */
function shared(needs: readonly ColumnNeed[], room: number): number[] | undefined {
  const widthOf = ({ width, isRigid }: ColumnNeed, limit: number) =>
    isRigid ? width : Math.min(width, limit)
  const sum = (limit: number) => needs.reduce((all, need) => all + widthOf(need, limit), 0)
  let limit = Math.max(...needs.map(need => need.width))
  while (limit > NARROWEST && sum(limit) > room) limit--
  let left = room - sum(limit)
  if (left < 0) return undefined
  return needs.map(need => {
    const width = widthOf(need, limit)
    // What rounding left over goes to the first columns that were cut.
    if (need.isRigid || need.width <= limit || left === 0) return width
    left--
    return width + 1
  })
}
