import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNdjson, wanted, wantedPath } from '../unit/tables/json/read.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Wanted columns: every kind of place, among them names that are traps in JavaScript. */
const columns = [
  wanted('s', 'string'),
  wanted('d', 'dynamic'),
  wantedPath('d', 's'),
  wantedPath('d', 'd', 0, 'é'),
  wantedPath('d', -1),
  wantedPath('d', 1, 's'),
  wanted('é', 'dynamic'),
  wanted('__proto__', 'dynamic'),
  wantedPath('__proto__', 'constructor'),
  wanted('', 'dynamic'),
]

const names = ['s', 'd', 'é', '__proto__', 'constructor', '', 'other', 'ss', 'd"']
const blanks = fc.constantFrom('', '', '', '', ' ', '\t', '  ')

/** A JSON string that spells a text, each character raw or in one of its escaped forms. */
const spelled = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.infiniteStream(fc.nat(9))).map(([chars, choices]) => {
    let out = '"'
    for (let i = 0; i < chars.length; i++) {
      const char = chars[i]!
      const code = chars.charCodeAt(i)
      const choice = choices.next().value ?? 0
      const short = JSON.stringify(char).slice(1, -1)
      if (choice === 0 || (code >= 0xd800 && code <= 0xdfff && !chars.isWellFormed())) {
        out += `\\u${code.toString(16).padStart(4, choice % 2 ? '0' : '0')}`
      } else if (char === '/' && choice < 5) out += '\\/'
      else out += short
    }
    return `${out}"`
  })

const strings = spelled(
  fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('', '{}', '[1, 2]', '{"s":"x","d":[{"é":1}]}', '["a", {"s":2}]', '{"s":', 'x'),
  ),
)
const scalars = fc.oneof(
  strings,
  fc.constantFrom('true', 'false', 'null', '0', '-1', '1.5', '1e3', '-0.25E-2', '123456789'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => JSON.stringify(value)),
)

const { value: jsonText } = fc.letrec<{ value: string; object: string; array: string }>(tie => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalars, tie('object'), tie('array')),
  object: fc
    .array(fc.tuple(spelled(fc.constantFrom(...names)), blanks, tie('value'), blanks), {
      maxLength: 6,
    })
    .map(members => {
      const inner = members.map(([name, before, value, after]) => {
        return `${before}${name}${after}:${before}${value}${after}`
      })
      return `{${inner.join(',')}}`
    }),
  array: fc
    .array(fc.tuple(blanks, tie('value'), blanks), { maxLength: 5 })
    .map(items => `[${items.map(parts => parts.join('')).join(',')}]`),
}))

/** Members as exports have them, JSON inside of a string among them; some are not JSON at all. */
const memberValue = fc.oneof(
  { arbitrary: jsonText, weight: 8 },
  { arbitrary: spelled(jsonText), weight: 5 },
  {
    arbitrary: fc.constantFrom(
      '01',
      '1.',
      '-',
      '+1',
      '.5',
      '1e',
      'tru',
      '"a\tb"',
      '"\\x"',
      '[,]',
      '{"s"}',
    ),
    weight: 1,
  },
)
const recordText = fc
  .array(fc.tuple(spelled(fc.constantFrom('d', 's', ...names)), blanks, memberValue), {
    maxLength: 8,
  })
  .map(members => `{${members.map(([name, blank, value]) => `${name}:${blank}${value}`).join()}}`)

/** Damage to bytes: at a place, as a share of the length. */
const damages = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('replace', 'insert', 'delete', 'cut'),
    byte: fc.oneof(
      fc.nat(255),
      fc.constantFrom(...[...'{}[]",:\\/ 0-.eEtfn\n\r\0'].map(char => char.charCodeAt(0))),
    ),
  }),
  { maxLength: 3 },
)

function damaged(bytes: Uint8Array, list: readonly { at: number; kind: string; byte: number }[]) {
  let all = [...bytes]
  for (const { at, kind, byte } of list) {
    const place = Math.floor(at * all.length)
    if (kind === 'replace') all[place] = byte
    else if (kind === 'insert') all.splice(place, 0, byte)
    else if (kind === 'delete') all.splice(place, 1)
    else all = all.slice(0, place)
  }
  return Uint8Array.from(all)
}

type Bag = Record<string, unknown>

