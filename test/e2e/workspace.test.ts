import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, lines, start } from './kqlab.ts'

const CONFIG = `$schema: ./node_modules/kqlab/schemas/kqlab.schema.json
tables:
  Events: logs/e.json
schemas:
  App_CL: { TimeGenerated: datetime, User_s: string }
functions: functions
watchlists:
  VIP: { path: lists/vip.csv, searchKey: User }
  IPs: lists/ips.csv
workspaces:
  other: other
  mine: local
clusters:
  help: { Samples: other }
now: 2026-01-02
missingTables: empty
format: csv
`

const PARSER = `Parser:
  Title: Things
ParserName: imThing
EquivalentBuiltInParser: _Im_Thing
ParserParams:
  - Name: who
    Type: string
    Default: '*'
ParserQuery: |
  let parser = (who: string = '*') {
    Events
    | where who == '*' or user == who
    | extend Src = user
  };
  parser(who = who)
`

/** A saved search; a package of the content hub has it in a template of its own, and again. */
const saved = (alias: string, query: string) => ({
  type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
  properties: { displayName: alias, FunctionAlias: alias, functionParameters: 'n:long', query },
})
const PACKAGE = JSON.stringify({
  resources: [
    { properties: { mainTemplate: { resources: [saved('Twice', 'print n * 2')] } } },
    saved('Twice', 'print n * 2'),
  ],
})

const ENRICH = `// Adds the level of a user.
(T: (user: string))
T
| lookup kind=leftouter (_GetWatchlist('VIP') | project SearchKey, Level) on $left.user == $right.SearchKey
`

