import {
  EmbeddedActionsParser,
  EOF,
  type IParserErrorMessageProvider,
  type Rule,
  type TokenType,
  tokenLabel,
} from 'chevrotain'
import { is, isWord, type Token, type TokenStream, tokenEnd, tokenSpan } from '../lexer/tokenize.ts'
import {
  Assign,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Pipe,
  RightBrace,
  RightBracket,
  RightParen,
  Semicolon,
  VOCABULARY,
} from '../lexer/tokens.ts'
import type { DiagnosticCode } from '../text/codes.ts'
import { type Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import { InternalError } from '../text/internal-error.ts'
import type { Span } from '../text/span.ts'
import { describeToken } from './explain.ts'
import { type Decisions, decisionOf, MAX_LOOKAHEAD, RecordedLookahead } from './lookahead.ts'
import type { UnsupportedSyntax } from './syntax.ts'
import { SyntaxFault } from './syntax-fault.ts'

const NO_TOKENS: TokenStream = { tokens: [], partner: new Int32Array(0), depth: 0 }

/** After that many errors the rest of the query is not read: each costs as much as thousands of tokens. */
const MAX_ERRORS = 100

const MESSAGES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => `${capital(tokenLabel(expected))} is missing`,
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `'${firstRedundant.image}' is unexpected`,
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? NOTHING_FITS,
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? NOTHING_FITS,
}
const NOTHING_FITS = 'Something is missing'

function capital(label: string): string {
  return label.charAt(0).toUpperCase() + label.slice(1)
}

/** What every layer of the grammar stands on: looking ahead, spans, faults and skipping. */
export abstract class BaseParser extends EmbeddedActionsParser {
  protected diagnostics = new DiagnosticBag()
  #stream: TokenStream = NO_TOKENS
  #text = ''
  /** The offset of the first character of the text. */
  #base = 0
  #errors = 0

  readonly #lookahead: RecordedLookahead | Decisions

  // What Chevrotain keeps of its analysis; its types do not tell.
  declare private selfAnalysisDone: boolean
  declare private readonly fullRuleNameToShort: Readonly<Record<string, number>>
  declare private readonly setLaFuncCache: (
    rule: number,
    key: number,
    decide: ReturnType<typeof decisionOf>,
  ) => void

  /**
   * With `decisions` that were found before, the grammar is not analysed. Else it is, and `validate` lets
   * Chevrotain check it for ambiguities.
   */
  constructor(lookahead: RecordedLookahead | Decisions, validate: boolean) {
    super(VOCABULARY, {
      maxLookahead: MAX_LOOKAHEAD,
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: MESSAGES,
      ...(lookahead instanceof RecordedLookahead && { lookaheadStrategy: lookahead }),
    })
    this.#lookahead = lookahead
  }

  /** Makes the grammar ready, once all rules are declared. */
  protected override performSelfAnalysis(): void {
    const lookahead = this.#lookahead
    if (lookahead instanceof RecordedLookahead) {
      super.performSelfAnalysis()
      return
    }
    for (const [rule, decisions] of Object.entries(lookahead)) {
      const short = this.fullRuleNameToShort[rule]
      if (short === undefined) throw new InternalError(`there is no rule ${rule}`)
      for (const [key, beginnings] of Object.entries(decisions)) {
        this.setLaFuncCache(short, Number(key), decisionOf(Number(key), beginnings))
      }
    }
    this.selfAnalysisDone = true
  }

