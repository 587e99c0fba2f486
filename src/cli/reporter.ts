import type { Diagnostic, Severity } from '../text/diagnostic.ts'
import { renderDiagnostic } from '../text/render.ts'
import { SourceText } from '../text/source-text.ts'
import type { Span } from '../text/span.ts'
import { visible } from './formats/table.ts'
import type { Progress } from './progress.ts'
import type { Output } from './terminal.ts'

export const DIAGNOSTIC_FORMATS = ['text', 'json'] as const

/** How diagnostics are printed: for people, or a JSON object a line. */
export type DiagnosticFormat = (typeof DIAGNOSTIC_FORMATS)[number]

/** A diagnostic about a file as a whole, or about a line of it that is not shown. */
export interface FileDiagnostic {
  readonly code: Diagnostic['code']
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly file?: string
  readonly line?: number
}

const COLORS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36 }

/** Prints diagnostics as they come, and counts them. */
export class Reporter {
  readonly #err: Output
  readonly #format: DiagnosticFormat
  readonly #progress: Progress
  readonly #counts = { error: 0, warning: 0, info: 0 }

  constructor(err: Output, format: DiagnosticFormat, progress: Progress) {
    this.#err = err
    this.#format = format
    this.#progress = progress
  }

  get errors(): number {
    return this.#counts.error
  }

  get warnings(): number {
    return this.#counts.warning
  }

  /** A diagnostic with its place in a text. */
  async inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    this.#counts[diagnostic.severity]++
    this.#progress.clear()
    if (this.#format === 'json') {
      await this.#err.write(`${JSON.stringify(diagnosticData(source, diagnostic))}\n`)
      return
    }
    const shown = {
      ...diagnostic,
      message: visible(diagnostic.message),
      ...(diagnostic.hint === undefined ? {} : { hint: visible(diagnostic.hint) }),
    }
    const named = new SourceText(source.text, visible(source.name))
    await this.#err.write(`${renderDiagnostic(named, shown, { color: this.#err.color })}\n\n`)
  }

  /** A diagnostic about a file. */
  async inFile(diagnostic: FileDiagnostic): Promise<void> {
    const { code, severity, message, hint, file, line } = diagnostic
    this.#counts[severity]++
    this.#progress.clear()
    if (this.#format === 'json') {
      const data = { file, line, severity, code, message, hint }
      await this.#err.write(`${JSON.stringify(data)}\n`)
      return
    }
    const label = `${severity}[${code}]`
    const head = this.#err.color ? `\u001b[1;${COLORS[severity]}m${label}\u001b[0m` : label
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `
    const advice = hint === undefined ? '' : `\n  = hint: ${visible(hint)}`
    await this.#err.write(`${head}: ${visible(place + message)}${advice}\n\n`)
  }
}

/** A diagnostic as data: line and column count from 1, the end is exclusive. */
export interface DiagnosticData {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly span: Span
  readonly related?: readonly {
    readonly message: string
    readonly line: number
    readonly column: number
  }[]
}

/** The diagnostic with its place in the text as data. */
export function diagnosticData(source: SourceText, diagnostic: Diagnostic): DiagnosticData {
  const { severity, code, message, span, hint, related } = diagnostic
  const start = source.positionAt(span.start)
  const end = source.positionAt(span.end)
  return {
    file: source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    severity,
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    span,
    ...(related === undefined
      ? {}
      : {
          related: related.map(place => ({
            message: place.message,
            ...source.positionAt(place.span.start),
          })),
        }),
  }
}
