import type { Decimal as DecimalBase } from 'decimal.js'
import * as decimals from 'decimal.js'
import { INT64_MAX, INT64_MIN } from './number.ts'

/** Loaded with the first decimal: most queries have none. */
const loadDecimals = () => decimals

let made: typeof DecimalBase | undefined

/**
 * Kusto's decimal: 128 bits, 34 significant digits, half to even. A clone: nobody else's Decimal
 * changes.
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/decimal
 */
function makeDecimals(): typeof DecimalBase {
  const { Decimal: base } = loadDecimals()
  return base.clone({
    precision: 34,
    rounding: base.ROUND_HALF_EVEN,
    maxE: 6144,
    minE: -6143,
    toExpNeg: -9e15,
    toExpPos: 9e15,
    defaults: true,
  })
}

/** A decimal value. */
export type Decimal = DecimalBase

/** How a decimal is rounded where a function says: half away from zero. */
export const ROUND_HALF_UP = 4

/** The decimal of a number, of the text of one, or of a decimal. */
export function decimalOf(value: DecimalBase.Value): Decimal {
  made ??= makeDecimals()
  return new made(value)
}

/** Whether a value is a decimal. */
export function isDecimal(value: unknown): value is Decimal {
  return made !== undefined && value instanceof made
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,5})?$/i

/**
 * The decimal of a text, rounded to 34 significant digits; blanks around it do not count. null when
 * it is none, or out of range: there is no NaN or infinity.
 */
export function parseDecimal(text: string): Decimal | null {
  const trimmed = text.trim()
  if (!DECIMAL.test(trimmed)) return null
  return finite(decimalOf(trimmed).toSignificantDigits(34))
}

/** The text of {@link parseDecimal}, by which a plan carries a decimal; null where that is null. */
export function canonicalDecimal(text: string): string | null {
  const value = parseDecimal(text)
  return value === null ? null : formatDecimal(value)
}

/** Digits without an exponent and without trailing zeros: `100`, `0.1`. */
export function formatDecimal(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed()
}

/** The decimal nearest to a real's shortest text; null for NaN and the infinities. */
export function decimalFromReal(value: number): Decimal | null {
  return Number.isFinite(value) ? finite(decimalOf(value)) : null
}

/** The decimal of a long, exactly. */
export function decimalFromLong(value: bigint | number): Decimal {
  return decimalOf(value.toString())
}

/** The real nearest to the decimal. */
export function realFromDecimal(value: Decimal): number {
  return Number(value.toString())
}

/** The decimal cut to a whole number, at int64's bounds where it lies beyond. */
export function longFromDecimal(value: Decimal): bigint {
  if (value.gte(INT64_MAX.toString())) return INT64_MAX
  if (value.lte(INT64_MIN.toString())) return INT64_MIN
  return BigInt(value.trunc().toFixed())
}

/** The sum; null out of range. */
export function addDecimal(a: Decimal, b: Decimal): Decimal | null {
  return finite(a.add(b))
}

/** The difference; null out of range. */
export function subtractDecimal(a: Decimal, b: Decimal): Decimal | null {
  return finite(a.sub(b))
}

/** The product to 34 digits; null out of range. */
export function multiplyDecimal(a: Decimal, b: Decimal): Decimal | null {
  return finite(a.mul(b))
}

/** The quotient to 34 digits; null where the divisor is zero. */
export function divideDecimal(a: Decimal, b: Decimal): Decimal | null {
  return b.isZero() ? null : finite(a.div(b))
}

/** The remainder, never negative, as for every number of KQL; null where the divisor is zero. */
export function modDecimal(a: Decimal, b: Decimal): Decimal | null {
  if (b.isZero()) return null
  const rest = a.mod(b)
  return finite(rest.isNegative() && !rest.isZero() ? rest.add(b.abs()) : rest)
}

function finite(value: Decimal): Decimal | null {
  return value.isFinite() ? value : null
}
