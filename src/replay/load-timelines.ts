import { compileFilter } from '../engine/evaluator/evaluator.ts'
import { collectColumns } from '../engine/plan/expression.ts'
import type { Expr, Plan } from '../engine/plan/nodes.ts'
import { planData } from '../engine/plan/plan-data.ts'
import { mapInputs } from '../engine/plan/rewrites/map-plan.ts'
import type { ColumnBatch } from '../tables/batch.ts'
import { mergedTexts } from '../tables/merged-request.ts'
import {
  bothColumns,
  type ReadProblem,
  type ScanColumn,
  type ScanFilter,
  type ScanRequest,
  type TableSource,
  type TextsWithin,
} from '../tables/source.ts'
import { InternalError } from '../text/internal-error.ts'
import { findColumn, type Schema } from '../types/schema.ts'
import type { ArrivalDelay } from './arrival-delay.ts'
import { type Feed, NO_RUN, textsOf } from './feeds.ts'
import type { KeptRows } from './kept-rows.ts'
import { PrefixRows } from './prefix-rows.ts'
import { type Reader, SharedRows } from './shared-rows.ts'
import type { Timeline } from './timeline.ts'

/** What tables are loaded with. */
export interface LoadOptions {
  /** The column by which a table's rows have their time; undefined where they have none. */
  timeOf(table: string): string | undefined
  /** The column that says when a row arrived; undefined where the table has none. */
  arrivalOf(table: string): string | undefined
  /** Ticks after its time at which a row arrives, where it does not say when. */
  readonly delay: ArrivalDelay
  readonly signal?: AbortSignal
  report(problem: ReadProblem, table: string): void
  /** Called with numbers of records that were not looked at; where it is missing, all are. */
  readonly unexamined?: (records: number, file: string) => void
  /** How many threads may read, this one included; 1 where it is missing. */
  readonly threads?: number
  /** Counts the rows that are kept, where they are to be. */
  readonly kept?: KeptRows
  /** Called for every batch that was read. */
  progress?(table: string, rows: number): Promise<void>
}

const BATCH_SIZE = 8192
/** The names of the columns that a feed has beside those of its scan. */
const TIME = '$time'
const ARRIVAL = '$arrival'

/** What was loaded. */
export interface Loaded {
  /** By the identifiers of the feeds. */
  readonly timelines: ReadonlyMap<string, Timeline>
  /** The first and the last time of each table that has rows with a time. */
  readonly spans: ReadonlyMap<string, LoadedSpan>
}

export interface LoadedSpan {
  readonly first: bigint
  readonly last: bigint
}

/**
 * Loads the timelines of feeds. Each table is read once, for all of its feeds. Where `only` some are
 * wanted, the tables of those are read as for all feeds, and the rows of the others are not kept.
 */
export async function loadTimelines(
  feeds: readonly Feed[],
  sources: ReadonlyMap<string, TableSource>,
  options: LoadOptions,
  only: ReadonlySet<string> = new Set(feeds.map(({ id }) => id)),
): Promise<Loaded> {
  const byTable = Map.groupBy(feeds, ({ table }) => table)
  const timelines = new Map<string, Timeline>()
  const spans = new Map<string, LoadedSpan>()
  for (const [table, own] of byTable) {
    const source = sources.get(table)
    if (source === undefined) throw new InternalError(`no data for table ${table}`)
    if (!own.some(({ id }) => only.has(id))) continue
    const loaded =
      (await loadTable(table, source, own, only, options, true)) ??
      (await loadTable(table, source, own, only, options, false))
    for (const [id, timeline] of loaded?.timelines ?? []) timelines.set(id, timeline)
    if (loaded?.span !== undefined) spans.set(table, loaded.span)
  }
  return { timelines, spans }
}

/**
 * Loads the timelines of a table's feeds. Where `skips`, rows may be left out that matter to none of them;
 * undefined where those may have had the first or the last time of the table.
 */
