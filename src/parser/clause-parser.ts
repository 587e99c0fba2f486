import { tokenSpan } from '../lexer/tokenize.ts'
import {
  Asc,
  Assign,
  Comma,
  Desc,
  Dot,
  First,
  Last,
  LongLiteral,
  Nulls,
  On,
  Star,
  Word,
} from '../lexer/tokens.ts'
import { ExpressionParser } from './expression-parser.ts'
import type {
  CallSyntax,
  ExpressionSyntax,
  NameSyntax,
  OperatorParameterSyntax,
  OrderedExpressionSyntax,
  StarSyntax,
  WildcardSyntax,
} from './syntax.ts'

/** The parameters that most operators take; which of them mean something there, the binder knows. */
const PARAMETERS: ReadonlySet<string> = new Set([
  'kind',
  'withsource',
  'with_source',
  'isfuzzy',
  '__isFuzzy',
  'force_remote',
  'bagexpansion',
  'with_itemindex',
  'expandoutput',
  'decodeblocks',
  'hint.concurrency',
  'hint.distribution',
  'hint.materialized',
  'hint.num_partitions',
  'hint.pass_filters',
  'hint.pass_filters_column',
  'hint.progressive_top',
  'hint.remote',
  'hint.shufflekey',
  'hint.spread',
  'hint.strategy',
])

const NO_TABLE = 'A table, or an expression in parentheses, is missing'

/** A column, or the columns whose names match. */
export type ColumnPattern = NameSyntax | WildcardSyntax | StarSyntax

/** The parts that several operators share. */
export abstract class ClauseParser extends ExpressionParser {
  /** `kind=inner`, `hint.strategy=broadcast`, as many as there are. `also` is one more name to take. */
  protected readonly parameters = this.RULE(
    'parameters',
    (also?: string): readonly OperatorParameterSyntax[] => {
      const parameters: OperatorParameterSyntax[] = []
      this.MANY({
        GATE: () => this.isParameter(also),
        DEF: () => parameters.push(this.SUBRULE(this.parameter)),
      })
      return parameters
    },
  )

  private isParameter(also: string | undefined): boolean {
    const { image } = this.LA(1)
    if (this.next(Assign, 2)) return PARAMETERS.has(image) || image === also
    return (
      this.next(Dot, 2) && this.next(Assign, 4) && PARAMETERS.has(`${image}.${this.LA(3).image}`)
    )
  }

