import type { ScalarValue } from '../../../tables/vector.ts'
import {
  codePointLength,
  codePointOfUnit,
  sliceCodePoints,
  unitOfCodePoint,
} from '../../../types/code-points.ts'
import { conversion } from '../../../types/convert.ts'
import type { Dynamic } from '../../../types/dynamic.ts'
import { compileRegex, isRegex, type Regex } from '../../../types/regex.ts'
import { type ScalarType, scalarTypeOf } from '../../../types/scalar-type.ts'
import { overload, type ScalarFunction, type ScalarOverload, scalar } from '../declare.ts'
import { QueryError } from '../query-error.ts'
import { captureGroups, groupPositions } from './capture-groups.ts'
import { anchored, regexArgument, requireRegex } from './regex-arguments.ts'
import { toText } from './scalar-text.ts'
import { textKernel } from './text-predicate.ts'

/** @see https://learn.microsoft.com/kusto/query/matches-regex-operator */
export const matchesRegex = scalar({
  name: 'matches regex',
  doc: 'Whether the regular expression matches anywhere in the text. A constant pattern that is none is an error; a pattern of a row that is none is null.',
  examples: [
    {
      query: 'print a = "Fabrikam" matches regex "b.*k", b = "Fabrikam" matches regex "^b"',
      rows: [{ a: true, b: false }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string'],
      returns: 'bool',
      nulls: 'propagate',
      prepare([, pattern]) {
        const regexOf = regexArgument(pattern, 1)
        if (typeof pattern !== 'string') {
          return { each: (text, varying) => regexOf(varying)?.test(text) ?? null }
        }
        const regex = requireRegex(pattern, 1)
        return { kernel: textKernel(text => regex.test(text), false) }
      },
    }),
  ],
})

/** The text of a group of the first match; empty where nothing matches or there is no such group. */
function firstGroup(regex: Regex | undefined, group: bigint, text: string): string {
  if (regex === undefined || group < 0n || group > BigInt(regex.groupCount)) return ''
  return regex.exec(text)?.groups[Number(group)] ?? ''
}

function typeOfLiteral(name: ScalarValue | undefined): ScalarType {
  const type = typeof name === 'string' ? scalarTypeOf(name) : undefined
  return type ?? 'string'
}

