import { stringify } from 'yaml'
import { type ExternalData, externalResolver } from '../api/external-input.ts'
import { openedGeoip, type RunOptions } from '../api/prepare.ts'
import type { Workspace } from '../api/workspace.ts'
import { loadRule } from '../rules/load-rule.ts'
import type { Catalog } from '../tables/catalog.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import { KqlError } from '../text/kql-error.ts'
import { SourceText } from '../text/source-text.ts'
import { explainFailure } from './explain-failure.ts'
import { loadRuleTests, loadTests } from './load-tests.ts'
import { reportOf } from './report-counts.ts'
import type { SuiteResult, TestReport, TestResult } from './results.ts'
import { runSuite } from './run-suite.ts'

/** A rule with its tests. */
export interface RuleTestsInput {
  /** The text of the rule's file. */
  readonly rule: string
  /**
   * The text of the file of its tests, or what such a file has as an object; the field `tests` of the
   * rule where missing.
   */
  readonly tests?: string | object
  /** Names of the files, for results and diagnostics. */
  readonly ruleFile?: string
  readonly testFile?: string
}

/** What {@link runRuleTests} takes. */
export interface RuleTestsOptions {
  readonly suites: readonly RuleTestsInput[]
  /** The tables that rules may name; the built-in ones where missing. */
  readonly catalog?: Catalog
  /** Saved functions and watchlists, opened with `openWorkspace`; stubs of tests stand in their place. */
  readonly workspace?: Workspace
  /** Only tests whose name has the text, in any case. */
  readonly filter?: string
  /** Whether to stop after the first test that failed. */
  readonly bail?: boolean
  /** Makes paths in files of tests those that are opened. */
  readonly resolvePath?: (path: string) => string
  /** The data that `externaldata` reads, by address: nothing is ever fetched. */
  readonly externalData?: ExternalData
  readonly signal?: AbortSignal
  /** Where IP addresses are, as for a query. */
  readonly geoip?: RunOptions['geoip']
}

/**
 * Runs tests of rules. A test that does not hold is a result, no exception.
 * @throws KqlError where a rule or a file of tests has errors.
 */
export async function runRuleTests(options: RuleTestsOptions): Promise<TestReport> {
  const { suites, filter, resolvePath = (path: string) => path } = options
  const geoip = await openedGeoip(options.geoip)
  const results: SuiteResult[] = []
  for (const { rule: ruleText, tests, ruleFile = 'rule', testFile = 'tests' } of suites) {
    const ruleSource = new SourceText(ruleText, ruleFile)
    const { rule, diagnostics: ofRule } = loadRule(ruleText)
    const text = typeof tests === 'object' ? textOf(tests) : tests
    const testSource = text === undefined ? ruleSource : new SourceText(text, testFile)
    const { file, diagnostics } =
      text === undefined
        ? loadRuleTests(testSource, resolvePath)
        : loadTests(testSource, resolvePath)
    failOn(ofRule, ruleSource)
    failOn(diagnostics, testSource)
    if (rule === undefined || file === undefined) {
      throw new KqlError([{ ...NO_TESTS, source: testSource }])
    }
    const result = await runSuite(
      { rule, ruleSource, file },
      {
        ...(options.catalog === undefined ? {} : { catalog: options.catalog }),
        ...(options.workspace === undefined ? {} : { workspace: options.workspace }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(options.bail === undefined ? {} : { bail: options.bail }),
        ...(geoip === undefined ? {} : { geoip }),
        ...(options.externalData === undefined
          ? {}
          : { externalData: externalResolver(options.externalData) }),
        explain: explainFailure,
        wants: ({ name }) =>
          filter === undefined || name.toLowerCase().includes(filter.toLowerCase()),
      },
    )
    failOn(result.diagnostics, ruleSource)
    results.push(result)
    if (options.bail === true && result.tests.some(({ status }) => status === 'failed')) break
  }
  return reportOf(results)
}

/**
 * Runs the tests of one rule, and gives their results.
 * @throws KqlError where the rule or the tests have errors.
 */
export async function testRule(
  rule: string,
  tests: string | object,
  options: Omit<RuleTestsOptions, 'suites'> = {},
): Promise<readonly TestResult[]> {
  const { suites } = await runRuleTests({ ...options, suites: [{ rule, tests }] })
  return suites.flatMap(suite => suite.tests)
}

/** The text of a file of tests: YAML, which has longs of any size and NaN. */
function textOf(tests: object): string {
  return stringify(tests, { lineWidth: 0, aliasDuplicateObjects: false })
}

const NO_TESTS: Diagnostic = {
  code: 'KQL601',
  severity: 'error',
  message: 'The rule has no tests.',
  span: { start: 0, end: 0 },
}

function failOn(diagnostics: readonly Diagnostic[], source: SourceText): void {
  if (!hasErrors(diagnostics)) return
  throw new KqlError(diagnostics.map(each => ({ ...each, source: each.source ?? source })))
}
