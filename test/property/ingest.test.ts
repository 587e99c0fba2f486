import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { batchOf } from '../../src/engine/operators/sources.ts'
import type { ColumnBatch } from '../../src/tables/batch.ts'
import { followPath } from '../../src/tables/dynamic-path.ts'
import { RawJson } from '../../src/tables/raw-json.ts'
import type { ScalarValue } from '../../src/tables/vector.ts'
import { parseDecimal } from '../../src/types/decimal.ts'
import { parseDynamic } from '../../src/types/dynamic-json.ts'
import { INT64_MAX, INT64_MIN } from '../../src/types/number.ts'
import type { Column } from '../../src/types/schema.ts'
import { ingested, rowsOf, tableOf } from '../unit/node/ingested.ts'

const root = mkdtempSync(join(tmpdir(), 'kqlab-ingest-property-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let folders = 0
const folder = () => {
  const path = mkdtempSync(join(root, `${++folders}-`))
  return path
}

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 5 })
const texts = fc.oneof(
  fc.constantFrom('', '{"a":1}', '[', 'null', 'word', 'TemporaryAccessPass', '\ud800', 'a\udc00b'),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.nat(5).map(n => `${'long text with a Number '.repeat(6)}${n}`),
)
const json = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }).map(value => JSON.stringify(value)),
  fc.constantFrom('1.0', '1e400', '12345678901234567890', '-0', '"{\\"a\\":1}"', '"\\ud800"', '{}'),
  fc
    .nat(3)
    .map(n => `{ "key" : "${'TemporaryAccessPass '.repeat(n)}",\n"pad": "${'x'.repeat(120)}" }`),
)

/** Days from year 1 to 9999; most of them near enough for nanoseconds. */
const times = fc.oneof(
  { weight: 5, arbitrary: fc.bigInt(639_000_000_000_000_000n, 639_000_000_000_000_500n) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(0n, 3_155_378_975_999_999_999n, 621_355_968_000_000_000n),
  },
)

