import { scanTokens } from '../../lexer/scan-tokens.ts'
import type { Diagnostic } from '../../text/diagnostic.ts'
import type { SourceText } from '../../text/source-text.ts'
import type { Span } from '../../text/span.ts'
import type { Plan } from '../plan/nodes.ts'
import type { Place } from './explanation.ts'

/** Characters of a text that are shown. */
const MAX_TEXT = 240

/** Finds places of a query in the text that people know. */
export class Places {
  readonly #source: SourceText
  readonly #locate: (diagnostic: Diagnostic) => Diagnostic

  /** `locate` gives a diagnostic of the query with its places in `source`, or in another text. */
  constructor(source: SourceText, locate: (diagnostic: Diagnostic) => Diagnostic = item => item) {
    this.#source = source
    this.#locate = locate
  }

  of(span: Span): Place {
    const located = this.#locate({ code: 'KQL001', severity: 'info', message: '', span })
    const source = located.source ?? this.#source
    const whole = balanced(source.text, located.span)
    const { line, column } = source.positionAt(whole.start)
    const text = oneLine(withoutComments(source.text.slice(whole.start, whole.end)))
    return { source, span: whole, line, column, text }
  }
}

/** The span with the parentheses that belong to it: those at its ends are not part of an expression. */
function balanced(source: string, { start, end }: Span): Span {
  let depth = 0
  let lowest = 0
  for (const { image } of scanTokens(source.slice(start, end)).tokens) {
    if (image === '(') depth++
    else if (image === ')') lowest = Math.min(lowest, --depth)
  }
  const closed = depth > lowest ? /^(?:\s*\))+/.exec(source.slice(end))?.[0] : undefined
  const opened = lowest < 0 ? /(?:\(\s*)+$/.exec(source.slice(0, start))?.[0] : undefined
  return {
    start: start - ending(opened ?? '', '(', -lowest),
    end: end + leading(closed ?? '', ')', depth - lowest),
  }
}

/** The length of the text up to and with the so many-th of a character. */
function leading(text: string, character: string, count: number): number {
  let at = 0
  for (let k = 0; k < count; k++) {
    const next = text.indexOf(character, at)
    if (next < 0) break
    at = next + 1
  }
  return at
}

function ending(text: string, character: string, count: number): number {
  return leading([...text].reverse().join(''), character, count)
}

/** In one line, what follows a comment would be taken for a part of it. */
function withoutComments(text: string): string {
  const comments = scanTokens(text).comments.toReversed()
  return comments.reduce(
    (rest, { startOffset: at, image }) => rest.slice(0, at) + rest.slice(at + image.length),
    text,
  )
}

/** The text of a query's part in one line, cut where it is long. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT)}…` : line
}

/** The operator that a node comes from, as KQL calls it. */
export function operatorName(plan: Plan, place: Place): string {
  const word = /^\|?\s*([a-z][a-z_-]*)/i.exec(place.text)?.[1]?.toLowerCase()
  return word !== undefined && WORDS.has(word) ? word : plan.kind
}

/** Operators that share the nodes of plans. */
const WORDS: ReadonlySet<string> = new Set([
  ...['where', 'filter', 'extend', 'project', 'project-away', 'project-keep', 'project-rename'],
  ...['project-reorder', 'summarize', 'distinct', 'count', 'join', 'lookup', 'union', 'mv-expand'],
  ...['mvexpand', 'mv-apply', 'parse', 'parse-where', 'parse-kv', 'scan', 'partition', 'sort'],
  ...['order', 'top', 'take', 'limit', 'sample', 'sample-distinct', 'top-nested', 'top-hitters'],
  ...[
    'serialize',
    'evaluate',
    'make-series',
    'search',
    'find',
    'graph-match',
    'invoke',
    'getschema',
  ],
  ...['consume', 'fork', 'facet', 'make-graph', 'graph-to-table', 'graph-shortest-paths', 'print'],
])
