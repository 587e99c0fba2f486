import { isWord, type Token, tokenSpan } from '../lexer/tokenize.ts'
import {
  Assign,
  Between,
  Comma,
  Dot,
  DotDot,
  FreeName,
  HasAll,
  HasAny,
  In,
  InfixOperator,
  LeftBracket,
  LeftParen,
  ListOperator,
  LongLiteral,
  Minus,
  NotBetween,
  Plus,
  Range,
  RealLiteral,
  ReferableName,
  RightBracket,
  RightParen,
  Star,
  StringLiteral,
  TimespanLiteral,
  ToScalar,
  ToTable,
  TypeOf,
  UnsupportedOperator,
} from '../lexer/tokens.ts'
import { OperatorChain } from './binary.ts'
import { longLiteral, realLiteral, timespanLiteral } from './literal.ts'
import { LiteralParser } from './literal-parser.ts'
import type {
  CallSyntax,
  ExpressionSyntax,
  ExternalDataSyntax,
  InSyntax,
  LiteralSyntax,
  NamedExpressionSyntax,
  NameSyntax,
  StarSyntax,
  UnsupportedSyntax,
} from './syntax.ts'

/** A rule of the grammar that a later layer declares. */
type Rule<T> = () => T

/** The scalar expressions of the grammar. */
export abstract class ExpressionParser extends LiteralParser {
  /** A tabular or scalar expression with the operators piped to it. */
  protected abstract readonly pipe: Rule<ExpressionSyntax>
  protected abstract readonly externalData: Rule<ExternalDataSyntax>

  /** Operands and operators: see {@link OperatorChain} for how they bind. */
  readonly expression = this.RULE('expression', (): ExpressionSyntax => {
    const chain = new OperatorChain(token => this.reportChained(token))
    let first = this.LA(1)
    const node = this.SUBRULE(this.unary)
    this.ACTION(() => chain.operand(node, this.spanFrom(first)))
    this.MANY({
      // `on t in range(a, b, step)` of make-series.
      GATE: () => !this.next(In) || !this.next(Range, 2),
      DEF: () =>
        this.OR([
          {
            ALT: () => {
              const operator = this.CONSUME(InfixOperator)
              this.ACTION(() => chain.infix(operator, tokenSpan(operator)))
              first = this.LA(1)
              const right = this.SUBRULE2(this.unary)
              this.ACTION(() => chain.operand(right, this.spanFrom(first)))
            },
          },
          {
            ALT: () => {
              const operator = this.SUBRULE(this.listOperator)
              const items = this.SUBRULE(this.list)
              this.ACTION(() =>
                chain.suffix(operator, this.spanFrom(operator).end, (operand, span) => ({
                  kind: 'in',
                  operator: operator.image as InSyntax['operator'],
                  operatorSpan: tokenSpan(operator),
                  operand,
                  items,
                  span,
                })),
              )
            },
          },
          {
            ALT: () => {
              const operator = this.OR2([
                { ALT: () => this.CONSUME(Between) },
                { ALT: () => this.CONSUME(NotBetween) },
              ])
              this.CONSUME(LeftParen)
              const low = this.SUBRULE2(this.expression)
              this.CONSUME(DotDot)
              const high = this.SUBRULE3(this.expression)
              this.CONSUME(RightParen)
              this.ACTION(() =>
                chain.suffix(operator, this.spanFrom(operator).end, (operand, span) => ({
                  kind: 'between',
                  negated: operator.tokenType === NotBetween,
                  operand,
                  low,
                  high,
                  span,
                })),
              )
            },
          },
        ]),
    })
    return this.ACTION(() => chain.result())
  })

  protected readonly listOperator = this.RULE('listOperator', (): Token => {
    return this.OR([
      { ALT: () => this.CONSUME(In) },
      { ALT: () => this.CONSUME(ListOperator) },
      { ALT: () => this.CONSUME(HasAny) },
      { ALT: () => this.CONSUME(HasAll) },
    ])
  })

  /** `(a, b, c)`, or one tabular expression in parentheses. */
  protected readonly list = this.RULE('list', (): readonly ExpressionSyntax[] => {
    const items: ExpressionSyntax[] = []
    this.CONSUME(LeftParen)
    items.push(this.SUBRULE(this.pipe))
    this.MANY(() => {
      this.CONSUME(Comma)
      items.push(this.SUBRULE(this.expression))
    })
    this.CONSUME(RightParen)
    return items
  })

  private reportChained(token: Token): void {
    this.diagnostics.error(
      'KS198',
      `'${token.image}' cannot follow another comparison without parentheses.`,
      tokenSpan(token),
      'Put the first comparison in parentheses, or join the two by and.',
    )
  }

