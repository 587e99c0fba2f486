import type { SuiteResult, TestReport, TestResult } from './results.ts'

/** The suites with what became of their tests, counted. */
export function reportOf(suites: readonly SuiteResult[]): TestReport {
  const tests = suites.flatMap(suite => suite.tests)
  const count = (status: TestResult['status']) =>
    tests.filter(each => each.status === status).length
  return {
    suites,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    errors: suites
      .flatMap(({ diagnostics }) => diagnostics)
      .filter(({ severity }) => severity === 'error').length,
  }
}
