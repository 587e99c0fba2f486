import { compareStrings } from './collation.ts'
import { decimalOf } from './decimal.ts'

/**
 * A value of type dynamic as a tree.
 *
 * - null, boolean, string as in JSON
 * - long: an integral `number`, or `bigint` beyond the safe integers
 * - real: a non-integral `number`, or {@link WholeReal} where the value is whole (1.0 is not 1) or is
 *   not finite
 * - datetime, timespan, guid, decimal: {@link DynamicScalar}
 * - array: a readonly array; bag: a `Map` in source order
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic
 */
export type Dynamic =
  | null
  | boolean
  | number
  | bigint
  | string
  | WholeReal
  | DynamicScalar
  | readonly Dynamic[]
  | ReadonlyMap<string, Dynamic>

/** A real inside a dynamic whose value is a whole number or is not finite. */
export class WholeReal {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A scalar inside a dynamic that JSON has no form for; it prints as a JSON string. */
export class DynamicScalar {
  readonly type: 'datetime' | 'timespan' | 'guid' | 'decimal'
  /** Ticks for datetime and timespan; canonical text for guid and decimal. */
  readonly value: bigint | string
  constructor(type: DynamicScalar['type'], value: bigint | string) {
    this.type = type
    this.value = value
  }
}

/** What a value of type dynamic holds. */
export type DynamicTag =
  | 'null'
  | 'bool'
  | 'long'
  | 'real'
  | 'string'
  | 'datetime'
  | 'timespan'
  | 'guid'
  | 'decimal'
  | 'array'
  | 'bag'

/** The dynamic that holds the long: a number where it is safe, else a bigint, so that each long has one form. */
export function dynamicLong(value: bigint | number): Dynamic {
  if (typeof value === 'number') return value + 0
  return value >= MIN_SAFE && value <= MAX_SAFE ? Number(value) : value
}

const MIN_SAFE = BigInt(Number.MIN_SAFE_INTEGER)
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** The dynamic that holds the real. */
export function dynamicReal(value: number): Dynamic {
  return Number.isInteger(value) || !Number.isFinite(value) ? new WholeReal(value) : value
}

/** What the value holds. */
export function dynamicTag(value: Dynamic): DynamicTag {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return Number.isInteger(value) ? 'long' : 'real'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'long'
    default:
      if (value === null) return 'null'
      if (value instanceof Map) return 'bag'
      if (Array.isArray(value)) return 'array'
      if (value instanceof WholeReal) return 'real'
      return value instanceof DynamicScalar ? value.type : 'null'
  }
}

/** Whether the value is a property bag. */
export function isBag(value: Dynamic): value is ReadonlyMap<string, Dynamic> {
  return value instanceof Map
}

/** Whether the value is an array. */
export function isArray(value: Dynamic): value is readonly Dynamic[] {
  return Array.isArray(value)
}

/** The real of a value whose tag is real, as a number; undefined for every other value. */
export function realOf(value: Dynamic): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? undefined : value
  return value instanceof WholeReal ? value.value : undefined
}

/** The long of a value whose tag is long; undefined for every other value. */
export function longOf(value: Dynamic): number | bigint | undefined {
  if (typeof value === 'bigint') return value
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined
}

/** `value.name`: null where the value is no bag or has no such slot. Names are case-sensitive. */
export function memberOf(value: Dynamic, name: string): Dynamic {
  return value instanceof Map ? (value.get(name) ?? null) : null
}

/** `value[index]`, from the end where the index is negative: null where the value is no array or too short. */
export function elementAt(value: Dynamic, index: number): Dynamic {
  if (!Array.isArray(value)) return null
  return value[index < 0 ? value.length + index : index] ?? null
}

/**
 * Whether the values are equal: numbers by value whatever their type (1 and 1.0 are equal, as
 * `dynamic(1) == 1.0` needs), arrays element by element, bags whatever the order of their slots.
 * NaN is not equal to itself; null is equal to null.
 */
