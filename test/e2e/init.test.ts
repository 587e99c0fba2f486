import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { folderWith, kqlab, lines } from './kqlab.ts'

const RULE = lines('id: 1', 'name: A rule', 'query: SigninLogs')

const folders: (() => void)[] = []
afterAll(() => {
  for (const remove of folders) remove()
})

function folder(files: Readonly<Record<string, string>>): string {
  const { path, remove } = folderWith(files)
  folders.push(remove)
  return path
}

const FILES = [
  'kqlab.yaml',
  'rules/many-failed-sign-ins.yaml',
  'rules/many-failed-sign-ins.tests.yaml',
  '.github/workflows/rules.yml',
]

describe('kqlab init', () => {
  it('writes a rule with tests that pass and check all of it', async () => {
    const cwd = folder({})
    const { code, stdout, stderr } = await kqlab(['init'], { cwd })
    expect(stderr).toBe('')
    expect(stdout).toBe(lines(...FILES.map(file => `wrote  ${file}`), '', 'Next: kqlab test'))
    expect(code).toBe(0)
    const tested = await kqlab(['test', '--minimum-tests', '4'], { cwd })
    expect(tested.stdout).toContain('4 passed; 1 rule in ')
    expect(tested.code).toBe(0)
    const checked = await kqlab(['check', '.', '--fail-on', 'warnings'], { cwd })
    expect(checked.stdout).toBe('1 file checked: 0 errors, 0 warnings.\n')
    const mutated = await kqlab(['mutate', '--minimum-score', '100'], { cwd })
    expect(mutated.code).toBe(0)
  })

  it('gives each rule an id of its own', async () => {
    const ids = await Promise.all(
      [folder({}), folder({})].map(async cwd => {
        await kqlab(['init'], { cwd })
        return parse(readFileSync(join(cwd, FILES[1] ?? ''), 'utf8')).id as string
      }),
    )
    expect(ids[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(ids[0]).not.toBe(ids[1])
  })

  it('writes a workflow that runs what there is, with the rights that it needs', async () => {
    const cwd = folder({})
    await kqlab(['init'], { cwd })
    const text = readFileSync(join(cwd, FILES[3] ?? ''), 'utf8')
    const { permissions, env, jobs } = parse(text)
    expect(permissions).toEqual({ contents: 'read' })
    expect(env.KQLAB).toMatch(/^kqlab@\d+\.\d+\.\d+$/)
    const { steps } = jobs.rules
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^[\w/-]+@v\d+$/)
    // What a pull request names is text in the environment, never part of a script.
    for (const { run = '' } of steps) expect(run).not.toContain('${{')
    const commands = steps.flatMap(({ run = '' }) => run.match(/"\$KQLAB" [^>|\n]+/g) ?? [])
    expect(commands).toHaveLength(3)
    for (const command of commands) {
      const [, name = ''] = command.split(' ')
      const { stdout } = await kqlab([name, '--help'], { cwd })
      for (const [option] of command.matchAll(/--[a-z]+/g)) {
        expect(stdout, command).toContain(option)
      }
    }
  })

  it('writes nothing with --dry-run', async () => {
    const cwd = folder({})
    const { stdout } = await kqlab(['init', '--dry-run'], { cwd })
    expect(stdout).toBe(lines(...FILES.map(file => `would write  ${file}`), '', 'Next: kqlab test'))
    expect(FILES.filter(file => existsSync(join(cwd, file)))).toEqual([])
  })

  it('keeps what is there, and gives no example where there are rules', async () => {
    const cwd = folder({ 'kqlab.yml': '# mine\n', 'sub/mine.yaml': RULE })
    symlinkSync('nowhere', join(cwd, '.github'))
    const dry = await kqlab(['init', '--dry-run'], { cwd })
    expect(dry.stdout).toBe(
      lines(
        'would keep   kqlab.yml, which is there',
        'would write  .github/workflows/rules.yml',
        'No example: there are rules, such as sub/mine.yaml.',
        '',
        'Next: kqlab check .',
      ),
    )
    expect(existsSync(join(cwd, 'kqlab.yaml'))).toBe(false)
    const { code, stderr } = await kqlab(['init'], { cwd })
    expect(stderr).toContain('error: .github/workflows/rules.yml cannot be written')
    expect(code).toBe(2)
    expect(readFileSync(join(cwd, 'kqlab.yml'), 'utf8')).toBe('# mine\n')
  })

  it('makes a folder that is missing', async () => {
    const cwd = folder({})
    const dry = await kqlab(['init', 'new/rules', '--dry-run'], { cwd })
    expect(dry.code).toBe(0)
    expect(existsSync(join(cwd, 'new'))).toBe(false)
    const { code, stdout } = await kqlab(['init', 'new/rules'], { cwd })
    expect(stdout).toContain('\nNext: kqlab test new/rules\n')
    expect(code).toBe(0)
    expect(existsSync(join(cwd, 'new/rules/kqlab.yaml'))).toBe(true)
    expect((await kqlab(['test', 'new/rules'], { cwd })).code).toBe(0)
  })

  it.each([
    ['kqlab.yaml', 'error: kqlab.yaml is no folder.'],
    ['kqlab.yaml/rules', 'error: kqlab.yaml/rules: '],
  ])('refuses %s', async (path, message) => {
    const { code, stderr } = await kqlab(['init', path], { cwd: folder({ 'kqlab.yaml': '' }) })
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
