import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outsideProject, projectRoot, temporaryFolder } from './package-files.ts'

const RULE = `id: 11111111-1111-1111-1111-111111111111
name: Failed sign-ins
kind: Scheduled
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: |
  SigninLogs
  | where ResultType != "0"
  | project TimeGenerated, IPAddress
`
const TESTS = `tests:
  - name: a failed sign-in
    given:
      SigninLogs:
        - { TimeGenerated: -5m, ResultType: "1", IPAddress: 192.0.2.1 }
    expect:
      rows:
        - IPAddress: 192.0.2.2
  - name: a sign-in
    given:
      SigninLogs:
        - { TimeGenerated: -5m, ResultType: "0" }
    expect: none
  - name: another day
    skip: not written
    expect: none
`
const SUITE = `import { expect, it } from 'vitest'
import { readRule, ruleTester } from 'kqlab/vitest'

ruleTester({ rule: new URL('a.yaml', import.meta.url) })

it('binds', () => {
  expect('SigninLogs | count').toBind()
  expect(readRule('a.yaml')).toBind()
})

it('alerts', async () => {
  await expect(readRule('a.yaml')).toAlert({
    given: { SigninLogs: [{ TimeGenerated: '-5m', ResultType: '1' }] },
  })
  await expect('print x = 1').toReturnRows([{ x: 1 }])
})
`

/** The example of docs/testing.md: the rule, its first file of tests, and the code. */
function documented(): Readonly<Record<string, string>> {
  const text = readFileSync(join(projectRoot, 'docs/testing.md'), 'utf8')
  const blocks = (language: string) =>
    Array.from(
      text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')),
      ([, content = '']) => content,
    )
  const [rule = '', tests = ''] = blocks('yaml')
  return {
    'rules/failed-sign-ins.yaml': rule,
    'rules/failed-sign-ins.tests.yaml': tests,
    'rules.test.ts': blocks('ts').find(each => each.startsWith('// rules.test.ts')) ?? '',
  }
}

interface Report {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

describe('the built package in a project of Vitest', () => {
  const { path: folder, remove } = temporaryFolder()
  afterAll(remove)

  beforeAll(() => {
    const files = {
      'package.json': '{ "private": true, "type": "module" }',
      'a.yaml': RULE,
      'a.tests.yaml': TESTS,
      'a.test.ts': SUITE,
      'broken/a.yaml': RULE,
      'broken/a.tests.yaml': TESTS.replace('expect: none', 'expects: none'),
      'broken/b.test.ts': SUITE,
      ...documented(),
    }
    for (const name of ['broken', 'rules', 'node_modules']) mkdirSync(join(folder, name))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    symlinkSync(projectRoot, join(folder, 'node_modules/kqlab'))
    symlinkSync(join(projectRoot, 'node_modules/vitest'), join(folder, 'node_modules/vitest'))
  })

  /** What Vitest prints of a file of tests, and writes as JSON. */
  async function run(file: string): Promise<{ readonly text: string; readonly report: Report }> {
    const command = join(projectRoot, 'node_modules/vitest/vitest.mjs')
    const path = join(folder, 'report.json')
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
    const text = await output([command, 'run', file, ...reporters, '--no-color'])
    return { text, report: JSON.parse(readFileSync(path, 'utf8')) }
  }

  /** What Node prints in the folder, however it ends. */
  function output(args: readonly string[]): Promise<string> {
    const options = { cwd: folder, env: { ...outsideProject(), NO_COLOR: '1' } }
    return new Promise(resolve => {
      execFile(process.execPath, args, options, (_, stdout, stderr) => resolve(stdout + stderr))
    })
  }

  it('has a test for each of a file of tests, and its matchers', async () => {
    const { testResults } = (await run('a.test.ts')).report
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    expect(tests.map(({ fullName, status }) => `${status}: ${fullName}`)).toEqual([
      'failed: Failed sign-ins a failed sign-in',
      'passed: Failed sign-ins a sign-in',
      expect.stringMatching(/^(skipped|pending): Failed sign-ins another day$/),
      'passed: binds',
      'passed: alerts',
    ])
    expect(tests[0]?.failureMessages[0]).toContain('- IPAddress: expected "192.0.2.2"')
  })

  it('runs the example of docs/testing.md', async () => {
    const { testResults } = (await run('rules.test.ts')).report
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    expect(tests.map(({ fullName, status }) => `${status}: ${fullName}`)).toEqual([
      'passed: Many failed sign-ins two failed sign-ins from an address',
      'passed: Many failed sign-ins sign-ins that succeed',
      'passed: alerts for the second failed sign-in',
      'passed: works for queries too',
    ])
  })

  it('shows where in its file a test stands that fails', async () => {
    const { text } = await run('a.test.ts')
    expect(text).toContain('❯ a.tests.yaml:2:11')
  })

  it('shows the mistakes of a file of tests with their places', async () => {
    const { testResults } = (await run('broken/b.test.ts')).report
    expect(testResults[0]?.message).toContain('There is no `expects` here.')
    expect(testResults[0]?.message).toContain('a.tests.yaml:13:5')
  })

  it('gives types to its matchers', async () => {
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: 'es2024',
      module: 'nodenext',
      types: [],
    }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, files: ['types.ts'] }),
    )
    writeFileSync(
      join(folder, 'types.ts'),
      `import { expect } from 'vitest'
       import { ruleTester } from 'kqlab/vitest'
       import type { RuleMatchers } from 'kqlab/matchers'
       const waits: Promise<void> = expect({ rule: '' }).toAlert({ given: {} }, [{ title: 'a' }])
       const rows: Promise<void> = expect('T').not.toReturnRows([{ a: 1 }], { tables: {} })
       const none: void = expect('T').toBind()
       // @ts-expect-error: a rule is given rows
       expect({ rule: '' }).toAlert('rows')
       // @ts-expect-error: there has to be a rule
       ruleTester({})
       export type { RuleMatchers }
       export { none, rows, waits }
      `,
    )
    const compiler = fileURLToPath(import.meta.resolve('typescript/bin/tsc'))
    expect(await output([compiler, '--pretty', 'false'])).toBe('')
  })
})
