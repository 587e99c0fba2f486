import { describe, expect, it } from 'vitest'
import { compileQuery } from '../../../src/engine/query.ts'
import { checkPeriod } from '../../../src/rules/check-period.ts'
import { loadRule } from '../../../src/rules/load-rule.ts'
import { Catalog } from '../../../src/tables/catalog.ts'

const catalog = Catalog.empty().with({ T: { TimeGenerated: 'datetime' } })

function found(query: string, period: string): string[] {
  const { rule } = loadRule(`name: r\nkind: Scheduled\n${period}query: ${JSON.stringify(query)}\n`)
  const { bound } = compileQuery(query, { catalog })
  if (rule === undefined || bound === undefined) throw new Error('the rule is broken')
  return checkPeriod(rule, bound).map(
    ({ code, message, span }) => `${code} ${query.slice(span.start, span.end)}: ${message}`,
  )
}

describe('the period of a rule', () => {
  it('is compared with every constant time back', () => {
    const query =
      'let t = 14d; union (T | where TimeGenerated > ago(t)), (T | where TimeGenerated > now(-2h))'
    expect(found(query, 'queryPeriod: 1h\n')).toEqual([
      "KQL403 ago(t): The query looks 14.00:00:00 back, but the rule's queryPeriod is 01:00:00: older rows are not there when it runs.",
      "KQL403 now(-2h): The query looks 02:00:00 back, but the rule's queryPeriod is 01:00:00: older rows are not there when it runs.",
    ])
    expect(found(query, 'queryPeriod: 14d\n')).toEqual([])
  })

  it('does not matter where there is none, and times that data give are not known', () => {
    expect(found('T | where TimeGenerated > ago(30d)', '')).toEqual([])
    expect(found('T | extend x = ago(1h * rand())', 'queryPeriod: 1m\n')).toEqual([])
  })

  it('is looked at in subqueries', () => {
    const query =
      'T | where TimeGenerated > toscalar(T | where TimeGenerated > ago(2d) | summarize min(TimeGenerated))'
    expect(found(query, 'queryPeriod: P1D\n')).toHaveLength(1)
  })
})
