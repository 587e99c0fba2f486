import type { TestReport, TestResult } from '../../testing/results.ts'
import type { Diagnostic, Severity } from '../../text/diagnostic.ts'
import { failureMessage } from './failure-text.ts'
import { plainFailure } from './pretty.ts'

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
}

/** A report as annotations of GitHub Actions: workflow commands, a line each. */
export function githubReport({ suites, passed, failed, skipped }: TestReport): string {
  const lines = suites.flatMap(({ tests, diagnostics }) => [
    ...tests.filter(({ status }) => status === 'failed').map(failureCommand),
    ...diagnostics.map(diagnosticCommand),
  ])
  const counts = `${passed} passed, ${failed} failed, ${skipped} skipped`
  return `${[...lines, counts].join('\n')}\n`
}

function failureCommand(test: TestResult): string {
  const { name, place } = test
  const text = [failureMessage(test), ...plainFailure(test)].join('\n')
  return command('error', { ...place, title: name }, text)
}

function diagnosticCommand({ code, severity, message, hint, span, source }: Diagnostic): string {
  const { line, column } = source?.positionAt(span.start) ?? { line: 1, column: 1 }
  const text = hint === undefined ? message : `${message}\n${hint}`
  return command(COMMANDS[severity], { file: source?.name ?? '', line, column, title: code }, text)
}

interface Properties {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly title: string
}

function command(name: string, { file, line, column, title }: Properties, text: string): string {
  const properties = Object.entries({ file, line, col: column, title })
    .map(([key, value]) => `${key}=${escaped(String(value)).replace(/[:,]/g, percent)}`)
    .join(',')
  return `::${name} ${properties}::${escaped(text)}`
}

/** What would end the line, or begin an escape, as the runner reads it back. */
function escaped(text: string): string {
  return text.replace(/[%\r\n]/g, percent)
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}