export function dynamicEquals(a: Dynamic, b: Dynamic): boolean {
  if (a === b) return true
  if (isDynamicNumber(a)) return isDynamicNumber(b) && compareNumbers(a, b) === 0
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, k) => dynamicEquals(item, b[k]!))
  }
  if (isBag(a)) {
    if (!isBag(b) || a.size !== b.size) return false
    for (const [name, item] of a) {
      const other = b.get(name)
      if (other === undefined || !dynamicEquals(item, other)) return false
    }
    return true
  }
  return (
    a instanceof DynamicScalar &&
    b instanceof DynamicScalar &&
    a.type === b.type &&
    a.value === b.value
  )
}

type DynamicNumber = number | bigint | WholeReal

function isDynamicNumber(value: Dynamic): value is DynamicNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof WholeReal
}

/** -1, 0 or 1; NaN where either is NaN. A bigint and a number compare exactly. */
function compareNumbers(a: DynamicNumber, b: DynamicNumber): number {
  const left = a instanceof WholeReal ? a.value : a
  const right = b instanceof WholeReal ? b.value : b
  return left < right ? -1 : left > right ? 1 : left >= right ? 0 : Number.NaN
}

/** Order of the kinds in a sort: numbers and times, strings, guids, all others, null. */
const RANKS: Readonly<Record<DynamicTag, number>> = {
  long: 0,
  real: 0,
  decimal: 1,
  datetime: 2,
  timespan: 3,
  string: 4,
  guid: 5,
  bool: 6,
  array: 7,
  bag: 8,
  null: 9,
}

/**
 * Ascending order of `array_sort_asc`: numbers, datetimes, timespans, strings, guids, then all
 * others, null last; NaN is the largest number. Arrays and bags have no order among themselves: 0,
 * which leaves them where a stable sort found them.
 * @see https://learn.microsoft.com/kusto/query/array-sort-asc-function
 */
export function compareDynamic(a: Dynamic, b: Dynamic): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (isDynamicNumber(a) && isDynamicNumber(b)) {
    const order = compareNumbers(a, b)
    return Number.isNaN(order) ? Number(isNaNValue(a)) - Number(isNaNValue(b)) : order
  }
  const tag = dynamicTag(a)
  const rank = RANKS[tag] - RANKS[dynamicTag(b)]
  if (rank !== 0) return Math.sign(rank)
  if (tag === 'bool') return Number(a) - Number(b)
  if (!(a instanceof DynamicScalar) || !(b instanceof DynamicScalar)) return 0
  if (tag === 'decimal') return decimalOf(String(a.value)).cmp(String(b.value))
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}

function isNaNValue(value: DynamicNumber): boolean {
  return value instanceof WholeReal && Number.isNaN(value.value)
}

/**
 * Text that two values share exactly when grouping, sets and distinct take them as one. The type
 * counts: 1 and 1.0 are two keys, because they print differently and the surviving one would depend
 * on the order of the rows. Bags with the same slots in another order are one key. NaN is one key.
 */
export function dynamicKey(value: Dynamic): string {
  switch (typeof value) {
    case 'string':
      return `s${value}`
    case 'number':
      return Number.isInteger(value) ? `i${value}` : `r${value}`
    case 'bigint':
      return `i${value}`
    case 'boolean':
      return value ? 't' : 'f'
    default:
      break
  }
  if (value === null) return 'n'
  if (value instanceof WholeReal) return `r${value.value}`
  if (value instanceof DynamicScalar) return `${SCALAR_KEYS[value.type]}${value.value}`
  if (isArray(value)) return `[${value.map(nestedKey).join(',')}]`
  const slots = Array.from(value, ([name, item]) => `${JSON.stringify(name)}:${nestedKey(item)}`)
  return `{${slots.sort().join(',')}}`
}

const SCALAR_KEYS = { datetime: 'd', timespan: 'p', guid: 'g', decimal: 'm' } as const

/** Inside an array or a bag a string must show where it ends. */
function nestedKey(value: Dynamic): string {
  return typeof value === 'string' ? JSON.stringify(value) : dynamicKey(value)
}
