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
    const { line, column } = source.positionAt(located.span.start)
    const text = oneLine(source.text.slice(located.span.start, located.span.end))
    return { source, span: located.span, line, column, text }
  }
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
  ...['fork', 'facet', 'make-graph', 'graph-to-table', 'graph-shortest-paths', 'print'],
])