async function loadTable(
  table: string,
  source: TableSource,
  feeds: readonly Feed[],
  only: ReadonlySet<string>,
  options: LoadOptions,
  skips: boolean,
): Promise<{ readonly timelines: Loaded['timelines']; readonly span?: LoadedSpan } | undefined> {
  const seen = new SpanFinder()
  const time = hiddenColumn(TIME, source, options.timeOf(table))
  const arrival = hiddenColumn(ARRIVAL, source, options.arrivalOf(table))
  const hidden = [time, arrival].filter(column => column !== undefined)
  const columns = new Map<string, ScanColumn>()
  for (const column of feeds.flatMap(feed => feed.columns)) {
    const known = columns.get(column.name)
    columns.set(column.name, known === undefined ? column : bothColumns(known, column))
  }
  for (const column of hidden) columns.set(column.name, column)
  const all = [...columns.values()]
  const schema = all.map(({ name, type }) => ({ name, type }))
  const place = ({ name }: { readonly name: string }) =>
    schema.findIndex(column => column.name === name)
  const alike = [...Map.groupBy(feeds, keyOf).values()]
  const wanted = alike
    .map(own => own.filter(({ id }) => only.has(id)))
    .filter(own => own.length > 0)
  const { kept } = options
  const keptBefore = kept?.bytes ?? 0
  const keep = (batch: ColumnBatch) => kept?.add(batch, table)
  const rows = new SharedRows(
    schema,
    wanted
      .filter(([feed]) => feed?.prefix === undefined)
      .map(own => readerOf(own, hidden.map(place), schema)),
    keep,
  )
  const made = new Map(
    wanted.flatMap(([feed]) => {
      const { id = '', prefix } = feed ?? {}
      if (feed === undefined || prefix === undefined) return []
      return [[id, new PrefixRows(prefix, id, schema, hidden, selectorOf(feed, schema), keep)]]
    }),
  )
  // A source that asks the filter asks it about all of its rows, and gives only some of them.
  let asked = false
  const filter = commonFilter(
    alike.map(([feed]) => feed?.predicate),
    schema,
    batch => {
      asked = true
      seen.see(batch)
    },
  )
  const textsWithin = skips ? textsWithinOf(feeds, time, seen) : undefined
  const request: ScanRequest = {
    columns: all,
    ...(filter === undefined ? {} : { filter }),
    ...(textsWithin === undefined ? {} : { textsWithin }),
  }
  const { threads, unexamined } = options
  const leftOut: { readonly records: number; readonly file: string }[] = []
  const context = {
    batchSize: BATCH_SIZE,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(unexamined === undefined
      ? {}
      : { unexamined: (records: number, file: string) => void leftOut.push({ records, file }) }),
    ...(threads === undefined ? {} : { threads }),
    report: (problem: ReadProblem) => options.report(problem, table),
  }
  for await (const batch of source.scan(request, context)) {
    options.signal?.throwIfAborted()
    if (!asked) seen.see(batch)
    await options.progress?.(table, batch.rowCount)
    rows.add(batch)
    for (const each of made.values()) await each.add(batch)
  }
  if (!seen.isSure) {
    kept?.backTo(keptBefore)
    return undefined
  }
  for (const { records, file } of leftOut) unexamined?.(records, file)
  const timelines = new Map<string, Timeline>()
  const found = rows.finish({
    time: time && place(time),
    arrival: arrival && place(arrival),
    delay: options.delay,
  })
  for (const own of wanted) {
    const id = own[0]?.id ?? ''
    const timeline = found.get(id) ?? made.get(id)?.finish(time, arrival, options.delay)
    if (timeline === undefined) throw new InternalError('rows without a reader')
    for (const feed of own) timelines.set(feed.id, timeline)
  }
  return { timelines, ...(seen.span === undefined ? {} : { span: seen.span }) }
}

