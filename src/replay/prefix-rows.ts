import { executePlan } from '../engine/execution.ts'
import type { Plan } from '../engine/plan/nodes.ts'
import { mapInputs } from '../engine/plan/rewrites/map-plan.ts'
import { ColumnBatch, concat } from '../tables/batch.ts'
import type { ScanColumn, TableSource } from '../tables/source.ts'
import type { Column, Schema } from '../types/schema.ts'
import type { ArrivalDelay } from './arrival-delay.ts'
import { TimedRows } from './timed-rows.ts'
import { Timeline } from './timeline.ts'

/** Keeps what a plan makes of rows, each for itself, with the time and arrival of the row it is made of. */
export class PrefixRows {
  readonly #plan: Plan
  readonly #read: Schema
  readonly #select: (batch: ColumnBatch) => Uint32Array
  readonly #table: string
  readonly #keep: (batch: ColumnBatch) => void
  readonly #batches: ColumnBatch[] = []

  /**
   * `plan` reads the rows that `select` leaves of a batch of `schema`, as the table `table`. `hidden`: the
   * columns of time and arrival. `keep` is called with the rows that are kept.
   */
  constructor(
    plan: Plan,
    table: string,
    schema: Schema,
    hidden: readonly ScanColumn[],
    select: (batch: ColumnBatch) => Uint32Array,
    keep: (batch: ColumnBatch) => void,
  ) {
    this.#keep = keep
    this.#plan = carrying(plan, hidden)
    this.#table = table
    this.#select = select
    this.#read = schema
  }

  async add(batch: ColumnBatch): Promise<void> {
    const rows = this.#select(batch)
    if (rows.length === 0) return
    const own = new ColumnBatch(this.#read, batch.columns, batch.length, rows)
    const tables = new Map([[this.#table, sourceOf(own)]])
    for await (const made of executePlan(this.#plan, { now: 0n, tables })) {
      if (made.rowCount === 0) continue
      const kept = made.compact()
      this.#keep(kept)
      this.#batches.push(kept)
    }
  }

  finish(
    time: ScanColumn | undefined,
    arrival: ScanColumn | undefined,
    delay: ArrivalDelay,
  ): Timeline {
    const { schema } = this.#plan
    const place = (column: ScanColumn | undefined) =>
      column && schema.findIndex(({ name }) => name === column.name)
    const rows = concat(schema, this.#batches)
    return new Timeline(new TimedRows(rows, { time: place(time), arrival: place(arrival), delay }))
  }
}

/** The plan whose rows have these columns of the scan too. */
function carrying(plan: Plan, hidden: readonly ScanColumn[]): Plan {
  const added: Column[] = hidden.map(({ name, type }) => ({ name, type }))
  const carry = (node: Plan): Plan => {
    const mapped = mapInputs(node, carry)
    const schema = [...mapped.schema, ...added]
    if (mapped.kind === 'scan')
      return { ...mapped, schema, columns: [...mapped.columns, ...hidden] }
    if (mapped.kind !== 'project') return { ...mapped, schema }
    const columns = added.map(({ name, type }) => ({
      name,
      expr: { kind: 'column' as const, name, type, span: mapped.span },
    }))
    return { ...mapped, schema, columns: [...mapped.columns, ...columns] }
  }
  return carry(plan)
}

/** A batch as a table whose columns go by their names. */
function sourceOf(batch: ColumnBatch): TableSource {
  return {
    schema: batch.schema,
    async *scan({ columns }) {
      const places = columns.map(({ name }) =>
        batch.schema.findIndex(column => column.name === name),
      )
      yield new ColumnBatch(
        places.map(place => batch.schema[place]!),
        places.map(place => batch.columns[place]!),
        batch.length,
        batch.selection,
      )
    },
  }
}
