import { formatDatetime, ticksFromEpochMillis } from './datetime.ts'
import {
  type Dynamic,
  DynamicScalar,
  dynamicLong,
  dynamicReal,
  isArray,
  isBag,
  WholeReal,
} from './dynamic.ts'
import { formatReal, INT64_MAX, INT64_MIN } from './number.ts'
import { formatTimespan } from './timespan.ts'

/**
 * Arrays and bags nest at most this deep. Deeper text is not taken as JSON, so that no walk over a
 * dynamic, here or in an operator, can run out of stack.
 */
export const MAX_DYNAMIC_DEPTH = 1000

/**
 * The value of a JSON text; undefined when it is none or nests deeper than
 * {@link MAX_DYNAMIC_DEPTH} (`parse_json` then keeps the text as a string).
 *
 * JSON as RFC 8259 has it: a raw control character in a string, a comment, a trailing comma or a
 * single quote is an error, as measured. Nothing is lost: 1 is a long, 1.0 and 1e2 are reals, longs
 * are exact to 64 bits, and a whole number beyond that is a real. The last of two slots of one name
 * wins, in the place of the first.
 * @see https://learn.microsoft.com/kusto/query/parse-json-function
 */
export function parseDynamic(text: string): Dynamic | undefined {
  return new JsonReader(text).read()
}

/**
 * Reads the elements of a JSON array, of each just what members of these names have: appends it to the
 * list of the name, null where there is none, and gives the number of elements. undefined where the text
 * is no array, or none that {@link parseDynamic} reads: the lists have more then than they had.
 */
export function readElements(
  text: string,
  names: readonly string[],
  into: readonly Dynamic[][],
): number | undefined {
  return new JsonReader(text).readElements(names, into)
}

const CONTROL = /[^\u0020-\uffff]/

/** What stands for a value that is not JSON: undefined would be a value to a Map. */
const FAILED = Symbol('not JSON')

class JsonReader {
  readonly #text: string
  #at = 0
  #depth = 0
  /** No control character anywhere: strings need no look for one. */
  readonly #clean: boolean
  /** Position of the next backslash at or after the cursor, or past the end. */
  #backslash: number

  constructor(text: string) {
    this.#text = text
    this.#clean = !CONTROL.test(text)
    this.#backslash = this.#nextBackslash(0)
  }

  read(): Dynamic | undefined {
    this.#blanks()
    const value = this.#value()
    if (value === FAILED) return undefined
    this.#blanks()
    return this.#at === this.#text.length ? value : undefined
  }

