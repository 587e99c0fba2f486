import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, describe, expect, it } from 'vitest'
import { batchOf } from '../../../src/engine/operators/sources.ts'
import { query } from '../../../src/index.ts'
import { Staging, writtenFiles } from '../../../src/node/ingest/staging.ts'
import { openData } from '../../../src/node/open-data.ts'
import type { ColumnBatch } from '../../../src/tables/batch.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { printForm } from '../../../src/tables/parquet/ingested-form.ts'
import { RawJson } from '../../../src/tables/raw-json.ts'
import type { ReadProblem } from '../../../src/tables/source.ts'
import { type ScalarValue, valueAt } from '../../../src/tables/vector.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'
import type { Column } from '../../../src/types/schema.ts'
import { ingested, rowsOf, tableOf } from './ingested.ts'

const root = mkdtempSync(join(tmpdir(), 'kqlab-ingest-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function folder(name: string): string {
  const path = join(root, name)
  mkdirSync(path)
  return path
}

const at = (text: string): bigint => parseDatetime(text) ?? 0n
const SCHEMA: readonly Column[] = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 's', type: 'string' },
]

function timed(...rows: readonly (readonly [string | null, string])[]) {
  const values = rows.map(([time, text]): ScalarValue[] => [time === null ? null : at(time), text])
  return tableOf(SCHEMA, [batchOf(SCHEMA, values)])
}

const texts = async (...args: Parameters<typeof rowsOf>) =>
  (await rowsOf(...args)).map(row => row.replace(/.*"(.*)"$/, '$1'))

describe('columns of any name', () => {
  it.each(['s', '__proto__', 'constructor'])(
    'are read as they were, with halves of characters in %s',
    async halved => {
      const names = ['__proto__', 'constructor', 'toString', 's']
      const schema = names.map((name): Column => ({ name, type: 'string' }))
      const text = (name: string, row: number) =>
        `${name} ${'x'.repeat(40)} ${row}${name === halved ? ' \ud800' : ''}`
      const rows = Array.from({ length: 50 }, (_, row) => names.map(name => text(name, row)))
      const source = tableOf(schema, [batchOf(schema, rows)])
      const { table } = await ingested(source, folder(`halves in ${halved}`))
      expect(await rowsOf(table)).toEqual(await rowsOf(source))
      const texts = [{ columns: ['__proto__'], words: ['proto'] }]
      expect(await rowsOf(table, { texts })).toHaveLength(50)
      expect(Object.keys(Object.prototype)).toEqual([])
    },
  )
})

describe('a column whose name begins with a byte order mark', () => {
  it('is read as it was', async () => {
    const schema: readonly Column[] = [{ name: '\ufeffs', type: 'string' }]
    const source = tableOf(schema, [batchOf(schema, [['\ufeffx'], ['y']])])
    const { table } = await ingested(source, folder('mark'))
    expect(await rowsOf(table)).toEqual(await rowsOf(source))
  })
})

