import type { ColumnBatch } from '../../tables/batch.ts'
import { KeptBytes } from '../../tables/batch-size.ts'
import type { Run } from './run.ts'

/** Bytes that an operator which spills may keep, whatever the others do. */
const LEAST_BYTES = 1 << 20

/** What one operator keeps in memory, until it closes the account. */
export class Account {
  readonly #run: Run
  readonly #what: string
  readonly #kept = new KeptBytes()
  #rows = 0
  #bytes = 0

  /** `what`: how an error names the operator. */
  constructor(run: Run, what: string) {
    this.#run = run
    this.#what = what
  }

  /** The bytes that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** Counts rows and bytes; throws beyond the limits. */
  keep(rows: number, bytes: number): void {
    this.#rows += rows
    this.#bytes += bytes
    this.#run.keep(rows, bytes, this.#what)
  }

  /** The same for the rows of a batch, with the texts of its dictionaries. */
  keepBatch(batch: ColumnBatch): void {
    this.keep(batch.rowCount, this.#kept.of(batch))
  }

  /** Counts rows and bytes; beyond the bound of memory, `isOver` says so. */
  count(rows: number, bytes: number): void {
    this.#rows += rows
    this.#bytes += bytes
    this.#run.count(rows, bytes, this.#what)
  }

  /** The same for the rows of a batch, with the texts of its dictionaries. */
  countBatch(batch: ColumnBatch): void {
    this.count(batch.rowCount, this.#kept.of(batch))
  }

  /** The same where the rows do not count, as they can be given up at any time. */
  countBytes(batch: ColumnBatch): void {
    this.count(0, this.#kept.of(batch))
  }

  /** Counts up or down to so many rows and bytes. */
  countTo(rows: number, bytes: number): void {
    this.count(rows - this.#rows, bytes - this.#bytes)
  }

  /**
   * Whether less than a share of the bound is left for what else may come: then the operator has to
   * spill. Throws where it is too much and there is nowhere to spill to.
   */
  isOver(share = 0): boolean {
    const room = this.#run.room()
    if (room < 0 && this.#run.spill === undefined) throw this.#run.overflow(this.#what)
    return this.#run.spill !== undefined && room < this.#run.memory * share
  }

  /** Throws where it is too much, and more than the `floor` of bytes that the operator cannot spill. */
  checkLast(floor = 0): void {
    const isMore = this.#bytes > floor + LEAST_BYTES
    if (isMore && this.#run.room() < 0) throw this.#run.overflow(this.#what)
  }

  /** Some of it is kept no more. */
  release(rows: number, bytes: number): void {
    this.#rows -= rows
    this.#bytes -= bytes
    this.#run.release(rows, bytes)
  }

  /** Nothing of it is kept any more. */
  close(): void {
    this.release(this.#rows, this.#bytes)
    this.#kept.clear()
  }
}
