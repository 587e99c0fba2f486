import type { Diagnostic, Severity } from '../text/diagnostic.ts'
import { renderDiagnostic } from '../text/render.ts'
import { SourceText } from '../text/source-text.ts'
import type { TextFormat } from './choices.ts'
import { visible } from './formats/table.ts'
import type { Output } from './terminal.ts'

/** A diagnostic about a file as a whole, or about a line of it that is not shown. */
export interface FileDiagnostic {
  readonly code: Diagnostic['code']
  readonly severity: Severity
  readonly message: string
  readonly hint?: string
  readonly file?: string
  readonly line?: number
}

/** Prints diagnostics in one form. */
export interface DiagnosticPrinter {
  inSource(source: SourceText, diagnostic: Diagnostic): Promise<void>
  inFile(diagnostic: FileDiagnostic): Promise<void>
}

/** The printer of a format: for people, or a JSON object a line. */
export function diagnosticPrinter(format: TextFormat, output: Output): DiagnosticPrinter {
  if (format === 'text') return new TextPrinter(output)
  return new DataPrinter(data => output.write(`${JSON.stringify(data)}\n`))
}

/** Hands diagnostics to a printer, and counts them. */
export class Reporter {
  readonly #printer: DiagnosticPrinter
  readonly #before: () => void
  readonly #counts = { error: 0, warning: 0, info: 0 }
  readonly #ignored = new Set<string>()
  readonly #muted = new Set<SourceText>()

  /** `before` is called before anything is printed. */
  constructor(printer: DiagnosticPrinter, before: () => void) {
    this.#printer = printer
    this.#before = before
  }

  get errors(): number {
    return this.#counts.error
  }

  get warnings(): number {
    return this.#counts.warning
  }

  /** From now on warnings and notes with the codes are left out; errors are not. */
  ignore(codes: Iterable<string>): void {
    for (const code of codes) this.#ignored.add(code)
  }

  /** From now on warnings and notes in the texts are left out; errors are not. */
  mute(texts: Iterable<SourceText>): void {
    for (const text of texts) this.#muted.add(text)
  }

  #isIgnored({ code, severity }: { readonly code: string; readonly severity: Severity }): boolean {
    return severity !== 'error' && this.#ignored.has(code)
  }

  /** A diagnostic with its place in a text, unless it names another text itself. */
  inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    const text = diagnostic.source ?? source
    const isMuted = diagnostic.severity !== 'error' && this.#muted.has(text)
    if (isMuted || this.#isIgnored(diagnostic)) return Promise.resolve()
    this.#counts[diagnostic.severity]++
    this.#before()
    return this.#printer.inSource(text, diagnostic)
  }

  /** A diagnostic about a file. */
  inFile(diagnostic: FileDiagnostic): Promise<void> {
    if (this.#isIgnored(diagnostic)) return Promise.resolve()
    this.#counts[diagnostic.severity]++
    this.#before()
    return this.#printer.inFile(diagnostic)
  }
}

const COLORS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36 }

class TextPrinter implements DiagnosticPrinter {
  readonly #output: Output

  constructor(output: Output) {
    this.#output = output
  }

  async inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    const { message, hint } = diagnostic
    const shown = {
      ...diagnostic,
      message: visible(message),
      ...(hint === undefined ? {} : { hint: visible(hint) }),
    }
    const named = new SourceText(source.text, visible(source.name))
    const text = renderDiagnostic(named, shown, { color: this.#output.color })
    await this.#output.write(`${text}\n\n`)
  }

  async inFile(diagnostic: FileDiagnostic): Promise<void> {
    const { code, severity, message, hint, file, line } = diagnostic
    const label = `${severity}[${code}]`
    const head = this.#output.color ? `\u001b[1;${COLORS[severity]}m${label}\u001b[0m` : label
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `
    const advice = hint === undefined ? '' : `\n  = hint: ${visible(hint)}`
    await this.#output.write(`${head}: ${visible(place + message)}${advice}\n\n`)
  }
}

/** A diagnostic as data: line and column count from 1, the end is exclusive. */
export interface DiagnosticData {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  readonly endLine?: number
  readonly endColumn?: number
  readonly severity: Severity
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly related?: readonly RelatedData[]
}

interface RelatedData {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** Hands each diagnostic on as data. */
export class DataPrinter implements DiagnosticPrinter {
  readonly #take: (data: DiagnosticData) => Promise<void>

  constructor(take: (data: DiagnosticData) => Promise<void>) {
    this.#take = take
  }

  inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    const { severity, code, message, span, hint, related } = diagnostic
    const start = source.positionAt(span.start)
    const end = source.positionAt(span.end)
    return this.#take({
      file: source.name,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(related === undefined
        ? {}
        : {
            related: related.map(place => ({
              ...source.positionAt(place.span.start),
              message: place.message,
            })),
          }),
    })
  }

  inFile({ file, line, severity, code, message, hint }: FileDiagnostic): Promise<void> {
    return this.#take({
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}

/** Hands diagnostics to several printers. */
export class TeePrinter implements DiagnosticPrinter {
  readonly #printers: readonly DiagnosticPrinter[]

  constructor(...printers: readonly DiagnosticPrinter[]) {
    this.#printers = printers
  }

  async inSource(source: SourceText, diagnostic: Diagnostic): Promise<void> {
    for (const printer of this.#printers) await printer.inSource(source, diagnostic)
  }

  async inFile(diagnostic: FileDiagnostic): Promise<void> {
    for (const printer of this.#printers) await printer.inFile(diagnostic)
  }
}
