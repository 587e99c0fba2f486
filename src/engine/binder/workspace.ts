import type { FunctionSyntax } from '../../parser/syntax.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { Schema } from '../../types/schema.ts'
import { Scope } from './scope.ts'

/** A function that is kept outside of queries, which every query may call. */
export interface SavedFunction {
  readonly name: string
  /** Its parameters and its body; spans tell which text it is from. Parsed when first asked for. */
  readonly syntax: FunctionSyntax
  /** Whether its text is no function. */
  readonly isBroken: boolean
  /** What is wrong with its text. */
  readonly diagnostics: readonly Diagnostic[]
}

/** A watchlist, as the binder sees it. */
export interface KnownWatchlist {
  /** The name under which the run has its rows. */
  readonly table: string
  readonly schema: Schema
  /** Whether it is known what SearchKey is. */
  readonly hasSearchKey: boolean
}

/** A table whose columns `invoke` of its name adds to rows, as the binder sees it. */
export interface KnownEnrichment {
  /** The name under which the run has its rows. */
  readonly table: string
  readonly schema: Schema
  /** The columns by which rows are looked up. */
  readonly keys: readonly string[]
}

/** One step to a place with tables of its own: `workspace("x")`. */
export interface PlaceCall {
  readonly function: string
  readonly argument: string
}

/** Tables beside those of the catalog: another workspace, or a database of a cluster. */
export interface Place {
  schemaOf(table: string): Schema | undefined
  names(): readonly string[]
  /** The name under which the run has the rows of the table. */
  tableName(table: string): string
}

/** What surrounds a query: all that it may name beside tables of the catalog and built-in functions. */
export interface Workspace {
  readonly functions: ReadonlyMap<string, SavedFunction>
  /** By alias. */
  readonly watchlists: ReadonlyMap<string, KnownWatchlist>
  /** By the name of the function. */
  readonly enrichments: ReadonlyMap<string, KnownEnrichment>
  /**
   * The tables of another place; `local` where they are those of the catalog, undefined where nothing
   * says what the place is.
   */
  place(calls: readonly PlaceCall[]): Place | 'local' | undefined
  /** The diagnostic with its places where people know them: those of saved functions in their files. */
  locate(diagnostic: Diagnostic): Diagnostic
}

/** A workspace with nothing in it. */
export const NO_WORKSPACE: Workspace = {
  functions: new Map(),
  watchlists: new Map(),
  enrichments: new Map(),
  place: () => undefined,
  locate: diagnostic => diagnostic,
}

/**
 * The names of saved functions as the scope around a query; `used` takes those that are looked at. A
 * function sees the others, and itself, so that a call of itself is reported as that.
 */
export function savedScope({ functions }: Workspace, used: Set<SavedFunction>): Scope {
  const scope = new Scope()
  for (const [name, saved] of functions) {
    scope.declare(name, {
      kind: 'function',
      name,
      scope,
      get syntax() {
        used.add(saved)
        return saved.syntax
      },
      get isBroken() {
        used.add(saved)
        return saved.isBroken
      },
    })
  }
  return scope
}
