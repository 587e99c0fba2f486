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

/** The parser of a pattern of texts, which reads each from left to right and never goes back. */
export function textPattern(method: PatternMethod): TextParser {
  const { pattern } = method
  const isRelaxed = method.kind === 'relaxed'
  return text => {
    const values: ScalarValue[] = []
    let at = 0
    let column: ColumnPart | undefined
    let isFree = false
    /** Ends what stands before `end`; where it matters, only as much as the column's type takes. */
    const close = (end: number): boolean => {
      if (column === undefined) return isFree || end === at
      const raw = isFree ? leading(text.slice(at, end), column.type) : text.slice(at, end)
      const value = raw === undefined ? null : columnValue(raw, column.type)
      values.push(value)
      return isRelaxed || isTaken(value, column.type)
    }
    for (const [index, part] of pattern.entries()) {
      if (part.kind === 'any') isFree = true
      else if (part.kind === 'column') column = part
      else {
        const isLast = index === pattern.length - 1
        const found = isLast ? lastIndex(text, part.text, at) : text.indexOf(part.text, at)
        if (found < 0 || !close(found)) return undefined
        at = found + part.text.length
        column = undefined
        isFree = false
      }
    }
    return close(text.length) ? values : undefined
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
