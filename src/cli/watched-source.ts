import type { ColumnBatch } from '../tables/batch.ts'
import type { ScanContext, ScanRequest, TableSource, TimeRange } from '../tables/source.ts'
import type { Vector } from '../tables/vector.ts'
import type { Schema } from '../types/schema.ts'
import type { Progress } from './progress.ts'

/** What was seen of a table in one scan. */
export interface ScanRecord {
  /** Rows that the scan gave. */
  rows: number
  /** Whether the scan ran to the end of the table. */
  complete: boolean
  /** Whether the scan was asked for a range of time. */
  readonly ranged: boolean
  /** Whether a row was within that range. */
  hit: boolean
  /** The oldest and the newest time, as far as rows were looked at: all of them where none hit. */
  oldest: bigint | undefined
  newest: bigint | undefined
}

/** A table that keeps a record of its scans, and tells the progress of them. */
export class WatchedSource implements TableSource {
  readonly schema: Schema
  readonly scans: ScanRecord[] = []
  readonly #name: string
  readonly #source: TableSource
  readonly #progress: Progress
  /** The columns that filters looked at, and whether any row had a value of them. */
  readonly #looked = new Map<string, boolean>()

  constructor(name: string, source: TableSource, progress: Progress) {
    this.schema = source.schema
    this.#name = name
    this.#source = source
    this.#progress = progress
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    const { timeRange, filter } = request
    const time = request.columns.find(
      column => column.column === timeRange?.column && column.path === undefined,
    )
    const record = newRecord(time !== undefined)
    this.scans.push(record)
    const see = (batch: ColumnBatch) => {
      record.rows += batch.rowCount
      for (const name of filter?.columns ?? []) this.#look(batch, name)
      if (timeRange === undefined || time === undefined || record.hit) return
      const position = batch.schema.findIndex(column => column.name === time.name)
      look(record, batch, position, timeRange)
    }
    // A source that asks the filter does so about all of its rows, and gives only some of them.
    let asked = false
    const watched: ScanRequest =
      filter === undefined
        ? request
        : {
            ...request,
            filter: {
              columns: filter.columns,
              select: batch => {
                asked = true
                see(batch)
                void this.#progress.read(this.#name, batch.rowCount)
                return filter.select(batch)
              },
            },
          }
    for await (const batch of this.#source.scan(watched, context)) {
      if (!asked) {
        see(batch)
        await this.#progress.read(this.#name, batch.rowCount)
      }
      yield batch
    }
    record.complete = true
  }

  /**
   * Whether filters looked at a column in all rows of the table, of which there are some, and none had
   * a value of it.
   */
  lacks(column: string): boolean {
    const whole = this.scans.length > 0 && this.scans.every(scan => scan.complete && scan.rows > 0)
    const known = this.#source.hasValues?.(column)
    return whole && (known === undefined ? this.#looked.get(column) === false : !known)
  }

  #look(batch: ColumnBatch, name: string): void {
    if (this.#looked.get(name) === true) return
    const vector = batch.columns[batch.schema.findIndex(column => column.name === name)]
    if (vector === undefined) return
    this.#looked.set(
      name,
      batch.rows.some(row => hasValue(vector, row)),
    )
  }

  /** How many rows the whole table has, and its oldest and newest time in a column. */
  async times(column: string, signal: AbortSignal): Promise<ScanRecord> {
    const record = newRecord(true)
    const request = { columns: [{ name: column, type: 'datetime', column }] } as const
    const context = {
      batchSize: 8192,
      signal,
      // What cannot be read is reported when a query reads it.
      report: () => undefined,
    }
    for await (const batch of this.#source.scan(request, context)) {
      record.rows += batch.rowCount
      look(record, batch, 0, { column, from: MAX_TICKS })
      await this.#progress.read(this.#name, batch.rowCount)
    }
    record.complete = true
    return record
  }
}

function hasValue(vector: Vector, row: number): boolean {
  if (vector.type === 'string') return vector.dict[vector.codes[row]!] !== ''
  return !vector.isNull(row)
}

/** After all time: no row is within the range from here on. */
const MAX_TICKS = 9_223_372_036_854_775_807n

function newRecord(ranged: boolean): ScanRecord {
  return {
    rows: 0,
    complete: false,
    ranged,
    hit: false,
    oldest: undefined,
    newest: undefined,
  }
}

function look(record: ScanRecord, batch: ColumnBatch, position: number, range: TimeRange): void {
  const column = batch.columns[position]
  if (column?.type !== 'datetime') return
  const { from, to } = range
  for (const row of batch.rows) {
    if (column.isNull(row)) continue
    const time = column.values[row] as bigint
    if ((from === undefined || time >= from) && (to === undefined || time <= to)) {
      record.hit = true
      return
    }
    if (record.oldest === undefined || time < record.oldest) record.oldest = time
    if (record.newest === undefined || time > record.newest) record.newest = time
  }
}
