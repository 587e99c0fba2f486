import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runRuleTests, type TestReport } from '../../src/index.ts'
import { prettyReport } from '../../src/report/tests/pretty.ts'

const text = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8')

function blocks(language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm')
  return Array.from(text.matchAll(pattern), ([, content = '']) => content)
}

const [rule = '', ...files] = blocks('yaml')
const examples = files.slice(0, -1)

function run(tests: string): Promise<TestReport> {
  return runRuleTests({
    suites: [
      { rule, tests, ruleFile: 'failed-sign-ins.yaml', testFile: 'failed-sign-ins.tests.yaml' },
    ],
  })
}

describe('docs/testing.md', () => {
  it('has examples', () => {
    expect(rule).toContain('query: |')
    expect(examples).toHaveLength(5)
  })

  it.each(examples)('%#: the tests pass', async example => {
    const { failed, passed, suites } = await run(example)
    expect(suites.flatMap(({ tests }) => tests.flatMap(({ mismatches }) => mismatches))).toEqual([])
    expect(failed).toBe(0)
    expect(passed).toBeGreaterThan(0)
  })

  it('shows what a test that fails prints', async () => {
    const [shown] = blocks('text')
    expect(prettyReport(await run(files.at(-1) ?? ''), { color: false })).toBe(shown)
  })

  it('says truly that a number in a column of texts is an error', async () => {
    const number = (examples[0] ?? '').replace('ResultType: "0"', 'ResultType: 0')
    await expect(run(number)).rejects.toThrow('KQL603: 0 is no string, which `ResultType` is.')
  })
})
