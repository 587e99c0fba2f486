import { parseQuery } from '../parser/parse.ts'
import type { FunctionSyntax } from '../parser/syntax.ts'
import { type Diagnostic, hasErrors } from '../text/diagnostic.ts'
import type { AddedText, SourceSet } from '../text/source-set.ts'
import type { SourceText } from '../text/source-text.ts'
import type { Span } from '../text/span.ts'
import type { SavedFunction } from './binder/workspace.ts'

/** Text of a function, and where it stands in its file. */
export interface FunctionPart {
  readonly text: string
  toSource(span: Span): Span
}

/** What a saved function is made of. */
export interface FunctionParts {
  readonly name: string
  /** The file or text that the parts are from. */
  readonly source: SourceText
  /** `x: string, T: (*)`, or the same within parentheses; none where absent. */
  readonly parameters?: FunctionPart
  /** Statements and an expression; `(…) { … }` where `isWhole`. */
  readonly body: FunctionPart
  /** Whether the body is all of the function, its parameters and braces too. */
  readonly isWhole?: boolean
}

/** The function, whose text is parsed when it is first used. */
export function savedFunction(parts: FunctionParts, sources: SourceSet): SavedFunction {
  return new ParsedLater(parts, sources)
}

class ParsedLater implements SavedFunction {
  readonly name: string
  readonly #parts: FunctionParts
  readonly #sources: SourceSet
  #parsed: ParsedFunction | undefined

  constructor(parts: FunctionParts, sources: SourceSet) {
    this.name = parts.name
    this.#parts = parts
    this.#sources = sources
  }

  get syntax(): FunctionSyntax {
    return this.#parse().syntax
  }

  get isBroken(): boolean {
    return this.#parse().isBroken
  }

  #parse(): ParsedFunction {
    this.#parsed ??= parseParts(this.#parts, this.#sources)
    return this.#parsed
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#parsed?.diagnostics ?? []
  }
}

interface ParsedFunction {
  readonly syntax: FunctionSyntax
  readonly isBroken: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** A piece of the composed text: what comes from a part, or is put around the parts. */
interface Piece {
  readonly text: string
  readonly part?: FunctionPart
}

function parseParts(
  { name, source, parameters, body, isWhole = false }: FunctionParts,
  sources: SourceSet,
): ParsedFunction {
  const pieces: Piece[] = [
    { text: 'let f = ' },
    ...(isWhole
      ? [{ text: body.text, part: body }]
      : [
          ...bracketed(parameters),
          { text: ' {' },
          { text: body.text, part: body },
          // On a line of its own: the body may end with a comment.
          { text: '\n}' },
        ]),
  ]
  const text = pieces.map(piece => piece.text).join('')
  const base = sources.add(addedText(pieces, source))
  const { syntax, diagnostics } = parseQuery(text, base)
  const [statement] = syntax.statements
  const value = statement?.kind === 'let' ? statement.value : undefined
  if (value?.kind === 'function' && syntax.statements.length === 1 && !syntax.expression) {
    return { syntax: value, isBroken: false, diagnostics }
  }
  const span = { start: base, end: base + text.length }
  const empty: FunctionSyntax = {
    kind: 'function',
    view: false,
    parameters: [],
    body: { kind: 'query', statements: [], span },
    span,
  }
  if (hasErrors(diagnostics)) return { syntax: empty, isBroken: true, diagnostics }
  const fault: Diagnostic = {
    code: 'KQL121',
    severity: 'error',
    message: `The text of \`${name}\` is not one function.`,
    span,
  }
  return { syntax: empty, isBroken: true, diagnostics: [fault] }
}

/** Parameters within parentheses: those that they have themselves, or some around them. */
function bracketed(part: FunctionPart | undefined): Piece[] {
  if (part === undefined) return [{ text: '()' }]
  const piece = { text: part.text, part }
  return part.text.trimStart().startsWith('(') ? [piece] : [{ text: '(' }, piece, { text: '\n)' }]
}

function addedText(pieces: readonly Piece[], source: SourceText): AddedText {
  return {
    source,
    toSource(span) {
      let from = 0
      let place: Span = { start: 0, end: 0 }
      for (const { text, part } of pieces) {
        const end = from + text.length
        if (part !== undefined) {
          const start = Math.max(0, Math.min(span.start - from, text.length))
          const last = Math.max(start, Math.min(span.end - from, text.length))
          place = part.toSource({ start, end: last })
          if (span.start < end) return place
        }
        from = end
      }
      return place
    },
  }
}
