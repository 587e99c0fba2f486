import fc from 'fast-check'
import { expect } from 'vitest'
import { NodeRun } from '../../src/engine/lineage/node-run.ts'
import { TableRows } from '../../src/engine/lineage/table-rows.ts'
import { Tracer } from '../../src/engine/lineage/trace.ts'
import { compileQuery } from '../../src/engine/query.ts'
import { TECHNIQUES } from '../../src/tables/source.ts'
import { CATALOG, randomQuery } from './engine-queries.ts'
import { NOW, outcome, outcomeOf } from './engine-run.ts'
import { randomSplit, randomTables, splitSources, wholeSources } from './engine-tables.ts'

/** The rewritten plan gives the rows of the bound one, in their order. */
export const rewrittenAgrees = fc.asyncProperty(randomQuery, randomTables, async (text, tables) => {
  const { bound, plan } = compileQuery(text, { catalog: CATALOG })
  if (bound === undefined || plan === undefined) throw new Error('does not compile')
  const expected = await outcome(bound, { tables: wholeSources(tables), without: TECHNIQUES })
  expect(await outcome(plan, { tables: wholeSources(tables) })).toBe(expected)
})

/** Any size of batches and any split of the tables gives the same rows. */
export const splitsAgree = fc.asyncProperty(
  randomQuery,
  randomTables,
  randomSplit,
  fc.constantFrom(1, 2, 3, 7, 1000),
  fc.boolean(),
  async (text, tables, split, batchSize, rewritten) => {
    const { bound, plan } = compileQuery(text, { catalog: CATALOG })
    const run = rewritten ? plan : bound
    if (run === undefined) throw new Error('does not compile')
    const expected = await outcome(run, { tables: wholeSources(tables), without: TECHNIQUES })
    const sources = splitSources(tables, split)
    expect(await outcome(run, { tables: sources, batchSize })).toBe(expected)
  },
)

/** An operator that reads no further than it must, and so does not meet every fault. */
const STOPS = /\| (take|limit|sample|top) /

/**
 * A plan that is run node by node, as it is to follow rows, gives the same rows. It runs all of each node:
 * a fault that a run stops short of is its own.
 */
export const tracedAgrees = fc.asyncProperty(randomQuery, randomTables, async (text, tables) => {
  const { bound } = compileQuery(text, { catalog: CATALOG })
  if (bound === undefined) throw new Error('does not compile')
  const expected = await outcome(bound, { tables: wholeSources(tables) })
  const run = new NodeRun({ now: NOW, tables: wholeSources(tables) })
  const traced = await outcomeOf(async () => {
    const { rows } = await new Tracer(run, new TableRows()).trace(bound)
    return { schema: bound.schema, batches: [rows] }
  })
  const isFault = (text: string): boolean => /^K(S|QL)\d+: /.test(text)
  if (STOPS.test(text) && isFault(traced) && !isFault(expected)) return
  expect(traced).toBe(expected)
})
