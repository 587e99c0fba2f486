import { describe, expect, it } from 'vitest'
import { Catalog } from '../../../src/tables/catalog.ts'
import type { OpenedFiles, OpenFilesOptions } from '../../../src/tables/formats/open-files.ts'
import { openFiles } from '../../../src/tables/formats/open-files.ts'
import type { ReadProblem, ScanColumn, TableSource } from '../../../src/tables/source.ts'
import { memoryFile } from './memory-file.ts'
import { readTable } from './read-table.ts'

const catalog = Catalog.empty().with({
  AuditLogs: {
    TimeGenerated: 'datetime',
    OperationName: 'string',
    Category: 'string',
    DurationMs: 'long',
    TargetResources: 'dynamic',
    Type: 'string',
  },
  SigninLogs: {
    TimeGenerated: 'datetime',
    ResultType: 'string',
    Status: 'dynamic',
    Type: 'string',
  },
})

function open(
  files: Record<string, string>,
  tables: readonly string[] = [],
  options: Partial<OpenFilesOptions> = {},
): Promise<OpenedFiles> {
  const given = Object.entries(files).map(([path, text]) => ({
    file: memoryFile(path, text),
    tables,
  }))
  return openFiles(given, { catalog, ...options })
}

function source(opened: OpenedFiles, table: string): TableSource {
  const found = opened.sources.get(table)
  if (found === undefined) throw new Error(`There is no table ${table}: ${JSON.stringify(opened)}`)
  return found
}

const row = (values: object) => `${JSON.stringify(values)}\n`

