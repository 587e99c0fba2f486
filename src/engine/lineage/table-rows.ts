import { ColumnBatch as Batch, type ColumnBatch, gather } from '../../tables/batch.ts'
import type { Int64Vector } from '../../tables/vector.ts'
import { indexOfColumn } from '../../types/schema.ts'
import type { ScanPlan } from '../plan/nodes.ts'
import type { NodeRun } from './node-run.ts'

/** The rows that a run sees, by their times: both bounds are part of it. */
export interface TimeWindow {
  readonly from?: bigint
  readonly to?: bigint
  /** Tables that are the same in every window, such as watchlists. */
  readonly timeless?: ReadonlySet<string>
}

/** The rows of a table that a run sees. */
export interface SeenRows {
  readonly table: string
  /** All rows of the table. */
  readonly all: ColumnBatch
  /** Those within the window, without a selection, and the position of each among all. */
  readonly rows: ColumnBatch
  readonly positions: Uint32Array
  /** The position among the seen rows of each row of the table; -1 where it is outside. */
  readonly places: Int32Array
}

/** The columns that a window goes by: the first of them that a table has. */
const TIME_COLUMNS = ['TimeGenerated', 'Timestamp']

/** The column with the times of a table's rows; undefined where it has none. */
export function timesOf(rows: ColumnBatch): { name: string; times: Int64Vector } | undefined {
  for (const name of TIME_COLUMNS) {
    const times = rows.columns[indexOfColumn(rows.schema, name)]
    if (times?.type === 'datetime') return { name, times }
  }
  return undefined
}

/** The rows of tables, read once each. */
export class TableRows {
  readonly window: TimeWindow
  readonly #seen = new Map<string, Promise<SeenRows>>()

  constructor(window: TimeWindow = {}) {
    this.window = window
  }

  /** The rows of a scan. A row's position in the table does not depend on the columns of the scan. */
  seen(plan: ScanPlan, run: NodeRun): Promise<SeenRows> {
    const key = JSON.stringify([plan.table, plan.columns])
    let seen = this.#seen.get(key)
    if (seen === undefined) {
      seen = this.#read(plan, run)
      this.#seen.set(key, seen)
    }
    return seen
  }

  async #read(plan: ScanPlan, run: NodeRun): Promise<SeenRows> {
    const all = await run.rows([], () => plan)
    const { table } = plan
    const positions = this.#within(table, all)
    const places = new Int32Array(all.length).fill(-1)
    positions.forEach((position, place) => {
      places[position] = place
    })
    if (positions.length === all.length) return { table, all, rows: all, positions, places }
    const columns = all.columns.map(column => gather(column, positions))
    return { table, all, rows: new Batch(all.schema, columns, positions.length), positions, places }
  }

  #within(table: string, all: ColumnBatch): Uint32Array {
    const every = Uint32Array.from({ length: all.length }, (_, row) => row)
    const { from, to, timeless } = this.window
    const times = timesOf(all)?.times
    if (from === undefined && to === undefined) return every
    if (timeless?.has(table) === true || times === undefined) return every
    return every.filter(row => {
      if (times.isNull(row)) return false
      const time = times.values[row] as bigint
      return (from === undefined || time >= from) && (to === undefined || time <= to)
    })
  }
}