describe('a folder with kqlab.yaml', () => {
  let folder: ReturnType<typeof folderWith>
  const run = (kql: string, ...options: string[]) =>
    kqlab(['query', kql, ...options], { cwd: join(folder.path, 'deep/er') })

  beforeAll(() => {
    folder = folderWith({
      'kqlab.yaml': CONFIG,
      'logs/e.json': lines('{"user":"ann","n":1}', '{"user":"bob","n":2}'),
      'other/a.json': lines(
        '{"TimeGenerated":"2026-01-01T00:00:00Z","OperationName":"x","Type":"AuditLogs"}',
      ),
      'lists/vip.csv': lines('User,Level', 'ann,007'),
      'lists/ips.csv': lines('IP', '192.0.2.1'),
      'functions/asim/imThing.yaml': PARSER,
      'functions/asim/notes.yaml': 'about: nothing',
      'functions/Enrich.kql': ENRICH,
      'functions/package.json': PACKAGE,
      'functions/other.json': '{"a":',
      'twice.json': JSON.stringify([saved('F', 'print n'), saved('F', 'print 2')]),
      'functions/broken/Faulty.kql': lines('Events', '| where usr == "x"'),
      'deep/er/hunt.kql': 'imThing("bob") | project Src',
      'deep/mistaken.yaml': lines('tables:', '  Events: [logs', 'strict: perhaps'),
      'deep/wrong.yaml': lines('strict: perhaps', 'tabels: {}'),
    })
  })
  afterAll(() => folder.remove())

  it('gives the tables, functions and watchlists of queries anywhere below it', async () => {
    expect(await run('Events | invoke Enrich()')).toEqual({
      code: 0,
      stdout: lines('user,n,Level', 'ann,1,007', 'bob,2,'),
      stderr: '',
    })
    expect((await run('_Im_Thing("ann") | project Src')).stdout).toBe(lines('Src', 'ann'))
    expect((await run('Twice(4)')).stdout).toBe(lines('print_0', '8'))
    expect((await run('hunt.kql')).stdout).toBe(lines('Src', 'bob'))
    expect((await run('print now()')).stdout).toBe(lines('print_0', '2026-01-02T00:00:00.0000000Z'))
  })

  it('is overridden by the command line', async () => {
    const others = await run('Events | count', '--table', 'Events=../../other/a.json')
    expect(others.stdout).toBe(lines('Count', '1'))
    expect((await run('print now()', '--now', '2025-01-01')).stdout).toContain('2025-01-01')
    const keyed = '_GetWatchlist("IPs") | project SearchKey'
    expect((await run(keyed, '--search-key', 'IPs=IP')).stdout).toBe(
      lines('SearchKey', '192.0.2.1'),
    )
    const { code, stderr } = await run('Events | count', '--no-config')
    expect(code).toBe(1)
    expect(stderr).toContain('KS204')
    const own = await run('New_CL | project A', '--schema', 'New_CL=A:long,B:string')
    expect(own).toMatchObject({ code: 0, stdout: lines('A') })
  })

  it('reports faults in functions at their place in the file', async () => {
    const { code, stderr } = await run('Faulty')
    expect(code).toBe(1)
    expect(stderr).toBe(
      lines(
        'error[KS142]: The name `usr` does not refer to any known column, table, variable or function.',
        ' --> ../../functions/broken/Faulty.kql:2:9',
        '2 | | where usr == "x"',
        '  |         ^^^',
        '  = hint: Did you mean `user`?',
        '',
      ),
    )
    const json = await run('Faulty', '--diagnostics', 'json')
    expect(JSON.parse(json.stderr)).toMatchObject({
      file: '../../functions/broken/Faulty.kql',
      line: 2,
      column: 9,
    })
  })

  it('says where the data of other places are', async () => {
    const other = 'workspace("other").AuditLogs | project OperationName'
    expect((await run(other)).stdout).toBe(lines('OperationName', 'x'))
    expect((await run('workspace("mine").Events | count')).stdout).toBe(lines('Count', '2'))
    const cluster = 'cluster("help").database("Samples")'
    expect((await run(`${cluster}.AuditLogs | count`)).stdout).toBe(lines('Count', '1'))
    expect((await run(`${cluster}.AuditLog | count`)).stderr).toContain('Did you mean `AuditLogs`?')
    const unknown = await run('workspace("third").Events | count')
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('Nothing says where the data of workspace("third") are.')
    const given = await run(
      'workspace("third").AuditLogs | count',
      '--place',
      "workspace('third')=../../other",
    )
    expect(given.stdout).toBe(lines('Count', '1'))
    const blank = await run(
      'workspace("The third").AuditLogs | count',
      '--place',
      "workspace( 'The third' )=../../other",
    )
    expect(blank).toMatchObject({ code: 0, stdout: lines('Count', '1') })
  })

  it.each(['fffe', 'feff'])('is read in UTF-16 with the mark %s, as are queries', async mark => {
    const inUtf16 = (text: string) => {
      const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
      return mark === 'fffe' ? bytes : bytes.swap16()
    }
    const config = join(folder.path, 'utf16.yaml')
    const file = join(folder.path, 'utf16.kql')
    writeFileSync(config, inUtf16('format: ndjson\n'))
    writeFileSync(file, inUtf16('print a = "é"'))
    const { stdout } = await kqlab(['query', '--config', config, '--file', file], {
      cwd: folder.path,
    })
    expect(stdout).toBe(lines('{"a":"é"}'))
  })

  it('is read in UTF-16 from standard input too', async () => {
    const process = start(['query', '-', '--format', 'ndjson', '--no-config'])
    process.stdin.end(Buffer.from('\ufeffprint a = "é"', 'utf16le'))
    const pieces: Buffer[] = []
    for await (const piece of process.stdout) pieces.push(piece as Buffer)
    expect(Buffer.concat(pieces).toString()).toBe(lines('{"a":"é"}'))
  })

  it('is told of where it is a folder', async () => {
    expect((await run('print 1', '--config', folder.path)).stderr).toBe(
      lines(`error[KQL122]: ${folder.path}: It is a folder, not a file.`, ''),
    )
  })

  it('has a search key where a query reads it', async () => {
    const { code, stderr } = await run('_GetWatchlist("IPs") | where SearchKey != ""')
    expect(code).toBe(1)
    expect(stderr).toContain('--search-key IPs=COLUMN')
  })

  it('serves the other commands', async () => {
    const cwd = join(folder.path, 'deep/er')
    const checked = await kqlab(['check', 'hunt.kql'], { cwd })
    expect(checked.stdout).toBe(lines('1 file checked: 0 errors, 0 warnings.'))
    const explained = await kqlab(['explain', 'hunt.kql'], { cwd })
    expect(explained.stdout).toContain('Events')
  })

  it('is refused where it has mistakes, each with its place', async () => {
    const wrong = await run('print 1', '--config', '../wrong.yaml')
    expect(wrong).toEqual({
      code: 1,
      stdout: '',
      stderr: lines(
        'error[KQL122]: Expected here: true or false.',
        ' --> ../wrong.yaml:1:9',
        '1 | strict: perhaps',
        '  |         ^^^^^^^',
        '',
        'error[KQL122]: There is no `tabels` here.',
        ' --> ../wrong.yaml:2:1',
        '2 | tabels: {}',
        '  | ^^^^^^',
        '  = hint: Did you mean `tables`?',
        '',
      ),
    })
    expect((await run('print 1', '--config', '../mistaken.yaml')).stderr).toContain(
      'mistaken.yaml:',
    )
    expect((await run('print 1', '--config', 'none.yaml')).stderr).toBe(
      lines('error[KQL122]: none.yaml: There is no such file or folder.', ''),
    )
  })

  it.each([
    [['--search-key', 'Nope=A'], 'there is no watchlist Nope'],
    [['--place', 'other=x'], '--place takes a place such as workspace("x")=PATH'],
    [['--schema', 'T=a'], '--schema takes NAME=COLUMN:TYPE'],
    [
      ['--schema', 'T=a:string,b:foo'],
      "--schema takes NAME=COLUMN:TYPE,…, not 'T=a:string,b:foo': 'foo' is no type",
    ],
    [['--watchlist', 'x'], '--watchlist takes NAME=PATH'],
    [['--watchlist', 'x='], "--watchlist takes NAME=PATH, not 'x=': it names no path."],
    [['--table', 'T= '], "--table takes NAME=PATH, not 'T= ': it names no path."],
  ])('refuses the options %j', async (options, message) => {
    const { code, stderr } = await run('print 1', ...options)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })

  it.each([
    [['--functions', 'none'], 'KQL121', 'none'],
    [
      ['--functions', '../../functions', '--functions', '../../functions/asim/notes.yaml'],
      'KQL121',
      'no function',
    ],
    [['--functions', '../../twice.json'], 'KQL121', '`F` is there twice, with another text'],
    [['--functions', '../../other/a.json'], 'KQL121', 'no saved search with a functionAlias'],
    [['--watchlist', 'W=none.csv'], 'KQL103', 'none.csv'],
    [['--search-key', 'VIP=Missing'], 'KQL120', 'no column `Missing`'],
    [['--place', 'app("x")=none'], 'KQL103', 'none'],
  ])('reports what cannot be opened of %j', async (options, code, message) => {
    const found = await run('print 1', ...options)
    expect(found.code).toBe(1)
    expect(found.stderr).toContain(`error[${code}]`)
    expect(found.stderr).toContain(message)
  })
})

