import { describe, expect, it } from 'vitest'
import { describeScans, explainPlan } from '../../../../src/engine/plan/explain.ts'
import type { Plan } from '../../../../src/engine/plan/nodes.ts'
import { planData } from '../../../../src/engine/plan/plan-data.ts'
import { compileQuery } from '../../../../src/engine/query.ts'
import { Catalog } from '../../../../src/tables/catalog.ts'

const catalog = Catalog.empty().with({
  Audit: { TimeGenerated: 'datetime', User: 'string', Count: 'long', Props: 'dynamic' },
  Signin: { TimeGenerated: 'datetime', User: 'string', Ip: 'string' },
})

function plans(kql: string): { bound: Plan; plan: Plan } {
  const { bound, plan, diagnostics } = compileQuery(kql, { catalog })
  if (bound === undefined || plan === undefined) throw new Error(JSON.stringify(diagnostics))
  return { bound, plan }
}

/** The bound plan of the query after `Audit`, without the scan. */
function operator(kql: string): string {
  return explainPlan(plans(`Audit ${kql}`).bound)
    .split('\n')
    .slice(1)
    .join('\n')
}

describe('explainPlan', () => {
  it('prints a pipeline as the query has it', () => {
    const kql = 'Audit | where Count > 1 and User has "x" | extend a = Props.b[0]["c d"] | take 5'
    expect(explainPlan(plans(kql).bound)).toBe(
      [
        'scan Audit: TimeGenerated, User, Count, Props',
        '| where Count > 1 and User has "x"',
        '| extend a = Props.b[0]["c d"]',
        '| take 5',
      ].join('\n'),
    )
  })

  it('prints what a scan is narrowed to by the rewrites', () => {
    const kql = 'Audit | where TimeGenerated > ago(2h) | project user = tostring(Props.user.name)'
    expect(explainPlan(plans(kql).plan)).toBe(
      [
        'scan Audit: TimeGenerated, Props.user.name; TimeGenerated >= ago(2h)',
        '| where TimeGenerated > ago(2h)',
        '| project user = tostring(Props.user.name)',
      ].join('\n'),
    )
  })

  it('indents the right side of a join', () => {
    const kql =
      'Audit | project User | join kind=leftanti (Signin | where Ip == "x" | project User) on User'
    expect(explainPlan(plans(kql).bound)).toBe(
      [
        'scan Audit: TimeGenerated, User, Count, Props',
        '| project User',
        '| join kind=leftanti on $left.User == $right.User',
        '    scan Signin: TimeGenerated, User, Ip',
        '    | where Ip == "x"',
        '    | project User',
      ].join('\n'),
    )
  })

  it('prints a subquery below the operator that reads it', () => {
    const kql =
      'Audit | where User in ((Signin | project User)) and Count > toscalar(Signin | count)'
    expect(explainPlan(plans(kql).bound)).toBe(
      [
        'scan Audit: TimeGenerated, User, Count, Props',
        '| where User in (subquery 1) and Count > toscalar(subquery 2)',
        '    subquery 1:',
        '    scan Signin: TimeGenerated, User, Ip',
        '    | project User',
        '    subquery 2:',
        '    scan Signin: TimeGenerated, User, Ip',
        '    | summarize Count = count()',
      ].join('\n'),
    )
  })

  it('prints a subquery once, where it is read first', () => {
    const kql =
      'let n = toscalar(Signin | count); Audit | where Count > n and Count < n + 2 | project Count, n'
    expect(explainPlan(plans(kql).bound)).toBe(
      [
        'scan Audit: TimeGenerated, User, Count, Props',
        '| where Count > toscalar(subquery 1) and Count < toscalar(subquery 1) + 2',
        '    subquery 1:',
        '    scan Signin: TimeGenerated, User, Ip',
        '    | summarize Count = count()',
        '| project Count, n = toscalar(subquery 1)',
      ].join('\n'),
    )
  })

  it('prints a materialized subplan once', () => {
    const kql = 'let s = materialize(Signin | take 1); union s, (s | where Ip == "a")'
    expect(explainPlan(plans(kql).bound)).toBe(
      [
        'union of 2',
        '    input 1:',
        '    shared 1: computed once',
        '        scan Signin: TimeGenerated, User, Ip',
        '        | take 1',
        '    input 2:',
        '    shared 1, as above',
        '    | where Ip == "a"',
      ].join('\n'),
    )
  })

  it.each([
    ['print 1, x = 2h', 'print print_0 = 1, x = 2h'],
    ['range x from 1 to 3 step 1', 'range x from 1 to 3 step 1'],
    ['datatable(a: long, b: string)[1, "x", 2, "y"]', 'values: 2 rows of 2 columns'],
  ])('prints the source of %s', (kql, expected) => {
    expect(explainPlan(plans(kql).bound)).toBe(expected)
  })

  it.each([
    ['| project User, n = Count', '| project User, n = Count'],
    ['| extend n = 1, Count = 2', '| extend Count = 2, n = 1'],
    [
      '| summarize count(), m = max(Count) by User',
      '| summarize count_ = count(), m = max(Count) by User',
    ],
    ['| summarize by User', '| summarize by User'],
    ['| summarize arg_max(Count, User)', '| summarize (Count, User) = arg_max(Count, User)'],
    ['| sort by Count', '| sort by Count desc nulls last'],
    ['| top 3 by User asc', '| top 3 by User asc nulls first'],
    ['| mv-expand p = Props limit 4', '| mv-expand p = Props limit 4'],
    [
      '| mv-expand kind=array with_itemindex=i Props',
      '| mv-expand kind=array with_itemindex=i Props',
    ],
    ['| mv-expand Props to typeof(long)', '| mv-expand Props to typeof(long)'],
  ])('prints Audit %s', (kql, expected) => {
    expect(operator(kql)).toBe(expected)
  })

  it.each([
    ['(Count + 1) * 2 > 3', '(Count + 1) * 2 > 3'],
    ['Count - (1 - Count) == 0', 'Count - (1 - Count) == 0'],
    ['Count - 1 - Count == 0', 'Count - 1 - Count == 0'],
    ['(Count > 1 or User == "") and Count < 9', '(Count > 1 or User == "") and Count < 9'],
    ['not(Count between (1 .. 2))', 'not(Count between (1 .. 2))'],
    ['User in~ ("a", "b")', 'User in~ ("a", "b")'],
    ['User matches regex "^a"', 'User matches regex "^a"'],
    ['-Count < 0', '-Count < 0'],
    ['Props[User] == "x"', 'Props[User] == "x"'],
    ['TimeGenerated > now() - 90m', 'TimeGenerated > now() - 90m'],
    [
      'TimeGenerated > datetime(2024-01-02)',
      'TimeGenerated > datetime(2024-01-02T00:00:00.0000000Z)',
    ],
  ])('prints the predicate %s', (kql, expected) => {
    expect(operator(`| where ${kql}`)).toBe(`| where ${expected}`)
  })

  it('cuts literals and lists that are no help to a reader', () => {
    const items = Array.from({ length: 20 }, (_, index) => `c${index}`)
    const wide = catalog.with({
      Wide: Object.fromEntries(items.map(name => [name, 'string' as const])),
    })
    const { bound } = compileQuery(
      `Wide | summarize arg_max(c0, *) | where c1 == "${'x'.repeat(999)}"`,
      {
        catalog: wide,
      },
    )
    const [scan = '', summarize = '', where = ''] = explainPlan(bound as Plan).split('\n')
    expect(scan).toBe('scan Wide: 20 columns')
    expect(summarize).toContain(`(${items.slice(0, 12).join(', ')}, … 8 more)`)
    expect(where.length).toBeLessThan(300)
    expect(where.endsWith('…')).toBe(true)
  })
})

