import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepare, query } from '../../../src/index.ts'

const ADDRESS = 'https://example.org/feed.csv'
const QUERY = `externaldata(ip: string, seen: datetime)['${ADDRESS}'] with (ignoreFirstRecord=true)`
const TEXT = 'ip,seen\n192.0.2.1,2026-01-02\n192.0.2.2,soon\n'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kqlab-'))
  await writeFile(join(folder, 'feed'), TEXT)
  await writeFile(join(folder, 'feed.gz'), gzipSync(new TextEncoder().encode(TEXT)))
})
afterAll(() => rm(folder, { recursive: true }))

describe('externalData', () => {
  it('takes the path of a file, compressed or not', async () => {
    for (const file of ['feed', 'feed.gz']) {
      const result = await query(QUERY, { externalData: { [ADDRESS]: join(folder, file) } })
      expect(result.rows()).toEqual([
        ['192.0.2.1', '2026-01-02T00:00:00.0000000Z'],
        ['192.0.2.2', null],
      ])
      expect(result.diagnostics).toMatchObject([{ code: 'KQL202', severity: 'warning' }])
    }
  })

  it('takes bytes, text, rows, and a function that gives them', async () => {
    const bytes = new TextEncoder().encode(TEXT)
    const rows = [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }]
    const inputs = [bytes, gzipSync(bytes), { text: TEXT }, rows]
    for (const input of inputs) {
      const prepared = prepare(`${QUERY} | project ip`)
      const expected = [['192.0.2.1'], ['192.0.2.2']]
      const given = await prepared.run({ externalData: { [ADDRESS]: input } })
      expect(given.rows()).toEqual(expected)
      const asked = await prepared.run({
        externalData: async address => (address === ADDRESS ? input : undefined),
      })
      expect(asked.rows()).toEqual(expected)
    }
  })

  it('is not needed where it is not read', async () => {
    const result = await query(`let Feed = ${QUERY}; print x = 1`)
    expect(result.rows()).toEqual([[1n]])
  })

  it('is asked for by address where it is missing', async () => {
    expect(prepare(QUERY).columns).toHaveLength(2)
    await expect(query(QUERY)).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'KQL102',
          message: expect.stringContaining(ADDRESS),
          hint: expect.stringContaining('externalData'),
          span: { start: QUERY.indexOf('[') + 1, end: QUERY.indexOf(']') },
        },
      ],
    })
  })

  it('reports a file that cannot be read, and values where that is to be strict', async () => {
    const nowhere = { [ADDRESS]: join(folder, 'nothing') }
    await expect(query(QUERY, { externalData: nowhere })).rejects.toMatchObject({
      diagnostics: [{ code: 'KQL103', message: expect.stringContaining('no such file') }],
    })
    const strict = { externalData: { [ADDRESS]: { text: TEXT } }, strict: true }
    await expect(query(QUERY, strict)).rejects.toMatchObject({ diagnostics: [{ code: 'KQL202' }] })
  })
})

describe('tables meant by a wildcard', () => {
  const tables = { SigninLogs: [{ UserPrincipalName: 'ann@example.org' }] }

  it.each(['search "ann"', 'union Signin* | where UserPrincipalName has "ann"', 'find "ann"'])(
    '%s needs data of one of them',
    async text => {
      const given = await query(`${text} | count`, { tables })
      expect(given.rows()).toEqual([[1n]])
      expect(given.diagnostics).toEqual([])
      const none = await query(`${text} | count`)
      expect(none.rows()).toEqual([[0n]])
      expect(none.diagnostics).toMatchObject([
        { code: 'KQL102', message: expect.stringMatching(/any of the \d+ tables/) },
      ])
    },
  )

  it.each([
    'search "ann"',
    'union Sign* | where a has "ann"',
    'search in (Sign*) "ann"',
    'find in (Sign*) where a has "ann"',
  ])('%s needs none where it means a view too', async text => {
    const result = await query(`let SignView = view () { print a = "ann" }; ${text} | project a`, {
      tables: { AuditLogs: [{ OperationName: 'Add user' }] },
    })
    expect(result.rows()).toEqual([['ann']])
    expect(result.diagnostics).toEqual([])
  })

  it('are named where the query names them too', async () => {
    const result = await query('union SigninL*, AuditLogs | count', { tables })
    expect(result.diagnostics).toMatchObject([
      { code: 'KQL102', message: expect.stringContaining('AuditLogs') },
    ])
  })
})
