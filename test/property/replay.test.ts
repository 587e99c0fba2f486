import fc from 'fast-check'
import { expect, it } from 'vitest'
import { discoverColumns } from '../../src/engine/discover.ts'
import { executePlan } from '../../src/engine/execution.ts'
import { compileQuery } from '../../src/engine/query.ts'
import { feedsOf, wholeTablesOf } from '../../src/replay/feeds.ts'
import { loadTimelines } from '../../src/replay/load-timelines.ts'
import { RuleRunner, type RunView } from '../../src/replay/replay-rule.ts'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import type { ScalarValue } from '../../src/tables/vector.ts'
import { CATALOG, randomTimedQuery } from './engine-queries.ts'
import { NOW, outcomeOf } from './engine-run.ts'
import {
  type RandomTables,
  randomSplit,
  randomTables,
  type Split,
  splitSources,
  TABLE_SCHEMAS,
  wholeSources,
} from './engine-tables.ts'

/** With a number of minutes, the law is tried for so long: `PROPERTY_MINUTES=5`. */
const minutes = Number(process.env.PROPERTY_MINUTES ?? 0)
const limit =
  minutes > 0
    ? { numRuns: 1e9, interruptAfterTimeLimit: minutes * 60_000 }
    : { numRuns: Number(process.env.PROPERTY_RUNS ?? 200) }
const timeout = minutes * 60_000 + 60_000

const HOUR = 36_000_000_000n
const TIME = (TABLE_SCHEMAS.T ?? []).findIndex(({ name }) => name === 'TimeGenerated')

const times = fc.constantFrom(NOW, NOW - HOUR, NOW + HOUR, NOW + 1n, NOW - HOUR - 1n)
const view: fc.Arbitrary<RunView> = fc.oneof(
  fc.record({
    time: times,
    window: fc.constant({ from: undefined, to: undefined }),
    until: fc.constant(undefined),
  }),
  fc
    .tuple(times, fc.constantFrom(HOUR, 2n * HOUR, 1n))
    .map(([time, period]) => ({ time, window: { from: time - period, to: time }, until: time })),
  fc.tuple(times, fc.constantFrom(HOUR, 1n)).map(([time, frequency]) => ({
    time,
    window: { from: undefined, to: undefined },
    until: time,
    after: time - frequency,
  })),
)

/** The tables with the rows of T in the order of their times, those without one at the end. */
function inTime(tables: RandomTables): RandomTables {
  const timeOf = (row: readonly ScalarValue[]) => (row[TIME] as bigint | null) ?? 1n << 63n
  const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
  const rows = (tables.T ?? []).toSorted((a, b) => compare(timeOf(a), timeOf(b)))
  return { ...tables, T: rows }
}

/** The tables with the rows of T that the run may see. */
function seen(tables: RandomTables, { window: { from, to }, after, until }: RunView): RandomTables {
  const isSeen = (row: readonly ScalarValue[]): boolean => {
    const time = row[TIME] as bigint | null
    if (time === null) return from === undefined && to === undefined && after === undefined
    if (after !== undefined && (time <= after || time > (until as bigint))) return false
    return (from === undefined || time >= from) && (to === undefined || time <= to)
  }
  return { ...tables, T: (tables.T ?? []).filter(isSeen) }
}

/** What each run of the query sees and gives, replayed over timelines that were loaded once. */
async function replayed(
  text: string,
  tables: RandomTables,
  split: Split,
  views: readonly RunView[],
): Promise<string[]> {
  const compiled = compileQuery(text, { catalog: CATALOG })
  const { plan } = compiled
  if (plan === undefined) throw new Error('does not compile')
  const timeOf = (table: string) => (table === 'T' ? 'TimeGenerated' : undefined)
  const fed =
    compiled.late.length === 0 ? feedsOf(plan, 'feed ', timeOf) : wholeTablesOf(compiled, 'feed ')
  const { timelines } = await loadTimelines(fed.feeds, splitSources(tables, split), {
    timeOf,
    arrivalOf: () => undefined,
    delay: 0n,
    report: problem => {
      throw new Error(problem.message)
    },
  })
  const runner = new RuleRunner(fed, timelines, {})
  const outcomes: string[] = []
  for (const each of views) {
    outcomes.push(
      await outcomeOf(async () => {
        const batch = await runner.run(each)
        return { schema: batch.schema, batches: [batch] }
      }),
    )
  }
  return outcomes
}

/** What the query gives at the time of the run over the rows that it may see. */
function runOnce(text: string, tables: RandomTables, view: RunView): Promise<string> {
  const options = { now: view.time, tables: wholeSources(seen(tables, view)) }
  return outcomeOf(async () => {
    const compiled = compileQuery(text, { catalog: CATALOG })
    const { bound, kept } = await discoverColumns(compiled, options)
    if (bound === undefined) throw new Error('does not compile')
    const batches: ColumnBatch[] = []
    for await (const batch of executePlan(bound, { ...options, kept })) batches.push(batch)
    return { schema: bound.schema, batches }
  })
}

it('a run of a replay gives the rows of the query over what is in its window', {
  timeout,
}, async () => {
  const views = fc.array(view, { minLength: 1, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(
      randomTimedQuery,
      randomTables,
      randomSplit,
      views,
      async (text, tables, split, runs) => {
        const sorted = inTime(tables)
        const expected: string[] = []
        for (const each of runs) expected.push(await runOnce(text, sorted, each))
        expect(await replayed(text, sorted, split, runs)).toEqual(expected)
      },
    ),
    limit,
  )
})
