import type { Vector } from '../../../tables/vector.ts'
import {
  changeCase,
  codePointLength,
  sliceCodePoints,
  utf8Length,
} from '../../../types/code-points.ts'
import { isArray } from '../../../types/dynamic.ts'
import { dynamicToText } from '../../../types/dynamic-json.ts'
import { overload, type ScalarFunction, type ScalarOverload, scalar } from '../declare.ts'
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
      most: 64,
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
      most: 65,
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
  doc: "The texts of an array's elements with a delimiter between them; a null element has the empty text. Empty where the value is no array.",
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
  examples: [
    { query: 'print a = reverse("abc"), b = reverse(12345)', rows: [{ a: 'cba', b: '54321' }] },
  ],
  overloads: [textFunction(text => Array.from(text).reverse().join(''))],
})

/** @see https://learn.microsoft.com/kusto/query/strlen-function */
export const strlen = scalar({
  name: 'strlen',
  naming: 'name-and-argument',
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
  naming: 'name-and-argument',
  doc: 'How many bytes the text has in UTF-8.',
  examples: [
    { query: 'print a = string_size("hello"), b = string_size("⒦⒰")', rows: [{ a: 5, b: 6 }] },
  ],
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
      query:
        'print a = substring("123456", 2, 2), b = substring("123456", -2), c = substring("abc", -9, 2)',
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
      query:
        'print a = split("a__b", "_"), b = split("aaa_bbb_ccc", "_", 1), c = split("", "_"), d = split("a", "_", 1)',
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
