import { stringValue } from '../lexer/string-literal.ts'
import { type Token, tokenSpan } from '../lexer/tokenize.ts'
import {
  Colon,
  Comma,
  DeclarableName,
  FreeName,
  LeftBracket,
  LeftParen,
  ReferableName,
  RightBracket,
  RightParen,
  Star,
  StringLiteral,
  TypeOf,
  Word,
} from '../lexer/tokens.ts'
import { SCALAR_TYPES, type ScalarType, scalarTypeOf } from '../types/scalar-type.ts'
import { BaseParser } from './base-parser.ts'
import type {
  ColumnDeclarationSyntax,
  NameSyntax,
  OutputSchemaSyntax,
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

/** Names and types. */
export abstract class NameParser extends BaseParser {
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

  /** The types of typeof have more names than those of columns, in any case. */
  private readonly typeOfScalar = this.RULE('typeOfScalar', (): ScalarType => {
    const token = this.CONSUME(Word)
    return this.ACTION(() => this.typeNamed(token, true))
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

  /** `(a: long)`, `(*, a: long)`, `(*)`. */
  protected readonly outputSchema = this.RULE('outputSchema', (): OutputSchemaSyntax => {
    const first = this.LA(1)
    return this.OR({
      DEF: [
        {
          GATE: () => this.next(Star, 2),
          ALT: () => {
            const columns: ColumnDeclarationSyntax[] = []
            this.CONSUME(LeftParen)
            this.CONSUME(Star)
            this.MANY(() => {
              this.CONSUME(Comma)
              columns.push(this.SUBRULE(this.columnDeclaration))
            })
            this.CONSUME(RightParen)
            return { star: true, columns, span: this.spanFrom(first) }
          },
        },
        {
          ALT: () => {
            const columns = this.SUBRULE(this.columnDeclarations)
            return { star: false, columns, span: this.spanFrom(first) }
          },
        },
      ],
      IGNORE_AMBIGUITIES: true,
    })
  })

  /** `typeof(long)`, `typeof(a: long)`, `typeof(*, a: long)`. */
  protected readonly typeOf = this.RULE('typeOf', (): TypeOfSyntax => {
    const first = this.CONSUME(TypeOf)
    const type = this.OR({
      DEF: [
        {
          GATE: () =>
            this.next(Star, 2) ||
            this.next(Colon, 3) ||
            this.next(LeftBracket, 2) ||
            this.next(RightParen, 2),
          ALT: () => this.SUBRULE(this.outputSchema),
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
    return this.ACTION((): TypeOfSyntax => {
      const span = this.spanFrom(first)
      if (typeof type === 'string') return { kind: 'typeof', type, span }
      return { kind: 'typeof', type: type.columns, ...(type.star && { star: true }), span }
    })
  })
}