const isBag = (value: unknown): value is Bag =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What a dynamic column holds of a JSON value. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[ \t\r\n]*[[{]/.test(value)) return value ?? null
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

function at(value: unknown, ...path: (string | number)[]): unknown {
  let here = value
  for (const step of path) {
    if (typeof step === 'number') here = Array.isArray(here) ? here.at(step) : undefined
    else here = isBag(here) && Object.hasOwn(here, step) ? here[step] : undefined
  }
  return here ?? null
}

/** The row that a line must give, by way of JSON.parse; undefined: a problem; null: nothing. */
function rowOfLine(bytes: Uint8Array): unknown[] | undefined | null {
  const text = decoder
    .decode(bytes)
    .replace(/^[\0 \t\r\uFEFF]+/, '')
    .replace(/[\0 \t\r]+$/, '')
  if (text === '') return null
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isBag(parsed)) return undefined
  const d = opened(at(parsed, 'd'))
  const proto = opened(at(parsed, '__proto__'))
  return [
    at(parsed, 's'),
    d,
    at(d, 's'),
    at(d, 'd', 0, 'é'),
    at(d, -1),
    at(d, 1, 's'),
    opened(at(parsed, 'é')),
    proto,
    at(proto, 'constructor'),
    opened(at(parsed, '')),
  ]
}

function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  let start = 0
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 0x0a) continue
    lines.push(bytes.subarray(start, i))
    start = i + 1
  }
  return lines
}

/** A string column holds a text, whatever the value was. */
function expectText(actual: unknown, line: Uint8Array, expected: unknown) {
  if (typeof expected === 'string') expect(actual).toBe(expected)
  else if (expected === null) expect(actual).toBe('')
  else if (typeof expected === 'boolean') expect(actual).toBe(String(expected))
  else if (typeof expected === 'number') {
    expect(Number(actual)).toBe(expected)
    expect(decoder.decode(line)).toContain(actual)
  } else expect(JSON.parse(String(actual))).toEqual(expected)
}

const plain = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'bigint') return Number(value)
  if (Object.is(value, -0)) return 0
  if (!isBag(value)) return value
  const bag: Bag = Object.create(null)
  for (const name of Object.keys(value)) {
    Object.defineProperty(bag, name, { value: plain(value[name]), enumerable: true })
  }
  return bag
}

describe('the JSON reader', () => {
  it('accepts, refuses and reads lines as JSON.parse does', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(recordText, { maxLength: 4 }), damages, async (records, damage) => {
        const bytes = damaged(encoder.encode(records.join('\n')), damage)
        const { rows, problems } = await readNdjson(bytes, columns)
        let row = 0
        const faulty: number[] = []
        for (const [index, line] of linesOf(bytes).entries()) {
          const expected = rowOfLine(line)
          if (expected === undefined) faulty.push(index + 1)
          if (expected === undefined || expected === null) continue
          const [text, ...others] = rows[row++] ?? []
          expectText(text, line, expected[0])
          expect(others.map(plain)).toEqual(expected.slice(1).map(plain))
        }
        expect(rows).toHaveLength(row)
        expect(problems.map(({ line }) => line)).toEqual(faulty)
        expect(problems.every(({ kind }) => kind === 'record')).toBe(true)
      }),
      { numRuns: 1500 },
    )
  })

  it('gives the same rows and problems for any chunks and any batch size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(recordText, jsonText), { maxLength: 8 }),
        damages,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n', '\n\n'),
        async (records, damage, cuts, batchSize, newline) => {
          const bytes = damaged(encoder.encode(records.join(newline)), damage)
          const places = cuts.map(cut => Math.floor(cut * bytes.length)).sort((a, b) => a - b)
          const bounds = [0, ...places, bytes.length]
          const chunks = bounds.slice(1).map((end, i) => bytes.slice(bounds[i], end))
          const whole = await readNdjson(bytes, columns)
          const parts = await readNdjson(chunks, columns, { batchSize })
          expect(parts.rows).toEqual(whole.rows)
          expect(parts.problems).toEqual(whole.problems)
          for (const [index, batch] of parts.batches.entries()) {
            if (index < parts.batches.length - 1) expect(batch.rowCount).toBe(batchSize)
            expect(batch.rowCount).toBeLessThanOrEqual(batchSize)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('reads every type of any bytes without a throw', async () => {
    const typed = (
      [
        'bool',
        'int',
        'long',
        'real',
        'decimal',
        'datetime',
        'timespan',
        'string',
        'guid',
        'dynamic',
      ] as const
    ).map(type => wanted(type, type))
    const record = fc
      .array(fc.tuple(fc.constantFrom(...typed.map(({ name }) => name)), jsonText), {
        maxLength: 10,
      })
      .map(members => `{${members.map(([name, value]) => `"${name}":${value}`).join()}}`)
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 5 }), damages, async (records, damage) => {
        const bytes = damaged(encoder.encode(records.join('\n')), damage)
        const { rows, problems } = await readNdjson(bytes, typed)
        const refused = problems.filter(({ kind }) => kind === 'record').length
        const lines = linesOf(bytes).filter(line => rowOfLine(line) !== null)
        expect(rows.length + refused).toBe(lines.length)
      }),
      { numRuns: 500 },
    )
  })
})
