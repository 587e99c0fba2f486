import { tokenSpan } from '../lexer/tokenize.ts'
import {
  Colon,
  Comma,
  ExternalData,
  ExternalDataWord,
  Find,
  In,
  LeftBracket,
  LeftParen,
  Project,
  ProjectSmart,
  RightBracket,
  RightParen,
  Search,
  Star,
  Where,
  With,
} from '../lexer/tokens.ts'
import { ClauseParser } from './clause-parser.ts'
import type {
  ExpressionSyntax,
  ExternalDataSyntax,
  FindColumnSyntax,
  FindSyntax,
  OperatorParameterSyntax,
  SearchSyntax,
  StarSyntax,
} from './syntax.ts'

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

  protected readonly search = this.RULE('search', (): SearchSyntax => {
    const first = this.CONSUME(Search)
    const parameters = this.SUBRULE(this.parameters)
    const tables = this.OPTION(() => this.SUBRULE(this.searchedTables))
    const predicate = this.SUBRULE(this.searchPredicate)
    return {
      kind: 'search',
      parameters,
      ...(tables && { tables }),
      predicate,
      span: this.spanFrom(first),
    }
  })

  protected readonly find = this.RULE('find', (): FindSyntax => {
    const first = this.CONSUME(Find)
    const parameters = this.SUBRULE(this.parameters, { ARGS: ['datascope'] })
    const tables = this.OPTION(() => this.SUBRULE(this.searchedTables))
    const where = this.OPTION2(() => this.CONSUME(Where))
    this.ACTION(() => {
      if (tables && !where) this.fail('KS005', "'where' is missing after the tables.")
    })
    const predicate = this.SUBRULE(this.searchPredicate)
    const project = this.OPTION3(() =>
      this.OR([
        {
          ALT: () => {
            this.CONSUME(ProjectSmart)
            return undefined
          },
        },
        {
          ALT: () => {
            this.CONSUME(Project)
            const columns: FindColumnSyntax[] = []
            this.AT_LEAST_ONE_SEP({
              SEP: Comma,
              DEF: () => columns.push(this.SUBRULE(this.findColumn)),
              ERR_MSG: 'A column name is missing',
            })
            return columns
          },
        },
      ]),
    )
    return {
      kind: 'find',
      parameters,
      ...(tables && { tables }),
      predicate,
      ...(project && { project }),
      span: this.spanFrom(first),
    }
  })

  /** `in (T, U*)`. */
  private readonly searchedTables = this.RULE('searchedTables', (): ExpressionSyntax[] => {
    const tables: ExpressionSyntax[] = []
    this.CONSUME(In)
    this.CONSUME(LeftParen)
    this.AT_LEAST_ONE_SEP({
      SEP: Comma,
      DEF: () => tables.push(this.SUBRULE(this.tableOperand)),
      ERR_MSG: 'A table is missing',
    })
    this.CONSUME(RightParen)
    return tables
  })

  private readonly searchPredicate = this.RULE('searchPredicate', (): ExpressionSyntax => {
    return this.OR({
      DEF: [
        {
          GATE: () => this.next(Star) && this.atOperatorEnd(2),
          ALT: (): StarSyntax => ({ kind: 'star', span: tokenSpan(this.CONSUME(Star)) }),
        },
        { ALT: () => this.SUBRULE(this.expression) },
      ],
      IGNORE_AMBIGUITIES: true,
      ERR_MSG: 'A predicate is missing',
    })
  })

  private readonly findColumn = this.RULE('findColumn', (): FindColumnSyntax => {
    const first = this.LA(1)
    const name = this.SUBRULE(this.name)
    return this.OR({
      DEF: [
        {
          ALT: (): FindColumnSyntax => {
            this.CONSUME(LeftParen)
            this.OPTION(() => this.CONSUME(Star))
            this.CONSUME(RightParen)
            this.ACTION(() => {
              if (name.name === 'pack' || name.name === 'pack_all') return
              this.fail(
                'KS109',
                'A column name is expected.',
                'Compute columns after find.',
                name.span,
              )
            })
            return { kind: 'pack', span: this.spanFrom(first) }
          },
        },
        {
          ALT: (): FindColumnSyntax => {
            const type = this.OPTION2(() => {
              this.CONSUME(Colon)
              return this.SUBRULE(this.scalarType)
            })
            return { kind: 'column', name, ...(type && { type }), span: this.spanFrom(first) }
          },
        },
      ],
    })
  })
}
