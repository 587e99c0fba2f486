/** A kind of token, or a category of kinds. */
export class TokenType {
  readonly name: string
  /** How messages call it. */
  readonly label: string
  /** Its position among all, from 0: lookahead tables go by it. */
  readonly index: number
  /** The categories that it is in, those of its categories included. */
  readonly categories: ReadonlySet<TokenType>
  /** What a text of it is: itself, or what matches. Undefined where none is matched against it. */
  readonly pattern: string | RegExp | undefined
  /** The characters that a match of a regular expression may start with; all where missing. */
  readonly starts: string | undefined

  private constructor(
    index: number,
    { name, label, pattern, starts, categories = [] }: TokenOptions,
  ) {
    this.name = name
    this.label = label ?? name
    this.index = index
    this.categories = new Set(categories.flatMap(each => [each, ...each.categories]))
    this.pattern = pattern
    this.starts = starts
  }

  static readonly #all: TokenType[] = []

  /** A new one; its index is the next. */
  static declare(options: TokenOptions): TokenType {
    const type = new TokenType(TokenType.#all.length, options)
    TokenType.#all.push(type)
    return type
  }

  /** All that were declared, by their indexes. */
  static all(): readonly TokenType[] {
    return TokenType.#all
  }
}

/** What a {@link TokenType} is declared with. */
export interface TokenOptions {
  readonly name: string
  readonly label?: string
  readonly pattern?: string | RegExp
  readonly starts?: string
  readonly categories?: readonly TokenType[]
}

/** A token of a query. */
export interface Token {
  readonly image: string
  /** The offset of its first character; NaN at the end of the query. */
  startOffset: number
  /** The offset of its last character. */
  endOffset: number
  tokenType: TokenType
  /** Its index among the tokens of the query. */
  payload: number
}

/** The type of what stands behind the last token. */
export const EOF = TokenType.declare({ name: 'EOF' })

/** What is read behind the last token, and before the first. */
export const END_OF_QUERY: Token = Object.freeze({
  image: '',
  startOffset: Number.NaN,
  endOffset: Number.NaN,
  tokenType: EOF,
  payload: -1,
})

/** Whether the token is of the type or of a type in that category. */
export function is(token: Token, type: TokenType): boolean {
  return token.tokenType === type || token.tokenType.categories.has(type)
}
