import { type PrepareOptions, prepare, type QueryOptions, query, ticksOf } from '../api/prepare.ts'
import { Workspace } from '../api/workspace.ts'
import { ResultTable, resultValue, scalarRowsOf } from '../engine/result.ts'
import { plainFailure } from '../report/tests/pretty.ts'
import { loadRule } from '../rules/load-rule.ts'
import { Catalog } from '../tables/catalog.ts'
import { rowMismatches } from '../testing/check-run.ts'
import { CompiledRule } from '../testing/compiled-rule.ts'
import { expectedRows } from '../testing/expected-rows.ts'
import { runRuleTests } from '../testing/library.ts'
import { loadTests } from '../testing/load-tests.ts'
import type { TestResult } from '../testing/results.ts'
import { RelativeTime } from '../testing/typed-value.ts'
import { type Diagnostic, DiagnosticBag, hasErrors } from '../text/diagnostic.ts'
import { InternalError } from '../text/internal-error.ts'
import { KqlError } from '../text/kql-error.ts'
import { SourceText } from '../text/source-text.ts'
import { faultText, withFaults } from './faults.ts'
import {
  type AlertValues,
  checkCase,
  checkListed,
  expectationText,
  type RowComparison,
  type RowValues,
  type RuleCase,
  type RuleText,
  testsText,
} from './rule-case.ts'

export type { AlertValues, RowComparison, RowValues, RuleCase, RuleText } from './rule-case.ts'

/** What `expect.extend` of Vitest and Jest takes a matcher to give. */
export interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
}

/** The matchers as methods of what `expect` gives; `R` is what those give that do not wait. */
export interface RuleMatchers<R = void> {
  /**
   * A rule, as `{ rule: text }`, raises alerts: one at least, so many, or just those that are listed.
   * `not` is for one that raises none. A run that fails is a failure either way.
   */
  toAlert(given: RuleCase, alerts?: number | readonly AlertValues[]): Promise<void>
  /**
   * A query, a result, or a rule as `{ rule: text }` gives so many rows, or those that are listed, in
   * any order. Of a query the options are those of `query`, of a rule what it is given.
   */
  toReturnRows(
    rows: number | readonly RowValues[],
    options?: (QueryOptions | RuleCase) & RowComparison,
  ): Promise<void>
  /** A query, or a rule as `{ rule: text }`, compiles. */
  toBind(options?: PrepareOptions): R
}

/** Matchers for rules and queries: `expect.extend(matchers)`. */
export const matchers = { toAlert, toReturnRows, toBind }

async function toAlert(
  received: RuleText,
  given: RuleCase,
  alerts?: number | readonly AlertValues[],
): Promise<MatcherResult> {
  if (!isRule(received)) throw new TypeError('toAlert is for a rule: { rule: text of its file }.')
  checkListed('toAlert', alerts)
  const result = await resultOf(
    received,
    given,
    'toAlert',
    alerts === undefined ? 'alerts' : { alerts },
  )
  const got = (result.outcome?.alerts ?? []).map(({ title, run }) => `  ${title} (run at ${run})`)
  return {
    pass: result.status === 'passed',
    message: () =>
      result.status === 'passed'
        ? ['Expected no such alerts, got:', ...got].join('\n')
        : plainFailure(result).join('\n'),
  }
}

async function toReturnRows(
  received: string | ResultTable | RuleText,
  rows: number | readonly RowValues[],
  options: (QueryOptions | RuleCase) & RowComparison = {},
): Promise<MatcherResult> {
  const { others, exact, ordered, ...rest } = options
  const expect = { rows, others, exact, ordered }
  checkListed('toReturnRows', rows)
  const result = isRule(received)
    ? await resultOf(received, caseOf(rest), 'toReturnRows', expect)
    : await comparedRows(received, expect, options)
  return {
    pass: result.status === 'passed',
    message: () =>
      result.status === 'passed'
        ? `Expected other rows than these ${result.outcome?.rows.length ?? 0}.`
        : plainFailure(result).join('\n'),
  }
}

function toBind(received: string | RuleText, options: PrepareOptions = {}): MatcherResult {
  const what = isRule(received) ? 'rule' : 'query'
  const faults = isRule(received) ? ruleFaults(received, options) : queryFaults(received, options)
  return {
    pass: faults === '',
    message: () => (faults === '' ? `Expected the ${what} to have errors.` : faults),
  }
}

