// Tests of rules a second: rules that half of their tests let fire, and public queries.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { RuleTestsInput } from '../src/index.ts'
import { describeEnvironment, formatMs, here, requireBuild } from './measure.ts'
import { publishedRules } from './published-rules.ts'

const usage = `Times tests of rules, each of which gives ten rows: their files are read, the rules compiled,
and the tests run. Half of the tests let the rule fire.

  node tests.bench.ts [--rules 100] [--tests 20]   how many rules, and tests of each`

const { values } = parseArgs({
  options: {
    rules: { type: 'string', default: '100' },
    tests: { type: 'string', default: '20' },
    help: { type: 'boolean', default: false },
  },
})

const CORPUS = here('../../shared/corpus/dev.jsonl')
const ROUNDS = 3
/** The rows of each of two tables. */
const FIVE = [0, 1, 2, 3, 4]

if (values.help) console.log(usage)
else await main()

async function main(): Promise<void> {
  requireBuild()
  console.log(describeEnvironment())
  const rules = Number(values.rules)
  const tests = Number(values.tests)
  const expected = rules * tests
  await measure('rows in a fixture', fromFixture(rules, tests), expected)
  await measure('rows in each test', inEachTest(rules, tests), expected)
  if (!existsSync(CORPUS)) console.log('public queries: skipped, ../shared/corpus is absent')
  else await measure('public queries', await publicQueries(rules, tests), undefined)
}

/** Runs all of it some times; each must pass every test where that is known. */
async function measure(
  name: string,
  suites: readonly RuleTestsInput[],
  passing: number | undefined,
): Promise<void> {
  const { runRuleTests } = await library()
  const times: number[] = []
  let count = 0
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    const { passed, failed } = await runRuleTests({ suites })
    times.push(performance.now() - start)
    count = passed + failed
    if (passing !== undefined && passed !== passing) throw new Error(`${failed} tests failed`)
  }
  const best = Math.min(...times)
  const rate = Math.round((count / best) * 1000)
  console.log(
    `${name}: ${count} tests of ${suites.length} rules in ${formatMs(best)}, ${rate} a second`,
  )
}

type Library = typeof import('../src/index.ts')

async function library(): Promise<Library> {
  return import(new URL('../dist/index.js', import.meta.url).href)
}

type Fields = Readonly<Record<string, string>>

function activation(index: number): Fields {
  return {
    TimeGenerated: `-${25 + (index % 5)}m`,
    OperationName: 'Add member to role completed (PIM activation)',
    'InitiatedBy.user.userPrincipalName': `user${index}@harborline.example.com`,
    'TargetResources[0].displayName': 'Reader',
  }
}

function signIn(index: number, result: string): Fields {
  return {
    TimeGenerated: `-${5 + (index % 10)}m`,
    ResultType: result,
    UserPrincipalName: `user${index}@harborline.example.com`,
    IPAddress: '192.0.2.1',
  }
}

/** A row as YAML in one line. */
function line(fields: Fields): string {
  const entries = Object.entries(fields)
  return `{ ${entries.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`).join(', ')} }`
}

function expectation(test: number): string {
  return test % 2 === 0 ? '    expect: { rows: 1, alerts: 1 }\n' : '    expect: none\n'
}

function result(test: number, row: number): string {
  return test % 2 === 0 && row === test % 5 ? '0' : '50126'
}

function fromFixture(rules: number, tests: number): RuleTestsInput[] {
  const activations = FIVE.map(index => `      activation${index}: ${line(activation(index))}\n`)
  const signIns = FIVE.map(index => `      sign-in${index}: ${line(signIn(index, '50126'))}\n`)
  const own = Array.from({ length: tests }, (_, test) => {
    const changed = FIVE.map(
      row => `        sign-in${row}: { ResultType: "${result(test, row)}" }\n`,
    )
    return `  - name: test ${test}\n    base: usual\n    given:\n      AADNonInteractiveUserSignInLogs:\n${changed.join('')}${expectation(test)}`
  })
  const text = `fixtures:\n  usual:\n    AuditLogs:\n${activations.join('')}    AADNonInteractiveUserSignInLogs:\n${signIns.join('')}tests:\n${own.join('')}`
  return rulesWith(rules, text)
}

function inEachTest(rules: number, tests: number): RuleTestsInput[] {
  const own = Array.from({ length: tests }, (_, test) => {
    const activations = FIVE.map(index => `        - ${line(activation(index))}\n`).join('')
    const signIns = FIVE.map(row => `        - ${line(signIn(row, result(test, row)))}\n`).join('')
    return `  - name: test ${test}\n    given:\n      AuditLogs:\n${activations}      AADNonInteractiveUserSignInLogs:\n${signIns}${expectation(test)}`
  })
  return rulesWith(rules, `tests:\n${own.join('')}`)
}

function rulesWith(count: number, tests: string): RuleTestsInput[] {
  const rule = publishedRules().find(({ key }) => key === 'pim')
  const path = here(`../rules/${rule?.slug}/${rule?.slug}.yaml`)
  const text = readFileSync(path, 'utf8')
  return Array.from({ length: count }, (_, index) => ({
    rule: text.replace('< 30m', `< ${30 + (index % 7)}m`),
    tests,
  }))
}

interface CorpusQuery {
  readonly query: string
  readonly errors: readonly string[]
  readonly tables: readonly string[]
}

/** Queries over one table that compile, each over ten rows that say when they were. */
async function publicQueries(rules: number, tests: number): Promise<RuleTestsInput[]> {
  const kqlab = await library()
  const found: RuleTestsInput[] = []
  for (const text of readFileSync(CORPUS, 'utf8').split('\n')) {
    if (text === '' || found.length === rules) continue
    const { query, errors, tables } = JSON.parse(text) as CorpusQuery
    const [table = ''] = tables
    const columns = kqlab.Catalog.builtin().schemaOf(table)
    if (errors.length > 0 || tables.length !== 1 || columns === undefined) continue
    if (!columns.some(({ name }) => name === 'TimeGenerated') || !compiles(query, kqlab)) continue
    const rule = JSON.stringify({ id: 'a', name: 'public query', query })
    const rows = Array.from({ length: 10 }, (_, index) => ({ TimeGenerated: `-${index + 1}m` }))
    const own = Array.from({ length: tests }, (_, test) => ({
      name: `test ${test}`,
      base: 'usual',
      expect: 'none',
    }))
    found.push({ rule, tests: { fixtures: { usual: { [table]: rows } }, tests: own } })
  }
  return found
}

function compiles(query: string, { prepare, KqlError }: Library): boolean {
  try {
    prepare(query)
    return true
  } catch (error) {
    // What is not supported is not timed.
    if (error instanceof KqlError) return false
    throw error
  }
}
