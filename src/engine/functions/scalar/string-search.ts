import { codePointLength, codePointOfUnit, unitOfCodePoint } from '../../../types/code-points.ts'
import { compareStrings, termMatcher } from '../../../types/collation.ts'
import { isArray } from '../../../types/dynamic.ts'
import { dynamicToText } from '../../../types/dynamic-json.ts'
import { overload, type ScalarOverload, scalar } from '../declare.ts'
import { replaceStrings as replaceAllOf } from './replace-strings.ts'
import { toText } from './scalar-text.ts'

/** @see https://learn.microsoft.com/kusto/query/replace-string-function */
export const replaceString = scalar({
  name: 'replace_string',
  doc: 'The text with every occurrence of a string replaced by another; unchanged where the string is empty.',
  examples: [
    {
      query: 'print r = replace_string("A magic trick can turn a cat", "cat", "dog")',
      rows: [{ r: 'A magic trick can turn a dog' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'string'],
      returns: 'string',
      nulls: 'propagate',
      each: (text, lookup, rewrite) =>
        lookup === '' ? text : text.replaceAll(lookup, () => rewrite),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/replace-strings-function */
export const replaceStrings = scalar({
  name: 'replace_strings',
  doc: 'The text with every occurrence of one of the strings replaced by the one that stands for it; the earlier in the list goes first, and what it matched is done. One whose replacement is no string stays.',
  examples: [
    {
      query: `print r = replace_strings("This is it", dynamic(["is", "it"]), dynamic(["was", "that"]))`,
      rows: [{ r: 'Thwas was that' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'dynamic', 'dynamic'],
      returns: 'string',
      nulls: 'propagate',
      each: (text, lookups, rewrites) => replaceAllOf(text, lookups, rewrites),
    }),
  ],
})

/**
 * Position of the `occurrence`th match that lies in `length` code points from `start`; -1 where there
 * is none. The length counts anew after each occurrence: the documentation finds the second `cde` of
 * `abcdefgabcdefg` at 9 in 10 characters from 1. null for the empty match, as measured, and for
 * numbers that make no sense.
 */
function indexOf(
  text: string,
  match: string,
  start: bigint,
  length: bigint,
  occurrence: bigint,
): bigint | null {
  if (match === '' || length < -1n || occurrence < 0n) return null
  let from = start < 0n ? Number(start) + codePointLength(text) : Number(start)
  if (from < 0) return null
  const reach = length === -1n ? Number.POSITIVE_INFINITY : Number(length)
  for (let left = occurrence; left > 0n; left--) {
    const at = text.indexOf(match, unitOfCodePoint(text, from))
    if (at < 0) return -1n
    const position = codePointOfUnit(text, at)
    if (position + codePointLength(match) > from + reach) return -1n
    if (left === 1n) return BigInt(position)
    from = position + 1
  }
  return -1n
}

/** @see https://learn.microsoft.com/kusto/query/indexof-function */
export const indexof = scalar({
  name: 'indexof',
  doc: 'The position of a string in the text, searched from a start (from the end where negative) within a length (-1: to the end), for its first or a later occurrence; -1 where it is not there. null for an empty string and for arguments out of range.',
  examples: [
    {
      query:
        'print a = indexof("abcdefg", "cde"), b = indexof("abcdefg", "cde", 1, 2), c = indexof("abcdefg", "cde", -5), d = indexof(1234567, 5), e = indexof("abcabc", "c", 0, -1, 2)',
      rows: [{ a: 2, b: -1, c: 2, d: 4, e: 5 }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar', 'scalar', 'long', 'long', 'long'],
      required: 2,
      constants: [4],
      returns: 'long',
      nulls: 'propagate',
      prepare(_constants, _context, [type, matchType]) {
        const text = toText(type)
        const match = toText(matchType)
        return {
          each: (
            value,
            sought,
            start: bigint = 0n,
            length: bigint = -1n,
            occurrence: bigint = 1n,
          ) => indexOf(text(value), match(sought), start, length, occurrence),
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/translate-function */
export const translate = scalar({
  name: 'translate',
  doc: 'The text with each character of the first list replaced by the one at its place in the second, whose last stands for all further; removed where the second is empty.',
  examples: [
    {
      query:
        'print a = translate("krasp", "otsku", "spark"), b = translate("abc", "x", "abc"), c = translate("abc", "", "abd")',
      rows: [{ a: 'kusto', b: 'xxx', c: 'd' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'string'],
      returns: 'string',
      nulls: 'propagate',
      each(searched, replacements, source) {
        const characters = Array.from(replacements)
        const table = new Map<string, string>()
        Array.from(searched).forEach((character, at) => {
          if (table.has(character)) return
          table.set(character, characters[at] ?? characters.at(-1) ?? '')
        })
        let result = ''
        for (const character of source) result += table.get(character) ?? character
        return result
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/strcmp-function */
export const strcmp = scalar({
  name: 'strcmp',
  doc: 'Ordinal comparison of two texts: -1, 0 or 1.',
  examples: [
    {
      query: 'print a = strcmp("ABC", "ABC"), b = strcmp("abc", "ABC"), c = strcmp("ABC", "abc")',
      rows: [{ a: 0, b: 1, c: -1 }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar', 'scalar'],
      returns: 'long',
      nulls: 'handled',
      prepare(_constants, _context, [left, right]) {
        const a = toText(left)
        const b = toText(right)
        return { each: (x, y) => BigInt(compareStrings(a(x), b(y))) }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/has-any-index-function */
export const hasAnyIndex = scalar({
  name: 'has_any_index',
  doc: 'The position in the array of the first element that the text has as a whole term; -1 where it has none.',
  examples: [
    {
      query:
        'print a = has_any_index("this is an example", dynamic(["not", "example"])), b = has_any_index("number 2", dynamic([1, 2])), c = has_any_index("x", dynamic([]))',
      rows: [{ a: 1, b: 1, c: -1 }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'dynamic'],
      returns: 'long',
      nulls: 'propagate',
      each: (text, values) =>
        isArray(values)
          ? BigInt(
              values.findIndex(
                value => value !== null && termMatcher(dynamicToText(value), false)(text),
              ),
            )
          : null,
    }),
  ],
})

const NON_ASCII = /[\u0080-\uffff]/

/** @see https://learn.microsoft.com/kusto/query/isascii */
export const isascii = scalar({
  name: 'isascii',
  doc: 'Whether every character of the text is ASCII.',
  examples: [
    { query: 'print a = isascii("some"), b = isascii("é")', rows: [{ a: true, b: false }] },
  ],
  overloads: [textTest(text => !NON_ASCII.test(text))],
})

/** @see https://learn.microsoft.com/kusto/query/isutf8-function */
export const isutf8 = scalar({
  name: 'isutf8',
  doc: 'Whether the text is valid UTF-8: false only where half of a surrogate pair is missing.',
  examples: [{ query: 'print r = isutf8("some string")', rows: [{ r: true }] }],
  overloads: [textTest(text => text.isWellFormed())],
})

function textTest(test: (text: string) => boolean): ScalarOverload {
  return overload({
    params: ['scalar'],
    returns: 'bool',
    nulls: 'handled',
    prepare(_constants, _context, [type]) {
      const text = toText(type)
      return { each: value => test(text(value)) }
    },
  })
}
