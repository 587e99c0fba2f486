/** Bounds of int and long. */
export const INT32_MIN = -2_147_483_648
export const INT32_MAX = 2_147_483_647
export const INT64_MIN = -9_223_372_036_854_775_808n
export const INT64_MAX = 9_223_372_036_854_775_807n

const TWO_32 = 4_294_967_296
const TWO_63 = 2 ** 63

const scratchLong = new BigInt64Array(1)
const scratchHalves = new Int32Array(scratchLong.buffer)

const REAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
/** Measured: `INF` is null, these are not. */
const NOT_FINITE: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['NaN', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['Inf', Number.POSITIVE_INFINITY],
  ['infinity', Number.POSITIVE_INFINITY],
  ['Infinity', Number.POSITIVE_INFINITY],
])

/**
 * The real of a text: digits with a point, an exponent, a sign, or `nan`, `inf`, `Infinity`; blanks
 * around it do not count. null when it is none: `0x1F`, `1,234`, `1_000`.
 * @see https://learn.microsoft.com/kusto/query/toreal-function
 */
export function parseReal(text: string): number | null {
  const trimmed = text.trim()
  if (REAL.test(trimmed)) return Number(trimmed)
  const signed = trimmed.startsWith('-') || trimmed.startsWith('+')
  const value = NOT_FINITE.get(signed ? trimmed.slice(1) : trimmed)
  if (value === undefined) return null
  return trimmed.startsWith('-') ? -value : value
}

/**
 * The long of a text: decimal digits with a sign, or up to 16 hexadecimal digits after `0x`, which
 * wrap (`0xFFFFFFFFFFFFFFFF` is -1); blanks around it do not count. null when it is none or does not
 * fit: `3.14`, `1e3`, `-0x10`.
 * @see https://learn.microsoft.com/kusto/query/tolong-function
 */
export function parseLong(text: string): bigint | null {
  return scanLong(text) ? scratchLong[0]! : null
}

