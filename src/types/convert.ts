import { formatDatetime, isDatetime, parseDatetime } from './datetime.ts'
import {
  type Decimal,
  decimalFromLong,
  decimalFromReal,
  decimalOf,
  formatDecimal,
  longFromDecimal,
  parseDecimal,
  realFromDecimal,
} from './decimal.ts'
import { type Dynamic, DynamicScalar, dynamicLong, dynamicReal, WholeReal } from './dynamic.ts'
import { dynamicToText, parseDynamic } from './dynamic-json.ts'
import { parseGuid } from './guid.ts'
import {
  formatReal,
  intFromLong,
  intFromReal,
  longFromReal,
  parseBool,
  parseInt32,
  parseLong,
  parseReal,
} from './number.ts'
import type { ScalarType } from './scalar-type.ts'
import { formatTimespan, parseTimespan } from './timespan.ts'

/** The form of a non-null value of each type outside a vector. */
export interface ScalarForms {
  bool: boolean
  int: number
  long: bigint
  real: number
  decimal: Decimal
  /** Ticks since 0001-01-01. */
  datetime: bigint
  /** Ticks. */
  timespan: bigint
  string: string
  /** Lower case, with dashes. */
  guid: string
  dynamic: Dynamic
}

/** A non-null value of some type, in the form of {@link ScalarForms}. */
export type ScalarValue = ScalarForms[ScalarType]

type Conversion<From extends ScalarType, To extends ScalarType> = (
  value: ScalarForms[From],
) => ScalarForms[To] | null

type Conversions = {
  readonly [From in ScalarType]: { readonly [To in ScalarType]?: Conversion<From, To> }
}

/** `tostring(bool)`: `True` or `False`. */
export function stringFromBool(value: boolean): string {
  return value ? 'True' : 'False'
}

/** `todatetime(long)`: the ticks; null outside years 1 to 9999. */
export function datetimeFromLong(value: bigint): bigint | null {
  return isDatetime(value) ? value : null
}

/** `todatetime(real)`: the ticks, cut to a whole number, as measured; null outside years 1 to 9999. */
export function datetimeFromReal(value: number): bigint | null {
  const ticks = longFromReal(value)
  return ticks === null ? null : datetimeFromLong(ticks)
}

/** `parse_json(string)`: the JSON value; text that is not JSON is itself, and the empty text null. */
export function dynamicFromString(value: string): Dynamic {
  if (value === '') return null
  const parsed = parseDynamic(value)
  return parsed === undefined ? value : parsed
}

const identity = <T>(value: T): T => value
const numberOfBool = (value: boolean): number => (value ? 1 : 0)
const longOfBool = (value: boolean): bigint => (value ? 1n : 0n)

const fromLong: Conversions['long'] = {
  bool: value => value !== 0n,
  int: intFromLong,
  long: identity,
  real: Number,
  decimal: decimalFromLong,
  datetime: datetimeFromLong,
  timespan: identity,
  string: String,
  dynamic: dynamicLong,
}

const fromReal: Conversions['real'] = {
  bool: value => value !== 0,
  int: intFromReal,
  long: longFromReal,
  real: identity,
  decimal: decimalFromReal,
  datetime: datetimeFromReal,
  timespan: longFromReal,
  string: formatReal,
  dynamic: dynamicReal,
}

const fromString: Conversions['string'] = {
  bool: parseBool,
  int: parseInt32,
  long: parseLong,
  real: parseReal,
  decimal: parseDecimal,
  datetime: parseDatetime,
  timespan: parseTimespan,
  string: identity,
  guid: parseGuid,
  dynamic: dynamicFromString,
}

