import type { TestReport, TestResult } from '../../testing/results.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import { type LocatedFinding, sarifLog } from '../sarif.ts'
import { failureMessage } from './failure-text.ts'
import { plainFailure } from './pretty.ts'

/** A report as SARIF 2.1.0: what failed and what is wrong, each at its place. */
export function sarifReport({ suites }: TestReport, version: string): string {
  const findings = suites.flatMap(({ tests, diagnostics }) => [
    ...tests.filter(({ status }) => status === 'failed').map(failureFinding),
    ...diagnostics.map(diagnosticFinding),
  ])
  return `${JSON.stringify(sarifLog(findings, version), undefined, 2)}\n`
}

function failureFinding(test: TestResult): LocatedFinding {
  const { name, place } = test
  const message = [`${name}: ${failureMessage(test)}`, ...plainFailure(test)].join('\n')
  return { ...place, code: 'KQL607', severity: 'error', message }
}

function diagnosticFinding({ span, source, ...diagnostic }: Diagnostic): LocatedFinding {
  const { code, severity, message, hint } = diagnostic
  const start = source?.positionAt(span.start)
  const end = source?.positionAt(span.end)
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(source === undefined ? {} : { file: source.name, ...start }),
    ...(end === undefined ? {} : { endLine: end.line, endColumn: end.column }),
  }
}
