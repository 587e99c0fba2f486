import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mmdbOf } from '../unit/node/mmdb.ts'
import { kqlab, lines, projectRoot } from './kqlab.ts'

const NOW = ['--now', '2026-03-17T15:42:07Z']
const RULES = [
  'pim-role-activation-followed-by-non-interactive-token-use',
  'temporary-access-pass-created-for-user-account',
].map(slug => `rules/${slug}/${slug}.yaml`)

const folder = mkdtempSync(join(tmpdir(), 'kqlab-synth-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('kqlab synth', () => {
  it.each(RULES.map((rule, index) => ({ rule, logs: join(folder, String(index)) })))(
    'makes rows on which the rule fires: $rule',
    async ({ rule, logs }) => {
      expect(await kqlab(['synth', rule, ...NOW, '-o', logs])).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      })
      const ran = await kqlab(['run', rule, '--data', logs, ...NOW, '--fail-on', 'rows'])
      expect(ran.code).toBe(1)
      expect(ran.stdout).toContain('1 rule, 1 with rows, 1 row.')
    },
  )

  it('prints the given rows of a test', async () => {
    const query = 'SigninLogs | where UserPrincipalName == "a@b.c" and ResultType != "0"'
    expect(await kqlab(['synth', query, ...NOW, '--format', 'yaml'])).toEqual({
      code: 0,
      stderr: '',
      stdout: lines(
        'now: 2026-03-17T15:42:07.0000000Z',
        'given:',
        '  SigninLogs:',
        '    - TimeGenerated: 2026-03-17T15:12:07.0000000Z',
        '      ResultType: "1"',
        '      UserPrincipalName: a@b.c',
      ),
    })
  })

  it('prints longs of any size', async () => {
    const query = 'B_CL | where Id == 9007199254740993'
    const schema = ['--schema', 'B_CL=TimeGenerated:datetime,Id:long']
    const { stdout, code } = await kqlab(['synth', query, ...NOW, ...schema])
    expect(stdout).toContain('"Id":"9007199254740993"')
    expect(code).toBe(0)
    const rows = join(folder, 'longs.ndjson')
    writeFileSync(rows, stdout)
    const ran = await kqlab([
      'query',
      `${query} | count`,
      '--data',
      rows,
      ...schema,
      '--format',
      'csv',
    ])
    expect(ran.stdout).toBe('Count\n1\n')
  })

  it('makes as many rows as raise an alert of a rule that fires at another number', async () => {
    const rule = join(folder, 'other.yaml')
    const trigger = 'kind: Scheduled\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: ne\n'
    writeFileSync(rule, `name: A\n${trigger}triggerThreshold: 1\nquery: AuditLogs\n`)
    const { stdout } = await kqlab(['synth', rule, ...NOW])
    expect(stdout.trim().split('\n')).toHaveLength(2)
  })

  it('tells that a rule does not fire at as many rows', async () => {
    const rule = join(folder, 'silence.yaml')
    const trigger = 'kind: Scheduled\nqueryFrequency: 1h\nqueryPeriod: 1h\ntriggerOperator: lt\n'
    writeFileSync(rule, `name: A\n${trigger}triggerThreshold: 1\nquery: AuditLogs\n`)
    const { code, stderr } = await kqlab(['synth', rule, ...NOW])
    expect(code).toBe(1)
    expect(stderr).toContain(
      'error[KQL620]: The query gives 1 row over what was made; the rule fires at fewer than 1.',
    )
    expect(stderr).toContain('silence.yaml:6:')
  })

  it('tells what it could not solve, and where', async () => {
    const query = 'SigninLogs | where AppId == "a" | where AppId == "b"'
    const { code, stderr } = await kqlab(['synth', query, ...NOW])
    expect(code).toBe(1)
    expect(stderr).toContain('error[KQL620]: No value was found for `AppId == "b"`')
    expect(stderr).toContain('--> query:1:41')
  })

  it('tells what was left to chance', async () => {
    const query = 'SigninLogs | sort by TimeGenerated asc | extend k = row_number() | where k == 1'
    const { code, stderr } = await kqlab(['synth', query, ...NOW])
    expect(code).toBe(0)
    expect(stderr).toContain('warning[KQL621]: A window function is not traced back.')
  })

  it('refuses a query with errors, and a place that cannot be written', async () => {
    const wrong = await kqlab(['synth', 'SigninLogs | where Nope == 1', ...NOW])
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toContain('error[KS142]')
    const output = join(projectRoot, 'package.json', 'x')
    const unwritten = await kqlab(['synth', 'SigninLogs', ...NOW, '-o', output])
    expect(unwritten).toMatchObject({ code: 1, stdout: '' })
    expect(unwritten.stderr).toContain('error[KQL400]')
  })

  it('takes values from external data, and tells where there are none', async () => {
    const list = join(folder, 'list.csv')
    writeFileSync(list, 'name,risk\nann@x.example,1\nbob@x.example,2\n')
    const address = 'https://lists.example/a.csv'
    const query = `SigninLogs | where UserPrincipalName in (externaldata(name:string, risk:int)
      ['${address}'] with (ignoreFirstRecord=true) | where risk == 2 | project name)`
    const made = await kqlab(['synth', query, ...NOW, '--external', `${address}=${list}`])
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(made.stdout).UserPrincipalName).toBe('bob@x.example')
    const without = await kqlab(['synth', query, ...NOW])
    expect(without.code).toBe(1)
    expect(without.stderr).toContain(
      `The run fails: No data was given for the external data '${address}': addresses are never opened.\n`,
    )
    expect(without.stderr).toContain('External data is not traced back.')
  })

  it('knows where addresses are from --geoip, which are nowhere without', async () => {
    const database = join(folder, 'city.mmdb')
    writeFileSync(database, mmdbOf({ '192.0.2.0/24': { country: { names: { en: 'Examplia' } } } }))
    const query = `datatable(ip:string)['198.51.100.1', '192.0.2.7']
      | where geo_info_from_ip_address(ip).country == 'Examplia'
      | join kind=inner SigninLogs on $left.ip == $right.IPAddress`
    const made = await kqlab(['synth', query, ...NOW, '--geoip', database])
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(made.stdout).IPAddress).toBe('192.0.2.7')
    const without = await kqlab(['synth', query, ...NOW])
    expect(without.code).toBe(1)
    expect(without.stderr).toContain('error[KQL620]')
  })

  it('gives tables of any names files of their own', async () => {
    const query = "['Größe'] | where a == 'x' | join (['Gr_ße'] | where a == 'x') on a"
    const output = join(folder, 'named')
    const schemas = ['Größe=a:string', 'Gr_ße=a:string'].flatMap(each => ['--schema', each])
    const { code, stderr } = await kqlab(['synth', query, ...NOW, ...schemas, '-o', output])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(readdirSync(output).sort()).toEqual(['Gr__e-2.ndjson', 'Gr__e.ndjson'])
  })

  it('writes over no file, and beside none, unless told to', async () => {
    const logs = join(folder, 'given')
    mkdirSync(logs)
    writeFileSync(join(logs, 'SigninLogs.ndjson'), 'kept')
    const write = (...more: string[]) => kqlab(['synth', 'SigninLogs', ...NOW, '-o', logs, ...more])
    expect((await write()).stderr).toContain('There is such a file already.')
    expect(readFileSync(join(logs, 'SigninLogs.ndjson'), 'utf8')).toBe('kept')
    expect((await write('--force')).code).toBe(0)
    expect(readFileSync(join(logs, 'SigninLogs.ndjson'), 'utf8')).toContain('"Type":"SigninLogs"')
    // A name of a table may look like a path.
    const outside = await kqlab([
      ...['synth', "['../outside']", ...NOW, '-o', join(folder, 'other')],
      ...['--schema', '../outside=TimeGenerated:datetime'],
    ])
    expect(existsSync(join(folder, 'outside.ndjson'))).toBe(false)
    expect([outside.code, existsSync(join(folder, 'other', '.._outside.ndjson'))]).toEqual([
      0,
      true,
    ])
  })

  it('prints what docs/synth.md shows', async () => {
    const text = readFileSync(join(projectRoot, 'docs/synth.md'), 'utf8')
    const [, query = '', now = '', shown = ''] =
      /^\$ kqlab synth '(.*)' --now (\S+)\n([\s\S]*?)^```$/m.exec(text) ?? []
    expect(await kqlab(['synth', query, '--now', now])).toEqual({
      code: 0,
      stdout: shown,
      stderr: '',
    })
  })
})
