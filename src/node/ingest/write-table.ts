import { join } from 'node:path'
import { type ColumnBatch, concat } from '../../tables/batch.ts'
import { batchBytes } from '../../tables/batch-size.ts'
import type { ScanContext, TableSource } from '../../tables/source.ts'
import type { Int64Vector } from '../../tables/vector.ts'
import { ParquetPart } from './parquet-part.ts'
import { fileName } from './staging.ts'

/** Rows of a row group, at most. */
export const GROUP_ROWS = 16_384
const LEAST_GROUP_ROWS = 512
/** What the rows of a row group take in memory, about. */
const GROUP_BYTES = 96 * 2 ** 20
/** Rows are held until there are so many, or they take so much; then the older half is written. */
const HELD_ROWS = 4 * GROUP_ROWS
const HELD_BYTES = 4 * GROUP_BYTES
const TIME_COLUMNS = ['TimeGenerated', 'Timestamp']

/** What was written of a table. */
export interface WrittenTable {
  readonly table: string
  readonly rows: number
  /** The names of the files. */
  readonly files: readonly string[]
}

/** A file of a table cannot be written; the cause is what the file system says. */
export class WriteError extends Error {
  override readonly name = 'WriteError'
}

/** How {@link writeTable} goes on. */
export interface WriteOptions {
  /** Rows that are held to be sorted, at most. */
  readonly heldRows?: number
  /** Rows of a row group, at most. */
  readonly groupRows?: number
  /** Called with how many rows were taken, and awaited. */
  wrote?(rows: number): Promise<void>
}

/**
 * Writes a table as Parquet files into a folder, and holds a bounded part of it in memory meanwhile. The
 * rows of a file are sorted by time, those without one first; rows that come later than what is held can
 * tell begin another file.
 * @throws WriteError where a file cannot be written
 */
export async function writeTable(
  table: string,
  source: TableSource,
  folder: string,
  context: ScanContext,
  options: WriteOptions = {},
): Promise<WrittenTable> {
  const writer = new TableWriter(table, source, folder, options)
  const columns = source.schema.map(({ name, type }) => ({ name, type, column: name }))
  for await (const batch of source.scan({ columns }, context)) {
    context.signal?.throwIfAborted()
    if (batch.rowCount > 0) writing(() => writer.add(batch))
    await options.wrote?.(batch.rowCount)
  }
  return writing(() => writer.finish())
}

/** Tells what the file system refuses to write from what it refuses to read. */
function writing<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new WriteError(cause.message, { cause })
  }
}

class TableWriter {
  readonly #table: string
  readonly #source: TableSource
  readonly #folder: string
  readonly #time: string | undefined
  readonly #heldRows: number
  readonly #groupRows: number
  readonly #files: string[] = []
  #held: ColumnBatch[] = []
  #heldCount = 0
  #bytes = 0
  #rows = 0
  #part: ParquetPart | undefined
  /** The time of the last row of the part. */
  #last: bigint | undefined

  constructor(table: string, source: TableSource, folder: string, options: WriteOptions) {
    this.#table = table
    this.#source = source
    this.#folder = folder
    this.#heldRows = options.heldRows ?? HELD_ROWS
    this.#groupRows = options.groupRows ?? GROUP_ROWS
    this.#time = TIME_COLUMNS.find(name =>
      source.schema.some(column => column.name === name && column.type === 'datetime'),
    )
  }

  add(batch: ColumnBatch): void {
    this.#held.push(batch.compact())
    this.#heldCount += batch.rowCount
    this.#bytes += batchBytes(batch)
    if (this.#heldCount >= this.#heldRows || this.#bytes >= HELD_BYTES) this.#write(false)
  }

  finish(): WrittenTable {
    if (this.#heldCount > 0 || this.#part === undefined) this.#write(true)
    this.#part?.finish()
    return { table: this.#table, rows: this.#rows, files: this.#files }
  }

  /** Writes the older half of what is held, or all of it. */
  #write(all: boolean): void {
    const { schema } = this.#source
    const sorted = this.#sorted(concat(schema, this.#held))
    const perRow = this.#bytes / Math.max(1, this.#heldCount)
    const fitting = Math.floor(GROUP_BYTES / Math.max(1, perRow))
    const groupRows = Math.min(this.#groupRows, Math.max(LEAST_GROUP_ROWS, fitting))
    const half = Math.ceil(sorted.length / 2 / groupRows) * groupRows
    const count = all ? sorted.length : Math.min(sorted.length, half)
    for (let start = 0; start < count; start += groupRows) {
      this.#writeGroup(sorted.section(start, Math.min(start + groupRows, count)))
    }
    if (all && sorted.length === 0) this.#begin(sorted)
    const rest = sorted.length - count
    this.#held = rest === 0 ? [] : [sorted.slice(count, sorted.length).compact()]
    this.#heldCount = rest
    this.#bytes = perRow * rest
  }

  #sorted(batch: ColumnBatch): ColumnBatch {
    const times = this.#timesOf(batch)
    if (times === undefined) return batch
    const before = (a: number, b: number): number => {
      const left = times.isNull(a) ? undefined : times.values[a]!
      const right = times.isNull(b) ? undefined : times.values[b]!
      if (left === right) return 0
      if (left === undefined || right === undefined) return left === undefined ? -1 : 1
      return left < right ? -1 : 1
    }
    let isSorted = true
    for (let row = 1; row < batch.length && isSorted; row++) isSorted = before(row - 1, row) <= 0
    if (isSorted) return batch
    const order = Uint32Array.from({ length: batch.length }, (_, row) => row)
    order.sort((a, b) => before(a, b) || a - b)
    return batch.select(order).compact()
  }

  #timesOf(batch: ColumnBatch): Int64Vector | undefined {
    const index = batch.schema.findIndex(({ name }) => name === this.#time)
    return batch.columns[index] as Int64Vector | undefined
  }

  #writeGroup(batch: ColumnBatch): void {
    const times = this.#timesOf(batch)
    const first = times?.isNull(0) === false ? times.values[0] : undefined
    const isLater = times === undefined || (first ?? -(2n ** 63n)) >= (this.#last ?? -(2n ** 63n))
    if (this.#part === undefined || !isLater || !this.#part.takes(batch)) this.#begin(batch)
    this.#part?.write(batch)
    this.#rows += batch.length
    const end = batch.length - 1
    if (times !== undefined) this.#last = times.isNull(end) ? undefined : times.values[end]
  }

  #begin(batch: ColumnBatch): void {
    this.#part?.finish()
    const file = fileName(this.#table, this.#files.length + 1)
    this.#part = new ParquetPart(join(this.#folder, file), this.#table, this.#time, batch)
    this.#files.push(file)
    this.#last = undefined
  }
}