function isRule(received: unknown): received is RuleText {
  return (
    typeof received === 'object' &&
    received !== null &&
    'rule' in received &&
    typeof received.rule === 'string'
  )
}

function caseOf(options: QueryOptions | RuleCase): RuleCase {
  if ('tables' in options) {
    throw new TypeError('A rule is given rows as `given`, not as `tables`.')
  }
  return options as RuleCase
}

/** A test of the rule. A run that failed is no proof of anything: it is thrown. */
async function resultOf(
  { rule, ruleFile = 'rule' }: RuleText,
  given: RuleCase,
  name: string,
  expect: unknown,
): Promise<TestResult> {
  checkCase(name, given)
  const { catalog, workspace, externalData, geoip, signal } = given
  const tests = testsText(name, given, expect)
  const { suites } = await withFaults(rule, ruleFile, () =>
    runRuleTests({
      suites: [{ rule, ruleFile, tests, testFile: `what ${name} was given` }],
      ...(catalog && { catalog }),
      ...(workspace && { workspace }),
      ...(externalData && { externalData }),
      ...(geoip && { geoip }),
      ...(signal && { signal }),
    }),
  )
  const result = suites[0]?.tests[0]
  if (result === undefined) throw new InternalError('a test without a result')
  const failed = result.mismatches.find(({ kind }) => kind === 'run')
  if (failed !== undefined) throw new Error(`The run failed: ${failed.message}`)
  return result
}

/** The rows of a query, or of a result, beside those expected. */
async function comparedRows(
  received: string | ResultTable,
  expect: { readonly rows: number | readonly RowValues[] } & {
    [Key in keyof RowComparison]: boolean | undefined
  },
  options: (QueryOptions | RuleCase) & RowComparison,
): Promise<TestResult> {
  if (typeof received !== 'string' && !(received instanceof ResultTable)) {
    throw new TypeError('toReturnRows is for a query, its result, or { rule: text of its file }.')
  }
  if ('given' in options) throw new TypeError('A query is given rows as `tables`, not as `given`.')
  const result =
    typeof received === 'string'
      ? await withFaults(received, 'query', () => query(received, options as QueryOptions))
      : received
  const source = new SourceText(expectationText('toReturnRows', expect), 'the expected rows')
  const bag = new DiagnosticBag()
  const { file, diagnostics } = loadTests(source)
  const expectation = file?.tests[0]?.expect
  if (expectation === undefined) throw new Error(faultText(diagnostics, source.text, source.name))
  const schema = result.columns
  const expected = expectedRows(expectation, schema, bag)
  if (hasErrors(bag.items)) throw new Error(faultText(bag.items, source.text, source.name))
  const isRelative = expected?.some(({ cells }) =>
    cells.some(({ value }) => value instanceof RelativeTime),
  )
  const { now } = options
  if (now === undefined && isRelative) {
    throw new Error('An expected time counts from now: give `now`.')
  }
  const rows = scalarRowsOf(result)
  const at = now === undefined ? 0n : ticksOf(now)
  const mismatches = rowMismatches(expectation, expected, { rows, schema }, at)
  return {
    name: 'toReturnRows',
    place: { file: source.name, line: 1, column: 1 },
    status: mismatches.length === 0 ? 'passed' : 'failed',
    expectsNothing: false,
    milliseconds: 0,
    outcome: {
      runs: 1,
      fired: 0,
      columns: schema,
      rows: rows.map(row =>
        row.map((value, at) => resultValue(schema[at]?.type ?? 'dynamic', value)),
      ),
      alerts: [],
      incidents: [],
      findings: [],
    },
    mismatches,
  }
}

function queryFaults(text: string, options: PrepareOptions): string {
  if (typeof text !== 'string') {
    throw new TypeError('toBind is for a query, or { rule: text of its file }.')
  }
  try {
    prepare(text, options)
    return ''
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    return faultText(error.diagnostics, text, 'query')
  }
}

function ruleFaults({ rule: text, ruleFile = 'rule' }: RuleText, options: PrepareOptions): string {
  const { rule, diagnostics } = loadRule(text)
  const { catalog = Catalog.builtin(), workspace = new Workspace() } = options
  const found: Diagnostic[] = [...diagnostics]
  if (rule !== undefined)
    found.push(...CompiledRule.compile(rule, { catalog, workspace }).diagnostics)
  return faultText(found, text, ruleFile)
}
