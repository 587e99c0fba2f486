import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetMetadata } from 'hyparquet'
import { type BasicType, parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { query } from '../../../src/index.ts'
import { openData } from '../../../src/node/open-data.ts'
import { parquetFile } from '../../../src/node/parquet-file.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { DataFileError } from '../../../src/tables/formats/data-file.ts'

type Elements = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>

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

  it('have the types that the file declares, whatever their first values are', async () => {
    const rows = 10_002
    const late = <T>(first: T, last: T): T[] =>
      Array.from({ length: rows }, (_, row) => (row < rows - 1 ? first : last))
    const columnData = [
      { name: 'whole', data: late(1, 0.5), type: 'DOUBLE' as const },
      { name: 'strange', data: late(Number.NaN, 2), type: 'FLOAT' as const },
      { name: 'n', data: late(null, 7n), type: 'INT64' as const },
      { name: 'b', data: late(null, true), type: 'BOOLEAN' as const },
      { name: 't', data: late(null, new Date(0)), type: 'TIMESTAMP' as const },
    ]
    const path = await put('typed.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
    const result = await query(
      'T | summarize sum(whole), countif(isnan(strange)), max(strange == 2), sum(n), take_any(b), max(t)',
      { tables: { T: path } },
    )
    expect(result.diagnostics).toEqual([])
    expect(result.rows()).toEqual([
      [10_001.5, 10_001n, true, 7n, true, '1970-01-01T00:00:00.0000000Z'],
    ])
    const types = await query('T | getschema | project strcat(ColumnName, ":", ColumnType)', {
      tables: { T: path },
    })
    expect(types.rows().flat()).toEqual([
      'whole:real',
      'strange:real',
      'n:long',
      'b:bool',
      't:datetime',
    ])
  })

  it('have reals that stay ones in lists, structures and maps', async () => {
    const group = { repetition_type: 'OPTIONAL', num_children: 1 } as const
    const leaf = { repetition_type: 'OPTIONAL' } as const
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'list', data: [[1, -0, Number.POSITIVE_INFINITY], null] },
        { name: 'parts', data: [{ half: 2, whole: 2 }, null] },
        { name: 'map', data: [{ list: 3 }, null] },
        { name: 'lists', data: [[[4], [Number.NaN]], null] },
      ],
      schema: [
        { name: 'root', num_children: 4 },
        { ...group, name: 'list', converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { ...leaf, name: 'element', type: 'DOUBLE' },
        { ...group, name: 'parts', num_children: 2 },
        { ...leaf, name: 'half', type: 'FLOAT' },
        { ...leaf, name: 'whole', type: 'INT32' },
        { ...group, name: 'map', converted_type: 'MAP' },
        { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
        { name: 'key', repetition_type: 'REQUIRED', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
        { ...leaf, name: 'value', type: 'DOUBLE' },
        { ...group, name: 'lists', converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { ...group, name: 'element', converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { ...leaf, name: 'element', type: 'DOUBLE' },
      ],
    })
    const path = await put('reals.parquet', new Uint8Array(buffer))
    const result = await query(
      'T | take 1 | project gettype(list[0]), 1 / toreal(list[1]), gettype(list[2]), gettype(parts.half), gettype(parts.whole), tostring(map), tostring(lists)',
      { tables: { T: path } },
    )
    expect(result.rows()).toEqual([
      [
        'double',
        Number.NEGATIVE_INFINITY,
        'double',
        'double',
        'long',
        '{"list":3.0}',
        '[[4.0],["NaN"]]',
      ],
    ])
  })

  it('keep the byte order marks that texts begin with', async () => {
    const columnData = [{ name: 's', data: ['\ufeffx', 'x'], type: 'STRING' as const }]
    const path = await put('marks.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
    const result = await query('T | project n = strlen(s)', { tables: { T: path } })
    expect(result.rows()).toEqual([[2n], [1n]])
  })

  it('have the numbers of JSON exactly, over whatever lines it is written', async () => {
    const data = [{ big: '9007199254740993', exact: '1.0', line: '' }, 'text', [], null]
    const buffer = parquetWriteBuffer({
      columnData: [{ name: 'j', data, type: 'JSON' }],
      codec: 'UNCOMPRESSED',
    })
    // The texts of numbers become numbers, and a text becomes a null on another line.
    const written = Buffer.from(buffer)
      .toString('latin1')
      .replaceAll('"9007199254740993"', ' 9007199254740993 ')
      .replaceAll('"1.0"', ' 1.0 ')
      .replaceAll('"line":""', '"line":\n0')
    const path = await put('json.parquet', Buffer.from(written, 'latin1'))
    const result = await query(
      'T | project t = tostring(j), n = tolong(j.big), k = gettype(j.exact), l = j.line',
      { tables: { T: { path, schema: { j: 'dynamic' } } } },
    )
    expect(result.diagnostics).toEqual([])
    expect(result.rows()).toEqual([
      ['{"big":9007199254740993,"exact":1.0,"line":0}', 9_007_199_254_740_993n, 'double', 0],
      ['text', null, 'null', null],
      ['[]', null, 'null', null],
      ['', null, 'null', null],
    ])
  })

  it('have no time where it is beyond what a datetime can be', async () => {
    const types = ['TIMESTAMP_MILLIS', 'TIMESTAMP_MICROS'] as const
    const names = ['ms', 'us']
    const last = 9_223_372_036_854_775_807n
    const buffer = parquetWriteBuffer({
      columnData: names.map(name => ({ name, data: [1_500n, last, -last - 1n, null] })),
      schema: [
        { name: 'root', num_children: names.length },
        ...types.map((converted_type, at) => ({
          name: names[at] ?? '',
          type: 'INT64' as const,
          converted_type,
          repetition_type: 'OPTIONAL' as const,
        })),
      ],
    })
    const path = await put('times.parquet', new Uint8Array(buffer))
    const schema = { ms: 'datetime', us: 'datetime' } as const
    const result = await query('T', { tables: { T: { path, schema } } })
    expect(result.rows()).toEqual([
      ['1970-01-01T00:00:01.5000000Z', '1970-01-01T00:00:00.0015000Z'],
      [null, null],
      [null, null],
      [null, null],
    ])
    expect(result.diagnostics.map(({ message }) => message.split('parquet:')[1])).toEqual([
      '2: value of ms made null: "92233720368547758070000 ticks after 1970" is no datetime.',
      '3: value of ms made null: "-92233720368547758080000 ticks after 1970" is no datetime.',
      '2: value of us made null: "92233720368547758070 ticks after 1970" is no datetime.',
      '3: value of us made null: "-92233720368547758080 ticks after 1970" is no datetime.',
    ])
  })

  it('have nanoseconds cut off, before 1970 too', async () => {
    const element = { name: 't', type: 'INT64', repetition_type: 'REQUIRED' } as const
    const logical_type = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } as const
    const buffer = parquetWriteBuffer({
      columnData: [{ name: 't', data: [199n, -1n, -100n, -101n] }],
      schema: [
        { name: 'root', num_children: 1 },
        { ...element, logical_type },
      ],
    })
    const path = await put('nanos.parquet', new Uint8Array(buffer))
    const result = await query('T', { tables: { T: path } })
    expect(result.rows()).toEqual([
      ['1970-01-01T00:00:00.0000001Z'],
      ['1969-12-31T23:59:59.9999999Z'],
      ['1969-12-31T23:59:59.9999999Z'],
      ['1969-12-31T23:59:59.9999998Z'],
    ])
  })

  it('of many rows are read in parts', async () => {
    const data = Array.from({ length: 20_000 }, (_, index) => BigInt(index))
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'n', data, type: 'INT64' }] })
    const path = await put('many.parquet', new Uint8Array(buffer))
    const result = await query('T | summarize count(), sum(n), max(n)', { tables: { T: path } })
    expect(result.rows()).toEqual([[20_000n, 199_990_000n, 19_999n]])
  })

  it('give what is asked for, and read nothing else', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'n', data: [1n, 2n, 3n], type: 'INT64' },
        { name: 's', data: ['a', null, 'c'], type: 'STRING' },
        { name: 'bad', data: ['damaged', 'damaged', 'damaged'], type: 'STRING' },
      ],
      codec: 'UNCOMPRESSED',
    })
    const bytes = new Uint8Array(buffer)
    // The header of its page is none.
    const [column] = parquetMetadata(buffer).row_groups[0]?.columns.slice(2) ?? []
    const { data_page_offset: page = 0n, dictionary_page_offset: dictionary } =
      column?.meta_data ?? {}
    bytes.fill(0, Number(dictionary ?? page), Number(dictionary ?? page) + 12)
    const file = parquetFile(await put('damaged.parquet', bytes), bytes.length)
    const lines = async (members?: readonly string[]): Promise<string> => {
      let text = ''
      const wanted = members && { members: new Set(members) }
      for await (const piece of file.read(undefined, wanted))
        text += new TextDecoder().decode(piece)
      return text
    }
    expect(await lines(['s', 'other'])).toBe('{"s":"a"}\n{}\n{"s":"c"}\n')
    expect(await lines(['s', 'n'])).toBe('{"n":1,"s":"a"}\n{"n":2}\n{"n":3,"s":"c"}\n')
    expect(await lines([])).toBe('{}\n{}\n{}\n')
    await expect(lines()).rejects.toThrow(/^Its Parquet data cannot be read: /)
  })

  it('give the same rows as lines, whatever is read of them', async () => {
    const rows = 30_000
    const columns: Record<string, (row: number) => unknown> = {
      TimeGenerated: row => new Date(Date.UTC(2026, 0, 1) + row * 1000),
      Name: row => ['Add user', 'Delete user', 'Update group'][row % 3],
      Detail: row => `${'x'.repeat(60)} ${row % 1000 === 7 ? 'needle' : 'straw'} ${row}`,
      Note: row => (row % 4 === 0 ? null : `note ${row % 100}`),
      Count: row => BigInt(row % 17),
    }
    const types: Record<string, BasicType> = { TimeGenerated: 'TIMESTAMP', Count: 'INT64' }
    const numbers = Array.from({ length: rows }, (_, row) => row)
    const buffer = parquetWriteBuffer({
      columnData: Object.entries(columns).map(([name, of]) => ({
        name,
        data: numbers.map(of),
        type: types[name] ?? 'STRING',
      })),
      rowGroupSize: 12_000,
      codec: 'UNCOMPRESSED',
    })
    const parquet = await put('rows.parquet', new Uint8Array(buffer))
    const lines = numbers.map(row => {
      const members = Object.entries(columns).map(([name, of]) => [name, of(row)])
      const number = (_: string, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : value
      return `${JSON.stringify(Object.fromEntries(members), number)}\n`
    })
    const ndjson = await put('rows.ndjson', new TextEncoder().encode(lines.join('')))
    const answers: [string, number][] = [
      ['T | count', 1],
      ['T | where Detail has "needle" | project Count', 30],
      ['T | where Detail has "needle" and Name == "Add user" | count', 1],
      ['T | where TimeGenerated between (datetime(2026-01-01 02:00) .. 1m) | project Name', 61],
      ['T | where isempty(Note) | summarize count() by Name', 3],
      ['T | where * has "needle" | summarize max(TimeGenerated)', 1],
      ['T | where Note == "note 7" | top 3 by Detail asc', 3],
    ]
    for (const [text, count] of answers) {
      const [one, other] = await Promise.all(
        [parquet, ndjson].map(path => query(text, { tables: { T: { path } } })),
      )
      expect(one?.rows(), text).toEqual(other?.rows())
      expect(one?.rows(), text).toHaveLength(count)
    }
  })

  it('that are damaged are told of, wherever that is, and end nothing else', async () => {
    const data = Array.from({ length: 20 }, (_, row) => `text ${row}`)
    const columnData = [
      { name: 'a', data },
      { name: 'b', data },
    ]
    const whole = new Uint8Array(
      parquetWriteBuffer({ columnData, codec: 'UNCOMPRESSED', rowGroupSize: 10 }),
    )
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    try {
      const footer = new DataView(whole.buffer).getUint32(whole.length - 8, true)
      for (let at = whole.length - 8 - footer; at < whole.length - 8; at++) {
        const bytes = whole.slice()
        bytes[at] = 255
        const file = parquetFile(await put('changed.parquet', bytes), bytes.length)
        const read = async (): Promise<unknown> => {
          for await (const piece of file.read(undefined, { members: new Set(['b']) })) void piece
          return undefined
        }
        const fault = await read().catch((error: unknown) => error)
        expect(fault === undefined || fault instanceof DataFileError, `byte ${at}`).toBe(true)
      }
      await new Promise(resolve => setImmediate(resolve))
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(unhandled).toEqual([])
  })

  /** A file with a row every second from noon on, in row groups of so many, and a number that is not always one. */
  const timed = (rows: number, rowGroupSize: number, type: 'TIMESTAMP' | 'STRING'): Uint8Array => {
    const times = Array.from({ length: rows }, (_, n) => new Date(Date.UTC(2026, 2, 1, 12, 0, n)))
    const data = type === 'STRING' ? times.map(time => time.toISOString()) : times
    const numbers = times.map((_, n) => (n % 100 === 99 ? 'odd' : String(n)))
    return new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'TimeGenerated', data, type },
          { name: 'n', data: numbers, type: 'STRING' },
        ],
        rowGroupSize,
      }),
    )
  }

  it.each<[string, string, number]>([
    ['TimeGenerated >= datetime(2026-03-01T12:08:20)', '[500,999]', 500],
    ['TimeGenerated > datetime(2026-03-01T12:08:19.9)', '[500,999]', 500],
    // Both ends of a range are looked at.
    ['TimeGenerated < datetime(2026-03-01T12:01:40)', '[0,99]', 800],
    ['TimeGenerated < datetime(2026-03-01T12:01:39)', '[0,98]', 900],
    ['TimeGenerated <= datetime(2026-03-01T12:01:40)', '[0,100]', 800],
    [
      'TimeGenerated between (datetime(2026-03-01T12:03:19) .. datetime(2026-03-01T12:05:00))',
      '[199,300]',
      700,
    ],
    ['TimeGenerated > datetime(2026-03-02)', '[]', 1000],
    ['TimeGenerated < datetime(2026-03-01T12:05:00) or n == "odd"', '[0,999]', 0],
  ])('are not read where no time of a row group matters: %s', async (predicate, ends, leftOut) => {
    const path = await put('timed.parquet', timed(1000, 100, 'TIMESTAMP'))
    const at = 'tolong((TimeGenerated - datetime(2026-03-01T12:00:00)) / 1s)'
    const text = `T | where ${predicate} | summarize a = min(${at}), b = max(${at}), count()`
    const options = { tables: { T: { path } } }
    const result = await query(text, options)
    const strict = await query(text, { ...options, strict: true })
    expect(result.rows()).toEqual(strict.rows())
    const [[a, b] = []] = result.rows()
    expect(JSON.stringify([a, b].filter(end => end !== null).map(Number))).toBe(ends)
    const told = result.diagnostics.find(({ code }) => code === 'KQL212')?.message
    const count = /: (\d+) lines lack what the query needs/.exec(told ?? '')?.[1] ?? '0'
    expect(Number(count)).toBe(leftOut)
    expect(strict.diagnostics.map(({ code }) => code)).not.toContain('KQL212')
  })

  it('have rows that count on behind row groups that are not read, and times as text read whole', async () => {
    const text = 'T | where TimeGenerated >= datetime(2026-03-01T12:08:20) | summarize sum(n)'
    const catalog = new Catalog({ T: { TimeGenerated: 'datetime', n: 'long' } })
    for (const [type, leftOut] of [
      ['TIMESTAMP', 1],
      ['STRING', 0],
    ] as const) {
      const path = await put(`${type}.parquet`, timed(700, 100, type))
      const { diagnostics } = await query(text, { tables: { T: { path } }, catalog })
      const rows = diagnostics.filter(({ code }) => code === 'KQL202')
      expect(rows.map(({ message }) => /parquet:(\d+)/.exec(message)?.[1])).toEqual(['600', '700'])
      expect(diagnostics.filter(({ code }) => code === 'KQL212')).toHaveLength(leftOut)
    }
  })

  describe('with columns of one name', () => {
    const group = { repetition_type: 'OPTIONAL', num_children: 2 } as const
    const long = { repetition_type: 'OPTIONAL', type: 'INT64' } as const
    const text = {
      repetition_type: 'OPTIONAL',
      type: 'BYTE_ARRAY',
      converted_type: 'UTF8',
    } as const
    const parts = [
      { ...group, name: 'QQQ' },
      { ...long, name: 'n' },
      { ...text, name: 's' },
    ] as const

    it.each<[string, Elements, unknown[], unknown[]]>([
      [
        'long, text',
        [
          { ...long, name: 'PPP' },
          { ...text, name: 'QQQ' },
        ],
        [1n, 2n],
        ['x', 'y'],
      ],
      [
        'text, long',
        [
          { ...text, name: 'PPP' },
          { ...long, name: 'QQQ' },
        ],
        ['x', 'y'],
        [1n, 2n],
      ],
      [
        'long, long',
        [
          { ...long, name: 'PPP' },
          { ...long, name: 'QQQ' },
        ],
        [1n, 2n],
        [3n, 4n],
      ],
      [
        'text, bag',
        [{ ...text, name: 'PPP' }, ...parts],
        ['x', 'y'],
        [
          { n: 3n, s: 'z' },
          { n: null, s: 'z' },
        ],
      ],
    ])('have the first and tell of the others: %s', async (_, schema, first, second) => {
      const buffer = parquetWriteBuffer({
        columnData: [
          { name: 'PPP', data: first },
          { name: 'QQQ', data: second },
          { name: 'last', data: [5n, 6n] },
        ],
        schema: [{ name: 'root', num_children: 3 }, ...schema, { ...long, name: 'last' }],
      })
      // The writer gives each column a name of its own.
      const bytes = Buffer.from(buffer)
      for (let at = bytes.indexOf('QQQ'); at >= 0; at = bytes.indexOf('QQQ')) bytes.write('PPP', at)
      const path = await put('repeated.parquet', bytes)
      const result = await query('T', { tables: { T: path } })
      expect(result.columns.map(({ name }) => name)).toEqual(['PPP', 'last'])
      expect(result.rows()).toEqual([
        [first[0], 5n],
        [first[1], 6n],
      ])
      expect(result.diagnostics.map(({ code, message }) => [code, message])).toEqual([
        [
          'KQL206',
          `${path}: Several columns are called PPP: the first is read, the others are left out.`,
        ],
      ])
    })
  })

  it('have guids as texts', async () => {
    const data = ['0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0', '00000000-0000-0000-0000-000000000001']
    const buffer = parquetWriteBuffer({ columnData: [{ name: 'id', data, type: 'UUID' }] })
    const path = await put('guids.parquet', new Uint8Array(buffer))
    const result = await query('T | project tostring(id)', { tables: { T: path } })
    expect(result.rows()).toEqual(data.map(text => [text]))
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
    const short = await put('short.parquet', whole.subarray(0, 4))
    const opened = await openData({ data: [], tables: { T: [short] }, catalog })
    expect(opened.problems.map(({ message }) => message)).toEqual([
      'Its Parquet data cannot be read: it is cut off.',
    ])
  })

  it('have texts where a column is of no type', async () => {
    const element = { name: 'none', type: 'INT32', repetition_type: 'OPTIONAL' } as const
    const buffer = parquetWriteBuffer({
      columnData: [{ name: 'none', data: [null] }],
      schema: [
        { name: 'root', num_children: 1 },
        { ...element, logical_type: { type: 'NULL' } },
      ],
    })
    const path = await put('none.parquet', new Uint8Array(buffer))
    const { columns } = await query('T', { tables: { T: path } })
    expect(columns).toEqual([{ name: 'none', type: 'string' }])
  })
})
