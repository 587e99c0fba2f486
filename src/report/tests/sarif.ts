import type { TestReport, TestResult } from '../../testing/results.ts'
import { DIAGNOSTIC_CODES, type DiagnosticCode } from '../../text/codes.ts'
import type { Diagnostic, Severity } from '../../text/diagnostic.ts'
import { failureMessage } from './failure-text.ts'
import { plainFailure } from './pretty.ts'

const LEVELS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}

/**
 * A report as SARIF 2.1.0, as code scanning reads it: what failed and what is wrong, each at its place.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport({ suites }: TestReport, version: string): string {
  const results = suites.flatMap(({ tests, diagnostics }) => [
    ...tests.filter(({ status }) => status === 'failed').map(failureResult),
    ...diagnostics.map(diagnosticResult),
  ])
  const used = [...new Set(results.map(({ ruleId }) => ruleId))].sort()
  const driver = {
    name: 'kqlab',
    version,
    rules: used.map(id => ({ id, shortDescription: { text: DIAGNOSTIC_CODES[id] } })),
  }
  const run = { tool: { driver }, columnKind: 'utf16CodeUnits', results }
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [run],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

interface SarifResult {
  readonly ruleId: DiagnosticCode
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly unknown[]
}

function failureResult(test: TestResult): SarifResult {
  const { name, place } = test
  const text = [`${name}: ${failureMessage(test)}`, ...plainFailure(test)].join('\n')
  const region = { startLine: place.line, startColumn: place.column }
  return {
    ruleId: 'KQL607',
    level: 'error',
    message: { text },
    locations: [at(place.file, region)],
  }
}

function diagnosticResult({
  code,
  severity,
  message,
  hint,
  span,
  source,
}: Diagnostic): SarifResult {
  const start = source?.positionAt(span.start) ?? { line: 1, column: 1 }
  const end = source?.positionAt(span.end) ?? start
  const region = {
    startLine: start.line,
    startColumn: start.column,
    endLine: end.line,
    endColumn: end.column,
  }
  const text = hint === undefined ? message : `${message} ${hint}`
  const level = LEVELS[severity]
  return { ruleId: code, level, message: { text }, locations: [at(source?.name ?? '', region)] }
}

function at(file: string, region: Readonly<Record<string, number>>): unknown {
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } }
}

/** A relative path as a URI reference. */
function uriOf(file: string): string {
  return file
    .split(/[\\/]/)
    .map(part => (part === '' ? '' : encodeURIComponent(part)))
    .join('/')
}
