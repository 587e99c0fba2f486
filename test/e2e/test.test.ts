import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from 'tap-parser'
import { afterAll, describe, expect, it } from 'vitest'
import { GitFolder, hasGit } from '../unit/node/git-folder.ts'
import { folderWith, kqlab, lines } from './kqlab.ts'

const RULE = lines(
  'id: 11111111-1111-1111-1111-111111111111',
  'name: Failed sign-ins',
  'kind: Scheduled',
  'queryFrequency: 1h',
  'queryPeriod: 1h',
  'triggerOperator: gt',
  'triggerThreshold: 0',
  'query: |',
  '  SigninLogs',
  '  | where ResultType != "0"',
  '  | project TimeGenerated, IPAddress',
)
const TESTS = lines(
  'tests:',
  '  - name: a failed sign-in',
  '    given:',
  '      SigninLogs:',
  '        - { TimeGenerated: -5m, ResultType: "1", IPAddress: 192.0.2.1 }',
  '    expect:',
  '      rows:',
  '        - IPAddress: 192.0.2.1 # from here',
  '  - name: a sign-in',
  '    given:',
  '      SigninLogs:',
  '        - { TimeGenerated: -5m, ResultType: "0" }',
  '    expect: none',
)
const FAILING = TESTS.replace('IPAddress: 192.0.2.1 #', 'IPAddress: 192.0.2.2 #')

const { path: folder, remove } = folderWith({
  'good/a.yaml': RULE,
  'good/a.tests.yaml': TESTS,
  'bad/a.yaml': RULE,
  'bad/a.tests.yaml': FAILING,
  'silent/a.yaml': RULE,
  'silent/a.tests.yaml': TESTS.replace('ResultType: "1"', 'ResultType: "0"'),
  'broken/a.yaml': RULE,
  'broken/a.tests.yaml': TESTS.replace('expect: none', 'expects: none'),
  'inside/a.yaml': RULE + TESTS,
  'named/rule.yaml': RULE,
  'named/other.tests.yaml': `rule: rule.yaml\n${TESTS}`,
  'lonely/b.tests.yaml': TESTS,
  'untested/a.yaml': RULE,
  'untested/a.tests.yaml': TESTS,
  'untested/b.yaml': RULE.replace('Failed sign-ins', 'Another'),
  'large/a.yaml': RULE.replace('  | project', '  | sort by TimeGenerated\n  | project'),
  'large/a.tests.yaml': TESTS.replace(
    '        - {',
    '        - { TimeGenerated: -6m, ResultType: "2" }\n        - {',
  ),
  'limited/kqlab.yaml': lines('maxRows: 1'),
  'update/a.yaml': RULE,
  'update/a.tests.yaml': FAILING,
  'empty/readme.txt': '',
  'without/a.yaml': RULE,
  'without/a.tests.yaml': 'tests: []\n',
})
afterAll(remove)

const run = (...args: readonly string[]) => kqlab(['test', ...args], { cwd: folder })

