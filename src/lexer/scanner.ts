import { InternalError } from '../text/internal-error.ts'
import type { Token, TokenType } from './token-type.ts'

/** Characters with a list of their own of the types that may start with them. */
const LISTED = 128

/** Cuts texts into tokens: at each place the first type that matches, in the order of the types. */
export class Scanner {
  readonly #candidates: (readonly Candidate[])[] = []
  readonly #others: readonly Candidate[]

  constructor(types: readonly TokenType[]) {
    const candidates = types.map(candidateOf)
    for (let code = 0; code < LISTED; code++) {
      this.#candidates.push(candidates.filter(({ type }) => mayStart(type, code)))
    }
    this.#others = candidates.filter(({ type }) => mayStartOther(type))
  }

  /** The tokens of the text in order, white space and comments among them. One type has to match anything. */
  scan(text: string): Token[] {
    const tokens: Token[] = []
    for (let at = 0; at < text.length; ) {
      const token = this.#tokenAt(text, at)
      tokens.push(token)
      at = token.endOffset + 1
    }
    return tokens
  }

  #tokenAt(text: string, at: number): Token {
    for (const { type, symbol, regex } of this.#candidates[text.charCodeAt(at)] ?? this.#others) {
      if (symbol !== undefined) {
        if (text.startsWith(symbol, at)) return tokenOf(symbol, at, type)
        continue
      }
      regex.lastIndex = at
      const image = regex.exec(text)?.[0]
      if (image) return tokenOf(image, at, type)
    }
    throw new InternalError(`no token at ${at}`)
  }
}

interface Candidate {
  readonly type: TokenType
  /** The text that is matched, where it is always the same. */
  readonly symbol: string | undefined
  /** What else is matched; nothing where there is a symbol. */
  readonly regex: RegExp
}

const NOTHING = /(?!)/y

function candidateOf(type: TokenType): Candidate {
  const { pattern } = type
  if (pattern instanceof RegExp) {
    return { type, symbol: undefined, regex: new RegExp(pattern.source, 'y') }
  }
  return { type, symbol: pattern, regex: NOTHING }
}

/** Whether a match may start with a character beyond those with a list of their own. */
function mayStartOther({ pattern, starts }: TokenType): boolean {
  return pattern instanceof RegExp && (starts === undefined || /[^\0-\x7f]/.test(starts))
}

function mayStart({ pattern, starts }: TokenType, code: number): boolean {
  if (typeof pattern === 'string') return pattern.charCodeAt(0) === code
  return starts === undefined || starts.includes(String.fromCharCode(code))
}

function tokenOf(image: string, at: number, tokenType: TokenType): Token {
  return { image, startOffset: at, endOffset: at + image.length - 1, tokenType, payload: -1 }
}
