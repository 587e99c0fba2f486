import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineFilter } from '../../src/tables/json/line-filter.ts'
import type { LineNeeds } from '../../src/tables/json/line-needs.ts'
import {
  type FoundLines,
  type LinePattern,
  PLACE_NUMBERS,
} from '../../src/tables/json/line-patterns.ts'
import { linesByBytes } from '../../src/tables/json/lines-by-bytes.ts'
import { isLoaded, load, unload } from '../../src/tables/json/skip-memory.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const words = ['needle', 'temporaryaccesspass', 'k2ss', '7be9', 'zzzz', 'thread']
const FROM = '2026-03-01T10:00:00'
const TO = '2026-03-01T12:00:00'

/** Texts with the words in them, nearly, or not at all; with characters that look like theirs. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...words),
      fc.constantFrom('Needle', 'NEEDLE', 'needl', 'eedle', 'TemporaryAccessPass', 'K2SS', '7BE9'),
      fc.constantFrom('\need', '\neEDLE', '\thread', '\tHREAD', '\bthread', 'hread'),
      fc.constantFrom(
        '\u212a2ss',
        'k2ſs',
        'ı',
        'é',
        '\u{1F600}',
        '"',
        '\\',
        '/',
        '\n',
        '\t',
        'u0065',
      ),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 6 },
  )
  .map(parts => parts.join(''))

/** Ways to spell a character in JSON. */
function spellings(char: string): string[] {
  const unit = char.charCodeAt(0).toString(16).padStart(4, '0')
  const escapes = [`\\u${unit}`, `\\u${unit.toUpperCase()}`]
  const plain = JSON.stringify(char).slice(1, -1)
  return char === '/' ? ['/', '\\/', ...escapes] : [plain, plain, plain, plain, ...escapes]
}

/** A text as JSON, in some legal spelling; lone halves of pairs stay escapes. */
function spelt(value: string, choices: readonly number[]): string {
  const units = value.split('')
  const parts = units.map((char, index) => {
    const ways = spellings(char)
    return /[\ud800-\udfff]/.test(char)
      ? `\\u${char.charCodeAt(0).toString(16)}`
      : ways[(choices[index % choices.length] ?? 0) % ways.length]
  })
  return `"${parts.join('')}"`
}

const choices = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 12 })

const time = fc.oneof(
  fc.constantFrom(
    '2026-03-01T09:59:59.9999999Z',
    '2026-03-01T10:00:00.0000000Z',
    '2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00.9Z',
    '2026-03-01T12:00:01Z',
    '2026-03-01T08:00:00+00:00',
    '2026-03-01',
    'soon',
    '1999-12-31T23:59:59.1234567Z',
  ),
)

interface Sample {
  readonly line: string
  readonly texts: readonly string[]
  /** The times, of which the first that is there counts. */
  readonly times: readonly string[]
}

/** A line with an object: texts under some names, nested in text too, and times, in any spelling. */
const record: fc.Arbitrary<Sample> = fc
  .record({
    s: text,
    d: text,
    nested: text,
    at: fc.option(time, { nil: undefined }),
    stamp: fc.option(time, { nil: undefined }),
    inner: fc.option(time, { nil: undefined }),
    choices,
    blank: fc.constantFrom('', ' '),
  })
  .map(({ s, d, nested, at, stamp, inner, choices: own, blank }) => {
    const timed = (name: string, value: string | undefined): string[] =>
      value === undefined ? [] : [`"${name}":${blank}${spelt(value, own.slice(1).concat(0))}`]
    const members = [
      `"s":${blank}${spelt(s, own)}`,
      `"d":{${[`"x":[${spelt(d, own)},1.5]`, ...timed('TimeGenerated', inner)].join(',')}}`,
      `"n":${spelt(`{"inner":${spelt(nested, own.slice(2).concat(0))}}`, own)}`,
      ...timed('Timestamp', stamp),
      ...timed('TimeGenerated', at),
    ]
    const times = [at, stamp].flatMap(value => value ?? [])
    return { line: `{${members.join(',')}}`, texts: [s, d, nested], times }
  })

