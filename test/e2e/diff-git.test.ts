import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GitFolder, hasGit } from '../unit/node/git-folder.ts'
import { folderWith, kqlab } from './kqlab.ts'

const rule = (id: string, query: string, fields = '') =>
  [
    `id: 5d1c0000-0000-4000-8000-00000000000${id}`,
    `name: Rule ${id}`,
    'description: d',
    'kind: Scheduled',
    'severity: High',
    'queryFrequency: 1h',
    'queryPeriod: 1h',
    'triggerOperator: gt',
    'triggerThreshold: 0',
    `query: ${JSON.stringify(query)}`,
    fields,
    '',
  ].join('\n')

const EVENTS = ['10:05', '11:05', '12:05']
  .map(time => `{"TimeGenerated":"2026-01-01T${time}:00Z","user":"ann"}\n`)
  .join('')

const KEPT = rule('1', 'Events')

if (!hasGit()) console.log('skipped: there is no git on this machine')

describe.skipIf(!hasGit())('with revisions of git', () => {
  let folder: GitFolder

  beforeAll(() => {
    folder = new GitFolder()
    folder.commit({
      'rules/kept.yaml': KEPT,
      'rules/renamed.yaml': rule('2', 'Events'),
      'rules/gone.yaml': rule('3', 'Events | where TimeGenerated < datetime(2026-01-01T11:00)'),
      'rules/.hidden/x.yaml': rule('7', 'Events'),
      'rules/x.tests.yaml': 'tests: []\n',
      'rules/notes.yaml': 'no: rule\n',
      'logs/Events.json': EVENTS,
    })
    folder.git('checkout', '--quiet', '-b', 'work')
    folder.git('mv', 'rules/renamed.yaml', 'rules/other name.yaml')
    folder.git('rm', '--quiet', 'rules/gone.yaml')
    // It loses the alert of the last row.
    folder.commit({
      'rules/other name.yaml': rule(
        '2',
        'Events | where TimeGenerated < datetime(2026-01-01T12:00)',
      ),
    })
    // What others did meanwhile.
    folder.git('checkout', '--quiet', 'main')
    folder.commit({ 'rules/kept.yaml': KEPT.replace('severity: High', 'severity: Low') })
    folder.git('checkout', '--quiet', '-b', 'wrong')
    folder.commit({ 'rules/kept.yaml': rule('1', 'Events | wher x') })
    folder.git('checkout', '--quiet', 'work')
    folder.write({ 'rules/new.yaml': rule('4', 'Events') })
  })
  afterAll(() => folder.remove())

  const run = (...args: readonly string[]) => kqlab(args, { cwd: folder.path })
  const diff = (...args: readonly string[]) =>
    run('diff', ...args, '--table', 'Events=logs/Events.json')

  it('diff compares what a commit and another have, rules told by their ids', async () => {
    const { code, stdout, stderr } = await diff('main...HEAD', 'rules')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').filter(line => /^[-+~]/.test(line))).toEqual([
      '- 2026-01-01T11:05:00Z  High  Rule 3 (1 row)',
      '- 2026-01-01T13:05:00Z  High  Rule 2 (1 row)',
    ])
    expect(stdout).toContain(
      '0 alerts gained, 2 lost, 0 changed, 2 the same. 1 rule is the same in both and was not replayed.\n',
    )
  })

  it('diff compares with the working tree, untracked rules included', async () => {
    const { stdout } = await diff('main...', 'rules')
    expect(stdout).toContain('3 alerts gained, 2 lost, 0 changed, 2 the same. 1 rule is')
    // Without the common ancestor, what others did counts too.
    const two = await diff('main..', 'rules', '--format', 'json', '--fail-on', 'rows')
    expect(two.code).toBe(1)
    const { gained, lost, changed, same, unchangedRules } = JSON.parse(two.stdout)
    expect([gained.length, lost.length, changed.length, same, unchangedRules]).toEqual([
      3, 2, 3, 2, 0,
    ])
  })

  it('diff takes paths that only one version has', async () => {
    const gone = await diff('main..', 'rules/gone.yaml')
    expect(gone.stdout).toContain('0 alerts gained, 1 lost, 0 changed, 0 the same.\n')
    const recent = await diff('main..', 'rules/new.yaml')
    expect(recent.stdout).toContain('3 alerts gained, 0 lost, 0 changed, 0 the same.\n')
    const neither = await diff('main..', 'rules/none.yaml')
    expect(neither.code).toBe(1)
    expect(neither.stderr).toContain('Neither version has a rule at rules/none.yaml.')
  })

  it('diff is a table of Markdown', async () => {
    const { stdout } = await diff('main...HEAD', 'rules', '--format', 'markdown')
    expect(stdout.split('\n').slice(0, 8)).toEqual([
      '### Alerts before and after the change',
      '',
      '**0 alerts gained, 2 lost, 0 changed**, 2 the same. 1 rule is the same in both and was not replayed.',
      '',
      '|  | Raised | Rule | Severity | Alert | Rows | What changed |',
      '| --- | --- | --- | --- | --- | --- | --- |',
      '| lost | 2026-01-01T11:05:00Z | `Rule 3` | High | `Rule 3` | 1 |  |',
      '| lost | 2026-01-01T13:05:00Z | `Rule 2` | High | `Rule 2` | 1 |  |',
    ])
  })

  it('diff has nothing to compare where nothing changed', async () => {
    const { code, stdout } = await diff('HEAD..HEAD', 'rules', '--fail-on', 'rows')
    expect(code).toBe(0)
    expect(stdout).toBe(
      '0 alerts gained, 0 lost, 0 changed, 0 the same. 2 rules are the same in both and were not replayed.\n',
    )
  })

  it('diff names the revision of a rule that is wrong', async () => {
    const { code, stderr } = await diff('main~1..wrong', 'rules/kept.yaml')
    expect(code).toBe(1)
    expect(stderr).toContain(' --> wrong:rules/kept.yaml:10:')
  })

  it('diff says nothing of warnings that a change took away', async () => {
    const own = new GitFolder()
    own.commit({ 'rule.yaml': rule('1', 'Events | where user == 1'), 'Events.json': EVENTS })
    own.write({ 'rule.yaml': rule('1', 'Events | where user == "1"') })
    const args = ['rule.yaml', '--table', 'Events=Events.json', '--fail-on', 'warnings']
    const fixed = await kqlab(['diff', 'HEAD..', ...args], { cwd: own.path })
    expect([fixed.code, fixed.stderr]).toEqual([0, ''])
    own.commit()
    const made = await kqlab(['diff', 'HEAD..HEAD~1', ...args], { cwd: own.path })
    expect(made.code).toBe(1)
    expect(made.stderr).toContain('warning[KQL200]')
    expect(made.stderr).toContain(' --> HEAD~1:rule.yaml:')
    own.remove()
  })

  it('diff refuses revisions and paths that are none', async () => {
    for (const [args, exit, message] of [
      [['nope..', 'rules'], 1, "git knows no revision 'nope'."],
      [['main..nope', 'rules'], 1, "git knows no revision 'nope'."],
      [['main..HEAD'], 2, 'main..HEAD is a range of revisions: name the rules too'],
      [['main'], 2, 'diff takes two paths, or a range of revisions such as main.. and paths'],
      [['rules', 'rules', 'rules'], 2, 'diff takes two paths'],
      [['main..', 'rules', '--changed', 'main'], 2, '--changed is for paths'],
      [['main..', join(folder.path, '..')], 1, 'is in no git repository.'],
      [['main..', 'rules', join(folder.path, '../beside')], 1, 'is outside of the git repository'],
    ] as const) {
      const { code, stderr } = await diff(...args)
      expect([args, code]).toEqual([args, exit])
      expect(stderr).toContain(message)
    }
    const option = await run(
      'diff',
      '--table',
      'Events=logs/Events.json',
      '--',
      '--output=x..',
      'rules',
    )
    expect(option.code).not.toBe(0)
    expect(option.stderr).toContain('--output=x..')
  })

  it('replay, run and check take only what changed since the work began', async () => {
    const data = ['--table', 'Events=logs/Events.json']
    const replayed = await run('replay', 'rules', '--changed', 'main', ...data, '--format', 'json')
    const { rules } = JSON.parse(replayed.stdout)
    // Not the rule that others changed.
    expect(rules.map(({ ruleName }: { ruleName: string }) => ruleName)).toEqual([
      'Rule 4',
      'Rule 2',
    ])
    const ran = await run('run', 'rules', '--changed', 'main', ...data)
    expect(ran.stdout).toContain('2 rules, 2 with rows, 5 rows.\n')
    const checked = await run('check', 'rules', '--changed', 'main', ...data)
    expect(checked.stdout).toContain('2 files checked: 0 errors')
    const narrowed = await run('run', 'rules', '--changed', 'main', '--name', 'rule 4', ...data)
    expect(narrowed.stdout).toContain('1 rule, 1 with rows, 3 rows.\n')
  })

  it('diff of folders takes only what changed, and what is gone', async () => {
    const old = folderWith({
      'kept.yaml': KEPT.replace('High', 'Low'),
      'two.yaml': rule('2', 'Events'),
      'gone.yaml': rule('3', 'Events'),
    })
    const all = await diff(old.path, 'rules')
    expect(all.stdout).toContain('3 alerts gained, 4 lost, 3 changed, 2 the same.\n')
    const { stdout } = await diff(old.path, 'rules', '--changed', 'main')
    expect(stdout).toContain('3 alerts gained, 4 lost, 0 changed, 2 the same.\n')
    old.remove()
  })

  it('nothing that changed is a result, not a fault', async () => {
    for (const command of ['run', 'replay', 'check']) {
      const data = command === 'check' ? [] : ['--table', 'Events=logs/Events.json']
      const args = [command, 'rules/kept.yaml', '--changed', 'main', ...data]
      const { code, stdout, stderr } = await run(...args)
      expect([command, code]).toEqual([command, 0])
      expect(stdout + stderr).toContain(
        'info[KQL421]: Nothing of what is named has changed since main.',
      )
    }
    const { code, stderr } = await run('check', 'rules', '--changed', '-x')
    expect(code).toBe(1)
    expect(stderr + (await run('check', 'rules', '--changed', 'nope')).stdout).toContain(
      "git knows no revision 'nope'.",
    )
  })

  it('leaves the repository as it is', () => {
    expect(folder.git('status', '--porcelain')).toBe('?? rules/new.yaml')
    expect(readFileSync(join(folder.path, 'rules/kept.yaml'), 'utf8')).toBe(KEPT)
  })
})
