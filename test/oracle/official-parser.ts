import { createRequire } from 'node:module'

interface DiagnosticList {
  readonly Count: number
  getItem(index: number): {
    readonly Code: string
    readonly Start: number
    readonly Message: string
  }
}

interface Kusto {
  readonly Language: {
    readonly KustoCode: { Parse(text: string): { GetSyntaxDiagnostics(): DiagnosticList } }
  }
}

const require = createRequire(import.meta.url)

/** Microsoft's own parser, which its package puts into the global scope. It takes seconds to start. */
function load(): Kusto {
  const directory = '@kusto/language-service-next'
  require(`${directory}/bridge.min.js`)
  require(`${directory}/Kusto.Language.Bridge.min.js`)
  const { Kusto } = globalThis as { Kusto?: Kusto }
  if (!Kusto) throw new Error(`${directory} did not load.`)
  return Kusto
}

let kusto: Kusto | undefined

/** What Microsoft's parser says about the syntax of the query: `code@offset message`, one a fault. */
export function officialSyntaxFaults(text: string): string[] {
  kusto ??= load()
  const list = kusto.Language.KustoCode.Parse(text).GetSyntaxDiagnostics()
  return Array.from({ length: list.Count }, (_, index) => {
    const { Code, Start, Message } = list.getItem(index)
    return `${Code}@${Start} ${Message}`
  })
}