const other: fc.Arbitrary<Sample> = fc
  .constantFrom(
    '',
    '{}',
    '{"s":',
    'nothing',
    '[1]',
    '{"a":1}\r',
    '{"TimeGenerated":"2026-01-01T00:00:00Z"}\r',
  )
  .map(line => ({ line, texts: [], times: [] }))

const needs: fc.Arbitrary<LineNeeds> = fc
  .record({
    words: fc.array(fc.uniqueArray(fc.constantFrom(...words), { minLength: 1, maxLength: 2 }), {
      maxLength: 2,
    }),
    time: fc.constantFrom(
      undefined,
      { members: ['TimeGenerated', 'Timestamp'], from: FROM, to: TO },
      { members: ['TimeGenerated', 'Timestamp'], from: FROM, to: TO, outside: true as const },
    ),
  })
  .filter(({ words: some, time: range }) => some.length > 0 || range !== undefined)
  .map(({ words: some, time: range }) =>
    range === undefined ? { words: some } : { words: some, time: range },
  )

/** The lines that a filter leaves, by their numbers. */
function linesLeft(find: (start: number) => FoundLines, bytes: Uint8Array): Map<number, string> {
  const left = new Map<number, string>()
  let line = 0
  for (let at = 0; at < bytes.length; ) {
    const { places, lines, end } = find(at)
    for (let i = 0; i < places.length; i += PLACE_NUMBERS) {
      left.set(line + places[i + 2]!, decoder.decode(bytes.subarray(places[i]!, places[i + 1]!)))
    }
    line += lines
    at = end
  }
  return left
}

function bothWays(
  some: LineNeeds,
  bytes: Uint8Array,
  late: readonly LineNeeds[] = [],
): Map<number, string>[] {
  const filter = LineFilter.of(some, undefined, late)
  load(bytes)
  expect(isLoaded(bytes)).toBe(true)
  const loaded = linesLeft(at => filter.find(bytes, at, bytes.length), bytes)
  unload(bytes)
  return [loaded, linesLeft(at => linesByBytes(filter, bytes, at, bytes.length), bytes)]
}

/**
 * Whether a row with these texts and this time can satisfy predicates that need this, or have a time
 * outside of the range where that matters.
 */
function matters({ words: some, time: range }: LineNeeds, { texts, times }: Sample): boolean {
  const all = texts.map(value => value.replace(/[A-Z]/g, char => char.toLowerCase()))
  const hasWords = some.every(need => need.some(word => all.some(value => value.includes(word))))
  if (range === undefined) return hasWords
  const [at] = times
  if (at === undefined) return range.outside === true && hasWords
  const second = at.slice(0, FROM.length)
  const isInside = second >= range.from && second <= range.to
  const isUnknown = !/^[0-9T:-]{19}(\.[0-9]+)?Z$/.test(at)
  if (range.outside === true) return hasWords || isUnknown || !isInside
  return hasWords && (isUnknown || isInside)
}

