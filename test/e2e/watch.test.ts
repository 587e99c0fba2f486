import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { folderWith, lines, start } from './kqlab.ts'

const RULE = lines(
  'id: 11111111-1111-1111-1111-111111111111',
  'name: Failed sign-ins',
  'kind: Scheduled',
  'queryFrequency: 1h',
  'queryPeriod: 1h',
  'triggerOperator: gt',
  'triggerThreshold: 0',
  'query: SigninLogs | where ResultType != "0"',
)
const TESTS = lines(
  'tests:',
  '  - name: a failed sign-in',
  '    given: { SigninLogs: [{ TimeGenerated: -5m, ResultType: "1" }] }',
  '    expect: rows',
)

/** A watch that runs, and what it prints pass by pass. */
class Watched {
  readonly child: ChildProcessWithoutNullStreams
  #printed = ''
  #arrived: (() => void) | undefined

  constructor(cwd: string, ...args: readonly string[]) {
    this.child = start(['test', '--watch', ...args], { cwd })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#printed += text
        this.#arrived?.()
      })
    }
  }

  /** What is printed until a pass is over that prints the text. */
  async passWith(text: string): Promise<string> {
    const isOver = () => this.#printed.indexOf('Watching.\n', this.#printed.indexOf(text)) >= 0
    while (!this.#printed.includes(text) || !isOver()) {
      await new Promise<void>(resolve => {
        this.#arrived = resolve
      })
    }
    const printed = this.#printed
    this.#printed = ''
    return printed
  }
}

describe('kqlab test --watch, without a terminal', () => {
  const { path: folder, remove } = folderWith({
    'rules/a.yaml': RULE,
    'rules/a.tests.yaml': TESTS,
    'rules/b.yaml': RULE.replace('Failed sign-ins', 'Another'),
    'rules/b.tests.yaml': TESTS,
  })
  const file = (path: string) => join(folder, path)
  let watched: Watched | undefined
  afterEach(() => watched?.child.kill('SIGKILL'))
  afterAll(remove)

  it('runs what changes, as often as it changes, and ends when interrupted', async () => {
    watched = new Watched(folder, 'rules')
    await watched.passWith('2 passed; 2 rules')

    writeFileSync(file('rules/a.yaml'), RULE.replace('!= "0"', '== "0"'))
    const failing = await watched.passWith('0 passed, 1 failed; 1 rule')
    expect(failing).not.toContain('Another')

    const other = file('rules/b.tests.yaml')
    writeFileSync(other, readFileSync(other, 'utf8').replace('-5m', '-6m'))
    const beside = await watched.passWith('✓ Another (1 test)')
    expect(beside).toContain('1 test not run now failed before: rules/a.tests.yaml')

    // As editors save: another file in its place.
    writeFileSync(file('rules/a.tmp'), RULE)
    renameSync(file('rules/a.tmp'), file('rules/a.yaml'))
    await watched.passWith('1 passed; 1 rule')

    mkdirSync(file('rules/new'))
    writeFileSync(file('rules/new/c.yaml'), RULE.replace('Failed sign-ins', 'A third'))
    writeFileSync(file('rules/new/c.tests.yaml'), TESTS)
    await watched.passWith('✓ A third (1 test)')
    rmSync(file('rules/new'), { recursive: true })

    watched.child.kill('SIGINT')
    expect(await once(watched.child, 'exit')).toEqual([130, null])
  })

  it('says what is wrong with a file, and goes on once it is put right', async () => {
    // A report in the folder that is watched starts no run.
    watched = new Watched(folder, 'rules/b.yaml', '--report', 'json=rules/out.json')
    await watched.passWith('1 passed; 1 rule')
    writeFileSync(file('rules/b.tests.yaml'), TESTS.replace('expect:', 'expects:'))
    const broken = await watched.passWith('There is no `expects` here.')
    expect(broken.match(/Watching\./g)).toHaveLength(1)
    writeFileSync(file('rules/b.tests.yaml'), TESTS)
    await watched.passWith('1 passed; 1 rule')
  })

  it('goes on once a folder that was removed is there again', async () => {
    const folders = ['rules/x', 'rules/x/y']
    const write = (path: string, name: string): void => {
      mkdirSync(file(path), { recursive: true })
      writeFileSync(file(join(path, 'd.yaml')), RULE.replace('Failed sign-ins', name))
      writeFileSync(file(join(path, 'd.tests.yaml')), TESTS)
    }
    for (const path of folders) write(path, path)
    watched = new Watched(folder, 'rules/x')
    await watched.passWith('2 passed; 2 rules')
    rmSync(file('rules/x'), { recursive: true })
    await watched.passWith('There is no such file or folder')
    for (const path of folders) write(path, path)
    await watched.passWith('✓ rules/x/y (1 test)')
    write('rules/x/y', 'Changed')
    await watched.passWith('✓ Changed (1 test)')
  })
})
