import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, lines } from './kqlab.ts'

const folder = folderWith({
  'rule.yaml': lines(
    'id: r1',
    'name: Failures',
    'kind: Scheduled',
    'severity: Low',
    'queryFrequency: 1h',
    'queryPeriod: 1h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    'query: |',
    '  Logins',
    '  | where Result == "fail"',
    '  | join kind=leftanti Allowed on Ip',
  ),
  'often.yaml': lines(
    'id: o',
    'name: o',
    'kind: Scheduled',
    'queryFrequency: 15m',
    'query: Logins',
  ),
  'nrt.yaml': lines('id: n', 'name: n', 'kind: NRT', 'queryPeriod: 1h', 'query: Logins'),
  'many/a.yaml': 'id: a\nname: a\nquery: Logins\n',
  'many/b.yaml': 'id: b\nname: b\nquery: Logins\n',
  'Logins.json': lines(
    '{"TimeGenerated":"2026-05-04T08:00:00Z","Ip":"192.0.2.1","Result":"fail"}',
    '{"TimeGenerated":"2026-05-04T09:00:00Z","Ip":"192.0.2.2","Result":"\\u001b[31mok"}',
    '{"TimeGenerated":"2026-05-04T09:30:00Z","Ip":"192.0.2.3","Result":"fail"}',
  ),
  'Allowed.json': lines('{"Ip":"192.0.2.1"}'),
})
afterAll(folder.remove)

const DATA = ['--table', 'Logins=Logins.json', '--table', 'Allowed=Allowed.json']
const why = (...args: string[]) =>
  kqlab(['why', 'rule.yaml', ...DATA, ...args], { cwd: folder.path })

