import { ColumnBatch } from '../tables/batch.ts'
import type { ScanContext, ScanRequest, TableSource } from '../tables/source.ts'
import type { TimedRows } from './timed-rows.ts'

/** A part of a timeline that a run sees. */
export interface TimelineWindow {
  /** Positions of the first row and of that after the last. */
  readonly start: number
  readonly end: number
  /** Those of them that are seen, where not all are: some arrived too late. */
  readonly seen: Uint32Array | undefined
}

/** Bounds of time, both included. */
export interface TimeSpan {
  readonly from: bigint | undefined
  readonly to: bigint | undefined
}

/** Rows so much apart are copied for a scan; else it passes over those between them. */
const SPARSE = 4

/**
 * Rows of a feed in the order of their times, those of one time as they were read; rows without a time
 * are at the end, and in no window with a bound. A table without a column of time, such as a watchlist,
 * is the same in every window. Several timelines may share rows, of which each has some.
 */
export class Timeline {
  readonly #rows: TimedRows
  /** Where its rows are among those that are shared, in order; undefined where all are its own. */
  readonly #selection: Uint32Array | undefined
  /** How many of its rows have a time. */
  readonly #timed: number
  /** Those by when they arrived, once a run near real time asked for them. */
  #byArrival: Uint32Array | undefined

  constructor(rows: TimedRows, selection?: Uint32Array | undefined) {
    this.#rows = rows
    this.#selection = selection
    this.#timed =
      selection === undefined
        ? rows.timed
        : firstAt(selection.length, at => (selection[at] as number) >= rows.timed)
  }

  get rowCount(): number {
    return this.#selection?.length ?? this.#rows.batch.length
  }

  /** Whether some of its rows have no time, though the table has a column of it: no run sees them. */
  get hasUntimed(): boolean {
    return !this.#rows.isTimeless && this.#timed < this.rowCount
  }

  /** Whether it has rows, and its table no column of times: each run sees them all. */
  get isTimeless(): boolean {
    return this.#rows.isTimeless && this.rowCount > 0
  }

  /** The rows of a span of time that had arrived by `until`. */
  window({ from, to }: TimeSpan, until: bigint | undefined): TimelineWindow {
    if (this.#rows.isTimeless) return this.#whole()
    const last =
      until === undefined || this.#rows.arrivals ? to : least(to, until - this.#rows.delay)
    if (from === undefined && last === undefined) {
      return this.#arrived(0, this.rowCount, until)
    }
    const start = from === undefined ? 0 : this.#firstFrom(from)
    const end = last === undefined ? this.#timed : this.#firstFrom(last + 1n)
    return this.#arrived(start, Math.max(start, end), until)
  }

  #whole(): TimelineWindow {
    return { start: 0, end: this.rowCount, seen: undefined }
  }

  /** The rows of a span of time that arrived after `after` and not after `until`. */
  arrived(span: TimeSpan, after: bigint, until: bigint): TimelineWindow {
    if (this.#rows.isTimeless) return this.#whole()
    const { start, end } = this.window(span, undefined)
    const rows = this.#rowsByArrival()
    const firstAfter = (time: bigint) =>
      firstAt(rows.length, at => this.#arrivalOf(rows[at] as number) > time)
    const seen = rows
      .subarray(firstAfter(after), firstAfter(until))
      .filter(row => row >= start && row < end)
      .sort()
    return { start, end, seen }
  }

  #rowsByArrival(): Uint32Array {
    if (this.#byArrival !== undefined) return this.#byArrival
    const rows = Uint32Array.from({ length: this.#timed }, (_, row) => row)
    // Without times of arrival, rows arrive in the order of their times.
    if (this.#rows.arrivals !== undefined) {
      const arrivals = BigInt64Array.from(rows, row => this.#arrivalOf(row))
      rows.sort((a, b) => {
        const [left, right] = [arrivals[a] as bigint, arrivals[b] as bigint]
        return left < right ? -1 : left > right ? 1 : a - b
      })
    }
    this.#byArrival = rows
    return rows
  }

  /** Whether every row arrives so soon after its time, as far as that is known without looking at them. */
  arrivesWithin(ticks: bigint): boolean {
    return this.#rows.arrivals === undefined && this.#rows.delay <= ticks
  }

  /** The times at which rows have arrived, with those of the rows. */
  *arrivals(): Generator<{ readonly time: bigint; readonly arrival: bigint }> {
    for (let row = 0; row < this.#timed; row++) {
      yield { time: this.#timeOf(row), arrival: this.#arrivalOf(row) }
    }
  }

  /** The window as a table. */
  source({ start, end, seen }: TimelineWindow): TableSource {
    const { batch } = this.#rows
    const selection = this.#selection
    return {
      schema: batch.schema,
      async *scan(request: ScanRequest, context: ScanContext) {
        const own = projected(batch, request)
        for (let at = 0; at < (seen?.length ?? end - start); at += context.batchSize) {
          if (seen !== undefined) {
            const rows = seen.subarray(at, at + context.batchSize)
            yield rowsAt(own, selection === undefined ? rows : rows.map(row => selection[row]!))
          } else {
            const first = start + at
            const last = Math.min(end, first + context.batchSize)
            yield selection === undefined
              ? own.section(first, last)
              : rowsAt(own, selection.subarray(first, last))
          }
        }
      },
    }
  }

  /** Where among the rows that are shared a row is. */
  #at(row: number): number {
    return this.#selection === undefined ? row : (this.#selection[row] as number)
  }

  #timeOf(row: number): bigint {
    return this.#rows.times[this.#at(row)] as bigint
  }

  #arrivalOf(row: number): bigint {
    return this.#rows.arrivalOf(this.#at(row))
  }

  #arrived(start: number, end: number, until: bigint | undefined): TimelineWindow {
    if (this.#rows.arrivals === undefined || until === undefined) {
      return { start, end, seen: undefined }
    }
    const seen: number[] = []
    for (let row = start; row < end; row++) {
      if (row >= this.#timed || this.#arrivalOf(row) <= until) seen.push(row)
    }
    return { start, end, seen: seen.length === end - start ? undefined : Uint32Array.from(seen) }
  }

  /** The first row of a time not before `time`. */
  #firstFrom(time: bigint): number {
    return firstAt(this.#timed, row => this.#timeOf(row) >= time)
  }
}

/** The first of so many positions from which on something holds; `count` where it holds nowhere. */
function firstAt(count: number, holds: (at: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** The requested columns, by their names. */
function projected(batch: ColumnBatch, { columns }: ScanRequest): ColumnBatch {
  const positions = columns.map(({ name }) =>
    batch.schema.findIndex(column => column.name === name),
  )
  return new ColumnBatch(
    positions.map(position => batch.schema[position]!),
    positions.map(position => batch.columns[position]!),
    batch.length,
  )
}

/** Rows at positions that rise; at least one. */
function rowsAt(batch: ColumnBatch, positions: Uint32Array): ColumnBatch {
  const first = positions[0] as number
  const length = (positions.at(-1) as number) - first + 1
  if (length === positions.length) return batch.section(first, first + length)
  if (length > positions.length * SPARSE) return batch.select(positions).compact()
  return batch.section(first, first + length).select(positions.map(position => position - first))
}

function least(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || b < a ? b : a
}
