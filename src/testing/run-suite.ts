import { resultValue } from '../engine/result.ts'
import { ReplayLimitError } from '../replay/kept-rows.ts'
import type { Alert, Incident } from '../replay/records.ts'
import type { Rule } from '../rules/rule.ts'
import { type Diagnostic, DiagnosticBag, hasErrors } from '../text/diagnostic.ts'
import type { SourceText } from '../text/source-text.ts'
import type { Span } from '../text/span.ts'
import { formatDatetime } from '../types/datetime.ts'
import { checkRun } from './check-run.ts'
import type { ExplainFailure } from './explain-failure.ts'
import { funnelOf } from './funnel.ts'
import { expectsNothing, type RuleTest, type TestFile } from './model.ts'
import { type PreparedTest, prepareTests, type TestPlace } from './prepare-tests.ts'
import type {
  FilePlace,
  GotAlert,
  GotIncident,
  SuiteResult,
  TestOutcome,
  TestResult,
} from './results.ts'
import { type RunSurroundings, runWithinLimits, type TestRun } from './run-test.ts'

/** A rule with the file of its tests. */
export interface TestSuite {
  readonly rule: Rule
  readonly ruleSource: SourceText
  readonly file: TestFile
}

/** How tests are run. */
export interface SuiteOptions extends TestPlace, RunSurroundings {
  /** Which tests are run; all where missing. */
  readonly wants?: (test: RuleTest, suite: TestSuite) => boolean
  /** Whether to stop after the first test that failed. */
  readonly bail?: boolean
  /** Milliseconds, for how long tests took: the library reads no clock. */
  readonly clock?: () => number
  /** Says of a test that failed why rows did not come. */
  readonly explain?: ExplainFailure
  /** Called after each test. */
  readonly onTest?: (result: TestResult) => void
}

/** Runs the tests of a rule: the rule is compiled once. */
export async function runSuite(suite: TestSuite, options: SuiteOptions = {}): Promise<SuiteResult> {
  const { rule, ruleSource, file } = suite
  const wanted = file.tests.filter(test => options.wants?.(test, suite) ?? true)
  const prepared = await prepareTests(rule, file, options, wanted)
  const bag = new DiagnosticBag()
  const tests: TestResult[] = []
  const isSound = !hasErrors(prepared.diagnostics) && !hasErrors(prepared.ruleDiagnostics)
  const byTest = new Map(prepared.tests.map(each => [each.test, each]))
  for (const test of isSound ? wanted : []) {
    options.signal?.throwIfAborted()
    const own = byTest.get(test)
    const result =
      own === undefined || test.skip !== undefined
        ? skipped(test, file.source)
        : await resultOf(own, suite, options, bag)
    tests.push(result)
    options.onTest?.(result)
    if (options.bail === true && result.status === 'failed') break
  }
  const inTests = [...prepared.diagnostics, ...bag.items]
  return {
    rule: rule.name,
    ruleFile: ruleSource.name,
    testFile: file.source.name,
    // Of a query whose columns only its data tell, a run shows that an expectation is at fault.
    tests: hasErrors(bag.items) ? [] : tests,
    diagnostics: [
      // Warnings of rules are for `kqlab check`.
      ...prepared.ruleDiagnostics
        .filter(({ severity }) => severity === 'error')
        .map(each => inSource(each, ruleSource)),
      ...inTests.map(each => inSource(each, file.source)),
    ],
  }
}

function inSource(diagnostic: Diagnostic, source: SourceText): Diagnostic {
  return diagnostic.source === undefined ? { ...diagnostic, source } : diagnostic
}

/** Where a span of a file begins. */
export function placeOf(source: SourceText, { start }: Span): FilePlace {
  return { file: source.name, ...source.positionAt(start) }
}

function skipped(test: RuleTest, source: SourceText): TestResult {
  return {
    name: test.name,
    place: placeOf(source, test.span),
    status: 'skipped',
    ...(test.skip === undefined ? {} : { skip: test.skip }),
    expectsNothing: expectsNothing(test.expect),
    milliseconds: 0,
    outcome: undefined,
    mismatches: [],
  }
}

async function resultOf(
  prepared: PreparedTest,
  { ruleSource, file: { source } }: TestSuite,
  options: SuiteOptions,
  bag: DiagnosticBag,
): Promise<TestResult> {
  const { test } = prepared
  const start = options.clock?.() ?? 0
  const run = await runWithinLimits(prepared, options)
  if (run instanceof ReplayLimitError) return notRun(test, source, run.fault.message)
  const mismatches = checkRun(prepared, run, bag)
  for (const message of run.problems.slice(0, 1)) {
    bag.warning('KQL202', message, test.span)
  }
  const common = {
    name: test.name,
    place: placeOf(source, test.span),
    expectsNothing: expectsNothing(test.expect),
    outcome: outcomeOf(run),
    mismatches,
  }
  const milliseconds = () => (options.clock?.() ?? 0) - start
  if (mismatches.length === 0) {
    return { ...common, status: 'passed', milliseconds: milliseconds() }
  }
  const funnel = await funnelOf(prepared, run, options)
  const why = (await options.explain?.({ prepared, run, mismatches, ruleSource, options })) ?? []
  return {
    ...common,
    status: 'failed',
    milliseconds: milliseconds(),
    ...(funnel === undefined ? {} : { funnel }),
    ...(why.length === 0 ? {} : { why }),
  }
}

function notRun(test: RuleTest, source: SourceText, message: string): TestResult {
  return {
    ...skipped(test, source),
    status: 'failed',
    mismatches: [{ kind: 'run', part: 'run', message, expected: 'a run', got: message }],
  }
}

function outcomeOf(run: TestRun): TestOutcome {
  const { runs, schema, rows, alerts, incidents, findings } = run
  return {
    runs: runs.length,
    fired: runs.filter(({ status }) => status === 'fired').length,
    columns: schema.map(({ name, type }) => ({ name, type })),
    rows: rows.map(row =>
      row.map((value, at) => resultValue(schema[at]?.type ?? 'dynamic', value)),
    ),
    alerts: alerts.map(gotAlert),
    incidents: incidents.map(gotIncident),
    findings,
  }
}

function gotAlert(alert: Alert): GotAlert {
  const { name, description, severity, tactics, techniques, entities, customDetails } = alert
  return {
    title: name,
    description,
    severity,
    tactics,
    techniques,
    entities,
    customDetails,
    rows: alert.rows.length,
    run: formatDatetime(alert.runTime),
  }
}

function gotIncident({ title, severity, alertIds }: Incident): GotIncident {
  return { title, severity, alerts: alertIds.length }
}
