import { parseQuery } from '../../parser/parse.ts'
import { printSyntax } from '../../parser/printer.ts'
import type { Span } from '../../text/span.ts'
import { changesOf, type MutationOperator } from './operators.ts'
import { nodesOf, replaced } from './syntax-tree.ts'

/** A query that is another one but for one change. */
export interface Mutant {
  readonly operator: MutationOperator
  /** What was changed, in the text of the query that it was made of. */
  readonly span: Span
  /** What was done there: "`has` becomes `contains`", "left out". */
  readonly what: string
  /** The changed query, laid out anew. */
  readonly text: string
}

/**
 * All mutants of a query, in the order of their places; none of a text with syntax errors. Some of
 * them may not compile, or mean the same as the query.
 */
export function mutantsOf(text: string): Mutant[] {
  const { syntax, diagnostics } = parseQuery(text)
  if (diagnostics.some(({ severity }) => severity === 'error')) return []
  const mutants = [...nodesOf(syntax)].flatMap(({ node, around }) =>
    changesOf(node, around).map(
      ({ operator, span, what, node: changed, replacement }): Mutant => ({
        operator,
        span,
        what,
        text: printSyntax(replaced(syntax, changed, replacement)),
      }),
    ),
  )
  return mutants.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
}
