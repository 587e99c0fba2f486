import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import type { RecordReaderOptions } from '../../src/tables/json/record-columns.ts'
import { RecordScanner } from '../../src/tables/json/record-scanner.ts'
import { viewOf } from '../../src/tables/json/skip.ts'
import { load, unload } from '../../src/tables/json/skip-memory.ts'
import { readNdjson, wanted, wantedPath } from '../unit/tables/json/read.ts'

const encoder = new TextEncoder()

/** Few names, one longer than a head that is kept may be, and few ways to write what is around them. */
const name = fc.constantFrom('s', 'n', 't', 'd', 'x', 'é', '', 'other', 'a'.repeat(47), '\\u0073')
const blank = fc.constantFrom('', '', '', '', ' ', '  ', '\t', '\r')
const value = fc.constantFrom(
  ...['"a"', '"b c"', '"x/y"', '"x\\/y"', '"\\u0061"', '"a\\nb"', '""', `"${'long '.repeat(20)}"`],
  ...['1', '-2.5', 'true', 'null', '[]', '{}', '{"x":"a"}', '{"x" : 1,"y":[{"x":2}]}', '["q",1]'],
  ...[
    '"{\\"x\\":\\"in text\\"}"',
    '"2026-03-01T10:00:00.5Z"',
    '"2026-03-01 10:00"',
    'nul',
    '01',
    '"\\x"',
  ],
)

/** A member, and what precedes it: mostly as in most records. */
const member = fc
  .tuple(blank, name, blank, blank, value, blank)
  .map(([a, text, b, c, json, d]) => `${a}"${text}"${b}:${c}${json}${d}`)
const usual = fc
  .tuple(value, value, value, value)
  .map(([s, n, t, d]) => [`"s":${s}`, `"n":${n}`, `"t":${t}`, `"d":${d}`])
const line = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(usual, fc.nat(3), fc.option(member))
      .map(([members, left, more]) => [
        ...members.toSpliced(left, 1),
        ...(more === null ? [] : [more]),
      ])
      .map(members => `{${members.join(',')}}`),
  },
  { weight: 2, arbitrary: fc.array(member, { maxLength: 6 }).map(all => `{${all.join(',')}}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '{',
      '{}',
      '{ }',
      '[1]',
      '{"s":"a"} ',
      '{"s":"a",}',
      '{"s":"a",\n"n":1}',
      '{"s":"a","n":\n1}',
      '{"s":"a","d":{"x":\n1}}',
      '\0{"s":1}',
    ),
  },
)
const lines = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'))
  .map(([all, newline]) => all.join(newline))

const columns = [
  wanted('s', 'string'),
  wanted('n', 'long'),
  wanted('t', 'datetime'),
  wanted('d', 'dynamic'),
  wantedPath('d', 'x'),
  wanted('é', 'string', { candidates: [['é'], ['other']], constant: 'none' }),
]

/** Keeps records by the text that they have, and rows by their number in a batch. */
const options = fc.record(
  {
    filter: fc.constant({
      candidates: [['s']],
      accepts: (text: string | undefined) => text !== 'a',
    }),
    rows: fc.constant({
      columns: ['s', 'n'],
      select: (batch: ColumnBatch) => batch.rows.filter((_, at) => at % 3 !== 1),
    }),
    maxRecordBytes: fc.constantFrom(60, 200),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<RecordReaderOptions>>

describe('records whose members begin alike', () => {
  it('give the same rows and problems in WebAssembly as without', async () => {
    await fc.assert(
      fc.asyncProperty(
        lines,
        options,
        fc.constantFrom(1, 3, 1024),
        async (text, some, batchSize) => {
          // A filter of rows by their number depends on how many wait for it: one line at a time.
          const one = some.rows === undefined ? [text] : text.split('\n').map(own => `${own}\n`)
          for (const part of one) {
            const kernel = await readNdjson(part, columns, { ...some, batchSize })
            const plain = await readNdjson(part, columns, { ...some, batchSize, kernel: false })
            expect(kernel.rows).toEqual(plain.rows)
            expect(kernel.problems).toEqual(plain.problems)
          }
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('are scanned many at once as they are one by one', () => {
    const many = new RecordScanner(64)
    const single = new RecordScanner()
    const slots = [['s'], ['d', 'x'], ['x'], []].map(path => [many.want(path), single.want(path)])
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 64 }), (text, most) => {
        const bytes = encoder.encode(`${text}\n`)
        const view = viewOf(bytes)
        load(bytes)
        many.begin(bytes, view)
        for (let start = 0; start < bytes.length; ) {
          const { places, end: after } = many.scanLines(start, bytes.length, 0, most, 0x7b)
          const count = places.length / 2
          expect(count).toBeLessThanOrEqual(most)
          let at = start
          for (let k = 0; k < count; k++) {
            expect(places[k * 2]).toBe(at)
            const end = bytes.indexOf(0x0a, at)
            expect(single.scanOnly(bytes, view, at, end)).toBe(places[k * 2 + 1])
            many.look(k)
            for (const [own, other] of slots) {
              const found = [many.kindAt(own!), many.startAt(own!), many.endAt(own!)]
              const kind = single.kindAt(other!)
              expect(found).toEqual(
                kind === 0 ? [0, 0, 0] : [kind, single.startAt(other!), single.endAt(other!)],
              )
            }
            at = end + 1
          }
          expect(after).toBe(at)
          start = count > 0 ? after : bytes.indexOf(0x0a, start) + 1
        }
        unload(bytes)
      }),
      { numRuns: 1000 },
    )
  })
})
