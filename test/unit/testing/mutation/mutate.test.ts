import { describe, expect, it } from 'vitest'
import { mutantsSarif } from '../../../../src/report/mutants.ts'
import { loadRule } from '../../../../src/rules/load-rule.ts'
import { loadTests } from '../../../../src/testing/load-tests.ts'
import { mutateRule } from '../../../../src/testing/mutation/mutate.ts'
import { SourceText } from '../../../../src/text/source-text.ts'

const RULE = `name: Failures
kind: Scheduled
severity: Low
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: |
  SigninLogs
  | where ResultType == "50126" and AppDisplayName has "portal"
  | where UserPrincipalName !has "@"
`

const FIRES = `
  - name: fires
    given:
      SigninLogs:
        - { TimeGenerated: -5m, ResultType: "50126", AppDisplayName: azure portal }
    expect: rows`

const OTHERS = `
  - name: another code
    given:
      SigninLogs:
        - { TimeGenerated: -5m, ResultType: "0", AppDisplayName: azure portal }
    expect: none
  - name: a longer word
    given:
      SigninLogs:
        - { TimeGenerated: -5m, ResultType: "50126", AppDisplayName: portals }
    expect: none
  - name: an address
    given:
      SigninLogs:
        - { TimeGenerated: -5m, ResultType: "50126", AppDisplayName: portal, UserPrincipalName: a@b }
    expect: none`

async function mutated(tests: string, head = '', text = RULE) {
  const ruleSource = new SourceText(text, 'rule.yaml')
  const { rule } = loadRule(text)
  const source = new SourceText(`${head}tests:${tests}\n`, 'rule.tests.yaml')
  const { file, diagnostics } = loadTests(source)
  if (rule === undefined || file === undefined) throw new Error(JSON.stringify(diagnostics))
  return mutateRule({ rule, ruleSource, file })
}

/** The mutants as `status operator: text, what`. */
function shown({ mutants }: Awaited<ReturnType<typeof mutated>>): string[] {
  return mutants.map(
    ({ status, operator, text, what }) => `${status} ${operator}: ${text}, ${what}`,
  )
}