const values: Readonly<Record<Column['type'], fc.Arbitrary<ScalarValue>>> = {
  bool: orNull(fc.boolean()),
  int: orNull(fc.oneof(fc.integer(), fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 0, 1))),
  long: orNull(
    fc.oneof(fc.bigInt(INT64_MIN, INT64_MAX), fc.constantFrom(INT64_MIN, INT64_MAX, 7n)),
  ),
  real: orNull(
    fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324)),
  ),
  decimal: orNull(
    fc
      .constantFrom('0', '-1.5', '79228162514264337593543950335', '1e-6000', '0.1')
      .map(parseDecimal),
  ),
  datetime: orNull(times),
  timespan: orNull(fc.oneof(fc.bigInt(INT64_MIN, INT64_MAX), fc.constantFrom(0n, -1n))),
  string: texts,
  guid: orNull(fc.oneof(fc.uuid(), fc.constant('00000000-0000-0000-0000-000000000000'))),
  // As readers make them: objects and arrays stay text, and null is null.
  dynamic: json.map(text => {
    const value = parseDynamic(text) ?? null
    return typeof value === 'object' && value !== null && /^[[{]/.test(text)
      ? (new RawJson(text) as never)
      : value
  }),
}

const SCHEMA: readonly Column[] = [
  { name: 'id', type: 'long' },
  { name: 'TimeGenerated', type: 'datetime' },
  ...Object.keys(values).map(type => ({ name: `c_${type}`, type: type as Column['type'] })),
]

const rows = fc
  .array(fc.tuple(times, ...Object.values(values)), { maxLength: 60 })
  .map(list => list.map((row, id): ScalarValue[] => [BigInt(id), ...row]))

const sizes = fc.record({
  groupRows: fc.integer({ min: 1, max: 40 }),
  heldRows: fc.integer({ min: 1, max: 80 }),
  batchSize: fc.integer({ min: 1, max: 40 }),
})

describe('an ingested table', () => {
  it('has the rows of the table that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sizes, async (list, { batchSize, ...options }) => {
        const source = tableOf(SCHEMA, [batchOf(SCHEMA, list)])
        const { table } = await ingested(source, folder(), options)
        expect((await rowsOf(table, {}, batchSize)).sort()).toEqual((await rowsOf(source)).sort())
      }),
      { numRuns: 60 },
    )
  })

  it('passes over nothing that a scan asks for', async () => {
    const word = fc.constantFrom(
      'temporaryaccesspass',
      'number',
      'with',
      'acce',
      'deadbeef',
      'word',
    )
    const bound = fc.option(times, { nil: undefined })
    await fc.assert(
      fc.asyncProperty(
        rows,
        sizes,
        word,
        bound,
        bound,
        fc.nat(4),
        async (list, sizes, word, from, to, odd) => {
          const { batchSize, ...options } = sizes
          const source = tableOf(SCHEMA, [batchOf(SCHEMA, list)])
          const { table } = await ingested(source, folder(), options)
          const columns = ['c_string', 'c_dynamic']
          const mod = BigInt(odd + 1)
          const found = await rowsOf(
            table,
            {
              timeRange: {
                column: 'TimeGenerated',
                ...(from === undefined ? {} : { from }),
                ...(to === undefined ? {} : { to }),
              },
              texts: [{ columns, words: [word] }],
              filter: {
                columns: ['id'],
                select: batch => {
                  expect(batch.schema.map(({ name }) => name)).toEqual(['id'])
                  const ids = batch.columns[0]
                  if (ids?.type !== 'long') throw new Error('the filter has another column')
                  return batch.rows.filter(row => (ids.values[row] ?? 0n) % mod === 0n)
                },
              },
            },
            batchSize,
          )
          const all = await rowsOf(source)
          const expected = all.filter((text, k) => {
            const time = list[k]?.[1]
            const inTime =
              typeof time === 'bigint' &&
              (from === undefined || time >= from) &&
              (to === undefined || time < to)
            const cells = text.split(' | ').slice(-4)
            const hasWord = cells.some(cell => cell.toLowerCase().includes(word))
            return inTime && hasWord && BigInt(k) % mod === 0n
          })
          // What does not matter may come too, but only rows that there are.
          expect(found).toEqual(expect.arrayContaining(expected))
          expect(all).toEqual(expect.arrayContaining(found))
          expect(new Set(found).size).toBe(found.length)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has at paths what is in the whole values', async () => {
    const name = fc.constantFrom('a', 'b', 'é', '__proto__', 'say "it"')
    const leaf = fc.constantFrom('1', '1.0', '-12345678901234567890', 'true', 'null', '"x"', '""')
    const { value } = fc.letrec<{ value: string }>(tie => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.constantFrom('"\\u0061\\n"', '"{\\"a\\":1}"', '"ſ"'),
        fc.array(tie('value'), { maxLength: 3 }).map(items => `[ ${items.join(', ')}]`),
        fc
          .array(fc.tuple(name, fc.boolean(), tie('value')), { maxLength: 3 })
          .map(members => `{${members.map(spelt).join(' ,')} }`),
      ),
    }))
    const path = fc.array(fc.oneof(name, fc.integer({ min: -2, max: 2 })), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 40 }),
        fc.array(path, { minLength: 1, maxLength: 3 }),
        sizes,
        fc.nat(19),
        async (texts, paths, { batchSize, ...options }, odd) => {
          const schema: readonly Column[] = [
            { name: 'n', type: 'long' },
            { name: 'd', type: 'dynamic' },
          ]
          const cells = texts.map(text => {
            const whole = parseDynamic(text) ?? null
            return typeof whole === 'object' && whole !== null ? new RawJson(text) : whole
          })
          const list = cells.map((cell, n): ScalarValue[] => [BigInt(n), cell as never])
          const { table } = await ingested(
            tableOf(schema, [batchOf(schema, list)]),
            folder(),
            options,
          )
          const columns = [
            { name: 'n', type: 'long' as const, column: 'n' },
            ...paths.map((path, k) => ({
              name: `p${k}`,
              type: 'dynamic' as const,
              column: 'd',
              path,
            })),
          ]
          const mod = BigInt(odd + 1)
          const filter = {
            columns: ['n'],
            select: (batch: ColumnBatch) => {
              const ids = batch.columns[0]
              if (ids?.type !== 'long') throw new Error('the filter has another column')
              return batch.rows.filter(row => (ids.values[row] ?? 0n) % mod === 0n)
            },
          }
          const found = columns.map(({ name, type }) => ({ name, type }))
          const expected = tableOf(found, [
            batchOf(
              found,
              texts
                .map((text, n): ScalarValue[] => [
                  BigInt(n),
                  ...paths.map(path => followPath(parseDynamic(text) ?? null, path)),
                ])
                .filter((_, n) => n % (odd + 1) === 0),
            ),
          ])
          expect(await rowsOf(table, { columns, filter }, batchSize)).toEqual(
            await rowsOf(expected),
          )
        },
      ),
      { numRuns: 200 },
    )
  })
})

/** A member whose name is as it is, or has its first character escaped. */
function spelt([name, isEscaped, value]: readonly [string, boolean, string]): string {
  const text = JSON.stringify(name)
  if (!isEscaped) return `${text} : ${value}`
  return `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${text.slice(2)}:${value}`
}
