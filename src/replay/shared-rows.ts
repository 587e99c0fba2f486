import { ColumnBatch, concat } from '../tables/batch.ts'
import { KeptBytes } from '../tables/batch-size.ts'
import type { Schema } from '../types/schema.ts'
import { type TimeColumns, TimedRows } from './timed-rows.ts'
import { Timeline } from './timeline.ts'

/** Who wants which rows of a table, and which of its columns. */
export interface Reader {
  readonly id: string
  /** Positions in the batches that are read. */
  readonly columns: ReadonlySet<number>
  /** Those of the rows of a batch that it wants, in order. */
  select(batch: ColumnBatch): Uint32Array
}

/** Rows that are looked at before it is decided which readers share theirs, and bytes of them, at most. */
const SAMPLE = 65_536
const SAMPLE_BYTES = 2 ** 21

/**
 * Keeps the rows of a table that its readers want. Readers that want much the same rows share them, each
 * with a selection: a column is in memory once however many read it. Readers of few rows keep their own.
 */
export class SharedRows {
  readonly #schema: Schema
  readonly #readers: readonly Reader[]
  readonly #keep: (batch: ColumnBatch) => void
  /** Batches that were read before it is decided who shares. */
  #sample: Wanted[] = []
  #sampled = 0
  #sampledBytes = 0
  readonly #bytes = new KeptBytes()
  #sharings: readonly Sharing[] | undefined

  /** `keep` is called with the rows that are kept. */
  constructor(schema: Schema, readers: readonly Reader[], keep: (batch: ColumnBatch) => void) {
    this.#schema = schema
    this.#readers = readers
    this.#keep = keep
  }

