import { ColumnBatch } from './batch.ts'
import {
  bothColumns,
  type ReadProblem,
  type RequiredText,
  type ScanColumn,
  type ScanContext,
  type ScanFilter,
  type ScanRequest,
  type TimeRange,
  timesOf,
} from './source.ts'

/** A scan that is served together with others. */
export interface OneScan {
  readonly request: ScanRequest
  readonly context: ScanContext
  readonly isClosed: boolean
  /** Ends it with an error. */
  fail(reason: unknown): void
}

/** One scan for several. */
export interface MergedScan {
  readonly request: ScanRequest
  readonly context: ScanContext
  /** What one of them is given of a batch. */
  part(batch: ColumnBatch, scan: OneScan): ColumnBatch
}

/** More filters than this are not asked which rows can matter: most rows do for some. */
const MOST_FILTERS = 16
/** More words than this are not looked for. */
const MOST_WORDS = 8

/** A scan that gives what all of the scans, of one table, want. */
export function mergedRequest(scans: readonly OneScan[]): MergedScan {
  const columns: ScanColumn[] = []
  const places = new Map<string, number>()
  for (const { request } of scans) {
    for (const column of request.columns) {
      const key = keyOf(column)
      const place = places.get(key)
      if (place !== undefined) {
        columns[place] = bothColumns(columns[place]!, column)
        continue
      }
      places.set(key, columns.length)
      const isTaken = columns.some(({ name }) => name === column.name)
      columns.push(isTaken ? { ...column, name: `${column.name} ${columns.length}` } : column)
    }
  }
  const parts = new Map(scans.map(scan => [scan, new Part(scan, places)]))
  const filter = mergedFilter(scans, parts, columns)
  const timeRange = mergedRange(scans.map(({ request }) => request.timeRange))
  const partnerTimes = mergedRange(scans.map(({ request }) => timesOf(request)))
  const texts = mergedTexts(scans.map(({ request }) => request.texts ?? []))
  return {
    request: {
      columns,
      ...(filter === undefined ? {} : { filter }),
      ...(timeRange === undefined ? {} : { timeRange }),
      ...(partnerTimes === undefined ? {} : { partnerTimes }),
      ...(texts === undefined ? {} : { texts: [texts] }),
    },
    context: mergedContext(scans),
    part: (batch, scan) => parts.get(scan)!.of(batch),
  }
}

function keyOf({ column, path, type }: ScanColumn): string {
  return JSON.stringify([column, path ?? null, type])
}

/** What one scan has of the columns of all. */
class Part {
  readonly #places: readonly number[]
  readonly #schema: ColumnBatch['schema']

  constructor({ request }: OneScan, places: ReadonlyMap<string, number>) {
    this.#schema = request.columns.map(({ name, type }) => ({ name, type }))
    this.#places = request.columns.map(column => places.get(keyOf(column))!)
  }

  of(batch: ColumnBatch): ColumnBatch {
    const columns = this.#places.map(place => batch.columns[place]!)
    return new ColumnBatch(this.#schema, columns, batch.length, batch.selection)
  }

  /** The place among all columns of the one that has a name here. */
  placeOf(name: string): number {
    return this.#places[this.#schema.findIndex(column => column.name === name)]!
  }
}

function mergedFilter(
  scans: readonly OneScan[],
  parts: ReadonlyMap<OneScan, Part>,
  columns: readonly ScanColumn[],
): ScanFilter | undefined {
  const filters = scans.flatMap(scan => {
    const { filter } = scan.request
    return filter === undefined ? [] : [{ scan, filter, part: parts.get(scan)! }]
  })
  if (filters.length < scans.length || filters.length > MOST_FILTERS) return undefined
  const needed = new Set(
    filters.flatMap(({ filter, part }) => filter.columns.map(name => part.placeOf(name))),
  )
  const order = [...columns.keys()].filter(place => needed.has(place))
  return {
    columns: order.map(place => columns[place]!.name),
    select: batch => {
      const wanted = new Uint8Array(batch.length)
      for (const { scan, filter, part } of filters) {
        if (scan.isClosed) continue
        const own = filter.columns.map(name => part.placeOf(name))
        const vectors = own.map(place => batch.columns[order.indexOf(place)]!)
        const schema = own.map((place, at) => ({
          name: filter.columns[at]!,
          type: columns[place]!.type,
        }))
        const looked = new ColumnBatch(schema, vectors, batch.length, batch.selection)
        for (const row of filter.select(looked)) wanted[row] = 1
      }
      return batch.rows.filter(row => wanted[row] === 1)
    },
  }
}

/** The range that all ranges are in; undefined where not all scans have one of the same column. */
function mergedRange(ranges: readonly (TimeRange | undefined)[]): TimeRange | undefined {
  const known = ranges.filter(range => range !== undefined)
  const [first] = known
  if (first === undefined || known.length < ranges.length) return undefined
  if (known.some(({ column }) => column !== first.column)) return undefined
  const from = known.map(range => range.from)
  const to = known.map(range => range.to)
  const least = from.reduce((a, b) =>
    a === undefined || b === undefined ? undefined : a < b ? a : b,
  )
  const most = to.reduce((a, b) => (a === undefined || b === undefined ? undefined : a > b ? a : b))
  return {
    column: first.column,
    ...(least === undefined ? {} : { from: least }),
    ...(most === undefined ? {} : { to: most }),
  }
}

/** What has a text of each scan: one of the words, whoever needs it. */
export function mergedTexts(texts: readonly (readonly RequiredText[])[]): RequiredText | undefined {
  const columns = new Set<string>()
  const words = new Set<string>()
  for (const own of texts) {
    const [fewest] = [...own].sort((a, b) => a.words.length - b.words.length)
    if (fewest === undefined) return undefined
    for (const column of fewest.columns) columns.add(column)
    for (const word of fewest.words) words.add(word)
  }
  if (words.size > MOST_WORDS) return undefined
  return { columns: [...columns], words: [...words], inFilter: true }
}

function mergedContext(scans: readonly OneScan[]): ScanContext {
  const contexts = scans.map(({ context }) => context)
  const unexamined = contexts.map(context => context.unexamined)
  const tellAll = (tell: (scan: OneScan) => void): void => {
    for (const scan of scans) {
      if (scan.isClosed) continue
      // For one of them a fault may be fatal.
      try {
        tell(scan)
      } catch (error) {
        scan.fail(error)
      }
    }
  }
  const [first] = contexts
  return {
    batchSize: Math.min(...contexts.map(({ batchSize }) => batchSize)),
    ...(first?.signal === undefined ? {} : { signal: first.signal }),
    report: (problem: ReadProblem) => tellAll(({ context }) => context.report(problem)),
    ...(unexamined.includes(undefined)
      ? {}
      : {
          unexamined: (records: number, file: string) =>
            tellAll(({ context }) => context.unexamined?.(records, file)),
        }),
    without: [...new Set(contexts.flatMap(({ without = [] }) => without))],
    memory: () => Math.min(...contexts.map(({ memory }) => memory?.() ?? 0)),
    threads: Math.max(...contexts.map(({ threads = 1 }) => threads)),
  }
}
