import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenDataOptions } from '../../../src/node/open-data.ts'
import { openData } from '../../../src/node/open-data.ts'
import { openPath } from '../../../src/node/platform.ts'
import { openPath as openPathInBrowser } from '../../../src/platform-browser.ts'
import { Catalog } from '../../../src/tables/catalog.ts'
import { readTable } from '../formats/read-table.ts'

const catalog = Catalog.builtin()
const line = (name: string) => `${JSON.stringify({ OperationName: name, Type: 'AuditLogs' })}\n`

let root = ''

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kqlab-'))
})

afterEach(async () => {
  await rm(root, { recursive: true, force: true })
})

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const full = join(root, path)
  await mkdir(join(full, '..'), { recursive: true })
  await writeFile(full, content)
  return full
}

const open = (data: string[], options: Partial<OpenDataOptions> = {}) =>
  openData({ data, catalog, ...options })

/** The files found, below the folder of the test. */
async function paths(data: string[]): Promise<string[]> {
  const opened = await open(data)
  return opened.files.map(file => relative(root, file.path).replaceAll('\\', '/'))
}

async function names(data: string[], table = 'AuditLogs'): Promise<unknown[]> {
  const opened = await open(data)
  const source = opened.sources.get(table)
  if (source === undefined) throw new Error(JSON.stringify(opened))
  const { rows, problems } = await readTable(source, ['OperationName'])
  expect(problems).toEqual([])
  return rows.map(row => row['OperationName'])
}

describe('the columns and tables of a long file', () => {
  const early = (count: number) =>
    Array.from({ length: count }, (_, n) => `{"Type":"T_CL","n":${n}}\n`).join('')
  const schemaOf = async (path: string, options: Partial<OpenDataOptions> = {}) => {
    const { sources } = await open([path], options)
    const columns = [...sources].map(([name, { schema }]) => {
      return [
        name,
        schema.filter(({ name: column }) => !['Type', 'TimeGenerated'].includes(column)),
      ]
    })
    return Object.fromEntries(columns) as Record<string, { name: string; type: string }[]>
  }

  it('are found where they come late, from its middle to its end', async () => {
    const late = '{"Type":"T_CL","n":"a text","found":{"late":true}}\n'
    const other = line('of another table')
    const path = await put(
      'long.ndjson',
      `${early(15_000)}${late.repeat(3000)}${early(3000)}${other}`,
    )
    const { T_CL, AuditLogs } = await schemaOf(path)
    expect(T_CL).toEqual([
      { name: 'n', type: 'dynamic' },
      { name: 'found', type: 'dynamic' },
    ])
    expect(AuditLogs?.map(({ name }) => name)).toContain('OperationName')
    expect(await names([path])).toEqual(['of another table'])
  })

  it('are all found where the file is looked at whole', async () => {
    const rare = '{"Type":"T_CL","n":1,"rare":1.5}\n'
    const path = await put('rare.ndjson', `${early(60_000)}${rare}${early(60_000)}`)
    expect((await schemaOf(path))['T_CL']).toEqual([{ name: 'n', type: 'long' }])
    expect((await schemaOf(path, { whole: true }))['T_CL']).toEqual([
      { name: 'n', type: 'long' },
      { name: 'rare', type: 'real' },
    ])
  })
})

