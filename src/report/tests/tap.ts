import type { TestReport, TestResult } from '../../testing/results.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import { visible } from '../../text/visible.ts'
import { failureMessage } from './failure-text.ts'
import { plainFailure } from './pretty.ts'

/** A report in the Test Anything Protocol, version 14. */
export function tapReport({ suites }: TestReport): string {
  const points = suites.flatMap(({ rule, tests, diagnostics }) => [
    ...tests.map(test => testPoint(rule, test)),
    ...diagnostics.filter(({ severity }) => severity === 'error').map(errorPoint),
  ])
  const lines = points.flatMap(({ ok, name, more }, index) => [
    `${ok ? 'ok' : 'not ok'} ${index + 1} - ${name}`,
    ...more,
  ])
  return `${['TAP version 14', `1..${points.length}`, ...lines].join('\n')}\n`
}

interface TestPoint {
  readonly ok: boolean
  readonly name: string
  readonly more: readonly string[]
}

function testPoint(rule: string, test: TestResult): TestPoint {
  const { status, skip = '', place } = test
  const name = nameText(`${rule}: ${test.name}`)
  if (status === 'skipped') return { ok: true, name: `${name} # SKIP ${nameText(skip)}`, more: [] }
  if (status === 'passed') return { ok: true, name, more: [] }
  const more = yaml({
    message: failureMessage(test),
    severity: 'fail',
    at: `${place.file}:${place.line}:${place.column}`,
    details: plainFailure(test),
  })
  return { ok: false, name, more }
}

function errorPoint({ code, message, source, span }: Diagnostic): TestPoint {
  const { line = 1, column = 1 } = source?.positionAt(span.start) ?? {}
  const at = `${source?.name ?? ''}:${line}:${column}`
  return { ok: false, name: nameText(`${code}: ${message}`), more: yaml({ severity: 'error', at }) }
}

/** A name in one line, in which nothing is a directive. */
function nameText(text: string): string {
  return visible(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}

/** A block of YAML below a test point. JSON text is YAML. */
function yaml(values: Readonly<Record<string, string | readonly string[]>>): string[] {
  const entries = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`  ${name}: ${JSON.stringify(value)}`]
      : [`  ${name}:`, ...value.map(item => `    - ${JSON.stringify(item)}`)],
  )
  return ['  ---', ...entries, '  ...']
}
