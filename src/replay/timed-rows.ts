import { ColumnBatch, gather } from '../tables/batch.ts'
import type { Int64Vector } from '../tables/vector.ts'
import type { ArrivalDelay } from './arrival-delay.ts'

/** Where the columns of time and arrival are among those of rows, and when rows arrive else. */
export interface TimeColumns {
  readonly time: number | undefined
  readonly arrival: number | undefined
  /** Ticks after its time at which a row arrives, where nothing says when it did. */
  readonly delay: ArrivalDelay
}

/**
 * Rows in the order of their times, those of one time as they were read; rows without a time are at the
 * end. Rows of a table without a column of time, such as a watchlist, are as they were read.
 */
export class TimedRows {
  readonly batch: ColumnBatch
  readonly times: BigInt64Array
  /** How many rows have a time. */
  readonly timed: number
  readonly isTimeless: boolean
  /** When each row arrived; undefined where `delay` says it of all. */
  readonly arrivals: BigInt64Array | undefined
  readonly delay: bigint
  /** Where each row was before it was put in order; undefined where all were in it. */
  readonly order: Uint32Array | undefined

  /** `rows` has no selection. */
  constructor(rows: ColumnBatch, { time, arrival, delay }: TimeColumns) {
    const column = time === undefined ? undefined : (rows.columns[time] as Int64Vector)
    this.isTimeless = column === undefined
    this.delay = column === undefined || typeof delay !== 'bigint' ? 0n : delay
    this.order = column && orderOf(column)
    this.batch = this.order === undefined ? rows : inOrder(rows, this.order)
    if (time === undefined) {
      this.times = new BigInt64Array(0)
      this.timed = 0
      this.arrivals = undefined
      return
    }
    const { values, nulls } = this.batch.columns[time] as Int64Vector
    const firstNull = nulls?.indexOf(1) ?? -1
    this.times = values
    this.timed = firstNull < 0 ? rows.length : firstNull
    const arrivals = arrival === undefined ? undefined : this.batch.columns[arrival]
    if (arrivals !== undefined) {
      this.arrivals = arrivalsOf(arrivals as Int64Vector, values, delay)
    } else if (typeof delay !== 'bigint') this.arrivals = values.map(own => own + delay.of(own))
  }

  /** When a row that has a time arrived. */
  arrivalOf(row: number): bigint {
    return this.arrivals?.[row] ?? (this.times[row] as bigint) + this.delay
  }
}

function inOrder(rows: ColumnBatch, order: Uint32Array): ColumnBatch {
  const columns = rows.columns.map(column => gather(column, order))
  return new ColumnBatch(rows.schema, columns, rows.length)
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
  delay: ArrivalDelay,
): BigInt64Array {
  if (nulls === undefined) return values
  const assumed = (time: bigint) => time + (typeof delay === 'bigint' ? delay : delay.of(time))
  return values.map((value, row) => (nulls[row] === 1 ? assumed(times[row] as bigint) : value))
}
