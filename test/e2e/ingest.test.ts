import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab } from './kqlab.ts'

const rows = [
  { TimeGenerated: '2026-01-01T11:00:00.1234567Z', OperationName: 'b', Result: 'success' },
  { TimeGenerated: '2026-01-01T10:00:00Z', OperationName: 'a', InitiatedBy: { user: { id: '1' } } },
]
const lines = (...list: readonly unknown[]) =>
  list.map(row => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('')

const { path, remove } = folderWith({
  'logs/AuditLogs.json': lines(...rows),
  'logs/SigninLogs.ndjson': lines({ TimeGenerated: '2026-01-01T10:30:00Z', Type: 'SigninLogs' }),
  'bad/AuditLogs.json': lines(...rows, '{"OperationName":', {
    TimeGenerated: 'yesterday',
    OperationName: 'c',
  }),
})
afterAll(remove)
const at = (name: string) => join(path, name)

describe('kqlab ingest', () => {
  it('writes Parquet files from which queries give the same rows', async () => {
    const { stdout, stderr, code } = await kqlab(['ingest', at('logs'), '-o', at('out')])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^AuditLogs {3}2 rows {2}1 file {2}\d+ B to \d+\.\d KB\n/)
    expect(stdout).toMatch(/\n2 tables, 3 rows, \d+\.\d KB in .*out, \d+\.\d s\.\n$/)
    expect(readdirSync(at('out')).sort()).toEqual(['AuditLogs.parquet', 'SigninLogs.parquet'])

    const query = 'union withsource=T AuditLogs, SigninLogs | sort by TimeGenerated asc'
    const printed = await kqlab(['query', query, '--data', at('out'), '--format', 'ndjson'])
    const expected = await kqlab(['query', query, '--data', at('logs'), '--format', 'ndjson'])
    expect(printed).toEqual(expected)
    expect(printed.stdout.split('\n')).toHaveLength(4)
  })

  it('finds columns in all records, however late they come', async () => {
    const early = Array.from({ length: 10_500 }, (_, n) => ({
      TimeGenerated: rows[0]?.TimeGenerated,
      n,
    }))
    writeFileSync(at('late.json'), lines(...early, { n: 'not a number', found: { late: true } }))
    const table = ['--table', `T=${at('late.json')}`]
    const { stdout, stderr, code } = await kqlab(['ingest', ...table, '-o', at('late'), '--strict'])
    expect([stderr, code]).toEqual(['', 0])
    expect(stdout).toMatch(/^T {2}10501 rows/)
    const query = 'T | where isnotempty(found) | project n, found.late'
    const printed = await kqlab(['query', query, '--data', at('late'), '--format', 'ndjson'])
    expect(printed.stdout).toBe('{"n":"not a number","found_late":true}\n')
  })

  it('refuses to write over files, unless it is told to', async () => {
    const args = ['ingest', at('logs'), '-o', at('twice')]
    expect((await kqlab(args)).code).toBe(0)
    const { stderr, code } = await kqlab(args)
    expect(code).toBe(2)
    expect(stderr).toMatch(/AuditLogs\.parquet is there already\. Give --force to replace it/)
    expect((await kqlab([...args, '--force'])).code).toBe(0)
    expect(readdirSync(at('twice')).sort()).toEqual(['AuditLogs.parquet', 'SigninLogs.parquet'])
  })

  it.each([
    ['new', []],
    ['there already', ['Other.txt']],
  ])(
    'leaves what another process wrote meanwhile into a folder that is %s',
    async (name, there) => {
      const target = at(`meanwhile ${name}`)
      if (there.length > 0) mkdirSync(target)
      for (const file of there) writeFileSync(join(target, file), '')
      // Before its first file is written, another process writes all of its own.
      const other = ['ingest', at('logs/AuditLogs.json'), '-o', target]
      const module = `
      import { execFileSync } from 'node:child_process'
      import fs from 'node:fs'
      const { writeFileSync } = fs
      fs.writeFileSync = (...args) => {
        fs.writeFileSync = writeFileSync
        delete process.env.NODE_OPTIONS
        execFileSync(process.execPath, [process.argv[1], ...${JSON.stringify(other)}])
        return writeFileSync(...args)
      }`
      const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}` }
      const { code, stdout, stderr } = await kqlab(['ingest', at('logs'), '-o', target], { env })
      expect(stderr).toBe(
        `error: ${join(target, 'AuditLogs.parquet')} is there already. Give --force to replace it, or choose another folder.\n`,
      )
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(readdirSync(target)).toEqual(['AuditLogs.parquet', ...there])
      expect(readdirSync(path).filter(file => file.includes('partial'))).toEqual([])
    },
  )

  it('lets one of two at once write into a folder', async () => {
    const target = at('at once')
    const args = ['ingest', at('logs'), '-o', target]
    const both = await Promise.all([kqlab(args), kqlab(args)])
    expect(both.map(({ code }) => code).sort()).toEqual([0, 2])
    expect(readdirSync(target).sort()).toEqual(['AuditLogs.parquet', 'SigninLogs.parquet'])
    const query = ['query', 'union AuditLogs, SigninLogs | count', '--format', 'csv']
    const counted = await kqlab([...query, '--data', target])
    expect(counted).toEqual({ code: 0, stdout: 'Count\n3\n', stderr: '' })
  })

  it('refuses to read from the folder that it writes to', async () => {
    const { stderr, code } = await kqlab(['ingest', at('logs'), '-o', path])
    expect(code).toBe(2)
    expect(stderr).toMatch(/is read, and lies in the folder that is written to\./)
  })

  it('tells what cannot be read, once', async () => {
    const { stdout, stderr, code } = await kqlab(['ingest', at('bad'), '-o', at('some')])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^AuditLogs {2}3 rows {2}1 file /)
    expect(stderr).toContain('AuditLogs.json:3: record skipped: ')
    expect(stderr).toContain('AuditLogs.json:4: value of TimeGenerated made null: ')
    const query = 'AuditLogs | where isnull(TimeGenerated) | project OperationName'
    const again = await kqlab(['query', query, '--data', at('some'), '--format', 'csv'])
    expect(again).toEqual({ code: 0, stdout: 'OperationName\nc\n', stderr: '' })
  })

  it('writes nothing where --strict finds a fault', async () => {
    const args = ['ingest', at('bad'), '-o', at('strict'), '--strict']
    const { stdout, stderr, code } = await kqlab(args)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('error[KQL202]')
    expect(existsSync(at('strict'))).toBe(false)
    expect(readdirSync(path).filter(name => name.includes('strict'))).toEqual([])
  })

  it('reports as JSON', async () => {
    const args = ['ingest', at('logs/AuditLogs.json'), '-o', at('json'), '--format', 'json']
    const { stdout } = await kqlab(args)
    const report = JSON.parse(stdout) as { tables: readonly unknown[] }
    expect(report).toMatchObject({
      output: at('json'),
      warnings: 0,
      tables: [{ table: 'AuditLogs', rows: 2, files: ['AuditLogs.parquet'] }],
    })
  })

  it('says what is missing', async () => {
    const none = await kqlab(['ingest', '-o', at('none'), '--no-config'])
    expect(none.code).toBe(2)
    expect(none.stderr).toContain('No logs were given.')
    writeFileSync(at('file'), 'x')
    const file = await kqlab(['ingest', at('logs'), '-o', at('file')])
    expect(file.code).toBe(2)
    expect(file.stderr).toContain('It is no folder')
  })
})

describe('hints about ingested logs', () => {
  it.each([
    ['AuditLogs | where Category == "x"', 'No row of `AuditLogs` has a value of `Category`'],
    [
      'AuditLogs | where TimeGenerated > ago(1h)',
      'its data are from 2026-01-01T10:00:00.0000000Z to 2026-01-01T11:00:00.1234567Z',
    ],
  ])('%s', async (query, hint) => {
    const out = at(`hints-${query.length}`)
    await kqlab(['ingest', at('logs'), '-o', out])
    const { stderr } = await kqlab(['query', query, '--data', out, '--now', '2026-02-01'])
    expect(stderr).toContain(hint)
  })

  it('are not made of rows that were passed over', async () => {
    const out = at('no-hints')
    await kqlab(['ingest', at('logs'), '-o', out])
    // Only the later row is looked at, and it has no InitiatedBy.
    const query =
      'AuditLogs | where TimeGenerated > datetime(2026-01-01T10:30:00) and InitiatedBy.user.id == "2"'
    expect((await kqlab(['query', query, '--data', out])).stderr).toBe('')
  })
})
