import {
  As,
  Asc,
  Assign,
  By,
  Colon,
  Comma,
  Count,
  Desc,
  Distinct,
  Evaluate,
  Extend,
  Filter,
  GetSchema,
  GrannyAsc,
  GrannyDesc,
  Invoke,
  Join,
  LeftParen,
  Limit,
  Lookup,
  MvApply,
  MvApplyWord,
  MvExpand,
  MvExpandWord,
  On,
  Order,
  Pipe,
  Project,
  ProjectAway,
  ProjectKeep,
  ProjectRename,
  ProjectReorder,
  RightParen,
  Serialize,
  Sort,
  Summarize,
  Take,
  To,
  Top,
  Union,
  Where,
} from '../lexer/tokens.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import { GraphParser } from './graph-parser.ts'
import type {
  AsSyntax,
  CountSyntax,
  DistinctSyntax,
  EvaluateSyntax,
  ExpressionSyntax,
  ExtendSyntax,
  GetSchemaSyntax,
  InvokeSyntax,
  JoinSyntax,
  LookupSyntax,
  MvApplySyntax,
  MvExpandColumnSyntax,
  MvExpandSyntax,
  OperatorSyntax,
  OrderedExpressionSyntax,
  ProjectAwaySyntax,
  ProjectKeepSyntax,
  ProjectRenameSyntax,
  ProjectReorderSyntax,
  ProjectSyntax,
  SerializeSyntax,
  SortSyntax,
  SummarizeSyntax,
  TakeSyntax,
  TopSyntax,
  UnionSyntax,
  WhereSyntax,
} from './syntax.ts'

type Rename = ProjectRenameSyntax['columns'][number]
type Reorder = ProjectReorderSyntax['columns'][number]

/** The tabular operators of the grammar, without the pipes between them. */
export abstract class OperatorParser extends GraphParser {
  protected readonly where = this.RULE('where', (): WhereSyntax => {
    const first = this.OR([{ ALT: () => this.CONSUME(Where) }, { ALT: () => this.CONSUME(Filter) }])
    this.SUBRULE(this.parameters)
    const { names, expression } = this.SUBRULE(this.namedExpression)
    if (this.next(Assign)) {
      this.fail('KS198', "'=' is not a comparison.", 'Compare with ==.')
    }
    return { kind: 'where', names, predicate: expression, span: this.spanFrom(first) }
  })

  protected readonly extend = this.RULE('extend', (): ExtendSyntax => {
    const first = this.CONSUME(Extend)
    const columns = this.SUBRULE(this.namedExpressions)
    return { kind: 'extend', columns, span: this.spanFrom(first) }
  })

  protected readonly project = this.RULE('project', (): ProjectSyntax => {
    const first = this.CONSUME(Project)
    const columns = this.OPTION(() => this.SUBRULE(this.namedExpressions)) ?? []
    return { kind: 'project', columns, span: this.spanFrom(first) }
  })

  protected readonly projectAway = this.RULE('projectAway', (): ProjectAwaySyntax => {
    const first = this.CONSUME(ProjectAway)
    const columns = this.SUBRULE(this.columnPatterns)
    return { kind: 'project-away', columns, span: this.spanFrom(first) }
  })

  protected readonly projectKeep = this.RULE('projectKeep', (): ProjectKeepSyntax => {
    const first = this.CONSUME(ProjectKeep)
    const columns = this.SUBRULE(this.columnPatterns)
    return { kind: 'project-keep', columns, span: this.spanFrom(first) }
  })

