import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/tables/catalog.ts'
import { analyze } from './analyzer.ts'
import { listed, OWN_QUERIES } from './differences.ts'
import {
  caseQueries,
  exampleQueries,
  type OwnQuery,
  readmeQueries,
  ruleQueries,
} from './own-queries.ts'
import { disagreement, tablesNamed, verdictOf } from './verdict.ts'

function compare({ text, tables }: OwnQuery): string | undefined {
  const catalog = Catalog.builtin().with(tables)
  return disagreement(verdictOf(text, catalog), analyze(text, tablesNamed(text, catalog)))
}

describe("this project's own queries are what the official analyzer says they are", () => {
  const sources = {
    'examples of functions and operators': exampleQueries(),
    'bundled rules': ruleQueries(),
    'conformance cases': caseQueries(),
    README: readmeQueries(),
  }
  const expected = listed(OWN_QUERIES)

  it.each(Object.entries(sources))('%s', { timeout: 120_000 }, (_, queries) => {
    expect(queries.length).toBeGreaterThan(0)
    const found: Record<string, string> = {}
    const known: Record<string, string> = {}
    for (const query of queries) {
      const difference = compare(query)
      if (difference !== undefined) found[query.text] = difference
      if (query.text in expected) known[query.text] = expected[query.text]!
    }
    expect(found).toEqual(known)
  })

  it('lists no difference of a query that is gone', () => {
    const texts = new Set(Object.values(sources).flatMap(queries => queries.map(q => q.text)))
    expect(Object.keys(expected).filter(text => !texts.has(text))).toEqual([])
  })
})