  protected readonly unary = this.RULE('unary', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        {
          GATE: () => this.isSignedNumber(),
          ALT: () => this.SUBRULE(this.number),
        },
        {
          ALT: (): ExpressionSyntax => {
            const sign = this.OR2([
              { ALT: () => this.CONSUME(Minus) },
              { ALT: () => this.CONSUME(Plus) },
            ])
            const operand = this.SUBRULE(this.postfix)
            return {
              kind: 'unary',
              operator: sign.tokenType === Minus ? '-' : '+',
              operand,
              span: this.spanFrom(sign),
            }
          },
        },
        { ALT: () => this.SUBRULE2(this.postfix) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'An expression is missing',
    })
  })

  /** Whether a minus and a number come next, which are one literal: `-9223372036854775808` is a long. */
  private isSignedNumber(): boolean {
    if (!this.next(Minus)) return false
    const type = this.LA(2).tokenType
    const isNumber = type === LongLiteral || type === RealLiteral || type === TimespanLiteral
    return isNumber && !this.next(Dot, 3) && !this.next(LeftBracket, 3)
  }

  protected readonly unsignedNumber = this.RULE('unsignedNumber', (): LiteralSyntax => {
    const token = this.OR([
      { ALT: () => this.CONSUME(LongLiteral) },
      { ALT: () => this.CONSUME(RealLiteral) },
      { ALT: () => this.CONSUME(TimespanLiteral) },
    ])
    return this.ACTION(() => {
      const span = tokenSpan(token)
      switch (token.tokenType) {
        case LongLiteral:
          return longLiteral(token.image, false, span, this.diagnostics)
        case RealLiteral:
          return realLiteral(token.image, false, span)
        default:
          return timespanLiteral(token.image, false, span, this.diagnostics)
      }
    })
  })

  /** An operand with the members and elements taken from it. */
  protected readonly postfix = this.RULE('postfix', (): ExpressionSyntax => {
    const first = this.LA(1)
    let node = this.SUBRULE(this.primary)
    this.MANY(() => {
      node = this.OR([
        {
          ALT: (): ExpressionSyntax => {
            this.CONSUME(Dot)
            return this.OR2({
              DEF: [
                // x.[0] is x[0], but x.['a'] is x.a.
                {
                  GATE: () => !this.next(StringLiteral, 2),
                  ALT: (): ExpressionSyntax => {
                    const index = this.SUBRULE(this.subscript)
                    return { kind: 'index', target: node, index, span: this.spanFrom(first) }
                  },
                },
                {
                  ALT: (): ExpressionSyntax => {
                    const member = this.SUBRULE(this.name)
                    const items = this.OPTION({
                      GATE: () => !this.isReferenceOnly(),
                      DEF: () => this.SUBRULE(this.arguments),
                    })
                    const span = this.spanFrom(first)
                    if (items === undefined) return { kind: 'member', target: node, member, span }
                    return { kind: 'call', target: node, callee: member, arguments: items, span }
                  },
                },
              ],
              IGNORE_AMBIGUITIES: true,
              ERR_MSG: 'A name is missing',
            })
          },
        },
        {
          ALT: (): ExpressionSyntax => {
            const index = this.SUBRULE2(this.subscript)
            return { kind: 'index', target: node, index, span: this.spanFrom(first) }
          },
        },
      ])
    })
    return node
  })

  /** `[expression]`. */
  protected readonly subscript = this.RULE('subscript', (): ExpressionSyntax => {
    this.CONSUME(LeftBracket)
    const index = this.SUBRULE(this.expression)
    this.CONSUME(RightBracket)
    return index
  })

  protected readonly primary = this.RULE('primary', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        { GATE: () => this.isTypeOf(), ALT: () => this.SUBRULE(this.typeOf) },
        { ALT: () => this.SUBRULE(this.nameOrCall) },
        { ALT: () => this.SUBRULE(this.strings) },
        { ALT: () => this.SUBRULE(this.unsignedNumber) },
        { ALT: () => this.SUBRULE(this.parenthesized) },
        { ALT: () => this.SUBRULE(this.typed) },
        { ALT: () => this.SUBRULE(this.bool) },
        { ALT: () => this.SUBRULE(this.dynamicLiteral) },
        { ALT: () => this.SUBRULE(this.tabularCall) },
        { ALT: () => this.SUBRULE(this.datatable) },
        { ALT: () => this.SUBRULE(this.externalData) },
        {
          GATE: () => this.isStarOperand(),
          ALT: (): StarSyntax => ({ kind: 'star', span: tokenSpan(this.CONSUME(Star)) }),
        },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'An expression is missing',
    })
  })

  private isTypeOf(): boolean {
    return this.next(TypeOf) && this.next(LeftParen, 2)
  }

  /** `* has 'x'`: any column. `* != 'x'` is no condition: Kusto refuses it. */
  private isStarOperand(): boolean {
    return this.next(InfixOperator, 2) && !/^([-+*/%]|!=|<>)$/.test(this.LA(2).image)
  }

  protected readonly parenthesized = this.RULE('parenthesized', (): ExpressionSyntax => {
    this.CONSUME(LeftParen)
    const node = this.SUBRULE(this.pipe)
    this.CONSUME(RightParen)
    return node
  })

  protected readonly nameOrCall = this.RULE('nameOrCall', (): ExpressionSyntax => {
    const first = this.LA(1)
    const callee = this.SUBRULE(this.name)
    const items = this.OPTION({
      GATE: () => !this.isReferenceOnly(),
      DEF: () => this.SUBRULE(this.arguments),
    })
    if (items === undefined) return callee
    return { kind: 'call', callee, arguments: items, span: this.spanFrom(first) }
  })

  /** Whether the name that was read last is one of a column only, such as `kind`. */
  private isReferenceOnly(): boolean {
    return this.next(ReferableName, 0) && !this.next(FreeName, 0)
  }

  /** `(a, b = 1, *)`. */
  protected readonly arguments = this.RULE('arguments', (): readonly ExpressionSyntax[] => {
    const items: ExpressionSyntax[] = []
    this.CONSUME(LeftParen)
    this.MANY_SEP({ SEP: Comma, DEF: () => items.push(this.SUBRULE(this.argument)) })
    this.CONSUME(RightParen)
    return items
  })

  protected readonly argument = this.RULE('argument', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        {
          GATE: () => !this.isStarOperand(),
          ALT: (): StarSyntax => ({ kind: 'star', span: tokenSpan(this.CONSUME(Star)) }),
        },
        {
          GATE: () => this.isUnsupportedSource(),
          ALT: () => this.SUBRULE(this.unsupported),
        },
        {
          GATE: () => this.isAssignment(),
          ALT: (): ExpressionSyntax => {
            const first = this.LA(1)
            const name = this.SUBRULE(this.declaredName)
            this.CONSUME(Assign)
            const value = this.SUBRULE(this.expression)
            return { kind: 'named-argument', name, value, span: this.spanFrom(first) }
          },
        },
        { ALT: () => this.SUBRULE2(this.expression) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'An argument is missing',
    })
  })

  /** An operator or source that is read over: its first word tells which. */
  protected readonly unsupported = this.RULE('unsupported', (): UnsupportedSyntax => {
    const first = this.CONSUME(UnsupportedOperator)
    return this.ACTION(() => this.skipUnsupported('operator', first))
  })

  /** The words of some unsupported sources are also names: `find x` but `find | take 1`. */
  protected isUnsupportedSource(): boolean {
    if (!this.next(UnsupportedOperator)) return false
    if (!this.next(ReferableName) || isWord(this.LA(2))) return true
    const { image } = this.LA(1)
    return (
      (image === 'inline_external_table' && this.next(LeftParen, 2)) ||
      (image === 'entity_group' && this.next(LeftBracket, 2))
    )
  }

  /** `toscalar(T | count)`, `totable(…)`: the calls that take a tabular expression as it is. */
  protected readonly tabularCall = this.RULE('tabularCall', (): CallSyntax => {
    const first = this.OR([
      { ALT: () => this.CONSUME(ToScalar) },
      { ALT: () => this.CONSUME(ToTable) },
    ])
    this.CONSUME(LeftParen)
    const argument = this.SUBRULE(this.pipe)
    this.CONSUME(RightParen)
    return {
      kind: 'call',
      callee: this.nameOf(first),
      arguments: [argument],
      span: this.spanFrom(first),
    }
  })

  /** `expression`, `name = expression` or `(a, b) = expression`. */
  protected readonly namedExpression = this.RULE('namedExpression', (): NamedExpressionSyntax => {
    const first = this.LA(1)
    const names: NameSyntax[] = []
    this.OPTION({
      GATE: () => this.isAssignment() || this.isTupleAssignment(),
      DEF: () => {
        this.OR([
          { ALT: () => names.push(this.SUBRULE(this.declaredName)) },
          {
            ALT: () => {
              this.CONSUME(LeftParen)
              this.AT_LEAST_ONE_SEP({
                SEP: Comma,
                DEF: () => names.push(this.SUBRULE2(this.declaredName)),
                ERR_MSG: 'A name is missing',
              })
              this.CONSUME(RightParen)
            },
          },
        ])
        this.CONSUME(Assign)
      },
    })
    const expression = this.SUBRULE(this.expression)
    return { names, expression, span: this.spanFrom(first) }
  })

  protected readonly namedExpressions = this.RULE(
    'namedExpressions',
    (): readonly NamedExpressionSyntax[] => {
      const items: NamedExpressionSyntax[] = []
      this.AT_LEAST_ONE_SEP({
        SEP: Comma,
        DEF: () => items.push(this.SUBRULE(this.namedExpression)),
        ERR_MSG: 'An expression is missing',
      })
      return items
    },
  )
}
