import { describe, expect, it } from 'vitest'
import { ColumnBatch } from '../../../src/tables/batch.ts'
import type { Row } from '../../../src/tables/infer-schema.ts'
import { batchesSource, collectRows, rowsSource } from '../../../src/tables/rows-source.ts'
import type { PathStep, ReadProblem, ScanColumn, TableSource } from '../../../src/tables/source.ts'
import type { TextVector } from '../../../src/tables/vector.ts'
import { vectorOf } from '../../../src/tables/vector-builder.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import type { ScalarType } from '../../../src/types/scalar-type.ts'
import type { Schema } from '../../../src/types/schema.ts'
import { rowsOf } from './json/read.ts'

const column = (name: string, type: ScalarType, ...path: PathStep[]): ScanColumn =>
  path.length === 0 ? { name, type, column: name } : { name: 'p', type, column: name, path }

async function scan(source: TableSource, columns: readonly ScanColumn[], batchSize = 100) {
  const problems: ReadProblem[] = []
  const batches: ColumnBatch[] = []
  const context = { batchSize, report: (problem: ReadProblem) => void problems.push(problem) }
  for await (const batch of source.scan({ columns }, context)) batches.push(batch)
  return { batches, rows: batches.flatMap(rowsOf), problems }
}

async function valueIn(type: ScalarType, value: unknown): Promise<unknown> {
  const source = rowsSource('T', [{ c: value }], [{ name: 'c', type }])
  const { rows, problems } = await scan(source, [column('c', type)])
  return problems[0]?.message ?? rows[0]![0]
}

describe('values of rows', () => {
  it.each<[ScalarType, unknown, unknown]>([
    ['string', 'x', 'x'],
    ['string', null, ''],
    ['string', undefined, ''],
    ['string', 0, '0'],
    ['string', 1.5, '1.5'],
    ['string', 10n, '10'],
    ['string', true, 'true'],
    ['string', { a: [1] }, '{\n  "a": [\n    1\n  ]\n}'],
    ['string', [], '[]'],
    ['string', new Date(0), '1970-01-01T00:00:00.0000000Z'],
    ['bool', true, true],
    ['bool', 'False', false],
    ['bool', 1, true],
    ['bool', 0.5, 'Row 1: 0.5 is no bool.'],
    ['int', 5, 5],
    ['int', '5', 5],
    ['int', 2 ** 31, 'Row 1: 2147483648 is no int.'],
    ['long', 5, 5n],
    ['long', 2n ** 62n, 2n ** 62n],
    ['long', 2n ** 63n, 'Row 1: 9223372036854775808 is no long.'],
    ['long', '9007199254740993', 9007199254740993n],
    ['long', 1.5, 'Row 1: 1.5 is no long.'],
    ['long', 2 ** 60, 'Row 1: 1152921504606847000 is no long.'],
    ['long', '', null],
    ['long', {}, 'Row 1: An object or array is no long.'],
    ['real', 2, 2],
    ['real', 2n, 2],
    ['real', '1e3', 1000],
    ['datetime', '2024-01-31', parseDatetime('2024-01-31')],
    ['datetime', new Date('2024-01-31T10:20:30.123Z'), parseDatetime('2024-01-31T10:20:30.123Z')],
    ['datetime', new Date(Number.NaN), 'Row 1: The Date Invalid Date is no datetime.'],
    ['datetime', 5n, 5n],
    ['datetime', -1n, 'Row 1: -1 is no datetime.'],
    ['datetime', 1700000000000, 'Row 1: 1700000000000 is no datetime.'],
    ['timespan', '00:00:01', 10_000_000n],
    ['timespan', 10n, 10n],
    ['guid', '01BFA0B2-0000-0000-0000-00000000000A', '01bfa0b2-0000-0000-0000-00000000000a'],
    ['guid', 'x', 'Row 1: "x" is no guid.'],
    ['guid', null, null],
    ['dynamic', { a: [1, 'x', null] }, { a: [1, 'x', null] }],
    ['dynamic', '{"a":1}', { a: 1 }],
    ['dynamic', 'text', 'text'],
    ['dynamic', '5', '5'],
    ['dynamic', 5, 5],
    ['dynamic', null, null],
    ['dynamic', () => 1, 'Row 1: A function is no dynamic.'],
  ])('%s from %o', async (type, value, expected) => {
    expect(await valueIn(type, value)).toEqual(expected)
  })
})

