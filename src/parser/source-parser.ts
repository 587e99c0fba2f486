import {
  Comma,
  ExternalData,
  ExternalDataWord,
  LeftBracket,
  LeftParen,
  RightBracket,
  RightParen,
  With,
} from '../lexer/tokens.ts'
import { ClauseParser } from './clause-parser.ts'
import type { ExpressionSyntax, ExternalDataSyntax, OperatorParameterSyntax } from './syntax.ts'

/** The sources with a grammar of their own. */
export abstract class SourceParser extends ClauseParser {
  /** `externaldata(a: string)['https://…'] with (format=csv)`; a comma may follow the last address. */
  protected readonly externalData = this.RULE('externalData', (): ExternalDataSyntax => {
    const first = this.OR([
      { ALT: () => this.CONSUME(ExternalData) },
      { ALT: () => this.CONSUME(ExternalDataWord) },
    ])
    const columns = this.SUBRULE(this.columnDeclarations)
    const sources: ExpressionSyntax[] = []
    this.CONSUME(LeftBracket)
    this.OPTION({
      GATE: () => !this.next(RightBracket),
      DEF: () => {
        sources.push(this.SUBRULE(this.expression))
        this.MANY({
          GATE: () => !this.next(RightBracket, 2),
          DEF: () => {
            this.CONSUME(Comma)
            sources.push(this.SUBRULE2(this.expression))
          },
        })
        this.OPTION2(() => this.CONSUME2(Comma))
      },
    })
    this.CONSUME(RightBracket)
    const properties: OperatorParameterSyntax[] = []
    this.OPTION3(() => {
      this.CONSUME(With)
      this.CONSUME(LeftParen)
      this.MANY_SEP({ SEP: Comma, DEF: () => properties.push(this.SUBRULE(this.parameter)) })
      this.CONSUME(RightParen)
    })
    return { kind: 'externaldata', columns, sources, properties, span: this.spanFrom(first) }
  })
}
