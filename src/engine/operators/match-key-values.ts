import { compileRegex, isRegex } from '../../types/regex.ts'
import type { KeyValueMethod, KeyValueRule } from '../plan/nodes.ts'
import { columnValue, type TextParser } from './match-pattern.ts'

type Pair = readonly [key: string, value: string]

/** The parser of pairs of keys and values; the first value of a key counts. */
export function keyValues({ keys, rule }: KeyValueMethod): TextParser {
  const wanted = new Set(keys.map(key => key.name))
  const pairs = pairsBy(rule, wanted)
  return text => {
    const found = new Map<string, string>()
    for (const [key, value] of pairs(text)) {
      if (wanted.has(key) && !found.has(key)) found.set(key, value)
    }
    return keys.map(({ name, type }) => {
      const value = found.get(name)
      if (value === undefined) return type === 'string' ? '' : null
      return columnValue(value, type)
    })
  }
}

function pairsBy(
  rule: KeyValueRule,
  wanted: ReadonlySet<string>,
): (text: string) => Iterable<Pair> {
  if (rule.regex !== undefined) return regexPairs(rule.regex)
  const { delimiters } = rule
  if (delimiters === undefined) return text => wordPairs(text, rule, wanted)
  return text => delimitedPairs(text, rule, delimiters)
}

function regexPairs(pattern: string): (text: string) => Pair[] {
  const regex = compileRegex(pattern)
  // The binder has refused a pattern that is none.
  if (!isRegex(regex)) return () => []
  return text =>
    [...regex.matchAll(text)].map(({ groups }) => [
      (groups[1] ?? '').trim(),
      (groups[2] ?? '').trim(),
    ])
}

interface Quoted {
  readonly value: string
  /** The position after the closing quote. */
  readonly end: number
}

/** The quoted text that starts at the position; undefined where none does, or it does not end. */
function quotedAt(text: string, at: number, { quotes, escapes }: KeyValueRule): Quoted | undefined {
  const quote = quotes.find(([open]) => text.startsWith(open, at))
  if (quote === undefined) return undefined
  const [open, close] = quote
  let value = ''
  for (let i = at + open.length; i < text.length; i++) {
    const char = text.charAt(i)
    if (escapes.includes(char) && i + 1 < text.length) value += text.charAt(++i)
    else if (text.startsWith(close, i)) return { value, end: i + close.length }
    else value += char
  }
  return undefined
}

function skipSpace(text: string, at: number, stop: string): number {
  let i = at
  while (i < text.length && /\s/.test(text.charAt(i)) && !text.startsWith(stop, i)) i++
  return i
}

/** Where the text next has the delimiter, or its end. */
function nextIndex(text: string, delimiter: string, from: number): number {
  const index = text.indexOf(delimiter, from)
  return index < 0 ? text.length : index
}

function* delimitedPairs(
  text: string,
  rule: KeyValueRule,
  { pair, keyValue }: NonNullable<KeyValueRule['delimiters']>,
): Generator<Pair> {
  let at = 0
  while (at < text.length) {
    const key = keyAt(text, at, rule, pair, keyValue)
    if (key === undefined) {
      at = nextIndex(text, pair, at) + pair.length
      continue
    }
    const start = skipSpace(text, key.end, pair)
    const quoted = quotedAt(text, start, rule)
    let end = nextIndex(text, pair, quoted?.end ?? key.end)
    if (quoted === undefined && rule.greedy) {
      while (end < text.length && !keyAt(text, end + pair.length, rule, pair, keyValue)) {
        end = nextIndex(text, pair, end + pair.length)
      }
    }
    yield [key.value.trim(), quoted?.value ?? text.slice(key.end, end).trim()]
    at = end + pair.length
  }
}

/** The key that starts at the position, with what delimits it from its value read. */
function keyAt(
  text: string,
  at: number,
  rule: KeyValueRule,
  pair: string,
  keyValue: string,
): Quoted | undefined {
  const start = skipSpace(text, at, pair)
  const quoted = quotedAt(text, start, rule)
  if (quoted !== undefined) {
    const end = skipSpace(text, quoted.end, keyValue)
    return text.startsWith(keyValue, end)
      ? { value: quoted.value, end: end + keyValue.length }
      : undefined
  }
  const segment = text.slice(at, nextIndex(text, pair, at))
  const length = segment.indexOf(keyValue)
  if (length < 0) return undefined
  return { value: segment.slice(0, length), end: at + length + keyValue.length }
}

const WORDS = /[\p{L}\p{N}_]+/uy

/** Words and quoted texts, of which one that is a wanted key has the next for its value. */
function* wordPairs(
  text: string,
  rule: KeyValueRule,
  wanted: ReadonlySet<string>,
): Generator<Pair> {
  let key: string | undefined
  let at = 0
  while (at < text.length) {
    const token = quotedAt(text, at, rule) ?? wordAt(text, at)
    if (token === undefined) {
      at++
      continue
    }
    at = token.end
    if (key === undefined) key = wanted.has(token.value) ? token.value : undefined
    else {
      yield [key, token.value]
      key = undefined
    }
  }
}

function wordAt(text: string, at: number): Quoted | undefined {
  WORDS.lastIndex = at
  const value = WORDS.exec(text)?.[0]
  return value === undefined ? undefined : { value, end: at + value.length }
}
