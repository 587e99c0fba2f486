import type { Diagnostic } from '../text/diagnostic.ts'
import { commentsOf } from './tokenize.ts'

const MARK = 'kqlab-ignore'
const COMMENT = /^\/\/+\s*kqlab-ignore(-all)?\b([^:]*)/
const CODE = /\b(?:KQL|KS)\d{3}\b/g

/**
 * The diagnostics without the warnings and notes that comments turn off: `// kqlab-ignore KQL209` for
 * the line it stands on, or for the next one where it stands alone; `// kqlab-ignore-all KQL209` for
 * the whole query. Errors stay. A reason may follow after a colon.
 */
export function withoutIgnored(
  diagnostics: readonly Diagnostic[],
  text: string,
): readonly Diagnostic[] {
  if (diagnostics.length === 0 || !text.includes(MARK)) return diagnostics
  const ignored = ignoredRanges(text)
  return diagnostics.filter(
    ({ code, severity, span }) =>
      severity === 'error' ||
      !ignored.some(
        range => range.code === code && span.start < range.end && span.end >= range.start,
      ),
  )
}

interface IgnoredRange {
  readonly code: string
  readonly start: number
  readonly end: number
}

function ignoredRanges(text: string): IgnoredRange[] {
  return commentsOf(text).flatMap(({ image, startOffset }) => {
    const [, all, codes = ''] = COMMENT.exec(image) ?? []
    const range = all === undefined ? lineAt(text, startOffset) : { start: 0, end: text.length + 1 }
    return [...codes.matchAll(CODE)].map(([code]) => ({ code, ...range }))
  })
}

/** The line that a comment is about. */
function lineAt(text: string, at: number): { start: number; end: number } {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = endOfLine(text, at)
  if (text.slice(start, at).trim() !== '') return { start, end }
  return { start: end + 1, end: endOfLine(text, end + 1) }
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length + 1 : end
}
