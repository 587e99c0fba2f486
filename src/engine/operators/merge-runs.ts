import { ColumnBatch, concat } from '../../tables/batch.ts'
import { batchBytes } from '../../tables/batch-size.ts'
import type { Schema } from '../../types/schema.ts'
import { type AcrossKey, compareAcross } from './row-order.ts'
import type { Run } from './run.ts'
import { SpilledRows } from './spilled-rows.ts'

/** Runs that are merged at once: a block of each is in memory then. */
const FAN_IN = 32

/** Share of the memory that rows take which are given at once. */
const BATCH_SHARE = 1 / 32

/** How rows of the runs are ordered: by the columns at these positions. */
export interface RunKey extends AcrossKey {
  readonly column: number
}

/**
 * The rows of runs that are each in the order of the keys, all in that order; of equal ones, those of
 * the run that comes first come first. The runs are removed as they are read.
 */
export async function* mergeRuns(
  runs: readonly SpilledRows[],
  keys: readonly RunKey[],
  run: Run,
): AsyncGenerator<ColumnBatch> {
  let left = runs
  while (left.length > FAN_IN) {
    const merged: SpilledRows[] = []
    for (let from = 0; from < left.length; from += FAN_IN) {
      merged.push(await mergedRun(left.slice(from, from + FAN_IN), keys, run))
    }
    left = merged
  }
  yield* merge(left, keys, run)
}

async function mergedRun(
  runs: readonly SpilledRows[],
  keys: readonly RunKey[],
  run: Run,
): Promise<SpilledRows> {
  const merged = new SpilledRows(runs[0]?.schema ?? [], run)
  for await (const batch of merge(runs, keys, run)) await merged.add(batch)
  await merged.finish()
  return merged
}

async function* merge(
  runs: readonly SpilledRows[],
  keys: readonly RunKey[],
  run: Run,
): AsyncGenerator<ColumnBatch> {
  const [first] = runs
  if (first === undefined) return
  const cursors: Cursor[] = []
  for (const [number, spilled] of runs.entries()) {
    const cursor = new Cursor(spilled, number)
    if (await cursor.nextBlock()) cursors.push(cursor)
  }
  const compares = keys.map(compareAcross)
  const compare = (a: Cursor, b: Cursor): number => {
    for (let k = 0; k < keys.length; k++) {
      const { column } = keys[k]!
      const order = compares[k]!(a.column(column), a.row, b.column(column), b.row)
      if (order !== 0) return order
    }
    return a.number - b.number
  }
  const heap = new CursorHeap(cursors, compare)
  const taken = new TakenRows(first.schema)
  for (let cursor = heap.first; cursor !== undefined; cursor = heap.first) {
    taken.add(cursor.batch, cursor.row)
    cursor.row++
    if (cursor.row === cursor.batch.length && !(await cursor.nextBlock())) {
      await cursor.spilled.remove()
      heap.removeFirst()
    } else heap.settleFirst()
    if (taken.rowCount < run.batchSize && taken.bytes < run.memory * BATCH_SHARE) continue
    await run.pause(taken.rowCount)
    yield taken.take()
  }
  if (taken.rowCount > 0) yield taken.take()
}

/** Where the merge is in one run. */
class Cursor {
  readonly spilled: SpilledRows
  readonly number: number
  readonly #blocks: AsyncIterator<ColumnBatch>
  batch: ColumnBatch = new ColumnBatch([], [], 0)
  row = 0

  constructor(spilled: SpilledRows, number: number) {
    this.spilled = spilled
    this.number = number
    this.#blocks = spilled.batches()
  }

  column(index: number) {
    return this.batch.columns[index]!
  }

  /** Goes to the first row of the next block; false where there is none. */
  async nextBlock(): Promise<boolean> {
    const next = await this.#blocks.next()
    if (next.done === true) return false
    this.batch = next.value
    this.row = 0
    return true
  }
}

/** Cursors by the order of their rows. */
class CursorHeap {
  readonly #cursors: Cursor[]
  readonly #compare: (a: Cursor, b: Cursor) => number

  constructor(cursors: readonly Cursor[], compare: (a: Cursor, b: Cursor) => number) {
    this.#cursors = cursors.toSorted(compare)
    this.#compare = compare
  }

  get first(): Cursor | undefined {
    return this.#cursors[0]
  }

  removeFirst(): void {
    const last = this.#cursors.pop()
    if (last === undefined || this.#cursors.length === 0) return
    this.#cursors[0] = last
    this.settleFirst()
  }

  /** Puts the first one, which has gone on to another row, where it belongs. */
  settleFirst(): void {
    const cursors = this.#cursors
    const moved = cursors[0]!
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= cursors.length) break
      if (child + 1 < cursors.length && this.#compare(cursors[child + 1]!, cursors[child]!) < 0) {
        child++
      }
      if (this.#compare(moved, cursors[child]!) <= 0) break
      cursors[at] = cursors[child]!
      at = child
    }
    cursors[at] = moved
  }
}

/** Rows of several blocks in the order in which they were taken. */
class TakenRows {
  readonly #schema: Schema
  readonly #parts = new Map<ColumnBatch, { readonly number: number; readonly rows: number[] }>()
  /** Of each row in turn, its block and its place among the rows of that. */
  #blocks: number[] = []
  #places: number[] = []
  #bytes = 0

  constructor(schema: Schema) {
    this.#schema = schema
  }

  get rowCount(): number {
    return this.#blocks.length
  }

  /** Bytes of the blocks that rows were taken of, roughly. */
  get bytes(): number {
    return this.#bytes
  }

  add(batch: ColumnBatch, row: number): void {
    let part = this.#parts.get(batch)
    if (part === undefined) {
      part = { number: this.#parts.size, rows: [] }
      this.#parts.set(batch, part)
      this.#bytes += batchBytes(batch)
    }
    this.#blocks.push(part.number)
    this.#places.push(part.rows.push(row) - 1)
  }

  /** The rows so far as a batch; none are taken then. */
  take(): ColumnBatch {
    const parts = [...this.#parts]
    const starts: number[] = []
    let rows = 0
    for (const [, part] of parts) {
      starts.push(rows)
      rows += part.rows.length
    }
    const all = concat(
      this.#schema,
      parts.map(([batch, part]) => batch.select(Uint32Array.from(part.rows))),
    )
    const order = Uint32Array.from(this.#blocks, (block, at) => starts[block]! + this.#places[at]!)
    this.#parts.clear()
    this.#blocks = []
    this.#places = []
    this.#bytes = 0
    return all.select(order)
  }
}
