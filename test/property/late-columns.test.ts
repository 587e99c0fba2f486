import fc from 'fast-check'
import { expect, it } from 'vitest'
import { discoverColumns } from '../../src/engine/discover.ts'
import { type ExecutionOptions, executePlan } from '../../src/engine/execution.ts'
import { compileQuery } from '../../src/engine/query.ts'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import { CATALOG, randomLateQuery, textOfLate } from './engine-queries.ts'
import { NOW, outcomeOf } from './engine-run.ts'
import { randomSplit, randomTables, splitSources, wholeSources } from './engine-tables.ts'

/** With a number of minutes, each law is tried for so long: `PROPERTY_MINUTES=5`. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0
    ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 }
    : { numRuns: Number(process.env.PROPERTY_RUNS ?? 200) }
const timeout = minutes * 60_000 + 60_000

type Options = Omit<ExecutionOptions, 'now'>

/** The query with its columns, or the errors that it turned out to have. */
async function settled(text: string, options: Options) {
  const compiled = compileQuery(text, { catalog: CATALOG })
  return discoverColumns(compiled, { now: NOW, ...options })
}

/** The rows, or the errors of the query or its run. */
async function outcome(text: string, options: Options, rewritten: boolean): Promise<string> {
  let errors: string | undefined
  const result = await outcomeOf(async () => {
    const { bound, plan, kept, diagnostics } = await settled(text, options)
    const chosen = rewritten ? plan : bound
    if (chosen === undefined) {
      errors = diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n')
      return { schema: [], batches: [] }
    }
    const batches: ColumnBatch[] = []
    const running = { now: NOW, ...options, kept }
    for await (const batch of executePlan(chosen, running)) batches.push(batch)
    return { schema: chosen.schema, batches }
  })
  return errors ?? result
}

it('late columns are the same for any size of batches and any split of the tables', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      randomLateQuery,
      randomTables,
      randomSplit,
      fc.constantFrom(1, 2, 3, 7, 1000),
      fc.boolean(),
      async (late, tables, split, batchSize, rewritten) => {
        const text = textOfLate(late)
        const expected = await outcome(text, { tables: wholeSources(tables) }, false)
        const options = { tables: splitSources(tables, split), batchSize }
        expect(await outcome(text, options, rewritten)).toBe(expected)
      },
    ),
    limit,
  )
})

it('a query with late columns gives the rows of the one that spells them out', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(randomLateQuery, randomTables, async (late, tables) => {
      // There, a declared column is that of a slot, whether or not the bags have it.
      fc.pre(!late.call.includes('replace_source'))
      const options = { tables: wholeSources(tables) }
      const { bound } = await settled(textOfLate({ ...late, after: '' }), options).catch(() => {
        return { bound: undefined }
      })
      fc.pre(bound !== undefined)
      const columns = bound.schema.map(({ name, type }) => `['${name}']: ${type}`)
      const spelled = textOfLate(late, `: (${columns.join(', ')})`)
      const expected = await outcome(spelled, options, true)
      expect(await outcome(textOfLate(late), options, true)).toBe(expected)
    }),
    limit,
  )
})
