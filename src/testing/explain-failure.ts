import { ExecutionError } from '../engine/execution.ts'
import { explainRows } from '../engine/lineage/explain-rows.ts'
import type { RowExplanation } from '../engine/lineage/explanation.ts'
import { Places } from '../engine/lineage/place.ts'
import type { RunRecord } from '../replay/records.ts'
import { ARRIVAL } from '../replay/replay.ts'
import { triggerText } from '../replay/views.ts'
import { diagnosticInFile } from '../rules/rule.ts'
import type { SourceText } from '../text/source-text.ts'
import { leftOutText, type TableRowsNote } from './left-out-text.ts'
import { type Mismatch, partOf } from './mismatch.ts'
import type { PreparedTest } from './prepare-tests.ts'
import type { WhyNot } from './results.ts'
import type { RunSurroundings, TestRun } from './run-test.ts'

/** A test that failed, and its run. */
export interface FailedTest {
  readonly prepared: PreparedTest
  readonly run: TestRun
  readonly mismatches: readonly Mismatch[]
  readonly ruleSource: SourceText
  readonly options: RunSurroundings
}

/** Says why rows that a test expects did not come; nothing where it cannot tell. */
export type ExplainFailure = (failure: FailedTest) => Promise<readonly WhyNot[]>

/** Runs in which rows are followed: with more of them, nothing is told. */
const MOST_RUNS = 20
/** Rows of a table that are followed. */
const MOST_ROWS = 100
/** Rows that the operators of a query may give while rows are followed. */
const MOST_KEPT = 100_000
/** Missing rows that are explained. */
const MOST_MISSING = 5

/**
 * Follows the rows that a test gives through the query, and says of those that come farthest where they
 * are left out. A row that several runs see is told of as the run in which it comes farthest has it.
 * Nothing is told of rules near real time and of tests with a delay, whose runs see rows by their arrival.
 */
export async function explainFailure(failure: FailedTest): Promise<readonly WhyNot[]> {
  const missing = missingOf(failure.mismatches)
  if (missing === undefined) return []
  const threshold = missing.length === 0 ? thresholdText(failure) : undefined
  if (threshold !== undefined) return [{ rows: [], text: threshold }]
  if (!canFollow(failure)) return []
  const followed = await followAll(failure)
  if (followed === undefined) return []
  const byText = new Map<string, number[]>()
  const wanted = missing.length === 0 ? [{ index: undefined, expected: {} }] : missing
  for (const { index, expected } of wanted.slice(0, MOST_MISSING)) {
    const text = leftOutText(followed.rows, expected, followed.notes)
    if (text === undefined) continue
    const rows = byText.get(text) ?? []
    byText.set(text, index === undefined ? rows : [...rows, index])
  }
  return [...byText].map(([text, rows]) => ({ rows, text }))
}

/** Rows that are listed and did not come; none where too few of any kind came. undefined where none lack. */
function missingOf(
  mismatches: readonly Mismatch[],
):
  | readonly { readonly index: number; readonly expected: Readonly<Record<string, unknown>> }[]
  | undefined {
  if (mismatches.some(({ kind }) => kind === 'run')) return undefined
  for (const mismatch of mismatches) {
    if (mismatch.kind !== 'rows') continue
    const { missing } = mismatch.difference
    if (missing.length > 0 && !mismatch.difference.misordered) return missing
  }
  return mismatches.some(isOfTooFew) ? [] : undefined
}

function isOfTooFew(mismatch: Mismatch): boolean {
  if (mismatch.kind === 'alerts' || mismatch.kind === 'incidents') {
    return mismatch.missing.some(({ nearest }) => nearest === undefined)
  }
  if (mismatch.kind !== 'count' || typeof mismatch.got !== 'number') return false
  return typeof mismatch.expected === 'string' || Number(mismatch.expected) > mismatch.got
}

/** What is said where the query gives rows, but no run as many as the rule fires at. */
function thresholdText({ prepared, run: { runs }, mismatches }: FailedTest): string | undefined {
  if (!mismatches.some(each => partOf(each) !== 'rows' && isOfTooFew(each))) return undefined
  if (runs.some(({ status }) => status !== 'quiet')) return undefined
  const most = Math.max(...runs.map(({ rows }) => rows))
  if (most <= 0) return undefined
  const gave = `${most} ${most === 1 ? 'row' : 'rows'}`
  const each = runs.length === 1 ? `The query gives ${gave}` : `No run gives more than ${gave}`
  return `${each}; the rule fires at ${triggerText(prepared.compiled.rule.rule)}.`
}

function canFollow({ prepared: { compiled, test }, run }: FailedTest): boolean {
  return (
    compiled.late === undefined &&
    compiled.rule.rule.kind !== 'NRT' &&
    test.runs?.delay === undefined &&
    run.runs.length > 0 &&
    run.runs.length <= MOST_RUNS
  )
}

interface Followed {
  readonly rows: readonly RowExplanation[]
  readonly notes: readonly TableRowsNote[]
}

/** The rows of all tables, each in the run in which it comes farthest; undefined where a run fails. */
async function followAll(failure: FailedTest): Promise<Followed | undefined> {
  const rows = new Map<string, RowExplanation>()
  const notes: TableRowsNote[] = []
  try {
    for (const table of failure.prepared.compiled.tables.keys()) {
      let count = 0
      for (const run of failure.run.runs) {
        const found = await followIn(failure, run, table)
        count = found.tableRows ?? 0
        if (found.rows.some(({ values }) => values[ARRIVAL] !== undefined)) return undefined
        for (const row of found.rows) {
          const key = JSON.stringify([table, row.row])
          const before = rows.get(key)
          if (before === undefined || comesFarther(row, before)) rows.set(key, row)
        }
      }
      if (count > MOST_ROWS) notes.push({ table, followed: MOST_ROWS, count })
    }
  } catch (error) {
    failure.options.signal?.throwIfAborted()
    if (error instanceof ExecutionError) return undefined
    throw error
  }
  return { rows: [...rows.values()], notes }
}

function followIn(
  { prepared: { compiled }, run: { sources }, ruleSource, options }: FailedTest,
  { time, from }: RunRecord,
  table: string,
): ReturnType<typeof explainRows> {
  const { workspace, rule, asWritten } = compiled
  const { signal, geoip, externalData } = options
  const places = new Places(ruleSource, item => {
    const located = workspace.locate(item)
    return located.source === undefined ? diagnosticInFile(rule.rule.query, located) : located
  })
  return explainRows({
    results: asWritten.results,
    execution: {
      now: time,
      tables: sources,
      kept: asWritten.kept,
      maxRows: MOST_KEPT,
      ...(signal && { signal }),
      ...(geoip && { geoip }),
      ...(externalData && { externalData }),
    },
    places,
    window: {
      to: time,
      ...(from === undefined ? {} : { from }),
      timeless: new Set(workspace.sources.keys()),
    },
    table,
    choice: { rows: Array.from({ length: MOST_ROWS }, (_, index) => index + 1) },
    limit: MOST_ROWS,
  })
}

/** Whether a row came farther in one run than in another: to the result, or through more operators. */
function comesFarther(row: RowExplanation, before: RowExplanation): boolean {
  return reach(row) > reach(before)
}

function reach({ paths: [first] }: RowExplanation): number {
  if (first === undefined) return -2
  if (first.end.kind !== 'dropped') return Number.POSITIVE_INFINITY
  return first.end.reason === 'window' ? -1 : first.stages.length
}
