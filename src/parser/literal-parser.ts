import { stringValue } from '../lexer/string-literal.ts'
import { type Token, tokenSpan } from '../lexer/tokenize.ts'
import {
  BoolLiteral,
  Colon,
  Comma,
  Datatable,
  DeclarableName,
  DynamicWord,
  FreeName,
  LeftBrace,
  LeftBracket,
  LeftParen,
  LongLiteral,
  Minus,
  Null,
  Plus,
  RealLiteral,
  ReferableName,
  RightBrace,
  RightBracket,
  RightParen,
  StringLiteral,
  TimespanLiteral,
  TypedLiteral,
  TypeOf,
  Word,
} from '../lexer/tokens.ts'
import type { Dynamic } from '../types/dynamic.ts'
import { SCALAR_TYPES, type ScalarType, scalarTypeOf } from '../types/scalar-type.ts'
import { BaseParser } from './base-parser.ts'
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
import type {
  ColumnDeclarationSyntax,
  DatatableSyntax,
  ExpressionSyntax,
  LiteralSyntax,
  NameSyntax,
  TypeOfSyntax,
} from './syntax.ts'

const DECLARED_TYPES: ReadonlySet<string> = new Set([
  ...SCALAR_TYPES,
  'boolean',
  'int64',
  'double',
  'date',
  'time',
  'uniqueid',
])

const TYPES_HINT = `The types are ${SCALAR_TYPES.slice(0, -1).join(', ')} and ${SCALAR_TYPES.at(-1)}.`

/** Names, types and literals: the leaves of the grammar. */
export abstract class LiteralParser extends BaseParser {
  // Names

  protected readonly bracketedName = this.RULE('bracketedName', (): NameSyntax => {
    const first = this.CONSUME(LeftBracket)
    const name = this.OR({
      DEF: [
        {
          ALT: () => {
            let text = ''
            this.AT_LEAST_ONE(() => {
              const token = this.CONSUME(StringLiteral)
              this.ACTION(() => {
                text += stringValue(token.image).text
              })
            })
            return text
          },
        },
        { ALT: () => this.CONSUME(Word).image },
      ],
      ERR_MSG: 'A name in quotes is missing',
    })
    this.CONSUME(RightBracket)
    return { kind: 'name', name, span: this.spanFrom(first) }
  })

  /** A name that stands on its own: of a variable, a table, a function. */
  protected readonly freeName = this.RULE('freeName', (): NameSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.nameOf(this.CONSUME(FreeName)) },
        { ALT: () => this.SUBRULE(this.bracketedName) },
      ],
      ERR_MSG: 'A name is missing',
    })
  })

  /** A name where a column or parameter is declared. */
  protected readonly declaredName = this.RULE('declaredName', (): NameSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.nameOf(this.CONSUME(DeclarableName)) },
        { ALT: () => this.SUBRULE(this.bracketedName) },
      ],
      ERR_MSG: 'A name is missing',
    })
  })

  /** A name where a column is used. */
  protected readonly name = this.RULE('name', (): NameSyntax => {
    return this.OR({
      DEF: [
        { ALT: () => this.nameOf(this.CONSUME(ReferableName)) },
        { ALT: () => this.SUBRULE(this.bracketedName) },
      ],
      ERR_MSG: 'A name is missing',
    })
  })

  protected nameOf(token: Token): NameSyntax {
    return { kind: 'name', name: token.image, span: tokenSpan(token) }
  }

  // Types

  /** The type of a column or parameter. */
  protected readonly scalarType = this.RULE('scalarType', (): ScalarType => {
    const token = this.CONSUME(Word)
    return this.ACTION(() => this.typeNamed(token, DECLARED_TYPES.has(token.image)))
  })

  /** The types of typeof have more names than those of columns. */
  private readonly typeOfScalar = this.RULE('typeOfScalar', (): ScalarType => {
    const token = this.CONSUME(Word)
    const isLowerCase = token.image.toLowerCase() === token.image
    return this.ACTION(() => this.typeNamed(token, isLowerCase))
  })

  private typeNamed(token: Token, isSpelledRight: boolean): ScalarType {
    const type = scalarTypeOf(token.image)
    if (type !== undefined && isSpelledRight) return type
    const hint = type === undefined ? TYPES_HINT : `Write ${type}.`
    return this.fail('KS005', `'${token.image}' is not a type.`, hint, tokenSpan(token))
  }

  protected readonly columnDeclaration = this.RULE(
    'columnDeclaration',
    (): ColumnDeclarationSyntax => {
      const first = this.LA(1)
      const name = this.SUBRULE(this.declaredName)
      this.CONSUME(Colon)
      const type = this.SUBRULE(this.scalarType)
      return { name, type, span: this.spanFrom(first) }
    },
  )

  /** `(a: long, b: string)`, where a comma may follow the last column. */
  protected readonly columnDeclarations = this.RULE(
    'columnDeclarations',
    (): readonly ColumnDeclarationSyntax[] => {
      const columns: ColumnDeclarationSyntax[] = []
      this.CONSUME(LeftParen)
      this.OPTION(() => {
        columns.push(this.SUBRULE(this.columnDeclaration))
        this.MANY({
          GATE: () => !this.next(RightParen, 2),
          DEF: () => {
            this.CONSUME(Comma)
            columns.push(this.SUBRULE2(this.columnDeclaration))
          },
        })
        this.OPTION2(() => this.CONSUME2(Comma))
      })
      this.CONSUME(RightParen)
      return columns
    },
  )

  /** `typeof(long)`, `typeof(a: long)`. */
  protected readonly typeOf = this.RULE('typeOf', (): TypeOfSyntax => {
    const first = this.CONSUME(TypeOf)
    const type = this.OR({
      DEF: [
        {
          GATE: () => this.next(Colon, 3) || this.next(LeftBracket, 2) || this.next(RightParen, 2),
          ALT: () => this.SUBRULE(this.columnDeclarations),
        },
        {
          ALT: () => {
            this.CONSUME(LeftParen)
            const scalar = this.SUBRULE(this.typeOfScalar)
            this.CONSUME(RightParen)
            return scalar
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    })
    return { kind: 'typeof', type, span: this.spanFrom(first) }
  })

  // Literals

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
            return this.ACTION(() =>
              jsonOfLiteral(typedLiteral(token.image, tokenSpan(token), this.diagnostics)),
            )
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
