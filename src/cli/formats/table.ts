import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import { cellWidth } from '../../text/cell-width.ts'
import { visible } from '../../text/visible.ts'
import { formatDatetime } from '../../types/datetime.ts'
import { isNumeric } from '../../types/scalar-type.ts'
import type { Column, Schema } from '../../types/schema.ts'
import { LineWriter, type Output } from '../terminal.ts'
import { cellText } from './cell-text.ts'

const GAP = '  '
const ELLIPSIS = '…'
/** Columns of text that would be narrower are left out instead. */
const NARROWEST = 10

export { visible }

/** Characters of cells that are held until the widths of columns are decided. */
const MOST_HELD = 2 ** 24

/**
 * Prints rows as aligned columns under their names, and how many there are. On a terminal wide cells
 * are cut, and columns that have no room left out, which is said. Columns are as wide as their widest
 * cell; of very many rows, the first ones decide.
 */
export class TablePrinter {
  readonly #schema: Schema
  readonly #lines: LineWriter
  readonly #out: Output
  #held: string[][] = []
  #heldCharacters = 0
  #rowCount = 0
  /** Once they are decided. */
  #widths: readonly number[] | undefined

  constructor(schema: Schema, out: Output) {
    this.#schema = schema
    this.#out = out
    this.#lines = new LineWriter(out)
  }

  /** How many rows it was given. */
  get rowCount(): number {
    return this.#rowCount
  }

  async batch(batch: ColumnBatch): Promise<void> {
    for (const row of batch.rows) {
      const cells = batch.columns.map(column => visible(cellText(column as Vector, row)))
      this.#rowCount++
      if (this.#widths !== undefined) {
        await this.#lines.add(`${this.#line(cells, this.#fitting(cells, this.#widths))}\n`)
        continue
      }
      this.#held.push(cells)
      this.#heldCharacters += cells.reduce((sum, { length }) => sum + length, 0)
      if (this.#heldCharacters > MOST_HELD) await this.#begin()
    }
  }

  async end(): Promise<void> {
    const widths = this.#widths ?? (await this.#begin())
    const lines = this.#lines
    await lines.add(`${countText(this.#rowCount, 'row')}\n`)
    const hidden = this.#schema.slice(widths.length).map(({ name }) => visible(name))
    if (hidden.length > 0) {
      const list = hidden.join(', ')
      await lines.add(
        `${countText(hidden.length, 'column')} not shown, for want of room: ${list}\n`,
      )
    }
    await lines.flush()
  }

  /** Decides the widths, and prints what was held. */
  async #begin(): Promise<readonly number[]> {
    const names = this.#schema.map(column => visible(column.name))
    const natural = names.map((name, index) =>
      this.#held.reduce(
        (width, row) => Math.max(width, textWidth(row[index] ?? '')),
        textWidth(name),
      ),
    )
    const needs = natural.map((width, index) => ({ width, isRigid: isRigid(this.#schema[index]) }))
    const widths = this.#out.width === undefined ? natural : fitted(needs, this.#out.width)
    const heading = this.#line(names, widths)
    await this.#lines.add(`${this.#out.color ? `\u001b[1m${heading}\u001b[0m` : heading}\n`)
    await this.#lines.add(`${widths.map(width => '-'.repeat(width)).join(GAP)}\n`)
    for (const row of this.#held) await this.#lines.add(`${this.#line(row, widths)}\n`)
    this.#held = []
    this.#widths = widths
    return widths
  }

  /** The widths, with room for a number or a time that is wider than all before: those are not cut. */
  #fitting(cells: readonly string[], widths: readonly number[]): readonly number[] {
    return widths.map((width, index) =>
      isRigid(this.#schema[index]) ? Math.max(width, textWidth(cells[index] ?? '')) : width,
    )
  }

  #line(cells: readonly string[], widths: readonly number[]): string {
    return widths
      .map((width, index) => {
        const cell = cells[index] ?? ''
        const text = this.#out.width === undefined ? cell : cut(cell, width)
        const padding = ' '.repeat(Math.max(0, width - textWidth(text)))
        const type = this.#schema[index]?.type
        return type !== undefined && isNumeric(type) ? padding + text : text + padding
      })
      .join(GAP)
      .trimEnd()
  }
}

/**
 * Rows of cells as lines, the first one to the left and at most so wide, the others, which are numbers,
 * to the right.
 */
export function alignedLines(rows: readonly (readonly string[])[], most: number): string[] {
  const shown = rows.map(([first = '', ...rest]) => [cut(first, most), ...rest])
  const widths = (shown[0] ?? []).map((_, index) =>
    Math.max(...shown.map(row => textWidth(row[index] ?? ''))),
  )
  return shown.map(row =>
    row
      .map((cell, index) => {
        const padding = ' '.repeat((widths[index] ?? 0) - textWidth(cell))
        return index === 0 ? cell + padding : padding + cell
      })
      .join(GAP)
      .trimEnd(),
  )
}

function isRigid(column: Column | undefined): boolean {
  return column !== undefined && !['string', 'guid', 'dynamic'].includes(column.type)
}

/** `1 row`, `2 rows`. */
export function countText(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** A time in ticks, to the second. */
export function secondText(time: bigint): string {
  return `${formatDatetime(time).slice(0, 19)}Z`
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
  // No text can be wider than all the room: a cell may have millions of characters.
  let limit = Math.min(Math.max(room, NARROWEST), Math.max(...needs.map(need => need.width)))
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