describe('rowsSource', () => {
  const schema: Schema = [
    { name: 'n', type: 'long' },
    { name: 's', type: 'string' },
    { name: 'd', type: 'dynamic' },
  ]

  it('gives the requested columns in batches', async () => {
    const rows = [1, 2, 3, 4, 5].map(n => ({ n, s: `v${n % 2}`, d: { k: n } }))
    const source = rowsSource('T', rows, schema)
    const columns = [column('s', 'string'), column('n', 'long'), column('gone', 'real')]
    const { batches, rows: read } = await scan(source, columns, 2)
    expect(batches.map(batch => batch.rowCount)).toEqual([2, 2, 1])
    expect(batches[0]!.schema).toEqual([
      { name: 's', type: 'string' },
      { name: 'n', type: 'long' },
      { name: 'gone', type: 'real' },
    ])
    expect(read[4]).toEqual(['v1', 5n, null])
    const [first, , last] = batches.map(batch => batch.columns[0] as TextVector)
    expect(first!.dictionary).toBe(true)
    expect(last!.dict).toBe(first!.dict)
    expect((await scan(source, [])).batches.map(batch => batch.rowCount)).toEqual([5])
    expect((await scan(rowsSource('T', [], schema), columns)).batches).toEqual([])
  })

  it('follows paths', async () => {
    const rows = [
      { d: { a: [{ b: 1 }, { b: 2n }], t: '{}' } },
      { d: '{"a":[{"b":3}]}' },
      { d: new Map([['a', [{ b: 4 }]]]) },
      { d: { a: { 0: 'x' } } },
      { d: 'text' },
      {},
    ]
    const source = rowsSource('T', rows, schema)
    const read = async (...path: PathStep[]) =>
      (await scan(source, [column('d', 'dynamic', ...path)])).rows.flat()
    expect(await read('a', 0, 'b')).toEqual([1, 3, 4, null, null, null])
    expect(await read('a', -1, 'b')).toEqual([2, 3, 4, null, null, null])
    expect(await read('t')).toEqual(['{}', null, null, null, null, null])
    expect(await read('constructor')).toEqual([null, null, null, null, null, null])
  })

  it('does not take what objects inherit for a value', async () => {
    const names = ['constructor', 'toString', '__proto__']
    const odd: Schema = names.map(name => ({ name, type: 'dynamic' as const }))
    const rows: Row[] = [{}, JSON.parse('{"__proto__":1,"constructor":2}')]
    const { rows: read } = await scan(
      rowsSource('T', rows, odd),
      names.map(name => column(name, 'dynamic')),
    )
    expect(read).toEqual([
      [null, null, null],
      [2, null, 1],
    ])
  })

  it('reads an iterable once and can be scanned again', async () => {
    let started = 0
    function* generate() {
      started++
      yield { n: 1 }
      yield { n: 2 }
    }
    async function* generateLater() {
      started++
      yield { n: 3 }
    }
    for (const [iterable, expected] of [
      [generate(), [[1n], [2n]]],
      [generateLater(), [[3n]]],
    ] as const) {
      started = 0
      const source = rowsSource('T', iterable, schema)
      const both = await Promise.all([
        scan(source, [column('n', 'long')]),
        scan(source, [column('n', 'long')]),
      ])
      expect(both.map(({ rows }) => rows)).toEqual([expected, expected])
      expect((await scan(source, [column('n', 'long')], 1)).rows).toEqual(expected)
      expect(started).toBe(1)
    }
  })

  it('converts a column once, and reports its misfits each time', async () => {
    const source = rowsSource('T', [{ n: 1 }, { n: 'x' }], schema)
    const first = await scan(source, [column('n', 'long')])
    const second = await scan(source, [column('n', 'long')])
    expect(second.batches[0]!.columns[0]).toBe(first.batches[0]!.columns[0])
    for (const { rows, problems } of [first, second]) {
      expect(rows).toEqual([[1n], [null]])
      expect(problems).toEqual([
        { file: 'T', kind: 'value', column: 'n', message: 'Row 2: "x" is no long.' },
      ])
    }
  })

  it('keeps texts that hardly repeat', async () => {
    const rows = Array.from({ length: 5000 }, (_, i) => ({ s: `text ${i}` }))
    const source = rowsSource('T', rows, schema)
    const { rows: read, batches } = await scan(source, [column('s', 'string')], 1500)
    expect(read.flat()).toEqual(rows.map(({ s }) => s))
    expect((batches[3]!.columns[0] as TextVector).dictionary).toBe(false)
  })

  it('stops where the signal says so', async () => {
    const source = rowsSource('T', [{ n: 1 }], schema)
    const context = { batchSize: 1, report: () => undefined, signal: AbortSignal.abort() }
    const next = source.scan({ columns: [] }, context)[Symbol.asyncIterator]().next()
    await expect(next).rejects.toThrow()
  })

  it.each<[unknown, string]>([
    [[{ n: 1 }, 5], 'Row 2 of table T is a number, not an object.'],
    [['a'], 'Row 1 of table T is a string, not an object.'],
    [[null], 'Row 1 of table T is null, not an object.'],
    [[[1]], 'Row 1 of table T is an array, not an object.'],
    [5, 'The rows of table T are not iterable.'],
    ['text', 'The rows of table T are not iterable.'],
  ])('refuses %j', async (rows, message) => {
    await expect(collectRows('T', rows as Row[])).rejects.toThrow(message)
    const source = rowsSource('T', rows as Row[], schema)
    await expect(scan(source, [column('n', 'long')])).rejects.toThrow(message)
  })
})

describe('batchesSource', () => {
  const schema: Schema = [
    { name: 'n', type: 'long' },
    { name: 'd', type: 'dynamic' },
  ]
  const batch = new ColumnBatch(
    schema,
    [
      vectorOf('long', [1n, 2n, 3n]),
      vectorOf('dynamic', [new Map([['k', 1]]), '{"k":2}', [new Map([['k', 3]])]]),
    ],
    3,
  )

  it('gives columns, paths and nulls of its batches, selected rows only', async () => {
    const source = batchesSource(schema, [batch, batch.select(Uint32Array.of(2, 0))])
    const columns = [
      column('n', 'long'),
      column('d', 'dynamic', 'k'),
      { ...column('d', 'dynamic', -1, 'k'), name: 'q' },
      column('gone', 'string'),
    ]
    const expected = [
      [1n, 1, null, ''],
      [2n, null, null, ''],
      [3n, null, 3, ''],
      [3n, null, 3, ''],
      [1n, 1, null, ''],
    ]
    expect((await scan(source, columns)).rows).toEqual(expected)
    const small = await scan(source, columns, 2)
    expect(small.rows).toEqual(expected)
    expect(small.batches.map(part => part.rowCount)).toEqual([2, 1, 2])
  })
})
