import { type IRecognitionException, isRecognitionException } from 'chevrotain'
import { isWord, tokenEnd, tokenSpan } from '../lexer/tokenize.ts'
import {
  Alias,
  Assign,
  Comma,
  Declare,
  Evaluate,
  From,
  Invalid,
  LeftBracket,
  Let,
  Minus,
  Pipe,
  Print,
  Range,
  ReferableName,
  Restrict,
  SetWord,
  Step,
  To,
} from '../lexer/tokens.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { explainFault, explainOperator, OPERATOR_WORDS, unexpectedHint } from './explain.ts'
import { OperatorParser } from './operator-parser.ts'
import type {
  ExpressionSyntax,
  NameSyntax,
  OperatorSyntax,
  PrintSyntax,
  RangeSyntax,
} from './syntax.ts'
import { SyntaxFault } from './syntax-fault.ts'

/** Sources and pipes, and where the reading recovers from faults. */
export abstract class PipeParser extends OperatorParser {
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
        { ALT: () => this.SUBRULE(this.search) },
        { ALT: () => this.SUBRULE(this.find) },
        { GATE: () => this.isEvaluate(), ALT: () => this.SUBRULE(this.evaluate) },
        { ALT: () => this.SUBRULE(this.expression) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'A table or another source is missing',
    })
  })

  private isRange(): boolean {
    return this.next(Range) && (isWord(this.LA(2)) || this.next(LeftBracket, 2))
  }

  /** `evaluate f()`, where `evaluate | take 1` is a table of that name. */
  private isEvaluate(): boolean {
    return this.next(Evaluate) && isWord(this.LA(2))
  }

  // Pipes

  protected readonly pipe = this.RULE('pipe', (): ExpressionSyntax => {
    const first = this.LA(1)
    let source: ExpressionSyntax | undefined
    const operators: OperatorSyntax[] = []
    try {
      source = this.SUBRULE(this.source)
      this.checkOperatorEnd()
    } catch (fault) {
      this.recover(fault)
      source ??= this.missing()
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

  /** Stands where an expression could not be read, which is reported. */
  private missing(): NameSyntax {
    return { kind: 'name', name: '', span: this.spanOfNext(), missing: true }
  }

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
  protected checkOperatorEnd(): void {
    if (this.RECORDING_PHASE) return
    if (this.isStrayCloser()) {
      this.fail('KS198', `Nothing is open that ${this.describeNext()} could close.`)
    }
    // A comma separates items of a list, whose reader knows better what is wrong with it; a new line
    // may start a statement after a forgotten semicolon.
    if (this.atOperatorEnd() || this.next(Comma) || this.startsStatement()) return
    this.failAtNext()
  }

  protected failAtNext(): never {
    // The lexer has reported the character.
    if (this.next(Invalid)) throw new SyntaxFault(undefined)
    const hint = unexpectedHint(this.LA(1), this.LA(0))
    this.fail('KS198', `${this.describeNext()} is unexpected.`, hint)
  }

  protected startsStatement(): boolean {
    if (!this.startsLine()) return false
    return this.isStatement() || (this.next(ReferableName) && !OPERATOR_WORDS.has(this.LA(1).image))
  }

  /** Reports what ended the reading of an operator or statement; other errors go on. */
  protected recover(fault: unknown): void {
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

  protected isStatement(): boolean {
    const isNameNext = isWord(this.LA(2)) || this.next(LeftBracket, 2)
    return (
      this.next(SetWord) ||
      (this.next(Let) && this.next(Assign, 2)) ||
      (isNameNext && (this.next(Let) || this.next(Declare) || this.next(Alias))) ||
      (this.next(Restrict) && isWord(this.LA(2)))
    )
  }
}

function isGrammarFault(fault: unknown): fault is IRecognitionException {
  return fault instanceof Error && isRecognitionException(fault)
}
