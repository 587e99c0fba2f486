import { describe, expect, it } from 'vitest'
import { useOfNow } from '../../../../src/cli/time-columns.ts'
import { describeScans, explainPlan } from '../../../../src/engine/plan/explain.ts'
import { planData } from '../../../../src/engine/plan/plan-data.ts'
import { inputsIn, plansIn } from '../../../../src/engine/plan/walk.ts'
import { feedsOf } from '../../../../src/replay/feeds.ts'
import { tellsFromAbsence } from '../../../../src/replay/rules.ts'
import { checkPeriod } from '../../../../src/rules/check-period.ts'
import { meaningOf } from '../../../../src/testing/mutation/meaning.ts'
import { ruleIn } from '../../testing/rule-fixture.ts'
import { compileTest, rowsOf, type TestTable } from '../run-query.ts'

const T: TestTable = {
  columns: { TimeGenerated: 'datetime', n: 'long' },
  rows: [['2025-12-31T23:00:00Z', 1]],
}
const tables = { T }
const LINKS = 26

function chain(first: string, link: (before: string) => string, last: string): string {
  const lets = Array.from({ length: LINKS }, (_, at) => `let x${at + 1} = ${link(`x${at}`)};`)
  return [`let x0 = ${first};`, ...lets, last.replaceAll('LAST', `x${LINKS}`)].join('\n')
}

/** Each link is read twice by the next: looked at once for each reader, the first is 67 million times. */
const CHAINS = [
  {
    what: 'materialized tables',
    text: chain(
      'T | where TimeGenerated > ago(2h)',
      x => `materialize(union ${x}, ${x} | take 5)`,
      'LAST | where n > 0',
    ),
    rows: 5,
    // Each place where the first is named reads the table.
    scans: 2,
  },
  {
    what: 'subqueries',
    text: chain(
      'toscalar(T | where TimeGenerated > ago(2h) | count)',
      x => `toscalar(T | where n >= ${x} and n <= ${x} | count)`,
      'T | where n >= LAST and n <= LAST',
    ),
    rows: 1,
    scans: LINKS + 2,
  },
]

describe.each(CHAINS)('a chain of $what that are each read twice', ({ text, rows, scans }) => {
  const compiled = compileTest(text, { tables })
  const [result] = compiled.results
  if (result === undefined) throw new Error(JSON.stringify(compiled.diagnostics))
  const { bound, plan } = result

  it('gives its rows', async () => {
    expect(await rowsOf(text, { tables })).toHaveLength(rows)
  })

  it('has each of its nodes once', () => {
    expect([...plansIn(plan)].filter(({ kind }) => kind === 'scan')).toHaveLength(scans)
    expect(plansIn(bound).size).toBeLessThan(6 * LINKS)
    expect(inputsIn(bound).size).toBeLessThan(6 * LINKS)
    expect(describeScans(plan)).toHaveLength(scans)
  })

  it('is printed in as many lines as it has', () => {
    expect(explainPlan(plan).split('\n').length).toBeLessThan(8 * LINKS)
    expect(JSON.stringify(planData(plan)).length).toBeLessThan(2000 * LINKS)
  })

  it('is looked at once by all that asks something of plans', () => {
    expect(useOfNow([plan])).toEqual({ anywhere: true, ranges: new Set(['T']) })
    expect(tellsFromAbsence(plan)).toBe(false)
    const rule = ruleIn('name: A\nqueryPeriod: 1h\nquery: T')
    expect(checkPeriod(rule, bound).map(({ code }) => code)).toEqual(['KQL403'])
    expect(feedsOf(plan, 'f', () => 'TimeGenerated').feeds).toHaveLength(scans)
    expect(meaningOf(compiled)).toBe(meaningOf(compileTest(text, { tables })))
  })
})
