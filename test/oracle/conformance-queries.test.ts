import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/tables/catalog.ts'
import {
  SUITE_LIBRARY,
  SUITES,
  type SuiteCase,
  type SuiteLibrary,
  suiteCases,
} from '../conformance/reference-suites.ts'
import { CONFORMANCE_SUITES, listed } from './differences.ts'
import { disagreement, isUnsupported, verdictOf } from './verdict.ts'

if (SUITE_LIBRARY === undefined) console.log('skipped: ../shared/conformance is absent')

/** Tables that the query names and that are not at hand: the analyzer was given them, or another cluster. */
function lacksTables(item: SuiteCase, library: SuiteLibrary): boolean {
  const given = library.tablesFor(item)
  return (
    item.notes.some(note => note.startsWith('unknown-tables')) ||
    (item.tables ?? []).some(name => !(name in given))
  )
}

describe.skipIf(SUITE_LIBRARY === undefined)('queries of the reference suites', () => {
  const expected = listed(CONFORMANCE_SUITES)

  it.each(SUITES)('%s compile as the analyzer said', { timeout: 120_000 }, suite => {
    const library = SUITE_LIBRARY!
    const cases = suiteCases(suite)
    const found: Record<string, string> = {}
    const counts = { same: 0, unsupported: 0, withoutVerdict: 0 }
    for (const item of cases) {
      const { schema } = item
      if (schema === null || lacksTables(item, library)) {
        counts.withoutVerdict++
        continue
      }
      const tables = Object.entries(library.tablesFor(item))
      const columns = Object.fromEntries(tables.map(([name, table]) => [name, table.columns]))
      const verdict = verdictOf(item.query, Catalog.empty().with(columns))
      const difference = disagreement(verdict, { columns: schema, errors: [] })
      if (difference !== undefined) found[item.id] = difference
      else if (isUnsupported(verdict)) counts.unsupported++
      else counts.same++
    }
    console.log(`${suite}: ${JSON.stringify(counts)}`)
    const ids = new Set(cases.map(({ id }) => id))
    const known = Object.entries(expected).filter(([id]) => ids.has(id))
    expect(found).toEqual(Object.fromEntries(known))
  })
})
