import fc from 'fast-check'
import { RE2JS } from 're2js'
import { describe, expect, it } from 'vitest'
import { compileRegex, isRegex, type Regex } from '../../src/types/regex.ts'

const ALPHABET = 'abxAB1 \n"é'

/** A pattern in the dialect that RE2 and KQL read alike: no word class beyond ASCII, no nested class. */
const atom = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'x', '1', '"', ' ', 'é', 'B') },
  { weight: 1, arbitrary: fc.constantFrom('.', '[ab]', '[^a]', '[^"]', '[a-x1]', '\\n', '(?s:.)') },
  { weight: 1, arbitrary: fc.constantFrom('^', '$', '\\A', '\\z', '(?m:^)', '(?m:$)') },
)
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{1,3}',
  '{0,2}?',
)

const pattern = fc.letrec<{ expression: string; piece: string }>(tie => ({
  piece: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .tuple(atom, quantifier)
      .map(([body, times]) => (/^[\^$]|^\\[Az]|^\(\?m/.test(body) ? body : body + times)),
    fc.tuple(tie('expression'), quantifier).map(([body, times]) => `(${body})${times}`),
    fc.tuple(tie('expression'), quantifier).map(([body, times]) => `(?:${body})${times}`),
    fc.tuple(tie('expression')).map(([body]) => `(?i:${body})`),
  ),
  expression: fc
    .array(fc.array(tie('piece'), { maxLength: 4 }), { minLength: 1, maxLength: 2 })
    .map(branches => branches.map(branch => branch.join('')).join('|')),
})).expression

const text = fc.array(fc.constantFrom(...ALPHABET), { maxLength: 24 }).map(units => units.join(''))

function compiled(source: string): Regex {
  const regex = compileRegex(source)
  if (!isRegex(regex)) throw new Error(`${source}: ${regex.error}`)
  return regex
}

/** Matches of RE2 without the rule about empty matches: the first at or after `from`. */
function re2Exec(regex: RE2JS, subject: string, from: number): (string | undefined)[] | null {
  const matcher = regex.matcher(subject)
  if (!matcher.find(from)) return null
  const groups: (string | undefined)[] = [String(matcher.start())]
  for (let k = 0; k <= matcher.groupCount(); k++) groups.push(matcher.group(k) ?? undefined)
  return groups
}

const boundary = fc.constantFrom(
  '\\b',
  '\\B',
  '(?-u:\\b)',
  '(?-u:\\B)',
  '\\b{start}',
  '\\b{end}',
  '\\b{start-half}',
  '\\b{end-half}',
)
const bounded = fc
  .array(
    fc.oneof(
      boundary,
      fc.tuple(fc.constantFrom('é', 'a', '𝒳', '.', '\\w', '\\W', '[^a]'), quantifier).map(String),
      fc.constantFrom('^', '$', '(?m:^)', '(?m:$)', '|', '(a|\\bé)', '(?i:É\\b)'),
    ),
    { maxLength: 6 },
  )
  .map(pieces => pieces.join('').replaceAll(',', ''))

describe('compiled patterns', () => {
  it('match at the word boundaries of Unicode in whichever engine', () => {
    const texts = fc.array(fc.constantFrom('a', 'é', '𝒳', '😀', ' ', '\n', '.'), { maxLength: 8 })
    fc.assert(
      fc.property(bounded, texts, fc.nat(8), (source, units, start) => {
        const subject = units.join('')
        const from = units.slice(0, start).join('').length
        // A repetition of what may be empty is left to RE2.
        const linear = compiled(`(?:${source})(?:z?)*`)
        expect(linear.test(subject)).toBe(compiled(source).test(subject))
        expect(linear.exec(subject, from)?.index).toBe(compiled(source).exec(subject, from)?.index)
      }),
      { numRuns: 1000 },
    )
  })

  it('match what RE2 matches, wherever the search starts', () => {
    fc.assert(
      fc.property(pattern, text, fc.nat(24), (source, subject, start) => {
        const from = Math.min(start, subject.length)
        const regex = compiled(source)
        const reference = RE2JS.compile(source)
        expect(regex.test(subject)).toBe(reference.test(subject))
        const expected = re2Exec(reference, subject, from)
        const match = regex.exec(subject, from)
        const actual = match === null ? null : [String(match.index), ...match.groups]
        expect(actual?.map(group => group ?? '')).toEqual(expected?.map(group => group ?? ''))
      }),
      { numRuns: 3000 },
    )
  })

  it('are found from left to right, none touching an empty one', () => {
    fc.assert(
      fc.property(pattern, text, (source, subject) => {
        const regex = compiled(source)
        let end = 0
        let first = true
        for (const match of regex.matchAll(subject)) {
          expect(match.index).toBeGreaterThanOrEqual(end)
          if (!first && match.end === match.index) expect(match.index).toBeGreaterThan(end)
          expect(subject.slice(match.index, match.end)).toBe(match.groups[0])
          end = match.end
          first = false
        }
        expect(regex.replaceAll(subject, '\\0')).toBe(subject)
      }),
      { numRuns: 1000 },
    )
  })

  it('never throw, whatever the pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 12 }), text, (source, subject) => {
        const regex = compileRegex(source)
        if (isRegex(regex)) regex.test(subject)
        else expect(regex.error).not.toBe('')
      }),
      { numRuns: 2000 },
    )
  })
})
