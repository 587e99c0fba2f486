import { quoteString } from '../../lexer/string-literal.ts'
import type { ScalarValue } from '../../tables/vector.ts'
import type { Dynamic } from '../../types/dynamic.ts'
import { printDynamic } from '../../types/dynamic-json.ts'
import type { ScalarType } from '../../types/scalar-type.ts'
import { resultValue } from '../result.ts'

/** Characters of a value that are shown. */
const MAX_VALUE = 160

/** A value for people: text in quotes, times as results give them, dynamics as JSON; long ones cut. */
export function valueText(type: ScalarType, value: ScalarValue): string {
  if (value === null) return 'null'
  if (type === 'dynamic') return cut(printDynamic(value as Dynamic))
  const shown = resultValue(type, value)
  return typeof shown === 'string' && type === 'string' ? quoted(shown) : String(shown)
}

function quoted(text: string): string {
  if (text.length <= MAX_VALUE) return quoteString(text)
  return `${quoteString(text.slice(0, MAX_VALUE))}… (${text.length} characters)`
}

function cut(text: string): string {
  return text.length <= MAX_VALUE ? text : `${text.slice(0, MAX_VALUE)}…`
}