describe('the rows of an ingested table', () => {
  it('are sorted by time, those without one first, and those of one time as they were', async () => {
    const source = timed(['2026-01-02', 'c'], ['2026-01-01', 'a'], [null, 'n'], ['2026-01-01', 'b'])
    const { table, files } = await ingested(source, folder('sorted'))
    expect(files).toEqual(['T.parquet'])
    expect(await texts(table)).toEqual(['n', 'a', 'b', 'c'])
  })

  it('are in several files where they come later than those held can tell', async () => {
    const source = timed(
      ['2026-01-02', 'b'],
      ['2026-01-03', 'c'],
      ['2026-01-04', 'd'],
      ['2026-01-01', 'a'],
    )
    // Each batch is written as it comes.
    const batches: ColumnBatch[] = []
    const columns = SCHEMA.map(column => ({ ...column, column: column.name }))
    for await (const batch of source.scan({ columns }, { batchSize: 1, report: () => undefined })) {
      batches.push(batch)
    }
    const options = { heldRows: 1, groupRows: 1 }
    const { table, files } = await ingested(tableOf(SCHEMA, batches), folder('parts'), options)
    expect(files).toEqual(['T.parquet', 'T.2.parquet'])
    expect((await texts(table)).sort()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('keep times to 100 ns, also those that nanoseconds since 1970 do not reach', async () => {
    const source = timed(
      ['0001-01-01T00:00:00.0000001', 'first'],
      ['9999-12-31T23:59:59.9999999', 'last'],
    )
    const { table } = await ingested(source, folder('times'))
    expect(await rowsOf(table)).toEqual([
      'datetime 1 | string "first"',
      'datetime 3155378975999999999 | string "last"',
    ])
  })

  it('are read by others: times in nanoseconds', async () => {
    const path = folder('others')
    await ingested(timed(['2026-01-02T03:04:05.1234567', 'x']), path)
    const bytes = readFileSync(join(path, 'T.parquet'))
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    const rows = await parquetReadObjects({
      file,
      parsers: { timestampFromNanoseconds: nanos => nanos },
    })
    expect(rows).toEqual([{ TimeGenerated: 1_767_323_045_123_456_700n, s: 'x' }])
  })
})

describe('a scan of an ingested table', () => {
  it('passes over rows outside of the range of time', async () => {
    const source = timed(['2026-01-01', 'a'], ['2026-01-02', 'b'], ['2026-01-03', 'c'])
    const { table } = await ingested(source, folder('range'), { groupRows: 2 })
    const range = { from: at('2026-01-02'), to: at('2026-01-03') }
    const timeRange = { column: 'TimeGenerated', ...range }
    expect(await texts(table, { timeRange })).toEqual(['b'])
    expect(await texts(table, { timeRange }, 100, undefined, ['time-ranges'])).toHaveLength(3)
  })

  it('passes over rows that lack a required text', async () => {
    const long = (word: string) => `${'some text that is long enough '.repeat(5)}${word}`
    const rows = ['Marker', 'nothing', 'MARKERS', 'm\\u0061rker'].map(
      (word, day) => [`2026-01-0${day + 1}`, long(word)] as const,
    )
    const { table } = await ingested(timed(...rows), folder('texts'))
    const request = { texts: [{ columns: ['s'], words: ['marker'] }] }
    // What an escape may hide is not passed over.
    expect((await texts(table, request)).map(text => text.split(' ').at(-1))).toEqual([
      'Marker',
      'MARKERS',
      'm\\\\u0061rker',
    ])
  })

  it('passes over rows that lack a text in a column of short ones that are all different', async () => {
    const names = ['id-Nine9', 'id-two2', 'xNINE9x', 'id-nin', 'e9-four4', 'n\\u0069ne9']
    const rows = names.map((name, day) => [`2026-01-0${day + 1}`, name] as const)
    const { table } = await ingested(timed(...rows), folder('short texts'))
    const request = { texts: [{ columns: ['s'], words: ['nine9'] }] }
    // The text of a row does not go on in that of the next one.
    expect(await texts(table, request)).toEqual(['id-Nine9', 'xNINE9x', 'n\\\\u0069ne9'])
  })

  it('looks through long texts for words that may be parts of identifiers', async () => {
    const long = (word: string) => `${'some text that is long enough '.repeat(5)}${word}`
    const rows = ['0DeadBeef0', 'deadbee', 'straw'].map(
      (word, day) => [`2026-01-0${day + 1}`, long(word)] as const,
    )
    const { table } = await ingested(timed(...rows), folder('hexadecimal'))
    const request = { texts: [{ columns: ['s'], words: ['deadbeef', 'marker'] }] }
    expect((await texts(table, request)).map(text => text.split(' ').at(-1))).toEqual([
      '0DeadBeef0',
    ])
  })

  it('tells which rows have a text where some have no value', async () => {
    const schema: readonly Column[] = [
      { name: 'n', type: 'long' },
      { name: 'd', type: 'dynamic' },
    ]
    const values = [null, 'needle one', null, null, 'straw', 'a NEEDLE', null]
    const rows = values.map((value, n): ScalarValue[] => [BigInt(n), value])
    const source = tableOf(schema, [batchOf(schema, rows)])
    const { table } = await ingested(source, folder('missing values'))
    const request = {
      columns: [{ name: 'n', type: 'long' as const, column: 'n' }],
      texts: [{ columns: ['d'], words: ['needle'] }],
    }
    expect(await rowsOf(table, request)).toEqual(['long 1', 'long 5'])
  })

  it('passes over rows that lack a text, be other columns of dictionaries or not', async () => {
    const schema: readonly Column[] = [
      { name: 'kind', type: 'string' },
      { name: 'id', type: 'string' },
    ]
    const rows = Array.from({ length: 40 }, (_, k) => [k % 2 === 0 ? 'even' : 'odd', `id-q${k}z`])
    const source = tableOf(schema, [batchOf(schema, rows)])
    const { table } = await ingested(source, folder('beside dictionaries'))
    const seen: number[] = []
    const request = {
      texts: [{ columns: ['kind', 'id'], words: ['q7z'], inFilter: true }],
      filter: {
        columns: ['kind', 'id'],
        select: (batch: ColumnBatch) => {
          seen.push(batch.length)
          return batch.rows
        },
      },
    }
    expect(await rowsOf(table, request)).toEqual(['string "odd" | string "id-q7z"'])
    expect(seen).toEqual([1])
  })

  it('asks parts of a filter one after the other, each of the rows that are left', async () => {
    const schema: readonly Column[] = [
      { name: 'n', type: 'long' },
      { name: 's', type: 'string' },
      { name: 'd', type: 'dynamic' },
    ]
    const rows = Array.from({ length: 6 }, (_, n): ScalarValue[] => [
      BigInt(n),
      n < 4 ? 'few' : 'other',
      new RawJson(`{"k":[{"v":"v${n}"}]}`) as never,
    ])
    const source = tableOf(schema, [batchOf(schema, rows)])
    const { table } = await ingested(source, folder('parts of filters'))
    const seen: string[] = []
    const part = (column: string, wanted: (value: unknown, row: number) => boolean) => ({
      columns: [column],
      select: (batch: ColumnBatch) => {
        expect(batch.schema.map(({ name }) => name)).toEqual([column])
        const vector = batch.columns[0]
        if (vector === undefined) throw new Error('a column is missing')
        seen.push(`${column}: ${Array.from(batch.rows, row => valueAt(vector, row)).join(' ')}`)
        return batch.rows.filter(row => wanted(valueAt(vector, row), row))
      },
    })
    const parts = [part('s', value => value === 'few'), part('v', value => value !== 'v2')]
    const whole = () => {
      throw new Error('the filter was asked as a whole')
    }
    const request = {
      columns: [
        { name: 'n', type: 'long' as const, column: 'n' },
        { name: 's', type: 'string' as const, column: 's' },
        { name: 'v', type: 'dynamic' as const, column: 'd', path: ['k', 0, 'v'] },
      ],
      filter: { columns: ['s', 'v'], select: whole, parts },
    }
    expect(await rowsOf(table, request)).toEqual([
      'long 0 | string "few" | dynamic sv0',
      'long 1 | string "few" | dynamic sv1',
      'long 3 | string "few" | dynamic sv3',
    ])
    expect(seen).toEqual(['s: few few few few other other', 'v: v0 v1 v2 v3'])
  })
})

const LINES = [
  { TimeGenerated: '2026-01-01T10:00:00Z', OperationName: 'a', InitiatedBy: { user: { id: '1' } } },
  { TimeGenerated: '2026-01-01T11:00:00Z', OperationName: 'b', InitiatedBy: '{broken', Extra: 5 },
]
  .map(row => JSON.stringify(row))
  .join('\n')

async function ingestLines(name: string): Promise<string> {
  const path = folder(name)
  writeFileSync(join(root, `${name}.ndjson`), LINES)
  const opened = await openData({
    data: [],
    tables: { AuditLogs: [join(root, `${name}.ndjson`)] },
    catalog: Catalog.builtin(),
  })
  const source = opened.sources.get('AuditLogs')
  if (source === undefined) throw new Error('no table')
  await ingested(source, path)
  return join(path, 'T.parquet')
}

const KQL =
  'AuditLogs | project TimeGenerated, OperationName, InitiatedBy, id = InitiatedBy.user.id, x = column_ifexists("Extra", long(null)) | sort by TimeGenerated asc'

describe('ingested files as data', () => {
  it('give the same rows as what they were made of', async () => {
    const path = await ingestLines('same')
    const expected = await query(KQL, {
      tables: { AuditLogs: { path: join(root, 'same.ndjson') } },
    })
    const result = await query(KQL, { tables: { AuditLogs: { path } } })
    expect(result.columns).toEqual(expected.columns)
    expect(result.rows()).toEqual(expected.rows())
    expect(result.rows()).toEqual([
      ['2026-01-01T10:00:00.0000000Z', 'a', { user: { id: '1' } }, '1', null],
      ['2026-01-01T11:00:00.0000000Z', 'b', '{broken', null, 5n],
    ])
  })

  it('are one table together with logs', async () => {
    const path = await ingestLines('mixed')
    const { sources, files } = await openData({
      data: [],
      tables: { AuditLogs: [path, join(root, 'mixed.ndjson')] },
      catalog: Catalog.builtin(),
    })
    expect(files).toHaveLength(2)
    const columns = [{ name: 'o', type: 'string', column: 'OperationName' } as const]
    const source = sources.get('AuditLogs')
    expect(source && (await rowsOf(source, { columns })).sort()).toEqual([
      'string "a"',
      'string "a"',
      'string "b"',
      'string "b"',
    ])
  })

  it('have the columns that are declared', async () => {
    const path = await ingestLines('declared')
    const schema = { TimeGenerated: 'string', Extra: 'real' } as const
    const result = await query('AuditLogs | where isnotnull(Extra)', {
      tables: { AuditLogs: { path, schema } },
    })
    expect(result.rows()).toEqual([['2026-01-01T11:00:00.0000000Z', 5]])
  })

  it('that another tool wrote anew, with what kqlab says about them, are files of others', async () => {
    const text = (row: number) => `${'a long text '.repeat(20)} ${row === 3 ? 'needle' : 'straw'}`
    const columnData = [
      { name: 'n', data: [0n, 1n, 2n, 3n] },
      { name: 'Text', data: [0, 1, 2, 3].map(text) },
    ]
    const schema = [
      { name: 'schema', num_children: 2 },
      { name: 'n', type: 'INT64', repetition_type: 'OPTIONAL' },
      { name: 'Text', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' },
    ] as const
    const form = {
      table: 'T',
      columns: [
        { name: 'n', type: 'long' },
        { name: 'Text', type: 'string' },
      ],
      empty: [],
      // Where the signature was in the file that kqlab wrote.
      words: { Text: [4] },
    } as const
    const kvMetadata = [{ key: 'kqlab', value: printForm(form) }]
    const target = join(root, 'anew.parquet')
    for (const codec of ['UNCOMPRESSED', 'SNAPPY'] as const) {
      const options = { columnData, schema: [...schema], kvMetadata, codec }
      writeFileSync(target, new Uint8Array(parquetWriteBuffer({ ...options, createdBy: 'other' })))
      const result = await query('T | where Text has "needle" | project n', {
        tables: { T: { path: target } },
      })
      expect(result.diagnostics).toEqual([])
      expect(result.rows()).toEqual([[3n]])
    }
  })

  it('that are cut off or damaged give a clear error, and never other rows in silence', async () => {
    const path = await ingestLines('damaged')
    const bytes = readFileSync(path)
    const target = join(root, 'broken.parquet')
    const attempt = async (content: Uint8Array): Promise<string[]> => {
      writeFileSync(target, content)
      const problems: ReadProblem[] = []
      const opened = await openData({
        data: [],
        tables: { AuditLogs: [target] },
        catalog: Catalog.builtin(),
      })
      problems.push(...opened.problems)
      const source = opened.sources.get('AuditLogs')
      const rows = source === undefined ? [] : await rowsOf(source, {}, 100, p => problems.push(p))
      if (rows.length !== 2) expect(problems.length).toBeGreaterThan(0)
      return problems.map(({ message }) => message)
    }
    expect(await attempt(bytes)).toEqual([])
    for (const length of [5, 100, bytes.length - 9, bytes.length - 1]) {
      const [message] = await attempt(bytes.subarray(0, length))
      expect(message).toMatch(/^Its Parquet data cannot be read: |^It is /)
    }
    // Bytes everywhere in the file, by one bit and by all.
    for (let index = 4; index < bytes.length; index += 19) {
      const damaged = Uint8Array.from(bytes)
      damaged[index]! ^= index % 2 === 0 ? 255 : 1 << (index % 8)
      await attempt(damaged)
    }
  })
})

describe('a staging folder', () => {
  it('becomes the target, or is put into it in place of older files of the tables', async () => {
    const target = join(root, 'target', 'deep')
    const first = await Staging.begin(target)
    writeFileSync(join(first.folder, 'T.parquet'), '1')
    writeFileSync(join(first.folder, 'T.2.parquet'), '2')
    await first.commit(['T.parquet', 'T.2.parquet'], ['T'])
    expect(readdirSync(join(root, 'target'))).toEqual(['deep'])
    writeFileSync(join(target, 'Tx.parquet'), 'other')
    expect((await writtenFiles(target, ['T'])).sort()).toEqual(['T.2.parquet', 'T.parquet'])

    const second = await Staging.begin(target)
    writeFileSync(join(second.folder, 'T.parquet'), '3')
    await second.commit(['T.parquet'], ['T'])
    expect(readdirSync(join(root, 'target'))).toEqual(['deep'])
    expect(readdirSync(target).sort()).toEqual(['T.parquet', 'Tx.parquet'])
    expect(readFileSync(join(target, 'T.parquet'), 'utf8')).toBe('3')
  })

  it('becomes the empty folder that a link leads to', async () => {
    symlinkSync(folder('linked'), join(root, 'link'), 'dir')
    const staging = await Staging.begin(join(root, 'link'))
    writeFileSync(join(staging.folder, 'T.parquet'), '1')
    await staging.commit(['T.parquet'], ['T'])
    expect(readdirSync(join(root, 'linked'))).toEqual(['T.parquet'])
  })

  it('leaves nothing where it is discarded', async () => {
    const staging = await Staging.begin(join(root, 'never'))
    writeFileSync(join(staging.folder, 'T.parquet'), '1')
    await staging.discard()
    expect(readdirSync(root).filter(name => name.includes('never'))).toEqual([])
  })
})