const CONVERSIONS: Conversions = {
  bool: {
    bool: identity,
    int: numberOfBool,
    long: longOfBool,
    real: numberOfBool,
    decimal: value => decimalOf(value ? 1 : 0),
    string: stringFromBool,
    dynamic: identity,
  },
  int: {
    bool: value => value !== 0,
    int: identity,
    long: BigInt,
    real: identity,
    decimal: decimalFromLong,
    datetime: value => datetimeFromLong(BigInt(value)),
    timespan: BigInt,
    string: String,
    dynamic: dynamicLong,
  },
  long: fromLong,
  real: fromReal,
  decimal: {
    bool: value => !value.isZero(),
    int: value => intFromReal(realFromDecimal(value.trunc())),
    long: longFromDecimal,
    real: realFromDecimal,
    decimal: identity,
    datetime: value => datetimeFromLong(longFromDecimal(value)),
    timespan: longFromDecimal,
    string: formatDecimal,
    dynamic: value => new DynamicScalar('decimal', formatDecimal(value)),
  },
  // Measured: toint(1h) wraps its ticks, tolong and todouble of a time are its ticks.
  datetime: {
    int: intFromLong,
    long: identity,
    real: Number,
    decimal: decimalFromLong,
    datetime: identity,
    string: formatDatetime,
    dynamic: value => new DynamicScalar('datetime', value),
  },
  timespan: {
    int: intFromLong,
    long: identity,
    real: Number,
    decimal: decimalFromLong,
    timespan: identity,
    string: formatTimespan,
    dynamic: value => new DynamicScalar('timespan', value),
  },
  string: fromString,
  guid: {
    string: identity,
    guid: identity,
    dynamic: value => new DynamicScalar('guid', value),
  },
  dynamic: {
    bool: boolFromDynamic,
    int: intFromDynamic,
    long: longFromDynamic,
    real: realFromDynamic,
    decimal: decimalFromDynamic,
    datetime: datetimeFromDynamic,
    timespan: timespanFromDynamic,
    string: dynamicToText,
    guid: guidFromDynamic,
    dynamic: identity,
  },
}

/** Whether there is a conversion between the types; without one `convertScalar` is always null. */
export function canConvert(from: ScalarType, to: ScalarType): boolean {
  return CONVERSIONS[from][to] !== undefined
}

/**
 * The function from a non-null value of one type to another, in the meaning of `tostring`, `toint`,
 * `tolong`, `toreal`, `tobool`, `todatetime`, `totimespan`, `toguid`, `todecimal`, `parse_json`.
 * undefined where KQL has no such conversion. Take it once, outside the loop.
 */
export function conversion<From extends ScalarType, To extends ScalarType>(
  from: From,
  to: To,
): Conversion<From, To> | undefined {
  return CONVERSIONS[from][to] as Conversion<From, To> | undefined
}

/**
 * The value converted as {@link conversion} does; null where the value has no counterpart or the
 * types have no conversion. `tostring` of a null is not here: it is the empty string.
 */
export function convertScalar(
  value: ScalarValue,
  from: ScalarType,
  to: ScalarType,
): ScalarValue | null {
  const convert = CONVERSIONS[from][to] as ((value: ScalarValue) => ScalarValue | null) | undefined
  return convert === undefined ? null : convert(value)
}

/** `tobool(dynamic)`: by what it holds; null for an array, a bag and a time. */
export function boolFromDynamic(value: Dynamic): boolean | null {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'number':
      return value !== 0
    case 'bigint':
      return value !== 0n
    case 'string':
      return parseBool(value)
    default:
      break
  }
  if (value instanceof WholeReal) return value.value !== 0
  const decimal = decimalOfScalar(value)
  return decimal === null ? null : !decimal.isZero()
}

/** The decimal of a dynamic that holds one; null for every other. */
function decimalOfScalar(value: Dynamic): Decimal | null {
  if (!(value instanceof DynamicScalar) || value.type !== 'decimal') return null
  return parseDecimal(String(value.value))
}

