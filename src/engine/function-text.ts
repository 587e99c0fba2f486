import { type Token, tokenEnd, tokenize } from '../lexer/tokenize.ts'
import { LeftBrace, LeftParen, Semicolon } from '../lexer/tokens.ts'
import { parseQuery } from '../parser/parse.ts'
import { type Diagnostic, DiagnosticBag, hasErrors } from '../text/diagnostic.ts'
import type { SourceText } from '../text/source-text.ts'
import type { Span } from '../text/span.ts'
import type { FunctionPart, FunctionParts } from './saved-functions.ts'

/** The functions in a text. */
export interface FunctionsInText {
  readonly functions: readonly FunctionParts[]
  /** Why it holds none. */
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * The functions in the text of a file. A query is a function without parameters, called `name`;
 * parameters may stand in front of it: `(x: string, T: (*)) { … }`, also without the braces. Where the
 * text has `let` statements of functions and nothing after them, it holds each of those.
 */
export function functionsInText(name: string, source: SourceText): FunctionsInText {
  const { text } = source
  const part = (start: number, end: number): FunctionPart => ({
    text: text.slice(start, end),
    toSource: (span: Span) => ({ start: span.start + start, end: span.end + start }),
  })
  const whole = { name, source, body: part(0, text.length) }
  const { tokens, partner } = tokenize(text, new DiagnosticBag())
  const [first] = tokens
  if (first === undefined) {
    return fault(`The file has no text that could be the function \`${name}\`.`, text)
  }
  if (first.tokenType === LeftParen && declaresParameters(tokens)) {
    const close = tokens[partner[0] ?? -1]
    if (close === undefined) return { functions: [whole], diagnostics: [] }
    const brace = (partner[0] ?? 0) + 1
    const last = tokens.findLast(({ tokenType }) => tokenType !== Semicolon)
    const hasBraces =
      tokens[brace]?.tokenType === LeftBrace && tokens[partner[brace] ?? -1] === last
    const body = hasBraces
      ? { body: part(first.startOffset, tokenEnd(last as Token)), isWhole: true }
      : {
          parameters: part(first.startOffset, tokenEnd(close)),
          body: part(tokenEnd(close), text.length),
        }
    return { functions: [{ name, source, ...body }], diagnostics: [] }
  }
  if (first.image !== 'let') return { functions: [whole], diagnostics: [] }
  return functionsOfLets(whole, part)
}

/** Whether the bracket that the text starts with is `()`, or holds `name:`. */
function declaresParameters([, second, third]: readonly Token[]): boolean {
  return second?.image === ')' || third?.image === ':'
}

const LET_FUNCTION = /^\s*let\s+(\w+)\s*=\s*(?:view\s*)?\(/gm

function functionsOfLets(
  whole: FunctionParts,
  part: (start: number, end: number) => FunctionPart,
): FunctionsInText {
  const { name, source } = whole
  const { syntax, diagnostics } = parseQuery(source.text)
  if (hasErrors(diagnostics)) {
    // Whoever calls one of them is told what is wrong with the text.
    const names = new Set([
      name,
      ...[...source.text.matchAll(LET_FUNCTION)].map(([, let_]) => let_!),
    ])
    return { functions: [...names].map(each => ({ ...whole, name: each })), diagnostics: [] }
  }
  if (syntax.expression !== undefined) return { functions: [whole], diagnostics: [] }
  const functions: FunctionParts[] = []
  for (const statement of syntax.statements) {
    if (statement.kind !== 'let' || statement.value.kind !== 'function') {
      return fault(
        'A file of functions has let statements of functions only.',
        source.text,
        statement.span,
      )
    }
    const { span } = statement.value
    functions.push({
      name: statement.name.name,
      source,
      body: part(span.start, span.end),
      isWhole: true,
    })
  }
  return { functions, diagnostics: [] }
}

function fault(message: string, text: string, span?: Span): FunctionsInText {
  const place = span ?? { start: 0, end: text.length }
  return {
    functions: [],
    diagnostics: [{ code: 'KQL121', severity: 'error', message, span: place }],
  }
}
