import { describe, expect, it } from 'vitest'
import { prepare } from '../../src/api/prepare.ts'
import { explainRows } from '../../src/index.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import { KqlError } from '../../src/text/kql-error.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import { rowsFor } from './corpus-rows.ts'
import { sharedFile, sharedJson, sharedLines } from './shared-data.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
/** A guard against a hang: it takes seconds. */
const TIMEOUT = { timeout: 300_000 }
/** One in so many queries is tried: all of them take a minute. */
const EACH = Number(process.env.WHY_EACH ?? 10)
/** Of each table so many rows are followed. */
const ROWS = 2

const present = sharedFile('corpus/dev.jsonl') !== undefined
if (!present) console.log('skipped: ../shared/corpus is absent')

describe.skipIf(!present)('rows of public queries', () => {
  it('can be followed to an end', TIMEOUT, async () => {
    const queries = sharedLines('corpus/dev.jsonl') as { id: string; query: string }[]
    const tables = sharedJson('schemas/all-tables.json') as Record<
      string,
      Record<string, ScalarType>
    >
    const catalog = Catalog.empty().with(tables)
    const ends = new Map<string, number>()
    const faults: Record<string, string> = {}
    for (const { id, query } of queries.filter((_, index) => index % EACH === 0)) {
      const names = tablesOf(query, catalog)
      // Tables of a wildcard are many, and their rows alike.
      for (const table of names.slice(0, 3)) {
        const options = {
          catalog,
          tables: rowsFor(query, names, catalog, NOW),
          now: NOW,
          geoip: 'none' as const,
          externalData: () => [{}],
          table,
          where: 'true',
          limit: ROWS,
        }
        try {
          for (const { outcome, paths } of (await explainRows(query, options)).rows) {
            const end = paths[0]?.end
            const how = end?.kind === 'dropped' ? `${outcome}: ${end.reason}` : outcome
            ends.set(how, (ends.get(how) ?? 0) + 1)
            if (end === undefined || end.message === '') faults[id] = 'no end'
          }
        } catch (error) {
          const code = error instanceof KqlError ? error.diagnostics[0]?.code : undefined
          // The generated bags have not the slots that a query means.
          if (code !== 'KS142') faults[`${id} ${table}`] = String(error)
        }
      }
    }
    console.log([...ends].map(([how, count]) => `${count} ${how}`).join('; '))
    expect(faults).toEqual({})
  })
})

function tablesOf(query: string, catalog: Catalog): readonly string[] {
  try {
    return prepare(query, { catalog }).tables
  } catch (error) {
    if (error instanceof KqlError) return []
    throw error
  }
}
