import type { Vector } from '../../../tables/vector.ts'
import {
  changeCase,
  codePointLength,
  codePointOfUnit,
  sliceCodePoints,
  unitOfCodePoint,
  utf8Length,
} from '../../../types/code-points.ts'
import { compareStrings, termMatcher } from '../../../types/collation.ts'
import { isArray } from '../../../types/dynamic.ts'
import { dynamicToText } from '../../../types/dynamic-json.ts'
import { overload, type ScalarFunction, type ScalarOverload, scalar } from '../declare.ts'
import { replaceStrings as replaceAllOf } from './replace-strings.ts'
import { appendText, toText } from './scalar-text.ts'

/** @see https://learn.microsoft.com/kusto/query/strcat-function */
export const strcat = scalar({
  name: 'strcat',
  doc: 'The texts of the arguments one after another; a null has the empty text.',
  examples: [
    { query: `print r = strcat("a", 1, true, int(null), 1h)`, rows: [{ r: 'a1True01:00:00' }] },
  ],
  overloads: [
    overload({
      params: ['scalar'],
      rest: 'scalar',
      returns: 'string',
      nulls: 'handled',
      kernel(args, out, selection) {
        for (const vector of args as readonly Vector[]) appendText(out.dict, vector, selection)
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/strcat-delim-function */
export const strcatDelim = scalar({
  name: 'strcat_delim',
  doc: 'The texts of the arguments after the first, which stands between each two of them.',
  examples: [
    { query: `print r = strcat_delim("-", 1, "2", "A", 1s)`, rows: [{ r: '1-2-A-00:00:01' }] },
  ],
  overloads: [
    overload({
      params: ['scalar', 'scalar', 'scalar'],
      rest: 'scalar',
      returns: 'string',
      nulls: 'handled',
      kernel(args, out, selection) {
        const [delimiter, ...parts] = args as readonly Vector[]
        parts.forEach((part, index) => {
          if (index > 0) appendText(out.dict, delimiter!, selection)
          appendText(out.dict, part, selection)
        })
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/strcat-array-function */
export const strcatArray = scalar({
  name: 'strcat_array',
  aliases: ['array_strcat'],
  doc: 'The texts of an array\'s elements with a delimiter between them; a null element has the empty text. Empty where the value is no array.',
  examples: [
    {
      query: `print r = strcat_array(dynamic([1, null, "b"]), "->")`,
      rows: [{ r: '1->->b' }],
    },
  ],
  overloads: [
    overload({
      params: ['dynamic', 'scalar'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_constants, _context, [, type]) {
        const text = toText(type)
        return {
          each: (array, delimiter) =>
            isArray(array) ? array.map(dynamicToText).join(text(delimiter)) : '',
        }
      },
    }),
  ],
})

function caseFunction(to: 'lower' | 'upper', example: string): ScalarFunction {
  return scalar({
    name: to === 'lower' ? 'tolower' : 'toupper',
    doc: `The text in ${to} case; a character that would become several stays.`,
    examples: [{ query: `print r = to${to}("Hello Ä")`, rows: [{ r: example }] }],
    overloads: [textFunction(text => changeCase(text, to))],
  })
}

/** An overload from the text of any scalar to another text. */
function textFunction(apply: (text: string) => string): ScalarOverload {
  return overload({
    params: ['scalar'],
    returns: 'string',
    nulls: 'propagate',
    prepare(_constants, _context, [type]) {
      const text = toText(type)
      return { each: value => apply(text(value)) }
    },
  })
}

/** @see https://learn.microsoft.com/kusto/query/tolower-function */
export const tolower = caseFunction('lower', 'hello ä')

/** @see https://learn.microsoft.com/kusto/query/toupper-function */
export const toupper = caseFunction('upper', 'HELLO Ä')

/** @see https://learn.microsoft.com/kusto/query/reverse-function */
export const reverse = scalar({
  name: 'reverse',
  doc: 'The code points of the text from the last to the first.',
  examples: [{ query: 'print a = reverse("abc"), b = reverse(12345)', rows: [{ a: 'cba', b: '54321' }] }],
  overloads: [textFunction(text => Array.from(text).reverse().join(''))],
})

/** @see https://learn.microsoft.com/kusto/query/strlen-function */
export const strlen = scalar({
  name: 'strlen',
  doc: 'How many code points the text has.',
  examples: [{ query: 'print a = strlen("hello"), b = strlen("⒦⒰")', rows: [{ a: 5, b: 2 }] }],
  overloads: [
    overload({
      params: ['string'],
      returns: 'long',
      nulls: 'propagate',
      each: text => BigInt(codePointLength(text)),
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/string-size-function */
export const stringSize = scalar({
  name: 'string_size',
  doc: 'How many bytes the text has in UTF-8.',
  examples: [{ query: 'print a = string_size("hello"), b = string_size("⒦⒰")', rows: [{ a: 5, b: 6 }] }],
  overloads: [
    overload({
      params: ['string'],
      returns: 'long',
      nulls: 'propagate',
      each: text => BigInt(utf8Length(text)),
    }),
  ],
})

/** Measured: a start before the beginning gives the empty text, not the beginning. */
function substringOf(text: string, start: bigint, length: bigint | undefined): string {
  let from = Number(start)
  if (from < 0) {
    from += codePointLength(text)
    if (from < 0) return ''
  }
  if (length === undefined) return sliceCodePoints(text, from, text.length)
  const count = Number(length)
  return count <= 0 ? '' : sliceCodePoints(text, from, from + count)
}

/** @see https://learn.microsoft.com/kusto/query/substring-function */
export const substring = scalar({
  name: 'substring',
  doc: 'The code points from a position on, counted from the end where it is negative, at most as many as the length. Empty past either end and for a negative length.',
  examples: [
    {
      query: 'print a = substring("123456", 2, 2), b = substring("123456", -2), c = substring("abc", -9, 2)',
      rows: [{ a: '34', b: '56', c: '' }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar', 'long'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return { each: (value, start) => substringOf(text(value), start, undefined) }
      },
    }),
    overload({
      params: ['scalar', 'long', 'long'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return { each: (value, start, length) => substringOf(text(value), start, length) }
      },
    }),
  ],
})

function splitText(text: string, delimiter: string): string[] {
  return delimiter === '' ? [text] : text.split(delimiter)
}

/** @see https://learn.microsoft.com/kusto/query/split-function */
export const split = scalar({
  name: 'split',
  naming: 'argument',
  doc: 'The array of the parts of a text between the delimiters. With an index, an array of only that part; null where there is none.',
  examples: [
    {
      query: 'print a = split("a__b", "_"), b = split("aaa_bbb_ccc", "_", 1), c = split("", "_"), d = split("a", "_", 1)',
      rows: [{ a: ['a', '', 'b'], b: ['bbb'], c: [''], d: null }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar', 'string'],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return { each: (value, delimiter) => splitText(text(value), delimiter) }
      },
    }),
    overload({
      params: ['scalar', 'string', 'long'],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return {
          each(value, delimiter, index) {
            const part = splitText(text(value), delimiter)[Number(index)]
            return part === undefined ? null : [part]
          },
        }
      },
    }),
  ],
})

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
  doc: 'The text with every occurrence of one of the strings replaced by the one that stands for it; of two that match at one place the earlier in the list counts. One whose replacement is no string stays.',
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

const MAX_REPEATS = 1024

/** @see https://learn.microsoft.com/kusto/query/strrep-function */
export const strrep = scalar({
  name: 'strrep',
  doc: 'The text repeated, at most 1024 times, with a delimiter between.',
  examples: [
    {
      query: `print a = strrep("ABC", 2), b = strrep(123, 3, "."), c = strrep(3s, 2, " ")`,
      rows: [{ a: 'ABCABC', b: '123.123.123', c: '00:00:03 00:00:03' }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar', 'long'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return { each: (value, count) => repeated(text(value), count, '') }
      },
    }),
    overload({
      params: ['scalar', 'long', 'scalar'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_constants, _context, [type, , delimiterType]) {
        const text = toText(type)
        const delimiterText = toText(delimiterType)
        return {
          each: (value, count, delimiter) => repeated(text(value), count, delimiterText(delimiter)),
        }
      },
    }),
  ],
})

function repeated(text: string, count: bigint, delimiter: string): string {
  const times = count > MAX_REPEATS ? MAX_REPEATS : Number(count)
  return times < 1 ? '' : text + (delimiter + text).repeat(times - 1)
}

/**
 * Position of the `occurrence`th match that lies in `length` code points from `start`; -1 where there
 * is none. null for the empty match, as measured, and for numbers that make no sense.
 */
function indexOf(
  text: string,
  match: string,
  start: bigint,
  length: bigint,
  occurrence: bigint,
): bigint | null {
  if (match === '' || length < -1n || occurrence < 0n) return null
  const from = start < 0n ? Number(start) + codePointLength(text) : Number(start)
  if (from < 0) return null
  const begin = unitOfCodePoint(text, from)
  const end = length === -1n ? text.length : unitOfCodePoint(text, from + Number(length))
  let at = text.indexOf(match, begin)
  for (let left = occurrence; at >= 0 && at + match.length <= end; left--) {
    if (left <= 1n) return left === 1n ? BigInt(codePointOfUnit(text, at)) : -1n
    at = text.indexOf(match, at + 1)
  }
  return -1n
}

/** @see https://learn.microsoft.com/kusto/query/indexof-function */
export const indexof = scalar({
  name: 'indexof',
  doc: 'The position of a string in the text, searched from a start (from the end where negative) within a length (-1: to the end), for its first or a later occurrence; -1 where it is not there. null for an empty string and for arguments out of range.',
  examples: [
    {
      query: 'print a = indexof("abcdefg", "cde"), b = indexof("abcdefg", "cde", 1, 2), c = indexof("abcdefg", "cde", -5), d = indexof(1234567, 5), e = indexof("abcabc", "c", 0, -1, 2)',
      rows: [{ a: 2, b: -1, c: 2, d: 4, e: 5 }],
    },
  ],
  overloads: [
    overload({
      params: ['scalar', 'scalar', 'long', 'long', 'long'],
      required: 2,
      returns: 'long',
      nulls: 'propagate',
      prepare(_constants, _context, [type, matchType]) {
        const text = toText(type)
        const match = toText(matchType)
        return {
          each: (value, sought, start: bigint = 0n, length: bigint = -1n, occurrence: bigint = 1n) =>
            indexOf(text(value), match(sought), start, length, occurrence),
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
      query: 'print a = translate("krasp", "otsku", "spark"), b = translate("abc", "x", "abc"), c = translate("abc", "", "abd")',
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
      query: 'print a = has_any_index("this is an example", dynamic(["not", "example"])), b = has_any_index("number 2", dynamic([1, 2])), c = has_any_index("x", dynamic([]))',
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

const NON_ASCII = /[^\u0000-\u007f]/

/** @see https://learn.microsoft.com/kusto/query/isascii-function */
export const isascii = scalar({
  name: 'isascii',
  doc: 'Whether every character of the text is ASCII.',
  examples: [{ query: 'print a = isascii("some"), b = isascii("é")', rows: [{ a: true, b: false }] }],
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
