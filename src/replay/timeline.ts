import { ColumnBatch, gather } from '../tables/batch.ts'
import type { ScanContext, ScanRequest, TableSource } from '../tables/source.ts'
import type { Int64Vector } from '../tables/vector.ts'

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

/**
 * Rows of a feed in the order of their times, those of one time as they were read; rows without a time
 * are at the end, and in no window with a bound.
 */
export class Timeline {
  readonly #rows: ColumnBatch
  readonly #times: BigInt64Array
  /** How many rows have a time. */
  readonly #timed: number
  readonly #arrivals: BigInt64Array | undefined
  /** Ticks after its time at which a row arrives, where nothing says when it did. */
  readonly #delay: bigint

  private constructor(
    rows: ColumnBatch,
    times: BigInt64Array,
    timed: number,
    arrivals: BigInt64Array | undefined,
    delay: bigint,
  ) {
    this.#rows = rows
    this.#times = times
    this.#timed = timed
    this.#arrivals = arrivals
    this.#delay = delay
  }

  /** `rows` has no selection; `time` and `arrival` are positions of its columns. */
  static of(
    rows: ColumnBatch,
    time: number | undefined,
    arrival: number | undefined,
    delay = 0n,
  ): Timeline {
    const timeColumn = time === undefined ? undefined : (rows.columns[time] as Int64Vector)
    if (timeColumn === undefined) {
      return new Timeline(rows, new BigInt64Array(rows.length), 0, undefined, 0n)
    }
    const order = orderOf(timeColumn)
    const sorted =
      order === undefined
        ? rows
        : new ColumnBatch(
            rows.schema,
            rows.columns.map(column => gather(column, order)),
            rows.length,
          )
    const { values, nulls } = sorted.columns[time as number] as Int64Vector
    const firstNull = nulls?.indexOf(1) ?? -1
    const arrivalColumn =
      arrival === undefined ? undefined : (sorted.columns[arrival] as Int64Vector)
    return new Timeline(
      sorted,
      values,
      firstNull < 0 ? rows.length : firstNull,
      arrivalColumn && arrivalsOf(arrivalColumn, values, delay),
      delay,
    )
  }

  get rowCount(): number {
    return this.#rows.length
  }

  /** The time of the first row and of the last; undefined where no row has one. */
  get span(): { readonly first: bigint; readonly last: bigint } | undefined {
    if (this.#timed === 0) return undefined
    return { first: this.#times[0] as bigint, last: this.#times[this.#timed - 1] as bigint }
  }

  /** The rows of a span of time that had arrived by `until`. */
  window({ from, to }: TimeSpan, until: bigint | undefined): TimelineWindow {
    const last = until === undefined || this.#arrivals ? to : least(to, until - this.#delay)
    if (from === undefined && last === undefined) {
      return this.#arrived(0, this.#rows.length, until)
    }
    const start = from === undefined ? 0 : this.#firstFrom(from)
    const end = last === undefined ? this.#timed : this.#firstFrom(last + 1n)
    return this.#arrived(start, Math.max(start, end), until)
  }

  /** The rows of a span of time that arrived after `after` and not after `until`. */
  arrived(span: TimeSpan, after: bigint, until: bigint): TimelineWindow {
    const { start, end } = this.window(span, undefined)
    const seen: number[] = []
    for (let row = start; row < Math.min(end, this.#timed); row++) {
      const arrival = this.#arrivalOf(row)
      if (arrival > after && arrival <= until) seen.push(row)
    }
    return { start, end, seen: Uint32Array.from(seen) }
  }

  /** The times at which rows have arrived, with those of the rows. */
  *arrivals(): Generator<{ readonly time: bigint; readonly arrival: bigint }> {
    for (let row = 0; row < this.#timed; row++) {
      yield { time: this.#times[row] as bigint, arrival: this.#arrivalOf(row) }
    }
  }

  /** The window as a table. */
  source({ start, end, seen }: TimelineWindow): TableSource {
    const rows = this.#rows
    return {
      schema: rows.schema,
      async *scan(request: ScanRequest, context: ScanContext) {
        const columns = request.columns.map(({ name }) =>
          rows.schema.findIndex(column => column.name === name),
        )
        const schema = columns.map(index => rows.schema[index]!)
        const own = new ColumnBatch(
          schema,
          columns.map(index => rows.columns[index]!),
          rows.length,
        )
        if (seen !== undefined) {
          for (let at = 0; at < seen.length; at += context.batchSize) {
            yield own.select(seen.subarray(at, at + context.batchSize)).compact()
          }
          return
        }
        for (let at = start; at < end; at += context.batchSize) {
          yield own.section(at, Math.min(end, at + context.batchSize))
        }
      },
    }
  }

  #arrivalOf(row: number): bigint {
    return this.#arrivals?.[row] ?? (this.#times[row] as bigint) + this.#delay
  }

  #arrived(start: number, end: number, until: bigint | undefined): TimelineWindow {
    const arrivals = this.#arrivals
    if (arrivals === undefined || until === undefined) return { start, end, seen: undefined }
    const seen: number[] = []
    for (let row = start; row < end; row++) {
      if (row >= this.#timed || (arrivals[row] as bigint) <= until) seen.push(row)
    }
    return { start, end, seen: seen.length === end - start ? undefined : Uint32Array.from(seen) }
  }

  /** The first row of a time not before `time`. */
  #firstFrom(time: bigint): number {
    let low = 0
    let high = this.#timed
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#times[middle] as bigint) < time) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** The order of the rows by time; undefined where they are in it. */
function orderOf({ values, nulls }: Int64Vector): Uint32Array | undefined {
  let sorted = nulls === undefined
  for (let row = 1; sorted && row < values.length; row++) {
    if ((values[row] as bigint) < (values[row - 1] as bigint)) sorted = false
  }
  if (sorted) return undefined
  const order = Uint32Array.from(values, (_, row) => row)
  return order.sort((a, b) => {
    const aNull = nulls?.[a] ?? 0
    const bNull = nulls?.[b] ?? 0
    if (aNull !== bNull || aNull === 1) return aNull - bNull || a - b
    const left = values[a] as bigint
    const right = values[b] as bigint
    return left < right ? -1 : left > right ? 1 : a - b
  })
}

/** Of a row that does not say when it arrived, the time and the delay say it. */
function arrivalsOf(
  { values, nulls }: Int64Vector,
  times: BigInt64Array,
  delay: bigint,
): BigInt64Array {
  if (nulls === undefined) return values
  return values.map((value, row) => (nulls[row] === 1 ? (times[row] as bigint) + delay : value))
}

function least(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || b < a ? b : a
}
