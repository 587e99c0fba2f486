import { type ColumnBatch, concat } from '../../tables/batch.ts'
import { batchBytes } from '../../tables/batch-size.ts'
import { readBatch, writeBatch } from '../../tables/spill/batch-codec.ts'
import { ByteWriter } from '../../tables/spill/byte-writer.ts'
import type { SpillFile, SpillStore } from '../../tables/spill/spill-store.ts'
import { InternalError } from '../../text/internal-error.ts'
import type { Schema } from '../../types/schema.ts'
import type { Run } from './run.ts'

/** Bytes of rows, as they are in memory, that are written at once. */
const BLOCK_BYTES = 1 << 17

/** Rows outside of memory, in the order in which they were added. Read after {@link finish}. */
export class SpilledRows {
  readonly schema: Schema
  readonly #store: SpillStore
  readonly #run: Run
  readonly #offsets: number[] = []
  #file: SpillFile | undefined
  #pending: ColumnBatch[] = []
  #pendingRows = 0
  #pendingBytes = 0
  #rowCount = 0

  constructor(schema: Schema, run: Run) {
    if (run.spill === undefined) throw new InternalError('rows are spilled, and nowhere to')
    this.schema = schema
    this.#store = run.spill
    this.#run = run
  }

  /** How many rows were added. */
  get rowCount(): number {
    return this.#rowCount
  }

  /** Adds the rows of a batch of the schema. */
  async add(batch: ColumnBatch): Promise<void> {
    if (batch.rowCount === 0) return
    const own = batch.compact()
    this.#pending.push(own)
    this.#rowCount += own.length
    this.#pendingRows += own.length
    this.#pendingBytes += batchBytes(own)
    if (this.#pendingBytes >= BLOCK_BYTES || this.#pendingRows >= this.#run.batchSize) {
      await this.#write()
    }
  }

  /** Writes what is not written yet: no rows can be added any more. */
  async finish(): Promise<void> {
    if (this.#pendingRows > 0) await this.#write()
  }

  /** The rows, batch by batch; again from the start for each call. */
  async *batches(): AsyncGenerator<ColumnBatch> {
    const file = this.#file
    if (file === undefined) return
    for (let block = 0; block < this.#offsets.length; block++) {
      const start = this.#offsets[block]!
      const end = this.#offsets[block + 1] ?? file.size
      yield readBatch(await file.read(start, end - start), this.schema)
    }
  }

  /** Frees the place of the rows. */
  async remove(): Promise<void> {
    await this.#file?.remove()
    this.#file = undefined
  }

  async #write(): Promise<void> {
    this.#file ??= await this.#store.create()
    const rows = concat(this.schema, this.#pending)
    await this.#run.pause(rows.length)
    this.#pending = []
    this.#pendingRows = 0
    this.#pendingBytes = 0
    for (const block of blocksOf(rows)) {
      const writer = new ByteWriter()
      writeBatch(writer, block)
      this.#offsets.push(this.#file.size)
      await this.#file.append(writer.written)
    }
  }
}

/** The rows in pieces that are small enough to have one of each of many files in memory. */
function* blocksOf(rows: ColumnBatch): Generator<ColumnBatch> {
  const count = Math.min(rows.length, Math.ceil(batchBytes(rows) / (BLOCK_BYTES * 2)))
  for (let piece = 0; piece < count; piece++) {
    const start = Math.floor((piece * rows.length) / count)
    const end = Math.floor(((piece + 1) * rows.length) / count)
    yield rows.section(start, end)
  }
}
