import type { SuiteResult, TestReport } from '../../testing/results.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'

/** A report as JSON: what the library gives, with places of diagnostics as line and column. */
export function jsonReport({ suites, ...counts }: TestReport): string {
  const plain = (_: string, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) return String(item)
    if (typeof item !== 'bigint') return item
    const number = Number(item)
    return Number.isSafeInteger(number) ? number : String(item)
  }
  return `${JSON.stringify({ ...counts, suites: suites.map(suiteData) }, plain, 2)}\n`
}

function suiteData(suite: SuiteResult): unknown {
  return { ...suite, diagnostics: suite.diagnostics.map(diagnosticData) }
}

function diagnosticData({ code, severity, message, hint, span, source }: Diagnostic): unknown {
  const place = source === undefined ? {} : { file: source.name, ...source.positionAt(span.start) }
  return { code, severity, message, ...(hint === undefined ? {} : { hint }), ...place }
}