describe('openFiles: which table', () => {
  it('asks a column of CSV with blanks around its name', async () => {
    const opened = await open({ 'x.csv': 'TimeGenerated, Type\n2025-01-01T00:00:00Z,AuditLogs\n' })
    expect(opened.files.map(file => file.tables)).toEqual([['AuditLogs']])
  })

  it('finds nothing in a file that is but a mark of UTF-16', async () => {
    const files = ['fffe', 'feff'].map(mark => memoryFile('x.json', Buffer.from(mark, 'hex')))
    const opened = await openFiles(
      files.map(file => ({ file, tables: ['AuditLogs'] })),
      { catalog },
    )
    expect(opened.problems).toEqual([])
    expect(opened.files.map(file => file.format)).toEqual(['empty', 'empty'])
  })

  it('asks the record, then the path', async () => {
    const opened = await open({
      'x.json': row({ TimeGenerated: '2025-01-01T00:00:00Z', Type: 'AuditLogs' }),
      'SigninLogs.json': row({ TimeGenerated: '2025-01-01T00:00:00Z' }),
      'AuditLogs.json': row({ TimeGenerated: '2025-01-01T00:00:00Z', Type: 'SigninLogs' }),
      'Event.json': row({ time: '2025-01-01T00:00:00Z', category: 'SignInLogs', properties: {} }),
    })
    expect(opened.files.map(file => file.tables)).toEqual([
      ['AuditLogs'],
      ['SigninLogs'],
      ['SigninLogs'],
      ['SigninLogs'],
    ])
    expect(opened.unrecognised).toEqual([])
  })

  it('takes the type of rows of Log Analytics for a table that it does not know', async () => {
    const opened = await open({
      'x.json': row({ TimeGenerated: '2025-01-01T00:00:00Z', Type: 'NewTable', a: 1 }),
      'y.json': row({ a: 1, Type: 'Building_CL' }),
    })
    expect([...opened.sources.keys()]).toEqual(['NewTable', 'Building_CL'])
    expect(source(opened, 'NewTable').schema).toEqual([
      { name: 'TimeGenerated', type: 'datetime' },
      { name: 'Type', type: 'string' },
      { name: 'a', type: 'long' },
    ])
  })

  it('lists what it found where nothing tells the table', async () => {
    const opened = await open({
      'x.json': row({ a: 1, b: 2 }),
      'y.json': row({ time: '2025-01-01', category: 'FutureLogs', properties: {} }),
    })
    expect(opened.unrecognised).toEqual([
      {
        path: 'x.json',
        message:
          'It cannot be told which table its records belong to: name it with --table NAME=PATH. ' +
          'Found NDJSON, rows. Members: a, b.',
        named: true,
      },
      {
        path: 'y.json',
        message:
          'It cannot be told which table its records belong to: name it with --table NAME=PATH. ' +
          'Found NDJSON, diagnostic settings records. category: FutureLogs. ' +
          'Members: time, category, properties.',
        named: true,
      },
    ])
    expect(opened.sources.size).toBe(0)
  })

  it('takes the word of the user', async () => {
    const text = row({ TimeGenerated: '2025-01-01T00:00:00Z', Type: 'AuditLogs', a: true })
    const opened = await open({ 'AuditLogs.json': text }, ['Mine'])
    expect([...opened.sources.keys()]).toEqual(['Mine'])
    const { rows } = await readTable(source(opened, 'Mine'), ['TimeGenerated', 'a', 'Type'])
    expect(rows).toEqual([
      { TimeGenerated: '2025-01-01T00:00:00.0000000Z', a: true, Type: 'AuditLogs' },
    ])
  })

  it('reads records of an unknown category as those of the table that the user names', async () => {
    const text = row({ time: '2025-01-01', category: 'Policy', properties: { category: 'x' } })
    const opened = await open({ 'x.json': text }, ['AuditLogs'])
    const { rows } = await readTable(source(opened, 'AuditLogs'), [
      'TimeGenerated',
      'Category',
      'Type',
    ])
    expect(rows).toEqual([
      { TimeGenerated: '2025-01-01T00:00:00.0000000Z', Category: 'x', Type: 'AuditLogs' },
    ])
  })

  it('reads envelopes as rows where the user names a table of another kind', async () => {
    const text = row({ time: '2025-01-01T00:00:00Z', category: 'AuditLogs', properties: { a: 1 } })
    const opened = await open({ 'x.json': text }, ['Raw'])
    const { rows } = await readTable(source(opened, 'Raw'), ['time', 'category', 'properties.a'])
    expect(rows).toEqual([
      { time: '2025-01-01T00:00:00.0000000Z', category: 'AuditLogs', 'properties.a': '<1>' },
    ])
  })

  it('does not read records of one table as those of another', async () => {
    const text = row({ time: '2025-01-01', category: 'SignInLogs', properties: {} })
    const opened = await open({ 'x.json': text }, ['AuditLogs'])
    expect(opened.sources.size).toBe(0)
    expect(opened.unrecognised.map(file => file.message)).toEqual([
      'It holds no records of AuditLogs. ' +
        '1 record of SigninLogs is left out: the file is given for AuditLogs.',
    ])
  })

  it('asks the path about an unknown category only where no record knows better', async () => {
    const policy = row({ time: '2025-01-01', category: 'Policy', properties: {} })
    const audit = row({ time: '2025-01-01', category: 'AuditLogs', properties: {} })
    const alone = await open({ 'AuditLogs.json': policy })
    expect([...alone.sources.keys()]).toEqual(['AuditLogs'])
    const mixed = await open({ 'AuditLogs.json': policy + audit })
    expect(mixed.unrecognised).toHaveLength(1)
    const { rows } = await readTable(source(mixed, 'AuditLogs'), ['TimeGenerated'])
    expect(rows).toHaveLength(1)
  })

  it('sends each record of a mixed file to its table', async () => {
    const at = '2025-01-01T00:00:00Z'
    const text =
      row({ TimeGenerated: at, Type: 'AuditLogs', OperationName: 'a' }) +
      row({ TimeGenerated: at, Type: 'SigninLogs', ResultType: '0' }) +
      row({ TimeGenerated: at, Type: 'AuditLogs', OperationName: 'b' })
    const opened = await open({ 'x.json': text })
    expect(opened.files[0]?.tables).toEqual(['AuditLogs', 'SigninLogs'])
    const audits = await readTable(source(opened, 'AuditLogs'), ['OperationName'])
    const signIns = await readTable(source(opened, 'SigninLogs'), ['ResultType'])
    expect(audits.rows).toEqual([{ OperationName: 'a' }, { OperationName: 'b' }])
    expect(signIns.rows).toEqual([{ ResultType: '0' }])
    expect([...audits.problems, ...signIns.problems]).toEqual([])
  })

  it('says what the user leaves out of a mixed file', async () => {
    const text =
      row({ time: '2025-01-01', category: 'AuditLogs', properties: {} }) +
      row({ time: '2025-01-02', category: 'SignInLogs', properties: {} })
    const opened = await open({ 'x.json': text }, ['SigninLogs'])
    expect(opened.files[0]).toMatchObject({
      tables: ['SigninLogs'],
      notes: ['1 record of AuditLogs is left out: the file is given for SigninLogs.'],
    })
    const { rows } = await readTable(source(opened, 'SigninLogs'), ['TimeGenerated'])
    expect(rows).toEqual([{ TimeGenerated: '2025-01-02T00:00:00.0000000Z' }])
  })

  it('reports records of a table that first appear after the surveyed ones', async () => {
    const at = '2025-01-01T00:00:00Z'
    const early = row({ TimeGenerated: at, Type: 'AuditLogs' }).repeat(10_000)
    const late = row({ TimeGenerated: at, Type: 'SigninLogs' }) + row({ TimeGenerated: at })
    const opened = await open({ 'x.json': early + late })
    const { rows, problems } = await readTable(source(opened, 'AuditLogs'), ['Type'])
    expect(rows).toHaveLength(10_000)
    expect(problems.map(problem => problem.message)).toEqual([
      'Records of SigninLogs appear after the first of the file and are not read. ' +
        'Name their table with --table.',
      'Records without Type appear after the first of the file and are not read. ' +
        'Name their table with --table.',
    ])
  })

  it('knows the table of an empty file by its path', async () => {
    const opened = await open({ 'AuditLogs.json': '', 'SigninLogs.json': '[]', 'x.json': ' \n' })
    expect([...opened.sources.keys()]).toEqual(['AuditLogs', 'SigninLogs'])
    expect(await readTable(source(opened, 'AuditLogs'), ['Type'])).toEqual({
      rows: [],
      problems: [],
    })
    expect(opened.problems).toEqual([])
  })

  it('tells the shape by the first record that has one', async () => {
    const text =
      row({ heartbeat: true }) + row({ time: '2025-01-01', category: 'AuditLogs', properties: {} })
    const opened = await open({ 'AuditLogs.json': text })
    const { rows } = await readTable(source(opened, 'AuditLogs'), ['TimeGenerated'])
    expect(rows).toEqual([
      { TimeGenerated: null },
      { TimeGenerated: '2025-01-01T00:00:00.0000000Z' },
    ])
  })
})

