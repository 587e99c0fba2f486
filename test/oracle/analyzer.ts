import { createRequire } from 'node:module'
import type { Schema } from '../../src/types/schema.ts'

/** A column of a result as the analyzer has it: its type is `unknown` where it cannot tell. */
export interface AnalyzedColumn {
  readonly name: string
  readonly type: string
}

/** What the official analyzer says of a query. */
export interface Analysis {
  /** Empty where the query has no tabular result; of several results those of the last. */
  readonly columns: readonly AnalyzedColumn[]
  /** Codes of the errors, in order, each once. */
  readonly errors: readonly string[]
  /** Codes of the warnings and suggestions, in order, each once. */
  readonly warnings: readonly string[]
}

/** The part of the analyzer's surface that is used here: its own typings are 1.7 MB. */
interface List<T> {
  readonly Count: number
  getItem(index: number): T
}
interface Kind {
  readonly Name: string
}
interface ColumnSymbol {
  readonly Name: string
  readonly Type: Kind
}
interface AnalyzerDiagnostic {
  readonly Severity: string
  readonly Code: string
}
interface GlobalState {
  WithCluster(cluster: object): GlobalState
  WithDatabase(database: object): GlobalState
}
interface ResultType {
  readonly Columns?: List<ColumnSymbol>
  /** The results of fork and facet. */
  readonly Members?: List<ResultType>
}
interface KustoCode {
  readonly ResultType: ResultType | null
  GetDiagnostics(): List<AnalyzerDiagnostic>
}
interface Language {
  readonly GlobalState: { readonly Default: GlobalState }
  readonly KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): KustoCode }
  readonly Symbols: {
    readonly ScalarTypes: { GetSymbol(name: string): object }
    readonly ColumnSymbol: new (name: string, type: object, ...rest: null[]) => object
    readonly TableSymbol: { readonly $ctor4: new (name: string, columns: object[]) => object }
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: object[]) => object }
    readonly ClusterSymbol: { readonly ctor: new (name: string, databases: object[]) => object }
  }
}

let loaded: Language | undefined

/** Loads the analyzer once a process, which takes about three seconds: it is C# translated. */
function language(): Language {
  if (loaded === undefined) {
    const require = createRequire(import.meta.url)
    require('@kusto/language-service-next/bridge.min.js')
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js')
    // It is no module: it defines a global.
    const { Language } = Reflect.get(globalThis, 'Kusto') as { Language: Language }
    loaded = Language
  }
  return loaded
}

/** Tables by name. */
export type Tables = Readonly<Record<string, Schema>>

const states = new WeakMap<Tables, GlobalState>()

function stateOf(tables: Tables): GlobalState {
  let state = states.get(tables)
  if (state === undefined) {
    const { GlobalState, Symbols } = language()
    const symbols = Object.entries(tables).map(([name, schema]) => {
      const columns = schema.map(column => {
        const type = Symbols.ScalarTypes.GetSymbol(column.type)
        return new Symbols.ColumnSymbol(column.name, type, null, null, null, null)
      })
      return new Symbols.TableSymbol.$ctor4(name, columns)
    })
    const database = new Symbols.DatabaseSymbol.ctor('database', symbols)
    const cluster = new Symbols.ClusterSymbol.ctor('cluster', [database])
    state = GlobalState.Default.WithCluster(cluster).WithDatabase(database)
    states.set(tables, state)
  }
  return state
}

function items<T>(list: List<T> | undefined): T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => list!.getItem(index))
}

/**
 * What Microsoft's analyzer says of a query over these tables. The symbols of a `tables` object are
 * built once; the analysis itself takes longer the more tables there are.
 */
export function analyze(query: string, tables: Tables): Analysis {
  const code = language().KustoCode.ParseAndAnalyze(query, stateOf(tables))
  const diagnostics = items(code.GetDiagnostics())
  const codes = (wanted: (severity: string) => boolean) => [
    ...new Set(diagnostics.filter(item => wanted(item.Severity)).map(item => item.Code)),
  ]
  const { ResultType: type } = code
  const last = type?.Columns === undefined ? items(type?.Members).at(-1) : type
  return {
    columns: items(last?.Columns).map(({ Name, Type }) => ({
      name: Name,
      type: Type.Name,
    })),
    errors: codes(severity => severity === 'Error'),
    warnings: codes(severity => severity !== 'Error'),
  }
}