describe('standard input as data', () => {
  const input = lines('{"user":"ann","n":1}', '{"user":"bob","n":2}')

  it('is a table, read as often as a query needs', async () => {
    const kql = 'T | join kind=inner (T | where n > 1) on user | project user'
    const found = await kqlab(['query', kql, '--table', 'T=-', '--format', 'csv'], { input })
    expect(found).toEqual({ code: 0, stdout: lines('user', 'bob'), stderr: '' })
  })

  it('cannot be the query too', async () => {
    const { code, stderr } = await kqlab(['query', '-', '--table', 'T=-'], { input })
    expect(code).toBe(2)
    expect(stderr).toContain('Standard input cannot be the query and data at once.')
  })

  it('is no matter to --target, which warns of what a service refuses', async () => {
    const { stderr } = await kqlab(
      [
        'query',
        'T | union * | take 1',
        '--table',
        'T=-',
        '--target',
        'sentinel',
        '--max-rows',
        '9',
      ],
      { input },
    )
    expect(stderr).toContain('warning[KQL220]: `union *` is refused')
  })

  it('leaves out warnings that it or the command line says to ignore', async () => {
    const query = 'print s = "a" | where isnull(s) and s == 1'
    const ignoring = folderWith({ 'kqlab.yaml': 'ignore: KQL207\n' })
    const codes = async (...args: string[]) => {
      const { stderr } = await kqlab(['query', query, ...args], { cwd: ignoring.path })
      return [...stderr.matchAll(/warning\[(\w+)\]/g)].map(([, code]) => code)
    }
    expect(await codes('--no-config')).toEqual(['KQL207', 'KQL200'])
    expect(await codes()).toEqual(['KQL200'])
    expect(await codes('--ignore', 'KQL200', '--ignore', 'KQL207')).toEqual([])
    ignoring.remove()
  })
})
