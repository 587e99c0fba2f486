import { ColumnBatch, concat } from '../../tables/batch.ts'
import type { ScanColumn, ScanContext, ScanRequest, TableSource } from '../../tables/source.ts'
import { valueAt } from '../../tables/vector.ts'
import type { Schema } from '../../types/schema.ts'

/** The rows that one scan gave a query. */
export interface RecordedScan {
  readonly table: string
  readonly rows: ColumnBatch
}

/** The times of rows that a run sees, in ticks, both included. */
export interface Window {
  readonly from: bigint
  readonly to: bigint
}

/** The column of time by which a run sees rows. */
export const TIME_COLUMN = 'TimeGenerated'

/** What the columns are called in which a recorded row has what a fixture is made of. */
const KEPT = 'kept '

/**
 * A table that keeps the rows which its scans give, apart from those that their filters leave out:
 * they cannot matter. With each row it keeps these columns of the table, whole.
 */
export class RecordedTable implements TableSource {
  readonly schema: Schema
  readonly #name: string
  readonly #source: TableSource
  readonly #kept: readonly ScanColumn[]
  readonly #window: Window | undefined
  /** The columns, whole, by which filters right on the table choose rows. */
  readonly filtered = new Set<string>()
  readonly #asked = new AskedScans()
  readonly #scans = new Map<string, ColumnBatch[]>()

  constructor(
    name: string,
    source: TableSource,
    columns: ReadonlySet<string>,
    window: Window | undefined,
  ) {
    this.schema = source.schema
    this.#window = window
    this.#name = name
    this.#source = source
    this.#kept = source.schema
      .filter(column => columns.has(column.name))
      .map(column => ({ name: KEPT + column.name, type: column.type, column: column.name }))
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    const columns = [...request.columns, ...this.#kept]
    const { filter } = request
    for (const { name, column, path } of request.columns) {
      if (path === undefined && filter?.columns.includes(name) === true) this.filtered.add(column)
    }
    const batches: ColumnBatch[] = []
    this.#scans.set(this.#asked.keyOf(request), batches)
    for await (const batch of this.#source.scan({ ...request, columns }, context)) {
      const seen = this.#window === undefined ? batch : within(batch, this.#window)
      const chosen = filter === undefined ? seen : filtered(seen, filter)
      if (chosen.rowCount > 0) batches.push(chosen.compact())
      yield narrowed(chosen, request.columns.length)
    }
  }

  /** The rows of each scan so far. */
  get scans(): RecordedScan[] {
    return [...this.#scans.values()].map(batches => {
      const schema = batches[0]?.schema ?? []
      return { table: this.#name, rows: concat(schema, batches) }
    })
  }

  /** The same scans again, in the order in which they were made, of these of their rows. */
  only(rowsOf: (scan: number) => Uint32Array): TableSource {
    const keys = [...this.#scans.keys()]
    const scans = this.scans
    const asked = new AskedScans()
    return {
      schema: this.schema,
      async *scan(request: ScanRequest) {
        const at = keys.indexOf(asked.keyOf(request))
        const { rows } = scans[at] ?? {}
        if (rows === undefined || rows.length === 0) return
        yield narrowed(rows.select(rowsOf(at)), request.columns.length)
      },
    }
  }
}

/** Tells the scans of one run apart, among them those that ask for the same. */
class AskedScans {
  readonly #counts = new Map<string, number>()

  keyOf({ columns, filter }: ScanRequest): string {
    const key = JSON.stringify([columns, filter?.columns])
    const count = this.#counts.get(key) ?? 0
    this.#counts.set(key, count + 1)
    return `${count} ${key}`
  }
}

function filtered(batch: ColumnBatch, filter: NonNullable<ScanRequest['filter']>): ColumnBatch {
  const positions = batch.schema.flatMap(({ name }, at) =>
    filter.columns.includes(name) ? [at] : [],
  )
  const schema = positions.map(at => batch.schema[at]!)
  const columns = positions.map(at => batch.columns[at]!)
  return batch.select(
    filter.select(new ColumnBatch(schema, columns, batch.length, batch.selection)),
  )
}

/** The rows in a window, of a batch that has the time of each. */
function within(batch: ColumnBatch, { from, to }: Window): ColumnBatch {
  const at = batch.schema.findIndex(({ name }) => name === KEPT + TIME_COLUMN)
  const times = batch.columns[at]
  if (times === undefined) return batch
  return batch.select(
    batch.rows.filter(row => {
      const time = valueAt(times, row)
      return typeof time === 'bigint' && time >= from && time <= to
    }),
  )
}

function narrowed(batch: ColumnBatch, columns: number): ColumnBatch {
  return new ColumnBatch(
    batch.schema.slice(0, columns),
    batch.columns.slice(0, columns),
    batch.length,
    batch.selection,
  )
}

/** The columns of a recorded row that a fixture is made of, under their names in the table. */
export function keptColumns(rows: ColumnBatch): ColumnBatch {
  const positions = rows.schema.flatMap(({ name }, at) => (name.startsWith(KEPT) ? [at] : []))
  const schema = positions.map(at => {
    const { name, type } = rows.schema[at]!
    return { name: name.slice(KEPT.length), type }
  })
  return new ColumnBatch(
    schema,
    positions.map(at => rows.columns[at]!),
    rows.length,
    rows.selection,
  )
}
