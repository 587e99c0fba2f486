import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, lines, projectRoot } from './kqlab.ts'

describe('kqlab query', () => {
  it('prints a table', async () => {
    const kql = "print n = 42, s = 'ab', r = 1.5, d = dynamic({'a': [1, 'x']}), t = 90m, e = ''"
    expect(await kqlab(['query', kql])).toEqual({
      code: 0,
      stdout: lines(
        ' n  s     r  d              t         e',
        '--  --  ---  -------------  --------  -',
        '42  ab  1.5  {"a":[1,"x"]}  01:30:00',
        '1 row',
      ),
      stderr: '',
    })
  })

  it('prints JSON in which no value is bent', async () => {
    const kql = [
      'print a = 9223372036854775807, b = long(-9223372036854775808), c = real(nan), d = real(inf)',
      'e = real(-inf), f = decimal(12345678901234567890.123), g = int(null), h = true, i = 0.1',
      'j = guid(74be27de-1e4e-49d9-b579-fe0b331d3642), k = datetime(2026-03-17T15:42:07.3184605Z)',
      'l = time(1.02:03:04), m = dynamic({"10": 1.0, "b": null, "__proto__": [9007199254740993]})',
      'n = \'<script>alert("x")</script>\'',
    ].join(', ')
    expect(await kqlab(['query', kql, '--format', 'json'])).toEqual({
      code: 0,
      stdout: lines(
        '{"columns":[{"name":"a","type":"long"},{"name":"b","type":"long"},{"name":"c","type":"real"},' +
          '{"name":"d","type":"real"},{"name":"e","type":"real"},{"name":"f","type":"decimal"},' +
          '{"name":"g","type":"int"},{"name":"h","type":"bool"},{"name":"i","type":"real"},' +
          '{"name":"j","type":"guid"},{"name":"k","type":"datetime"},{"name":"l","type":"timespan"},' +
          '{"name":"m","type":"dynamic"},{"name":"n","type":"string"}],"rows":[',
        '[9223372036854775807,-9223372036854775808,"NaN","Infinity","-Infinity",' +
          '"12345678901234567890.123",null,true,0.1,"74be27de-1e4e-49d9-b579-fe0b331d3642",' +
          '"2026-03-17T15:42:07.3184605Z","1.02:03:04",' +
          '{"10":1.0,"b":null,"__proto__":[9007199254740993]},"<script>alert(\\"x\\")</script>"]',
        ']}',
      ),
      stderr: '',
    })
  })

  it('prints JSON without rows', async () => {
    const { stdout } = await kqlab(['query', 'print a = 1 | where a > 1', '--format', 'json'])
    expect(JSON.parse(stdout)).toEqual({ columns: [{ name: 'a', type: 'long' }], rows: [] })
  })

  it('reads the views that a wildcard means, without any data', async () => {
    const kql = 'let SignView = view () { print a = 1 }; union Sign*'
    const { stdout, stderr } = await kqlab(['query', kql, '--format', 'csv'])
    expect([stdout, stderr]).toEqual(['a\n1\n', ''])
  })

  it('prints a JSON object a line', async () => {
    const kql =
      'range x from 1 to 2 step 1 | extend y = strcat("a\\n", tostring(x)), z = dynamic([1])'
    expect(await kqlab(['query', kql, '--format', 'ndjson'])).toEqual({
      code: 0,
      stdout: lines('{"x":1,"y":"a\\n1","z":[1]}', '{"x":2,"y":"a\\n2","z":[1]}'),
      stderr: '',
    })
  })

  it('prints CSV whose text no spreadsheet runs as a formula', async () => {
    const kql = [
      'datatable(Text: string, Bag: dynamic, Number: long, Span: timespan)[',
      `'=HYPERLINK("http://x.test","y")', dynamic({"=a": 1}), -5, timespan(-1h),`,
      `'+1', dynamic("=1+1"), 1, 1h,`,
      `'-1', dynamic(null), 1, 1h,`,
      `'@SUM(A1)', dynamic(-1), 1, 1h,`,
      `'\\t=1', dynamic([1]), 1, 1h,`,
      `'\\r=1', dynamic([1]), 1, 1h,`,
      `'a,b "c"\\nd', dynamic([1]), long(null), 1h,`,
      `' pad', dynamic([1]), 1, 1h]`,
    ].join(' ')
    expect((await kqlab(['query', kql, '--format', 'csv'])).stdout).toBe(
      lines(
        'Text,Bag,Number,Span',
        `"'=HYPERLINK(""http://x.test"",""y"")","{""=a"":1}",-5,-01:00:00`,
        `'+1,"""=1+1""",1,01:00:00`,
        `'-1,,1,01:00:00`,
        `'@SUM(A1),-1,1,01:00:00`,
        `'\t=1,[1],1,01:00:00`,
        `"'\r=1",[1],1,01:00:00`,
        `"a,b ""c""\nd",[1],,01:00:00`,
        '" pad",[1],1,01:00:00',
      ),
    )
  })

  it('prints a CSV header that no spreadsheet runs as a formula', async () => {
    const { stdout } = await kqlab(['query', "print ['=1+1'] = 'x'", '--format', 'csv'])
    expect(stdout).toBe(lines("'=1+1", 'x'))
  })

  it('shows what a terminal would act upon as escapes', async () => {
    const kql =
      'print x = strcat("a", unicode_codepoints_to_string(27), "[31m\\r\\n\\tb", unicode_codepoints_to_string(8238))'
    expect((await kqlab(['query', kql])).stdout.split('\n')[2]).toBe(
      'a\\u001b[31m\\r\\n\\tb\\u202e',
    )
  })

  it.each([
    ['an argument', ['query', 'print "a"'], undefined],
    ['standard input', ['query'], 'print "a"'],
    ['standard input by its sign', ['query', '-'], 'print "a"'],
    ['several lines', ['query', '-'], '// a comment\r\nlet x = "a";\r\nprint x\r\n'],
  ])('takes the query from %s', async (_, args, input) => {
    const options = input === undefined ? {} : { input }
    const { stdout } = await kqlab([...args, '--format', 'csv'], options)
    expect(stdout.split('\n')[1]).toBe('a')
  })

  it('takes the value of now and of parameters', async () => {
    const kql = 'declare query_parameters(n: long, s: string = "x"); print n + 1, s, now()'
    const args = ['--param', 'n=41', '--param', 's=a=b', '--now', '2026-01-02 03:04:05']
    const { stdout } = await kqlab(['query', kql, '--format', 'csv', ...args])
    expect(stdout.split('\n')[1]).toBe('42,a=b,2026-01-02T03:04:05.0000000Z')
  })

  it('has the time of the machine as now', async () => {
    const before = Date.now()
    const { stdout } = await kqlab(['query', 'print now()', '--format', 'csv'])
    const now = Date.parse(stdout.split('\n')[1] ?? '')
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
  })

  it.each(['declare query_parameters(n: long = 1); print n', 'print 1'])(
    'refuses a parameter that is not declared: %s',
    async kql => {
      const { code, stderr } = await kqlab(['query', kql, '--param', 'm=1'])
      expect(code).toBe(1)
      expect(stderr).toContain('error[KQL104]: The query declares no parameter `m`.')
    },
  )
})

