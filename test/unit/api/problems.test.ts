import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Catalog, KqlError, prepare, query, replay } from '../../../src/index.ts'
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
      'beside one that can',
      () => query('SigninLogs', { tables: { SigninLogs: [rows, audits] } }),
      'It holds no records of SigninLogs',
    ],
  ])('is an error with a diagnostic: %s', async (_, open, message) => {
    const fault = await open().catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(KqlError)
    expect(fault).toMatchObject({
      diagnostics: [{ code: 'KQL103', message: expect.stringContaining(message) }],
    })
  })
})
