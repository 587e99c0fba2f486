import { describe, expect, it } from 'vitest'
import {
  coberturaReport,
  coverageJson,
  coverageText,
  lcovReport,
} from '../../../../src/report/coverage.ts'
import { loadRule } from '../../../../src/rules/load-rule.ts'
import { coverRule, coverRules, shareOf } from '../../../../src/testing/coverage/cover.ts'
import { loadTests } from '../../../../src/testing/load-tests.ts'
import { SourceText } from '../../../../src/text/source-text.ts'

function suite(query: string, tests: string, name = 'R') {
  const text = `name: ${JSON.stringify(name)}\nquery: |\n  ${query.replaceAll('\n', '\n  ')}\n`
  const { rule } = loadRule(text)
  const source = new SourceText(`tests:\n${tests}`, 'r.tests.yaml')
  const { file, diagnostics } = loadTests(source)
  if (rule === undefined || file === undefined) throw new Error(JSON.stringify(diagnostics))
  return { rule, ruleSource: new SourceText(text, 'r.yaml'), file }
}

/** One test that gives the rows of a table. */
function given(table: string, ...rows: string[]): string {
  const list = rows.map(row => `        - { TimeGenerated: -5m, ${row} }\n`).join('')
  return `  - name: t\n    given:\n      ${table}:\n${list}    expect: none\n`
}

/** The items as `kind text: outcome rows, …`. */
async function items(query: string, tests: string): Promise<string[]> {
  const { items: found, diagnostics } = await coverRule(suite(query, tests))
  expect(diagnostics).toEqual([])
  return found.map(
    ({ kind, text, outcomes }) =>
      `${kind} ${text}: ${outcomes.map(({ name, rows }) => `${name} ${rows}`).join(', ')}`,
  )
}

describe('coverage', () => {
  it('counts the rows that come to each part of a filter, and which way they go', async () => {
    const query =
      'SigninLogs\n| where ResultType == "1" and (Location == "NL" or not(Location == "SE"))\n| where Identity has "x"'
    const rows = [
      'ResultType: "1", Location: NL',
      'ResultType: "1", Location: SE',
      'ResultType: "2", Identity: x',
    ]
    expect(await items(query, given('SigninLogs', ...rows))).toEqual([
      'condition ResultType == "1": true 2, false 1',
      'condition Location == "NL": true 1, false 2',
      'condition Location == "SE": true 1, false 2',
      // One row comes so far.
      'condition Identity has "x": true 0, false 1',
    ])
  })

  it('counts members of lists, cases and expansions', async () => {
    const query = `AuditLogs
| where Category in~ ("a", "b", "c")
| extend what = case(Result == "x", 1, Result == "y", 2, 3), up = iff(Level == "1", 1, 0)
| mv-expand TargetResources`
    const rows = [
      'Category: A, Result: x, Level: "1", TargetResources: [1, 2]',
      'Category: b, Result: z, Level: "1"',
      'Category: d',
    ]
    expect(await items(query, given('AuditLogs', ...rows))).toEqual([
      'condition Category in~ ("a", "b", "c"): true 2, false 1',
      'member "a": hit 1',
      'member "b": hit 1',
      'member "c": hit 0',
      'branch Result == "x": true 1, false 1',
      'branch Result == "y": true 0, false 2',
      'branch Level == "1": true 2, false 0',
      'expand TargetResources: elements 1, empty 1',
    ])
  })

  it('counts rows of joins with and without a partner, and what is in let statements', async () => {
    const query = `let Bad = AuditLogs | where Result == "bad" | project Identity;
SigninLogs | join kind=leftanti Bad on Identity`
    const tests = `  - name: t
    given:
      AuditLogs: [{ TimeGenerated: -5m, Result: bad, Identity: a }]
      SigninLogs: [{ TimeGenerated: -5m, Identity: a }, { TimeGenerated: -5m, Identity: b }, { TimeGenerated: -5m, Identity: c }]
    expect: none
`
    expect(await items(query, tests)).toEqual([
      'condition Result == "bad": true 1, false 0',
      'join join kind=leftanti Bad on Identity: matched 1, unmatched 2',
    ])
  })

  it('adds up the tests, and the files of tests of a rule', async () => {
    const query = 'SigninLogs | where Location == "NL"'
    const one = suite(query, given('SigninLogs', 'Location: NL'))
    const other = suite(query, given('SigninLogs', 'Location: SE'))
    const [first] = await coverRules([one])
    expect(shareOf(first?.items ?? [])).toEqual({ covered: 1, total: 2 })
    const both = await coverRules([one, other])
    expect(both).toHaveLength(1)
    expect(shareOf(both[0]?.items ?? [])).toEqual({ covered: 2, total: 2 })
  })

  it('is reported at its places', async () => {
    const query = 'SigninLogs\n| where Location == "NL"'
    const tests = given('SigninLogs', 'Location: NL', 'Location: NL')
    const results = await coverRules([suite(query, tests, '<R & "S">')])
    expect(coverageText(results)).toBe(
      '<R & "S">: 50 % covered (conditions 1/2)\n' +
        '  r.yaml:4:11: condition `Location == "NL"` is never false\n',
    )
    expect(lcovReport(results)).toBe(
      'TN:\nSF:r.yaml\nBRDA:4,0,0,2\nBRDA:4,0,1,0\nBRF:2\nBRH:1\nDA:4,2\nLF:1\nLH:1\nend_of_record\n',
    )
    const xml = coberturaReport(results)
    expect(xml).toContain('<class name="&lt;R &amp; &quot;S&quot;&gt;" filename="r.yaml"')
    expect(xml).toContain(
      '<line number="4" hits="2" branch="true" condition-coverage="50% (1/2)"/>',
    )
    expect(JSON.parse(coverageJson(results))).toMatchObject({
      covered: 1,
      total: 2,
      rules: [{ file: 'r.yaml', items: [{ kind: 'condition', line: 4, column: 11 }] }],
    })
  })
})

it('what is not covered whole is not 100 %', () => {
  const outcomes = Array.from({ length: 4000 }, (_, at) => ({ name: 'hit', rows: at }))
  const place = { file: 'r.yaml', line: 1, column: 1 }
  const item = { kind: 'member', place, text: 'x', outcomes } as const
  const result = { rule: 'R', ruleFile: 'r.yaml', items: [item], diagnostics: [] }
  expect(coverageText([result])).toContain('R: 99.9 % covered (members 3999/4000)')
})