  protected readonly parameter = this.RULE('parameter', (): OperatorParameterSyntax => {
    const first = this.CONSUME(Word)
    let name = first.image
    this.OPTION(() => {
      this.CONSUME(Dot)
      name += `.${this.CONSUME2(Word).image}`
    })
    this.CONSUME(Assign)
    const value = this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.name) }, { ALT: () => this.SUBRULE(this.literal) }],
      ERR_MSG: 'The value of the parameter is missing',
    })
    return this.ACTION(() => {
      if (value.kind !== 'name' && value.kind !== 'literal') {
        this.fail('KS006', 'The value of the parameter is missing.', undefined, value.span)
      }
      return { name, value, span: this.spanFrom(first) }
    })
  })

  /** `expression [asc|desc] [nulls first|last]`, with a name that is only for the reader. */
  protected readonly ordered = this.RULE('ordered', (): OrderedExpressionSyntax => {
    const first = this.LA(1)
    this.OPTION({
      GATE: () => this.isAssignment(),
      DEF: () => {
        this.SUBRULE(this.declaredName)
        this.CONSUME(Assign)
      },
    })
    const expression = this.SUBRULE(this.expression)
    const direction = this.OPTION2(
      () =>
        this.OR([{ ALT: () => this.CONSUME(Asc) }, { ALT: () => this.CONSUME(Desc) }]).image as
          | 'asc'
          | 'desc',
    )
    const nulls = this.OPTION3(() => {
      this.CONSUME(Nulls)
      return this.OR2([{ ALT: () => this.CONSUME(First) }, { ALT: () => this.CONSUME(Last) }])
        .image as 'first' | 'last'
    })
    return {
      expression,
      ...(direction && { direction }),
      ...(nulls && { nulls }),
      span: this.spanFrom(first),
    }
  })

  /** `Name`, `['a b']`, `Prefix*`, `*`: letters and stars without a gap between them. */
  protected readonly columnPattern = this.RULE('columnPattern', (): ColumnPattern => {
    const first = this.LA(1)
    const start: ColumnPattern = this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.freeName) },
        { ALT: (): StarSyntax => ({ kind: 'star', span: tokenSpan(this.CONSUME(Star)) }) },
      ],
      ERR_MSG: 'A column name is missing',
    })
    let pattern = start.kind === 'name' ? start.name : '*'
    let isWildcard = false
    this.MANY({
      GATE: () => this.isAdjacent(),
      DEF: () => {
        isWildcard = true
        this.OR2([
          {
            ALT: () => {
              pattern += this.CONSUME2(Star).image
            },
          },
          {
            ALT: () => {
              pattern += this.CONSUME(Word).image
            },
          },
          {
            ALT: () => {
              pattern += this.CONSUME(LongLiteral).image
            },
          },
        ])
      },
    })
    if (!isWildcard) return start
    return { kind: 'wildcard', pattern, span: this.spanFrom(first) }
  })

  protected readonly columnPatterns = this.RULE('columnPatterns', (): readonly ColumnPattern[] => {
    const columns: ColumnPattern[] = []
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => columns.push(this.SUBRULE(this.columnPattern)),
      ERR_MSG: 'A column name is missing',
    })
    return columns
  })

  /** What union takes, and join and lookup with more: a name or call with its path, or a pipe in parentheses. */
  protected readonly tableOperand = this.RULE('tableOperand', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.tablePath) },
      ],
      ERR_MSG: NO_TABLE,
    })
  })

  /** What join and lookup take. */
  protected readonly rightOperand = this.RULE('rightOperand', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.tableOperand) },
        { ALT: () => this.SUBRULE(this.datatable) },
        { ALT: () => this.SUBRULE(this.externalData) },
      ],
      ERR_MSG: NO_TABLE,
    })
  })

  /** `T`, `T*`, `f(x)`, `database('d').T`, `cluster('c').database('d').T*`. */
  protected readonly tablePath = this.RULE('tablePath', (): ExpressionSyntax => {
    const first = this.LA(1)
    let node: ExpressionSyntax = this.SUBRULE(this.tablePart)
    this.MANY(() => {
      const target = node
      this.CONSUME(Dot)
      const part = this.SUBRULE2(this.tablePart)
      node = this.ACTION((): ExpressionSyntax => {
        const span = this.spanFrom(first)
        if (part.kind === 'name') return { kind: 'member', target, member: part, span }
        if (part.kind === 'call') return { ...part, target, span }
        if (part.kind === 'star') return { kind: 'wildcard', pattern: '*', target, span }
        return { ...part, target, span }
      })
    })
    return node
  })

  protected readonly tablePart = this.RULE('tablePart', (): ColumnPattern | CallSyntax => {
    const first = this.LA(1)
    const pattern = this.SUBRULE(this.columnPattern)
    const items = this.OPTION({
      GATE: () => pattern.kind === 'name',
      DEF: () => this.SUBRULE(this.arguments),
    })
    if (items === undefined || pattern.kind !== 'name') return pattern
    return { kind: 'call', callee: pattern, arguments: items, span: this.spanFrom(first) }
  })

  protected readonly onClause = this.RULE('onClause', (): readonly ExpressionSyntax[] => {
    const conditions: ExpressionSyntax[] = []
    this.CONSUME(On)
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => conditions.push(this.SUBRULE(this.expression)),
      ERR_MSG: 'An expression is missing',
    })
    return conditions
  })
}
