import { EOF, type IRecognitionException, isRecognitionException } from 'chevrotain'
import { isWord, type Token, type TokenStream, tokenEnd, tokenSpan } from '../lexer/tokenize.ts'
import {
  Alias,
  Assign,
  Colon,
  Comma,
  Declare,
  Dot,
  From,
  Invalid,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Let,
  Materialize,
  Minus,
  Pipe,
  Print,
  QueryParameters,
  Range,
  ReferableName,
  Restrict,
  RightBrace,
  RightParen,
  Semicolon,
  SetWord,
  Star,
  Step,
  To,
  View,
  Word,
} from '../lexer/tokens.ts'
import type { Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { explainFault, explainOperator, OPERATOR_WORDS, unexpectedHint } from './explain.ts'
import { OperatorParser } from './operator-parser.ts'
import type {
  CallSyntax,
  DeclareSyntax,
  ExpressionSyntax,
  FunctionSyntax,
  LetSyntax,
  NameSyntax,
  OperatorSyntax,
  ParameterSyntax,
  PrintSyntax,
  QuerySyntax,
  RangeSyntax,
  SetSyntax,
  StatementSyntax,
} from './syntax.ts'
import { SyntaxFault } from './syntax-fault.ts'

/** Pipes, sources and statements: the top of the grammar, and where it recovers from faults. */
export class QueryParser extends OperatorParser {
  /** `validate` lets Chevrotain check the grammar itself, which only a test needs. */
  constructor({ validate = false }: { validate?: boolean } = {}) {
    super(validate)
    this.performSelfAnalysis()
  }

  /** The syntax of the tokens; what is wrong with them goes into `diagnostics`. */
  parse(text: string, stream: TokenStream, diagnostics: DiagnosticBag): QuerySyntax {
    this.open(text, stream, diagnostics)
    try {
      return this.program()
    } finally {
      this.close()
    }
  }

  // Sources

  private readonly print = this.RULE('print', (): PrintSyntax => {
    const first = this.CONSUME(Print)
    const columns = this.SUBRULE(this.namedExpressions)
    return { kind: 'print', columns, span: this.spanFrom(first) }
  })

  private readonly range = this.RULE('range', (): RangeSyntax => {
    const first = this.CONSUME(Range)
    const column = this.SUBRULE(this.freeName)
    this.CONSUME(From)
    const from = this.SUBRULE(this.expression)
    this.CONSUME(To)
    const to = this.SUBRULE2(this.expression)
    this.CONSUME(Step)
    const step = this.SUBRULE3(this.expression)
    return { kind: 'range', column, from, to, step, span: this.spanFrom(first) }
  })

  private readonly source = this.RULE('source', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        { GATE: () => this.isUnsupportedSource(), ALT: () => this.SUBRULE(this.unsupported) },
        { ALT: () => this.SUBRULE(this.print) },
        { GATE: () => this.isRange(), ALT: () => this.SUBRULE(this.range) },
        { ALT: () => this.SUBRULE(this.union) },
        { ALT: () => this.SUBRULE(this.expression) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'A table or another source is missing',
    })
  })

  private isRange(): boolean {
    return this.next(Range) && (isWord(this.LA(2)) || this.next(LeftBracket, 2))
  }

  // Pipes

  protected readonly pipe = this.RULE('pipe', (): ExpressionSyntax => {
    const first = this.LA(1)
    let source: ExpressionSyntax = MISSING
    const operators: OperatorSyntax[] = []
    try {
      source = this.SUBRULE(this.source)
      this.checkOperatorEnd()
    } catch (fault) {
      this.recover(fault)
      this.skipOperator(first)
    }
    this.MANY(() => {
      this.CONSUME(Pipe)
      const start = this.LA(1)
      const dashed = this.dashedWord()
      try {
        const operator = this.SUBRULE(this.operator)
        this.checkOperatorEnd()
        operators.push(operator)
      } catch (fault) {
        if (dashed) this.report(explainOperator(dashed.text, dashed.span))
        else this.recover(fault)
        this.skipOperator(start)
      }
    })
    if (operators.length === 0) return source
    return { kind: 'pipe', source, operators, span: this.spanFrom(first) }
  })

  /** `project-foo`, which is read as `project -foo` but was probably meant as an operator. */
  private dashedWord(): { text: string; span: Span } | undefined {
    const [first, dash, last] = [this.LA(1), this.LA(2), this.LA(3)]
    if (dash.tokenType !== Minus || !isWord(first) || !isWord(last)) return undefined
    if (tokenEnd(first) !== dash.startOffset || tokenEnd(dash) !== last.startOffset)
      return undefined
    const span = { start: first.startOffset, end: tokenEnd(last) }
    return { text: this.textOf({ span }), span }
  }

  /** Fails when something stands after an operator that was complete. */
  private checkOperatorEnd(): void {
    if (this.RECORDING_PHASE) return
    if (this.isStrayCloser()) {
      this.fail('KS198', `Nothing is open that ${this.describeNext()} could close.`)
    }
    // A comma separates items of a list, whose reader knows better what is wrong with it; a new line
    // may start a statement after a forgotten semicolon.
    if (this.atOperatorEnd() || this.next(Comma) || this.startsStatement()) return
    this.failAtNext()
  }

  private failAtNext(): never {
    // The lexer has reported the character.
    if (this.next(Invalid)) throw new SyntaxFault(undefined)
    const hint = unexpectedHint(this.LA(1), this.LA(0))
    this.fail('KS198', `${this.describeNext()} is unexpected.`, hint)
  }

  private startsStatement(): boolean {
    if (!this.startsLine()) return false
    return this.isStatement() || (this.next(ReferableName) && !OPERATOR_WORDS.has(this.LA(1).image))
  }

  /** Reports what ended the reading of an operator or statement; other errors go on. */
  private recover(fault: unknown): void {
    if (fault instanceof SyntaxFault) this.report(fault.diagnostic)
    else if (isGrammarFault(fault)) this.report(this.explain(fault))
    else throw fault
  }

  /** Undefined when the lexer has reported the token already. */
  private explain(fault: IRecognitionException): Diagnostic | undefined {
    if (fault.token.tokenType === Invalid) return undefined
    const span = this.spanOfNext()
    const missing = /^'([)\]}])'/.exec(fault.message)?.[1]
    const opener = missing === undefined ? undefined : this.unclosedBefore(missing)
    if (!opener) return explainFault(fault, span)
    return {
      code: 'KS005',
      severity: 'error',
      message: `'${opener.image}' is not closed.`,
      span: tokenSpan(opener),
      related: [{ message: `The reading stops at ${this.describeNext()}.`, span }],
    }
  }

  // Statements

  private isStatement(): boolean {
    const isNameNext = isWord(this.LA(2)) || this.next(LeftBracket, 2)
    return (
      this.next(SetWord) ||
      (this.next(Let) && this.next(Assign, 2)) ||
      (isNameNext && (this.next(Let) || this.next(Declare) || this.next(Alias))) ||
      (this.next(Restrict) && isWord(this.LA(2)))
    )
  }

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
          ALT: () => {
            this.CONSUME(Word)
            return this.ACTION(() => this.skipUnsupported('statement', first))
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    })
  })

  // Queries

  /**
   * Statements and the expression after them. The loop is written out, not a MANY: it has to go on
   * after faults, whatever stands there.
   */
  private readonly query = this.RULE('query', (): QuerySyntax => {
    const first = this.LA(1)
    const statements: StatementSyntax[] = []
    let expression: ExpressionSyntax | undefined
    while (this.RECORDING_PHASE || !this.atQueryEnd()) {
      const start = this.LA(1)
      try {
        if (this.RECORDING_PHASE || this.isStatement()) {
          statements.push(this.SUBRULE(this.statement))
        }
        if (this.RECORDING_PHASE || this.LA(1) === start) {
          this.checkCommand()
          const value = this.SUBRULE(this.pipe)
          if (expression !== undefined) this.reportSecondResult(start)
          expression ??= value
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
    if (expression === undefined || expression === MISSING)
      return { kind: 'query', statements, span }
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

  private reportSecondResult(start: Token): void {
    this.diagnostics.error(
      'KQL101',
      'A query with several results is not supported.',
      this.spanFrom(start),
    )
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

/** Stands for an expression that could not be read; a report tells so. */
const MISSING: NameSyntax = { kind: 'name', name: '', span: { start: 0, end: 0 } }

function isGrammarFault(fault: unknown): fault is IRecognitionException {
  return fault instanceof Error && isRecognitionException(fault)
}