/** @see https://learn.microsoft.com/kusto/query/extract-function */
export const extract = scalar({
  name: 'extract',
  doc: 'The text of a capture group (0: the whole match) where the regular expression first matches, converted to a type where one is given. Empty, or null of the other type, where nothing matches.',
  examples: [
    {
      query: `print a = extract("x=([0-9.]+)", 1, "hello x=45.6"), b = extract("x=([0-9]+)", 1, "x=45", typeof(long)), c = extract("y", 0, "x")`,
      rows: [{ a: '45.6', b: 45, c: '' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'long', 'string'],
      constants: [0],
      returns: 'string',
      nulls: 'propagate',
      prepare([pattern]) {
        const regexOf = regexArgument(pattern, 0)
        return { each: (regex, group, text) => firstGroup(regexOf(regex), group, text) }
      },
    }),
    overload({
      params: ['string', 'long', 'string', 'string'],
      constants: [0, 3],
      returns: (_types, constants) => typeOfLiteral(constants[3]),
      nulls: 'propagate',
      prepare([pattern, , , name]) {
        const regexOf = regexArgument(pattern, 0)
        const convert = conversion('string', typeOfLiteral(name))
        return {
          each(regex, group, text) {
            const found = firstGroup(regexOf(regex), group, text)
            return convert === undefined ? null : convert(found)
          },
        }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/extract-all-function */
export const extractAll = scalar({
  name: 'extract_all',
  aliases: ['extractall'],
  doc: 'An array of what the capture groups of the regular expression took in each match: texts where it is one group, else arrays of texts. null where nothing matches. The groups may be chosen by number or name.',
  examples: [
    {
      query: `print a = extract_all(@"(\\d+)", "a1b22"), b = extract_all(@"(\\w)(\\d)", dynamic([2, 1]), "a1b2"), c = extract_all("(x)", "y")`,
      rows: [
        {
          a: ['1', '22'],
          b: [
            ['1', 'a'],
            ['2', 'b'],
          ],
          c: null,
        },
      ],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string'],
      constants: [0],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare([pattern]) {
        const regexOf = regexArgument(pattern, 0)
        if (typeof pattern === 'string') requireGroups(requireRegex(pattern, 0))
        return { each: (regex, text) => captureGroups(regexOf(regex), undefined, text) }
      },
    }),
    overload({
      params: ['string', 'dynamic', 'string'],
      constants: [0],
      returns: 'dynamic',
      nulls: 'propagate',
      prepare([pattern, groups]) {
        const regexOf = regexArgument(pattern, 0)
        if (typeof pattern === 'string') {
          const regex = requireGroups(requireRegex(pattern, 0))
          if (groups !== undefined && groupPositions(regex, groups as Dynamic) === undefined) {
            const message = 'The capture groups must be an array of numbers or names of groups.'
            throw new QueryError('KS128', message, 1)
          }
        }
        return { each: (regex, chosen, text) => captureGroups(regexOf(regex), chosen, text) }
      },
    }),
  ],
})

function requireGroups(regex: Regex): Regex {
  if (regex.groupCount >= 1 && regex.groupCount <= 16) return regex
  const message = 'The regular expression must have between 1 and 16 capture groups.'
  throw new QueryError('KS160', message, 0)
}

/** @see https://learn.microsoft.com/kusto/query/replace-regex-function */
export const replaceRegex = scalar({
  name: 'replace_regex',
  doc: 'The text with every match of the regular expression rewritten; in the rewrite `\\0` is the match and `\\1` a capture group.',
  examples: [
    {
      query: `print r = replace_regex("Number is 12", @"is (\\d+)", @"was: \\1")`,
      rows: [{ r: 'Number was: 12' }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string', 'string'],
      constants: [1, 2],
      returns: 'string',
      nulls: 'propagate',
      prepare([, pattern]) {
        const regexOf = regexArgument(pattern, 1)
        return { each: (text, regex, rewrite) => regexOf(regex)?.replaceAll(text, rewrite) ?? text }
      },
    }),
  ],
})

/** @see https://learn.microsoft.com/kusto/query/replace-regex-function */
export const replace = scalar({
  name: 'replace',
  doc: 'Deprecated form of `replace_regex` with the text as the last argument.',
  examples: [{ query: `print r = replace(@"(\\d)", @"<\\1>", "a1")`, rows: [{ r: 'a<1>' }] }],
  overloads: [
    overload({
      params: ['string', 'string', 'string'],
      constants: [0, 1],
      returns: 'string',
      nulls: 'propagate',
      prepare([pattern]) {
        const regexOf = regexArgument(pattern, 0)
        return { each: (regex, rewrite, text) => regexOf(regex)?.replaceAll(text, rewrite) ?? text }
      },
    }),
  ],
})

/** Removes one match at the start, one at the end, or both: measured, not every one. */
function trimming(pattern: ScalarValue | undefined, start: boolean, end: boolean) {
  if (typeof pattern === 'string') requireRegex(pattern, 0)
  const compiled = new Map<string, (text: string) => string>()
  return (regex: string, text: string): string => {
    let trimmer = compiled.get(regex)
    if (trimmer === undefined) {
      trimmer = trimmerOf(regex, start, end)
      compiled.clear()
      compiled.set(regex, trimmer)
    }
    return trimmer(text)
  }
}

function trimmerOf(pattern: string, start: boolean, end: boolean): (text: string) => string {
  const atStart = compileRegex(anchored(pattern, 'start'))
  const atEnd = compileRegex(anchored(pattern, 'end'))
  return text => {
    let rest = text
    if (start && isRegex(atStart)) rest = rest.slice(atStart.exec(rest)?.end ?? 0)
    if (end && isRegex(atEnd)) rest = rest.slice(0, atEnd.exec(rest)?.index ?? rest.length)
    return rest
  }
}

function trimFunction(
  name: string,
  place: string,
  start: boolean,
  end: boolean,
  example: string,
): ScalarFunction {
  return scalar({
    name,
    doc: `The text without what the regular expression matches at ${place}: one match, not all.`,
    examples: [{ query: `print r = ${name}("--", "----x----")`, rows: [{ r: example }] }],
    overloads: [
      overload({
        params: ['string', 'string'],
        constants: [0],
        returns: 'string',
        nulls: 'propagate',
        prepare: ([pattern]) => ({ each: trimming(pattern, start, end) }),
      }),
    ],
  })
}

/** @see https://learn.microsoft.com/kusto/query/trim-function */
export const trim = trimFunction('trim', 'its start and its end', true, true, '--x--')

/** @see https://learn.microsoft.com/kusto/query/trim-start-function */
export const trimStart = trimFunction('trim_start', 'its start', true, false, '--x----')

/** @see https://learn.microsoft.com/kusto/query/trim-end-function */
export const trimEnd = trimFunction('trim_end', 'its end', false, true, '----x--')

/** How often the string occurs; occurrences may overlap. */
function occurrencesOf(text: string, search: string): bigint {
  if (search === '') return 0n
  let count = 0n
  for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) count++
  return count
}

function matchesOf(regex: Regex | undefined, text: string): bigint | null {
  if (regex === undefined) return null
  let count = 0n
  for (const _match of regex.matchAll(text)) count++
  return count
}

/** @see https://learn.microsoft.com/kusto/query/countof-function */
export const countof = scalar({
  name: 'countof',
  doc: 'How often a string occurs in the text, overlapping; with kind "regex", how often a regular expression matches, not overlapping.',
  examples: [
    {
      query:
        'print a = countof("aaaa", "aa"), b = countof("ababa", "aba", "normal"), c = countof("ababa", "aba", "regex")',
      rows: [{ a: 3, b: 2, c: 1 }],
    },
  ],
  overloads: [
    overload({
      params: ['string', 'string'],
      returns: 'long',
      nulls: 'propagate',
      each: (text, search) => occurrencesOf(text, search),
    }),
    overload({
      params: ['string', 'string', 'string'],
      constants: [2],
      returns: 'long',
      nulls: 'propagate',
      prepare([, search, kind]) {
        if (kind === 'normal') return { each: (text, sought) => occurrencesOf(text, sought) }
        if (kind !== 'regex') {
          throw new QueryError('KS128', 'The kind must be "normal" or "regex".', 2)
        }
        const regexOf = regexArgument(search, 1)
        return { each: (text, regex) => matchesOf(regexOf(regex), text) }
      },
    }),
  ],
})

/** Position of the `occurrence`th match in `length` code points from `start`; -1 for none. */
function indexOfMatch(
  regex: Regex | undefined,
  text: string,
  start: bigint,
  length: bigint,
  occurrence: bigint,
): bigint | null {
  if (regex === undefined || start < 0n || length < -1n || occurrence < 0n) return null
  const from = Number(start)
  const end = length === -1n ? codePointLength(text) : from + Number(length)
  const searched = sliceCodePoints(text, 0, end)
  if (from > codePointLength(searched)) return -1n
  let at = unitOfCodePoint(searched, from)
  for (let left = occurrence; left > 0n && at <= searched.length; left--) {
    const match = regex.exec(searched, at)
    if (match === null) return -1n
    if (left === 1n) return BigInt(codePointOfUnit(searched, match.index))
    at = match.end > match.index ? match.end : match.end + 1
  }
  return -1n
}

/** @see https://learn.microsoft.com/kusto/query/indexof-regex-function */
export const indexofRegex: ScalarFunction = scalar({
  name: 'indexof_regex',
  doc: 'The position where the regular expression matches, searched from a start within a length (-1: to the end), for its first or a later match, not overlapping; -1 where it does not. null for arguments out of range.',
  examples: [
    {
      query:
        'print a = indexof_regex("abcabc", "a.c"), b = indexof_regex("abcabcdefg", "a.c", 0, 9, 2), c = indexof_regex("abcabc", "a.c", 1, -1, 2), d = indexof_regex("abcabc", "a|ab", -1)',
      rows: [{ a: 0, b: 3, c: -1, d: null }],
    },
  ],
  overloads: [indexofRegexOverload()],
})

function indexofRegexOverload(): ScalarOverload {
  return overload({
    params: ['scalar', 'scalar', 'long', 'long', 'long'],
    required: 2,
    constants: [1, 4],
    returns: 'long',
    nulls: 'propagate',
    prepare([, pattern], _context, [type, patternType]) {
      const text = toText(type)
      const patternText = toText(patternType)
      const constant = pattern === undefined ? undefined : patternText(pattern)
      const regexOf = regexArgument(constant, 1)
      return {
        each: (value, regex, start: bigint = 0n, length: bigint = -1n, occurrence: bigint = 1n) =>
          indexOfMatch(regexOf(patternText(regex)), text(value), start, length, occurrence),
      }
    },
  })
}

const META = /[\\.+*?()|[\]{}^$]/g

/** @see https://learn.microsoft.com/kusto/query/regex-quote-function */
export const regexQuote = scalar({
  name: 'regex_quote',
  doc: 'The text with a backslash before every character that has a meaning in regular expressions.',
  examples: [
    { query: `print r = regex_quote("(so$me.Te^xt)")`, rows: [{ r: '\\(so\\$me\\.Te\\^xt\\)' }] },
  ],
  overloads: [
    overload({
      params: ['scalar'],
      returns: 'string',
      nulls: 'propagate',
      prepare(_constants, _context, [type]) {
        const text = toText(type)
        return { each: value => text(value).replace(META, '\\$&') }
      },
    }),
  ],
})
