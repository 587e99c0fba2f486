import type { DiagnosticCode } from './codes.ts'
import type { SourceText } from './source-text.ts'
import type { Span } from './span.ts'

/** How much a diagnostic weighs: an `error` stops the query, the others do not. */
export type Severity = 'error' | 'warning' | 'info'

/** A place that helps to understand a diagnostic, such as the declaration it conflicts with. */
export interface RelatedPlace {
  readonly message: string
  readonly span: Span
}

/** A user's mistake, or a warning about one, with its place. Collected, never thrown. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  /** The text that all its places are in, where that is not the query: the file of a saved function. */
  readonly source?: SourceText
  readonly related?: readonly RelatedPlace[]
  /** What to do about it, in one sentence. */
  readonly hint?: string
}

/** Whether any of the diagnostics is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(diagnostic => diagnostic.severity === 'error')
}

/** A sink that the parser and the binder report into. */
export class DiagnosticBag {
  readonly #items: Diagnostic[] = []

  get items(): readonly Diagnostic[] {
    return this.#items
  }

  add(diagnostic: Diagnostic): void {
    this.#items.push(diagnostic)
  }

  /** How many there are now: see {@link since} and {@link reset}. */
  mark(): number {
    return this.#items.length
  }

  /** What was added since the mark. */
  since(mark: number): readonly Diagnostic[] {
    return this.#items.slice(mark)
  }

  /** Takes back what was added since the mark. */
  reset(mark: number): void {
    this.#items.length = mark
  }

  error(code: DiagnosticCode, message: string, span: Span, hint?: string): void {
    this.add({ code, severity: 'error', message, span, ...(hint === undefined ? {} : { hint }) })
  }

  warning(code: DiagnosticCode, message: string, span: Span, hint?: string): void {
    this.add({ code, severity: 'warning', message, span, ...(hint === undefined ? {} : { hint }) })
  }
}
