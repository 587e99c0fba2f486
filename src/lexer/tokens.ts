import { type ITokenConfig, Lexer, type TokenType } from 'chevrotain'
import { DASHED_KEYWORDS, KEYWORDS, UNSUPPORTED_OPERATORS } from './keywords.ts'

/**
 * A token type as Chevrotain's `createToken` makes it, but for what its categories match: a parser works that
 * out for all types at once, where `createToken` does it anew with each of them.
 */
function tokenType(config: ITokenConfig): TokenType {
  const { name, pattern, categories, label, group, start_chars_hint } = config
  return {
    name,
    ...(pattern !== undefined && { PATTERN: pattern }),
    ...(categories !== undefined && { CATEGORIES: [categories].flat() }),
    ...(label !== undefined && { LABEL: label }),
    ...(group !== undefined && { GROUP: group }),
    ...(start_chars_hint !== undefined && { START_CHARS_HINT: start_chars_hint }),
  }
}

// Categories

/** Any word: identifier or keyword. */
export const Word = tokenType({ name: 'Word', pattern: Lexer.NA, label: 'a word' })
/** A word that may stand as a name where one is declared. */
export const DeclarableName = tokenType({
  name: 'DeclarableName',
  pattern: Lexer.NA,
  categories: [Word],
  label: 'a name',
})
/** A word that may stand as a name where one is used. */
export const ReferableName = tokenType({
  name: 'ReferableName',
  pattern: Lexer.NA,
  categories: [Word],
  label: 'a name',
})
/** A word that may stand as a name everywhere. */
export const FreeName = tokenType({
  name: 'FreeName',
  pattern: Lexer.NA,
  categories: [DeclarableName, ReferableName],
  label: 'a name',
})
/** An operator between two scalar operands. */
export const InfixOperator = tokenType({
  name: 'InfixOperator',
  pattern: Lexer.NA,
  label: 'an operator',
})

// Tokens with a text of their own

const symbol = (name: string, text: string, categories: TokenType[] = []): TokenType =>
  tokenType({ name, pattern: text, categories, label: `'${text}'` })

/** `starts` are the characters that a match may start with. */
const pattern = (
  name: string,
  regex: RegExp,
  starts: string,
  label: string,
  categories: TokenType[] = [],
) =>
  tokenType({
    name,
    pattern: regex,
    start_chars_hint: [...starts],
    categories,
    label,
  })

const DIGITS = '0123456789'
const QUOTES = '"\'@`~hH'
const TYPE_STARTS = 'bilrdtg'
const WORD_STARTS = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz$`

const SPACES =
  '\t\n\r \u00a0\u1680\u180e\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff'

export const WhiteSpace = tokenType({
  name: 'WhiteSpace',
  pattern: new RegExp(`[${SPACES}]+`),
  start_chars_hint: [...SPACES],
  group: Lexer.SKIPPED,
})
export const Comment = tokenType({
  name: 'Comment',
  pattern: /\/\/[^\r\n\u2028\u2029]*/,
  start_chars_hint: ['/'],
  group: 'comments',
})
/** A line such as `#connect …`. */
export const Directive = tokenType({
  name: 'Directive',
  pattern: /#[^\r\n\u2028\u2029]*/,
  start_chars_hint: ['#'],
  group: 'directives',
})

const ESCAPE = String.raw`\\(?:["'\\abfnrtv]|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`
/** Runs between escapes are taken whole: matching by characters would take stack for each of them. */
const quoted = (quote: string, escapes: string): string =>
  String.raw`${quote}[^${quote}\\\r\n]*(?:${escapes}[^${quote}\\\r\n]*)*`

