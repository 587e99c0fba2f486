import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openData } from '../../../src/node/open-data.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { readTable } from '../formats/read-table.ts'

/** Third-party exports beside the project; without them there is nothing to check here. */
const folder = fileURLToPath(new URL('../../../../shared/samples/', import.meta.url))
const catalog = Catalog.builtin()

/** Files that are no logs. */
const others = /^(arm\/|panther\/INDEX|.*\.md$)/

const samples = existsSync(folder)
  ? readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .filter(path => !others.test(path))
      .sort()
  : []

/** How many records a sample has, counted without our readers. */
function countRecords(path: string): number {
  const text = readFileSync(join(folder, path), 'utf8')
  const rows = /header(?:-only|\+(\d+)rows?)/.exec(path)
  if (rows !== null) return Number(rows[1] ?? 0)
  try {
    const value = JSON.parse(text)
    if (Array.isArray(value)) return value.length
    const list = value.records ?? value.value ?? value.results ?? value.tables?.[0].rows
    return Array.isArray(list) ? list.length : 1
  } catch {
    return text.split('\n').filter(line => line.trim() !== '').length
  }
}

describe.skipIf(samples.length === 0)('samples of real exports beside the project', () => {
  it.each(samples)('%s', async path => {
    const file = join(folder, path)
    const opened = await openData({ data: [file], catalog })
    expect(opened.problems).toEqual([])
    const [first] = opened.unrecognised
    // Some have no table by themselves: results of queries, and audits of which a tool has put the
    // inner category in the place of the outer one.
    const table = path.startsWith('panther/') ? 'AuditLogs' : 'X'
    const named =
      first === undefined
        ? opened
        : await openData({ data: [], tables: { [table]: [file] }, catalog })
    expect(named.unrecognised).toEqual([])
    if (first !== undefined) expect(first.message).toMatch(/^It cannot be told .* Members: /)

    let records = 0
    for (const source of named.sources.values()) {
      const columns = source.schema.map(column => column.name)
      const { rows, problems } = await readTable(source, columns)
      expect(problems).toEqual([])
      records += rows.length
      for (const row of rows) {
        // All but the results of queries have a time, and no row is empty.
        if (
          !/AuditLogs_Hunting|disable_accounts|query_v1_docs|az_cli_query_output\.json/.test(path)
        ) {
          const time =
            row['TimeGenerated'] ?? row['Timestamp'] ?? row['time'] ?? row['CreatedDateTime']
          expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
        }
        const filled = Object.values(row).filter(value => value !== null && value !== '')
        expect(filled.length).toBeGreaterThan(1)
      }
    }
    expect(records).toBe(countRecords(path))
  })

  it('reads the time formats of one of them to the same minute', async () => {
    const path = join(folder, 'elastic/signinlogs__test-time-formats-corner-cases.log')
    const opened = await openData({ data: [path], catalog })
    const source = opened.sources.get('SigninLogs')
    if (source === undefined) throw new Error('There is no table SigninLogs.')
    const { rows } = await readTable(source, ['TimeGenerated'])
    const times = rows.map(row => String(row['TimeGenerated']))
    expect(times).toHaveLength(11)
    for (const time of times) expect(time).toMatch(/^2007-01-09T09:41:00\./)
  })
})