describe('mutants of a rule', () => {
  it('are killed by the tests that fail with them', async () => {
    const result = await mutated(FIRES + OTHERS)
    expect(shown(result)).toEqual([
      'killed remove-stage: where ResultType == "50126" and AppDisplayName has "portal", left out',
      'killed negate: ResultType == "50126", negated',
      'killed drop-conjunct: ResultType == "50126", left out',
      // Digits have no case, so that the two mean the same.
      'equivalent swap-operator: ==, `==` becomes `=~`',
      'killed negate: AppDisplayName has "portal", negated',
      'killed drop-conjunct: AppDisplayName has "portal", left out',
      'killed swap-operator: has, `has` becomes `contains`',
      'killed remove-stage: where UserPrincipalName !has "@", left out',
      'killed negate: UserPrincipalName !has "@", negated',
      'equivalent swap-operator: !has, `!has` becomes `!contains`',
    ])
    expect(result.score).toBe(1)
    const [, negated, dropped] = result.mutants
    expect([negated?.killedBy, dropped?.killedBy]).toEqual(['fires', 'another code'])
    expect(dropped?.place).toEqual({ file: 'rule.yaml', line: 10, column: 11 })
  })

  it('survive where no test fails, with what would tell them from the rule', async () => {
    const result = await mutated(FIRES)
    const survivors = result.mutants.filter(({ status }) => status === 'survived')
    expect(survivors.map(({ operator, text }) => `${operator}: ${text}`)).toEqual([
      'remove-stage: where ResultType == "50126" and AppDisplayName has "portal"',
      'drop-conjunct: ResultType == "50126"',
      'drop-conjunct: AppDisplayName has "portal"',
      'swap-operator: has',
      'remove-stage: where UserPrincipalName !has "@"',
    ])
    // Three of eight that count were killed.
    expect(result.score).toBe(3 / 8)
    expect(survivors[1]?.witness).toBe(
      'In the test `fires` with ResultType "5012" in row 1 of SigninLogs: ' +
        'the rule gives 0 and the mutant 1 rows.',
    )
    const sarif = JSON.parse(mutantsSarif([result], '1.0.0'))
    expect(sarif.runs[0].results).toHaveLength(5)
    expect(sarif.runs[0].results[1]).toMatchObject({
      ruleId: 'KQL610',
      level: 'warning',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'rule.yaml' },
            // From the R of ResultType to behind the quote of "50126".
            region: { startLine: 10, startColumn: 11, endLine: 10, endColumn: 32 },
          },
        },
      ],
    })
    expect(survivors[3]?.witness).toBe(
      'In the test `fires` with AppDisplayName "azure portalx" in row 1 of SigninLogs: ' +
        'the rule gives 0 and the mutant 1 rows.',
    )
  })

  it('survive without a word where rows that no run sees would tell them', async () => {
    const text = RULE.replace(/\n {2}\| where[\s\S]*/, '\n  | where TimeGenerated > ago(1h)\n')
    const { mutants } = await mutated(FIRES, '', text)
    const [removed] = mutants.filter(({ operator }) => operator === 'remove-stage')
    expect(removed?.status).toBe('survived')
    expect(removed?.witness).toBeUndefined()
  })

  it.each([
    // Runs near real time see rows by their arrival, of whatever time.
    ['kind: NRT', 'survived'],
    ['kind: Scheduled', 'equivalent'],
  ])('are proved equivalent in the window of a rule with %s', async (kind, status) => {
    const text = RULE.replace('kind: Scheduled', kind).replace(
      /\n {2}\| where[\s\S]*/,
      '\n  | where TimeGenerated > ago(2h)\n',
    )
    const { mutants } = await mutated(FIRES, '', text)
    const removed = mutants.find(({ operator }) => operator === 'remove-stage')
    expect(removed?.status).toBe(status)
    // Without a period of its own a rule looks back as far as it runs often.
    const { mutants: others } = await mutated(FIRES, '', text.replace('queryPeriod: 1h\n', ''))
    expect(others.find(({ operator }) => operator === 'remove-stage')?.status).toBe(status)
  })

  it('are told apart by rows with longs of any size', async () => {
    const text = RULE.replace(/SigninLogs[\s\S]*/, 'B_CL | where Name == "x" and Id > 1\n')
    const rows = '[{ TimeGenerated: -5m, Id: 9007199254740993, Name: x }]'
    const { mutants } = await mutated(
      `\n  - { name: a, given: { B_CL: ${rows} }, expect: rows }`,
      'schemas: { B_CL: { TimeGenerated: datetime, Id: long, Name: string } }\n',
      text,
    )
    expect(mutants.find(({ operator }) => operator === 'drop-conjunct')?.witness).toBe(
      'In the test `a` with Name "" in row 1 of B_CL: the rule gives 0 and the mutant 1 rows.',
    )
  })

  it('may be accepted with a reason, and count as survivors', async () => {
    const accepted = `mutants:
  - operator: swap-operator
    at: has
    becomes: contains
    reason: No app is called so.
  - operator: swap-operator
    at: hasnt
    reason: There is no such mutant.
`
    const result = await mutated(FIRES + OTHERS.replace('portals', 'other'), accepted)
    expect(result.mutants.filter(({ status }) => status === 'accepted')).toMatchObject([
      { operator: 'swap-operator', text: 'has', reason: 'No app is called so.' },
    ])
    expect(result.score).toBe(7 / 8)
    expect(result.diagnostics).toMatchObject([{ code: 'KQL609', severity: 'warning' }])
  })

  it('are none where the rule fails its own tests', async () => {
    const result = await mutated(FIRES.replace('expect: rows', 'expect: none'))
    expect(result.mutants).toEqual([])
    expect(result.score).toBeUndefined()
    expect(result.diagnostics).toMatchObject([{ code: 'KQL608', severity: 'error' }])
  })
})
