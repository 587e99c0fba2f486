import { stringValue } from '../lexer/string-literal.ts'
import { tokenSpan } from '../lexer/tokenize.ts'
import {
  BoolLiteral,
  Colon,
  Comma,
  Datatable,
  DynamicWord,
  LeftBrace,
  LeftBracket,
  LeftParen,
  LongLiteral,
  Minus,
  Null,
  Plus,
  RealLiteral,
  RightBrace,
  RightBracket,
  RightParen,
  StringLiteral,
  TimespanLiteral,
  TypedLiteral,
} from '../lexer/tokens.ts'
import type { Dynamic } from '../types/dynamic.ts'
import {
  jsonLong,
  jsonOfLiteral,
  jsonReal,
  longLiteral,
  realLiteral,
  splitTypedLiteral,
  stringLiteral,
  timespanLiteral,
  typedLiteral,
} from './literal.ts'
import { NameParser } from './name-parser.ts'
import type { DatatableSyntax, ExpressionSyntax, LiteralSyntax } from './syntax.ts'

/** Literals of every form. */
export abstract class LiteralParser extends NameParser {
  protected readonly strings = this.RULE('strings', (): LiteralSyntax => {
    const first = this.LA(1)
    const images: string[] = []
    this.AT_LEAST_ONE(() => {
      images.push(this.CONSUME(StringLiteral).image)
    })
    return this.ACTION(() => stringLiteral(images, this.spanFrom(first)))
  })

  /** A number with or without a sign. */
  protected readonly number = this.RULE('number', (): LiteralSyntax => {
    const first = this.LA(1)
    let negative = false
    this.OPTION(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(Minus)
            negative = true
          },
        },
        { ALT: () => this.CONSUME(Plus) },
      ]),
    )
    return this.OR2([
      {
        ALT: () => {
          const { image } = this.CONSUME(LongLiteral)
          return this.ACTION(() =>
            longLiteral(image, negative, this.spanFrom(first), this.diagnostics),
          )
        },
      },
      {
        ALT: () => {
          const { image } = this.CONSUME(RealLiteral)
          return this.ACTION(() => realLiteral(image, negative, this.spanFrom(first)))
        },
      },
      {
        ALT: () => {
          const { image } = this.CONSUME(TimespanLiteral)
          return this.ACTION(() =>
            timespanLiteral(image, negative, this.spanFrom(first), this.diagnostics),
          )
        },
      },
    ])
  })

  protected readonly bool = this.RULE('bool', (): LiteralSyntax => {
    const token = this.CONSUME(BoolLiteral)
    const value = token.image.toLowerCase() === 'true'
    return { kind: 'literal', type: 'bool', value, span: tokenSpan(token) }
  })

  protected readonly typed = this.RULE('typed', (): ExpressionSyntax => {
    const token = this.CONSUME(TypedLiteral)
    return this.ACTION(() => {
      const span = tokenSpan(token)
      const { type, text } = splitTypedLiteral(token.image)
      // datetime() is the present, which only the engine knows.
      if (type === 'datetime' && text === '') {
        return { kind: 'call', callee: { kind: 'name', name: 'now', span }, arguments: [], span }
      }
      return typedLiteral(token.image, span, this.diagnostics)
    })
  })

  /** A literal on its own: what parameters, defaults and datatables take. */
  protected readonly literal = this.RULE('literal', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.strings) },
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.SUBRULE(this.bool) },
        { ALT: () => this.SUBRULE(this.typed) },
        { ALT: () => this.SUBRULE(this.dynamicLiteral) },
      ],
      ERR_MSG: 'A literal is missing',
    })
  })

  protected readonly dynamicLiteral = this.RULE('dynamicLiteral', (): LiteralSyntax => {
    const first = this.CONSUME(DynamicWord)
    this.CONSUME(LeftParen)
    const value = this.SUBRULE(this.json)
    this.CONSUME(RightParen)
    return { kind: 'literal', type: 'dynamic', value, span: this.spanFrom(first) }
  })

  /** A value inside of `dynamic(…)`: JSON, with strings and literals as in the rest of the language. */
  protected readonly json = this.RULE('json', (): Dynamic => {
    return this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.jsonArray) },
        { ALT: () => this.SUBRULE(this.jsonBag) },
        {
          ALT: () => {
            const literal = this.SUBRULE(this.strings)
            return this.ACTION(() => jsonOfLiteral(literal))
          },
        },
        {
          ALT: () => {
            let negative = false
            this.OPTION(() => {
              this.CONSUME(Minus)
              negative = true
            })
            return this.OR2([
              {
                ALT: () => {
                  const { image } = this.CONSUME(LongLiteral)
                  return this.ACTION(() => jsonLong(image, negative))
                },
              },
              {
                ALT: () => {
                  const { image } = this.CONSUME(RealLiteral)
                  return this.ACTION(() => jsonReal(image, negative))
                },
              },
              {
                ALT: () => {
                  const token = this.CONSUME(TimespanLiteral)
                  return this.ACTION(() =>
                    jsonOfLiteral(
                      timespanLiteral(token.image, negative, tokenSpan(token), this.diagnostics),
                    ),
                  )
                },
              },
            ])
          },
        },
        {
          ALT: () => {
            const literal = this.SUBRULE(this.bool)
            return this.ACTION(() => jsonOfLiteral(literal))
          },
        },
        {
          ALT: (): Dynamic => {
            this.CONSUME(Null)
            return null
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(TypedLiteral)
            return this.ACTION(() => {
              const literal = typedLiteral(token.image, tokenSpan(token), this.diagnostics)
              if (literal.type === 'decimal') {
                const message = 'A dynamic value holds no decimals.'
                this.diagnostics.error('KS003', message, literal.span)
              }
              return jsonOfLiteral(literal)
            })
          },
        },
        {
          ALT: () => {
            const literal = this.SUBRULE(this.dynamicLiteral)
            return this.ACTION(() => jsonOfLiteral(literal))
          },
        },
      ],
      ERR_MSG: 'A JSON value is missing',
    })
  })

  protected readonly jsonArray = this.RULE('jsonArray', (): Dynamic => {
    const items: Dynamic[] = []
    this.CONSUME(LeftBracket)
    this.MANY_SEP({ SEP: Comma, DEF: () => items.push(this.SUBRULE(this.json)) })
    this.CONSUME(RightBracket)
    return items
  })

  protected readonly jsonBag = this.RULE('jsonBag', (): Dynamic => {
    const bag = new Map<string, Dynamic>()
    this.CONSUME(LeftBrace)
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => {
        const key = this.CONSUME(StringLiteral)
        this.CONSUME(Colon)
        const value = this.SUBRULE(this.json)
        this.ACTION(() => bag.set(stringValue(key.image).text, value))
      },
    })
    this.CONSUME(RightBrace)
    return bag
  })

  /** `datatable(a: long)[1, 2]`, where a comma may follow the last value. */
  protected readonly datatable = this.RULE('datatable', (): DatatableSyntax => {
    const first = this.CONSUME(Datatable)
    const columns = this.SUBRULE(this.columnDeclarations)
    const values: ExpressionSyntax[] = []
    this.CONSUME(LeftBracket)
    this.OPTION(() => {
      values.push(this.SUBRULE(this.literal))
      this.MANY({
        GATE: () => !this.next(RightBracket, 2),
        DEF: () => {
          this.CONSUME(Comma)
          values.push(this.SUBRULE2(this.literal))
        },
      })
      this.OPTION2(() => this.CONSUME2(Comma))
    })
    this.CONSUME(RightBracket)
    return { kind: 'datatable', columns, values, span: this.spanFrom(first) }
  })
}
