import type { ScalarValue } from '../../tables/vector.ts'
import { convertScalar } from '../../types/convert.ts'
import { compileRegex, isRegex, type Regex, type RegexError } from '../../types/regex.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import type { PatternMethod, PatternPart } from '../plan/nodes.ts'

/** The values of a text's columns, in the order of the method; undefined where it does not match. */
export type TextParser = (text: string) => readonly ScalarValue[] | undefined

/** What a text converts to in a column: null where it does not convert; a string stays itself. */
export function columnValue(text: string, type: ScalarType): ScalarValue {
  return type === 'string' ? text : convertScalar(text, 'string', type)
}

/** Whether a text of a pattern is one that the column's type can take; dynamic takes any. */
function isTaken(value: ScalarValue, type: ScalarType): boolean {
  return value !== null || type === 'dynamic'
}

type ColumnPart = Extract<PatternPart, { kind: 'column' }>

/** What stands before a text of a pattern, or before its end. */
interface Step {
  /** undefined for the end. */
  readonly text: string | undefined
  readonly column: ColumnPart | undefined
  /** Whether something else may stand there besides. */
  readonly isFree: boolean
}

function stepsOf(pattern: readonly PatternPart[]): Step[] {
  const steps: Step[] = []
  let column: ColumnPart | undefined
  let isFree = false
  for (const part of pattern) {
    if (part.kind === 'any') isFree = true
    else if (part.kind === 'column') column = part
    else {
      steps.push({ text: part.text, column, isFree })
      column = undefined
      isFree = false
    }
  }
  return [...steps, { text: undefined, column, isFree }]
}

/** The parser of a pattern of texts, which reads each from left to right and never goes back. */
export function textPattern(method: PatternMethod): TextParser {
  const steps = stepsOf(method.pattern)
  const isRelaxed = method.kind === 'relaxed'
  // The last text ends what is parsed, where nothing follows it.
  const atEnd = method.pattern.at(-1)?.kind === 'text' ? steps.length - 2 : -1
  return text => {
    const values: ScalarValue[] = []
    let at = 0
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index]!
      const { column } = step
      let end = text.length
      let after = end
      if (step.text !== undefined) {
        end = index === atEnd ? lastIndex(text, step.text, at) : text.indexOf(step.text, at)
        if (end < 0) return undefined
        after = end + step.text.length
      }
      if (column === undefined) {
        if (!step.isFree && end !== at) return undefined
      } else {
        // Where something else may follow, a column has only as much as its type takes.
        const found = text.slice(at, end)
        const raw = step.isFree ? leading(found, column.type) : found
        const value = raw === undefined ? null : columnValue(raw, column.type)
        if (!isRelaxed && !isTaken(value, column.type)) return undefined
        values.push(value)
      }
      at = after
    }
    return values
  }
}

/** Where the text ends with `end`, no sooner than at `from`; else -1. */
function lastIndex(text: string, end: string, from: number): number {
  const index = text.length - end.length
  return index >= from && text.endsWith(end) ? index : -1
}

// What a value of a type looks like at the start of a text with something else after it.
const LEADING: { readonly [T in ScalarType]?: RegExp } = {
  int: /^[-+]?\d+/,
  long: /^[-+]?\d+/,
  real: /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/,
  decimal: /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/,
  bool: /^(?:true|false|[01])/i,
  guid: /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}/i,
  timespan: /^-?(?:\d+\.)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?/,
  datetime:
    /^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\/\d{1,2}\/\d{4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[-+]\d{2}:\d{2})?)?/,
}

function leading(text: string, type: ScalarType): string | undefined {
  const form = LEADING[type]
  return form === undefined ? text : form.exec(text)?.[0]
}

// What a column takes in a regular expression: as much as it can, unless the flag U turns that round.
function columnRegex(type: ScalarType, isUngreedy: boolean): string {
  // The digits of a number belong to it with the flag U too.
  const more = isUngreedy ? '+?' : '+'
  switch (type) {
    case 'int':
    case 'long':
      return `([-+]?\\d${more})`
    case 'real':
    case 'decimal':
      return `([-+]?[\\d.]${more}(?:[eE][-+]?\\d${more})?)`
    default:
      return '(.*)'
  }
}

/** The regular expression of a pattern, with the number of the group of each column. */
export function patternRegex(
  method: PatternMethod,
): { readonly regex: Regex; readonly groups: readonly number[] } | RegexError {
  const groups: number[] = []
  let count = 0
  let source = ''
  for (const part of method.pattern) {
    if (part.kind === 'any') source += '.*?'
    else if (part.kind === 'column') {
      groups.push(++count)
      source += columnRegex(part.type, method.flags.includes('U'))
    } else {
      const own = compileRegex(part.text, method.flags)
      if (!isRegex(own)) return own
      count += own.groupCount
      // An alternation is one of this part alone.
      source += part.text.includes('|') ? `(?:${part.text})` : part.text
    }
  }
  const regex = compileRegex(`\\A${source}\\z`, method.flags)
  return isRegex(regex) ? { regex, groups } : regex
}

/** The parser of a pattern of regular expressions, as {@link patternRegex} gives it. */
export function regexPattern(
  method: PatternMethod,
  regex: Regex,
  groups: readonly number[],
): TextParser {
  const columns = method.pattern.filter(part => part.kind === 'column')
  return text => {
    const match = regex.exec(text)
    if (match === null) return undefined
    const values = columns.map(({ type }, index) =>
      columnValue(match.groups[groups[index] ?? 0] ?? '', type),
    )
    return values.every((value, index) => isTaken(value, columns[index]?.type ?? 'string'))
      ? values
      : undefined
  }
}
