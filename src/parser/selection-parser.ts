import {
  Asc,
  AssertSchema,
  Assign,
  By,
  Comma,
  Consume,
  Desc,
  First,
  Last,
  Nulls,
  Of,
  Others,
  ProjectByNames,
  Reduce,
  Sample,
  SampleDistinct,
  TopHitters,
  TopNested,
  With,
} from '../lexer/tokens.ts'
import { SourceParser } from './source-parser.ts'
import type {
  AssertSchemaSyntax,
  ConsumeSyntax,
  ExpressionSyntax,
  OperatorParameterSyntax,
  ProjectByNamesSyntax,
  ReduceSyntax,
  SampleDistinctSyntax,
  SampleSyntax,
  TopHittersSyntax,
  TopNestedClauseSyntax,
  TopNestedSyntax,
} from './syntax.ts'

/** The operators that choose some rows or columns in ways of their own. */
export abstract class SelectionParser extends SourceParser {
  protected readonly sample = this.RULE('sample', (): SampleSyntax => {
    const first = this.CONSUME(Sample)
    this.SUBRULE(this.parameters)
    const count = this.SUBRULE(this.expression)
    return { kind: 'sample', count, span: this.spanFrom(first) }
  })

  protected readonly sampleDistinct = this.RULE('sampleDistinct', (): SampleDistinctSyntax => {
    const first = this.CONSUME(SampleDistinct)
    this.SUBRULE(this.parameters)
    const count = this.SUBRULE(this.expression)
    this.CONSUME(Of)
    const of = this.SUBRULE(this.namedExpression)
    return { kind: 'sample-distinct', count, of, span: this.spanFrom(first) }
  })

  protected readonly reduce = this.RULE('reduce', (): ReduceSyntax => {
    const first = this.CONSUME(Reduce)
    const parameters = this.SUBRULE(this.parameters)
    this.CONSUME(By)
    const by = this.SUBRULE(this.namedExpression)
    const options: OperatorParameterSyntax[] = []
    this.OPTION(() => {
      this.CONSUME(With)
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => options.push(this.SUBRULE(this.parameter)),
        ERR_MSG: 'A parameter is missing',
      })
    })
    return { kind: 'reduce', parameters, by, options, span: this.spanFrom(first) }
  })

  protected readonly topHitters = this.RULE('topHitters', (): TopHittersSyntax => {
    const first = this.CONSUME(TopHitters)
    const count = this.SUBRULE(this.expression)
    this.CONSUME(Of)
    const of = this.SUBRULE(this.namedExpression)
    const by = this.OPTION(() => {
      this.CONSUME(By)
      return this.SUBRULE2(this.namedExpression)
    })
    return { kind: 'top-hitters', count, of, ...(by && { by }), span: this.spanFrom(first) }
  })

  protected readonly topNested = this.RULE('topNested', (): TopNestedSyntax => {
    const first = this.LA(1)
    const clauses: TopNestedClauseSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => clauses.push(this.SUBRULE(this.topNestedClause)),
      ERR_MSG: 'A clause of top-nested is missing',
    })
    return { kind: 'top-nested', clauses, span: this.spanFrom(first) }
  })

  private readonly topNestedClause = this.RULE('topNestedClause', (): TopNestedClauseSyntax => {
    const first = this.CONSUME(TopNested)
    const count = this.OPTION({
      GATE: () => !this.next(Of),
      DEF: () => this.SUBRULE(this.expression),
    })
    this.CONSUME(Of)
    const of = this.SUBRULE(this.namedExpression)
    const others = this.OPTION2(() => {
      this.CONSUME(With)
      this.CONSUME(Others)
      this.CONSUME(Assign)
      return this.SUBRULE2(this.expression)
    })
    this.CONSUME(By)
    const by = this.SUBRULE2(this.namedExpression)
    const direction = this.OPTION3(
      () =>
        this.OR([{ ALT: () => this.CONSUME(Asc) }, { ALT: () => this.CONSUME(Desc) }]).image as
          | 'asc'
          | 'desc',
    )
    const nulls = this.OPTION4(() => {
      this.CONSUME(Nulls)
      return this.OR2([{ ALT: () => this.CONSUME(First) }, { ALT: () => this.CONSUME(Last) }])
        .image as 'first' | 'last'
    })
    return {
      ...(count && { count }),
      of,
      ...(others && { others }),
      by,
      ...(direction && { direction }),
      ...(nulls && { nulls }),
      span: this.spanFrom(first),
    }
  })

  protected readonly projectByNames = this.RULE('projectByNames', (): ProjectByNamesSyntax => {
    const first = this.CONSUME(ProjectByNames)
    const names: ExpressionSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => names.push(this.SUBRULE(this.expression)),
      ERR_MSG: 'A name is missing',
    })
    return { kind: 'project-by-names', names, span: this.spanFrom(first) }
  })

  protected readonly assertSchema = this.RULE('assertSchema', (): AssertSchemaSyntax => {
    const first = this.CONSUME(AssertSchema)
    const columns = this.SUBRULE(this.columnDeclarations)
    return { kind: 'assert-schema', columns, span: this.spanFrom(first) }
  })

  protected readonly consumeOperator = this.RULE('consumeOperator', (): ConsumeSyntax => {
    const first = this.CONSUME(Consume)
    const parameters = this.SUBRULE(this.parameters)
    return { kind: 'consume', parameters, span: this.spanFrom(first) }
  })
}
