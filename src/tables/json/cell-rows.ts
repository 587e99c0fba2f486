import type { Vector } from '../vector.ts'
import type { ColumnCell } from './column-writer.ts'
import type { RecordScanner } from './record-scanner.ts'

/** A value that does not fit its column: the number of its row among those that were added, and of its cell. */
export interface Misfit {
  readonly row: number
  readonly cell: number
  readonly text: string
}

/**
 * Adds rows that a scanner keeps to the cells of columns: column by column, except for those that look
 * into texts of a record, or of which a batch may have too much.
 */
export class CellRows {
  readonly #cells: readonly ColumnCell[]
  readonly #mayBeFull: readonly ColumnCell[]
  #misfits: Misfit[] = []

  constructor(cells: readonly ColumnCell[]) {
    this.#cells = cells
    this.#mayBeFull = cells.filter(cell => 'isFull' in cell)
  }

  /** Whether there is so much in the vectors that the batch is to end. */
  get isFull(): boolean {
    const cells = this.#mayBeFull
    for (let i = 0; i < cells.length; i++) if (cells[i]?.isFull === true) return true
    return false
  }

  /** Adds rows from `from` on: those before `to`, or until it is full. Returns the position after them. */
  add(scanner: RecordScanner, rows: Uint32Array, from: number, to: number): number {
    const cells = this.#cells
    const together: number[] = []
    const apart: number[] = []
    cells.forEach((cell, i) => {
      if (cell.isNested === true || 'isFull' in cell) together.push(i)
      else apart.push(i)
    })
    let end = to
    if (together.length > 0) {
      end = from
      do {
        const row = end++
        scanner.look(rows[row]!)
        for (const i of together) this.#addOne(scanner, row, i)
      } while (end < to && !this.isFull)
    }
    for (const i of apart) {
      const cell = cells[i]!
      for (let row = from; row < end; row++) {
        row = cell.addRows?.(scanner, rows, row, end) ?? row
        if (row === end) break
        scanner.look(rows[row]!)
        this.#addOne(scanner, row, i)
      }
    }
    return end
  }

  /** The values that did not fit since the last call, row by row. */
  takeMisfits(): readonly Misfit[] {
    const misfits = this.#misfits
    if (misfits.length === 0) return misfits
    this.#misfits = []
    return misfits.sort((a, b) => a.row - b.row || a.cell - b.cell)
  }

  take(): Vector[] {
    return this.#cells.map(cell => cell.take())
  }

  #addOne(scanner: RecordScanner, row: number, cell: number): void {
    const text = this.#cells[cell]!.add(scanner)
    if (text !== undefined) this.#misfits.push({ row, cell, text })
  }
}
