import { cellWidth } from './cell-width.ts'
import type { Diagnostic, Severity } from './diagnostic.ts'
import type { SourceText } from './source-text.ts'
import type { Span } from './span.ts'

const TAB_WIDTH = 4
/** Cells of a source line that are shown; of a longer one, those around the fault. */
const MAX_WIDTH = 120
/** Cells that are shown before the fault in a line that is cut. */
const CONTEXT = 40
const ELLIPSIS = '…'

const COLORS: Readonly<Record<Severity | 'gutter', number>> = {
  error: 31,
  warning: 33,
  info: 36,
  gutter: 34,
}

/** How {@link renderDiagnostic} prints. */
export interface RenderOptions {
  /** Colours by terminal escapes; without them by default. */
  readonly color?: boolean
}

/**
 * The diagnostic as text for people: what and where, the source line with the place underlined, what
 * else is involved, and the hint. Without a line break at the end.
 */
export function renderDiagnostic(
  source: SourceText,
  diagnostic: Diagnostic,
  { color = false }: RenderOptions = {},
): string {
  const { severity, code, message, span, related = [], hint } = diagnostic
  const paint = (text: string, tone: Severity | 'gutter') =>
    color ? `\u001b[1;${COLORS[tone]}m${text}\u001b[0m` : text
  const places = [span, ...related.map(place => place.span)]
  const width = Math.max(...places.map(place => gutterWidth(source, place)))
  const frame = (place: Span, tone: Severity) =>
    excerpt(source, place).map(({ label, text, isMark }) => {
      const gutter = paint(`${label.padStart(width)} |`, 'gutter')
      return text === '' ? gutter : `${gutter} ${isMark ? paint(text, tone) : text}`
    })
  const arrow = (place: Span) => {
    const { line, column } = source.positionAt(place.start)
    return `${' '.repeat(width)}${paint('-->', 'gutter')} ${source.name}:${line}:${column}`
  }
  const lines = [
    `${paint(`${severity}[${code}]`, severity)}: ${message}`,
    arrow(span),
    ...frame(span, severity),
  ]
  for (const place of related) {
    lines.push(`${paint('note', 'info')}: ${place.message}`, arrow(place.span))
    lines.push(...frame(place.span, 'info'))
  }
  if (hint !== undefined) lines.push(`${' '.repeat(width)} ${paint('=', 'gutter')} hint: ${hint}`)
  return lines.join('\n')
}

/** A place as {@link renderDiagnostic} shows it: which, and the source line with it underlined. */
export function renderPlace(
  source: SourceText,
  span: Span,
  { color = false }: RenderOptions = {},
): string {
  const paint = (text: string, tone: number) => (color ? `\u001b[1;${tone}m${text}\u001b[0m` : text)
  const width = gutterWidth(source, span)
  const { line, column } = source.positionAt(span.start)
  const lines = excerpt(source, span).map(({ label, text, isMark }) => {
    const gutter = paint(`${label.padStart(width)} |`, COLORS.gutter)
    return text === '' ? gutter : `${gutter} ${isMark ? paint(text, COLORS.info) : text}`
  })
  const arrow = `${' '.repeat(width)}${paint('-->', COLORS.gutter)} ${source.name}:${line}:${column}`
  return [arrow, ...lines].join('\n')
}

interface ExcerptLine {
  readonly label: string
  readonly text: string
  readonly isMark: boolean
}

function gutterWidth(source: SourceText, span: Span): number {
  return String(source.positionAt(span.end).line).length
}

/** The line of the span with its underline; of several lines the first and the last. */
function excerpt(source: SourceText, span: Span): ExcerptLine[] {
  const first = source.positionAt(span.start)
  const last = source.positionAt(Math.max(span.start, span.end))
  const text = source.lineText(first.line)
  const start = first.column - 1
  if (first.line === last.line) return marked(first.line, text, start, last.column - 1)
  const lines = marked(first.line, text, start, text.length)
  // A span that ends with a line break has nothing to show of the line after it.
  const ending = source.lineText(last.line)
  if (last.column > 1) {
    if (last.line > first.line + 1) lines.push({ label: '', text: ELLIPSIS, isMark: false })
    const indent = ending.length - ending.trimStart().length
    lines.push(...marked(last.line, ending, Math.min(indent, last.column - 1), last.column - 1))
  }
  return lines
}

function marked(line: number, text: string, start: number, end: number): ExcerptLine[] {
  const before = cells(text.slice(0, start), 0)
  const marked = cells(text.slice(start, end), before.width)
  const after = cells(text.slice(end), before.width + marked.width)
  const full = before.text + marked.text + after.text
  const markWidth = Math.max(1, marked.width)
  const total = before.width + marked.width + after.width
  if (total <= MAX_WIDTH) return frame(line, full, before.width, markWidth)
  // Whole characters are dropped, so that wide ones stay aligned.
  const from = Math.max(0, Math.min(before.width - CONTEXT, total - MAX_WIDTH))
  const window = slice(full, from, from + MAX_WIDTH)
  const offset = before.width - window.start + (window.start > 0 ? 1 : 0)
  const shown = `${window.start > 0 ? ELLIPSIS : ''}${window.text}${window.end < total ? ELLIPSIS : ''}`
  return frame(line, shown, offset, Math.min(markWidth, Math.max(1, window.end - before.width)))
}

function frame(line: number, text: string, offset: number, width: number): ExcerptLine[] {
  return [
    { label: String(line), text, isMark: false },
    { label: '', text: ' '.repeat(offset) + '^'.repeat(width), isMark: true },
  ]
}

/** The text as a terminal shows it from the cell on, and how many cells that takes. */
function cells(text: string, from: number): { text: string; width: number } {
  let shown = ''
  let width = 0
  for (const character of text) {
    if (character === '\t') {
      const spaces = TAB_WIDTH - ((from + width) % TAB_WIDTH)
      shown += ' '.repeat(spaces)
      width += spaces
    } else {
      const visible = CONTROL.test(character) ? '\ufffd' : character
      shown += visible
      width += cellWidth(visible)
    }
  }
  return { text: shown, width }
}

/** The characters that lie within the cells, and the cells that these are. */
function slice(
  text: string,
  from: number,
  to: number,
): { text: string; start: number; end: number } {
  let shown = ''
  let at = 0
  let start = -1
  for (const character of text) {
    const width = cellWidth(character)
    if (at >= from && at + width <= to) {
      if (start < 0) start = at
      shown += character
    } else if (start >= 0) {
      break
    }
    at += width
  }
  return { text: shown, start: Math.max(0, start), end: at }
}

const CONTROL = /\p{Cc}/u
