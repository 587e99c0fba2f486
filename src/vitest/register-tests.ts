import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { externalResolver } from '../api/external-input.ts'
import { openedGeoip } from '../api/prepare.ts'
import { faultText } from '../matchers/faults.ts'
import type { RulePlaceOptions } from '../matchers/rule-case.ts'
import { plainFailure } from '../report/tests/pretty.ts'
import { loadRule } from '../rules/load-rule.ts'
import { loadRuleTests, loadTests } from '../testing/load-tests.ts'
import type { RuleTest } from '../testing/model.ts'
import type { TestResult } from '../testing/results.ts'
import { runSuite, type TestSuite } from '../testing/run-suite.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import { SourceText } from '../text/source-text.ts'
import { pathOf, type RuleFile, readRule } from './read-rule.ts'

/** What `ruleTester` takes. */
export interface RuleTesterOptions extends Omit<RulePlaceOptions, 'signal'> {
  /** The rule's file. */
  readonly rule: RuleFile
  /**
   * The file of its tests; where missing, NAME.tests.yaml beside the rule, else the field `tests` of the
   * rule.
   */
  readonly tests?: RuleFile
}

/** What of a test framework is used. */
export interface TestFramework {
  readonly describe: (name: string, register: () => void) => unknown
  readonly it: (name: string, run: (context: TestContext) => Promise<void>) => unknown
}

/** What a framework hands to a test. */
export interface TestContext {
  readonly skip: (note?: string) => unknown
  readonly signal?: AbortSignal
}

/**
 * Registers a test for each test of a rule.
 * @throws Error where a file cannot be read or has errors.
 */
export function registerTests({ describe, it }: TestFramework, options: RuleTesterOptions): void {
  const suite = loadSuite(options)
  describe(suite.rule.name, () => {
    for (const test of suite.file.tests) {
      it(test.name, async ({ skip, signal }) => {
        if (test.skip !== undefined) skip(test.skip)
        else await runOne(suite, test, options, signal)
      })
    }
  })
}

function loadSuite({ rule: file, tests }: RuleTesterOptions): TestSuite {
  const { rule: text, ruleFile = '' } = readRule(file)
  const ruleSource = new SourceText(text, ruleFile)
  const { rule, diagnostics } = loadRule(text)
  failOn(diagnostics, ruleSource)
  const testPath = tests === undefined ? testsBeside(ruleFile) : pathOf(tests)
  const source =
    testPath === undefined ? ruleSource : new SourceText(readFileSync(testPath, 'utf8'), testPath)
  const resolvePath = (path: string) => (isAbsolute(path) ? path : join(dirname(source.name), path))
  const loaded =
    testPath === undefined ? loadRuleTests(source, resolvePath) : loadTests(source, resolvePath)
  failOn(loaded.diagnostics, source)
  if (rule === undefined || loaded.file === undefined) {
    throw new Error(`${ruleFile} has no tests: give \`tests\`.`)
  }
  return { rule, ruleSource, file: loaded.file }
}

function testsBeside(rulePath: string): string | undefined {
  const base = rulePath.replace(/\.[^./\\]+$/, '')
  return ['.tests.yaml', '.tests.yml'].map(ending => base + ending).find(existsSync)
}

async function runOne(
  suite: TestSuite,
  test: RuleTest,
  { catalog, workspace, externalData, geoip }: RuleTesterOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const lookup = await openedGeoip(geoip)
  const { tests, diagnostics } = await runSuite(suite, {
    ...(catalog && { catalog }),
    ...(workspace && { workspace }),
    ...(externalData && { externalData: externalResolver(externalData) }),
    ...(lookup && { geoip: lookup }),
    ...(signal && { signal }),
    wants: each => each === test,
  })
  failOn(diagnostics, suite.file.source)
  const [result] = tests
  if (result?.status === 'failed') throw failureOf(result)
}

/** The failure of a test, as if the place of the test in its file had thrown it. */
function failureOf(result: TestResult): Error {
  const { file, line, column } = result.place
  const error = new Error(plainFailure(result).join('\n'))
  const url = pathToFileURL(resolve(file)).href
  error.stack = `Error: ${error.message}\n    at ${url}:${line}:${column}`
  return error
}

function failOn(diagnostics: readonly Diagnostic[], source: SourceText): void {
  if (hasErrors(diagnostics)) throw new Error(faultText(diagnostics, source.text, source.name))
}
