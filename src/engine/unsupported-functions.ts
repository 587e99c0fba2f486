import { Catalog } from '../tables/catalog.ts'
import knownFunctions from './functions/known-functions.json' with { type: 'json' }
import { LIBRARY } from './functions/library.ts'
import { compileQuery } from './query.ts'

/** Built-in functions that kqlab lacks: the binder says so of a call. */
export function unsupportedFunctions(): string[] {
  const catalog = Catalog.empty()
  return knownFunctions.filter(name => {
    if (LIBRARY.scalar(name) ?? LIBRARY.aggregate(name) ?? LIBRARY.window(name)) return false
    const { diagnostics } = compileQuery(`print ${name}()`, { catalog })
    return diagnostics.some(({ code }) => code === 'KQL100')
  })
}
