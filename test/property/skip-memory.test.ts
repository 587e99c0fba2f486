import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RecordScanner } from '../../src/tables/json/record-scanner.ts'
import { skippedNewlines, skipValue, viewOf } from '../../src/tables/json/skip.ts'
import {
  load,
  loadedMemory,
  UNESCAPED,
  unescapeLoaded,
  unload,
} from '../../src/tables/json/skip-memory.ts'

const encoder = new TextEncoder()

/** Pieces of which JSON is made, and of which what is nearly JSON is made. */
const pieces = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '"a"',
    '"b"',
    '"a\\u0062"',
    '"é"',
    '"\\',
    '\\u00',
    '\u0001',
  ],
  ...[
    '{"a":',
    '"a":1',
    '[1,',
    '"a long text without any stop in it",',
    'true',
    'false',
    'null',
    'nul',
  ],
  ...[
    '0',
    '-1.5e+3',
    '01',
    '1.',
    '-',
    '1e',
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\0',
    '"x\\"y\\\\z\\n"',
    '{}',
    '[]',
  ],
)
const json = fc
  .json({ maxDepth: 4, stringUnit: 'binary' })
  .chain(text =>
    fc.constantFrom(0, 1, 3).map(indent => JSON.stringify(JSON.parse(text), undefined, indent)),
  )
const objects = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', '\\u0061', 'c', ''), json), { maxLength: 5 })
  .map(members => `{${members.map(([name, text]) => `"${name}":${text}`).join(',')}}`)

/** Strings of many escapes, some of them none, in every place of the 16 bytes that are looked at at once. */
const escapes = fc
  .array(
    fc.oneof(
      {
        weight: 9,
        arbitrary: fc.constantFrom('\\\\', '\\"', '\\n', '\\/', '\\u0041', 'x', 'nine char'),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\\', '\\x', '\\u00g1', '\\u12', '"', '\u0001', '\\é', '\\`'),
      },
    ),
    { maxLength: 40 },
  )
  .map(all => `["${all.join('')}",1]`)

/** Bytes that may be JSON: whole, cut off, patched together, or with a byte changed. */
const texts = fc
  .tuple(
    fc.oneof(
      json,
      objects,
      escapes,
      fc.array(pieces, { maxLength: 30 }).map(all => all.join('')),
      fc.array(json, { maxLength: 4 }).map(all => `[${all.join(' , ')}]`),
    ),
    fc.option(fc.tuple(fc.nat(), fc.nat(255))),
    fc.option(fc.nat()),
  )
  .map(([text, change, cut]) => {
    const bytes = encoder.encode(text)
    if (change !== null && bytes.length > 0) bytes[change[0] % bytes.length] = change[1]
    return cut === null ? bytes : bytes.slice(0, cut % (bytes.length + 1))
  })

/** Does the same without and with the bytes loaded. */
function both<T>(bytes: Uint8Array, act: () => T): [T, T] {
  const plain = act()
  load(bytes)
  const loaded = act()
  unload(bytes)
  return [plain, loaded]
}

describe('the two ways to skip JSON', () => {
  it('end at the same position, or at the same fault', () => {
    fc.assert(
      fc.property(texts, fc.nat(8), fc.nat(8), (bytes, from, less) => {
        const start = Math.min(from, bytes.length)
        const end = Math.max(start, bytes.length - less)
        const view = viewOf(bytes)
        const [plain, loaded] = both(bytes, () => {
          const before = skippedNewlines()
          const after = skipValue(bytes, view, start, end)
          return [after, skippedNewlines() - before]
        })
        expect(loaded).toEqual(plain)
      }),
      { numRuns: 3000 },
    )
  })

  it('find the same places in a record', () => {
    const scanner = new RecordScanner()
    const paths = [
      [],
      ['a'],
      ['a', 'b'],
      ['a', 0],
      ['a', 1, 'a'],
      ['b'],
      ['b', 'a', 'b'],
      [''],
      [0],
      [1, 'a'],
    ]
    for (const path of paths) scanner.want(path)
    fc.assert(
      fc.property(texts, bytes => {
        const view = viewOf(bytes)
        const [plain, loaded] = both(bytes, () => {
          const after = scanner.scanOnly(bytes, view, 0, bytes.length)
          if (after < 0) return [after]
          const places = paths.map((_, slot) => {
            const kind = scanner.kindAt(slot)
            return kind === 0 ? [] : [kind, scanner.startAt(slot), scanner.endAt(slot)]
          })
          return [after, places]
        })
        expect(loaded).toEqual(plain)
      }),
      { numRuns: 3000 },
    )
  })
})

/** Characters of a text, each as it is or in one of its escaped forms. */
const spelled = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'a plain text of some length',
        '/',
        '\\/',
        'é',
        '\u{1F600}',
        '\\n',
        '\\t',
        '\\r',
      ),
      fc.constantFrom(
        '\\b',
        '\\f',
        '\\"',
        '\\\\',
        '\\u0041',
        '\\u00e9',
        '\\u20AC',
        '\\ud83d\\ude00',
      ),
      fc.constantFrom(
        '\\uD83D',
        '\\ude00',
        '\\ud83d\\u0041',
        '\\ud83dn',
        '\\u0000',
        '\\uffff',
        '\\uDbFf\\uDfFf',
      ),
      fc.string({ maxLength: 20 }).map(text => JSON.stringify(text).slice(1, -1)),
    ),
    { maxLength: 40 },
  )
  .map(parts => parts.join(''))

describe('strings with escapes', () => {
  it('are what JSON.parse makes of them, but for halves of pairs', () => {
    fc.assert(
      fc.property(spelled, fc.constantFrom('', 'x', '",'), (text, behind) => {
        const bytes = encoder.encode(`"${text}"${behind}`)
        load(bytes)
        const end = encoder.encode(text).length + 1
        const length = unescapeLoaded(1, end)
        unload(bytes)
        const expected = JSON.parse(`"${text}"`) as string
        if (!expected.isWellFormed()) expect(length).toBe(-1)
        else {
          const own = loadedMemory().slice(UNESCAPED, UNESCAPED + length)
          expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(own)).toBe(expected)
        }
      }),
      { numRuns: 5000 },
    )
  })

  it('are left to others where they are long', () => {
    for (const [length, expected] of [
      [40_000, 39_999],
      [40_001, -1],
    ] as const) {
      const bytes = encoder.encode(`${'x'.repeat(length - 2)}\\n`)
      load(bytes)
      expect(unescapeLoaded(0, bytes.length)).toBe(expected)
      unload(bytes)
    }
  })
})