describe('openFiles: which columns', () => {
  it('puts the built-in columns first, then the others as they are first seen', async () => {
    const opened = await open({
      'AuditLogs-1.json': row({ b: 1, Type: 'AuditLogs', a: null, t: '2025-01-01T00:00:00Z' }),
      'AuditLogs-2.json': row({ c: [1], a: 2, b: 1.5, t: 'soon' }),
    })
    expect(source(opened, 'AuditLogs').schema.slice(6)).toEqual([
      { name: 'b', type: 'real' },
      { name: 'a', type: 'long' },
      { name: 't', type: 'string' },
      { name: 'c', type: 'dynamic' },
    ])
    const { rows } = await readTable(source(opened, 'AuditLogs'), ['b', 'a', 't', 'c'])
    expect(rows).toEqual([
      { b: 1, a: null, t: '2025-01-01T00:00:00Z', c: null },
      { b: 1.5, a: 2n, t: 'soon', c: '<[1]>' },
    ])
  })

  it('leaves others out where the schema is exact', async () => {
    const opened = await open({ 'AuditLogs.json': row({ a: 1 }) }, [], { exact: ['AuditLogs'] })
    expect(source(opened, 'AuditLogs').schema).toEqual(catalog.schemaOf('AuditLogs'))
  })

  it('reports a later misfit', async () => {
    const text = row({ a: 1 }).repeat(10_000) + row({ a: 'x' })
    const opened = await open({ 'AuditLogs.json': text })
    const { rows, problems } = await readTable(source(opened, 'AuditLogs'), ['a'])
    expect(rows.at(-1)).toEqual({ a: null })
    expect(problems).toEqual([
      {
        file: 'AuditLogs.json',
        line: 10_001,
        kind: 'value',
        column: 'a',
        message: '"x" is no long.',
      },
    ])
  })

  it('takes names for names only', async () => {
    const text = '{"__proto__":{"polluted":1},"constructor":"c","toString":2,"Type":"AuditLogs"}\n'
    const opened = await open({ 'AuditLogs.json': text })
    expect(source(opened, 'AuditLogs').schema.slice(6)).toEqual([
      { name: '__proto__', type: 'dynamic' },
      { name: 'constructor', type: 'string' },
      { name: 'toString', type: 'long' },
    ])
    const { rows } = await readTable(source(opened, 'AuditLogs'), ['constructor', 'toString'])
    expect(rows).toEqual([{ constructor: 'c', toString: 2n }])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })
})

