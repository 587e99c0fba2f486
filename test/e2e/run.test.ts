import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { folderWith, kqlab, lines, projectRoot } from './kqlab.ts'

const slugs = readdirSync(join(projectRoot, 'rules'), { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(entry => entry.name)

describe('kqlab run over the bundled rules', () => {
  it.each(['log-analytics', 'diagnostic-settings'])(
    'finds the expected rows in %s',
    async shape => {
      const data = slugs.map(slug => `rules/${slug}/fixtures/${shape}`)
      const { code, stdout } = await kqlab(['run', 'rules', '--data', ...data, '--format', 'json'])
      expect(code).toBe(0)
      const result = JSON.parse(stdout)
      expect(result.rules).toHaveLength(slugs.length)
      for (const [index, slug] of slugs.entries()) {
        const text = readFileSync(join(projectRoot, 'rules', slug, 'expected.json'), 'utf8')
        const { now, columns, rows } = JSON.parse(text)
        expect(result.now).toBe(now)
        const rule = result.rules[index]
        expect(rule.file).toBe(join('rules', slug, `${slug}.yaml`))
        expect(rule.columns).toEqual(columns)
        expect(rule.rows).toEqual(rows)
      }
      expect(result.rules[0]).toMatchObject({ kind: 'Scheduled', severity: 'High' })
      expect(result.rules[1]).toMatchObject({ kind: 'Hunting', severity: null })
    },
  )

  it('prints rows under the name and the severity of each rule', async () => {
    const data = slugs.map(slug => `rules/${slug}/fixtures/log-analytics`)
    const { code, stdout, stderr } = await kqlab(['run', 'rules', '--data', ...data])
    expect(code).toBe(0)
    const printed = stdout.split('\n')
    const headings = printed.filter(line => / \[.*\]$/.test(line))
    expect(headings).toEqual([
      'PIM Role Activation Followed by Non-Interactive Token Use [High, Scheduled]',
      'Temporary Access Pass created for user account [Hunting]',
    ])
    expect(printed[0]).toBe(
      'now is 2026-03-17T15:42:07.3184605Z, the newest TimeGenerated in the data.',
    )
    expect(printed.filter(line => / rows$/.test(line))).toEqual(['13 rows', '15 rows'])
    expect(printed.at(-2)).toBe('2 rules, 2 with rows, 28 rows.')
    expect(stderr).toMatch(/^warning\[KQL200\]: .*\n {2}--> rules\/pim[^\n]*\.yaml:42:11\n/)
  })
})

describe('kqlab run', () => {
  const rule = (name: string, query: string, more = '') =>
    `id: ${name}\nname: ${name}\n${more}query: |\n${query.replaceAll(/^/gm, '  ')}\n`
  const row = (time: string, operation: string) =>
    JSON.stringify({ TimeGenerated: time, OperationName: operation })
  const folder = folderWith({
    'rules/a-broken.yaml': rule('broken', 'AuditLogs\n| where Nope == 1', 'severity: Low\n'),
    'rules/b-fails.yaml': rule('fails', 'AuditLogs\n| sort by OperationName'),
    'rules/c-good.yml': rule(
      'good',
      'AuditLogs\n| where TimeGenerated > ago(1h)\n| project OperationName',
      'kind: NRT\nseverity: Informational\n',
    ),
    'rules/deep/d-none.yaml': rule('none', 'AuditLogs | where OperationName == "z"'),
    'rules/deep/d-none.tests.yaml': rule('tests', 'print 1'),
    'rules/compose.yaml': 'services:\n  web: {}\n',
    'rules/notes.md': '# notes\n',
    'invalid/bad.yaml': 'name: bad\nquery: |\n  print 1\n worse: [\n',
    'invalid/good.yaml': rule('good', 'print 1'),
    'noquery/rule.yaml': 'name: n\nkind: Scheduled\n',
    'other/list.yaml': '- 1\n',
    'plain.kql': 'print 1\n',
    'hostile.yaml': 'name: "\\e[31m<b>x"\nquery: print 1\n',
    'AuditLogs.json': lines(
      row('2026-03-01T08:00:00Z', 'old'),
      row('2026-03-01T10:00:00.1234567Z', 'new'),
    ),
  })
  afterAll(folder.remove)
  const run = (...args: string[]) => kqlab(['run', ...args], { cwd: folder.path })
  const data = ['--data', 'AuditLogs.json']

  it('reports the rule that fails with its place, and runs the others', async () => {
    const { code, stdout, stderr } = await run('rules', ...data, '--max-rows', '1')
    expect(code).toBe(1)
    expect(stdout).toBe(
      lines(
        'now is 2026-03-01T10:00:00.1234567Z, the newest TimeGenerated in the data.',
        '',
        'broken [Low, Hunting]',
        'failed',
        '',
        'fails [Hunting]',
        'failed',
        '',
        'good [Informational, NRT]',
        'OperationName',
        '-------------',
        'new',
        '1 row',
        '',
        'none [Hunting]',
        '0 rows',
        '',
        '4 rules, 2 failed, 1 with rows, 1 row.',
      ),
    )
    expect(stderr).toContain(
      lines(
        'error[KS142]: The name `Nope` does not refer to any known column, table, variable or function.',
        ` --> ${join('rules', 'a-broken.yaml')}:6:11`,
        '6 |   | where Nope == 1',
        '  |           ^^^^',
      ),
    )
    expect(stderr).toContain(
      lines(
        'error[KQL300]: The query keeps more than 1 rows in memory (in sort).',
        ` --> ${join('rules', 'b-fails.yaml')}:5:5`,
      ),
    )
  })

  it('takes the time that is given', async () => {
    const { stdout } = await run('rules/c-good.yml', ...data, '--now', '2026-03-01T08:30:00Z')
    expect(stdout).toContain('now is 2026-03-01T08:30:00.0000000Z.\n')
    expect(stdout).toContain('\nold\nnew\n2 rows\n')
  })

  it('prints JSON for rules that ran and for those that failed', async () => {
    const { code, stdout } = await run(
      'rules/a-broken.yaml',
      'rules/c-good.yml',
      ...data,
      '--format',
      'json',
    )
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      now: '2026-03-01T10:00:00.1234567Z',
      rules: [
        {
          file: 'rules/a-broken.yaml',
          id: 'broken',
          name: 'broken',
          kind: 'Hunting',
          severity: 'Low',
          failed: true,
        },
        {
          file: 'rules/c-good.yml',
          id: 'good',
          name: 'good',
          kind: 'NRT',
          severity: 'Informational',
          columns: [{ name: 'OperationName', type: 'string' }],
          rows: [['new']],
        },
      ],
    })
  })

  it('prints a JSON object a row', async () => {
    const { stdout } = await run('rules/c-good.yml', ...data, '--format', 'ndjson')
    expect(stdout.endsWith('}\n')).toBe(true)
    expect(JSON.parse(stdout)).toEqual({
      rule: {
        file: 'rules/c-good.yml',
        id: 'good',
        name: 'good',
        kind: 'NRT',
        severity: 'Informational',
      },
      row: { OperationName: 'new' },
    })
  })

  it('runs each file once', async () => {
    const { stdout } = await run('rules/c-good.yml', 'rules/c-good.yml', ...data)
    expect(stdout).toContain('1 rule, 1 with rows, 1 row.')
  })

  it('says where now comes from when the data have no time', async () => {
    const { code, stdout } = await run('invalid/good.yaml')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^now is .*Z, by the clock: what the rules read has no TimeGenerated\.\n/,
    )
  })

  it('reports a table without data at its name in the rule', async () => {
    const { code, stdout, stderr } = await run('rules/c-good.yml')
    expect(code).toBe(1)
    expect(stdout).toContain('good [Informational, NRT]\nfailed\n')
    expect(stderr).toContain(
      lines(
        'error[KQL102]: No data were given for the table `AuditLogs`.',
        ' --> rules/c-good.yml:6:3',
        '6 |   AuditLogs',
        '  |   ^^^^^^^^^',
      ),
    )
    const empty = await run('rules/c-good.yml', '--missing-tables', 'empty')
    expect(empty.code).toBe(0)
    expect(empty.stdout).toContain('0 rows\n')
  })

  it('reports a file that is not YAML with its place, and runs the others', async () => {
    const { code, stdout, stderr } = await run('invalid')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^error\[KQL400\]: [^\n]+\n --> invalid\/bad\.yaml:[45]:\d+\n/)
    expect(stdout).toContain('2 rules, 1 failed, 1 with rows, 1 row.')
  })

  it.each([
    ['noquery', 'error[KQL401]: The rule has no query.'],
    ['other', 'error[KQL401]: other: It holds no rule.'],
    ['other/list.yaml', 'error[KQL401]: The file is not a rule'],
    ['rules/compose.yaml', 'error[KQL401]: The rule has no query.'],
    ['plain.kql', 'error[KQL401]: plain.kql: It is a query of its own, not a rule.'],
    ['nowhere', 'error[KQL400]: nowhere: There is no such file or folder.'],
  ])('fails for %s', async (path, message) => {
    const { code, stdout, stderr } = await run(path, ...data)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('shows a name that a terminal would act upon as it is written', async () => {
    const { stdout } = await run('hostile.yaml')
    expect(stdout).toContain('\\u001b[31m<b>x [Hunting]\n')
  })

  it.each([
    ['rules/c-good.yml', 'rows', 1],
    ['rules/deep', 'rows', 0],
    ['rules/deep', 'warnings', 0],
  ])('%s --fail-on %s gives exit code %i', async (path, what, expected) => {
    expect((await run(path, ...data, '--fail-on', what)).code).toBe(expected)
  })
})
