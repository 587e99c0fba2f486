import type { Diagnostic } from './diagnostic.ts'
import type { SourceText } from './source-text.ts'
import type { Span } from './span.ts'

/** Distance between the first offsets of two texts: more than any text is long. */
const STRIDE = 2 ** 32

/** A text beside the query that spans point into, as a saved function is. */
export interface AddedText {
  /** The file or text in which people know it. */
  readonly source: SourceText
  /** The place in the source of a place in the text. */
  toSource(span: Span): Span
}

/**
 * The texts that the parts of one query come from. Spans of the query itself count from 0, those of
 * each further text from an offset of its own, so that a span says which text it is in.
 */
export class SourceSet {
  readonly #texts: AddedText[] = []

  /** The offset from which the spans of the text have to count. */
  add(text: AddedText): number {
    this.#texts.push(text)
    return this.#texts.length * STRIDE
  }

  /** The diagnostic with places as people know them: one that is not in the query names its source. */
  locate(diagnostic: Diagnostic): Diagnostic {
    const { related } = diagnostic
    const number = numberOf(diagnostic.span)
    if (number === 0) return diagnostic
    const text = this.#texts[number - 1]
    if (text === undefined) return { ...diagnostic, span: { start: 0, end: 0 } }
    const own = related?.filter(({ span }) => numberOf(span) === number)
    const { related: _, ...rest } = diagnostic
    return {
      ...rest,
      span: text.toSource(local(diagnostic.span)),
      source: text.source,
      ...(own === undefined || own.length === 0
        ? {}
        : { related: own.map(place => ({ ...place, span: text.toSource(local(place.span)) })) }),
    }
  }
}

/** Which text the span is in: 0 for the query. */
export function numberOf({ start }: Span): number {
  return Math.floor(start / STRIDE)
}

/** The span counted from the start of its text. */
function local(span: Span): Span {
  const start = span.start % STRIDE
  const sameText = Math.floor(span.end / STRIDE) === numberOf(span)
  return { start, end: sameText ? Math.max(start, span.end % STRIDE) : start }
}
