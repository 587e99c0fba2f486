import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { prepare } from '../../../src/index.ts'
import { liesOutside } from '../../../src/tables/formats/folder-times.ts'
import { parseDatetime } from '../../../src/types/datetime.ts'

const folder = mkdtempSync(join(tmpdir(), 'kqlab-folders-'))
afterAll(() => rmSync(folder, { recursive: true }))

const WORKSPACE = 'WorkspaceResourceId=/subscriptions/s/resourcegroups/g/providers/w'

/** A file of an export, with a record of each of the times. */
function exported(root: string, path: string, ...times: string[]): void {
  const file = join(folder, root, path)
  mkdirSync(join(file, '..'), { recursive: true })
  const lines = times.map(time => JSON.stringify({ TimeGenerated: time, OperationName: time }))
  writeFileSync(file, `${lines.join('\n')}\n`)
}

async function run(root: string, query: string, more: object = {}) {
  const tables = { AuditLogs: { path: join(folder, root) } }
  const result = await prepare(query).run({ tables, now: '2026-01-03T00:00:00Z', ...more })
  return {
    rows: result.rows().flat(),
    notes: result.diagnostics.map(({ code, message }) => `${code} ${message.replace(folder, '')}`),
  }
}

describe('folders of an export of a workspace', () => {
  exported('w', `${WORKSPACE}/y=2026/m=01/d=01/h=10/m=05/PT05M.json`, '2026-01-01T10:05:00Z')
  exported('w', `${WORKSPACE}/y=2026/m=01/d=01/h=11/m=05/PT05M.json`, 'not read, {')
  exported('w', `${WORKSPACE}/y=2026/m=01/d=02/h=12/m=00/PT1H.json`, '2026-01-02T12:59:00Z')
  exported('w', `${WORKSPACE}/y=2026/m=01/d=02/h=23/m=55/PT05M.json`, '2026-01-02T23:57:00Z')
  const query = 'AuditLogs | where TimeGenerated > ago(1d) | project OperationName'

  it('are not entered where their times are out of the range, and that is said once', async () => {
    const { rows, notes } = await run('w', query)
    expect(rows).toEqual(['2026-01-02T12:59:00Z', '2026-01-02T23:57:00Z'])
    expect(notes).toEqual([
      `KQL212 /w/${WORKSPACE}: 2 files lie in folders outside of the time that the query needs, and were not read.`,
    ])
  })

  it('are all entered where a run is strict, or has no range', async () => {
    await expect(run('w', query, { strict: true })).rejects.toThrow('no datetime')
    const { rows, notes } = await run('w', 'AuditLogs | project OperationName')
    expect(rows).toHaveLength(4)
    expect(notes).toHaveLength(0)
  })

  it('are entered as before where diagnostic settings made them: a record may be of another hour', async () => {
    const path = 'insights-logs-auditlogs/tenantId=t/y=2026/m=01/d=01/h=10/m=00/PT1H.json'
    exported('d', path, '2026-01-02T12:00:00Z')
    expect(await run('d', query)).toEqual({ rows: ['2026-01-02T12:00:00Z'], notes: [] })
  })
})

describe('the times that folders name', () => {
  const range = (from: string, to: string) => {
    const [a, b] = [parseDatetime(from), parseDatetime(to)]
    if (a === null || b === null) throw new Error('no datetime')
    return { column: 'TimeGenerated', from: a, to: b }
  }
  const context = { batchSize: 1, report: () => undefined, unexamined: () => undefined }
  const noon = range('2026-01-01T12:00:00Z', '2026-01-01T13:00:00Z')
  const file = (time: string) => `x/${WORKSPACE}/${time}/PT05M.json`

  it.each<[string, boolean]>([
    [file('y=2026/m=01/d=01/h=12/m=30'), false],
    // To the hour: a file has five minutes, or sixty.
    [file('y=2026/m=01/d=01/h=10/m=05'), false],
    [file('y=2026/m=01/d=01/h=10/m=00'), true],
    [file('y=2026/m=01/d=01/h=13/m=55'), false],
    [file('y=2026/m=01/d=01/h=14/m=00'), true],
    [file('y=2025/m=12/d=31/h=23/m=55'), true],
    [file('y=2026/m=01/d=01/h=10/m=00').replaceAll('/', '\\'), true],
    [file('y=2026/m=13/d=01/h=10/m=00'), false],
    [file('y=2026/m=02/d=31/h=10/m=00'), false],
    [file('y=2026/m=01/d=01/h=10'), false],
    ['x/y=2026/m=01/d=01/h=10/m=00/PT05M.json', false],
  ])('%s', (path, outside) => expect(liesOutside(path, noon, context)).toBe(outside))

  it('are not heeded without a range, nor for another column, nor where all are to be read', () => {
    const path = file('y=2025/m=12/d=31/h=23/m=55')
    expect(liesOutside(path, undefined, context)).toBe(false)
    expect(liesOutside(path, { ...noon, column: 'Timestamp' }, context)).toBe(false)
    expect(liesOutside(path, noon, { ...context, without: ['time-ranges'] })).toBe(false)
    const { unexamined: _, ...strict } = context
    expect(liesOutside(path, noon, strict)).toBe(false)
  })
})
