import { EOF, type IRecognitionException } from 'chevrotain'
import { is, isWord, type Token } from '../lexer/tokenize.ts'
import { DeclarableName, Identifier, Materialize, StringLiteral } from '../lexer/tokens.ts'
import type { Diagnostic } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { nearestOperator } from './operator-names.ts'

const MAX_IMAGE = 30

/** How a token is called in a message. */
export function describeToken(token: Token): string {
  if (token.tokenType === EOF) return 'the end of the query'
  if (token.tokenType === StringLiteral) return 'a string'
  const { image } = token
  return image.length > MAX_IMAGE ? `'${image.slice(0, MAX_IMAGE)}…'` : `'${image}'`
}

/** What a fault of the grammar means to the user. */
export function explainFault(fault: IRecognitionException, span: Span): Diagnostic {
  const { token, context } = fault
  if (context.ruleStack.at(-1) === 'operator') {
    return explainOperator(isWord(token) ? token.image : undefined, span)
  }
  const hint = keywordHint(token)
  return {
    code: fault.name === 'MismatchedTokenException' ? 'KS005' : 'KS006',
    severity: 'error',
    message: `${fault.message} before ${describeToken(token)}.`,
    span,
    ...(hint !== undefined && { hint }),
  }
}

/** Tells that the word is no operator; without a word, that one is missing. */
export function explainOperator(word: string | undefined, span: Span): Diagnostic {
  const common = { code: 'KS176', severity: 'error', span } as const
  if (word === undefined) return { ...common, message: 'An operator is missing after |.' }
  const near = nearestOperator(word)
  return {
    ...common,
    message: `'${word}' is not an operator.`,
    ...(near !== undefined && { hint: `Did you mean ${near}?` }),
  }
}

/** Tells that a word is a keyword, where a name was to stand. */
export function keywordHint(token: Token): string | undefined {
  if (!isWord(token) || token.tokenType === Identifier) return undefined
  if (token.tokenType === Materialize) {
    return 'materialize(…) can only be the whole value of a let statement.'
  }
  return `${token.image} is a keyword: as a name it is written ['${token.image}'].`
}

/** What to do about a token that stands after something complete. */
export function unexpectedHint(token: Token, previous: Token): string | undefined {
  const { image } = token
  if (image === '=') {
    return is(previous, DeclarableName) ? 'Compare with ==.' : keywordHint(previous)
  }
  if (OPERATOR_WORDS.has(image)) return `Put a | before ${image}.`
  const lower = image.toLowerCase()
  if (OPERATOR_WORDS.has(lower)) return `Put a | before it, and write ${lower}.`
  if (lower === 'not' || previous.image === 'not') {
    return 'Write not(…), or an operator with ! such as !has or !in.'
  }
  if (lower !== image && CASE_SENSITIVE.has(lower)) {
    return `Keywords are case-sensitive: write ${lower}.`
  }
  return undefined
}

/** The words that start an operator, and so are likely to have lost their `|`. */
export const OPERATOR_WORDS: ReadonlySet<string> = new Set([
  'where',
  'filter',
  'extend',
  'project',
  'project-away',
  'project-keep',
  'project-rename',
  'project-reorder',
  'summarize',
  'join',
  'lookup',
  'mv-expand',
  'mvexpand',
  'mv-apply',
  'sort',
  'order',
  'top',
  'take',
  'limit',
  'count',
  'distinct',
  'as',
  'serialize',
  'render',
  'getschema',
  'invoke',
  'parse',
  'parse-kv',
  'parse-where',
  'evaluate',
])

const CASE_SENSITIVE: ReadonlySet<string> = new Set([
  'and',
  'or',
  'between',
  'contains',
  'endswith',
  'has',
  'has_all',
  'has_any',
  'has_cs',
  'hasprefix',
  'hassuffix',
  'in',
  'startswith',
  'by',
  'on',
  'asc',
  'desc',
])