describe('openData', () => {
  it('reads files in the order given, and folders in the order of names', async () => {
    const b = await put('b.ndjson', line('b'))
    await put('in/2/y.json', line('y'))
    await put('in/10/x.json', line('x'))
    await put('in/a.json', line('a'))
    expect(await names([b, join(root, 'in')])).toEqual(['b', 'x', 'y', 'a'])
  })

  it('reads a file once, however it is reached', async () => {
    const a = await put('in/a.json', line('a'))
    await symlink(a, join(root, 'in', 'link.json'))
    expect(await names([a, join(root, 'in'), join(root, 'in', '*.json')])).toEqual(['a'])
  })

  it('leaves out of folders what does not look like logs, and says so', async () => {
    await put('rule.yaml', 'x: 1')
    await put('notes.md', '# x')
    await put('.hidden.json', line('h'))
    await put('node_modules/x/y.json', line('m'))
    await put('a.json', line('a'))
    await put('b.log', line('b'))
    const opened = await open([root])
    expect(opened.files.map(file => relative(root, file.path))).toEqual(['a.json', 'b.log'])
    expect(opened.ignored.map(path => relative(root, path))).toEqual(['notes.md', 'rule.yaml'])
  })

  it.each([
    ['*.json', ['a.json']],
    ['**/*.json', ['a.json', 'x/b.json', 'x/y/c.json']],
    ['x/**', ['x/b.json', 'x/y/c.json', 'x/y/d.txt']],
    ['x/?.json', ['x/b.json']],
    ['x/y/[cd].*', ['x/y/c.json', 'x/y/d.txt']],
    ['x/y/[!c].*', ['x/y/d.txt']],
    ['{a,x/b}.json', ['a.json', 'x/b.json']],
    ['x/*/c.json', ['x/y/c.json']],
    ['[]a].json', ['a.json']],
    ['x/./*.json', ['x/b.json']],
    ['x//*.json', ['x/b.json']],
    ['x/../*.json', ['a.json']],
    ['x[!q]b.json', []],
  ])('finds the files of %s', async (pattern, expected) => {
    await put('a.json', line('a'))
    await put('x/b.json', line('b'))
    await put('x/y/c.json', line('c'))
    await put('x/y/d.txt', line('d'))
    expect(await paths([`${root}/${pattern}`])).toEqual(expected)
  })

  it('takes a character beyond the first 65536 for one', async () => {
    await put('x/\u{1f600}.json', line('a'))
    expect(await paths([`${root}/x/?.json`])).toEqual(['x/\u{1f600}.json'])
    expect(await paths([`${root}/x/[\u{1f5ff}-\u{1f601}].json`])).toEqual(['x/\u{1f600}.json'])
  })

  it('finds the files of a pattern that begins with a dot', async () => {
    await put('x/a.json', line('a'))
    const here = relative('.', root).replaceAll('\\', '/')
    expect(await paths([`./${here}/x/*.json`])).toEqual(['x/a.json'])
  })

  it('reports a pattern with a range that runs backwards', async () => {
    const file = join(root, '[z-a].json')
    const message = 'It is no pattern: the ends of a range in [] are the wrong way round.'
    expect((await open([file])).problems).toEqual([{ file, kind: 'record', message }])
  })

  it.skipIf(process.platform === 'win32')(
    'refuses a pipe, which can be read but once',
    async () => {
      const file = join(root, 'pipe.json')
      execFileSync('mkfifo', [file])
      const message =
        'It is a pipe, which can be read but once: give - for standard input, or a file.'
      expect((await open([file])).problems).toEqual([{ file, kind: 'record', message }])
    },
  )

  it('takes a path that exists for itself though it looks like a pattern', async () => {
    expect(await names([await put('[a].json', line('a'))])).toEqual(['a'])
  })

  it('follows links to folders, and circles of them once', async () => {
    await put('data/x/a.json', line('a'))
    await symlink(join(root, 'data'), join(root, 'data', 'x', 'again'), 'dir')
    await symlink(join(root, 'data', 'x'), join(root, 'data', 'y'), 'dir')
    expect(await names([join(root, 'data')])).toEqual(['a'])
  })

  it('reports what cannot be read', async () => {
    await put('a.json', line('a'))
    await symlink(join(root, 'nowhere'), join(root, 'gone.json'))
    await symlink(join(root, 'self.json'), join(root, 'self.json'))
    const parquet = await put('AuditLogs.parquet', 'PAR1....')
    const opened = await open([root, join(root, 'missing.json'), join(root, '*.jsonl')])
    expect(opened.problems).toEqual([
      {
        file: join(root, 'gone.json'),
        kind: 'record',
        message: 'There is no such file or folder.',
      },
      {
        file: join(root, 'self.json'),
        kind: 'record',
        message: 'Its symbolic links lead in a circle.',
      },
      {
        file: join(root, 'missing.json'),
        kind: 'record',
        message: 'There is no such file or folder.',
      },
      { file: join(root, '*.jsonl'), kind: 'record', message: 'No file matches it.' },
      {
        file: parquet,
        kind: 'record',
        message: 'Its Parquet data cannot be read: it is cut off.',
      },
    ])
    expect([...opened.sources.keys()]).toEqual(['AuditLogs'])
  })

  it('tells files that the user named from those that were in a folder', async () => {
    const expected = await put('expected.json', '{"rows":[1]}')
    const named = await put('named.json', '{"rows":[1]}')
    const opened = await open([root, named])
    expect(opened.unrecognised.map(({ path, named }) => ({ path, named }))).toEqual([
      { path: expected, named: false },
      { path: named, named: true },
    ])
  })

  it('reads gzip by its content, members one after the other too', async () => {
    const two = Buffer.concat([gzipSync(line('a')), gzipSync(line('b'))])
    expect(await names([await put('AuditLogs.json.gz', two)])).toEqual(['a', 'b'])
    expect(await names([await put('AuditLogs.json', gzipSync(line('c')))])).toEqual(['c'])
  })

  it('reads what there is of gzip data that end early, and reports the end', async () => {
    const text = Array.from({ length: 3000 }, (_, i) => line(`n${i * 7919}`)).join('')
    const whole = gzipSync(text)
    const path = await put('AuditLogs.json.gz', whole.subarray(0, whole.length >> 1))
    const opened = await open([path])
    const source = opened.sources.get('AuditLogs')
    if (source === undefined) throw new Error(JSON.stringify(opened))
    const { rows, problems } = await readTable(source, ['OperationName'])
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.length).toBeLessThan(3000)
    expect(problems.map(problem => problem.message)).toContain('Its gzip data end too early.')
  })

  it('puts what the user says above all else', async () => {
    const a = await put('AuditLogs.json', line('a'))
    const opened = await open([root], { tables: { Mine: [a] } })
    expect([...opened.sources.keys()]).toEqual(['Mine'])
  })

  it('reads a file larger than a piece', async () => {
    const text = Array.from({ length: 40_000 }, (_, i) => line(`name ${i}`)).join('')
    expect(text.length).toBeGreaterThan(1 << 20)
    const found = await names([await put('AuditLogs.json', text)])
    expect(found).toHaveLength(40_000)
    expect(found.every((name, i) => name === `name ${i}`)).toBe(true)
  })

  it('stops when it is told to', async () => {
    const path = await put('AuditLogs.json', line('a').repeat(50_000))
    const opened = await open([path])
    const source = opened.sources.get('AuditLogs')
    const controller = new AbortController()
    const columns = [{ name: 'Type', type: 'string' as const, column: 'Type' }]
    const context = { batchSize: 100, signal: controller.signal, report: () => undefined }
    const scan = async () => {
      for await (const batch of source?.scan({ columns }, context) ?? []) {
        expect(batch.rowCount).toBe(100)
        controller.abort()
      }
    }
    await expect(scan()).rejects.toThrow(/abort/i)
  })
})

describe('openPath of a page', () => {
  it('refuses: there are no files', async () => {
    await expect(openPathInBrowser('T', 'x.json', { catalog })).rejects.toThrow(
      "Table T: 'x.json' cannot be opened, because there is no file system here. " +
        'Give the rows or the text of the file instead of its path.',
    )
  })
})

describe('openPath', () => {
  it('opens one table by path, with its own schema where one is given', async () => {
    const path = await put('x.json', '{"a":1,"b":"2"}\n')
    const inferred = await openPath('T', path, { catalog })
    expect(inferred.schema).toEqual([
      { name: 'a', type: 'long' },
      { name: 'b', type: 'string' },
    ])
    const exact = await openPath('T', [path], {
      catalog,
      schema: [{ name: 'b', type: 'long' }],
    })
    expect(exact.schema).toEqual([{ name: 'b', type: 'long' }])
    expect((await readTable(exact, ['b'])).rows).toEqual([{ b: 2n }])
  })

  it('throws where there is nothing to open', async () => {
    await expect(openPath('T', join(root, 'none.json'), { catalog })).rejects.toThrow(
      `${join(root, 'none.json')}: There is no such file or folder.`,
    )
  })
})
