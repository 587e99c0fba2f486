import type { ColumnBatch } from '../tables/batch.ts'
import type {
  ScanColumn,
  ScanContext,
  ScanRequest,
  TableSource,
  TimeRange,
} from '../tables/source.ts'
import type { Vector } from '../tables/vector.ts'
import type { Schema } from '../types/schema.ts'
import type { Progress } from './progress.ts'

/** What was seen of a table in one scan. */
export interface ScanRecord {
  /** Rows that the scan gave. */
  rows: number
  /** Rows that were not looked at, because they cannot matter. */
  unexamined: number
  /** Whether the scan ran to the end of the table. */
  complete: boolean
  /** The range of time that the scan was asked for, where it gives the time. */
  readonly range: TimeRange | undefined
  /** Whether a row was within that range. */
  hit: boolean
  /** The oldest and the newest time, as far as rows were looked at: all of them where none hit. */
  oldest: bigint | undefined
  newest: bigint | undefined
}

/** A table that keeps a record of its scans, and tells the progress of them. */
export class WatchedSource implements TableSource {
  readonly schema: Schema
  readonly bytes?: number
  readonly scans: ScanRecord[] = []
  readonly #name: string
  readonly #source: TableSource
  readonly #progress: Progress
  /** The columns that filters looked at, and whether any row had a value of them. */
  readonly #looked = new Map<string, boolean>()
  /** The columns that scans were asked for, by their names. */
  readonly #asked = new Map<string, ScanColumn>()

  constructor(name: string, source: TableSource, progress: Progress) {
    this.schema = source.schema
    if (source.bytes !== undefined) this.bytes = source.bytes
    this.#name = name
    this.#source = source
    this.#progress = progress
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    const { timeRange, filter } = request
    const time = request.columns.find(
      column => column.column === timeRange?.column && column.path === undefined,
    )
    const record = newRecord(time && timeRange)
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
              ...filter,
              select: batch => {
                asked = true
                see(batch)
                void this.#progress.read(this.#name, batch.rowCount)
                return filter.select(batch)
              },
            },
          }
    const { unexamined } = context
    const counting: ScanContext = {
      ...context,
      passedOver: rows => {
        record.unexamined += rows
      },
      ...(unexamined === undefined
        ? {}
        : {
            unexamined: (rows, file) => {
              record.unexamined += rows
              unexamined(rows, file)
            },
          }),
    }
    for (const column of request.columns) this.#asked.set(column.name, column)
    for await (const batch of this.#source.scan(watched, counting)) {
      if (!asked) {
        see(batch)
        await this.#progress.read(this.#name, batch.rowCount)
      }
      yield batch
    }
    record.complete = true
  }

  /**
   * Whether no row of the table, of which there are some, has a value of a column that filters look at.
   * Where not all rows were looked at, others are now, until one has.
   */
  async lacks(column: string, signal: AbortSignal): Promise<boolean> {
    const { scans } = this
    if (scans.length === 0 || scans.some(scan => !scan.complete)) return false
    if (scans.every(scan => scan.unexamined === 0)) {
      return scans.every(scan => scan.rows > 0) && this.#looked.get(column) === false
    }
    const asked = this.#asked.get(column)
    if (asked === undefined || this.#looked.get(column) === true) return false
    let rows = 0
    for await (const batch of this.#source.scan({ columns: [asked] }, quietly(signal))) {
      rows += batch.rowCount
      this.#look(batch, column)
      if (this.#looked.get(column) === true) return false
      await this.#progress.read(this.#name, batch.rowCount)
    }
    return rows > 0
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

  /** Whether a row of the table is within a range of time. */
  async hasWithin(range: TimeRange, signal: AbortSignal): Promise<boolean> {
    const record = newRecord(undefined)
    const request = { ...timesOf(range.column), timeRange: range }
    const context = { ...quietly(signal), unexamined: () => undefined }
    for await (const batch of this.#source.scan(request, context)) {
      look(record, batch, 0, range)
      if (record.hit) return true
      await this.#progress.read(this.#name, batch.rowCount)
    }
    return false
  }

  /** How many rows the whole table has, and its oldest and newest time in a column. */
  async times(column: string, signal: AbortSignal): Promise<ScanRecord> {
    const record = newRecord(undefined)
    for await (const batch of this.#source.scan(timesOf(column), quietly(signal))) {
      record.rows += batch.rowCount
      look(record, batch, 0, { column, from: MAX_TICKS })
      await this.#progress.read(this.#name, batch.rowCount)
    }
    record.complete = true
    return record
  }
}

function timesOf(column: string): ScanRequest {
  return { columns: [{ name: column, type: 'datetime', column }] }
}

/** A scan beside that of the query: what cannot be read is reported when a query reads it. */
function quietly(signal: AbortSignal): ScanContext {
  return { batchSize: 8192, signal, report: () => undefined }
}

function hasValue(vector: Vector, row: number): boolean {
  if (vector.type === 'string') return vector.dict[vector.codes[row]!] !== ''
  return !vector.isNull(row)
}

/** After all time: no row is within the range from here on. */
const MAX_TICKS = 9_223_372_036_854_775_807n

function newRecord(range: TimeRange | undefined): ScanRecord {
  return {
    rows: 0,
    unexamined: 0,
    complete: false,
    range,
    hit: false,
    oldest: undefined,
    newest: undefined,
  }
}

function look(record: ScanRecord, batch: ColumnBatch, position: number, range: TimeRange): void {
  const column = batch.columns[position]
  if (column?.type !== 'datetime') return
  const isWhole = column.nulls === undefined && batch.rows.length === column.length
  const whole = isWhole ? column.range : undefined
  if (whole !== undefined && !mayHave(range, whole.least, whole.greatest)) {
    note(record, whole.least)
    note(record, whole.greatest)
    return
  }
  for (const row of batch.rows) {
    if (column.isNull(row)) continue
    const time = column.values[row] as bigint
    if (mayHave(range, time, time)) {
      record.hit = true
      return
    }
    note(record, time)
  }
}

/** Whether some of the times from the least to the greatest may be in the range. */
function mayHave({ from, to }: TimeRange, least: bigint, greatest: bigint): boolean {
  return (from === undefined || greatest >= from) && (to === undefined || least <= to)
}

/** Notes a time that is not in the range. */
function note(record: ScanRecord, time: bigint): void {
  if (record.oldest === undefined || time < record.oldest) record.oldest = time
  if (record.newest === undefined || time > record.newest) record.newest = time
}
