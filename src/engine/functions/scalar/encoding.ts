import type { ScalarValue } from '../../../tables/vector.ts'
import { decodeBase64, encodeBase64 } from '../../../types/base64.ts'
import { type Dynamic, isArray } from '../../../types/dynamic.ts'
import type { ScalarType } from '../../../types/scalar-type.ts'
import { xxHash64 } from '../../../types/xx-hash.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { hashedBytes } from '../hashed-bytes.ts'
import { QueryError } from '../query-error.ts'
import { guidFromBytes, guidToBytes } from './guid-bytes.ts'
import { toText } from './scalar-text.ts'
import { urlDecode, urlEncode } from './url-text.ts'

function textFunction(each: (text: string) => string): ScalarOverload {
  return overload({ params: ['string'], returns: 'string', nulls: 'propagate', each })
}

/** @see https://learn.microsoft.com/kusto/query/url-encode-function */
export const urlEncodeFunction = scalar({
  name: 'url_encode',
  doc: 'The text as a part of a URL: a blank becomes "+", other characters that need it their UTF-8 bytes in lower-case hexadecimal.',
  examples: [
    {
      query: 'print r = url_encode("https://www.bing.com/hello world")',
      rows: [{ r: 'https%3a%2f%2fwww.bing.com%2fhello+world' }],
    },
  ],
  overloads: [textFunction(text => urlEncode(text, '+'))],
})

/** @see https://learn.microsoft.com/kusto/query/url-encode-component-function */
export const urlEncodeComponent = scalar({
  name: 'url_encode_component',
  doc: 'Like `url_encode`, with "%20" for a blank.',
  examples: [
    {
      query: 'print r = url_encode_component("https://www.bing.com/hello world/")',
      rows: [{ r: 'https%3a%2f%2fwww.bing.com%2fhello%20world%2f' }],
    },
  ],
  overloads: [textFunction(text => urlEncode(text, '%20'))],
})

/** @see https://learn.microsoft.com/kusto/query/url-decode-function */
export const urlDecodeFunction = scalar({
  name: 'url_decode',
  doc: 'The text that was encoded for a URL; "+" is a blank, and a "%" that starts no byte stays.',
  examples: [
    {
      query: 'print r = url_decode("https%3a%2f%2fwww.bing.com%2fa+b")',
      rows: [{ r: 'https://www.bing.com/a b' }],
    },
  ],
  overloads: [textFunction(urlDecode)],
})

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of UTF-8 bytes; null where they are none. */
function textOfBytes(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    // The only error of a fatal decoder: what KQL answers with null.
    if (error instanceof TypeError) return null
    throw error
  }
}

/** @see https://learn.microsoft.com/kusto/query/base64-encode-tostring-function */
export const base64EncodeToString = scalar({
  name: 'base64_encode_tostring',
  aliases: ['base64_encodestring'],
  doc: 'The UTF-8 bytes of the text in base64.',
  examples: [{ query: 'print r = base64_encode_tostring("Kusto")', rows: [{ r: 'S3VzdG8=' }] }],
  overloads: [textFunction(text => encodeBase64(encoder.encode(text)))],
})

