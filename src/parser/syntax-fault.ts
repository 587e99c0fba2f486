import type { Diagnostic } from '../text/diagnostic.ts'

/** Ends the reading of an operator or statement; caught where the parser recovers, never outside it. */
export class SyntaxFault extends Error {
  /** Undefined when what is wrong is reported already. */
  readonly diagnostic: Diagnostic | undefined

  constructor(diagnostic: Diagnostic | undefined) {
    super(diagnostic?.message)
    this.diagnostic = diagnostic
  }
}
