import type { DiagnosticCode } from '../../text/codes.ts'

/**
 * A constant argument has a value that the function does not take. Thrown while a call is prepared;
 * the engine turns it into a diagnostic at the argument's place.
 */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  readonly code: DiagnosticCode
  /** The argument at fault, by position; undefined when it is the call as a whole. */
  readonly argument: number | undefined
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined

  constructor(code: DiagnosticCode, message: string, argument?: number, hint?: string) {
    super(message)
    this.code = code
    this.argument = argument
    this.hint = hint
  }
}