/** @see https://learn.microsoft.com/kusto/query/base64-decode-tostring-function */
export const base64DecodeToString = scalar({
  name: 'base64_decode_tostring',
  aliases: ['base64_decodestring'],
  doc: 'The text whose UTF-8 bytes the base64 holds; empty where it is no base64 or the bytes are no UTF-8.',
  examples: [
    {
      query:
        'print a = base64_decode_tostring("S3VzdG8="), b = base64_decode_tostring("U3RyaW5n0KHR0tGA0L7Rh9C60LA=")',
      rows: [{ a: 'Kusto', b: '' }],
    },
  ],
  overloads: [
    textFunction(text => {
      const bytes = decodeBase64(text)
      return (bytes === null ? null : textOfBytes(bytes)) ?? ''
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/base64-decode-toarray-function */
export const base64DecodeToArray = scalar({
  name: 'base64_decode_toarray',
  doc: 'An array of the bytes that the base64 holds; null where it is none.',
  examples: [
    {
      query: 'print r = base64_decode_toarray("S3VzdG8=")',
      rows: [{ r: [75, 117, 115, 116, 111] }],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'dynamic',
      nulls: 'propagate',
      each(text) {
        const bytes = decodeBase64(text)
        return bytes === null ? null : Array.from(bytes)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/base64-encode-fromarray-function */
export const base64EncodeFromArray = scalar({
  name: 'base64_encode_fromarray',
  doc: 'The bytes of an array in base64; empty where an element is no byte.',
  examples: [
    {
      query: 'print r = base64_encode_fromarray(dynamic([75, 117, 115, 116, 111]))',
      rows: [{ r: 'S3VzdG8=' }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic'],
      returns: 'string',
      nulls: 'propagate',
      each: value => {
        if (!isArray(value) || !value.every(isByte)) return ''
        return encodeBase64(Uint8Array.from(value as readonly number[]))
      },
    }),
  ],
})

function isByte(value: Dynamic): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255
}

/** @see https://learn.microsoft.com/kusto/query/base64-decode-toguid-function */
export const base64DecodeToGuid = scalar({
  name: 'base64_decode_toguid',
  doc: 'The guid whose 16 bytes the base64 holds; null where it holds something else.',
  examples: [
    {
      query:
        'print a = base64_decode_toguid("JpbpECu8dUy7Pv5gbeJXAA=="), b = base64_decode_toguid("abcd1231")',
      rows: [{ a: '10e99626-bc2b-4c75-bb3e-fe606de25700', b: null }],
    },
  ],
  overloads: [
    overload({
      params: ['string'],
      returns: 'guid',
      nulls: 'propagate',
      each(text) {
        const bytes = decodeBase64(text)
        return bytes === null || bytes.length !== 16 ? null : guidFromBytes(bytes)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/base64-encode-fromguid-function */
export const base64EncodeFromGuid = scalar({
  name: 'base64_encode_fromguid',
  doc: 'The 16 bytes of the guid in base64; empty for null.',
  examples: [
    {
      query: 'print r = base64_encode_fromguid(toguid("ae3133f2-6e22-49ae-b06a-16e6a9b212eb"))',
      rows: [{ r: '8jMxriJurkmwahbmqbIS6w==' }],
    },
  ],
  overloads: [
    overload({
      params: ['guid'],
      returns: 'string',
      nulls: 'propagate',
      each: guid => encodeBase64(guidToBytes(guid)),
    }),
  ],
})

function xxhash64Overload(modulo: boolean): ScalarOverload {
  if (!modulo) {
    return overload({
      params: ['notDynamic'],
      returns: 'long',
      nulls: 'propagate',
      prepare: (_constants, _context, [type]) => ({
        each: value => BigInt.asIntN(64, xxHash64(hashedBytes(value, type!))),
      }),
    })
  }
  return overload({
    params: ['notDynamic', 'long'],
    returns: 'long',
    nulls: 'propagate',
    prepare: (_constants, _context, [type]) => ({
      each: (value, divisor) =>
        divisor <= 0n ? null : xxHash64(hashedBytes(value, type!)) % divisor,
    }),
  })
}

/** @see https://learn.microsoft.com/kusto/query/hash-function */
export const hash = scalar({
  name: 'hash',
  doc: 'A number that depends on the value alone (its xxHash64), or the remainder of it by a positive number; null for null.',
  examples: [
    {
      query: 'print a = hash("World") == 1846988464401551951, b = hash("World", 100)',
      rows: [{ a: true, b: 51 }],
    },
  ],
  overloads: [xxhash64Overload(false), xxhash64Overload(true)],
})

/** @see https://learn.microsoft.com/kusto/query/hash-xxhash64-function */
export const hashXxhash64 = scalar({
  name: 'hash_xxhash64',
  doc: 'The xxHash64 of the value, or the remainder of it by a positive number; null for null.',
  examples: [{ query: 'print r = hash_xxhash64("World", 100)', rows: [{ r: 51 }] }],
  overloads: [xxhash64Overload(false), xxhash64Overload(true)],
})

/** @see https://learn.microsoft.com/kusto/query/unicode-codepoints-from-string-function */
export const unicodeCodepointsFromString = scalar({
  name: 'unicode_codepoints_from_string',
  aliases: ['to_utf8'],
  doc: 'An array of the code points of the text.',
  examples: [
    { query: 'print r = unicode_codepoints_from_string("⒦K")', rows: [{ r: [9382, 75] }] },
  ],
  overloads: [
    overload({
      params: ['scalar'],
      returns: 'dynamic',
      nulls: 'handled',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return {
          each: value => Array.from(text(value), character => character.codePointAt(0)!),
        }
      },
    }),
  ],
})

/** The text of code points, each a number or an array of them; undefined where one is none. */
function textOfCodePoints(values: readonly ScalarValue[]): string | undefined {
  let text = ''
  for (const value of values) {
    if (isArray(value as Dynamic)) {
      const part = textOfCodePoints(value as readonly ScalarValue[])
      if (part === undefined) return undefined
      text += part
      continue
    }
    const code = typeof value === 'bigint' ? Number(value) : value
    if (typeof code !== 'number' || !isCodePoint(code)) return undefined
    text += String.fromCodePoint(code)
  }
  return text
}

function isCodePoint(code: number): boolean {
  return Number.isInteger(code) && code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
}

const CODE_POINT_TYPES: ReadonlySet<ScalarType> = new Set(['int', 'long', 'dynamic'])

/** @see https://learn.microsoft.com/kusto/query/unicode-codepoints-to-string-function */
export const unicodeCodepointsToString = scalar({
  name: 'unicode_codepoints_to_string',
  aliases: ['make_string'],
  doc: 'The text of code points, given as numbers or as arrays of numbers; empty where one is no code point.',
  examples: [
    {
      query: 'print r = unicode_codepoints_to_string(dynamic([75, 117, 115]), 116, 111)',
      rows: [{ r: 'Kusto' }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar'],
      rest: 'scalar',
      most: 64,
      returns: 'string',
      nulls: 'handled',
      refusesTypes: true,
      prepare(_constants, _context, types) {
        const wrong = types.findIndex(type => !CODE_POINT_TYPES.has(type))
        if (wrong >= 0) {
          const message = 'A code point is an int or a long, or an array of them.'
          throw new QueryError('KS106', message, wrong)
        }
        return { each: (...values: ScalarValue[]) => textOfCodePoints(values) ?? '' }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/new-guid-function */
export const newGuid = scalar({
  name: 'new_guid',
  doc: 'A random guid of version 4.',
  deterministic: false,
  examples: [{ query: 'print r = isnotnull(new_guid())', rows: [{ r: true }] }],
  overloads: [
    overload({
      params: [],
      returns: 'guid',
      nulls: 'propagate',
      prepare(_constants, context) {
        return {
          each() {
            const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(context.random() * 256))
            bytes[7] = (bytes[7]! & 0x0f) | 0x40
            bytes[8] = (bytes[8]! & 0x3f) | 0x80
            return guidFromBytes(bytes)
          },
        }
      },
    }),
  ],
})
