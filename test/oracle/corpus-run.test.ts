import { describe, expect, it } from 'vitest'
import { type PreparedQuery, prepare } from '../../src/api/prepare.ts'
import type { QueryResult } from '../../src/engine/result.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import type { Row } from '../../src/tables/infer-schema.ts'
import { KqlError } from '../../src/text/kql-error.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import { rowsFor } from './corpus-rows.ts'
import { sharedFile, sharedJson, sharedLines } from './shared-data.ts'

interface CorpusQuery {
  readonly id: string
  readonly query: string
  readonly tables: readonly string[]
  /** What the official analyzer found wrong. */
  readonly errors: readonly unknown[]
}

const IDENTITY: ReadonlySet<string> = new Set([
  'AuditLogs',
  'SigninLogs',
  'AADNonInteractiveUserSignInLogs',
])

/** Whether it is a sound query over identity logs: each of those must run. */
function isOfIdentity({ tables, errors }: CorpusQuery): boolean {
  return errors.length === 0 && tables.some(table => IDENTITY.has(table))
}

const NOW = new Date('2026-03-01T12:00:00Z')

/** Codes of faults that a run may end with, because they are about the data or what was not given. */
const MAY_END_WITH: ReadonlySet<string> = new Set([])

/** Where every address is. */
const PLACE = { country: 'Examplia', city: 'Springfield', latitude: 1.5, longitude: 2.5 }

/** What is published there, as far as queries name its members. */
const EXTERNAL: ReadonlyMap<string, Row[]> = new Map([
  ['endpoints.office.com', [{ all: { id: 1, ips: ['192.0.2.0/24'] } }]],
])

/** A guard against a hang: it takes seconds. */
const TIMEOUT = { timeout: 300_000 }

const FORMS: Record<ScalarType, (value: unknown) => boolean> = {
  bool: value => typeof value === 'boolean',
  int: value => typeof value === 'number' && Number.isInteger(value),
  long: value => typeof value === 'bigint',
  real: value => typeof value === 'number',
  decimal: value => typeof value === 'string',
  datetime: value => typeof value === 'string' && /^\d{4}-.*T.*\.\d{7}Z$/.test(value),
  timespan: value => typeof value === 'string' && /^-?(\d+\.)?\d\d:\d\d:\d\d/.test(value),
  string: value => typeof value === 'string',
  guid: value => typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value),
  dynamic: value => value !== undefined,
}

const present = sharedFile('corpus/dev.jsonl') !== undefined
if (!present) console.log('skipped: ../shared/corpus is absent')

describe.skipIf(!present)('public queries run', () => {
  const queries = present ? (sharedLines('corpus/dev.jsonl') as CorpusQuery[]) : []
  const tables = present
    ? (sharedJson('schemas/all-tables.json') as Record<string, Record<string, ScalarType>>)
    : {}
  const catalog = Catalog.empty().with(tables)

  it(
    'on generated rows, and give values of the columns they were compiled to',
    TIMEOUT,
    async () => {
      const faults: Record<string, string> = {}
      const ended = new Map<string, number>()
      let ran = 0
      let withRows = 0
      const identity = new Set(queries.filter(isOfIdentity).map(({ id }) => id))
      const sound = identity.size
      for (const { id, query } of queries) {
        const prepared = compiled(query, catalog)
        if (prepared === undefined) continue
        ran++
        try {
          const data = rowsFor(query, prepared.tables, catalog, NOW)
          const result = await prepared.run({
            tables: data,
            now: NOW,
            geoip: () => PLACE,
            externalData: address => EXTERNAL.get(new URL(address).host) ?? [{}],
          })
          if (result.rowCount > 0) withRows++
          const misfit = misfitOf(prepared, result)
          if (misfit !== undefined) faults[id] = misfit
          else identity.delete(id)
        } catch (error) {
          const code = error instanceof KqlError ? (error.diagnostics[0]?.code ?? '') : ''
          // The generated bags have not the slots that a query means.
          const isOfData = prepared.hasLateColumns && code === 'KS142'
          if (MAY_END_WITH.has(code) || isOfData) ended.set(code, (ended.get(code) ?? 0) + 1)
          else faults[id] = String(error)
        }
      }
      const codes = [...ended].map(([code, count]) => `; ${count} end with ${code}`).join('')
      console.log(`${ran} of ${queries.length} queries run; ${withRows} give rows${codes}`)
      console.log(`${sound - identity.size} of ${sound} sound queries over identity logs run`)
      expect(faults).toEqual({})
      expect([...identity]).toEqual([])
    },
  )
})

function compiled(query: string, catalog: Catalog): PreparedQuery | undefined {
  try {
    return prepare(query, { catalog })
  } catch (error) {
    if (error instanceof KqlError) return undefined
    throw error
  }
}

/** What is wrong with the columns or a value of the result. */
function misfitOf(prepared: PreparedQuery, result: QueryResult): string | undefined {
  const columns = prepared.hasLateColumns ? result.columns : prepared.columns
  if (JSON.stringify(result.columns) !== JSON.stringify(columns)) return 'other columns'
  for (const row of result.rows()) {
    const at = row.findIndex((value, i) => value !== null && !FORMS[columns[i]!.type](value))
    if (at >= 0) return `${columns[at]?.name}: ${String(row[at])} is no ${columns[at]?.type}`
  }
  return undefined
}