  add(batch: ColumnBatch): void {
    const rows = new Map(this.#readers.map(reader => [reader, reader.select(batch)]))
    const wanted = { batch, rows }
    if (this.#sharings !== undefined) {
      for (const sharing of this.#sharings) sharing.add(wanted)
      return
    }
    this.#sample.push(wanted)
    this.#sampled += batch.rowCount
    this.#sampledBytes += this.#bytes.of(batch)
    if (this.#sampled >= SAMPLE || this.#sampledBytes >= SAMPLE_BYTES) this.#decide()
  }

  /** The timelines of the readers, by their identifiers. `time` and `arrival` are columns of all readers. */
  finish(time: TimeColumns): Map<string, Timeline> {
    const sharings = this.#sharings ?? this.#decide()
    return new Map(sharings.flatMap(sharing => sharing.finish(time)))
  }

  #decide(): readonly Sharing[] {
    const sharings = whoShares(this.#readers, this.#sample).map(
      readers => new Sharing(this.#schema, readers, this.#keep),
    )
    this.#sharings = sharings
    for (const wanted of this.#sample) for (const sharing of sharings) sharing.add(wanted)
    this.#sample = []
    this.#bytes.clear()
    return sharings
  }
}

/** A batch with what each reader wants of it. */
interface Wanted {
  readonly batch: ColumnBatch
  readonly rows: ReadonlyMap<Reader, Uint32Array>
}

/** Readers that share rows. All that some reader wants are kept; each knows which are its own. */
class Sharing {
  readonly #schema: Schema
  readonly #positions: readonly number[]
  readonly #readers: readonly Reader[]
  /** For each reader its rows among those kept, batch by batch; undefined where all are. */
  readonly #own: (Uint32Array | undefined)[][]
  readonly #keep: (batch: ColumnBatch) => void
  #batches: ColumnBatch[] = []

  constructor(schema: Schema, readers: readonly Reader[], keep: (batch: ColumnBatch) => void) {
    this.#keep = keep
    this.#positions = [...new Set(readers.flatMap(({ columns }) => [...columns]))]
    this.#schema = this.#positions.map(position => schema[position]!)
    this.#readers = readers
    this.#own = readers.map(() => [])
  }

  add({ batch, rows }: Wanted): void {
    const wanted = this.#readers.map(reader => rows.get(reader) as Uint32Array)
    const all = unionOf(wanted, batch.length)
    if (all.length === 0) return
    const columns = this.#positions.map(position => batch.columns[position]!)
    const kept = new ColumnBatch(this.#schema, columns, batch.length, all).compact()
    this.#keep(kept)
    this.#batches.push(kept)
    for (const [index, own] of wanted.entries()) {
      this.#own[index]?.push(own.length === all.length ? undefined : placesIn(all, own))
    }
  }

  finish({ time, arrival, delay }: TimeColumns): [string, Timeline][] {
    const batches = this.#batches
    this.#batches = []
    const lengths = batches.map(({ length }) => length)
    const place = (position: number | undefined) =>
      position === undefined ? undefined : this.#positions.indexOf(position)
    const all = concat(this.#schema, batches)
    const rows = new TimedRows(all, { time: place(time), arrival: place(arrival), delay })
    return this.#readers.map(({ id }, index) => {
      const selection = selectionOf(this.#own[index] ?? [], lengths, rows.order)
      return [id, new Timeline(rows, selection)]
    })
  }
}

/**
 * Readers put together: those that want at least half of what is wanted by any share, then those of the
 * rest, and so on. A reader without a row in the sample is alone, as is one that wants little.
 */
function whoShares(readers: readonly Reader[], sample: readonly Wanted[]): Reader[][] {
  const count = (reader: Reader) =>
    sample.reduce((sum, { rows }) => sum + (rows.get(reader) as Uint32Array).length, 0)
  const counts = new Map(readers.map(reader => [reader, count(reader)]))
  const found: Reader[][] = []
  let rest = readers.filter(reader => {
    if (counts.get(reader) !== 0) return true
    found.push([reader])
    return false
  })
  while (rest.length > 0) {
    const most = sample.reduce((sum, { batch, rows }) => {
      const wanted = rest.map(reader => rows.get(reader) as Uint32Array)
      return sum + unionOf(wanted, batch.length).length
    }, 0)
    const near = rest.filter(reader => (counts.get(reader) as number) * 2 >= most)
    const largest = () =>
      rest.reduce((a, b) => ((counts.get(b) as number) > (counts.get(a) as number) ? b : a))
    const together = near.length > 0 ? near : [largest()]
    found.push(together)
    rest = rest.filter(reader => !together.includes(reader))
  }
  return found
}

/** The positions that are in any of the lists, in order; each list is in order. */
function unionOf(lists: readonly Uint32Array[], length: number): Uint32Array {
  const [only] = lists
  if (lists.length === 1 && only !== undefined) return only.slice()
  const wanted = new Uint8Array(length)
  let count = 0
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const row = list[i]!
      count += 1 - wanted[row]!
      wanted[row] = 1
    }
  }
  const rows = new Uint32Array(count)
  let at = 0
  for (let row = 0; at < count; row++) if (wanted[row] === 1) rows[at++] = row
  return rows
}

/** Where the entries of a part are in the whole. Both are in order. */
function placesIn(whole: Uint32Array, part: Uint32Array): Uint32Array {
  const places = new Uint32Array(part.length)
  let at = 0
  for (let i = 0; i < part.length; i++) {
    while (whole[at] !== part[i]) at++
    places[i] = at
  }
  return places
}

/** The rows of a reader among all, which were put in `order`; undefined where it has them all. */
function selectionOf(
  own: readonly (Uint32Array | undefined)[],
  lengths: readonly number[],
  order: Uint32Array | undefined,
): Uint32Array | undefined {
  if (own.every(part => part === undefined)) return undefined
  const count = own.reduce((sum, part, index) => sum + (part?.length ?? lengths[index]!), 0)
  const rows = new Uint32Array(count)
  let at = 0
  let start = 0
  for (const [index, part] of own.entries()) {
    const length = lengths[index] as number
    for (let i = 0; i < (part?.length ?? length); i++) rows[at++] = start + (part?.[i] ?? i)
    start += length
  }
  return order === undefined ? rows : reordered(rows, order)
}

/** Where the rows are after all were put in `order`. */
function reordered(rows: Uint32Array, order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length)
  for (let place = 0; place < order.length; place++) places[order[place]!] = place
  return rows.map(row => places[row]!).sort()
}