  /** The rules as Chevrotain knows them, for what it tells of faults: an analysis that was left out is made up for. */
  override getGAstProductions(): Record<string, Rule> {
    if (this.#lookahead instanceof RecordedLookahead) return super.getGAstProductions()
    return this.analysed().getGAstProductions()
  }

  /** The same parser after an analysis. */
  protected abstract analysed(): BaseParser

  /** Makes the parser ready for another text. */
  protected open(
    text: string,
    stream: TokenStream,
    diagnostics: DiagnosticBag,
    base: number,
  ): void {
    this.#text = text
    this.#base = base
    this.#stream = stream
    this.#errors = 0
    this.diagnostics = diagnostics
    this.input = stream.tokens
  }

  /** Frees what the last text left behind. */
  protected close(): void {
    this.#text = ''
    this.#stream = NO_TOKENS
    this.diagnostics = new DiagnosticBag()
    this.input = []
  }

  // Looking ahead

  /** Whether the token `ahead` places on is of the type, or in that category. */
  protected next(type: TokenType, ahead = 1): boolean {
    return is(this.LA(ahead), type)
  }

  /** The token after the bracket that closes the one `ahead` places on; undefined if there is none. */
  protected afterBrackets(ahead = 1): Token | undefined {
    const mate = this.#stream.partner[this.#indexOf(this.LA(ahead))]
    return mate === undefined || mate < 0 ? undefined : this.#stream.tokens[mate + 1]
  }

  /** Whether `name =`, also with a bracketed name, comes next. */
  protected isAssignment(): boolean {
    if (isWord(this.LA(1))) return this.next(Assign, 2)
    return this.next(LeftBracket) && this.afterBrackets()?.tokenType === Assign
  }

  /** Whether `(a, b) =` comes next. */
  protected isTupleAssignment(): boolean {
    return this.next(LeftParen) && this.afterBrackets()?.tokenType === Assign
  }

  /** Whether the next token follows the last one without a gap. */
  protected isAdjacent(): boolean {
    return tokenEnd(this.LA(0)) === this.LA(1).startOffset
  }

  /** Whether a line break stands before the next token. */
  protected startsLine(): boolean {
    return /[\r\n]/.test(this.#slice(tokenEnd(this.LA(0)), this.LA(1).startOffset))
  }

  /** Whether nothing more belongs to the current operator. */
  protected atOperatorEnd(ahead = 1): boolean {
    const type = this.LA(ahead).tokenType
    return type === Pipe || type === Semicolon || type === EOF || isCloser(type)
  }

  /** Whether nothing more belongs to the current query or function body. */
  protected atQueryEnd(): boolean {
    const type = this.LA(1).tokenType
    return type === EOF || type === RightBrace
  }

  /** Whether the next token closes a bracket that was never opened. */
  protected isStrayCloser(): boolean {
    const token = this.LA(1)
    return isCloser(token.tokenType) && (this.#stream.partner[this.#indexOf(token)] ?? 0) < 0
  }

  /** The last bracket before the next token that should have been closed by the one missing here. */
  protected unclosedBefore(missing: string): Token | undefined {
    const opener = missing === ')' ? LeftParen : missing === ']' ? LeftBracket : LeftBrace
    const { tokens, partner } = this.#stream
    for (let index = this.#indexOf(this.LA(1)) - 1; index >= 0; index--) {
      const { tokenType } = tokens[index] as Token
      // Only braces reach over semicolons.
      if (tokenType === Semicolon && opener !== LeftBrace) return undefined
      if (tokenType === opener && (partner[index] as number) < 0) return tokens[index]
    }
    return undefined
  }

  #indexOf(token: Token): number {
    return token.tokenType === EOF ? this.#stream.partner.length : (token.payload as number)
  }

  // Spans

  /** The range from the token up to and with the last one read. */
  protected spanFrom(first: Token): Span {
    const end = tokenEnd(this.LA(0))
    // Nothing may have been read since: the range is empty then, not reversed.
    return { start: Math.max(0, Math.min(first.startOffset, end)), end }
  }

  /** The next token, or at the end of the text an empty range after the last one. */
  protected spanOfNext(): Span {
    const token = this.LA(1)
    if (token.tokenType !== EOF) return tokenSpan(token)
    // Chevrotain appends end-of-file tokens to the tokens while it reads them.
    const { tokens, partner } = this.#stream
    const last = tokens[partner.length - 1]
    const end = last ? tokenEnd(last) : this.#base
    return { start: end, end }
  }

  /** What was written for the node. */
  protected textOf(node: { readonly span: Span }): string {
    return this.#slice(node.span.start, node.span.end)
  }

  #slice(start: number, end: number): string {
    return this.#text.slice(start - this.#base, end - this.#base)
  }

  // Faults

  /** Ends the reading of the current operator or statement with that report. */
  protected fail(code: DiagnosticCode, message: string, hint?: string, span?: Span): never {
    throw new SyntaxFault({
      code,
      severity: 'error',
      message,
      span: span ?? this.spanOfNext(),
      ...(hint !== undefined && { hint }),
    })
  }

  /** Reports a fault that ended the reading of an operator or statement. */
  protected report(diagnostic: Diagnostic | undefined): void {
    // What is open when the reading is given up adds nothing.
    if (this.#errors >= MAX_ERRORS) return
    if (diagnostic) this.diagnostics.add(diagnostic)
    if (++this.#errors === MAX_ERRORS) this.skipRest()
  }

  /** How the next token is called in a message. */
  protected describeNext(): string {
    return describeToken(this.LA(1))
  }

  // Skipping

  /** Reads over what kqlab lacks, whose first word is read already, and reports it. */
  protected skipUnsupported(what: 'operator' | 'statement', first: Token): UnsupportedSyntax {
    const name = first.image
    this.diagnostics.error('KQL100', `The ${what} ${name} is not supported.`, tokenSpan(first))
    if (what === 'operator') this.skipOperator(first)
    else this.skipStatement(first)
    const span = this.spanFrom(first)
    return { kind: 'unsupported', name, text: this.textOf({ span }), span }
  }

  /** Reads over tokens up to the next `|`, `;` or closing bracket on this level of nesting. */
  protected skipOperator(from: Token): void {
    this.#skip(from, type => type === Pipe || type === Semicolon)
  }

  /** Reads over tokens up to the next `;` or closing bracket on this level of nesting. */
  protected skipStatement(from: Token): void {
    this.#skip(from, type => type === Semicolon)
  }

  /** Reads over all tokens that are left. */
  protected skipRest(): void {
    while (this.LA(1).tokenType !== EOF) this.SKIP_TOKEN()
  }

  /**
   * `from` is the first token of what is given up; the skipping starts at the next token, which may be
   * inside brackets that were opened since.
   */
  #skip(from: Token, isStop: (type: TokenType) => boolean): void {
    const { tokens, partner } = this.#stream
    const position = this.#indexOf(this.LA(1))
    let index = Math.min(this.#indexOf(from), position)
    while (index < partner.length) {
      const type = (tokens[index] as Token).tokenType
      const mate = partner[index] as number
      if (mate > index) {
        index = mate + 1
        continue
      }
      if (index >= position && (isStop(type) || (isCloser(type) && mate >= 0))) break
      index++
    }
    for (let at = position; at < index; at++) this.SKIP_TOKEN()
  }
}

function isCloser(type: TokenType): boolean {
  return type === RightParen || type === RightBracket || type === RightBrace
}
