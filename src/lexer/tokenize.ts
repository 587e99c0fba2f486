import type { IToken, TokenType } from 'chevrotain'
import { DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { scanTokens } from './scan-tokens.ts'
import {
  BrokenString,
  BrokenTypedLiteral,
  Identifier,
  Invalid,
  LeftBrace,
  LeftBracket,
  LeftParen,
  RightBrace,
  RightBracket,
  RightParen,
  Semicolon,
  StringLiteral,
  TypedLiteral,
  Word,
  wordType,
} from './tokens.ts'

/** A token of a query. Its `payload` is its index in {@link TokenStream.tokens}. */
export type Token = IToken

/** The tokens of one query, with the brackets matched. */
export interface TokenStream {
  readonly tokens: Token[]
  /**
   * For the index of an opening bracket the index of the bracket that closes it, and the other way
   * round; -1 for brackets without a partner and for other tokens. A `;` closes what is open within
   * its statement, so that a forgotten bracket does not reach into the next one.
   */
  readonly partner: Int32Array
  /** The deepest nesting of brackets, matched or not, and the bracket where it is reached. */
  readonly depth: number
  readonly deepest?: Token
}

const CURLY_QUOTES = /[\u2018\u2019\u201c\u201d]/

/** The range of the token in the text of the query. */
export function tokenSpan(token: Token): Span {
  return { start: token.startOffset, end: tokenEnd(token) }
}

/** The offset after the last character of the token. */
export function tokenEnd(token: Token): number {
  return (token.endOffset ?? token.startOffset) + 1
}

/** The comments of a query. */
export function commentsOf(text: string): readonly Token[] {
  return scanTokens(text).comments
}

/**
 * The tokens of a query without white space and comments. Characters and literals that cannot be read
 * are reported and stay in the stream: as {@link Invalid}, or as the literal that was meant.
 */
export function tokenize(text: string, diagnostics: DiagnosticBag): TokenStream {
  const { tokens, directives } = scanTokens(text)
  for (const directive of directives) {
    diagnostics.error('KQL100', 'Directives are not supported.', {
      start: directive.startOffset,
      end: directive.startOffset + directive.image.length,
    })
  }
  const partner = new Int32Array(tokens.length).fill(-1)
  const open: number[] = []
  let depth = 0
  let deepest: Token | undefined
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as Token
    token.payload = index
    token.endOffset = token.startOffset + token.image.length - 1
    const type = token.tokenType
    if (type === Identifier || type.name === 'DashedWord') {
      retype(token, wordType(token.image))
      continue
    }
    switch (type) {
      case LeftParen:
      case LeftBracket:
      case LeftBrace:
        open.push(index)
        if (open.length > depth) {
          depth = open.length
          deepest = token
        }
        break
      case RightParen:
        close(LeftParen, index)
        break
      case RightBracket:
        close(LeftBracket, index)
        break
      case RightBrace:
        close(LeftBrace, index)
        break
      case Semicolon:
        // The steps of a scan operator end with semicolons within its parentheses.
        if (tokens[index + 1]?.image === 'step' || typeAt(index + 1) === RightParen) break
        while (open.length > 0 && typeAt(open.at(-1)) !== LeftBrace) open.pop()
        break
      case BrokenString:
        reportBrokenString(token, diagnostics)
        retype(token, StringLiteral)
        break
      case BrokenTypedLiteral:
        diagnostics.error(
          'KS001',
          `${token.image.slice(0, token.image.indexOf('('))}(…) is not closed.`,
          tokenSpan(token),
          'Close the literal with ) on the same line.',
        )
        retype(token, TypedLiteral)
        break
      case Invalid:
        reportInvalid(token, tokens[index + 1], diagnostics)
        break
    }
  }
  return { tokens, partner, depth, ...(deepest && { deepest }) }

  function typeAt(index: number | undefined): TokenType | undefined {
    return index === undefined ? undefined : tokens[index]?.tokenType
  }

  /** Pairs a closing bracket with the last open one of its kind within the enclosing braces. */
  function close(opening: TokenType, index: number): void {
    for (let at = open.length - 1; at >= 0; at--) {
      const candidate = open[at] as number
      const type = typeAt(candidate)
      if (type === opening) {
        partner[candidate] = index
        partner[index] = candidate
        open.length = at
        return
      }
      if (type === LeftBrace && opening !== LeftBrace) return
    }
  }
}

function retype(token: Token, type: TokenType): void {
  token.tokenType = type
  token.tokenTypeIdx = type.tokenTypeIdx as number
}

function reportBrokenString(token: Token, diagnostics: DiagnosticBag): void {
  const body = token.image.replace(/^[hH]/, '')
  const quote = /^(?:```|~~~|@?["'])/.exec(body)?.[0] ?? '"'
  const wrong = quote.length === 1 ? badEscape(body) : undefined
  if (wrong) {
    diagnostics.error(
      'KS001',
      `${wrong.text} is not an escape.`,
      {
        start: token.startOffset + token.image.length - body.length + wrong.at,
        end: token.startOffset + token.image.length - body.length + wrong.at + wrong.text.length,
      },
      `Double the backslash, or write the string as @${body.length > 1 && body.endsWith(quote) ? body : quote + quote}.`,
    )
    return
  }
  diagnostics.error(
    'KS001',
    'The string is not closed.',
    tokenSpan(token),
    quote.length === 3
      ? `Close it with ${quote}.`
      : `Close it with ${quote.slice(-1)} on the same line; a string over several lines stands in \`\`\`.`,
  )
}

function badEscape(body: string): { text: string; at: number } | undefined {
  const escapes =
    /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|["'\\abfnrtv])|\\(.)/g
  for (const match of body.matchAll(escapes)) {
    if (match[1] !== undefined) return { text: match[0], at: match.index }
  }
  return undefined
}

function reportInvalid(token: Token, after: Token | undefined, diagnostics: DiagnosticBag): void {
  const { image } = token
  const word = after && after.startOffset === token.startOffset + 1 ? after.image : ''
  diagnostics.error(
    'KS002',
    `The character ${image} cannot stand here.`,
    tokenSpan(token),
    hintForInvalid(image, word),
  )
}

function hintForInvalid(image: string, word: string): string | undefined {
  if (CURLY_QUOTES.test(image)) return 'Use straight quotes: " or \'.'
  if (image === '&') return 'Use and.'
  if (image !== '!') return undefined
  if (/^has_a|^matches/.test(word)) return `There is no !${word}: put not(…) around the comparison.`
  return 'Use not(…), or != for unequal.'
}

/** The tokens of a text whose first character has the offset `base`. */
export function tokenizeAt(text: string, base: number, diagnostics: DiagnosticBag): TokenStream {
  if (base === 0) return tokenize(text, diagnostics)
  const found = new DiagnosticBag()
  const stream = tokenize(text, found)
  for (const token of stream.tokens) {
    token.endOffset = tokenEnd(token) - 1 + base
    token.startOffset += base
  }
  for (const diagnostic of found.items) {
    const { start, end } = diagnostic.span
    diagnostics.add({ ...diagnostic, span: { start: start + base, end: end + base } })
  }
  return stream
}

/** Whether the token is a word: an identifier or a keyword. */
export function isWord(token: Token): boolean {
  return is(token, Word)
}

/** Whether the token is of the type or of a type in that category. */
export function is(token: Token, type: TokenType): boolean {
  return (
    token.tokenTypeIdx === type.tokenTypeIdx ||
    type.categoryMatchesMap?.[token.tokenTypeIdx] === true
  )
}