/** Every closed form: quoted, verbatim, multi-line, each also obfuscated. */
export const StringLiteral = pattern(
  'StringLiteral',
  new RegExp(
    `[hH]?(?:${[
      `${quoted('"', ESCAPE)}"`,
      `${quoted("'", ESCAPE)}'`,
      String.raw`@"[^"\r\n]*(?:""[^"\r\n]*)*"`,
      String.raw`@'[^'\r\n]*(?:''[^'\r\n]*)*'`,
      '```[\\s\\S]*?```',
      '~~~[\\s\\S]*?~~~',
    ].join('|')})`,
  ),
  QUOTES,
  'a string',
)
/** A string that is not closed, or that has an escape which does not exist. */
export const BrokenString = pattern(
  'BrokenString',
  new RegExp(
    `[hH]?(?:${[
      String.raw`${quoted('"', String.raw`\\[^\r\n]`)}["\\]?`,
      String.raw`${quoted("'", String.raw`\\[^\r\n]`)}['\\]?`,
      String.raw`@"[^"\r\n]*(?:""[^"\r\n]*)*`,
      String.raw`@'[^'\r\n]*(?:''[^'\r\n]*)*`,
      '```[\\s\\S]*',
      '~~~[\\s\\S]*',
    ].join('|')})`,
  ),
  QUOTES,
  'a string',
)

const TYPED = 'bool|int32|int64|int|long|real|double|decimal|datetime|date|timespan|time|guid'

/** `datetime(2024-01-01)`: everything up to the parenthesis is the text of the literal. */
export const TypedLiteral = pattern(
  'TypedLiteral',
  new RegExp(String.raw`(?:${TYPED})\([^)\r\n]*\)`),
  TYPE_STARTS,
  'a literal',
)
/** A typed literal without its closing parenthesis. */
export const BrokenTypedLiteral = pattern(
  'BrokenTypedLiteral',
  new RegExp(String.raw`(?:${TYPED})\([^)\r\n]*`),
  TYPE_STARTS,
  'a literal',
)
export const TimespanLiteral = pattern(
  'TimespanLiteral',
  /\d+(?:\.\d+)?(?:days?|d|hours?|hrs?|h|minutes?|min|milliseconds?|millisec|millis?|ms|m|microseconds?|microsec|micros?|nanoseconds?|nanos?|seconds?|sec|s|ticks?)(?![A-Za-z0-9_])/,
  DIGITS,
  'a timespan',
)
export const RealLiteral = pattern(
  'RealLiteral',
  /\d+(?:\.(?!\.)\d*(?:[eE][+-]?\d+)?|[eE][+-]?\d+)(?![A-Za-z0-9_])/,
  DIGITS,
  'a number',
)
export const LongLiteral = pattern(
  'LongLiteral',
  /(?:0[xX][0-9a-fA-F]+|\d+)(?![A-Za-z0-9_])/,
  DIGITS,
  'a number',
)
export const BoolLiteral = pattern(
  'BoolLiteral',
  /(?:true|false|True|False|TRUE|FALSE)(?![A-Za-z0-9_])/,
  'tfTF',
  'a bool',
)
export const Identifier = tokenType({
  name: 'Identifier',
  pattern: /[$A-Za-z0-9_][A-Za-z0-9_]*/,
  start_chars_hint: [...WORD_STARTS],
  categories: [FreeName],
  label: 'a name',
})
const DashedWord = tokenType({
  name: 'DashedWord',
  pattern: new RegExp(
    `(?:${[...DASHED_KEYWORDS].sort((a, b) => b.length - a.length).join('|')})(?![A-Za-z0-9_])`,
  ),
  start_chars_hint: [...new Set(DASHED_KEYWORDS.map(word => word.charAt(0)))],
})

export const LeftParen = symbol('LeftParen', '(')
export const RightParen = symbol('RightParen', ')')
export const LeftBracket = symbol('LeftBracket', '[')
export const RightBracket = symbol('RightBracket', ']')
export const LeftBrace = symbol('LeftBrace', '{')
export const RightBrace = symbol('RightBrace', '}')
export const Comma = symbol('Comma', ',')
export const Semicolon = symbol('Semicolon', ';')
export const Colon = symbol('Colon', ':', [InfixOperator])
export const DotDot = symbol('DotDot', '..')
export const Dot = symbol('Dot', '.')
export const Pipe = symbol('Pipe', '|')
export const Assign = symbol('Assign', '=')
export const FatArrow = symbol('FatArrow', '=>')
export const Plus = symbol('Plus', '+', [InfixOperator])
export const Minus = symbol('Minus', '-', [InfixOperator])
export const Star = symbol('Star', '*', [InfixOperator])
export const Percent = symbol('Percent', '%', [InfixOperator])
export const Slash = symbol('Slash', '/', [InfixOperator])
/** `==`, `=~`, `<=`, `!has`, and the keywords such as `has` and `and` after classification. */
export const InfixSymbol = pattern(
  'InfixSymbol',
  /==|=~|!=|!~|<>|<=|>=|<|>|matches regex(?![A-Za-z0-9_])|!(?:contains|startswith|endswith|has|hasprefix|hassuffix)(?:_cs)?(?![A-Za-z0-9_])/,
  '=!<>m',
  'an operator',
  [InfixOperator],
)
/** `in`, `!in~`, `has_any`, …: operators with a list. */
export const ListOperator = pattern(
  'ListOperator',
  /in~|!in~|!in(?![A-Za-z0-9_])/,
  'i!',
  'a list operator',
)
export const NotBetween = pattern('NotBetween', /!between(?![A-Za-z0-9_])/, '!', "'!between'")
/** A character that cannot start a token, or has no use in the grammar. */
export const Invalid = tokenType({
  name: 'Invalid',
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every character is meant.
  pattern: /[\u0000-\uffff]/,
  label: 'a character',
})

// Keywords, matched as words and told apart by their text

const byText = new Map<string, TokenType>()

function keyword(text: string, extra: TokenType[] = []): TokenType {
  const use = KEYWORDS.get(text)
  const categories =
    use === 'free'
      ? [FreeName]
      : use === 'declared'
        ? [DeclarableName]
        : use === 'referenced'
          ? [ReferableName]
          : [Word]
  const type = tokenType({
    name: `Keyword ${text}`,
    pattern: Lexer.NA,
    categories: [...categories, ...extra],
    label: `'${text}'`,
  })
  byText.set(text, type)
  return type
}

const InfixWord = tokenType({
  name: 'InfixWord',
  pattern: Lexer.NA,
  categories: [Word, InfixOperator],
})
const InfixDeclarable = tokenType({
  name: 'InfixDeclarable',
  pattern: Lexer.NA,
  categories: [DeclarableName, InfixOperator],
})
const INFIX_WORDS = `and or like likecs notlike notlikecs notcontains notcontainscs containscs
  contains_cs endswith endswith_cs startswith startswith_cs has_cs hasprefix hasprefix_cs hassuffix
  hassuffix_cs`.split(/\s+/)
for (const text of INFIX_WORDS) byText.set(text, InfixWord)
for (const text of ['contains', 'has']) byText.set(text, InfixDeclarable)

export const In = keyword('in')
export const HasAny = keyword('has_any')
export const HasAll = keyword('has_all')
export const Between = keyword('between')

export const Let = keyword('let')
export const SetWord = keyword('set')
export const Declare = keyword('declare')
export const Alias = keyword('alias')
export const Restrict = keyword('restrict')
export const QueryParameters = keyword('query_parameters')
export const Pattern = keyword('pattern')
export const View = keyword('view')
export const TypeOf = keyword('typeof')
export const DynamicWord = keyword('dynamic')
export const Null = keyword('null')

export const Where = keyword('where')
export const Filter = keyword('filter')
export const Extend = keyword('extend')
export const Project = keyword('project')
export const ProjectAway = keyword('project-away')
export const ProjectKeep = keyword('project-keep')
export const ProjectRename = keyword('project-rename')
export const ProjectReorder = keyword('project-reorder')
export const Summarize = keyword('summarize')
export const Join = keyword('join')
export const Lookup = keyword('lookup')
export const MvExpand = keyword('mv-expand')
export const MvExpandWord = keyword('mvexpand')
export const MvApply = keyword('mv-apply')
export const MvApplyWord = keyword('mvapply')
export const Parse = keyword('parse')
export const ParseWhere = keyword('parse-where')
export const ParseKv = keyword('parse-kv')
export const Scan = keyword('scan')
export const Partition = keyword('partition')
export const PartitionBy = keyword('__partitionby')
export const Fork = keyword('fork')
export const Facet = keyword('facet')
export const MakeGraph = keyword('make-graph')
export const PartitionedBy = keyword('partitioned-by')
export const GraphMatch = keyword('graph-match')
export const GraphShortestPaths = keyword('graph-shortest-paths')
export const GraphMarkComponents = keyword('graph-mark-components')
export const GraphToTable = keyword('graph-to-table')
export const MakeSeries = keyword('make-series')
export const Sort = keyword('sort')
export const Order = keyword('order')
export const Top = keyword('top')
export const Take = keyword('take')
export const Limit = keyword('limit')
export const Count = keyword('count')
export const Distinct = keyword('distinct')
export const As = keyword('as')
export const Serialize = keyword('serialize')
export const Render = keyword('render')
export const GetSchema = keyword('getschema')
export const Union = keyword('union')
export const Evaluate = keyword('evaluate')
export const Invoke = keyword('invoke')
export const Search = keyword('search')
export const Find = keyword('find')
export const Sample = keyword('sample')
export const SampleDistinct = keyword('sample-distinct')
export const TopNested = keyword('top-nested')
export const TopHitters = keyword('top-hitters')
export const Reduce = keyword('reduce')
export const ProjectByNames = keyword('project-by-names')
export const AssertSchema = keyword('assert-schema')
export const Consume = keyword('consume')
export const Print = keyword('print')
export const Range = keyword('range')
export const Datatable = keyword('datatable')
export const ExternalData = keyword('externaldata')
export const ExternalDataWord = keyword('external_data')

export const By = keyword('by')
export const On = keyword('on')
export const To = keyword('to')
export const Of = keyword('of')
export const Others = keyword('others')
export const ProjectSmart = keyword('project-smart')
export const From = keyword('from')
export const Step = keyword('step')
export const Default = keyword('default')
export const With = keyword('with')
export const Asc = keyword('asc')
export const Desc = keyword('desc')
export const GrannyAsc = keyword('granny-asc')
export const GrannyDesc = keyword('granny-desc')
export const Nulls = keyword('nulls')
export const First = keyword('first')
export const Last = keyword('last')
export const Kind = keyword('kind')
export const Flags = keyword('flags')

// The calls whose only argument is a tabular expression
export const ToScalar = keyword('toscalar')
export const ToTable = keyword('totable')
export const Materialize = keyword('materialize')

// The operators and sources that KQL has and kqlab lacks

/** The first word of an operator or source that is read over. */
export const UnsupportedOperator = tokenType({
  name: 'UnsupportedOperator',
  pattern: Lexer.NA,
  label: 'an operator',
})
const unsupportedTypes = {
  free: tokenType({
    name: 'UnsupportedFree',
    pattern: Lexer.NA,
    categories: [FreeName, UnsupportedOperator],
  }),
  declared: tokenType({
    name: 'UnsupportedDeclared',
    pattern: Lexer.NA,
    categories: [DeclarableName, UnsupportedOperator],
  }),
  referenced: tokenType({
    name: 'UnsupportedReferenced',
    pattern: Lexer.NA,
    categories: [ReferableName, UnsupportedOperator],
  }),
  reserved: tokenType({
    name: 'UnsupportedReserved',
    pattern: Lexer.NA,
    categories: [Word, UnsupportedOperator],
  }),
}
for (const text of UNSUPPORTED_OPERATORS) {
  byText.set(text, unsupportedTypes[KEYWORDS.get(text) ?? 'free'])
}

const DeclarableWord = tokenType({
  name: 'DeclarableWord',
  pattern: Lexer.NA,
  categories: [DeclarableName],
})
const ReferableWord = tokenType({
  name: 'ReferableWord',
  pattern: Lexer.NA,
  categories: [ReferableName],
})
const ReservedWord = tokenType({ name: 'ReservedWord', pattern: Lexer.NA, categories: [Word] })

for (const [text, use] of KEYWORDS) {
  if (byText.has(text)) continue
  if (use === 'declared') byText.set(text, DeclarableWord)
  else if (use === 'referenced') byText.set(text, ReferableWord)
  else if (use === 'reserved') byText.set(text, ReservedWord)
}

/** The token type of a word: that of the keyword, or {@link Identifier}. */
export function wordType(text: string): TokenType {
  return byText.get(text) ?? Identifier
}

/** The token types that text is matched against, in the order in which they are tried. */
export const LEXED: TokenType[] = [
  WhiteSpace,
  Comment,
  Directive,
  StringLiteral,
  BrokenString,
  TypedLiteral,
  BrokenTypedLiteral,
  TimespanLiteral,
  RealLiteral,
  LongLiteral,
  BoolLiteral,
  InfixSymbol,
  ListOperator,
  NotBetween,
  DashedWord,
  Identifier,
  LeftParen,
  RightParen,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  Semicolon,
  Colon,
  DotDot,
  Dot,
  Pipe,
  FatArrow,
  Assign,
  Plus,
  Minus,
  Star,
  Percent,
  Slash,
  Invalid,
]

/** The whole vocabulary of the parser. */
export const VOCABULARY: TokenType[] = [
  ...new Set([
    ...LEXED,
    ...byText.values(),
    Word,
    DeclarableName,
    FreeName,
    ReferableName,
    InfixOperator,
    UnsupportedOperator,
  ]),
]
