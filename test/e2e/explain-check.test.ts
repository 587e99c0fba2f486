import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, lines } from './kqlab.ts'

const folder = folderWith({
  'good.kql': 'AuditLogs | take 1',
  'warns.kql': 'SigninLogs\n| where ResultType == 0\n',
  'wrong/two.kql': 'AuditLogs\n| where A == 1\n| where B == 2\n',
  'wrong/rule.yaml': 'name: n\nquery: |\n  AuditLogs\n  | wher x\n',
  'wrong/broken.yaml': 'name: n\nquery: "print 1\n',
  'settings.yaml': lines(
    'name: n',
    'kind: Scheduled',
    'queryFrequency: 1h',
    'queryPeriod: 30m',
    'query: SigninLogs | project UserPrincipalName',
    'suppressionEnabled: maybe',
    'customDetails: { User: Upn }',
  ),
  'Events.json': '{"a":1}\n',
})
afterAll(folder.remove)

describe('kqlab explain', () => {
  const kql =
    'AuditLogs | where TimeGenerated > ago(2h) | project u = tostring(InitiatedBy.user.id) | take 3'

  it('prints the plan before and after rewriting, and what is read', async () => {
    const { code, stdout, stderr } = await kqlab(['explain', kql])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^The plan as the query has it:\n {2}scan AuditLogs: \d+ columns\n/)
    expect(stdout.slice(stdout.indexOf('The plan as it runs:'))).toBe(
      lines(
        'The plan as it runs:',
        '  scan AuditLogs: TimeGenerated, InitiatedBy.user.id; TimeGenerated >= ago(2h)',
        '  | where TimeGenerated > ago(2h)',
        '  | project u = tostring(InitiatedBy.user.id)',
        '  | take 3',
        '',
        'What each scan is asked for:',
        '  AuditLogs',
        '      TimeGenerated        datetime',
        '      InitiatedBy.user.id  dynamic',
        '      where TimeGenerated >= ago(2h)',
      ),
    )
  })

  it('prints the plans as data', async () => {
    const { code, stdout } = await kqlab(['explain', kql, '--format', 'json'])
    expect(code).toBe(0)
    const { bound, rewritten, scans } = JSON.parse(stdout)
    expect(bound.kind).toBe('take')
    expect(rewritten.kind).toBe('take')
    expect(bound.count).toEqual({ kind: 'literal', type: 'long', text: '3' })
    expect(scans).toEqual([
      {
        table: 'AuditLogs',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'InitiatedBy.user.id', type: 'dynamic' },
        ],
        time: { column: 'TimeGenerated', from: 'ago(2h)' },
      },
    ])
  })

  it('runs the query for the rows and the time of each operator', async () => {
    const joined =
      'range x from 1 to 5 step 1 | where x > 1 ' +
      '| join kind=leftouter (print x = 2, n = toscalar(print 7)) on x | take 3'
    const { code, stdout } = await kqlab(['explain', joined, '--analyze'])
    expect(code).toBe(0)
    const ran = stdout.split('\n\n').find(part => part.startsWith('The plan as it ran'))
    expect(ran?.replaceAll(/\d+\.\d ms/g, 'T')).toBe(
      [
        'The plan as it ran, with the rows that each operator gave and its own time:',
        '  range x from 1 to 5 step 1  -- 5 rows, T',
        '  | where x > 1  -- 4 rows, T',
        '  | join kind=leftouter on $left.x == $right.x  -- 4 rows, T',
        '      print x = 2, n = toscalar(subquery 1)  -- 1 row, T',
        '          subquery 1:',
        '          print print_0 = 7  -- 1 row, T',
        '  | take 3  -- 3 rows, T',
      ].join('\n'),
    )
    const json = await kqlab(['explain', 'print 1', '--analyze', '--format', 'json'])
    const { analysis } = JSON.parse(json.stdout) as { analysis: { kind: string; rows: number }[] }
    expect(analysis.map(({ kind, rows }) => [kind, rows])).toEqual([
      ['values', 1],
      ['project', 1],
    ])
  })

  it('says that a query reads no table', async () => {
    const { stdout } = await kqlab(['explain', 'print 1'])
    expect(stdout).toContain('The query reads no table.')
  })

  it('has the tables of the data', async () => {
    const data = ['--data', join(folder.path, 'Events.json'), '--table', 'Events=Events.json']
    const { code, stdout } = await kqlab(['explain', 'Events | project a', ...data], {
      cwd: folder.path,
    })
    expect(code).toBe(0)
    expect(stdout).toContain('  Events\n      a  long\n')
  })

  it('fails for a query with errors', async () => {
    const { code, stdout, stderr } = await kqlab(['explain', 'Nope'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('error[')
  })
})

