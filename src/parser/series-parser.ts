import {
  Assign,
  By,
  Comma,
  Default,
  From,
  In,
  LeftParen,
  MakeSeries,
  On,
  Range,
  RightParen,
  Step,
  To,
} from '../lexer/tokens.ts'
import { PatternParser } from './pattern-parser.ts'
import type { ExpressionSyntax, MakeSeriesColumnSyntax, MakeSeriesSyntax } from './syntax.ts'

type Grid = Pick<MakeSeriesSyntax, 'form' | 'from' | 'to' | 'step'>

/** make-series. */
export abstract class SeriesParser extends PatternParser {
  protected readonly makeSeries = this.RULE('makeSeries', (): MakeSeriesSyntax => {
    const first = this.CONSUME(MakeSeries)
    const parameters = this.SUBRULE(this.parameters)
    const aggregates: MakeSeriesColumnSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => aggregates.push(this.SUBRULE(this.makeSeriesColumn)),
      ERR_MSG: 'An aggregate is missing',
    })
    this.CONSUME(On)
    const axis = this.SUBRULE(this.namedExpression)
    const grid = this.OR([
      { ALT: () => this.SUBRULE(this.inRange) },
      { ALT: () => this.SUBRULE(this.fromTo) },
    ])
    const by = this.OPTION(() => {
      this.CONSUME(By)
      return this.SUBRULE(this.namedExpressions)
    })
    return {
      kind: 'make-series',
      parameters,
      aggregates,
      axis,
      ...grid,
      by: by ?? [],
      span: this.spanFrom(first),
    }
  })

  private readonly makeSeriesColumn = this.RULE('makeSeriesColumn', (): MakeSeriesColumnSyntax => {
    const first = this.LA(1)
    const column = this.SUBRULE(this.namedExpression)
    const value = this.OPTION(() => {
      this.CONSUME(Default)
      this.CONSUME(Assign)
      return this.SUBRULE(this.expression)
    })
    return { column, ...(value && { default: value }), span: this.spanFrom(first) }
  })

  private readonly inRange = this.RULE('inRange', (): Grid => {
    this.CONSUME(In)
    this.CONSUME(Range)
    this.CONSUME(LeftParen)
    const from = this.SUBRULE(this.expression)
    this.CONSUME(Comma)
    const to = this.SUBRULE2(this.expression)
    this.CONSUME2(Comma)
    const step = this.SUBRULE3(this.expression)
    this.CONSUME(RightParen)
    return { form: 'in-range', from, to, step }
  })

  private readonly fromTo = this.RULE('fromTo', (): Grid => {
    const from = this.OPTION((): ExpressionSyntax => {
      this.CONSUME(From)
      return this.SUBRULE(this.expression)
    })
    const to = this.OPTION2((): ExpressionSyntax => {
      this.CONSUME(To)
      return this.SUBRULE2(this.expression)
    })
    this.CONSUME(Step)
    const step = this.SUBRULE3(this.expression)
    return { form: 'from-to', ...(from && { from }), ...(to && { to }), step }
  })
}
