import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GitFolder, hasGit } from '../unit/node/git-folder.ts'
import { kqlab, lines } from './kqlab.ts'

const rule = (id: number, query = 'SigninLogs | where ResultType != "0"') =>
  lines(
    `id: 11111111-1111-4111-8111-11111111111${id}`,
    `name: Rule ${id}`,
    'kind: Scheduled',
    'queryFrequency: 1h',
    'queryPeriod: 1h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    `query: ${JSON.stringify(query)}`,
  )
const given = (rows: string) =>
  lines('tests:', `  - { name: fires, given: { SigninLogs: ${rows} }, expect: rows }`)
const TESTS = given('[{ TimeGenerated: -5m, ResultType: "1" }]')
const FILE = given('{ file: ../data/logs.json }').replace(
  'fires,',
  'fires, now: 2026-01-01T12:00Z,',
)
const LOG = '{"TimeGenerated":"2026-01-01T11:55:00Z","ResultType":"1"}\n'

if (!hasGit()) console.log('skipped: there is no git on this machine')

describe.skipIf(!hasGit())('--changed', () => {
  let folder: GitFolder

  beforeAll(() => {
    folder = new GitFolder()
    folder.commit({
      'rules/a.yaml': rule(1),
      'rules/a.tests.yaml': TESTS,
      'rules/b.yaml': rule(2),
      'rules/b.tests.yaml': TESTS,
      'rules/c.yaml': rule(3),
      'rules/c.tests.yaml': FILE,
      'rules/d.yaml': rule(4),
      'rules/e.yaml': rule(5),
      'rules/e.tests.yaml': FILE.replace('../data/logs.json', '../more'),
      'rules/f.yaml': rule(6),
      'rules/f.tests.yaml': FILE.replace('../data/logs.json', '"../many/*.ndjson"'),
      'data/logs.json': LOG,
      'more/deep/log.json': LOG,
      'many/a.ndjson': LOG,
      'many/b.ndjson': LOG,
      'lists/a.csv': 'k\n1\n',
      'out/list.csv': 'x\n',
      'functions/Own.kql': 'let Own = () { SigninLogs };\n',
      'kqlab.yaml': lines(
        'functions: functions',
        'watchlists: { w: "lists/*.csv" }',
        'externalData: { "https://example.com/list.csv": out/list.csv }',
      ),
    })
    folder.git('checkout', '--quiet', '-b', 'work')
  })
  afterAll(() => folder?.remove())

  const run = (command: string, ...args: readonly string[]) =>
    kqlab([command, 'rules', '--changed', 'main', ...args], { cwd: folder.path })

  /** The rules whose tests are run after a change that is not committed, which is undone. */
  async function rulesAfter(files: Readonly<Record<string, string>>): Promise<string[]> {
    folder.write(files)
    const { stdout } = await run('test', '--format', 'json')
    folder.git('checkout', '--quiet', '.')
    return JSON.parse(stdout).suites.map((suite: { rule: string }) => suite.rule)
  }

  it.each([
    ['a rule', { 'rules/a.yaml': `${rule(1)}# x\n` }, ['Rule 1']],
    ['tests', { 'rules/b.tests.yaml': `${TESTS}# x\n` }, ['Rule 2']],
    ['data of tests', { 'data/logs.json': LOG + LOG }, ['Rule 3']],
    ['data in a folder', { 'more/deep/log.json': LOG + LOG }, ['Rule 5']],
    ['data of a pattern', { 'many/b.ndjson': LOG + LOG }, ['Rule 6']],
    [
      'a watchlist of a pattern',
      { 'lists/a.csv': 'k\n2\n' },
      ['Rule 1', 'Rule 2', 'Rule 3', 'Rule 5', 'Rule 6'],
    ],
    [
      'what stands for external data',
      { 'out/list.csv': 'y\n' },
      ['Rule 1', 'Rule 2', 'Rule 3', 'Rule 5', 'Rule 6'],
    ],
    ['a rule without tests', { 'rules/d.yaml': `${rule(4)}# x\n` }, []],
    [
      'a saved function',
      { 'functions/Own.kql': 'let Own = () { AuditLogs };\n' },
      ['Rule 1', 'Rule 2', 'Rule 3', 'Rule 5', 'Rule 6'],
    ],
    [
      'the configuration',
      { 'kqlab.yaml': 'functions: functions\nignore: [KQL200]\n' },
      ['Rule 1', 'Rule 2', 'Rule 3', 'Rule 5', 'Rule 6'],
    ],
  ])('%s: runs the tests that it decides about', async (_, files, rules) => {
    expect(await rulesAfter(files)).toEqual(rules)
  })

  it('runs none where nothing has changed, and says so', async () => {
    const { code, stdout, stderr } = await run('test')
    expect(stderr).toBe('info[KQL421]: Nothing of what is named has changed since main.\n\n')
    expect(stdout).toMatch(/^0 passed; 0 rules/)
    expect(code).toBe(0)
    const mutants = await run('mutate', '--minimum-score', '90')
    expect(mutants.stderr).toBe(stderr)
    expect(mutants.code).toBe(0)
  })

  it('asks only changed rules for a number of tests', async () => {
    folder.write({ 'rules/d.yaml': `${rule(4)}# x\n` })
    const { code, stderr } = await run('test', '--minimum-tests', '1')
    folder.git('checkout', '--quiet', '.')
    expect(stderr.match(/KQL606/g)).toHaveLength(1)
    expect(stderr).toContain('rules/d.yaml')
    expect(code).toBe(1)
  })

  it('makes mutants of changed rules', async () => {
    folder.write({ 'rules/b.yaml': rule(2, 'SigninLogs | where ResultType == "1"') })
    const { stdout } = await run('mutate', '--format', 'json')
    folder.git('checkout', '--quiet', '.')
    expect(stdout).toContain('Rule 2')
    expect(stdout).not.toContain('Rule 1')
  })

  it.each(['test', 'mutate'])('%s ends with 2 where git knows no such revision', async command => {
    const { code, stderr } = await kqlab([command, 'rules', '--changed', 'nowhere'], {
      cwd: folder.path,
    })
    expect(stderr).toContain('error[KQL420]')
    expect(code).toBe(2)
  })

  it('ends with 2 outside of a repository', async () => {
    const { code, stderr } = await kqlab(['test', '--changed', 'main'], {
      cwd: join(folder.path, '..'),
    })
    expect(stderr).toContain('error[KQL420]')
    expect(code).toBe(2)
  })
})
