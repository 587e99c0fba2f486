import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab } from './kqlab.ts'

/** Has the process run a module first. */
const preloading = (module: string) => ({
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(module)}`,
})

const rule = 'id: 11111111-1111-4111-8111-111111111111\nname: A rule\nquery: print found = 1\n'
const { path, remove } = folderWith({
  'rules/a.yaml': rule,
  'rules/a.tests.yaml': 'tests:\n  - { name: finds, given: {}, expect: rows }\n',
  'logs/AuditLogs.json': '{"TimeGenerated":"2026-01-01T11:00:00Z","OperationName":"a"}\n',
  'more/SigninLogs.json': '{"TimeGenerated":"2026-01-01T11:00:00Z","ResultType":"0"}\n',
})
afterAll(remove)

describe.skipIf(!existsSync('/dev/full'))('kqlab, with standard output on a full disk', () => {
  // The lowest number that is free is that of the next file.
  const full = "import fs from 'node:fs'; fs.closeSync(1); fs.openSync('/dev/full', 'w')"

  it.each([
    ['query', 'print 1'],
    ['query', 'range n from 1 to 100000 step 1', '--format', 'csv'],
    ['check', 'rules'],
    ['test', 'rules'],
    ['run', 'rules'],
    ['explain', 'print 1'],
    ['functions'],
    ['--help'],
    ['--version'],
  ])('%s says so in one line, and ends with 1', async (...args) => {
    const run = await kqlab(args, { cwd: path, env: preloading(full) })
    const stderr = 'kqlab: standard output cannot be written: no space left on device.\n'
    expect(run).toEqual({ code: 1, stdout: '', stderr })
  })

  it('ends with 1 where that cannot be said either', async () => {
    const both = `${full}; fs.closeSync(2); fs.openSync('/dev/full', 'w')`
    const run = await kqlab(['query', 'print 1'], { env: preloading(both) })
    expect(run).toEqual({ code: 1, stdout: '', stderr: '' })
  })
})

describe('kqlab ingest onto a full disk', () => {
  /** The disk is full once a file of so many bytes or more is to be written. */
  const fullFrom = (bytes: number) => `
    import fs from 'node:fs'
    const { writeFileSync } = fs
    fs.writeFileSync = (path, data, ...rest) => {
      if (!String(path).endsWith('.parquet') || data.length < ${bytes}) {
        return writeFileSync(path, data, ...rest)
      }
      const message = 'ENOSPC: no space left on device, write'
      throw Object.assign(new Error(message), { code: 'ENOSPC', errno: -28, syscall: 'write' })
    }`

  it.each([
    ['the first file', 0],
    ['the bytes of a file', 1],
  ])('says so where %s cannot be written, and leaves nothing', async (_, bytes) => {
    const target = join(path, 'new')
    const args = ['ingest', 'logs', 'more', '-o', target]
    const run = await kqlab(args, { cwd: path, env: preloading(fullFrom(bytes)) })
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${target}: There is no space left.\n`,
    })
    expect(readdirSync(path).sort()).toEqual(['logs', 'more', 'rules'])
  })

  it('keeps the files of an earlier run', async () => {
    const target = join(path, 'kept')
    const args = ['ingest', 'logs', '-o', target, '--force']
    expect((await kqlab(args, { cwd: path })).code).toBe(0)
    expect((await kqlab(args, { cwd: path, env: preloading(fullFrom(1)) })).code).toBe(2)
    expect(readdirSync(target)).toEqual(['AuditLogs.parquet'])
    const query = ['query', 'AuditLogs | count', '--data', target, '--format', 'csv']
    expect(await kqlab(query)).toEqual({ code: 0, stdout: 'Count\n1\n', stderr: '' })
  })
})