describe('lines that may matter', () => {
  it.each<[string, boolean]>([
    // Printed as \\thread, which has the word.
    ['\\u0009hread', true],
    ['\\u000ahread', true],
    ['\\u000Dhread', true],
    ['\\u0074hread', true],
    ['\\u0007hread', false],
    ['\\u000fhread', false],
    ['\\thread', true],
    ['\\n hread', false],
  ])('are found by letters that escapes hide: %s', (spelling, isFound) => {
    const bytes = encoder.encode(`{"d":{"x":"${spelling}"}}\n`)
    for (const found of bothWays({ words: [['thread']] }, bytes))
      expect(found.size > 0).toBe(isFound)
  })

  it('are found the same with and without WebAssembly, and all that matter are among them', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(record, other), { maxLength: 8 }), needs, (samples, some) => {
        const bytes = encoder.encode(samples.map(({ line }) => `${line}\n`).join(''))
        const [loaded, plain] = bothWays(some, bytes)
        expect(loaded).toEqual(plain)
        // The texts as JSON too, as dynamics have them.
        samples.forEach((sample, number) => {
          const printed = { ...sample, texts: sample.texts.map(one => JSON.stringify(one)) }
          if (sample.texts.length > 0 && (matters(some, sample) || matters(some, printed))) {
            expect(loaded?.get(number)).toBe(sample.line)
          }
        })
      }),
      { numRuns: 400 },
    )
  })

  it('are those that have all words and a time, however many of them are looked for first', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(record, other), { maxLength: 8 }),
        needs.filter(({ words: all, time: range }) => all.length + (range ? 1 : 0) > 1),
        fc.boolean(),
        (samples, { words: all, time: range }, timeFirst) => {
          const bytes = encoder.encode(samples.map(({ line }) => `${line}\n`).join(''))
          const timed = range === undefined ? {} : { time: range }
          const whole = bothWays({ words: all, ...timed }, bytes)
          // Where times outside of the range matter, they are looked for first.
          const isFirst = range !== undefined && (timeFirst || range.outside === true)
          const [first, ...rest] = all.map(need => ({ words: [need] }))
          const chosen = isFirst ? { words: [], time: range } : first
          const late = isFirst ? all.map(need => ({ words: [need] })) : rest
          if (!isFirst && range !== undefined) late.push({ words: [], ...timed })
          if (chosen !== undefined) expect(bothWays(chosen, bytes, late)).toEqual(whole)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('are all that are not in braces, so that what is cut off is met', () => {
    const lines = ['{"s":"nothing"}', '{"s":"cut o', 'x', '', '{"s":1}\r', '[{}]', '{"s":2} ']
    const bytes = encoder.encode(lines.map(line => `${line}\n`).join(''))
    for (const left of bothWays({ words: [['needle']] }, bytes)) {
      expect([...left.keys()]).toEqual([1, 2, 5, 6])
    }
  })

  it.each([1, 15, 16, 17, 31, 32, 33, 47])(
    'are found by a word of %i letters and one more',
    length => {
      const word = `n${'x'.repeat(length - 1)}y`
      const texts = [word, `${word.slice(0, -1)}z`, `${word}y`, word.toUpperCase(), word.slice(1)]
      const bytes = encoder.encode(texts.map(value => `{"s":"${value}"}\n`).join(''))
      for (const late of [[], [{ words: [[word]] }]]) {
        for (const left of bothWays({ words: [[late.length === 0 ? word : 's']] }, bytes, late)) {
          expect([...left.keys()]).toEqual([0, 2, 3])
        }
      }
    },
  )

  it('may be many in one text', () => {
    const bytes = encoder.encode('{"s":"needle"}\n{"s":"thread"}\n'.repeat(9000))
    for (const left of bothWays({ words: [['needle']] }, bytes)) {
      expect([...left.keys()]).toEqual(Array.from({ length: 9000 }, (_, k) => k * 2))
    }
  })

  it('are looked through for what else they need where that leaves fewer', () => {
    const [common, some, rare] = [
      '{"s":"common"}\n',
      '{"s":"common needle"}\n',
      '{"s":"needle rare"}\n',
    ]
    const bytes = encoder.encode(`${common.repeat(60)}${some.repeat(30)}${rare.repeat(10)}`)
    load(bytes)
    const words = [['needle'], ['common'], ['rare']]
    const { filter } = LineFilter.choose({ words }, bytes, 0, bytes.length)
    unload(bytes)
    const textOf = ({ bytes: word }: LinePattern): string => decoder.decode(word)
    expect(filter?.patterns.map(textOf)).toEqual(['rare'])
    expect(filter?.late.map(need => need.map(textOf))).toEqual([['common']])
  })

  it('are chosen by what a sample has least of', () => {
    const common = '{"s":"needle common"}\n'.repeat(20)
    const bytes = encoder.encode(`${common}{"s":"rare needle common"}\n`)
    const words = [['common'], ['rare']]
    const chosen = LineFilter.choose({ words }, bytes, 0, bytes.length).filter
    expect(chosen?.patterns.map(({ bytes: word }) => decoder.decode(word))).toEqual(['rare'])
    for (const words of [[['common']], []]) {
      expect(LineFilter.choose({ words }, bytes, 0, bytes.length).filter).toBeUndefined()
    }
  })
})
