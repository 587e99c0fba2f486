import { EOF } from 'chevrotain'
import { type TokenStream, tokenEnd } from '../lexer/tokenize.ts'
import {
  Alias,
  Assign,
  Colon,
  Comma,
  Declare,
  Dot,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Let,
  Materialize,
  Pattern,
  QueryParameters,
  Restrict,
  RightBrace,
  RightBracket,
  RightParen,
  Semicolon,
  SetWord,
  Star,
  View,
  Word,
} from '../lexer/tokens.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import { type Decisions, RecordedLookahead } from './lookahead.ts'
import { PipeParser } from './pipe-parser.ts'
import type {
  CallSyntax,
  ColumnDeclarationSyntax,
  DeclareSyntax,
  ExpressionSyntax,
  FunctionSyntax,
  LetSyntax,
  ParameterSyntax,
  PatternMatchSyntax,
  PatternSyntax,
  QuerySyntax,
  SetSyntax,
  StatementSyntax,
} from './syntax.ts'

/** Statements and queries: the top of the grammar. */
export class QueryParser extends PipeParser {
  static #analysed: QueryParser | undefined

  /** `validate` lets Chevrotain check the grammar itself, which only a test needs. */
  constructor(lookahead: RecordedLookahead | Decisions, { validate = false } = {}) {
    super(lookahead, validate)
    this.performSelfAnalysis()
  }

  /** A parser whose grammar was analysed, and the decisions that were found. */
  static analysed(): { readonly parser: QueryParser; readonly decisions: Decisions } {
    const lookahead = new RecordedLookahead()
    const parser = new QueryParser(lookahead)
    return { parser, decisions: lookahead.decisions }
  }

  protected override analysed(): QueryParser {
    QueryParser.#analysed ??= QueryParser.analysed().parser
    return QueryParser.#analysed
  }

  /** The syntax of the tokens; what is wrong with them goes into `diagnostics`. */
  parse(text: string, stream: TokenStream, diagnostics: DiagnosticBag, base = 0): QuerySyntax {
    this.open(text, stream, diagnostics, base)
    try {
      return this.program()
    } finally {
      this.close()
    }
  }

  // Statements

