import { ExecutionError } from '../../engine/execution.ts'
import { resultValue } from '../../engine/result.ts'
import { ReplayLimitError } from '../../replay/kept-rows.ts'
import { valueAt } from '../../tables/vector.ts'
import { type Diagnostic, hasErrors } from '../../text/diagnostic.ts'
import { RunsAsWritten } from '../as-written.ts'
import { type PreparedTest, prepareTests } from '../prepare-tests.ts'
import type { FilePlace } from '../results.ts'
import { placeOf, type SuiteOptions, type TestSuite } from '../run-suite.ts'
import { runWithinLimits } from '../run-test.ts'
import { type Probe, type ProbeKind, type ProbePlan, probesOf } from './probes.ts'

/** Something in a rule's query that goes one way or another, and how often it went each way. */
export interface CoverageItem {
  readonly kind: ProbeKind
  /** Where it stands in the rule's file. */
  readonly place: FilePlace
  /** As it stands in the query. */
  readonly text: string
  /** For each outcome the rows of all tests that had it. */
  readonly outcomes: readonly { readonly name: string; readonly rows: number }[]
}

/** What the tests of a rule make happen in its query. */
export interface CoverageResult {
  readonly rule: string
  readonly ruleFile: string
  /** In the order of the query. */
  readonly items: readonly CoverageItem[]
  readonly diagnostics: readonly Diagnostic[]
}

/** How much of something is covered. */
export interface Share {
  readonly covered: number
  readonly total: number
}

/** The outcomes that at least one row had, of all. */
export function shareOf(items: readonly CoverageItem[]): Share {
  const outcomes = items.flatMap(item => item.outcomes)
  return { covered: outcomes.filter(({ rows }) => rows > 0).length, total: outcomes.length }
}

/** What the tests of rules make happen in them; a rule with several files of tests is there once. */
export async function coverRules(
  suites: readonly TestSuite[],
  options: SuiteOptions = {},
): Promise<CoverageResult[]> {
  const results: CoverageResult[] = []
  for (const own of Map.groupBy(
    suites,
    ({ ruleSource, rule }) => `${ruleSource.name}\n${rule.name}`,
  ).values()) {
    const covered: CoverageResult[] = []
    for (const suite of own) covered.push(await coverRule(suite, options))
    const [first] = covered
    if (first !== undefined) results.push({ ...first, items: together(covered) })
  }
  return results
}

/** The items of several runs over one rule, with the rows of all. */
function together(results: readonly CoverageResult[]): CoverageItem[] {
  const [first, ...rest] = results.filter(({ items }) => items.length > 0)
  return (first?.items ?? []).map((item, at) => ({
    ...item,
    outcomes: item.outcomes.map(({ name, rows }, outcome) => ({
      name,
      rows: rest.reduce((sum, { items }) => sum + (items[at]?.outcomes[outcome]?.rows ?? 0), rows),
    })),
  }))
}

/** Runs the tests of a rule and counts what happens in its query. */
export async function coverRule(
  suite: TestSuite,
  options: SuiteOptions = {},
): Promise<CoverageResult> {
  const { rule, ruleSource, file } = suite
  const head = { rule: rule.name, ruleFile: ruleSource.name }
  const prepared = await prepareTests(rule, file, options)
  const found = [
    ...prepared.diagnostics.map(each => ({ ...each, source: each.source ?? file.source })),
    ...prepared.ruleDiagnostics.map(each => ({ ...each, source: each.source ?? ruleSource })),
  ].filter(({ severity }) => severity === 'error')
  const bound = prepared.compiled?.asWritten.bound
  if (hasErrors(found) || bound === undefined) return { ...head, items: [], diagnostics: found }
  const counts = new Counts()
  for (const { columns } of probesOf(bound)) for (const { probe } of columns) counts.know(probe)
  for (const test of prepared.tests) {
    options.signal?.throwIfAborted()
    if (test.test.skip === undefined) await countTest(test, counts, options)
  }
  const items = counts.items().map(({ probe, rows }): CoverageItem => {
    const { kind, span, outcomes } = probe
    return {
      kind,
      place: placeOf(ruleSource, rule.query.toFile(span)),
      text: rule.query.text.slice(span.start, span.end),
      outcomes: outcomes.map(name => ({ name, rows: rows.get(name) ?? 0 })),
    }
  })
  return { ...head, items, diagnostics: [] }
}

async function countTest(test: PreparedTest, counts: Counts, options: SuiteOptions): Promise<void> {
  const { bound } = test.compiled.asWritten
  if (bound === undefined || test.compiled.late !== undefined) return
  const run = await runWithinLimits(test, options)
  // The test fails with that.
  if (run instanceof ReplayLimitError) return
  const asWritten = await RunsAsWritten.load(test, run, options)
  for (const probe of probesOf(bound)) {
    try {
      await countProbe(probe, asWritten, counts)
    } catch (error) {
      // A part of the query that fails on some rows: what it would have said is not known.
      if (!(error instanceof ExecutionError)) throw error
    }
  }
}

async function countProbe(
  { plan, columns }: ProbePlan,
  asWritten: RunsAsWritten,
  counts: Counts,
): Promise<void> {
  for await (const batch of asWritten.rowsOf(plan)) {
    for (const row of batch.rows) {
      for (const [at, { probe, outcomeOf }] of columns.entries()) {
        const vector = batch.columns[at]
        if (vector === undefined) continue
        const outcome = outcomeOf(resultValue(vector.type, valueAt(vector, row)))
        if (outcome !== undefined) counts.add(probe, outcome)
      }
    }
  }
}

/** Rows by probe and outcome; a probe is the same where it has the same place and kind. */
class Counts {
  readonly #counts = new Map<
    string,
    { readonly probe: Probe; readonly rows: Map<string, number> }
  >()

  know(probe: Probe): Map<string, number> {
    const { kind, span } = probe
    const key = `${kind} ${span.start} ${span.end}`
    const entry = this.#counts.get(key) ?? { probe, rows: new Map<string, number>() }
    this.#counts.set(key, entry)
    return entry.rows
  }

  add(probe: Probe, outcome: string): void {
    const rows = this.know(probe)
    rows.set(outcome, (rows.get(outcome) ?? 0) + 1)
  }

  items(): { readonly probe: Probe; readonly rows: ReadonlyMap<string, number> }[] {
    return [...this.#counts.values()].sort(
      (a, b) => a.probe.span.start - b.probe.span.start || a.probe.span.end - b.probe.span.end,
    )
  }
}
