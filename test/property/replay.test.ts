import fc from 'fast-check'
import { expect, it } from 'vitest'
import { discoverColumns } from '../../src/engine/discover.ts'
import { ExecutionError, executePlan } from '../../src/engine/execution.ts'
import { compileQuery } from '../../src/engine/query.ts'
import { type FedPlan, feedsOf, wholeTablesOf } from '../../src/replay/feeds.ts'
import { loadTimelines } from '../../src/replay/load-timelines.ts'
import { RuleRunner, type RunView } from '../../src/replay/replay-rule.ts'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import type { ScalarValue } from '../../src/tables/vector.ts'
import { CATALOG, randomLateQuery, randomTimedQuery, textOfLate } from './engine-queries.ts'
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
    : { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) }
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

const query = fc.oneof(
  { weight: 5, arbitrary: randomTimedQuery },
  { weight: 1, arbitrary: randomLateQuery.map(late => textOfLate(late)) },
)

interface Runs {
  readonly views: readonly RunView[]
  /** Ticks after its time at which a row arrives. */
  readonly delay: bigint
  /** Whether rows are said to be seen by several runs. */
  readonly overlaps: boolean
}

const randomRuns: fc.Arbitrary<Runs> = fc.record({
  views: fc.array(view, { minLength: 1, maxLength: 4 }),
  delay: fc.constantFrom(0n, 0n, 1n, HOUR),
  overlaps: fc.boolean(),
})

/** The tables with the rows of T in the order of their times, those without one at the end. */
function inTime(tables: RandomTables): RandomTables {
  const timeOf = (row: readonly ScalarValue[]) => (row[TIME] as bigint | null) ?? 1n << 63n
  const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
  const rows = (tables.T ?? []).toSorted((a, b) => compare(timeOf(a), timeOf(b)))
  return { ...tables, T: rows }
}

/** The tables with the rows of T that the run may see. */
function seen(tables: RandomTables, view: RunView, delay: bigint): RandomTables {
  const {
    window: { from, to },
    after,
    until,
  } = view
  const isSeen = (row: readonly ScalarValue[]): boolean => {
    const time = row[TIME] as bigint | null
    if (time === null) return from === undefined && to === undefined && after === undefined
    const arrival = time + delay
    if (after !== undefined && arrival <= after) return false
    if (until !== undefined && arrival > until) return false
    return (from === undefined || time >= from) && (to === undefined || time <= to)
  }
  return { ...tables, T: (tables.T ?? []).filter(isSeen) }
}

const timeOf = (table: string) => (table === 'T' ? 'TimeGenerated' : undefined)

function fed(text: string, prefix: string, overlaps: boolean): FedPlan {
  const compiled = compileQuery(text, { catalog: CATALOG })
  const { plan, late } = compiled
  if (plan === undefined) throw new Error('does not compile')
  return late.length === 0
    ? feedsOf(plan, prefix, timeOf, overlaps)
    : wholeTablesOf(compiled, prefix)
}

/** What each run of the queries sees and gives, replayed over timelines that were loaded once. */
async function replayed(
  texts: readonly string[],
  tables: RandomTables,
  split: Split,
  { views, delay, overlaps }: Runs,
): Promise<string[]> {
  const plans = texts.map((text, index) => fed(text, `rule ${index} feed `, overlaps))
  const feeds = plans.flatMap(plan => plan.feeds)
  const { timelines } = await loadTimelines(feeds, splitSources(tables, split), {
    timeOf,
    arrivalOf: () => undefined,
    delay,
    report: problem => {
      throw new Error(problem.message)
    },
  })
  const outcomes: string[] = []
  for (const plan of plans) {
    const runner = new RuleRunner(plan, timelines, {})
    for (const each of views) {
      const outcome = await outcomeOf(async () => {
        const batch = await runner.run(each)
        return { schema: batch.schema, batches: [batch] }
      })
      outcomes.push(outcome)
    }
  }
  return outcomes
}

/** What the query gives at the time of the run over the rows that it may see. */
function runOnce(text: string, own: RandomTables, now: bigint): Promise<string> {
  const options = { now, tables: wholeSources(own) }
  return outcomeOf(async () => {
    const compiled = compileQuery(text, { catalog: CATALOG })
    const { bound, kept, diagnostics } = await discoverColumns(compiled, options)
    const error = diagnostics.find(({ severity }) => severity === 'error')
    if (error !== undefined) throw new ExecutionError(error)
    if (bound === undefined) throw new Error('does not compile')
    const batches: ColumnBatch[] = []
    for await (const batch of executePlan(bound, { ...options, kept })) batches.push(batch)
    return { schema: bound.schema, batches }
  })
}

it('a run of a replay gives the rows of the query over what is in its window', {
  timeout,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(query, { minLength: 1, maxLength: 2 }),
      randomTables,
      randomSplit,
      randomRuns,
      async (texts, tables, split, runs) => {
        const sorted = inTime(tables)
        const expected: string[] = []
        for (const text of texts) {
          for (const each of runs.views) {
            expected.push(await runOnce(text, seen(sorted, each, runs.delay), each.time))
          }
        }
        expect(await replayed(texts, sorted, split, runs)).toEqual(expected)
      },
    ),
    limit,
  )
})
