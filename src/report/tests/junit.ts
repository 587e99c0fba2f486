import type { SuiteResult, TestReport, TestResult } from '../../testing/results.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import { failureMessage } from './failure-text.ts'
import { plainFailure } from './pretty.ts'
import { attributeText, elementText } from './xml-text.ts'

/**
 * A report as JUnit's XML, as Jenkins, GitLab and Azure Pipelines read it: a suite for each rule. A file
 * with errors is a case of its own, with an error. It has nothing that the schema of Jenkins does not.
 */
export function junitReport(report: TestReport): string {
  const { suites, failed } = report
  const errors = suites.reduce((sum, suite) => sum + errorsOf(suite).length, 0)
  const tests = suites.reduce((sum, suite) => sum + suite.tests.length, 0) + errors
  const time = suites.reduce((sum, suite) => sum + timeOf(suite), 0)
  const counts = attributes({ tests, failures: failed, errors, time: seconds(time) })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="kqlab" ${counts}>`,
    ...suites.flatMap(suiteLines),
    '</testsuites>\n',
  ].join('\n')
}

function suiteLines(suite: SuiteResult): string[] {
  const { rule, testFile, tests } = suite
  const errors = errorsOf(suite)
  const counts = attributes({
    name: rule,
    file: testFile,
    tests: tests.length + errors.length,
    failures: tests.filter(({ status }) => status === 'failed').length,
    errors: errors.length,
    skipped: tests.filter(({ status }) => status === 'skipped').length,
    time: seconds(timeOf(suite)),
  })
  return [
    `  <testsuite ${counts}>`,
    ...tests.flatMap(test => caseLines(rule, test)),
    ...errors.map(error => errorLine(suite, error)),
    '  </testsuite>',
  ]
}

function caseLines(rule: string, test: TestResult): string[] {
  const { name, place, status, milliseconds, skip = '' } = test
  const { file, line } = place
  const head = `    <testcase ${attributes({ classname: rule, name, time: seconds(milliseconds) })}`
  if (status === 'passed') return [`${head}/>`]
  const inside =
    status === 'skipped'
      ? `      <skipped ${attributes({ message: skip })}/>`
      : `      <failure ${attributes({ message: failureMessage(test), type: 'expectation' })}>${elementText([`${file}:${line}`, ...plainFailure(test)].join('\n'))}</failure>`
  return [`${head}>`, inside, '    </testcase>']
}

function errorLine(
  { rule, testFile }: SuiteResult,
  { code, message, span, source }: Diagnostic,
): string {
  const line = source?.positionAt(span.start).line ?? 1
  const file = source?.name ?? testFile
  const head = attributes({ classname: rule, name: `${file}:${line}`, time: '0' })
  return `    <testcase ${head}><error ${attributes({ message, type: code })}/></testcase>`
}

function errorsOf({ diagnostics }: SuiteResult): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error')
}

function timeOf({ tests }: SuiteResult): number {
  return tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6)
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${attributeText(String(value))}"`)
    .join(' ')
}
