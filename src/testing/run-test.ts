import type { RunLimits } from '../api/run-limits.ts'
import { ReplayLimitError } from '../replay/kept-rows.ts'
import type { Alert, Finding, Incident, RunRecord } from '../replay/records.ts'
import { Replay, type ReplayTimes } from '../replay/replay.ts'
import type { ResultRows } from '../replay/result-rows.ts'
import type { ExternalResolver } from '../tables/external/external-data.ts'
import type { GeoLookup } from '../tables/geo-lookup.ts'
import { rowsSource } from '../tables/rows-source.ts'
import type { TableSource } from '../tables/source.ts'
import type { ScalarValue } from '../tables/vector.ts'
import type { Column, Schema } from '../types/schema.ts'
import { givenSource, joinedSources } from './given-source.ts'
import type { PreparedTest } from './prepare-tests.ts'
import { timeAt } from './test-time.ts'

/** What the runs of a test gave. */
export interface TestRun {
  readonly runs: readonly RunRecord[]
  /** The columns of the rows. */
  readonly schema: Schema
  /** The rows of all runs, one run after the other. */
  readonly rows: readonly (readonly ScalarValue[])[]
  readonly alerts: readonly Alert[]
  readonly incidents: readonly Incident[]
  readonly findings: readonly Finding[]
  /** What could not be read of the data. */
  readonly problems: readonly string[]
  /** The tables that the rule read, as the test gave them. */
  readonly sources: ReadonlyMap<string, TableSource>
}

/** What runs are given beside the data. */
export interface RunSurroundings {
  readonly signal?: AbortSignal
  readonly geoip?: GeoLookup | 'none'
  readonly externalData?: ExternalResolver
  /** What a run may keep in memory, and where the rest goes. */
  readonly limits?: RunLimits
}

/** Runs the rule of a test over its data; where it has too many runs, gives why. */
export async function runWithinLimits(
  test: PreparedTest,
  around: RunSurroundings,
): Promise<TestRun | ReplayLimitError> {
  try {
    return await runTest(test, around)
  } catch (error) {
    if (error instanceof ReplayLimitError) return error
    throw error
  }
}

/** Runs the rule of a test over the test's data: once at its `now`, or on the rule's schedule. */
async function runTest(test: PreparedTest, around: RunSurroundings): Promise<TestRun> {
  const { compiled } = test
  const { rule, plan, late, fed } = compiled
  const sources = sourcesOf(test)
  const results: ResultRows[] = []
  const problems: string[] = []
  const replay = await Replay.load({
    ...around,
    rules: [{ rule, plan, late, fed }],
    sources,
    ...(test.test.runs?.delay === undefined ? {} : { delay: test.test.runs.delay }),
    onProblem: ({ message }) => problems.push(message),
    onRun: (_, result) => results.push(result),
  })
  const { rules, alerts, incidents, findings } = await replay.run(timesOf(test))
  return {
    runs: rules[0]?.runs ?? [],
    ...rowsOfAll(results, plan.schema),
    alerts,
    incidents,
    findings,
    problems,
    sources,
  }
}

/**
 * The rows of all runs. Where only the data tell the columns, those of the runs may differ: the rows have
 * the columns of all runs that gave any, which are null, or empty, in rows of a run that lacks them.
 */
function rowsOfAll(
  results: readonly ResultRows[],
  known: Schema,
): { readonly schema: Schema; readonly rows: readonly (readonly ScalarValue[])[] } {
  const giving = results.filter(({ count }) => count > 0)
  const schema: Column[] = []
  const placesIn = giving.map(({ schema: own }) =>
    own.map(({ name, type }) => {
      const at = schema.findIndex(column => column.name === name && column.type === type)
      return at < 0 ? schema.push({ name, type }) - 1 : at
    }),
  )
  const rows = giving.flatMap((result, index) =>
    Array.from({ length: result.count }, (_, row) => {
      const all = schema.map(({ type }): ScalarValue => (type === 'string' ? '' : null))
      result.values(row).forEach((value, at) => {
        all[placesIn[index]?.[at] as number] = value
      })
      return all
    }),
  )
  return { schema: giving.length > 0 ? schema : (results.at(-1)?.schema ?? known), rows }
}

/** The tables that the rule reads; those that the test gives nothing of are empty. */
export function sourcesOf({ compiled, data, now }: PreparedTest): Map<string, TableSource> {
  const sources = new Map<string, TableSource>(compiled.workspace.sources)
  for (const table of compiled.tables.keys()) {
    const schema = compiled.schemaOf(table)
    const given = data.get(table)
    if (given === undefined) sources.set(table, rowsSource(table, [], schema))
    else {
      const own = givenSource(given.rows, schema, now)
      const parts = given.rows.length > 0 ? [...given.files, own] : given.files
      sources.set(table, parts.length === 0 ? own : joinedSources(schema, parts))
    }
  }
  return sources
}

/**
 * When the rule runs. A rule near real time sees what arrived in the minute before a run: without a
 * schedule of its own, a test of one has all its runs up to `now`.
 */
function timesOf({ test, now, compiled }: PreparedTest): ReplayTimes {
  const { runs } = test
  if (runs === undefined) {
    const isNearRealTime = compiled.rule.rule.kind === 'NRT'
    return { ...(isNearRealTime ? {} : { from: now }), to: now, anchor: now }
  }
  const { from, to, anchor } = runs
  return {
    ...(from === undefined ? {} : { from: timeAt(from, now) }),
    ...(to === undefined ? {} : { to: timeAt(to, now) }),
    ...(anchor === undefined ? {} : { anchor: timeAt(anchor, now) }),
  }
}