  readElements(names: readonly string[], into: readonly Dynamic[][]): number | undefined {
    const text = this.#text
    this.#blanks()
    if (text.charCodeAt(this.#at) !== 91) return undefined
    this.#depth++
    this.#at++
    this.#blanks()
    let count = 0
    if (text.charCodeAt(this.#at) === 93) this.#at++
    else {
      for (;;) {
        for (let k = 0; k < into.length; k++) into[k]!.push(null)
        count++
        if (text.charCodeAt(this.#at) === 123) {
          if (!this.#members(names, into)) return undefined
        } else if (!this.#skip()) return undefined
        this.#blanks()
        const next = text.charCodeAt(this.#at++)
        if (next === 93) break
        if (next !== 44) return undefined
        this.#blanks()
      }
    }
    this.#blanks()
    return this.#at === text.length ? count : undefined
  }

  /**
   * Goes behind an object, and says whether it is one. The members of these names replace the last of
   * their lists.
   */
  #members(names: readonly string[], into: readonly Dynamic[][]): boolean {
    if (++this.#depth > MAX_DYNAMIC_DEPTH) return false
    const text = this.#text
    this.#at++
    this.#blanks()
    if (text.charCodeAt(this.#at) === 125) {
      this.#at++
      this.#depth--
      return true
    }
    for (;;) {
      if (text.charCodeAt(this.#at) !== 34) return false
      const start = this.#at + 1
      if (!this.#skipString()) return false
      const number = names.length === 0 ? -1 : this.#nameAt(names, start, this.#at - 1)
      if (text.charCodeAt(this.#at) !== 58) {
        this.#blanks()
        if (text.charCodeAt(this.#at) !== 58) return false
      }
      this.#at++
      this.#blanks()
      if (number < 0) {
        if (!this.#skip()) return false
      } else {
        const value = this.#value()
        if (value === FAILED) return false
        const list = into[number]!
        list[list.length - 1] = value
      }
      this.#blanks()
      const next = text.charCodeAt(this.#at++)
      if (next === 125) {
        this.#depth--
        return true
      }
      if (next !== 44) return false
      this.#blanks()
    }
  }

  /** Which of the names the string is that was just skipped, between quotes; -1 for none. */
  #nameAt(names: readonly string[], start: number, end: number): number {
    const text = this.#text
    if (this.#backslash >= end) {
      for (let k = 0; k < names.length; k++) {
        const name = names[k]!
        if (name.length === end - start && text.startsWith(name, start)) return k
      }
      return -1
    }
    const name = unescapeJson(text.slice(start, end))
    return name === FAILED ? -1 : names.indexOf(name)
  }

  /** Goes behind a value, and says whether it is one. */
  #skip(): boolean {
    switch (this.#text.charCodeAt(this.#at)) {
      case 34:
        return this.#skipString()
      case 123:
        return this.#members([], [])
      case 91:
        return this.#array() !== FAILED
      default:
        return this.#value() !== FAILED
    }
  }

  /** Goes behind a string, and says whether it is one. */
  #skipString(): boolean {
    const text = this.#text
    const start = this.#at + 1
    const quote = text.indexOf('"', start)
    if (quote < 0) return false
    if (this.#backslash < start) this.#backslash = this.#nextBackslash(start)
    if (this.#backslash < quote) return this.#escaped(start, quote) !== FAILED
    this.#at = quote + 1
    return this.#clean || !CONTROL.test(text.slice(start, quote))
  }

  #nextBackslash(from: number): number {
    const at = this.#text.indexOf('\\', from)
    return at < 0 ? this.#text.length : at
  }

  #blanks(): void {
    const text = this.#text
    let at = this.#at
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit !== 32 && unit !== 10 && unit !== 13 && unit !== 9) break
    }
    this.#at = at
  }

  #value(): Dynamic | typeof FAILED {
    switch (this.#text.charCodeAt(this.#at)) {
      case 34:
        return this.#string()
      case 123:
        return this.#bag()
      case 91:
        return this.#array()
      case 116:
        return this.#word('true', true)
      case 102:
        return this.#word('false', false)
      case 110:
        return this.#word('null', null)
      default:
        return this.#number()
    }
  }

  #word(word: string, value: Dynamic): Dynamic | typeof FAILED {
    if (!this.#text.startsWith(word, this.#at)) return FAILED
    this.#at += word.length
    return value
  }

  #bag(): Dynamic | typeof FAILED {
    if (++this.#depth > MAX_DYNAMIC_DEPTH) return FAILED
    const text = this.#text
    const bag = new Map<string, Dynamic>()
    this.#at++
    this.#blanks()
    if (text.charCodeAt(this.#at) === 125) {
      this.#at++
      this.#depth--
      return bag
    }
    for (;;) {
      if (text.charCodeAt(this.#at) !== 34) return FAILED
      const name = this.#string()
      if (name === FAILED) return FAILED
      if (text.charCodeAt(this.#at) !== 58) {
        this.#blanks()
        if (text.charCodeAt(this.#at) !== 58) return FAILED
      }
      this.#at++
      this.#blanks()
      const value = this.#value()
      if (value === FAILED) return FAILED
      bag.set(name, value)
      this.#blanks()
      const next = text.charCodeAt(this.#at++)
      if (next === 125) {
        this.#depth--
        return bag
      }
      if (next !== 44) return FAILED
      this.#blanks()
    }
  }

  #array(): Dynamic | typeof FAILED {
    if (++this.#depth > MAX_DYNAMIC_DEPTH) return FAILED
    const text = this.#text
    const items: Dynamic[] = []
    this.#at++
    this.#blanks()
    if (text.charCodeAt(this.#at) === 93) {
      this.#at++
      this.#depth--
      return items
    }
    for (;;) {
      const value = this.#value()
      if (value === FAILED) return FAILED
      items.push(value)
      this.#blanks()
      const next = text.charCodeAt(this.#at++)
      if (next === 93) {
        this.#depth--
        return items
      }
      if (next !== 44) return FAILED
      this.#blanks()
    }
  }

  #string(): string | typeof FAILED {
    const text = this.#text
    const start = this.#at + 1
    const quote = text.indexOf('"', start)
    if (quote < 0) return FAILED
    if (this.#backslash < start) this.#backslash = this.#nextBackslash(start)
    if (this.#backslash > quote) {
      this.#at = quote + 1
      const body = text.slice(start, quote)
      return this.#clean || !CONTROL.test(body) ? body : FAILED
    }
    return this.#escaped(start, quote)
  }

  /** A string with escapes: its end is the first quote after an even number of backslashes. */
  #escaped(start: number, firstQuote: number): string | typeof FAILED {
    const text = this.#text
    let quote = firstQuote
    for (;;) {
      let backslashes = 0
      while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++
      if (backslashes % 2 === 0) break
      quote = text.indexOf('"', quote + 1)
      if (quote < 0) return FAILED
    }
    this.#at = quote + 1
    const body = text.slice(start, quote)
    if (!this.#clean && CONTROL.test(body)) return FAILED
    return unescapeJson(body)
  }

  #number(): Dynamic | typeof FAILED {
    const text = this.#text
    const start = this.#at
    let at = start
    const negative = text.charCodeAt(at) === 45
    if (negative) at++
    const first = at
    let value = 0
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    const count = at - first
    // No digit, or a zero before another digit.
    if (count === 0 || (count > 1 && text.charCodeAt(first) === 48)) return FAILED
    const next = text.charCodeAt(at)
    if (next !== 46 && next !== 101 && next !== 69) {
      this.#at = at
      if (count <= 15) return negative ? 0 - value : value
      return longOrReal(text.slice(start, at))
    }
    if (next === 46) {
      const fraction = ++at
      at = this.#digits(at)
      if (at === fraction) return FAILED
    }
    const exponent = text.charCodeAt(at)
    if (exponent === 101 || exponent === 69) {
      at++
      const sign = text.charCodeAt(at)
      if (sign === 43 || sign === 45) at++
      const digits = at
      at = this.#digits(at)
      if (at === digits) return FAILED
    }
    this.#at = at
    return dynamicReal(Number(text.slice(start, at)))
  }

  #digits(from: number): number {
    let at = from
    for (; at < this.#text.length; at++) {
      const digit = this.#text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) break
    }
    return at
  }
}

function longOrReal(digits: string): Dynamic {
  // No int64 has more than 19 digits and a sign: a longer text must not become a BigInt.
  if (digits.length > 20) return dynamicReal(Number(digits))
  const value = BigInt(digits)
  return value < INT64_MIN || value > INT64_MAX ? dynamicReal(Number(digits)) : dynamicLong(value)
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const HEX4 = /^[0-9a-fA-F]{4}$/

function unescapeJson(body: string): string | typeof FAILED {
  let result = ''
  let from = 0
  for (let at = body.indexOf('\\'); at >= 0; at = body.indexOf('\\', from)) {
    result += body.slice(from, at)
    const letter = body[at + 1]
    if (letter === undefined) return FAILED
    if (letter === 'u') {
      const hex = body.slice(at + 2, at + 6)
      if (!HEX4.test(hex)) return FAILED
      result += String.fromCharCode(Number.parseInt(hex, 16))
      from = at + 6
    } else {
      const plain = ESCAPES[letter]
      if (plain === undefined) return FAILED
      result += plain
      from = at + 2
    }
  }
  return result + body.slice(from)
}

/**
 * Compact JSON of the value, slots in their order: what `tostring` of an array or a bag gives.
 * Characters beyond ASCII stay as they are; datetime, timespan, guid, decimal, NaN and the
 * infinities, which JSON has no form for, are strings.
 */
export function printDynamic(value: Dynamic): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      return Number.isInteger(value) ? String(value) : formatReal(value)
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      break
  }
  if (value === null) return 'null'
  if (isArray(value)) {
    let text = '['
    for (let k = 0; k < value.length; k++) {
      if (k > 0) text += ','
      text += printDynamic(value[k]!)
    }
    return `${text}]`
  }
  if (isBag(value)) {
    let text = '{'
    for (const [name, item] of value) {
      if (text.length > 1) text += ','
      text += `${quote(name)}:${printDynamic(item)}`
    }
    return `${text}}`
  }
  if (value instanceof WholeReal && Number.isFinite(value.value)) return formatReal(value.value)
  return `"${scalarText(value)}"`
}

/** What a JSON string must escape; a lone half of a surrogate pair is found with the whole ones. */
const NEEDS_ESCAPE = /[^\u0020\u0021\u0023-\u005b\u005d-\ud7ff\ue000-\uffff]/

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

/**
 * `tostring(dynamic)`: the bare text of a string or of a scalar without a JSON form, the empty
 * string for null, and {@link printDynamic} for the rest (`true` in lower case, unlike a bool).
 */
export function dynamicToText(value: Dynamic): string {
  if (typeof value === 'string') return value
  if (value === null) return ''
  if (value instanceof DynamicScalar || value instanceof WholeReal) return scalarText(value)
  return printDynamic(value)
}

function scalarText(value: DynamicScalar | WholeReal): string {
  if (value instanceof WholeReal) {
    // Measured in an array: "NaN", "Infinity".
    return Number.isFinite(value.value) ? formatReal(value.value) : String(value.value)
  }
  if (typeof value.value === 'string') return value.value
  return value.type === 'datetime' ? formatDatetime(value.value) : formatTimespan(value.value)
}

/**
 * The value as plain JavaScript: an array, an object without a prototype (a slot named `__proto__`
 * is a slot), number, bigint, boolean, string, null; datetime, timespan, guid, decimal,
 * NaN and the infinities as text.
 */
export function dynamicToJs(value: Dynamic): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (isArray(value)) return value.map(dynamicToJs)
  if (isBag(value)) {
    const object: Record<string, unknown> = Object.create(null)
    for (const [name, item] of value) object[name] = dynamicToJs(item)
    return object
  }
  if (!(value instanceof WholeReal)) return scalarText(value)
  return Number.isFinite(value.value) ? value.value : String(value.value)
}

/**
 * The dynamic of a JavaScript value: a whole safe number is a long, every other number a real; a
 * bigint within int64 is a long; a Date is a datetime; undefined is null; arrays, Maps and objects
 * go by their elements and own enumerable properties. A function or a symbol, an invalid Date, a
 * bigint beyond int64 and a nesting deeper than {@link MAX_DYNAMIC_DEPTH} throw a TypeError.
 */
export function dynamicFromJs(value: unknown): Dynamic {
  return fromJs(value, 0)
}

function fromJs(value: unknown, depth: number): Dynamic {
  if (depth > MAX_DYNAMIC_DEPTH) throw new TypeError('A dynamic value nests too deep.')
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : dynamicReal(value)
    case 'bigint':
      if (value < INT64_MIN || value > INT64_MAX) {
        throw new TypeError('A long of a dynamic value does not fit 64 bits.')
      }
      return dynamicLong(value)
    case 'undefined':
      return null
    case 'object':
      return value === null ? null : fromObject(value, depth)
    default:
      throw new TypeError(`A ${typeof value} is no dynamic value.`)
  }
}

function fromObject(value: object, depth: number): Dynamic {
  if (value instanceof WholeReal || value instanceof DynamicScalar) return value
  if (value instanceof Date) {
    const ticks = ticksFromEpochMillis(value.getTime())
    if (ticks === null) throw new TypeError('A Date of a dynamic value is out of range.')
    return new DynamicScalar('datetime', ticks)
  }
  if (Array.isArray(value)) return value.map(item => fromJs(item, depth + 1))
  const bag = new Map<string, Dynamic>()
  const entries = value instanceof Map ? value : Object.entries(value)
  for (const [name, item] of entries) bag.set(String(name), fromJs(item, depth + 1))
  return bag
}
