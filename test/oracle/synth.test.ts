import { describe, expect, it } from 'vitest'
import { prepare } from '../../src/api/prepare.ts'
import { Catalog } from '../../src/tables/catalog.ts'
import { type Synthesis, synthesize } from '../../src/testing/synth/synthesize.ts'
import { KqlError } from '../../src/text/kql-error.ts'
import type { ScalarType } from '../../src/types/scalar-type.ts'
import { sharedFile, sharedJson, sharedLines } from './shared-data.ts'

interface CorpusQuery {
  readonly id: string
  readonly query: string
  readonly tables: readonly string[]
  readonly errors: readonly string[]
}

const NOW = '2026-03-01T12:00:00Z'
const IDENTITY: ReadonlySet<string> = new Set([
  'AuditLogs',
  'SigninLogs',
  'AADNonInteractiveUserSignInLogs',
])
/** Where every address is. */
const PLACE = { country: 'Examplia', city: 'Springfield', latitude: 1.5, longitude: 2.5 }

/** The share of the queries, and of those that give nothing over empty tables, that must fire. */
const RATCHET = 0.95

/** A guard against a hang: it takes half a minute. */
const TIMEOUT = { timeout: 600_000 }

const present = sharedFile('corpus/dev.jsonl') !== undefined
if (!present) console.log('skipped: ../shared/corpus is absent')

describe.skipIf(!present)('public queries over identity logs', () => {
  const all = present ? (sharedLines('corpus/dev.jsonl') as CorpusQuery[]) : []
  const queries = all.filter(
    ({ tables, errors }) => errors.length === 0 && tables.some(table => IDENTITY.has(table)),
  )
  const schemas = present
    ? (sharedJson('schemas/all-tables.json') as Record<string, Record<string, ScalarType>>)
    : {}
  const catalog = Catalog.empty().with(schemas)

  it('fire on rows that are made for them', TIMEOUT, async () => {
    let fired = 0
    let idle = 0
    const reasons = new Map<string, string[]>()
    for (const { id, query } of queries) {
      const made = await synthesize(query, { catalog, now: NOW, geoip: () => PLACE })
      if (await firesOnNothing(query, catalog)) idle++
      else if (made.fired) fired++
      if (made.fired) continue
      const reason = kindOf(made)
      reasons.set(reason, [...(reasons.get(reason) ?? []), id])
    }
    const failed = [...reasons.values()].flat().length
    const share = (queries.length - failed) / queries.length
    const shareOfOthers = fired / (queries.length - idle)
    const list = [...reasons].sort((a, b) => b[1].length - a[1].length)
    console.log(
      `${queries.length - failed} of ${queries.length} fire: ${(100 * share).toFixed(1)} %;`,
      `${fired} of the ${queries.length - idle} that give nothing over empty tables:`,
      `${(100 * shareOfOthers).toFixed(1)} %`,
      ...list.map(([reason, ids]) => `\n  ${ids.length} ${reason}: ${ids.join(', ')}`),
    )
    expect(share).toBeGreaterThanOrEqual(RATCHET)
    expect(shareOfOthers).toBeGreaterThanOrEqual(RATCHET)
  })
})

/** The reason without what it names. */
function kindOf({ unsolved }: Synthesis): string {
  const notTraced = unsolved.find(({ reason }) => reason.endsWith('is not traced back'))
  const [first] = unsolved
  const reason = notTraced?.reason ?? first?.reason ?? 'no reason'
  return reason.replace(/`.*`/, '…').replace(/'[^']*'/, '…')
}

async function firesOnNothing(query: string, catalog: Catalog): Promise<boolean> {
  try {
    const result = await prepare(query, { catalog }).run({ tables: {}, now: NOW, geoip: 'none' })
    return result.rowCount > 0
  } catch (error) {
    if (error instanceof KqlError) return false
    throw error
  }
}
