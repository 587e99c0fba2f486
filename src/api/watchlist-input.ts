import { Catalog } from '../tables/catalog.ts'
import { inferSchema } from '../tables/infer-schema.ts'
import { collectRows, rowsSource } from '../tables/rows-source.ts'
import type { TableSource } from '../tables/source.ts'
import { Watchlist, type WatchlistOptions, watchlistItemColumns } from '../tables/watchlist.ts'
import { KqlError } from '../text/kql-error.ts'
import { parseDatetime } from '../types/datetime.ts'
import { describeInput, openTablePath, type TableInput, type TableRow } from './table-input.ts'

/** A watchlist with what is known of it. */
export interface WatchlistDescription {
  readonly rows?: Iterable<TableRow> | AsyncIterable<TableRow>
  /** A CSV or JSON file, a folder or a pattern; several make one watchlist. */
  readonly path?: string | readonly string[]
  /** The column that is the search key: needed where a query reads `SearchKey`. */
  readonly searchKey?: string
  /** The value of `LastUpdatedTimeUTC`; null, with a warning, where nothing says it. */
  readonly lastUpdated?: string
}

/** The items of a watchlist: rows, a path, or either with what else is known. */
export type WatchlistInput = Exclude<TableInput, { schema?: unknown }> | WatchlistDescription

/**
 * The watchlist that an input stands for.
 * @throws KqlError where its search key is none of its columns, or the time of its update is no time.
 */
export async function openWatchlist(alias: string, input: WatchlistInput): Promise<Watchlist> {
  const { rows, path } = describeInput(alias, input)
  const { searchKey, lastUpdated } = options(input)
  const items =
    path === undefined
      ? await itemsOfRows(alias, rows ?? [], searchKey)
      : await itemsOfFiles(alias, path)
  if (searchKey !== undefined && !items.schema.some(({ name }) => name === searchKey)) {
    const names = items.schema.map(({ name }) => name).join(', ')
    throw fault(`The watchlist \`${alias}\` has no column \`${searchKey}\`, only ${names}.`)
  }
  const ticks = lastUpdated === undefined ? undefined : parseDatetime(lastUpdated)
  if (ticks === null) throw fault(`\`lastUpdated\` of the watchlist \`${alias}\` is no time.`)
  const known: WatchlistOptions = {
    ...(searchKey === undefined ? {} : { searchKey }),
    ...(ticks === undefined ? {} : { lastUpdated: ticks }),
  }
  return new Watchlist(alias, items, known)
}

function options(input: WatchlistInput): Pick<WatchlistDescription, 'searchKey' | 'lastUpdated'> {
  const isPlain = typeof input === 'string' || Symbol.iterator in input
  return isPlain || Symbol.asyncIterator in input ? {} : (input as WatchlistDescription)
}

function fault(message: string): KqlError {
  return new KqlError([{ code: 'KQL120', severity: 'error', message, span: { start: 0, end: 0 } }])
}

/** The rows' own columns; of a list without rows the one that is known is its search key. */
async function itemsOfRows(
  alias: string,
  given: Iterable<TableRow> | AsyncIterable<TableRow>,
  searchKey: string | undefined,
): Promise<TableSource> {
  const rows = await collectRows(alias, given)
  const isKnown = rows.length > 0 || searchKey === undefined
  const names = isKnown ? inferSchema(rows).map(({ name }) => name) : [searchKey]
  return rowsSource(alias, rows, watchlistItemColumns(names))
}

/** The files are opened twice: first for the names of their columns, whose types are not guessed. */
async function itemsOfFiles(alias: string, path: string | readonly string[]): Promise<TableSource> {
  const catalog = Catalog.empty()
  const { schema } = await openTablePath(alias, path, { catalog })
  const columns = watchlistItemColumns(schema.map(({ name }) => name))
  return openTablePath(alias, path, { catalog, schema: columns })
}