describe('openFiles: hostile files', () => {
  const good = row({ Type: 'AuditLogs', OperationName: 'ok' })
  const read = async (text: string) => {
    const opened = await open({ 'AuditLogs.json': text })
    const table = await readTable(source(opened, 'AuditLogs'), ['OperationName'])
    return { names: table.rows.map(values => values['OperationName']), problems: table.problems }
  }

  it.each([
    ['a byte order mark and CRLF', `\ufeff${good}${good}`.replaceAll('\n', '\r\n')],
    ['blank lines', `\n\n${good}\n  \n${good}\n`],
    ['zero bytes after and between records', `${good}\0\0\n\0${good}\0\0\0`],
    ['no line end at the end', `${good}${good.trimEnd()}`],
    ['an array', `[${good},${good}]`],
    ['an array over lines', `[\r\n${good.trimEnd()},\r\n${good.trimEnd()}\r\n]\r\n`],
    ['documents back to back', good.trimEnd() + good.trimEnd()],
    ['a wrapper', `{"records":[${good},${good}]}`],
    ['names twice, where the last counts', good.replace('{', '{"OperationName":"no",').repeat(2)],
  ])('reads %s', async (_, text) => {
    expect(await read(text)).toEqual({ names: ['ok', 'ok'], problems: [] })
  })

  it.each([
    ['a half-written last line', `${good}${good.slice(0, 20)}`, 2],
    ['a damaged line', `${good}{"a":}\n${good}`, 2],
    ['text between records', `${good}oops\n${good}`, 2],
    ['an array that is cut off', `[${good},{"a":`, 2],
    ['a wrapper that is cut off', `{"records":[${good}`, 2],
    ['a document without records', `{"records":[${good}]}\n{"count":1}`, 3],
    ['a record that nests too deep', `${good}{"a":${'['.repeat(5000)}${']'.repeat(5000)}}\n`, 2],
    ['a number among records', `${good}7\n`, 2],
  ])('reports %s once', async (_, text, line) => {
    const { names, problems } = await read(text)
    expect(names.every(name => name === 'ok')).toBe(true)
    expect(names.length).toBeGreaterThan(0)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ file: 'AuditLogs.json', line, kind: 'record' })
  })

  it('reads UTF-16 with a mark, as PowerShell writes it', async () => {
    const bytes = new Uint8Array(Buffer.from(`\ufeff${good}`, 'utf16le'))
    for (const size of [1, 3, 1000]) {
      const file = memoryFile('AuditLogs.json', bytes, size)
      const opened = await openFiles([{ file, tables: [] }], { catalog })
      const { rows } = await readTable(source(opened, 'AuditLogs'), ['OperationName'])
      expect(rows).toEqual([{ OperationName: 'ok' }])
    }
  })

  it('keeps numbers beyond 2^53', async () => {
    const opened = await open({
      'AuditLogs.json': '{"DurationMs":9223372036854775807,"n":-9007199254740993}',
    })
    const { rows } = await readTable(source(opened, 'AuditLogs'), ['DurationMs', 'n'])
    expect(rows).toEqual([{ DurationMs: 9223372036854775807n, n: -9007199254740993n }])
  })

  it('takes arrays for values where their name is that of a dynamic column', async () => {
    const text = '{"value":[]}\n{"value":[],"x":1}\n'
    const own = Catalog.empty().with({ T: { value: 'dynamic', x: 'long' } })
    const opened = await open({ 'x.json': text }, ['T'], { catalog: own })
    const { rows } = await readTable(source(opened, 'T'), ['value', 'x'])
    expect(rows).toEqual([
      { value: '<[]>', x: null },
      { value: '<[]>', x: 1n },
    ])
  })

  it('keeps the digits of identifiers in CSV that no long has', async () => {
    const text = 'Id,Part\n12345678901234567890,1\n7,2.5\n'
    const table = source(await open({ 'x.csv': text }, ['T']), 'T')
    expect(table.schema).toEqual([
      { name: 'Id', type: 'string' },
      { name: 'Part', type: 'real' },
    ])
    const { rows } = await readTable(table, ['Id', 'Part'])
    expect(rows).toEqual([
      { Id: '12345678901234567890', Part: 1 },
      { Id: '7', Part: 2.5 },
    ])
  })

  it('refuses a file of which nothing can be read', async () => {
    const opened = await open({ 'AuditLogs.json': '{"a":oops}\n{"b":oops}\n' })
    expect(opened.problems).toEqual([
      {
        file: 'AuditLogs.json',
        kind: 'record',
        message: 'None of its records can be read. Line 1: It is not a JSON object.',
      },
    ])
  })

  it.each([1, 7, 100])('gives the same in pieces of %i bytes and batches of 1', async size => {
    const text = good.repeat(3) + row({ Type: 'AuditLogs', OperationName: 'é€𝄞' })
    const file = memoryFile('AuditLogs.json', text, size)
    const opened = await openFiles([{ file, tables: [] }], { catalog })
    const { rows } = await readTable(source(opened, 'AuditLogs'), ['OperationName'], 1)
    expect(rows.map(values => values['OperationName'])).toEqual(['ok', 'ok', 'ok', 'é€𝄞'])
  })

  it('skips records without members that tell no table, and says where the first is', async () => {
    const text = row({ TimeGenerated: '2025-01-01', Type: 'AuditLogs', OperationName: 'a' })
    const message = 'It has no members to tell its table by; others like it are not told of.'
    for (const [file, line] of [
      [`${text}{}\n${text}{ }`, 2],
      [`{}\n${text}`, 1],
      [`{"records":[${text},${text},{}]}`, 3],
    ] as const) {
      const opened = await open({ 'x.json': file })
      expect(opened.unrecognised).toEqual([])
      expect([...opened.sources.keys()]).toEqual(['AuditLogs'])
      const { rows, problems } = await readTable(source(opened, 'AuditLogs'), ['OperationName'])
      expect(new Set(rows.map(values => values['OperationName']))).toEqual(new Set(['a']))
      expect(problems).toEqual([{ file: 'x.json', kind: 'record', line, message }])
    }
  })

  it('refuses a file in which no record has members', async () => {
    const { unrecognised } = await open({ 'x.json': '{}\n{}\n' })
    expect(unrecognised.map(({ message }) => message)).toEqual([
      'It cannot be told which table its records belong to: name it with --table NAME=PATH. ' +
        'Found NDJSON, rows. They have no members.',
    ])
  })

  describe('reads responses of queries', () => {
    const n = { ColumnName: 'n', name: 'n', type: 'long', ColumnType: 'long' }
    const s = { ColumnName: 's', name: 's', type: 'string', ColumnType: 'string' }
    const first = { name: 'PrimaryResult', columns: [n, s], rows: [[1, 'a']] }
    const swapped = { name: 'PrimaryResult', columns: [s, n], rows: [['b', 2]] }
    const frame = (TableKind: string, Columns: object[], Rows: unknown[]) => {
      return { FrameType: 'DataTable', TableId: 1, TableKind, TableName: 'R', Columns, Rows }
    }
    const kusto = (Rows: unknown[]) => ({
      Tables: [
        { TableName: 'Table_0', Columns: [n, s], Rows },
        { TableName: 'Table_1', Columns: [{ ColumnName: 'Value' }], Rows: [['{}']] },
      ],
    })
    const others = 'Its table has other columns than the first one.'

    it.each<[string, string, unknown[][], string[]]>([
      [
        'one after the other',
        row({ tables: [first] }) +
          row({ tables: [{ ...first, rows: [] }] }) +
          row({ tables: [first] }),
        [
          [1n, 'a'],
          [1n, 'a'],
        ],
        [],
      ],
      [
        'of Kusto',
        row(kusto([[1, 'a']])) + row(kusto([[3, 'c']])),
        [
          [1n, 'a'],
          [3n, 'c'],
        ],
        [],
      ],
      [
        'with other columns',
        row({ tables: [first] }) + row({ tables: [swapped] }),
        [[1n, 'a']],
        [others],
      ],
      [
        'in frames',
        JSON.stringify([
          { FrameType: 'DataSetHeader', Version: 'v2.0' },
          frame('QueryProperties', [s], [['x']]),
          frame('PrimaryResult', [n, s], [[1, 'a']]),
          { FrameType: 'TableFragment', TableId: 1, Rows: [[2, 'b']] },
          frame('PrimaryResult', [s, n], [['c', 3]]),
          frame('PrimaryResult', [n, s], [[4, 'd']]),
          frame('QueryCompletionInformation', [n, s], [[5, 'e']]),
        ]),
        [
          [1n, 'a'],
          [2n, 'b'],
          [4n, 'd'],
        ],
        [others],
      ],
    ])('%s', async (_, text, expected, messages) => {
      const opened = await open({ 'x.json': text }, ['T'])
      const { rows, problems } = await readTable(source(opened, 'T'), ['n', 's'])
      expect(rows.map(values => [values['n'], values['s']])).toEqual(expected)
      expect(problems.map(({ message }) => message)).toEqual(messages)
    })
  })

  it.each([
    [',a,b\n0,1,2\n', 'A column has no name: what is there is left out.'],
    [',a,,b,\n0,1,2,2,3\n', '3 columns have no name: what is there is left out.'],
  ])('says that it leaves out columns without a name: %j', async (text, note) => {
    const opened = await open({ 'x.csv': text }, ['T'])
    expect(opened.files.flatMap(({ notes }) => notes)).toEqual([note])
    const { rows } = await readTable(source(opened, 'T'), ['a', 'b'])
    expect(rows).toEqual([{ a: 1n, b: 2n }])
  })

  it('says which columns it leaves out because an earlier one has their name', async () => {
    const opened = await open({ 'x.csv': 'a,b, a ,c,a,c\n1,2,3,4,5,6\n' }, ['T'])
    const { rows } = await readTable(source(opened, 'T'), ['a', 'b', 'c'])
    expect(rows).toEqual([{ a: 1n, b: 2n, c: 4n }])
    expect(opened.files[0]?.notes).toEqual([
      'Several columns are called a: the first is read, the others are left out.',
      'Several columns are called c: the first is read, the others are left out.',
    ])
  })
})

