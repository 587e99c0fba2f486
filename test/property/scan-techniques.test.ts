import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Catalog, prepare, type RunOptions } from '../../src/index.ts'
import { TECHNIQUES } from '../../src/tables/source.ts'
import {
  expandingQuery,
  FILLER,
  needle,
  plainQuery,
  predicate,
  record,
  SCHEMA,
} from './log-lines.ts'

/** With a number of minutes, the law is tried for so long. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0 ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 } : { numRuns: 60 }

const query = fc.oneof(
  plainQuery,
  expandingQuery,
  fc
    .tuple(predicate, needle)
    .map(
      ([where, v]) =>
        `T | parse s with a "@" b | extend c = b | where c has "${v}" and ${where} | project a, b`,
    ),
  predicate.map(
    where =>
      `T | where ${where} | join kind=inner (T | where s has "needle" | take 5) on s | project s, n`,
  ),
  fc
    .tuple(
      predicate,
      fc.constantFrom('s', 'tolower(s)', 'strlen(s)'),
      fc.constantFrom('inner', 'innerunique'),
      fc.constantFrom('0m .. 30m', '-1h .. 0h', '30m .. 2h', '-30d .. -1d'),
    )
    .map(
      ([where, key, kind, near]) =>
        `T | where ${where} | project k = ${key}, t = TimeGenerated | join kind=${kind} (T | project k = ${key}, u = TimeGenerated, n) on k | where u - t between (${near}) | project k, t, u, n | take 2000`,
    ),
  fc
    .tuple(predicate, predicate, fc.constantFrom('leftanti', 'rightanti', 'fullouter', 'inner'))
    .map(
      ([left, right, kind]) =>
        `T | where ${left} | project s, n, a = d.a | join kind=${kind} (T | where ${right} | project s, m = n, j) on s`,
    ),
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kqlab-techniques-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('what is left out of a file changes no row', {
  timeout: minutes * 60_000 + 120_000,
}, async () => {
  const path = join(folder, 'T.ndjson')
  const catalog = Catalog.builtin().with({ T: SCHEMA })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(record, fc.integer({ min: 1, max: FILLER.length - 1 })), {
        minLength: 20,
        maxLength: 60,
      }),
      fc.array(query, { minLength: 4, maxLength: 8 }),
      async (records, queries) => {
        const lines = [...FILLER]
        for (const [line, at] of records) lines.splice(at, 0, line)
        writeFileSync(path, lines.join('\n'))
        for (const each of queries) {
          const prepared = prepare(each, { catalog })
          const run = async (without: RunOptions['without'] & object) => {
            const result = await prepared.run({ tables: { T: { path, schema: SCHEMA } }, without })
            return result.rows()
          }
          expect([each, await run([])]).toEqual([each, await run(TECHNIQUES)])
        }
      },
    ),
    limit,
  )
})
