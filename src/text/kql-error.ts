import type { Diagnostic } from './diagnostic.ts'

/** Thrown by the public API for what a user can put right; `diagnostics` say what and where. */
export class KqlError extends Error {
  override readonly name = 'KqlError'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error')
    const [first] = errors
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
    super(first === undefined ? 'The query failed.' : `${first.code}: ${first.message}${more}`)
    this.diagnostics = diagnostics
  }
}