describe('kqlab test', () => {
  it('passes with exit code 0', async () => {
    const { code, stdout, stderr } = await run('good')
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^✓ Failed sign-ins \(2 tests\) {2}good\/a\.tests\.yaml\n2 passed; 1 rule in \d+ ms\.\n$/,
    )
    expect(code).toBe(0)
  })

  it('shows what differs and the rows after each stage, and ends with 1', async () => {
    const { code, stdout } = await run('bad')
    expect(stdout.replace(/in \d+ ms/, 'in N ms')).toBe(
      lines(
        '✗ Failed sign-ins (2 tests)  bad/a.tests.yaml',
        '  ✗ a failed sign-in  bad/a.tests.yaml:2:11',
        '    rows: 1 of 1 row missing, 1 row unexpected',
        '      row 1 missing; row 1 of the result comes nearest:',
        '        - IPAddress: expected "192.0.2.2"',
        '        +            got      "192.0.2.1"',
        '    Rows after each stage:',
        '        1  SigninLogs',
        '        1  | where ResultType != "0"',
        '        1  | project TimeGenerated, IPAddress',
        '1 passed, 1 failed; 1 rule in N ms.',
      ),
    )
    expect(code).toBe(1)
  })

  it('says where the rows of a test that fails were left out', async () => {
    const { code, stdout } = await run('silent', '--filter', 'a failed')
    expect(stdout).toContain(
      lines(
        '    rows: 1 of 1 row missing',
        '      - row 1 missing: {"IPAddress":"192.0.2.1"}',
        '    Why row 1 did not come:',
        '      Row 1 of SigninLogs is left out by where: `ResultType != "0"`: ResultType is "0".',
        '        silent/a.yaml:10:11',
        '    Rows after each stage:',
      ),
    )
    expect(code).toBe(1)
  })

  it('ends with 2 where a file has a mistake, at its place', async () => {
    const { code, stderr } = await run('broken')
    expect(stderr).toContain('error[KQL601]: There is no `expects` here.')
    expect(stderr).toContain('broken/a.tests.yaml:13:5')
    expect(stderr).toContain('hint: Did you mean `expect`?')
    expect(code).toBe(2)
  })

  it.each([
    ['inside', 'inside/a.yaml'],
    ['inside/a.yaml', 'inside/a.yaml'],
    ['named', 'named/other.tests.yaml'],
    ['good/a.yaml', 'good/a.tests.yaml'],
    ['good/a.tests.yaml', 'good/a.tests.yaml'],
  ])('finds the tests of %s', async (path, file) => {
    const { code, stdout } = await run(path)
    expect(stdout).toContain(`(2 tests)  ${file}\n`)
    expect(code).toBe(0)
  })

  it('runs the folder at hand where none is named, and each test once', async () => {
    const { stdout } = await kqlab(['test'], { cwd: join(folder, 'good') })
    expect(stdout).toContain('2 passed; 1 rule')
    expect((await run('good', 'good/a.yaml', 'good/a.tests.yaml')).stdout).toContain(
      '2 passed; 1 rule',
    )
  })

  it.each([
    [['lonely'], 'KQL604', 'There is no rule beside the file.'],
    [['empty'], 'KQL601', 'There are no tests there.'],
    [['without'], 'KQL601', 'There are no tests in the file.'],
    [['nowhere'], 'KQL400', 'There is no such file or folder.'],
  ])('%j ends with 2 and %s', async (args, errorCode, message) => {
    const { code, stderr } = await run(...args)
    expect(stderr).toContain(`error[${errorCode}]: `)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })

  it.each([
    [['good'], '1 rule'],
    [['good', 'bad', 'untested', '--shard', '1/2'], '3 rules'],
  ])('says that a filter matches nothing of %j, and ends with 2', async (args, rules) => {
    const { code, stdout, stderr } = await run(...args, '--filter', 'zzz', '--filter', 'Another')
    expect(stderr).toBe(
      lines(
        `error[KQL601]: --filter matches none of ${rules}, and no test.`,
        '  = hint: It is a part of the name of a rule or of a test, in any case.',
        '',
      ),
    )
    expect(stdout).toMatch(/^0 passed; 0 rules in \d+ ms\.\n$/)
    expect(code).toBe(2)
  })

  it('leaves a part of the tests empty where a filter matches few', async () => {
    const args = ['--filter', 'zzz', '--filter', 'A SIGN', '--shard', '1/2']
    const { code, stdout, stderr } = await run('good', ...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^0 passed; 0 rules in \d+ ms\.\n$/)
  })

  it.skipIf(!hasGit())('takes it that no rule has changed, but no wrong filter', async () => {
    const git = new GitFolder()
    const named = RULE.replace('Failed sign-ins', 'Another')
    const files = { 'a.yaml': RULE, 'a.tests.yaml': TESTS, 'b.yaml': named, 'b.tests.yaml': TESTS }
    git.commit(files)
    const changed = async (filter: string) => {
      const args = ['test', '--changed', 'HEAD', '--filter', filter]
      const { code, stderr } = await kqlab(args, { cwd: git.path })
      return { code, stderr }
    }
    const unchanged = lines('info[KQL421]: Nothing of what is named has changed since HEAD.', '')
    expect(await changed('Failed')).toEqual({ code: 0, stderr: unchanged })
    const none = lines(
      'error[KQL601]: --filter matches none of 2 rules, and no test.',
      '  = hint: It is a part of the name of a rule or of a test, in any case.',
      '',
    )
    expect(await changed('zzz')).toEqual({ code: 2, stderr: unchanged + none })
    git.write({ 'b.yaml': `${named}severity: Low\n` })
    expect(await changed('Failed')).toEqual({ code: 0, stderr: '' })
    git.remove()
  })

  it.each([
    [['--shard', '3/2']],
    [['--shard', 'x']],
    [['--format', 'xml']],
    [['--report', 'junit']],
    [['--report', 'xml=a']],
    [['--report', 'json=nowhere/a.json']],
    [['--minimum-tests', '0']],
  ])('%j is no command line', async args => {
    expect((await run('good', ...args)).code).toBe(2)
  })

  it('runs a part of the tests', async () => {
    expect((await run('bad', '--filter', 'A SIGN')).stdout).toContain('1 passed; 1 rule')
    expect((await run('bad', '--shard', '2/2')).stdout).toContain('1 passed; 1 rule')
    expect((await run('bad', '--bail', '--format', 'json')).stdout).not.toContain('a sign-in')
  })

  it('runs rules within the limits of the options, or of the configuration', async () => {
    const fault = 'The query keeps more than 1 rows in memory'
    expect((await run('large', '--memory', '1G', '--temp-dir', '.')).stdout).not.toContain(fault)
    expect((await run('large', '--max-rows', '1')).stdout).toContain(fault)
    const limited = await run('large', '--config', 'limited/kqlab.yaml')
    expect(limited).toMatchObject({ code: 1, stdout: expect.stringContaining(fault) })
  })

  it('wants a number of tests of every rule', async () => {
    expect((await run('good', '--minimum-tests', '2')).code).toBe(0)
    const few = await run('good', '--minimum-tests', '3')
    expect(few.stderr).toContain('The rule has 2 of at least 3 tests.')
    expect(few.code).toBe(1)
    const none = await run('untested', '--minimum-tests', '1')
    expect(none.stderr).toContain('untested/b.yaml')
    expect(none.code).toBe(1)
    expect((await run('untested')).code).toBe(0)
  })

  it('writes reports to files beside the one that it prints', async () => {
    const junit = join(folder, 'out.xml')
    const sarif = join(folder, 'out.sarif')
    const args = ['--format', 'tap', '--report', `junit=${junit}`, '--report', `sarif=${sarif}`]
    const { code, stdout } = await run('bad', ...args)
    expect(
      Parser.parse(stdout, { strict: true }).filter(([kind]) => kind === 'assert'),
    ).toHaveLength(2)
    expect(readFileSync(junit, 'utf8')).toContain('<testsuites name="kqlab" tests="2" failures="1"')
    expect(JSON.parse(readFileSync(sarif, 'utf8')).runs[0].results).toHaveLength(1)
    expect(code).toBe(1)
  })

  it('updates what does not hold, after it has shown it', async () => {
    const { code, stdout, stderr } = await run('update', '--update')
    expect(stdout).toContain('- IPAddress: expected "192.0.2.2"')
    expect(stderr).toContain('update/a.tests.yaml: 1 test updated.')
    expect(code).toBe(0)
    const text = readFileSync(join(folder, 'update/a.tests.yaml'), 'utf8')
    expect(text).toBe(
      TESTS.replace('- IPAddress: 192.0.2.1 # from here', '- { IPAddress: "192.0.2.1" }'),
    )
    expect((await run('update')).code).toBe(0)
  })
})

