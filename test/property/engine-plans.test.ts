import fc from 'fast-check'
import { it } from 'vitest'
import { rewrittenAgrees, splitsAgree, tracedAgrees } from './engine-laws.ts'

/** With a number of minutes, each law is tried for so long: `PROPERTY_MINUTES=5`. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0
    ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 }
    : { numRuns: Number(process.env.PROPERTY_RUNS ?? 400) }
const timeout = minutes * 60_000 + 60_000

it('the rewritten plan gives the rows of the bound one, in their order', { timeout }, async () => {
  await fc.assert(rewrittenAgrees, limit)
})

it('any size of batches and any split of the tables gives the same rows', { timeout }, async () => {
  await fc.assert(splitsAgree, limit)
})

it('a plan that is run node by node gives the same rows', { timeout }, async () => {
  await fc.assert(tracedAgrees, limit)
})
