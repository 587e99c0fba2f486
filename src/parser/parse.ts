import { tokenizeAt, tokenSpan } from '../lexer/tokenize.ts'
import { type Diagnostic, DiagnosticBag } from '../text/diagnostic.ts'
import { DECISIONS } from './decisions.ts'
import { QueryParser } from './query-parser.ts'
import type { QuerySyntax } from './syntax.ts'

/** Brackets within brackets; what is deeper is refused, so that no stage runs out of stack. */
export const MAX_NESTING = 150

/** The syntax of a query and what is wrong with it. */
export interface ParseResult {
  /** Holds what could be read. After an error parts are missing: it is not meant to be bound. */
  readonly syntax: QuerySyntax
  /** In the order in which they stand in the text. */
  readonly diagnostics: readonly Diagnostic[]
}

let parser: QueryParser | undefined

/**
 * The syntax of a KQL query. Never throws: faults are diagnostics, of which one text may have several,
 * as the parser goes on at the next `|` or `;`. Spans count from `base`.
 * @see https://learn.microsoft.com/kusto/query/
 */
export function parseQuery(text: string, base = 0): ParseResult {
  const diagnostics = new DiagnosticBag()
  // Before the text is cut into tokens: it has their types numbered.
  parser ??= new QueryParser(DECISIONS)
  const stream = tokenizeAt(text, base, diagnostics)
  if (stream.depth > MAX_NESTING && stream.deepest) {
    diagnostics.error(
      'KQL002',
      `The query has brackets within brackets more than ${MAX_NESTING} levels deep.`,
      tokenSpan(stream.deepest),
      'Name parts of it with let.',
    )
    const span = { start: base, end: base + text.length }
    return { syntax: { kind: 'query', statements: [], span }, diagnostics: diagnostics.items }
  }
  const syntax = parser.parse(text, stream, diagnostics, base)
  return { syntax, diagnostics: diagnostics.items.toSorted((a, b) => a.span.start - b.span.start) }
}