describe('kqlab check', () => {
  const check = (...args: string[]) => kqlab(['check', ...args], { cwd: folder.path })

  it('is content with queries that are sound', async () => {
    expect(await check('good.kql')).toEqual({
      code: 0,
      stdout: '1 file checked: 0 errors, 0 warnings.\n',
      stderr: '',
    })
  })

  it('names the file of a folder that cannot be read, and checks the others', async () => {
    const { path, remove } = folderWith({ 'rules/z.kql': 'AuditLogs | take 1' })
    symlinkSync(join(path, 'missing'), join(path, 'rules', 'a.json'))
    const { code, stdout } = await kqlab(['check', 'rules'], { cwd: path })
    remove()
    expect(stdout).toBe(
      `error[KQL400]: ${join('rules', 'a.json')}: There is no such file or folder.\n\n` +
        '1 file checked: 1 error, 0 warnings.\n',
    )
    expect(code).toBe(1)
  })

  it('tells of bytes that are no text where a rule or a query has them', async () => {
    const { path, remove } = folderWith({
      'rules/a.kql': Buffer.from('AuditLogs\n| where A == "caf\xe9"', 'latin1'),
      'rules/b.yaml': Buffer.from('name: b\nquery: print "caf\xe9"\n', 'latin1'),
      'rules/c.yaml': Buffer.from('other: "caf\xe9"\n', 'latin1'),
      'rules/d.json': Buffer.from('{"a":"caf\xe9"}\n', 'latin1'),
    })
    const { code, stdout } = await kqlab(['check', 'rules'], { cwd: path })
    const query = await kqlab(['query', '-f', 'rules/a.kql'], { cwd: path })
    const tests = await kqlab(['test', 'rules'], { cwd: path })
    const functions = ['query', 'print 1', '--functions', 'rules/a.kql']
    const given = await kqlab(functions, { cwd: path })
    const config = await kqlab(['query', 'print 1', '--config', 'rules/c.yaml'], { cwd: path })
    remove()
    const places = (text: string) => [...text.matchAll(/^ *--> (.+)$/gm)].map(match => match[1])
    expect(places(stdout)).toEqual([
      `${join('rules', 'a.kql')}:2:18`,
      `${join('rules', 'b.yaml')}:2:18`,
    ])
    expect(stdout).toContain('error[KQL400]: There are bytes here that are not UTF-8.')
    expect(stdout).toContain('\n2 files checked: 2 errors, 0 warnings.\n')
    expect([code, query.code, given.code, config.code]).toEqual([1, 1, 1, 1])
    expect(places(query.stderr)).toEqual(['rules/a.kql:2:18'])
    expect(places(tests.stderr)).toEqual([`${join('rules', 'b.yaml')}:2:18`])
    expect(places(given.stderr)).toEqual(['rules/a.kql:2:18'])
    expect(config.stderr).toContain('error[KQL122]: There are bytes here that are not UTF-8.')
  })

  it('prints what is wrong, with its place', async () => {
    const { code, stdout, stderr } = await check('wrong', 'warns.kql')
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const places = [...stdout.matchAll(/^ *--> (.+)$/gm)].map(match => match[1])
    expect(places).toEqual([
      'wrong/broken.yaml:3:1',
      'wrong/rule.yaml:4:5',
      'wrong/two.kql:2:9',
      'wrong/two.kql:3:9',
      'warns.kql:2:9',
    ])
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('4 files checked: 4 errors, 1 warning.')
  })

  it('tells of the settings of a rule, at their places', async () => {
    const { code, stdout } = await check('settings.yaml')
    expect(code).toBe(0)
    const places = stdout.matchAll(/^warning\[(\w+)\].*\n *--> settings\.yaml:(\S+)$/gm)
    expect([...places].map(([, code, place]) => `${code} ${place}`)).toEqual([
      'KQL404 4:14',
      'KQL402 6:21',
      'KQL405 7:24',
    ])
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 file checked: 0 errors, 3 warnings.')
  })

  it('prints the same as JSON', async () => {
    const { code, stdout } = await check('wrong/rule.yaml', 'nope.kql', '--format', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      files: 1,
      errors: 2,
      warnings: 0,
      diagnostics: [
        {
          file: 'nope.kql',
          severity: 'error',
          code: 'KQL400',
          message: 'There is no such file or folder.',
        },
        {
          file: 'wrong/rule.yaml',
          line: 4,
          column: 5,
          endLine: 4,
          endColumn: 9,
          severity: 'error',
          code: 'KS176',
          message: "'wher' is not an operator.",
          hint: 'Did you mean where?',
        },
      ],
    })
  })

  it('fails for warnings where it is to', async () => {
    expect((await check('warns.kql')).code).toBe(0)
    expect((await check('warns.kql', '--fail-on', 'warnings')).code).toBe(1)
  })

  it('knows the tables of the data', async () => {
    const file = folderWith({ 'q.kql': 'Events | where a > 1' })
    try {
      const path = join(file.path, 'q.kql')
      expect((await check(path)).code).toBe(1)
      expect((await check(path, '--table', 'Events=Events.json')).code).toBe(0)
    } finally {
      file.remove()
    }
  })
})
