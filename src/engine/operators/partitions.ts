import type { ColumnBatch } from '../../tables/batch.ts'
import type { Vector } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'
import { hashKeys } from './key-hash.ts'
import type { Run } from './run.ts'
import { SpilledRows } from './spilled-rows.ts'

/** How many parts rows are divided into. */
const PARTS = 16
/** How often parts that are too large are divided again. */
export const DEEPEST = 6

/** Rows outside of memory, in parts by the hash of a key: rows of one key are in one part, in order. */
export class Partitions {
  readonly parts: readonly SpilledRows[]
  readonly #seed: number

  /** `depth`: how often the rows were divided before, by other hashes then. */
  constructor(schema: Schema, depth: number, run: Run) {
    this.parts = Array.from({ length: PARTS }, () => new SpilledRows(schema, run))
    this.#seed = Math.imul(depth + 1, 0x9e3779b1)
  }

  /** Adds rows of a batch, whose keys are given by row. */
  async add(batch: ColumnBatch, keys: readonly Vector[]): Promise<void> {
    const { rows } = batch
    const hashes = new Uint32Array(batch.length)
    hashKeys(keys, rows, this.#seed, hashes)
    const byPart = this.parts.map((): number[] => [])
    for (const row of rows) byPart[hashes[row]! % PARTS]!.push(row)
    for (const [at, part] of this.parts.entries()) {
      await part.add(batch.select(Uint32Array.from(byPart[at]!)))
    }
  }

  /** Ends the adding of rows. */
  async finish(): Promise<void> {
    for (const part of this.parts) await part.finish()
  }
}
