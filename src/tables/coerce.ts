import {
  formatDatetime,
  isDatetime,
  parseDatetime,
  ticksFromEpochMillis,
} from '../types/datetime.ts'
import { decimalFromReal, isDecimal, parseDecimal } from '../types/decimal.ts'
import type { Dynamic } from '../types/dynamic.ts'
import { dynamicFromJs, parseDynamic, printDynamic } from '../types/dynamic-json.ts'
import { parseGuid } from '../types/guid.ts'
import {
  formatReal,
  INT32_MAX,
  INT32_MIN,
  INT64_MAX,
  INT64_MIN,
  parseBool,
  parseInt32,
  parseLong,
  parseReal,
} from '../types/number.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import { parseTimespan } from '../types/timespan.ts'
import { jsonTextAt } from './json/json-text.ts'
import type { JsonTextForm } from './json/record-columns.ts'
import type { ScalarValue } from './vector.ts'

/** A value of a column as its builder takes it; undefined stands for one that does not fit. */
export type Coerced = ScalarValue | undefined

/**
 * The value of a text in a column of the type; undefined where the text is none. The empty text is
 * null, but for strings, and for dynamic, where it is a string. A whole number with a fraction of
 * zeros, or an exponent, is a long.
 */
export function valueOfText(type: ScalarType, text: string): Coerced {
  if (type === 'string') return text
  if (type === 'dynamic') return dynamicOfText(text)
  if (text === '') return null
  switch (type) {
    case 'bool':
      return parseBool(text) ?? undefined
    case 'int':
      return parseInt32(text) ?? wholeIn(text, INT32_MIN, INT32_MAX)
    case 'long':
      return parseLong(text) ?? wholeLong(text)
    case 'real':
      return parseReal(text) ?? undefined
    case 'decimal':
      return parseDecimal(text) ?? undefined
    case 'datetime':
      return parseDatetime(text) ?? undefined
    case 'timespan':
      return parseTimespan(text) ?? undefined
    case 'guid':
      return parseGuid(text) ?? undefined
  }
}

/** `12.0`, `1e3`: numbers that JSON writes otherwise than a long, though they are one. */
function wholeIn(text: string, least: number, most: number): number | undefined {
  const value = parseReal(text)
  if (value === null || !Number.isInteger(value) || value < least || value > most) return undefined
  return value + 0
}

function wholeLong(text: string): bigint | undefined {
  const value = wholeIn(text, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return value === undefined ? undefined : BigInt(value)
}

/**
 * A text in a dynamic column: exports give objects and arrays as JSON text, so what reads as one is
 * one. Every other text is a string: whether `5` was a number or a string cannot be told.
 */
export function dynamicOfText(text: string): Dynamic {
  if (!/^\s*[[{]/.test(text)) return text
  return parseDynamic(text) ?? text
}

/**
 * The value of a JavaScript value in a column of the type; undefined where it does not fit. null
 * and undefined are null. A datetime may be a Date, a text or a bigint of ticks, a
 * timespan a text or a bigint of ticks. An object in a string column is its JSON text.
 */
export function valueOfJs(type: ScalarType, value: unknown, jsonText: JsonTextForm): Coerced {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return valueOfText(type, value)
  if (type === 'dynamic') return dynamicOfJs(value)
  switch (typeof value) {
    case 'number':
      return valueOfNumber(type, value)
    case 'bigint':
      return valueOfBigInt(type, value)
    case 'boolean':
      return valueOfBoolean(type, value)
    case 'object':
      return valueOfObject(type, value, jsonText)
    default:
      return undefined
  }
}

/** A function, an invalid Date or the like inside of the value makes all of it unfit. */
function dynamicOfJs(value: unknown): Dynamic | undefined {
  try {
    return dynamicFromJs(value)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function valueOfNumber(type: ScalarType, value: number): Coerced {
  switch (type) {
    case 'bool':
      return Number.isInteger(value) ? value !== 0 : undefined
    case 'int':
      return Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX
        ? value + 0
        : undefined
    case 'long':
      return Number.isSafeInteger(value) ? BigInt(value) : undefined
    case 'real':
      return value
    case 'decimal':
      return decimalFromReal(value) ?? undefined
    case 'string':
      return Number.isSafeInteger(value) ? String(value) : formatReal(value)
    default:
      return undefined
  }
}

function valueOfBigInt(type: ScalarType, value: bigint): Coerced {
  switch (type) {
    case 'bool':
      return value !== 0n
    case 'int':
      return value >= INT32_MIN && value <= INT32_MAX ? Number(value) : undefined
    case 'long':
    case 'timespan':
      return value >= INT64_MIN && value <= INT64_MAX ? value : undefined
    case 'datetime':
      return isDatetime(value) ? value : undefined
    case 'real':
      return Number(value)
    case 'decimal':
      return parseDecimal(value.toString()) ?? undefined
    case 'string':
      return value.toString()
    default:
      return undefined
  }
}

function valueOfBoolean(type: ScalarType, value: boolean): Coerced {
  switch (type) {
    case 'bool':
      return value
    case 'int':
    case 'real':
      return value ? 1 : 0
    case 'long':
      return value ? 1n : 0n
    case 'string':
      return String(value)
    default:
      return undefined
  }
}

function valueOfObject(type: ScalarType, value: object, jsonText: JsonTextForm): Coerced {
  if (value instanceof Date) {
    const ticks = ticksFromEpochMillis(value.getTime())
    if (ticks === null) return undefined
    if (type === 'datetime') return ticks
    return type === 'string' ? formatDatetime(ticks) : undefined
  }
  if (type === 'decimal' && isDecimal(value)) return value
  if (type !== 'string') return undefined
  const dynamic = dynamicOfJs(value)
  if (dynamic === undefined) return undefined
  const bytes = new TextEncoder().encode(printDynamic(dynamic))
  return jsonTextAt(bytes, 0, bytes.length, jsonText)
}
