import type { Token } from '../lexer/token-type.ts'

/** Thrown where the tokens are none of what the grammar allows. */
export class GrammarFault extends Error {
  override readonly name = 'GrammarFault'
  /** Whether one token was to stand here, or there are several ways to go on and none fits. */
  readonly kind: 'mismatch' | 'nothing fits'
  /** The token that stands here. */
  readonly token: Token
  /** The rule that was being read. */
  readonly rule: string

  constructor(kind: GrammarFault['kind'], message: string, token: Token, rule: string) {
    super(message)
    this.kind = kind
    this.token = token
    this.rule = rule
  }
}