/** `toint(dynamic)`: a real is cut, a string read as an int; null for an array, a bag and null. */
export function intFromDynamic(value: Dynamic): number | null {
  switch (typeof value) {
    case 'number':
      if (!Number.isInteger(value)) return intFromReal(value)
      return value === (value | 0) ? value : intFromLong(BigInt(value))
    case 'bigint':
      return intFromLong(value)
    case 'boolean':
      return value ? 1 : 0
    case 'string':
      return parseInt32(value)
    default:
      break
  }
  if (value instanceof WholeReal) return intFromReal(value.value)
  const long = value instanceof DynamicScalar ? longFromScalar(value) : null
  return long === null ? null : intFromLong(long)
}

/** `tolong(dynamic)`: like {@link intFromDynamic}; a time gives its ticks. */
export function longFromDynamic(value: Dynamic): bigint | null {
  switch (typeof value) {
    case 'number':
      return longFromReal(value)
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1n : 0n
    case 'string':
      return parseLong(value)
    default:
      break
  }
  if (value instanceof WholeReal) return longFromReal(value.value)
  return value instanceof DynamicScalar ? longFromScalar(value) : null
}

function longFromScalar(value: DynamicScalar): bigint | null {
  if (typeof value.value === 'bigint') return value.value
  const decimal = decimalOfScalar(value)
  return decimal === null ? null : longFromDecimal(decimal)
}

/** `toreal(dynamic)`: like {@link longFromDynamic}. */
export function realFromDynamic(value: Dynamic): number | null {
  switch (typeof value) {
    case 'number':
      return value
    case 'bigint':
      return Number(value)
    case 'boolean':
      return value ? 1 : 0
    case 'string':
      return parseReal(value)
    default:
      break
  }
  if (value instanceof WholeReal) return value.value
  if (!(value instanceof DynamicScalar)) return null
  if (typeof value.value === 'bigint') return Number(value.value)
  return value.type === 'decimal' ? parseReal(value.value) : null
}

/** `todecimal(dynamic)`: like {@link longFromDynamic}. */
export function decimalFromDynamic(value: Dynamic): Decimal | null {
  switch (typeof value) {
    case 'number':
      return decimalFromReal(value)
    case 'bigint':
      return decimalFromLong(value)
    case 'boolean':
      return decimalOf(value ? 1 : 0)
    case 'string':
      return parseDecimal(value)
    default:
      break
  }
  if (value instanceof WholeReal) return decimalFromReal(value.value)
  if (!(value instanceof DynamicScalar)) return null
  return typeof value.value === 'bigint' ? decimalFromLong(value.value) : decimalOfScalar(value)
}

/** `todatetime(dynamic)`: a string is read, a number is ticks; null for all but those and a datetime. */
export function datetimeFromDynamic(value: Dynamic): bigint | null {
  if (typeof value === 'string') return parseDatetime(value)
  if (typeof value === 'number') return datetimeFromReal(value)
  if (typeof value === 'bigint') return datetimeFromLong(value)
  if (value instanceof WholeReal) return datetimeFromReal(value.value)
  if (!(value instanceof DynamicScalar) || value.type === 'timespan') return null
  const ticks = longFromScalar(value)
  return ticks === null ? null : datetimeFromLong(ticks)
}

/** `totimespan(dynamic)`: a string is read, a number is ticks; null for all but those and a timespan. */
export function timespanFromDynamic(value: Dynamic): bigint | null {
  if (typeof value === 'string') return parseTimespan(value)
  if (typeof value === 'number') return longFromReal(value)
  if (typeof value === 'bigint') return value
  if (value instanceof WholeReal) return longFromReal(value.value)
  if (!(value instanceof DynamicScalar) || value.type === 'datetime') return null
  return longFromScalar(value)
}

/** `toguid(dynamic)`: a string is read; null for all but that and a guid. */
export function guidFromDynamic(value: Dynamic): string | null {
  if (typeof value === 'string') return parseGuid(value)
  if (!(value instanceof DynamicScalar) || value.type !== 'guid') return null
  return typeof value.value === 'string' ? value.value : null
}
