import { EmbeddedActionsParser, type IToken, Lexer, type TokenType } from 'chevrotain'
import { Invalid, LEXED, VOCABULARY, Word } from './tokens.ts'

// Chevrotain's own lexer analyses the types whenever it is made, which takes longer than to read a query.

/** What a text consists of, in order; white space is left out. */
export interface ScannedText {
  readonly tokens: IToken[]
  readonly comments: readonly IToken[]
  readonly directives: readonly IToken[]
}

/** A type with how far what it has at a position reaches; -1 where it has nothing there. */
interface Lexed {
  readonly type: TokenType
  endOf(text: string, at: number): number
}

const ASCII = 128

/** Types by the character that they begin with, in the order in which they are tried. */
const byStart: readonly Lexed[][] = Array.from({ length: ASCII }, () => [])
/** Types that may begin with another one. */
const others: Lexed[] = []

for (const type of LEXED) {
  const lexed = { type, endOf: endOf(type.PATTERN) }
  if (type === Invalid) {
    for (const list of [...byStart, others]) list.push(lexed)
    continue
  }
  const starts = new Set(startsOf(type).map(start => Math.min(start, ASCII)))
  for (const start of starts) (byStart[start] ?? others).push(lexed)
}

function endOf(pattern: TokenType['PATTERN']): Lexed['endOf'] {
  if (typeof pattern === 'string') {
    return (text, at) => (text.startsWith(pattern, at) ? at + pattern.length : -1)
  }
  const regex = new RegExp(pattern as RegExp, 'y')
  return (text, at) => {
    regex.lastIndex = at
    return regex.test(text) ? regex.lastIndex : -1
  }
}

function startsOf({ PATTERN: pattern, START_CHARS_HINT: starts = [] }: TokenType): number[] {
  const texts = typeof pattern === 'string' ? [pattern] : starts
  return texts.map(start => (typeof start === 'string' ? start.charCodeAt(0) : start))
}

/** Cuts a text into tokens: at each place the first type that fits, however long. */
export function scanTokens(text: string): ScannedText {
  numberTypes()
  const scanned = { tokens: [] as IToken[], comments: [] as IToken[], directives: [] as IToken[] }
  for (let at = 0; at < text.length; ) {
    let end = -1
    for (const { type, endOf: find } of byStart[text.charCodeAt(at)] ?? others) {
      end = find(text, at)
      if (end < 0) continue
      const { GROUP: group } = type
      if (group !== Lexer.SKIPPED) {
        const list =
          group === 'comments' || group === 'directives' ? scanned[group] : scanned.tokens
        const tokenTypeIdx = type.tokenTypeIdx as number
        list.push({ image: text.slice(at, end), startOffset: at, tokenType: type, tokenTypeIdx })
      }
      break
    }
    at = end
  }
  return scanned
}

/** Makes Chevrotain number the types and their categories, as it does when the first parser is made. */
function numberTypes(): void {
  if (Word.tokenTypeIdx === undefined) new NoParser()
}

class NoParser extends EmbeddedActionsParser {
  constructor() {
    super(VOCABULARY, { skipValidations: true })
  }
}