  private readonly statement = this.RULE('statement', (): StatementSyntax => {
    return this.OR([
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.setStatement) },
      { ALT: () => this.SUBRULE(this.declareStatement) },
      {
        ALT: () => {
          const first = this.OR2([
            { ALT: () => this.CONSUME(Alias) },
            { ALT: () => this.CONSUME(Restrict) },
          ])
          return this.ACTION(() => this.skipUnsupported('statement', first))
        },
      },
    ])
  })

  private readonly letStatement = this.RULE('letStatement', (): LetSyntax => {
    const first = this.CONSUME(Let)
    const name = this.SUBRULE(this.freeName)
    this.CONSUME(Assign)
    const value = this.OR({
      DEF: [
        { GATE: () => this.isFunction(), ALT: () => this.SUBRULE(this.function) },
        { ALT: () => this.SUBRULE(this.materialize) },
        { ALT: () => this.SUBRULE(this.pipe) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'A value is missing',
    })
    return { kind: 'let', name, value, span: this.spanFrom(first) }
  })

  /** `materialize(T | count)`, which nothing may follow. */
  private readonly materialize = this.RULE('materialize', (): CallSyntax => {
    const first = this.CONSUME(Materialize)
    this.CONSUME(LeftParen)
    const argument = this.SUBRULE(this.pipe)
    this.CONSUME(RightParen)
    const callee = this.nameOf(first)
    return { kind: 'call', callee, arguments: [argument], span: this.spanFrom(first) }
  })

  private isFunction(): boolean {
    const ahead = this.next(View) ? 2 : 1
    return this.next(LeftParen, ahead) && this.afterBrackets(ahead)?.tokenType === LeftBrace
  }

  private readonly function = this.RULE('function', (): FunctionSyntax => {
    const first = this.LA(1)
    const view = this.OPTION(() => this.CONSUME(View)) !== undefined
    const parameters = this.SUBRULE(this.parameterList)
    this.CONSUME(LeftBrace)
    const body = this.SUBRULE(this.query)
    this.CONSUME(RightBrace)
    return { kind: 'function', view, parameters, body, span: this.spanFrom(first) }
  })

  private readonly parameterList = this.RULE('parameterList', (): readonly ParameterSyntax[] => {
    const parameters: ParameterSyntax[] = []
    this.CONSUME(LeftParen)
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => parameters.push(this.SUBRULE(this.functionParameter)),
    })
    this.CONSUME(RightParen)
    return parameters
  })

  private readonly functionParameter = this.RULE('functionParameter', (): ParameterSyntax => {
    const first = this.LA(1)
    const name = this.SUBRULE(this.declaredName)
    this.CONSUME(Colon)
    const type = this.OR({
      DEF: [
        {
          GATE: () => this.next(Star, 2),
          ALT: (): ParameterSyntax['type'] => {
            this.CONSUME(LeftParen)
            this.CONSUME(Star)
            this.CONSUME(RightParen)
            return { columns: '*' }
          },
        },
        {
          ALT: (): ParameterSyntax['type'] => ({ columns: this.SUBRULE(this.columnDeclarations) }),
        },
        { ALT: () => this.SUBRULE(this.scalarType) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'A type is missing',
    })
    const value = this.OPTION(() => {
      this.CONSUME(Assign)
      return this.SUBRULE(this.literal)
    })
    return { name, type, ...(value && { default: value }), span: this.spanFrom(first) }
  })

  private readonly setStatement = this.RULE('setStatement', (): SetSyntax => {
    const first = this.CONSUME(SetWord)
    const name = this.nameOf(this.CONSUME(Word))
    const value = this.OPTION(() => {
      this.CONSUME(Assign)
      return this.SUBRULE(this.expression)
    })
    return { kind: 'set', name, ...(value && { value }), span: this.spanFrom(first) }
  })

  private readonly declareStatement = this.RULE('declareStatement', (): StatementSyntax => {
    const first = this.CONSUME(Declare)
    return this.OR({
      DEF: [
        {
          ALT: (): DeclareSyntax => {
            this.CONSUME(QueryParameters)
            const parameters = this.SUBRULE(this.parameterList)
            if (parameters.length === 0) {
              this.fail('KS006', 'A parameter is missing.', undefined, this.spanFrom(first))
            }
            return { kind: 'declare', parameters, span: this.spanFrom(first) }
          },
        },
        {
          ALT: (): PatternSyntax => {
            const pattern = this.SUBRULE(this.pattern)
            return { ...pattern, span: this.spanFrom(first) }
          },
        },
        {
          ALT: () => {
            this.CONSUME(Word)
            return this.ACTION(() => this.skipUnsupported('statement', first))
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    })
  })

  private readonly pattern = this.RULE('pattern', (): PatternSyntax => {
    const first = this.CONSUME(Pattern)
    const name = this.SUBRULE(this.declaredName)
    const parameters: ColumnDeclarationSyntax[] = []
    const matches: PatternMatchSyntax[] = []
    const path = this.OPTION(() => {
      this.CONSUME(Assign)
      this.CONSUME(LeftParen)
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => parameters.push(this.SUBRULE(this.columnDeclaration)),
      })
      this.CONSUME(RightParen)
      const declared = this.OPTION2(() => {
        this.CONSUME(LeftBracket)
        const column = this.SUBRULE2(this.columnDeclaration)
        this.CONSUME(RightBracket)
        return column
      })
      this.CONSUME(LeftBrace)
      this.AT_LEAST_ONE(() => matches.push(this.SUBRULE(this.patternMatch)))
      this.CONSUME(RightBrace)
      return declared
    })
    const span = this.spanFrom(first)
    return { kind: 'pattern', name, parameters, ...(path && { path }), matches, span }
  })

  private readonly patternMatch = this.RULE('patternMatch', (): PatternMatchSyntax => {
    const first = this.CONSUME(LeftParen)
    const values: ExpressionSyntax[] = []
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => values.push(this.SUBRULE(this.literal)) })
    this.CONSUME(RightParen)
    const path = this.OPTION(() => {
      this.CONSUME(Dot)
      this.CONSUME(LeftBracket)
      const value = this.SUBRULE2(this.literal)
      this.CONSUME(RightBracket)
      return value
    })
    this.CONSUME(Assign)
    this.CONSUME(LeftBrace)
    const body = this.SUBRULE(this.query)
    this.CONSUME(RightBrace)
    this.CONSUME(Semicolon)
    return { values, ...(path && { path }), body, span: this.spanFrom(first) }
  })

  // Queries

  /**
   * Statements and the last expression; those before it are statements. The loop is written out, not a MANY: it has to go on
   * after faults, whatever stands there.
   */
  private readonly query = this.RULE('query', (): QuerySyntax => {
    const first = this.LA(1)
    const statements: StatementSyntax[] = []
    let expression: ExpressionSyntax | undefined
    /** Where the expression stands among the statements. */
    let place = 0
    while (this.RECORDING_PHASE || !this.atQueryEnd()) {
      const start = this.LA(1)
      try {
        if (this.RECORDING_PHASE || this.isStatement()) {
          statements.push(this.SUBRULE(this.statement))
        }
        if (this.RECORDING_PHASE || this.LA(1) === start) {
          this.checkCommand()
          const value = this.SUBRULE(this.pipe)
          if (expression !== undefined && !isMissing(expression)) {
            statements.splice(place, 0, { kind: 'result', expression, span: expression.span })
          }
          expression = value
          place = statements.length
        }
        this.checkStatementEnd()
      } catch (fault) {
        this.recover(fault)
        this.skipStatement(start)
      }
      this.OPTION(() => this.CONSUME(Semicolon))
      if (this.RECORDING_PHASE) break
    }
    const span = this.spanFrom(first)
    if (expression === undefined || isMissing(expression)) {
      return { kind: 'query', statements, span }
    }
    return { kind: 'query', statements, expression, span }
  })

  private checkCommand(): void {
    if (this.next(Semicolon)) this.fail('KS198', "Nothing stands before ';'.")
    if (this.next(Dot)) {
      this.fail('KQL100', 'Management commands are not queries, and are not supported.')
    }
  }

  private checkStatementEnd(): void {
    if (this.RECORDING_PHASE || this.next(Semicolon) || this.atQueryEnd()) return
    if (this.startsStatement()) {
      const last = this.LA(0)
      const end = tokenEnd(last)
      this.diagnostics.error(
        'KS005',
        "';' is missing after the statement.",
        { start: end, end },
        'Every let statement ends with a semicolon.',
      )
      return
    }
    this.failAtNext()
  }

  private readonly program = this.RULE('program', (): QuerySyntax => {
    const syntax = this.SUBRULE(this.query)
    if (!this.RECORDING_PHASE && this.LA(1).tokenType !== EOF) {
      this.diagnostics.error(
        'KS198',
        `Nothing is open that ${this.describeNext()} could close.`,
        this.spanOfNext(),
      )
      this.skipRest()
    }
    return syntax
  })
}

function isMissing(expression: ExpressionSyntax): boolean {
  return expression.kind === 'name' && expression.missing === true
}
