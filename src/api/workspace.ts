import { placeText } from '../engine/binder/tabular-binder.ts'
import type {
  Workspace as BoundWorkspace,
  KnownEnrichment,
  KnownWatchlist,
  Place,
  PlaceCall,
  SavedFunction,
} from '../engine/binder/workspace.ts'
import { functionsInText } from '../engine/function-text.ts'
import { type FunctionParts, savedFunction } from '../engine/saved-functions.ts'
import type { TableSource } from '../tables/source.ts'
import type { Watchlist } from '../tables/watchlist.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { SourceSet } from '../text/source-set.ts'
import { SourceText } from '../text/source-text.ts'
import type { Schema } from '../types/schema.ts'
import { type Enrichment, type EnrichmentInput, openEnrichment } from './enrichment-input.ts'
import { openWatchlist, type WatchlistInput } from './watchlist-input.ts'

/** A saved function: its text, as a file has it, or parameters and body apart. */
export type FunctionInput =
  | string
  | {
      /** `x: string, n: long = 5, T: (*)`; none where absent. */
      readonly parameters?: string
      /** Statements and an expression. */
      readonly body: string
    }

/** What a query may name beside tables and built-in functions. */
export interface WorkspaceOptions {
  /** Functions by name, which may call each other. */
  readonly functions?: Readonly<Record<string, FunctionInput>>
  /** Watchlists by alias, for `_GetWatchlist`. */
  readonly watchlists?: Readonly<Record<string, WatchlistInput>>
  /** What functions such as `FileProfile` add with `invoke`, by the function's name. */
  readonly enrichments?: Readonly<Record<string, EnrichmentInput>>
}

/** Tables of another place, by name; `local` where they are those of the run. */
export type PlaceTables = ReadonlyMap<string, TableSource> | 'local'

/** The parts of a {@link Workspace}, opened. */
export interface WorkspaceParts {
  /** By name; the same parts under two names are one function. */
  readonly functions?: ReadonlyMap<string, FunctionParts>
  readonly watchlists?: ReadonlyMap<string, Watchlist>
  readonly enrichments?: ReadonlyMap<string, Enrichment>
  /** By the text of the place: `workspace("x")`, `cluster("c").database("d")`. */
  readonly places?: ReadonlyMap<string, PlaceTables>
}

/** What surrounds queries, opened once for any number of them: see {@link openWorkspace}. */
export class Workspace implements BoundWorkspace {
  readonly functions: ReadonlyMap<string, SavedFunction>
  readonly watchlists: ReadonlyMap<string, KnownWatchlist>
  readonly enrichments: ReadonlyMap<string, KnownEnrichment>
  /** The rows of all tables that are not the catalog's, by the names that plans have for them. */
  readonly sources: ReadonlyMap<string, TableSource>
  readonly #texts = new SourceSet()
  readonly #places: ReadonlyMap<string, PlaceTables>
  readonly #parts: WorkspaceParts

  constructor(parts: WorkspaceParts = {}) {
    const { functions, watchlists, enrichments, places } = parts
    this.#parts = parts
    const byParts = new Map<FunctionParts, SavedFunction>()
    const saved = new Map<string, SavedFunction>()
    for (const [name, parts] of functions ?? []) {
      const known = byParts.get(parts) ?? savedFunction(parts, this.#texts)
      byParts.set(parts, known)
      saved.set(name, known)
    }
    const sources = new Map<string, TableSource>()
    const known = new Map<string, KnownWatchlist>()
    for (const [alias, watchlist] of watchlists ?? []) {
      const table = `_GetWatchlist(${JSON.stringify(alias)})`
      const { schema, hasSearchKey } = watchlist
      sources.set(table, watchlist)
      known.set(alias, { table, schema, hasSearchKey })
    }
    const enriching = new Map<string, KnownEnrichment>()
    for (const [name, { source, keys }] of enrichments ?? []) {
      const table = `invoke ${name}`
      sources.set(table, source)
      enriching.set(name, { table, schema: source.schema, keys })
    }
    for (const [place, tables] of places ?? []) {
      if (tables === 'local') continue
      for (const [name, source] of tables) sources.set(nameIn(place, name), source)
    }
    this.functions = saved
    this.watchlists = known
    this.enrichments = enriching
    this.sources = sources
    this.#places = places ?? new Map()
  }

  readonly place = (calls: readonly PlaceCall[]): Place | 'local' | undefined => {
    // What is said of a cluster holds for each of its databases, unless more is said of one.
    for (let length = calls.length; length > 0; length--) {
      const text = placeText(calls.slice(0, length))
      const tables = this.#places.get(text)
      if (tables !== undefined) return tables === 'local' ? 'local' : placeOf(text, tables)
    }
    return undefined
  }

  /** The workspace with other functions and watchlists too, each in place of the one of its name. */
  with({ functions, watchlists }: Pick<WorkspaceParts, 'functions' | 'watchlists'>): Workspace {
    return new Workspace({
      ...this.#parts,
      functions: new Map([...(this.#parts.functions ?? []), ...(functions ?? [])]),
      watchlists: new Map([...(this.#parts.watchlists ?? []), ...(watchlists ?? [])]),
    })
  }

  readonly locate = (diagnostic: Diagnostic): Diagnostic => this.#texts.locate(diagnostic)
}

function nameIn(place: string, table: string): string {
  return `${place}.${table}`
}

function placeOf(place: string, tables: ReadonlyMap<string, TableSource>): Place {
  return {
    schemaOf: (table): Schema | undefined => tables.get(table)?.schema,
    names: () => [...tables.keys()],
    tableName: table => nameIn(place, table),
  }
}

/**
 * Opens what surrounds queries: reads the columns of watchlists, and keeps functions to be parsed when
 * one calls them.
 * @throws KqlError where a function's text holds none, or a watchlist cannot be used.
 */
export async function openWorkspace({
  functions = {},
  watchlists = {},
  enrichments = {},
}: WorkspaceOptions): Promise<Workspace> {
  const opened = new Map<string, Watchlist>()
  for (const [alias, input] of Object.entries(watchlists)) {
    opened.set(alias, await openWatchlist(alias, input))
  }
  const enriching = new Map<string, Enrichment>()
  for (const [name, input] of Object.entries(enrichments)) {
    enriching.set(name, await openEnrichment(name, input))
  }
  return new Workspace({
    functions: functionParts(functions),
    watchlists: opened,
    enrichments: enriching,
  })
}

/**
 * The parts of functions, by all of their names.
 * @throws KqlError where a text holds no function.
 */
export function functionParts(
  functions: Readonly<Record<string, FunctionInput>>,
): Map<string, FunctionParts> {
  const parts = new Map<string, FunctionParts>()
  for (const [name, input] of Object.entries(functions)) {
    if (typeof input !== 'string') {
      const source = new SourceText(input.body, name)
      const body = { text: input.body, toSource: (span: { start: number; end: number }) => span }
      const whole = { start: 0, end: 0 }
      parts.set(name, {
        name,
        source,
        body,
        ...(input.parameters === undefined
          ? {}
          : { parameters: { text: input.parameters, toSource: () => whole } }),
      })
      continue
    }
    const source = new SourceText(input, name)
    const found = functionsInText(name, source)
    if (found.diagnostics.length > 0) {
      throw new KqlError(found.diagnostics.map(diagnostic => ({ ...diagnostic, source })))
    }
    for (const each of found.functions) parts.set(each.name, each)
  }
  return parts
}
