import type { SuiteResult, TestReport, TestResult } from '../../testing/results.ts'
import { visible } from '../../text/visible.ts'
import { failureMessage } from './failure-text.ts'
import { plainFailure } from './pretty.ts'

/** A report in GitHub's Markdown, as a job summary or a comment on a pull request. */
export function markdownReport(report: TestReport): string {
  const { suites, passed, failed, skipped } = report
  const failures = suites.flatMap(({ rule, tests }) =>
    tests.filter(({ status }) => status === 'failed').map(test => failureSection(rule, test)),
  )
  const errors = suites.flatMap(errorLines)
  return `${[
    `## Rule tests: ${passed} passed, ${failed} failed, ${skipped} skipped`,
    '',
    '| Rule | Passed | Failed | Skipped |',
    '|---|---:|---:|---:|',
    ...suites.map(suiteRow),
    ...(errors.length === 0 ? [] : ['', '### Not run', '', ...errors]),
    ...failures.flatMap(section => ['', ...section]),
  ].join('\n')}\n`
}

function suiteRow({ rule, tests }: SuiteResult): string {
  const count = (status: TestResult['status']) =>
    tests.filter(each => each.status === status).length
  return `| ${inline(rule)} | ${count('passed')} | ${count('failed')} | ${count('skipped')} |`
}

function errorLines({ diagnostics }: SuiteResult): string[] {
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, source, span }) => {
      const line = source?.positionAt(span.start).line ?? 1
      return `- ${inline(`${source?.name ?? ''}:${line}`)}: ${code} ${inline(message)}`
    })
}

function failureSection(rule: string, test: TestResult): string[] {
  const { name, place } = test
  const lines = plainFailure(test)
  const fence = '`'.repeat(Math.max(3, 1 + longestRun(lines.join('\n'))))
  return [
    `### ${inline(name)}`,
    '',
    `${inline(rule)}, ${inline(`${place.file}:${place.line}`)}: ${inline(failureMessage(test))}`,
    '',
    `${fence}diff`,
    ...lines.map(diffLine),
    fence,
  ]
}

/** The sign of a changed line stands at its beginning, where colours of a diff look for it. */
function diffLine(line: string): string {
  const match = /^(\s*)([-+]) (.*)$/.exec(line)
  return match === null ? ` ${line}` : `${match[2]}${match[1]} ${match[3]}`
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
}

/** Text in a line, in which nothing is Markdown or HTML. */
function inline(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~@-]/g, '\\$&')
}