describe('kqlab query over files', () => {
  const row = (time: string, user: string) =>
    JSON.stringify({ TimeGenerated: time, UserPrincipalName: user, ResultType: '0' })
  const folder = folderWith({
    'SigninLogs.json': lines(
      row('2026-03-01T10:00:00Z', 'ann@x.test'),
      row('2026-03-01T11:00:00Z', 'bob@x.test'),
    ),
    'more/SigninLogs_2.ndjson.gz': gzipSync(lines(row('2026-03-02T10:00:00Z', 'eve@x.test'))),
    'broken/AuditLogs.json': lines(
      '{"TimeGenerated":"2026-03-01T10:00:00Z","OperationName":"a"}',
      '{"TimeGenerated":"2026-03-01T10:00:00Z","Operat',
      '{"TimeGenerated":"never","OperationName":"c"}',
    ),
    'unknown/export.json': lines('{"a":1,"b":"x"}'),
    'zero/AuditLogs.json': '',
    'zero/thing.json': '',
    'notes/readme.txt': 'no logs',
    'q.kql': '\ufeffSigninLogs\n| count\n',
    'wrong.kql': 'SigninLogs\n| where Nothing == 1\n',
    'rule.yaml': 'name: n\nquery: |\n  SigninLogs\n  | where Nothing == 1\n',
  })
  afterAll(folder.remove)
  const at = (name: string) => join(folder.path, name)
  const csv = (...args: string[]) => kqlab(['query', ...args, '--format', 'csv'])

  it('takes the query from a file', async () => {
    const data = ['--data', at('SigninLogs.json')]
    const counted = { code: 0, stdout: lines('Count', '2'), stderr: '' }
    expect(await csv(at('q.kql'), ...data)).toEqual(counted)
    expect(await csv('--file', at('q.kql'), ...data)).toEqual(counted)
  })

  it('reads several files, folders and patterns into one table', async () => {
    const kql = 'SigninLogs | summarize make_list(UserPrincipalName)'
    const all = lines('list_UserPrincipalName', '"[""ann@x.test"",""bob@x.test"",""eve@x.test""]"')
    const paths = [at('SigninLogs.json'), at('more')]
    expect((await csv(kql, '--data', ...paths)).stdout).toBe(all)
    expect((await csv(kql, '--data', at('S*.json'), '--data', at('more/*.gz'))).stdout).toBe(all)
  })

  it('takes the table of a file from the command line', async () => {
    const kql = 'Events | project a, b'
    const { code, stdout } = await csv(kql, '--table', `Events=${at('unknown/export.json')}`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: lines('a,b', '1,x') })
  })

  it('tells what was found in a file whose table cannot be told', async () => {
    const { code, stdout, stderr } = await csv('Events | count', '--data', at('unknown'))
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(`error[KQL103]: ${at('unknown/export.json')}: It cannot be told`)
    expect(stderr).toContain('Members: a, b.')
    expect(stderr).toContain('--table NAME=PATH')
  })

  it('skips what cannot be read and says so', async () => {
    const kql = 'AuditLogs | project TimeGenerated, OperationName'
    const { code, stdout, stderr } = await csv(kql, '--data', at('broken'))
    expect(code).toBe(0)
    expect(stdout).toBe(
      lines('TimeGenerated,OperationName', '2026-03-01T10:00:00.0000000Z,a', ',c'),
    )
    const file = at('broken/AuditLogs.json')
    expect(stderr).toContain(`warning[KQL202]: ${file}:2: record skipped: `)
    expect(stderr).toContain(`warning[KQL202]: ${file}:3: value of TimeGenerated made null: `)
  })

  it('fails at what cannot be read under --strict', async () => {
    const { code, stdout, stderr } = await csv('AuditLogs', '--data', at('broken'), '--strict')
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^error\[KQL202\]: .*AuditLogs\.json:2: record cannot be read: /)
  })

  it('has an error for a table without data, at its name', async () => {
    const { code, stdout, stderr } = await csv(
      'SigninLogs\n| join AuditLogs on CorrelationId',
      '--data',
      at('SigninLogs.json'),
    )
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      lines(
        'error[KQL102]: No data were given for the table `AuditLogs`. The data hold SigninLogs.',
        ' --> query:2:8',
        '2 | | join AuditLogs on CorrelationId',
        '  |        ^^^^^^^^^',
        '  = hint: Give them with --data PATH or --table AuditLogs=PATH; with --missing-tables empty it is empty.',
        '',
      ),
    )
  })

  it('reads external data from the file that stands for their address', async () => {
    const address = 'https://example.org/feed.txt?sig=a=b'
    const query = `externaldata(line: string)['${address}'] | count`
    const given = await csv(query, '--external', `${address}=${at('SigninLogs.json')}`)
    expect(given).toMatchObject({ code: 0, stderr: '' })
    expect(given.stdout).toMatch(/^Count\r?\n[1-9]/)
    const missing = await csv(query)
    expect(missing).toMatchObject({ code: 1, stdout: '' })
    expect(missing.stderr).toContain(
      `error[KQL102]: No data was given for the external data '${address}'`,
    )
    expect(missing.stderr).toContain('--external URL=PATH')
  })

  it('takes a table without data as empty where it may be', async () => {
    const { code, stdout, stderr } = await csv('AuditLogs | count', '--missing-tables', 'empty')
    expect({ code, stdout }).toEqual({ code: 0, stdout: lines('Count', '0') })
    expect(stderr).toContain('warning[KQL102]: No data were given for the table `AuditLogs`')
  })

  it.each([
    ['a file that is not there', ['/nowhere/at/all.json'], 'There is no such file or folder.'],
    ['a pattern without a match', ['nothing-*.json'], 'No file matches it.'],
    ['a folder without logs', ['notes'], 'No logs were found there. 1 file of other kinds: '],
  ])('fails for %s', async (_, paths, message) => {
    const given = paths.map(path => (path.startsWith('/') ? path : at(path)))
    const { code, stdout, stderr } = await csv('print 1', '--data', ...given)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error\[KQL103\]: /)
    expect(stderr).toContain(message)
  })

  it('warns of empty files', async () => {
    const { code, stdout, stderr } = await csv('AuditLogs | count', '--data', at('zero'))
    expect({ code, stdout }).toEqual({ code: 0, stdout: lines('Count', '0') })
    expect(stderr).toContain(`warning[KQL203]: ${at('zero/thing.json')}: It holds no records`)
    expect(stderr).toContain('warning[KQL203]: The data given for `AuditLogs` have no rows.')
  })

  it('names the range of time of the data where ago() leaves nothing', async () => {
    const kql = 'SigninLogs | where TimeGenerated > ago(1d) | count'
    const data = ['--data', at('SigninLogs.json')]
    const { code, stdout, stderr } = await csv(kql, ...data, '--now', '2026-06-01T00:00:00Z')
    expect({ code, stdout }).toEqual({ code: 0, stdout: lines('Count', '0') })
    expect(stderr).toBe(
      lines(
        'warning[KQL204]: The time range of the query leaves nothing of `SigninLogs`: its data are from ' +
          '2026-03-01T10:00:00.0000000Z to 2026-03-01T11:00:00.0000000Z, and now is ' +
          '2026-06-01T00:00:00.0000000Z.',
        ' --> query:1:1',
        '1 | SigninLogs | where TimeGenerated > ago(1d) | count',
        '  | ^^^^^^^^^^',
        '  = hint: Take the end of the data as now with --now 2026-03-01T11:00:00.0000000Z.',
        '',
      ),
    )
    const quiet = await csv(kql, ...data, '--now', '2026-03-01T11:00:00.0000000Z')
    expect(quiet).toEqual({ code: 0, stdout: lines('Count', '2'), stderr: '' })
  })

  it('says that the data end before now where the query gives nothing otherwise', async () => {
    const kql = 'SigninLogs | where datetime_diff("day", now(), TimeGenerated) < 2'
    const data = ['--data', at('SigninLogs.json'), '--now', '2026-06-01']
    const { stderr } = await csv(kql, ...data)
    expect(stderr).toContain('but the data of `SigninLogs` end at 2026-03-01T11:00:00.0000000Z.')
    const found = await csv(`${kql} or true`, ...data)
    expect(found.stderr).toBe('')
  })

  it('is silent where the range of time is that of the query alone', async () => {
    const kql = 'SigninLogs | where TimeGenerated > datetime(2027-01-01)'
    expect((await csv(kql, '--data', at('SigninLogs.json'))).stderr).toBe('')
  })

  it('tells faults with their place in the file', async () => {
    const fault = (place: string, line: string, mark: string) =>
      lines(
        'error[KS142]: The name `Nothing` does not refer to any known column, table, variable or function.',
        ` --> ${place}`,
        `${line.slice(0, 1)} | ${line.slice(2)}`,
        `  | ${mark}`,
        '',
      )
    expect(await csv(at('wrong.kql'))).toEqual({
      code: 1,
      stdout: '',
      stderr: fault(`${at('wrong.kql')}:2:9`, '2 | where Nothing == 1', '        ^^^^^^^'),
    })
    expect(await csv(at('rule.yaml'))).toEqual({
      code: 1,
      stdout: '',
      stderr: fault(`${at('rule.yaml')}:4:11`, '4   | where Nothing == 1', '          ^^^^^^^'),
    })
  })

  it('tells faults as JSON', async () => {
    const { code, stderr } = await csv(at('rule.yaml'), '--diagnostics', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toEqual({
      file: at('rule.yaml'),
      line: 4,
      column: 11,
      endLine: 4,
      endColumn: 18,
      severity: 'error',
      code: 'KS142',
      message:
        'The name `Nothing` does not refer to any known column, table, variable or function.',
    })
    const missing = await csv('print 1', '--data', at('nope'), '--diagnostics', 'json')
    expect(JSON.parse(missing.stderr)).toEqual({
      file: at('nope'),
      severity: 'error',
      code: 'KQL103',
      message: 'There is no such file or folder.',
    })
  })

  it.each([
    [['rows'], 'SigninLogs', 1],
    [['rows'], 'SigninLogs | where false', 0],
    [['warnings'], 'SigninLogs', 0],
    [['warnings'], 'SigninLogs | where ResultType == 0', 1],
    [['rows', 'warnings'], 'SigninLogs | where false', 0],
    [['rows,warnings'], 'SigninLogs | take 1', 1],
  ])('--fail-on %j of %s gives exit code %i', async (what, kql, expected) => {
    const fail = what.flatMap(item => ['--fail-on', item])
    const { code } = await csv(kql, '--data', at('SigninLogs.json'), ...fail)
    expect(code).toBe(expected)
  })

  it('ends in a clear error beyond a limit', async () => {
    const { code, stderr } = await csv('range x from 1 to 9 step 1 | sort by x', '--max-rows', '5')
    expect(code).toBe(1)
    expect(stderr).toContain('error[KQL300]: The query keeps more than 5 rows in memory (in sort).')
    expect(stderr).toContain('raise --max-rows.')
  })

  it.each(['--memory', '--max-memory'])(
    'goes on in files beyond %s, and leaves none',
    async name => {
      const kql = [
        'range x from 1 to 40000 step 1 | extend s = strcat("a name of some length ", x)',
        'summarize n = count() by s | sort by s asc | summarize count(), take_any(s), max(s)',
      ].join(' | ')
      const folder = folderWith({}).path
      const { code, stdout, stderr } = await csv(kql, name, '1MB', '--temp-dir', folder)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout.split('\r\n')[1] ?? stdout).toContain(
        '40000,a name of some length 1,a name of some length 9999',
      )
      expect(readdirSync(folder)).toEqual([])
    },
  )

  it('bounds the memory of the process, whatever does not fit', async () => {
    const kql = [
      'range x from 1 to 800000 step 1 | extend s = strcat("a name of some length ", x, " and more")',
      'sort by s asc | summarize count(), take_any(s), max(s)',
    ].join(' | ')
    const report = 'process.on("exit",()=>console.error("maxRSS",process.resourceUsage().maxRSS))'
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(report)}` }
    const args = ['query', kql, '--format', 'csv', '--memory', '200MB']
    const { code, stdout, stderr } = await kqlab(args, { env })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        'count_,s,max_s\n800000,a name of some length 1 and more,a name of some length 99999 and more\n',
    })
    // 170 MB as it is built; without the bound of the process, 420 MB.
    const kilobytes = Number(/maxRSS (\d+)/.exec(stderr)?.[1])
    expect(kilobytes * 1024).toBeLessThan(300e6)
  })

  it('ends where neither the memory nor a file has room', async () => {
    const rows = 'range x from 1 to 40000 step 1 | extend s = strcat("a name of some length ", x)'
    const kept = await csv(`${rows} | serialize n = row_number()`, '--memory', '1MB')
    expect(kept.code).toBe(1)
    expect(kept.stderr).toContain(
      'KQL300]: The query keeps more than 1 MB in memory (in serialize).',
    )
    expect(kept.stderr).toContain('raise --memory, of which less than half is for rows.')
    const none = join(folderWith({}).path, 'none')
    const lost = await csv(`${rows} | sort by s`, '--memory', '1MB', '--temp-dir', none)
    expect(lost.code).toBe(1)
    expect(lost.stderr).toContain(
      'KQL302]: Rows that do not fit in memory cannot be put into a file',
    )
  })
})

describe('the command line of kqlab', () => {
  let help: string
  beforeAll(async () => {
    const { code, stdout, stderr } = await kqlab(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    help = stdout
  })

  it('tells its commands, examples and exit codes', () => {
    for (const word of ['query', 'run', 'explain', 'check', 'Examples:', 'Exit codes:']) {
      expect(help).toContain(word)
    }
  })

  it.each(['query', 'run', 'explain', 'check'])('tells how %s is used', async name => {
    const { code, stdout, stderr } = await kqlab([name, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: kqlab ${name} `)
    expect(stdout).toContain('--data <path...>')
    expect(stdout).toContain('Examples:')
  })

  it('prints the version of package.json', async () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'))
    expect(await kqlab(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    [[], 'Usage: kqlab'],
    [['frobnicate'], "error: unknown command 'frobnicate'"],
    [['query', 'print 1', '--dta', 'x'], "error: unknown option '--dta'"],
    [['query', 'print 1', 'print 2'], 'error: too many arguments'],
    [['query', 'print 1', '--format', 'xml'], 'Allowed choices are table, json, ndjson, csv.'],
    [['query', 'print 1', '--now', 'soon'], 'error: --now takes a time such as'],
    [['query', 'print 1', '--param', 'x'], 'error: --param takes NAME=VALUE'],
    [['query', 'print 1', '--param', 'x=1', '--param', 'x=2'], '--param x is given twice'],
    [['query', 'print 1', '--table', '=x'], 'error: --table takes NAME=PATH'],
    [['query', 'print 1', '--fail-on', 'errors'], 'Allowed choices are rows, warnings.'],
    [['query', 'print 1', '--max-rows', '0'], 'It is a whole number above 0.'],
    [['query', 'print 1', '--max-memory', 'lots'], 'It is a number of bytes'],
    [['query', 'print 1', '--file', 'q.kql'], 'error: The query is given twice'],
    [['query', '--data', 'logs', 'T | count'], 'because it stands behind --data'],
    [['run'], "error: missing required argument 'rule'"],
    [['run', 'rules', '--format', 'csv'], 'Allowed choices are table, json, ndjson.'],
    [['check'], "error: missing required argument 'path'"],
  ])('gives exit code 2 for %j', async (args, message) => {
    const { code, stdout, stderr } = await kqlab(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it.each([
    ['', 'KQL001'],
    ['nope.kql', 'KQL400'],
    ['AuditLogs |', 'KS176'],
    ['Nope | count', 'KS204'],
  ])('gives exit code 1 for the query %j', async (kql, error) => {
    const { code, stdout, stderr } = await kqlab(['query', kql])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`error[${error}]`)
  })

  it('has colours where they are asked for', async () => {
    const sequence = '\u001b['
    const args = ['query', 'print x']
    expect((await kqlab(args)).stderr).not.toContain(sequence)
    expect((await kqlab(args, { env: { FORCE_COLOR: '1' } })).stderr).toContain(sequence)
    const both = { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }
    expect((await kqlab(args, both)).stderr).not.toContain(sequence)
  })
})