describe('openFiles: times', () => {
  const spellings = [
    ['2022-01-24T05:10:14.1875602Z', '2022-01-24T05:10:14.1875602Z'],
    ['2022-01-24T05:10:11.429773+00:00', '2022-01-24T05:10:11.4297730Z'],
    ['2019-10-18T04:45:48.0729893-05:00', '2019-10-18T09:45:48.0729893Z'],
    ['11/14/2025 1:48:53 AM', '2025-11-14T01:48:53.0000000Z'],
    ['1/9/2007 10:41:00 AM +01:00', '2007-01-09T09:41:00.0000000Z'],
    ['01/09/2007 09:41:00', '2007-01-09T09:41:00.0000000Z'],
    ['2007-01-09T09:41:00', '2007-01-09T09:41:00.0000000Z'],
    // Beyond the ticks of 100 ns, digits are cut.
    ['2007-01-09T09:41:00.535404056Z', '2007-01-09T09:41:00.5354040Z'],
    ['2025-01-15 09:35:20.456', '2025-01-15T09:35:20.4560000Z'],
    ['2024-12-16 16:32:16.087554000', '2024-12-16T16:32:16.0875540Z'],
    ['4/28/2021, 2:08:45.221 PM', '2021-04-28T14:08:45.2210000Z'],
    ['8/8/2023, 6:45:30 AM', '2023-08-08T06:45:30.0000000Z'],
    ['2023-07-24 15:23:59Z', '2023-07-24T15:23:59.0000000Z'],
  ]

  it.each([
    ['rows', (time: string) => row({ TimeGenerated: time, Type: 'AuditLogs' })],
    ['envelopes', (time: string) => row({ time, category: 'AuditLogs', properties: {} })],
    ['Graph', (time: string) => row({ activityDateTime: time, activityDisplayName: 'x', id: '1' })],
  ])('reads every spelling in %s', async (_, write) => {
    const text = spellings.map(([written]) => write(written ?? '')).join('')
    const { rows, problems } = await readTable(source(await open({ x: text }), 'AuditLogs'), [
      'TimeGenerated',
    ])
    expect(problems).toEqual([])
    expect(rows.map(values => values['TimeGenerated'])).toEqual(spellings.map(([, time]) => time))
  })

  it('reads every spelling in CSV', async () => {
    const text = `TimeGenerated [UTC],Type\n${spellings
      .map(([written]) => `"${written}",AuditLogs\n`)
      .join('')}`
    const opened = await open({ x: text })
    const { rows, problems } = await readTable(source(opened, 'AuditLogs'), ['TimeGenerated'])
    expect(problems).toEqual([])
    expect(rows.map(values => values['TimeGenerated'])).toEqual(spellings.map(([, time]) => time))
  })

  it('says that it takes other zones for UTC', async () => {
    const opened = await open({ 'AuditLogs.csv': 'TimeGenerated [Local Time]\n8/8/2023\n' })
    expect(opened.files[0]?.notes).toEqual(['Times of zone Local Time are read as UTC.'])
  })
})