  protected readonly projectRename = this.RULE('projectRename', (): ProjectRenameSyntax => {
    const first = this.CONSUME(ProjectRename)
    const columns: Rename[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => {
        const name = this.SUBRULE(this.declaredName)
        this.CONSUME(Assign)
        const from = this.SUBRULE(this.name)
        columns.push({ name, from })
      },
      ERR_MSG: 'A name is missing',
    })
    return { kind: 'project-rename', columns, span: this.spanFrom(first) }
  })

  protected readonly projectReorder = this.RULE('projectReorder', (): ProjectReorderSyntax => {
    const first = this.CONSUME(ProjectReorder)
    const columns: Reorder[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => {
        const column = this.SUBRULE(this.columnPattern)
        const order = this.OPTION(
          () =>
            this.OR([
              { ALT: () => this.CONSUME(Asc) },
              { ALT: () => this.CONSUME(Desc) },
              { ALT: () => this.CONSUME(GrannyAsc) },
              { ALT: () => this.CONSUME(GrannyDesc) },
            ]).image as NonNullable<Reorder['order']>,
        )
        columns.push({ column, ...(order && { order }) })
      },
      ERR_MSG: 'A column name is missing',
    })
    return { kind: 'project-reorder', columns, span: this.spanFrom(first) }
  })

  protected readonly summarize = this.RULE('summarize', (): SummarizeSyntax => {
    const first = this.CONSUME(Summarize)
    const parameters = this.SUBRULE(this.parameters)
    const aggregates = this.OPTION({
      GATE: () => !this.next(By),
      DEF: () => this.SUBRULE(this.namedExpressions),
    })
    const by = this.OPTION2(() => {
      this.CONSUME(By)
      return this.SUBRULE2(this.namedExpressions)
    })
    return {
      kind: 'summarize',
      parameters,
      aggregates: aggregates ?? [],
      by: by ?? [],
      span: this.spanFrom(first),
    }
  })

  protected readonly join = this.RULE('join', (): JoinSyntax => {
    const first = this.CONSUME(Join)
    const parameters = this.SUBRULE(this.parameters)
    const right = this.SUBRULE(this.rightOperand)
    const on = this.OPTION(() => this.SUBRULE(this.onClause))
    return { kind: 'join', parameters, right, on: on ?? [], span: this.spanFrom(first) }
  })

  protected readonly lookup = this.RULE('lookup', (): LookupSyntax => {
    const first = this.CONSUME(Lookup)
    const parameters = this.SUBRULE(this.parameters)
    const right = this.SUBRULE(this.rightOperand)
    const on = this.SUBRULE(this.onClause)
    return { kind: 'lookup', parameters, right, on, span: this.spanFrom(first) }
  })

  protected readonly mvExpand = this.RULE('mvExpand', (): MvExpandSyntax => {
    const first = this.OR([
      { ALT: () => this.CONSUME(MvExpand) },
      { ALT: () => this.CONSUME(MvExpandWord) },
    ])
    const legacy = first.tokenType === MvExpandWord
    const parameters = this.SUBRULE(this.parameters)
    const columns: MvExpandColumnSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => columns.push(this.SUBRULE(this.mvExpandColumn)),
      ERR_MSG: 'An expression is missing',
    })
    const limit = this.OPTION(() => {
      this.CONSUME(Limit)
      return this.SUBRULE(this.expression)
    })
    return {
      kind: 'mv-expand',
      parameters,
      columns,
      ...(limit && { limit }),
      ...(legacy && { legacy }),
      span: this.spanFrom(first),
    }
  })

  protected readonly mvExpandColumn = this.RULE('mvExpandColumn', (): MvExpandColumnSyntax => {
    const first = this.LA(1)
    const column = this.SUBRULE(this.namedExpression)
    const type = this.OPTION((): ScalarType => {
      this.CONSUME(To)
      const typeOf = this.SUBRULE(this.typeOf)
      return this.ACTION(() => {
        if (typeof typeOf.type === 'string') return typeOf.type
        return this.fail('KS005', 'A scalar type is missing.', undefined, typeOf.span)
      })
    })
    return this.ACTION(() => {
      const [name, second] = column.names
      if (second) {
        this.fail(
          'KQL101',
          'mv-expand with several names for one expression is not supported.',
          undefined,
          second.span,
        )
      }
      return {
        expression: column.expression,
        ...(name && { name }),
        ...(type && { type }),
        span: this.spanFrom(first),
      }
    })
  })

  protected readonly mvApply = this.RULE('mvApply', (): MvApplySyntax => {
    const first = this.OR([
      { ALT: () => this.CONSUME(MvApply) },
      { ALT: () => this.CONSUME(MvApplyWord) },
    ])
    const parameters = this.SUBRULE(this.parameters)
    const columns: MvExpandColumnSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => columns.push(this.SUBRULE(this.mvExpandColumn)),
      ERR_MSG: 'An expression is missing',
    })
    const limit = this.OPTION(() => {
      this.CONSUME(Limit)
      return this.SUBRULE(this.expression)
    })
    this.CONSUME(On)
    this.CONSUME(LeftParen)
    const operators: OperatorSyntax[] = []
    this.AT_LEAST_ONE_SEP2({
      SEP: Pipe,
      DEF: () => operators.push(this.SUBRULE(this.operator)),
      ERR_MSG: 'An operator is missing',
    })
    this.CONSUME(RightParen)
    return {
      kind: 'mv-apply',
      parameters,
      columns,
      ...(limit && { limit }),
      operators,
      span: this.spanFrom(first),
    }
  })

  protected readonly sort = this.RULE('sort', (): SortSyntax => {
    const first = this.OR([{ ALT: () => this.CONSUME(Sort) }, { ALT: () => this.CONSUME(Order) }])
    this.SUBRULE(this.parameters)
    this.CONSUME(By)
    const by: OrderedExpressionSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => by.push(this.SUBRULE(this.ordered)),
      ERR_MSG: 'An expression is missing',
    })
    return { kind: 'sort', by, span: this.spanFrom(first) }
  })

  protected readonly top = this.RULE('top', (): TopSyntax => {
    const first = this.CONSUME(Top)
    this.SUBRULE(this.parameters)
    const count = this.SUBRULE(this.expression)
    this.CONSUME(By)
    const by = this.SUBRULE(this.ordered)
    return { kind: 'top', count, by, span: this.spanFrom(first) }
  })

  protected readonly take = this.RULE('take', (): TakeSyntax => {
    const first = this.OR([{ ALT: () => this.CONSUME(Take) }, { ALT: () => this.CONSUME(Limit) }])
    this.SUBRULE(this.parameters)
    const count = this.SUBRULE(this.expression)
    return { kind: 'take', count, span: this.spanFrom(first) }
  })

  protected readonly count = this.RULE('count', (): CountSyntax => {
    const first = this.CONSUME(Count)
    const name = this.OPTION(() => {
      this.CONSUME(As)
      return this.SUBRULE(this.declaredName)
    })
    return { kind: 'count', ...(name && { name }), span: this.spanFrom(first) }
  })

  protected readonly distinct = this.RULE('distinct', (): DistinctSyntax => {
    const first = this.CONSUME(Distinct)
    this.SUBRULE(this.parameters)
    const columns: ExpressionSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => columns.push(this.SUBRULE(this.argument)),
      ERR_MSG: 'An expression is missing',
    })
    return { kind: 'distinct', columns, span: this.spanFrom(first) }
  })

  protected readonly as = this.RULE('as', (): AsSyntax => {
    const first = this.CONSUME(As)
    this.SUBRULE(this.parameters)
    const name = this.SUBRULE(this.freeName)
    return { kind: 'as', name, span: this.spanFrom(first) }
  })

  protected readonly serialize = this.RULE('serialize', (): SerializeSyntax => {
    const first = this.CONSUME(Serialize)
    const columns = this.OPTION(() => this.SUBRULE(this.namedExpressions)) ?? []
    return { kind: 'serialize', columns, span: this.spanFrom(first) }
  })

  protected readonly getSchema = this.RULE('getSchema', (): GetSchemaSyntax => {
    const first = this.CONSUME(GetSchema)
    const parameters = this.SUBRULE(this.parameters)
    this.ACTION(() => {
      const [parameter] = parameters
      if (parameter === undefined) return
      this.fail('KQL101', 'getschema with a kind is not supported.', undefined, parameter.span)
    })
    return { kind: 'getschema', span: this.spanFrom(first) }
  })

  protected readonly invoke = this.RULE('invoke', (): InvokeSyntax => {
    const first = this.CONSUME(Invoke)
    const call = this.SUBRULE(this.postfix)
    return this.ACTION(() => {
      if (call.kind !== 'call') {
        this.fail('KS006', 'invoke needs a call of a function.', undefined, call.span)
      }
      return { kind: 'invoke', call, span: this.spanFrom(first) }
    })
  })

  /** `evaluate hint.distribution=single f(a): (b: long)`. */
  protected readonly evaluate = this.RULE('evaluate', (): EvaluateSyntax => {
    const first = this.CONSUME(Evaluate)
    const parameters = this.SUBRULE(this.parameters)
    const start = this.LA(1)
    const callee = this.SUBRULE(this.name)
    const items = this.SUBRULE(this.arguments)
    const callSpan = this.spanFrom(start)
    const schema = this.OPTION(() => {
      this.CONSUME(Colon)
      return this.SUBRULE(this.outputSchema)
    })
    return {
      kind: 'evaluate',
      parameters,
      call: { kind: 'call', callee, arguments: items, span: callSpan },
      ...(schema && { schema }),
      span: this.spanFrom(first),
    }
  })

  protected readonly union = this.RULE('union', (): UnionSyntax => {
    const first = this.CONSUME(Union)
    const parameters = this.SUBRULE(this.parameters, { ARGS: ['best_effort'] })
    const sources: ExpressionSyntax[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => sources.push(this.SUBRULE(this.tableOperand)),
      ERR_MSG: 'A table is missing',
    })
    return { kind: 'union', parameters, sources, span: this.spanFrom(first) }
  })

  /** One operator, from its keyword on. */
  protected readonly operator = this.RULE('operator', (): OperatorSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.where) },
        { ALT: () => this.SUBRULE(this.extend) },
        { ALT: () => this.SUBRULE(this.project) },
        { ALT: () => this.SUBRULE(this.summarize) },
        { ALT: () => this.SUBRULE(this.join) },
        { ALT: () => this.SUBRULE(this.sort) },
        { ALT: () => this.SUBRULE(this.mvExpand) },
        { ALT: () => this.SUBRULE(this.mvApply) },
        { ALT: () => this.SUBRULE(this.parseText) },
        { ALT: () => this.SUBRULE(this.parseWhere) },
        { ALT: () => this.SUBRULE(this.parseKv) },
        { ALT: () => this.SUBRULE(this.scan) },
        { ALT: () => this.SUBRULE(this.partition) },
        { ALT: () => this.SUBRULE(this.fork) },
        { ALT: () => this.SUBRULE(this.facet) },
        { ALT: () => this.SUBRULE(this.makeGraph) },
        { ALT: () => this.SUBRULE(this.graphMatch) },
        { ALT: () => this.SUBRULE(this.graphShortestPaths) },
        { ALT: () => this.SUBRULE(this.graphMarkComponents) },
        { ALT: () => this.SUBRULE(this.graphToTable) },
        { ALT: () => this.SUBRULE(this.makeSeries) },
        { ALT: () => this.SUBRULE(this.distinct) },
        { ALT: () => this.SUBRULE(this.projectAway) },
        { ALT: () => this.SUBRULE(this.projectKeep) },
        { ALT: () => this.SUBRULE(this.projectRename) },
        { ALT: () => this.SUBRULE(this.projectReorder) },
        { ALT: () => this.SUBRULE(this.lookup) },
        { ALT: () => this.SUBRULE(this.top) },
        { ALT: () => this.SUBRULE(this.take) },
        { ALT: () => this.SUBRULE(this.count) },
        { ALT: () => this.SUBRULE(this.as) },
        { ALT: () => this.SUBRULE(this.serialize) },
        { ALT: () => this.SUBRULE(this.getSchema) },
        { ALT: () => this.SUBRULE(this.invoke) },
        { ALT: () => this.SUBRULE(this.evaluate) },
        { ALT: () => this.SUBRULE(this.union) },
        { ALT: () => this.SUBRULE(this.search) },
        { ALT: () => this.SUBRULE(this.find) },
        { ALT: () => this.SUBRULE(this.sample) },
        { ALT: () => this.SUBRULE(this.sampleDistinct) },
        { ALT: () => this.SUBRULE(this.topNested) },
        { ALT: () => this.SUBRULE(this.topHitters) },
        { ALT: () => this.SUBRULE(this.reduce) },
        { ALT: () => this.SUBRULE(this.projectByNames) },
        { ALT: () => this.SUBRULE(this.assertSchema) },
        { ALT: () => this.SUBRULE(this.consumeOperator) },
        { ALT: () => this.SUBRULE(this.render) },
        { ALT: () => this.SUBRULE(this.unsupported) },
      ],
      ERR_MSG: 'An operator is missing',
    })
  })
}