describe('hostile files', () => {
  const name = 'x ]]> ::error::y <script>z</script> | \\u001b[31m'
  const { path: hostile, remove: removeHostile } = folderWith({
    'a.yaml': RULE,
    'a.tests.yaml': FAILING.replace('a failed sign-in', `"${name}"`),
    'deep/a.yaml': RULE,
    'deep/a.tests.yaml': `tests: ${'['.repeat(100_000)}`,
    'proto/a.yaml': RULE,
    'proto/a.tests.yaml': `__proto__: { tests: [] }\nfixtures: { __proto__: { SigninLogs: { __proto__: { __proto__: 1 } } } }\ntests: []\n`,
  })
  afterAll(removeHostile)
  const attack = (...args: readonly string[]) => kqlab(['test', ...args], { cwd: hostile })

  it.each(['pretty', 'json', 'junit', 'tap', 'sarif', 'github', 'markdown'])(
    'get nothing past the report %s',
    async format => {
      const { code, stdout, stderr } = await attack('a.yaml', '--format', format)
      expect(stderr).toBe('')
      expect(stdout).not.toContain('\u001b')
      if (format === 'junit' || format === 'markdown') expect(stdout).not.toContain('<script')
      expect(stdout.split('\n').filter(line => line.startsWith('::error::'))).toEqual([])
      expect(code).toBe(1)
    },
  )

  it.each(['deep', 'proto'])('%s is refused', async path => {
    const { code, stderr } = await attack(path)
    expect(stderr).toMatch(/error\[KQL60[0-3]\]/)
    expect(stderr).not.toContain('defect')
    expect(code).toBe(2)
  })
})
