import type { SuiteResult, TestReport, TestResult } from '../../testing/results.ts'
import { visible } from '../../text/visible.ts'
import { type FailureLine, failureLines } from './failure-text.ts'

const COLORS = { passed: 32, failed: 31, skipped: 33, head: 1, expected: 32, got: 31, plain: 0 }
const SIGNS = { passed: '✓', failed: '✗', skipped: '-' } as const
const MARKS = { head: '', expected: '- ', got: '+ ', plain: '' } as const

/** How a report is printed. */
export interface PrettyOptions {
  readonly color: boolean
  /** How long all of it took, in milliseconds. */
  readonly milliseconds?: number
}

type Paint = (tone: keyof typeof COLORS, text: string) => string

/** A report for people: a line for each rule, and all there is to say of tests that failed. */
export function prettyReport(report: TestReport, { color, milliseconds }: PrettyOptions): string {
  const paint: Paint = (tone, text) =>
    color && COLORS[tone] > 0 ? `\u001b[${COLORS[tone]}m${text}\u001b[0m` : text
  const lines = report.suites.flatMap(suite => suiteLines(suite, paint))
  const { passed, failed, skipped, suites } = report
  const counts = [
    paint('passed', `${passed} passed`),
    ...(failed > 0 ? [paint('failed', `${failed} failed`)] : []),
    ...(skipped > 0 ? [paint('skipped', `${skipped} skipped`)] : []),
  ].join(', ')
  const rules = `${suites.length} ${suites.length === 1 ? 'rule' : 'rules'}`
  const time = milliseconds === undefined ? '' : ` in ${milliseconds.toFixed(0)} ms`
  return `${[...lines, `${counts}; ${rules}${time}.`].join('\n')}\n`
}

function suiteLines({ rule, testFile, tests, diagnostics }: SuiteResult, paint: Paint): string[] {
  const isBroken = diagnostics.some(({ severity }) => severity === 'error')
  const isFailed = isBroken || tests.some(({ status }) => status === 'failed')
  const tone = isFailed ? 'failed' : 'passed'
  const count = isBroken ? 'not run' : `${tests.length} ${tests.length === 1 ? 'test' : 'tests'}`
  return [
    `${paint(tone, SIGNS[tone])} ${visible(rule)} (${count})  ${visible(testFile)}`,
    ...tests.flatMap(test => testLines(test, paint)),
  ]
}

function testLines(test: TestResult, paint: Paint): string[] {
  const { status, name, skip, place } = test
  if (status === 'passed') return []
  const title = `  ${paint(status, SIGNS[status])} ${visible(name)}`
  if (status === 'skipped') return [skip === undefined ? title : `${title}: ${visible(skip)}`]
  const at = `${visible(place.file)}:${place.line}:${place.column}`
  return [`${title}  ${at}`, ...failureLines(test).map(line => `    ${lineText(line, paint)}`)]
}

function lineText({ kind, depth, text }: FailureLine, paint: Paint): string {
  return `${'  '.repeat(depth)}${paint(kind, `${MARKS[kind]}${visible(text)}`)}`
}

/** The lines of a failure without colours, for other reports. */
export function plainFailure(test: TestResult): string[] {
  return failureLines(test).map(line => lineText(line, (_, text) => text))
}
