import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { query } from '../../../src/index.ts'
import { openData } from '../../../src/node/open-data.ts'
import { Catalog } from '../../../src/tables/catalog.ts'

describe('Parquet files', () => {
  let root = ''
  const put = async (name: string, content: Uint8Array): Promise<string> => {
    const path = join(root, name)
    await writeFile(path, content)
    return path
  }

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'kqlab-parquet-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  it('have their values exactly', async () => {
    const path = await put(
      'T.parquet',
      new Uint8Array(
        parquetWriteBuffer({
          columnData: [
            { name: 'n', data: [9_007_199_254_740_993n, -1n], type: 'INT64' },
            { name: 'r', data: [0.1, -2.5], type: 'DOUBLE' },
            { name: 's', data: ['ä"\n', ''], type: 'STRING' },
            { name: 'b', data: [true, false], type: 'BOOLEAN' },
            {
              name: 't',
              data: [new Date('2026-01-02T03:04:05.678Z'), new Date(0)],
              type: 'TIMESTAMP',
            },
            { name: 'j', data: [{ a: [1, 'x'] }, null], type: 'JSON' },
          ],
        }),
      ),
    )
    const result = await query('T', { tables: { T: path } })
    expect(result.columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'n:long',
      'r:real',
      's:string',
      'b:bool',
      't:datetime',
      'j:dynamic',
    ])
    expect(result.rows()).toEqual([
      [9_007_199_254_740_993n, 0.1, 'ä"\n', true, '2026-01-02T03:04:05.6780000Z', { a: [1, 'x'] }],
      [-1n, -2.5, '', false, '1970-01-01T00:00:00.0000000Z', null],
    ])
  })

  it('of many rows are read in parts', async () => {
    const data = Array.from({ length: 20_000 }, (_, index) => BigInt(index))
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'n', data, type: 'INT64' }] })
    const path = await put('many.parquet', new Uint8Array(buffer))
    const result = await query('T | summarize count(), sum(n), max(n)', { tables: { T: path } })
    expect(result.rows()).toEqual([[20_000n, 199_990_000n, 19_999n]])
  })

  it('tell their table by their name', async () => {
    const data = ['Add user']
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'OperationName', data }] })
    const path = await put('AuditLogs_1.parquet', new Uint8Array(buffer))
    const { sources } = await openData({ data: [path], catalog: Catalog.builtin() })
    expect([...sources.keys()]).toEqual(['AuditLogs'])
  })

  it('are reported where they are damaged', async () => {
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'n', data: [1n], type: 'INT64' }] })
    const whole = new Uint8Array(buffer)
    const path = await put('cut.parquet', whole.subarray(0, whole.length - 9))
    const catalog = Catalog.builtin()
    const { problems } = await openData({ data: [], tables: { T: [path] }, catalog })
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Its Parquet data cannot be read: /),
    ])
  })
})
