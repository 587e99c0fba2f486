import { KEYWORDS, UNSUPPORTED_OPERATORS } from '../lexer/keywords.ts'
import { quoteString } from '../lexer/string-literal.ts'
import { formatDatetime } from '../types/datetime.ts'
import { type Dynamic, DynamicScalar, isArray, isBag, WholeReal } from '../types/dynamic.ts'
import { formatTimespan } from '../types/timespan.ts'
import type { LiteralSyntax } from './syntax.ts'

const WORD = /^[A-Za-z_$][A-Za-z0-9_]*$/
const BOOL = /^(?:true|false)$/i

/** Words that are names only in some places: brackets spare the reader the question. */
const AMBIGUOUS: ReadonlySet<string> = new Set([
  'alias',
  'declare',
  'let',
  'null',
  'range',
  'restrict',
  'typeof',
  'view',
  ...UNSUPPORTED_OPERATORS,
])

/** The name as a query spells it: bracketed where it is no plain word. */
export function printName(name: string): string {
  return isPlain(name) && !AMBIGUOUS.has(name) ? name : `[${quoteString(name)}]`
}

/** The name of a called function: the parenthesis after it makes more words plain. */
export function printCallee(name: string): string {
  return isPlain(name) && !LITERAL_WORDS.has(name) ? name : `[${quoteString(name)}]`
}

/** Words that make something else than a call of what is in parentheses after them. */
const LITERAL_WORDS: ReadonlySet<string> = new Set(['bool', 'guid', 'typeof'])

function isPlain(name: string): boolean {
  if (!WORD.test(name) || BOOL.test(name)) return false
  const use = KEYWORDS.get(name)
  return use === undefined || use === 'free'
}

/** Whether the literal is written with digits alone, so that it needs parentheses before a dot. */
export function isNumberText(literal: LiteralSyntax): boolean {
  const { type, value } = literal
  if (value === null) return false
  return type === 'long' || (type === 'real' && Number.isFinite(value))
}

/** The literal as a query spells it. */
export function printLiteral(literal: LiteralSyntax): string {
  const { type, value } = literal
  if (type === 'string') return `${literal.obfuscated ? 'h' : ''}${quoteString(String(value))}`
  if (type === 'dynamic') return `dynamic(${printJson(value as Dynamic)})`
  if (value === null) return `${type}(null)`
  switch (type) {
    case 'bool':
    case 'long':
      return String(value)
    case 'real':
      return printReal(value as number)
    case 'datetime':
      return `datetime(${formatDatetime(value as bigint)})`
    case 'timespan':
      return `timespan(${formatTimespan(value as bigint)})`
    case 'int':
    case 'decimal':
    case 'guid':
      return `${type}(${String(value)})`
  }
}

function printReal(value: number): string {
  if (Number.isNaN(value)) return 'real(nan)'
  if (!Number.isFinite(value)) return value > 0 ? 'real(inf)' : 'real(-inf)'
  if (Object.is(value, -0)) return '-0.0'
  const text = String(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

function printJson(value: Dynamic): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return quoteString(value)
  if (value instanceof WholeReal) return printReal(value.value)
  if (value instanceof DynamicScalar) {
    return printLiteral({ kind: 'literal', type: value.type, value: value.value, span: NOWHERE })
  }
  if (isArray(value)) return `[${value.map(printJson).join(', ')}]`
  if (isBag(value)) {
    const slots = Array.from(value, ([name, item]) => `${quoteString(name)}: ${printJson(item)}`)
    return `{${slots.join(', ')}}`
  }
  return String(value)
}

const NOWHERE = { start: 0, end: 0 }
