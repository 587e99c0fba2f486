import { stringValue } from '../lexer/string-literal.ts'
import type { DiagnosticBag } from '../text/diagnostic.ts'
import type { Span } from '../text/span.ts'
import { parseDatetime } from '../types/datetime.ts'
import { canonicalDecimal } from '../types/decimal.ts'
import { type Dynamic, DynamicScalar, dynamicLong, dynamicReal } from '../types/dynamic.ts'
import { parseGuid } from '../types/guid.ts'
import { parseBool, parseInt32, parseLong, parseReal } from '../types/number.ts'
import { type ScalarType, scalarTypeOf } from '../types/scalar-type.ts'
import { parseTimespan } from '../types/timespan.ts'
import type { LiteralSyntax, LiteralValue } from './syntax.ts'

/** More digits than any long has: not worth a conversion. */
const MAX_DIGITS = 20
const MIN_LONG_MAGNITUDE = 9223372036854775808n

/** `datetime(2024, 1, 31)`, a form that only the literal has. */
const CIVIL_DATE = /^(\d{4})\s*,\s*(\d{1,2})\s*,\s*(\d{1,2})$/

/** `datetime(…)` cut into its type and the text in its parentheses, without the white space. */
export interface TypedText {
  readonly type: ScalarType
  readonly text: string
}

/** The parts of a typed literal such as `int(5)`. */
export function splitTypedLiteral(image: string): TypedText {
  const paren = image.indexOf('(')
  const end = image.endsWith(')') ? image.length - 1 : image.length
  const type = scalarTypeOf(image.slice(0, paren)) ?? 'string'
  return { type, text: image.slice(paren + 1, end).trim() }
}

/** The literal that a typed literal stands for; a text that is no value of the type is reported. */
export function typedLiteral(image: string, span: Span, diagnostics: DiagnosticBag): LiteralSyntax {
  const { type, text } = splitTypedLiteral(image)
  if (text === 'null' || (text === '' && type !== 'datetime')) {
    return { kind: 'literal', type, value: null, span }
  }
  const value = parseValue(type, withoutQuotes(text))
  if (value === null) reportBadValue(type, text, span, diagnostics)
  return { kind: 'literal', type, value, span }
}

function withoutQuotes(text: string): string {
  const isQuoted = /^(["']).*\1$/.test(text)
  return isQuoted ? stringValue(text).text : text
}

function parseValue(type: ScalarType, text: string): LiteralValue {
  switch (type) {
    case 'bool':
      return parseBool(text)
    case 'int':
      return parseInt32(text)
    case 'long':
      return parseLong(text)
    case 'real':
      return parseReal(text)
    case 'decimal':
      return canonicalDecimal(text)
    case 'datetime':
      return parseDatetime(text.replace(CIVIL_DATE, '$1-$2-$3'))
    case 'timespan':
      return parseTimespan(text)
    case 'guid':
      return parseGuid(text)
    case 'string':
    case 'dynamic':
      return null
  }
}

function reportBadValue(
  type: ScalarType,
  text: string,
  span: Span,
  diagnostics: DiagnosticBag,
): void {
  const hint =
    type === 'datetime'
      ? 'Write it as datetime(2024-01-31 12:30:00).'
      : type === 'timespan'
        ? 'Write it as 1d, 90s or timespan(1.02:03:04).'
        : /^[A-Za-z_]/.test(text)
          ? `To convert an expression, call to${type}(…).`
          : undefined
  diagnostics.error('KS003', `'${text}' is not a value of type ${type}.`, span, hint)
}

/** The literal of a whole number in the text, decimal or hexadecimal. `negative` puts a minus before it. */
export function longLiteral(
  image: string,
  negative: boolean,
  span: Span,
  diagnostics: DiagnosticBag,
): LiteralSyntax {
  const value = longValue(image, negative)
  if (value === null) {
    diagnostics.error(
      'KS003',
      `${negative ? '-' : ''}${image} does not fit into a long.`,
      span,
      `Write decimal(${image}) or ${image}.0.`,
    )
  }
  return { kind: 'literal', type: 'long', value, span }
}

/** The value of a whole number; null when it does not fit into 64 bits. */
export function longValue(image: string, negative: boolean): bigint | null {
  if (image.length > MAX_DIGITS && !/^0/.test(image)) return null
  const magnitude = BigInt(image)
  // A hexadecimal number is 64 bits as they stand: 0xffffffffffffffff is -1.
  const isHex = image.length > 1 && (image[1] === 'x' || image[1] === 'X')
  if (isHex) {
    if (magnitude >= 1n << 64n) return null
    const signed = BigInt.asIntN(64, magnitude)
    return negative ? BigInt.asIntN(64, -signed) : signed
  }
  if (magnitude > (negative ? MIN_LONG_MAGNITUDE : MIN_LONG_MAGNITUDE - 1n)) return null
  return negative ? -magnitude : magnitude
}

/** The literal of a number with a point or an exponent. */
export function realLiteral(image: string, negative: boolean, span: Span): LiteralSyntax {
  const value = Number(image)
  return { kind: 'literal', type: 'real', value: negative ? -value : value, span }
}

/** The literal of a number with a unit, such as `1.5h`. */
export function timespanLiteral(
  image: string,
  negative: boolean,
  span: Span,
  diagnostics: DiagnosticBag,
): LiteralSyntax {
  // The lexical grammar has these two units, the conversion of strings has not.
  const value = parseTimespan(image.replace(/(?:milli|micro)sec$/, '$&ond'))
  if (value === null) reportBadValue('timespan', image, span, diagnostics)
  return {
    kind: 'literal',
    type: 'timespan',
    value: value !== null && negative ? -value : value,
    span,
  }
}

/** The literal of adjacent strings, which are one. */
export function stringLiteral(images: readonly string[], span: Span): LiteralSyntax {
  let value = ''
  let obfuscated = false
  for (const image of images) {
    const part = stringValue(image)
    value += part.text
    obfuscated ||= part.obfuscated
  }
  return {
    kind: 'literal',
    type: 'string',
    value,
    span,
    ...(obfuscated && { obfuscated: true as const }),
  }
}

/** A whole number inside a dynamic literal; beyond 64 bits it is a real, as in JSON. */
export function jsonLong(image: string, negative: boolean): Dynamic {
  const value = longValue(image, negative)
  return value === null ? jsonReal(image, negative) : dynamicLong(value)
}

/** A number with a point or an exponent inside a dynamic literal: 1.0 stays a real. */
export function jsonReal(image: string, negative: boolean): Dynamic {
  return dynamicReal(negative ? -Number(image) : Number(image))
}

/** A literal inside a dynamic literal, as the element of a tree. */
export function jsonOfLiteral({ type, value }: LiteralSyntax): Dynamic {
  if (value === null) return null
  switch (type) {
    case 'datetime':
    case 'timespan':
    case 'guid':
    case 'decimal':
      return new DynamicScalar(type, value as bigint | string)
    case 'int':
    case 'long':
      return dynamicLong(value as bigint | number)
    case 'real':
      return dynamicReal(value as number)
    case 'bool':
    case 'string':
    case 'dynamic':
      return value
  }
}