/** Reads a long into the scratch cell. */
function scanLong(text: string): boolean {
  const length = text.length
  if (length > 0 && length <= 15) {
    // Up to 15 digits are exact in a double: no BigInt is made.
    const first = text.charCodeAt(0)
    let at = first === 45 || first === 43 ? 1 : 0
    let value = 0
    const start = at
    for (; at < length; at++) {
      const digit = text.charCodeAt(at) - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    if (at === length && at > start) {
      storeSafe(scratchHalves, 0, first === 45 ? -value : value)
      return true
    }
  }
  return scanLongSlowly(text.trim())
}

const DECIMAL_DIGITS = /^[+-]?\d+$/
const HEX_DIGITS = /^0x[0-9a-f]{1,16}$/i

function scanLongSlowly(text: string): boolean {
  if (HEX_DIGITS.test(text)) {
    scratchLong[0] = BigInt(text)
    return true
  }
  if (!DECIMAL_DIGITS.test(text)) return false
  const digits = text.replace(/^[+-]?0*/, '')
  // No int64 has more: a text of a million digits must not become a BigInt.
  if (digits.length > 19) return false
  const size = BigInt(digits === '' ? '0' : digits)
  const value = text.startsWith('-') ? -size : size
  if (value < INT64_MIN || value > INT64_MAX) return false
  scratchLong[0] = value
  return true
}

/** Writes a whole number within ±2^53 into cell `index` of an int64 vector seen as halves. */
export function storeSafe(halves: Int32Array | Uint32Array, index: number, value: number): void {
  const high = Math.floor(value / TWO_32)
  halves[index * 2] = value - high * TWO_32
  halves[index * 2 + 1] = high
}

/**
 * The int of a text, like {@link parseLong} with 32 bits: `0x` takes up to 8 digits and wraps. null
 * when it is none or does not fit.
 * @see https://learn.microsoft.com/kusto/query/toint-function
 */
export function parseInt32(text: string): number | null {
  const trimmed = text.trim()
  if (DECIMAL_DIGITS.test(trimmed)) {
    const value = Number(trimmed)
    return value < INT32_MIN || value > INT32_MAX ? null : value + 0
  }
  return /^0x[0-9a-f]{1,8}$/i.test(trimmed) ? Number(trimmed) | 0 : null
}

/**
 * The bool of a text: `true` and `false` in any case, or a whole number that is not 0 or is; blanks
 * around it do not count. null when it is none: `yes`, `1.0`.
 * @see https://learn.microsoft.com/kusto/query/tobool-function
 */
export function parseBool(text: string): boolean | null {
  const trimmed = text.trim()
  if (/^true$/i.test(trimmed)) return true
  if (/^false$/i.test(trimmed)) return false
  const value = parseLong(trimmed)
  return value === null ? null : value !== 0n
}

/**
 * Text of a real as `tostring(real)` gives it: `1.0`, `0.30000000000000007`, `100000000000.0`,
 * `-0.0`, `inf`, `NaN`.
 *
 * Of the shortest digits that read back as the same real, Kusto prints the largest, not the nearest:
 * 0.1 + 0.2 was measured as 0.30000000000000007. An exponent appears where JavaScript writes one, at
 * 1e21 and below 1e-6; nothing between 1e11 and that was measured.
 */
export function formatReal(value: number): string {
  if (Number.isInteger(value)) {
    if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
    const text = String(value)
    return Math.abs(value) < 1e15 ? `${text}.0` : withPoint(largestShortest(text, value))
  }
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  if (value === Number.NEGATIVE_INFINITY) return '-inf'
  return largestShortest(String(value), value)
}

function withPoint(text: string): string {
  return text.includes('e') || text.includes('.') ? text : `${text}.0`
}

/** Up to 15 digits are the only ones of their length that read back as the value. */
function largestShortest(text: string, value: number): string {
  if (text.length < 17) return text
  const exponentAt = text.indexOf('e')
  const mantissa = exponentAt < 0 ? text : text.slice(0, exponentAt)
  const exponent = exponentAt < 0 ? '' : text.slice(exponentAt)
  const digits = mantissa.replace(/^[-0.]+/, '').replace('.', '')
  // Trailing zeros of a large whole number are not digits of the shortest form.
  const significant = digits.includes('.') ? digits : digits.replace(/0+$/, '')
  if (significant.length < 16) return text
  let best = mantissa
  for (;;) {
    const next = incremented(best)
    if (next === null || Number(next + exponent) !== value) return best + exponent
    best = next
  }
}

/** The decimal text with its last significant digit one larger in size; null past 9. */
function incremented(text: string): string | null {
  let at = text.length - 1
  while (text[at] === '0') at--
  const digit = text.charCodeAt(at) - 48
  if (digit < 0 || digit >= 9) return null
  return `${text.slice(0, at)}${digit + 1}${text.slice(at + 1)}`
}

/** The int that has the same low 32 bits: a long outside int's range wraps. */
export function intFromLong(value: bigint): number {
  return Number(BigInt.asIntN(32, value))
}

/** The real cut to a whole number, at int64's bounds beyond them; null for NaN and the infinities. */
export function longFromReal(value: number): bigint | null {
  if (!Number.isFinite(value)) return null
  if (value >= TWO_63) return INT64_MAX
  if (value <= -TWO_63) return INT64_MIN
  return BigInt(Math.trunc(value))
}

/** The real cut to a whole number, at int32's bounds beyond them; null for NaN and the infinities. */
export function intFromReal(value: number): number | null {
  if (!Number.isFinite(value)) return null
  if (value >= INT32_MAX) return INT32_MAX
  if (value <= INT32_MIN) return INT32_MIN
  return Math.trunc(value) + 0
}

/** The real nearest to the long in cell `index`, read through 32-bit halves: no BigInt is made. */
export function realFromHalves(halves: Int32Array, index: number): number {
  return halves[index * 2 + 1]! * TWO_32 + (halves[index * 2]! >>> 0)
}

/**
 * Rounds to `digits` decimals, halves away from zero, as the scaled double has them: 2.15 to one
 * decimal is 2.2. Negative `digits` round to tens and more.
 * @see https://learn.microsoft.com/kusto/query/round-function
 */
export function roundReal(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value
  const scale = 10 ** Math.abs(digits)
  const scaled = digits < 0 ? value / scale : value * scale
  if (!Number.isFinite(scaled)) return value
  const rounded = Math.sign(scaled) * Math.round(Math.abs(scaled))
  // The scale may be infinite.
  if (rounded === 0) return rounded
  return digits < 0 ? rounded * scale : rounded / scale
}
