import { openWatchlist } from '../api/watchlist-input.ts'
import { functionParts, Workspace } from '../api/workspace.ts'
import type { FunctionParts } from '../engine/saved-functions.ts'
import type { Watchlist } from '../tables/watchlist.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import type { Row, Stubs } from './model.ts'
import { typedValue } from './typed-value.ts'

/** Whether there are any. */
export function hasStubs({ watchlists, functions }: Stubs): boolean {
  return watchlists.length > 0 || functions.size > 0
}

/** The workspace with the stubs in place of what it has of their names. Faults are reported. */
export async function stubbed(
  workspace: Workspace | undefined,
  { watchlists, functions }: Stubs,
  bag: DiagnosticBag,
): Promise<Workspace> {
  const lists = new Map<string, Watchlist>()
  for (const { alias, span, rows, searchKey } of watchlists) {
    const items = rows.map(row => itemOf(row, bag))
    const options = searchKey === undefined ? {} : { searchKey }
    try {
      lists.set(alias, await openWatchlist(alias, { rows: items, ...options }))
    } catch (error) {
      if (!(error instanceof KqlError)) throw error
      for (const each of error.diagnostics) bag.add({ ...each, span })
    }
  }
  let parts = new Map<string, FunctionParts>()
  try {
    parts = functionParts(Object.fromEntries(functions))
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    for (const each of error.diagnostics) bag.add(each)
  }
  return (workspace ?? new Workspace()).with({ functions: parts, watchlists: lists })
}

/** An item of a watchlist, whose columns are texts. */
function itemOf({ fields }: Row, bag: DiagnosticBag): Record<string, unknown> {
  const item: Record<string, unknown> = {}
  for (const { name, value } of fields) {
    const text = typedValue('string', value, name, bag)
    // Names are the user's own: `__proto__` is one.
    Object.defineProperty(item, name, { value: text, enumerable: true })
  }
  return item
}
