import * as sha2 from '@noble/hashes/sha2.js'
import * as hashing from '@noble/hashes/utils.js'
import type { Column, Schema } from '../types/schema.ts'
import { findColumn } from '../types/schema.ts'
import { ColumnBatch } from './batch.ts'
import type { ScanColumn, ScanContext, ScanRequest, TableSource } from './source.ts'
import type { Vector } from './vector.ts'
import { vectorOf } from './vector-builder.ts'

/** The packages, which are evaluated when an item needs an id. */
const PACKAGES = { sha2: () => sha2, hashing: () => hashing }

/** The columns that every watchlist has, before those of its items. */
const OWN_COLUMNS: Schema = [
  { name: '_DTItemId', type: 'string' },
  { name: 'LastUpdatedTimeUTC', type: 'datetime' },
  { name: 'SearchKey', type: 'string' },
]

/** What is known of a watchlist beside its items. */
export interface WatchlistOptions {
  /** The column of the items that is the search key. */
  readonly searchKey?: string
  /** When the items were last updated, in ticks. */
  readonly lastUpdated?: bigint
}

/** The columns that the items of a watchlist are read with: text, but for the time of the update. */
export function watchlistItemColumns(names: readonly string[]): Column[] {
  return names.map(name => ({
    name,
    type: name === 'LastUpdatedTimeUTC' ? ('datetime' as const) : ('string' as const),
  }))
}

/**
 * A watchlist as `_GetWatchlist` gives it: `_DTItemId`, `LastUpdatedTimeUTC`, `SearchKey`, then the
 * columns of its items as strings, by name: Microsoft Sentinel unpacks them from a bag. Items that have
 * one of the first three columns themselves, as exports do, keep it. An item without an id gets one that
 * depends on the alias and its position alone.
 */
export class Watchlist implements TableSource {
  readonly schema: Schema
  /** Whether it is known what SearchKey is. */
  readonly hasSearchKey: boolean
  readonly #alias: string
  readonly #items: TableSource
  readonly #options: WatchlistOptions

  constructor(alias: string, items: TableSource, options: WatchlistOptions = {}) {
    this.#alias = alias
    this.#items = items
    this.#options = options
    const own = new Set(OWN_COLUMNS.map(({ name }) => name))
    const others = items.schema.filter(({ name }) => !own.has(name))
    others.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    this.schema = [...OWN_COLUMNS, ...others]
    this.hasSearchKey = options.searchKey !== undefined || this.#has('SearchKey')
  }

  #has(column: string): boolean {
    return findColumn(this.#items.schema, column) !== undefined
  }

  async *scan(request: ScanRequest, context: ScanContext): AsyncGenerator<ColumnBatch> {
    const schema = request.columns.map(({ name, type }) => ({ name, type }))
    const read = request.columns.map(column => this.#itemColumn(column))
    const columns = read.filter(column => column !== undefined)
    if (request.columns.some(({ column }) => column === 'LastUpdatedTimeUTC')) {
      this.#reportUpdate(context)
    }
    let row = 0
    for await (const batch of this.#items.scan({ columns }, context)) {
      let position = 0
      const vectors = read.map((column, index): Vector => {
        if (column !== undefined) return batch.columns[position++]!
        return this.#madeUp(request.columns[index]!.column, row, batch.length)
      })
      row += batch.length
      yield new ColumnBatch(schema, vectors, batch.length, batch.selection)
    }
  }

  /** The column of the items that a column is read from; undefined where they have none. */
  #itemColumn(column: ScanColumn): ScanColumn | undefined {
    if (this.#has(column.column)) return column
    const { searchKey } = this.#options
    if (column.column === 'SearchKey' && searchKey !== undefined) {
      return { ...column, column: searchKey }
    }
    return undefined
  }

  #madeUp(column: string, firstRow: number, length: number): Vector {
    if (column === 'LastUpdatedTimeUTC') {
      const value = this.#options.lastUpdated ?? null
      return vectorOf('datetime', new Array<bigint | null>(length).fill(value))
    }
    const texts = Array.from({ length }, (_, index) =>
      column === '_DTItemId' ? itemId(this.#alias, firstRow + index) : '',
    )
    return vectorOf('string', texts)
  }

  #reportUpdate(context: ScanContext): void {
    if (this.#options.lastUpdated !== undefined || this.#has('LastUpdatedTimeUTC')) return
    context.report({
      file: `watchlist ${this.#alias}`,
      kind: 'value',
      column: 'LastUpdatedTimeUTC',
      message: 'The time of the last update is not known.',
    })
  }
}

/** An id for an item that has none, in the form of a GUID. */
function itemId(alias: string, row: number): string {
  const hex = PACKAGES.hashing().bytesToHex(
    PACKAGES.sha2().sha256(new TextEncoder().encode(`${alias}\n${row}`)),
  )
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)]
  return `${parts.join('-')}-${hex.slice(20, 32)}`
}