describe('describeScans', () => {
  it('tells the columns, paths and range of time of each scan', () => {
    const kql =
      'Audit | where TimeGenerated between (ago(2h) .. now()) | extend u = tostring(Props.u) | project u' +
      ' | where u in ((Signin | project User))'
    expect(describeScans(plans(kql).plan)).toEqual([
      {
        table: 'Audit',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Props.u', type: 'dynamic' },
        ],
        time: { column: 'TimeGenerated', from: 'ago(2h)', to: 'now()' },
      },
      { table: 'Signin', columns: [{ name: 'User', type: 'string' }] },
    ])
  })
})

describe('planData', () => {
  it('has how far apart the times of a join may be', () => {
    const { plan } = plans(
      'Audit | project a = TimeGenerated, User | join (Signin | project b = TimeGenerated, User) on User | where b between (a .. a + 5m)',
    )
    const text = JSON.stringify(planData(plan))
    expect(text).toContain(
      '"band":{"left":"a","right":"b","least":"00:00:00","greatest":"00:05:00"}',
    )
  })

  it('is the plan without spans, with literals as text', () => {
    const kql =
      'datatable(a: long, d: dynamic)[1, dynamic({"x": 1})] | where a > 9223372036854775807'
    expect(JSON.parse(JSON.stringify(planData(plans(kql).bound)))).toEqual({
      kind: 'where',
      input: {
        kind: 'values',
        schema: [
          { name: 'a', type: 'long' },
          { name: 'd', type: 'dynamic' },
        ],
        rows: [['1', 'dynamic({"x": 1})']],
      },
      predicate: {
        kind: 'call',
        type: 'bool',
        function: '>',
        overload: expect.any(Number),
        arguments: [
          { kind: 'column', type: 'long', name: 'a' },
          { kind: 'literal', type: 'long', text: '9223372036854775807' },
        ],
      },
      schema: [
        { name: 'a', type: 'long' },
        { name: 'd', type: 'dynamic' },
      ],
    })
  })
})
