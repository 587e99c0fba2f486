import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compileQuery } from '../../src/engine/query.ts'
import { CATALOG, randomQuery } from './engine-queries.ts'
import { outcome } from './engine-run.ts'
import { randomSplit, randomTables, splitSources, wholeSources } from './engine-tables.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 400)

it('the rewritten plan gives the rows of the bound one, in their order', async () => {
  await fc.assert(
    fc.asyncProperty(randomQuery, randomTables, async (text, tables) => {
      const { bound, plan } = compileQuery(text, { catalog: CATALOG })
      if (bound === undefined || plan === undefined) throw new Error('does not compile')
      const expected = await outcome(bound, { tables: wholeSources(tables) })
      expect(await outcome(plan, { tables: wholeSources(tables) })).toBe(expected)
    }),
    { numRuns: RUNS },
  )
})

it('any size of batches and any split of the tables gives the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(
      randomQuery,
      randomTables,
      randomSplit,
      fc.constantFrom(1, 2, 3, 7, 1000),
      fc.boolean(),
      async (text, tables, split, batchSize, rewritten) => {
        const { bound, plan } = compileQuery(text, { catalog: CATALOG })
        const run = rewritten ? plan : bound
        if (run === undefined) throw new Error('does not compile')
        const expected = await outcome(run, { tables: wholeSources(tables) })
        const sources = splitSources(tables, split)
        expect(await outcome(run, { tables: sources, batchSize })).toBe(expected)
      },
    ),
    { numRuns: RUNS },
  )
})
