import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Catalog, type Diagnostic, KqlError, prepare, query, replay } from '../../../src/index.ts'
import { TECHNIQUES } from '../../../src/tables/source.ts'

it('a file that a query reads twice has each of its problems once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-problems-'))
  try {
    const path = join(folder, 'T.ndjson')
    const bad = Array.from({ length: 5 }, (_, k) => `{"k":"b${k}","n":"x"}`)
    writeFileSync(path, ['{"k":"a","n":1}', ...bad, '{"k":"c","n":3}'].join('\n'))
    const schema = { k: 'string', n: 'long' } as const
    const query = 'T | where n > 2 | join kind=leftanti (T | where n < 2) on k'
    const prepared = prepare(query, { catalog: Catalog.empty().with({ T: schema }) })
    for (const without of [[], TECHNIQUES]) {
      const { diagnostics } = await prepared.run({ tables: { T: { path, schema } }, without })
      const messages = diagnostics.map(({ message }) => message.replace(path, 'T'))
      expect(messages).toEqual([
        'T:2: value of n made null: "x" is no long.',
        'T:3: value of n made null: "x" is no long.',
        'T:4: value of n made null: "x" is no long. (and 2 more like it)',
      ])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

describe('a file that cannot be used', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-problems-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const rows = join(folder, 'rows.json')
  writeFileSync(rows, '{"TimeGenerated":"2026-01-01T00:00:00Z","Type":"SigninLogs"}\n')
  const audits = join(folder, 'audits.json')
  const audit = { time: '2026-01-01T00:00:00Z', category: 'AuditLogs', properties: {} }
  writeFileSync(audits, JSON.stringify(audit))
  const missing = join(folder, 'none.json')

  it.each<[what: string, open: () => Promise<unknown>, message: string]>([
    ['of a table', () => query('T', { tables: { T: missing } }), 'There is no such file'],
    [
      'of a prepared query',
      () => prepare('SigninLogs').run({ tables: { SigninLogs: missing } }),
      'There is no such file',
    ],
    [
      'of a replay',
      () => replay({ rules: ['id: a\nquery: SigninLogs\n'], tables: { SigninLogs: missing } }),
      'There is no such file',
    ],
    [
      'of a watchlist',
      () => query('print 1', { watchlists: { vip: { path: missing, searchKey: 'u' } } }),
      'There is no such file',
    ],
    ['of addresses', () => query('print 1', { geoip: { path: missing } }), 'no such file'],
    [
      'that holds nothing of the table',
      () => query('SigninLogs', { tables: { SigninLogs: audits } }),
      'There are no records of SigninLogs',
    ],
  ])('is an error with a diagnostic: %s', async (_, open, message) => {
    const fault = await open().catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(KqlError)
    expect(fault).toMatchObject({
      diagnostics: [{ code: 'KQL103', message: expect.stringContaining(message) }],
    })
  })
})

describe('records of another table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-notes-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const write = (name: string, ...records: Record<string, unknown>[]) => {
    writeFileSync(join(folder, name), records.map(record => JSON.stringify(record)).join('\n'))
    return join(folder, name)
  }
  const row = (Type: string) => ({ TimeGenerated: '2026-01-01T00:10:00Z', Type })
  const audit = { time: '2026-01-01T00:00:00Z', category: 'AuditLogs', properties: {} }
  const mixed = [row('SigninLogs'), row('AuditLogs'), row('AuditLogs')]
  const paths = [write('a.json', ...mixed), write('b.json', ...mixed), write('c.json', audit)]
  const expected = [
    'KQL206 info a.json and 1 more file: 2 records of AuditLogs are left out: the file is given for SigninLogs.',
    expect.stringMatching(/^KQL206 info c\.json: It holds no records of SigninLogs\. /),
  ]
  const told = (diagnostics: readonly Diagnostic[]) =>
    diagnostics.map(
      ({ code, severity, message }) =>
        `${code} ${severity} ${message.replaceAll(`${folder}/`, '')}`,
    )

  it('are left out with a note', async () => {
    const tables = { SigninLogs: paths }
    const result = await query('SigninLogs | count', { tables })
    expect(result.toObjects()).toEqual([{ Count: 2 }])
    expect(told(result.diagnostics)).toEqual(expected)
    const ofBatches: string[] = []
    for await (const { diagnostics } of prepare('SigninLogs | count').batches({ tables })) {
      ofBatches.push(...told(diagnostics))
    }
    expect(ofBatches).toEqual(expected)
    const { findings } = await replay({ rules: ['id: a\nquery: SigninLogs\n'], tables })
    expect(told(findings)).toEqual(expected)
  })

  it('are counted as far as they were looked at', async () => {
    const many = Array.from({ length: 150 }, () => mixed).flat()
    const tables = { SigninLogs: write('many.json', ...many) }
    const { diagnostics } = await prepare('SigninLogs | count').run({ tables })
    // Of the first 100 records each second and third.
    expect(told(diagnostics)).toEqual([
      'KQL206 info many.json: At least 66 records of AuditLogs are left out: the file is given for SigninLogs.',
    ])
  })
})

it('a document on one line has each of its problems, read twice or once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kqlab-problems-'))
  try {
    const path = join(folder, 'T.json')
    const records = [
      '{"k":"a","n":1}',
      '{"k":"b","n":"x"}',
      '{"k":"c","n":"y"}',
      '{k}',
      '5',
      'null',
    ]
    const bad = ['{"k":"d","n":"z"}', '{"k":"e","n":1.5}', '[]']
    writeFileSync(path, `[${[...records, ...bad].join(',')}]`)
    const schema = { k: 'string', n: 'long' } as const
    const catalog = Catalog.empty().with({ T: schema })
    for (const query of ['T', 'T | join kind=leftanti (T | where n < 0) on k']) {
      const prepared = prepare(query, { catalog })
      const { diagnostics } = await prepared.run({ tables: { T: { path, schema } } })
      const messages = diagnostics.map(({ message }) => message.replace(path, 'T'))
      expect(messages.sort()).toEqual([
        'T:1: record skipped: The record is JSON, but no object.',
        'T:1: record skipped: The record is JSON, but no object. (and 1 more like it)',
        "T:1: record skipped: The record is not JSON: unexpected 'k' at byte 2 of the record.",
        'T:1: value of n made null: "x" is no long.',
        'T:1: value of n made null: "y" is no long.',
        'T:1: value of n made null: "z" is no long. (and 1 more like it)',
      ])
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('rows that a query reads twice have each of their problems once', async () => {
  const rows = [{ a: 'x' }, { a: '1' }, { a: 'x' }]
  const tables = { T: { rows, schema: { a: 'long' } } } as const
  const text = 'T | join kind=inner (T | where a > 0) on a | summarize n = count()'
  const { diagnostics } = await query(text, { tables })
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'T: value of a made null: Row 1: "x" is no long.',
    'T: value of a made null: Row 3: "x" is no long.',
  ])
})