/** The words of the rows that matter to any of the feeds. */
function textsWithinOf(
  feeds: readonly Feed[],
  time: ScanColumn | undefined,
  { assume }: SpanFinder,
): TextsWithin | undefined {
  const texts = mergedTexts(feeds.map(textsOf))
  return time && texts && { column: time.column, texts: [texts], assume }
}

/** Equal for feeds of the same rows, however their queries are written. */
function keyOf({ id, predicate, prefix }: Feed): string {
  const made = prefix && withTable(prefix, id, '')
  return JSON.stringify([predicate && planData(predicate), made && planData(made)])
}

/** The plan with another name of its table. */
function withTable(plan: Plan, table: string, other: string): Plan {
  if (plan.kind === 'scan' && plan.table === table) return { ...plan, table: other }
  return mapInputs(plan, input => withTable(input, table, other))
}

/** Feeds of one predicate read the same rows. */
function readerOf(feeds: readonly Feed[], hidden: readonly number[], schema: Schema): Reader {
  const [first] = feeds as [Feed]
  const names = new Set(feeds.flatMap(({ columns }) => columns.map(({ name }) => name)))
  const own = schema.flatMap(({ name }, position) => (names.has(name) ? [position] : []))
  return {
    id: first.id,
    columns: new Set([...own, ...hidden]),
    select: selectorOf(first, schema),
  }
}

function selectorOf({ predicate }: Feed, schema: Schema): (batch: ColumnBatch) => Uint32Array {
  const filter = predicate && compileFilter(predicate, schema, NO_RUN)
  return batch => (filter === undefined ? batch.rows : filter(batch, batch.rows))
}

/** Finds the first and the last time of the rows that it sees. */
class SpanFinder {
  span: { first: bigint; last: bigint } | undefined
  /** The times of rows that it does not see, `from` up to before `to`. */
  readonly #unseen: { readonly from: bigint; readonly to: bigint }[] = []

  readonly assume: TextsWithin['assume'] = (from, to) => void this.#unseen.push({ from, to })

  /** Whether no row that it does not see can be the first or the last. */
  get isSure(): boolean {
    const { span } = this
    return this.#unseen.every(
      ({ from, to }) => span !== undefined && span.first < from && span.last >= to,
    )
  }

  see(batch: ColumnBatch): void {
    const column = batch.columns[batch.schema.findIndex(({ name }) => name === TIME)]
    if (column?.type !== 'datetime') return
    for (const row of batch.rows) {
      if (column.isNull(row)) continue
      const time = column.values[row] as bigint
      if (this.span === undefined) this.span = { first: time, last: time }
      else if (time < this.span.first) this.span.first = time
      else if (time > this.span.last) this.span.last = time
    }
  }
}

function hiddenColumn(
  name: string,
  { schema }: TableSource,
  column: string | undefined,
): ScanColumn | undefined {
  if (column === undefined || findColumn(schema, column)?.type !== 'datetime') return undefined
  return { name, type: 'datetime', column }
}

/** What a source may leave rows out by: those that matter to no feed. */
function commonFilter(
  predicates: readonly (Expr | undefined)[],
  schema: Schema,
  see: (batch: ColumnBatch) => void,
): ScanFilter | undefined {
  const known = predicates.filter(predicate => predicate !== undefined)
  if (known.length < predicates.length) return undefined
  const names = new Set<string>([TIME])
  for (const predicate of known) collectColumns(predicate, names)
  const columns = schema.filter(({ name }) => names.has(name))
  const filters = known.map(predicate => compileFilter(predicate, columns, NO_RUN))
  return {
    columns: columns.map(({ name }) => name),
    select(batch) {
      see(batch)
      const [only] = filters
      if (filters.length === 1 && only !== undefined) return only(batch, batch.rows)
      const wanted = new Uint8Array(batch.length)
      for (const filter of filters) for (const row of filter(batch, batch.rows)) wanted[row] = 1
      return batch.rows.filter(row => wanted[row] === 1)
    },
  }
}