describe('kqlab why', () => {
  it('says of each row where it ended, and shows nothing that a terminal would act upon', async () => {
    const { code, stdout, stderr } = await why('--table', 'Logins', '--rows', '1,2,3')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toBe(
      lines(
        'now is 2026-05-04T09:30:00.0000000Z, the newest TimeGenerated in the data.',
        '',
        'Row 1 of Logins (2026-05-04T08:00:00.0000000Z) is left out by join: a row with the same key is on the right side (row 1 of Allowed): Ip is "192.0.2.1".',
        '  --> rule.yaml:12:5',
        '12 |   | join kind=leftanti Allowed on Ip',
        '   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
        '  It came through where (line 11).',
        '',
        'Row 2 of Logins (2026-05-04T09:00:00.0000000Z) is left out by where: `Result == "fail"`: Result is "\\u001b[31mok".',
        '  --> rule.yaml:11:11',
        '11 |   | where Result == "fail"',
        '   |           ^^^^^^^^^^^^^^^^',
        '',
        'Row 3 of Logins (2026-05-04T09:30:00.0000000Z) is found: it is in row 1 of the result.',
        '  --> rule.yaml:12:5',
        '12 |   | join kind=leftanti Allowed on Ip',
        '   |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
        '  It came through where (line 11), join (line 12).',
      ),
    )
  })

  it('prints data, with the window of the run', async () => {
    const args = ['--table', 'Logins', '--where', 'Ip endswith ".1"', '--format', 'json']
    const { code, stdout } = await why(...args, '--at', '2026-05-04T09:30:00Z')
    expect(code).toBe(0)
    const { now, window, chosen, rows } = JSON.parse(stdout)
    expect({ now, window, chosen }).toEqual({
      now: '2026-05-04T09:30:00.0000000Z',
      window: { from: '2026-05-04T08:30:00.0000000Z', to: '2026-05-04T09:30:00.0000000Z' },
      chosen: 1,
    })
    expect(rows).toMatchObject([
      {
        table: 'Logins',
        row: 1,
        outcome: 'dropped',
        values: { Ip: '192.0.2.1', Result: 'fail' },
        paths: [
          {
            stages: [],
            end: {
              reason: 'window',
              place: {
                file: 'rule.yaml',
                line: 10,
                column: 3,
                endLine: 10,
                endColumn: 9,
                text: 'Logins',
              },
            },
          },
        ],
      },
    ])
  })

  it('takes the values of query parameters, as the query does', async () => {
    const kql =
      'declare query_parameters(wanted: string = "ok", n: long); Logins | where Result == wanted | take n'
    const follow = (...args: string[]) =>
      kqlab(['why', kql, '--table', 'Logins=Logins.json', '--rows', '3', ...args], {
        cwd: folder.path,
      })
    const given = await follow('--param', 'n=1', '--param', 'wanted=fail')
    expect(given.stdout).toContain(
      'Row 3 of Logins (2026-05-04T09:30:00.0000000Z) is left out by take: it is row 2 of 2 here, and take keeps the first 1.',
    )
    const preset = await follow('--param', 'n=1')
    expect(preset.stdout).toContain(
      'is left out by where: `Result == wanted`: Result is "fail", wanted is "ok".',
    )
    const none = await follow()
    expect(none.code).toBe(1)
    expect(none.stderr).toContain('The query parameter `n` has no value.')
    const unknown = await follow('--param', 'n=1', '--param', 'm=1')
    expect(unknown.stderr).toContain('error[KQL104]: The query declares no parameter `m`.')
  })

  it.each([
    // Without a queryPeriod, runs look back as far as they are apart.
    ['often.yaml', { from: '2026-05-04T09:15:00.0000000Z', to: '2026-05-04T09:30:00.0000000Z' }],
    // Near real time, rows are seen by their arrival.
    ['nrt.yaml', { to: '2026-05-04T09:30:00.0000000Z' }],
  ])('has the window of the runs of %s', async (rule, window) => {
    const args = ['--rows', '1', '--at', '2026-05-04T09:30:00Z', '--format', 'json']
    const { stdout } = await kqlab(['why', rule, '--table', 'Logins=Logins.json', ...args], {
      cwd: folder.path,
    })
    expect(JSON.parse(stdout).window).toEqual(window)
  })

  it('says how many rows it leaves out', async () => {
    const { stdout } = await why('--table', 'Logins', '--where', 'true', '--limit', '1')
    expect(stdout).toMatch(/\n\n2 more rows chosen: --limit follows more\.\n$/)
    const none = await why('--table', 'Logins', '--where', 'false')
    expect(none.stdout).toMatch(/\n\nNo row of the table is chosen\.\n$/)
  })

  it.each([
    [
      ['--rows', '1'],
      'The table whose rows to follow is missing. The query reads Logins, Allowed.',
    ],
    [
      ['--table', 'Nope', '--rows', '1'],
      'The query does not read the table Nope. It reads Logins, Allowed.',
    ],
    [['--table', 'Logins', '--rows', '4'], '--rows 4: the table has 3 rows.'],
    [
      ['--table', 'Logins'],
      'Which rows to follow is missing: give --where CONDITION or --rows 1,2.',
    ],
    [
      ['--table', 'Logins', '--rows', '1', '--where', 'true'],
      'Rows are chosen twice: by number and by a condition.',
    ],
    [
      ['--table', 'Logins', '--table', 'Allowed', '--rows', '1'],
      '--table Allowed: rows of Logins are followed already.',
    ],
    [
      ['--table', 'Logins', '--rows', '1', '--at', 'soon'],
      "--at takes a time such as 2026-03-17T15:00:00Z, not 'soon'.",
    ],
    [['--rows', '1', '--param', 'n'], "--param takes NAME=VALUE, not 'n'."],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await why(...args)
    expect(stderr).toContain(`error: ${message}\n`)
    expect(code).toBe(2)
  })

  it('reports a condition that has an error, and rules that are too many', async () => {
    const wrong = await why('--table', 'Logins', '--where', 'Nope == 1')
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toContain(
      ' --> the condition on rows:1:16\n1 | Logins | where Nope == 1\n',
    )
    const many = await kqlab(['why', 'many', ...DATA, '--rows', '1'], { cwd: folder.path })
    expect(many.stderr).toContain('many holds more than one rule: rows are followed through one.')
    expect(many.code).toBe(2)
  })

  it('keeps no more than it may', async () => {
    const { code, stderr } = await why('--table', 'Logins', '--rows', '1', '--max-rows', '3')
    expect(code).toBe(1)
    expect(stderr).toContain('error[KQL300]')
  })
})
