import { loadRule } from '../../../src/rules/load-rule.ts'
import type { Rule } from '../../../src/rules/rule.ts'
import { loadTests } from '../../../src/testing/load-tests.ts'
import type { SuiteResult } from '../../../src/testing/results.ts'
import { runSuite, type SuiteOptions } from '../../../src/testing/run-suite.ts'
import { SourceText } from '../../../src/text/source-text.ts'

/** A rule of sign-ins that failed more than once from an address. */
export const RULE = `id: 11111111-1111-1111-1111-111111111111
name: Failed sign-ins
kind: Scheduled
severity: Medium
queryFrequency: 1h
queryPeriod: 2h
triggerOperator: gt
triggerThreshold: 0
query: |
  let failed = SigninLogs
      | where ResultType != "0";
  failed
  | where isnotempty(IPAddress)
  | summarize Count = count(), Users = make_set(UserPrincipalName) by IPAddress
  | where Count > 1
entityMappings:
  - entityType: IP
    fieldMappings:
      - identifier: Address
        columnName: IPAddress
alertDetailsOverride:
  alertDisplayNameFormat: "{{Count}} failed sign-ins from {{IPAddress}}"
`

/** Two failed sign-ins from an address, as the fixture \`usual\`. */
export const USUAL = `fixtures:
  usual:
    SigninLogs:
      first: { TimeGenerated: -20m, ResultType: "50126", IPAddress: 192.0.2.1, UserPrincipalName: a@example.com }
      second: { TimeGenerated: -10m, ResultType: "50126", IPAddress: 192.0.2.1, UserPrincipalName: b@example.com }
`

/** The rule in a text, which has no faults. */
export function ruleIn(text: string): Rule {
  const { rule, diagnostics } = loadRule(text)
  if (rule === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '))
  return rule
}

/** What becomes of the tests in a text. */
export async function run(
  tests: string,
  rule = RULE,
  options: SuiteOptions = {},
): Promise<SuiteResult> {
  const { file, diagnostics } = loadTests(new SourceText(tests, 'a.tests.yaml'))
  if (file === undefined) throw new Error(diagnostics.map(({ message }) => message).join(' '))
  const ruleSource = new SourceText(rule, 'a.yaml')
  return runSuite({ rule: ruleIn(rule), ruleSource, file }, options)
}

/** The tests, each with what does not hold: `passed`, or its mismatches. */
export function outcomes({ tests }: SuiteResult): string[] {
  return tests.map(({ status, mismatches }) =>
    status === 'failed' ? mismatches.map(({ message }) => message).join(' | ') : status,
  )
}

/** Errors and warnings: `line:column code message`. */
export function faults({ diagnostics }: SuiteResult): string[] {
  return diagnostics.map(({ code, message, span, source }) => {
    const { line, column } = source?.positionAt(span.start) ?? { line: 0, column: 0 }
    return `${source?.name}:${line}:${column} ${code} ${message}`
  })
}
