import type { ScalarValue } from '../tables/vector.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import { decimalFromLong, decimalFromReal, parseDecimal } from '../types/decimal.ts'
import { type Dynamic, isArray, isBag, longOf, realOf } from '../types/dynamic.ts'
import { parseGuid } from '../types/guid.ts'
import { formatReal, INT32_MAX, INT32_MIN } from '../types/number.ts'
import type { ScalarType } from '../types/scalar-type.ts'
import { parseTimespan } from '../types/timespan.ts'
import type { TestTime, Value } from './model.ts'
import { parseTestTime } from './test-time.ts'

/** A value that a column has; a datetime may be one from the `now` of a test. */
export type TypedValue = ScalarValue | RelativeTime

/** A datetime that is known once a test says what `now` is. */
export class RelativeTime {
  /** Ticks to be added to `now`. */
  readonly ticks: bigint

  constructor(ticks: bigint) {
    this.ticks = ticks
  }
}

/** The value once `now` is known. */
export function valueIn(value: TypedValue, now: bigint): ScalarValue {
  return value instanceof RelativeTime ? now + value.ticks : value
}

/**
 * The value in a column of the type; undefined after a fault, which is reported: nothing is converted by
 * guess, so that a number in a column of strings is a fault. null is null, and the empty text in a
 * column of strings.
 */
export function typedValue(
  type: ScalarType,
  { value, span, written }: Value,
  column: string,
  bag: DiagnosticBag,
): TypedValue | undefined {
  if (value === null) return type === 'string' ? '' : null
  const typed = convert(type, value)
  if (typed !== undefined) return typed
  const name = written ?? nameOf(value)
  bag.error(
    'KQL603',
    `${name} is no ${type}, which \`${column}\` is.`,
    span,
    hintFor(type, value, name),
  )
  return undefined
}

function convert(type: ScalarType, value: Dynamic): TypedValue | undefined {
  if (type === 'dynamic') return value
  if (typeof value === 'string') return ofText(type, value)
  if (typeof value === 'boolean') return type === 'bool' ? value : undefined
  const long = longOf(value)
  if (long !== undefined) return ofLong(type, long)
  const real = realOf(value)
  if (real === undefined) return undefined
  if (type === 'real') return real
  return type === 'decimal' ? (decimalFromReal(real) ?? undefined) : undefined
}

function ofText(type: ScalarType, text: string): TypedValue | undefined {
  switch (type) {
    case 'string':
      return text
    case 'datetime': {
      const time = parseTestTime(text)
      return time === undefined ? undefined : typedTime(time)
    }
    case 'timespan':
      return parseTimespan(text) ?? undefined
    case 'guid':
      return parseGuid(text) ?? undefined
    case 'decimal':
      return parseDecimal(text) ?? undefined
    default:
      return undefined
  }
}

function typedTime({ ticks, relative }: TestTime): TypedValue {
  return relative ? new RelativeTime(ticks) : ticks
}

function ofLong(type: ScalarType, long: number | bigint): TypedValue | undefined {
  switch (type) {
    case 'long':
      return BigInt(long)
    case 'int':
      return long >= INT32_MIN && long <= INT32_MAX ? Number(long) : undefined
    case 'real':
      return Number(long)
    case 'decimal':
      return decimalFromLong(long)
    default:
      return undefined
  }
}

const SHOWN = 60

function nameOf(value: Dynamic): string {
  if (isBag(value)) return 'A map'
  if (isArray(value)) return 'A list'
  if (typeof value === 'string') {
    return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value)
  }
  const real = realOf(value)
  return real === undefined ? String(value) : formatReal(real)
}

const NOT_FINITE = /^[-+]?(?:nan|inf|infinity)$/i

function hintFor(type: ScalarType, value: Dynamic, name: string): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'object' ? undefined : `Write it in quotes: "${name}".`
    case 'datetime':
      return 'A time is such as 2026-03-17T15:00:00Z, or -25m: 25 minutes before now.'
    case 'timespan':
      return 'A timespan is such as 30m or 00:30:00.'
    case 'bool':
      return 'It is true or false.'
    case 'real':
      if (typeof value === 'string' && NOT_FINITE.test(value)) {
        return 'YAML writes it .nan, .inf or -.inf.'
      }
      return typeof value === 'string' ? 'Write the number without quotes.' : undefined
    case 'int':
    case 'long':
      return typeof value === 'string' ? 'Write the number without quotes.' : undefined
    default:
      return undefined
  }
}