describe('openFiles: lines of a document', () => {
  it('are right where elements of its records are walked over again', async () => {
    const records: object[] = Array.from({ length: 1500 }, (_, n) => ({ n, e: [{ k: 'a' }, {}] }))
    records.push({ n: 'bad', e: [] })
    const text = JSON.stringify(records, undefined, 1)
    // A record has nine lines; one precedes the first, and one the value in the last.
    expect(text.slice(0, text.indexOf('"bad"')).split('\n').length).toBe(1 + 1500 * 9 + 2)
    const { rows, problems } = await readElements(text)
    expect(rows).toBe(1501)
    expect(problems.map(({ line }) => line)).toEqual([1 + 1500 * 9 + 1])
  })

  it('are right where a record is walked over again for its names', async () => {
    const text =
      '[{"n":1,\n"n":2},\n{"n":1,\n"\\u0065":[]},\n{"n":1,"e":[{\n"k":1,"k":2}]},\n{"n":"bad"}]'
    const { rows, problems } = await readElements(text)
    expect(rows).toBe(4)
    expect(problems.map(({ line }) => line)).toEqual([7])
  })

  it('are right where elements have no room', async () => {
    // 200 records with a thousand elements: of four members a megabyte has those of 10,922.
    const record = `{"n":1,"e":[${Array(1000).fill('7').join(',\n')}]}`
    const text = `[${Array(200).fill(record).join(',\n')},\n{"n":"bad"}]`
    const { rows, problems } = await readElements(text, ['k', 'l', 'm', 'n'])
    expect(rows).toBe(201)
    expect(problems.map(({ line }) => line)).toEqual([200 * 1000 + 1])
  })

  /** How many rows a table of the text has where members of elements are read, and its problems. */
  async function readElements(text: string, members: readonly string[] = ['k']) {
    const own = Catalog.empty().with({ T: { n: 'long', e: 'dynamic' } })
    const file = memoryFile('T.json', text)
    const { sources } = await openFiles([{ file, tables: ['T'] }], { catalog: own })
    const problems: ReadProblem[] = []
    const context = { batchSize: 8192, report: (problem: ReadProblem) => problems.push(problem) }
    const columns: ScanColumn[] = [
      { name: 'n', type: 'long', column: 'n' },
      { name: 'e', type: 'dynamic', column: 'e', path: [], elements: members.map(name => [name]) },
    ]
    let rows = 0
    for await (const batch of source({ sources } as OpenedFiles, 'T').scan({ columns }, context)) {
      rows += batch.rowCount
    }
    return { rows, problems }
  }
})
