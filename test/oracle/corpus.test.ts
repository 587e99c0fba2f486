import { describe, expect, it } from 'vitest'
import { Catalog } from '../../src/tables/catalog.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import { type Analysis, analyze } from './analyzer.ts'
import { CORPUS, listed } from './differences.ts'
import { sharedFile, sharedJson, sharedLines } from './shared-data.ts'
import { disagreement, isUnsupported, tablesNamed, type Verdict, verdictOf } from './verdict.ts'

/** A public query with the analyzer's verdict, as it was recorded. */
interface CorpusQuery {
  readonly id: string
  readonly query: string
  readonly errors: readonly string[]
  readonly columns: readonly (readonly [name: string, type: string])[] | null
}

/** The share of clean queries that must compile with the analyzer's columns: raised as it grows. */
const RATCHET = 0.975
/** The share of the queries that the analyzer refuses which must be refused with one of its codes. */
const SAME_CODE = 0.95

const SAMPLE_SIZE = 100

/** A guard against a hang: both take seconds. */
const TIMEOUT = { timeout: 180_000 }

const present = sharedFile('corpus/dev.jsonl') !== undefined
if (!present) console.log('skipped: ../shared/corpus is absent')

function recorded({ errors, columns }: CorpusQuery): Pick<Analysis, 'columns' | 'errors'> {
  return { errors, columns: (columns ?? []).map(([name, type]) => ({ name, type })) }
}

/** What the errors that refuse a query name, for the summary. */
function unsupportedThings({ errors }: Verdict): string[] {
  return [...new Set(errors.map(({ message }) => message))]
}

describe.skipIf(!present)('public detection and hunting queries', () => {
  const queries = present ? (sharedLines('corpus/dev.jsonl') as CorpusQuery[]) : []
  const tables = present
    ? (sharedJson('schemas/all-tables.json') as Record<string, Record<string, ScalarType>>)
    : {}
  const catalog = Catalog.empty().with(tables)

  it('compile as the analyzer says, or fail for what is not supported', TIMEOUT, () => {
    const found: Record<string, string> = {}
    const missing = new Map<string, number>()
    let clean = 0
    let exact = 0
    let refused = 0
    let alike = 0
    for (const query of queries) {
      const verdict = verdictOf(query.query, catalog)
      const difference = disagreement(verdict, recorded(query))
      if (difference !== undefined) found[query.id] = difference
      if (query.errors.length > 0) {
        refused++
        if (verdict.errors.some(({ code }) => query.errors.includes(code))) alike++
        continue
      }
      clean++
      if (difference === undefined && verdict.errors.length === 0) exact++
      if (!isUnsupported(verdict)) continue
      for (const thing of unsupportedThings(verdict)) {
        missing.set(thing, (missing.get(thing) ?? 0) + 1)
      }
    }
    const share = exact / clean
    const percent = (100 * share).toFixed(1)
    const list = [...missing].sort((a, b) => b[1] - a[1]).map(([thing, n]) => `  ${n} ${thing}`)
    console.log(
      `${exact} of ${clean} clean queries compile with the analyzer's columns: ${percent} %`,
      `\nnot supported, by the number of queries:\n${list.slice(0, 15).join('\n')}`,
    )
    expect(found).toEqual(listed(CORPUS))
    expect(share).toBeGreaterThanOrEqual(RATCHET)
    console.log(`${alike} of ${refused} others are refused with a code of the analyzer`)
    expect(alike / refused).toBeGreaterThanOrEqual(SAME_CODE)
  })

  it('have the recorded verdict from the analyzer of today, as a sample shows', TIMEOUT, () => {
    // A query over tables that it does not name would need them all, which takes the analyzer long.
    const sampled = sample(
      queries.filter(({ query }) => !/\b(search|find)\b|\*/.test(query)),
      SAMPLE_SIZE,
    )
    for (const query of sampled) {
      const { errors, columns } = analyze(query.query, tablesNamed(query.query, catalog))
      expect({ id: query.id, errors }).toEqual({ id: query.id, errors: query.errors })
      if (errors.length === 0) expect(columns).toEqual(recorded(query).columns)
    }
  })
})

/** Some of the items, the same ones in each run. */
function sample<T>(items: readonly T[], size: number): T[] {
  const rest = [...items]
  let seed = 20_240_229
  return Array.from({ length: Math.min(size, rest.length) }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return rest.splice(Math.floor((seed / 2 ** 32) * rest.length), 1)[0]!
  })
}
