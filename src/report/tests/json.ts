import type { SuiteResult, TestReport } from '../../testing/results.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import { plainJson } from '../../text/plain-json.ts'

/** A report as JSON: what the library gives, with places of diagnostics as line and column. */
export function jsonReport({ suites, ...counts }: TestReport): string {
  return `${plainJson({ ...counts, suites: suites.map(suiteData) }, 2)}\n`
}

function suiteData(suite: SuiteResult): unknown {
  return { ...suite, diagnostics: suite.diagnostics.map(diagnosticData) }
}

function diagnosticData({ code, severity, message, hint, span, source }: Diagnostic): unknown {
  const place = source === undefined ? {} : { file: source.name, ...source.positionAt(span.start) }
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), ...place }
}
