import { tokenSpan } from '../lexer/tokenize.ts'
import {
  As,
  Assign,
  Colon,
  Comma,
  Flags,
  Kind,
  LeftParen,
  Parse,
  ParseKv,
  ParseWhere,
  RightParen,
  Star,
  With,
  Word,
} from '../lexer/tokens.ts'
import { RenderParser } from './render-parser.ts'
import type {
  ParseColumnSyntax,
  ParseKvSyntax,
  ParsePatternSyntax,
  ParseSyntax,
  ParseWhereSyntax,
  StarSyntax,
} from './syntax.ts'

type ParseKind = NonNullable<ParseSyntax['parseKind']>

const PARSE_KINDS: ReadonlyMap<string, ParseKind> = new Map([
  ['simple', 'simple'],
  ['regex', 'regex'],
  ['relaxed', 'relaxed'],
])

type KvProperty = ParseKvSyntax['properties'][number]

const KV_PROPERTIES: ReadonlySet<string> = new Set([
  'pair_delimiter',
  'kv_delimiter',
  'quote',
  'escape',
  'regex',
  'greedy',
])

/** The operators that take a text apart: parse, parse-where and parse-kv. */
export abstract class PatternParser extends RenderParser {
  protected readonly parseText = this.RULE('parseText', (): ParseSyntax => {
    const first = this.CONSUME(Parse)
    const rest = this.SUBRULE(this.parsePattern)
    return { kind: 'parse', ...rest, span: this.spanFrom(first) }
  })

  protected readonly parseWhere = this.RULE('parseWhere', (): ParseWhereSyntax => {
    const first = this.CONSUME(ParseWhere)
    const rest = this.SUBRULE(this.parsePattern)
    return { kind: 'parse-where', ...rest, span: this.spanFrom(first) }
  })

  /** `kind=regex flags=i x with * 'a' b: long`: what parse and parse-where have in common. */
  private readonly parsePattern = this.RULE('parsePattern', (): Omit<ParseSyntax, 'kind'> => {
    const first = this.LA(1)
    const parseKind = this.OPTION({
      GATE: () => this.next(Assign, 2),
      DEF: () => this.SUBRULE(this.parseKind),
    })
    const flags = this.OPTION2({
      GATE: () => this.next(Assign, 2),
      DEF: () => {
        this.CONSUME(Flags)
        this.CONSUME(Assign)
        return this.CONSUME(Word).image
      },
    })
    const expression = this.SUBRULE(this.expression)
    this.CONSUME(With)
    const pattern: ParsePatternSyntax[] = []
    this.AT_LEAST_ONE({
      DEF: () => pattern.push(this.SUBRULE(this.patternPart)),
      ERR_MSG: 'A pattern is missing',
    })
    return {
      ...(parseKind && { parseKind }),
      ...(flags !== undefined && { flags }),
      expression,
      pattern,
      span: this.spanFrom(first),
    }
  })

  private readonly parseKind = this.RULE('parseKind', (): ParseKind => {
    this.CONSUME(Kind)
    this.CONSUME(Assign)
    const token = this.CONSUME(Word)
    return this.ACTION(() => {
      const kind = PARSE_KINDS.get(token.image)
      if (kind !== undefined) return kind
      const hint = 'The kinds are simple, regex and relaxed.'
      return this.fail('KS005', `'${token.image}' is not a kind of parse.`, hint, tokenSpan(token))
    })
  })

  private readonly patternPart = this.RULE('patternPart', (): ParsePatternSyntax => {
    return this.OR({
      DEF: [
        { ALT: (): StarSyntax => ({ kind: 'star', span: tokenSpan(this.CONSUME(Star)) }) },
        { ALT: () => this.SUBRULE(this.strings) },
        { ALT: () => this.SUBRULE(this.parseColumn) },
      ],
      ERR_MSG: 'A pattern is missing',
    })
  })

  private readonly parseColumn = this.RULE('parseColumn', (): ParseColumnSyntax => {
    const first = this.LA(1)
    const name = this.SUBRULE(this.declaredName)
    const type = this.OPTION(() => {
      this.CONSUME(Colon)
      return this.SUBRULE(this.scalarType)
    })
    return { kind: 'parse-column', name, ...(type && { type }), span: this.spanFrom(first) }
  })

  protected readonly parseKv = this.RULE('parseKv', (): ParseKvSyntax => {
    const first = this.CONSUME(ParseKv)
    const expression = this.SUBRULE(this.expression)
    this.CONSUME(As)
    const columns = this.SUBRULE(this.columnDeclarations)
    const properties: KvProperty[] = []
    this.OPTION(() => {
      this.CONSUME(With)
      this.CONSUME(LeftParen)
      this.MANY_SEP({ SEP: Comma, DEF: () => properties.push(this.SUBRULE(this.kvProperty)) })
      this.CONSUME(RightParen)
    })
    return { kind: 'parse-kv', expression, columns, properties, span: this.spanFrom(first) }
  })

  private readonly kvProperty = this.RULE('kvProperty', (): KvProperty => {
    const token = this.CONSUME(Word)
    this.ACTION(() => {
      if (KV_PROPERTIES.has(token.image)) return
      const hint = `Those of parse-kv are ${[...KV_PROPERTIES].join(', ')}.`
      this.fail('KS005', `'${token.image}' is not a parameter.`, hint, tokenSpan(token))
    })
    this.CONSUME(Assign)
    const value = this.SUBRULE(this.literal)
    return this.ACTION(() => {
      const type = token.image === 'greedy' ? 'bool' : 'string'
      if (value.kind !== 'literal' || value.type !== type) {
        this.fail('KS107', `A literal of type ${type} is expected.`, undefined, value.span)
      }
      return { name: token.image, value, span: this.spanFrom(token) }
    })
  })
}
