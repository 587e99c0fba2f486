import { describe, expect, it } from 'vitest'
import { query } from '../../../src/index.ts'
import '../../../src/vitest/vitest.ts'

const text = (query: string) => `id: 11111111-1111-1111-1111-111111111111
name: Failed sign-ins
kind: Scheduled
severity: Medium
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: |
  ${query}
`
const rule = {
  rule: text('SigninLogs | where ResultType != "0" | project TimeGenerated, IPAddress'),
}
const failed = { TimeGenerated: '-5m', ResultType: '50126', IPAddress: '192.0.2.1' }
const given = { SigninLogs: [failed] }

describe('toAlert', () => {
  it('is for alerts, so many, or those that are listed', async () => {
    await expect(rule).toAlert({ given })
    await expect(rule).toAlert({ given }, 1)
    await expect(rule).toAlert({ given }, [
      { title: 'Failed sign-ins', severity: 'Medium', rows: 1 },
    ])
    await expect(rule).not.toAlert({ given: { SigninLogs: [{ ...failed, ResultType: '0' }] } })
    await expect(rule).not.toAlert({ given: {} })
  })

  it('says what came, and what is left after each stage', async () => {
    const none = { SigninLogs: [{ ...failed, ResultType: '0' }] }
    await expect(expect(rule).toAlert({ given: none })).rejects.toThrow(
      [
        'alerts: Expected one or more alerts, got 0.',
        'Why more did not come:',
        '  Row 1 of SigninLogs is left out by where: `ResultType != "0"`: ResultType is "0".',
        '    rule:10:22',
        'Rows after each stage:',
        '    1  SigninLogs',
        '    0  | where ResultType != "0"',
        '    0  | project TimeGenerated, IPAddress',
      ].join('\n'),
    )
    await expect(expect(rule).not.toAlert({ given })).rejects.toThrow(
      'Expected no such alerts, got:\n  Failed sign-ins (run at 2025-01-01T12:00:00.0000000Z)',
    )
  })

  it('takes times as Dates and numbers as bigints, with the schema of a table of one’s own', async () => {
    const own = { rule: text('Own_CL | where n > 9007199254740992') }
    const schemas = { Own_CL: { TimeGenerated: 'datetime', n: 'long' } } as const
    const now = new Date('2026-03-17T15:00:00Z')
    const row = { TimeGenerated: new Date('2026-03-17T14:30:00Z'), n: 9007199254740993n }
    await expect(own).toAlert({ schemas, now, given: { Own_CL: [row] } }, 1)
    await expect(own).not.toAlert({
      schemas,
      now,
      given: { Own_CL: [{ ...row, n: 9007199254740992n }] },
    })
  })

  it.each([
    [{ ...failed, ResultType: 50126 }, 'KQL603', '50126 is no string, which `ResultType` is.'],
    [{ ...failed, ResultTyp: '1' }, 'KQL602', 'Did you mean `ResultType`?'],
  ])('refuses %j, also after not', async (row, code, message) => {
    const wrong = { given: { SigninLogs: [row] } }
    await expect(expect(rule).toAlert(wrong)).rejects.toThrow(code)
    await expect(expect(rule).not.toAlert(wrong)).rejects.toThrow(message)
  })

  it('refuses a case with another name, also after not, as its rows would be left out', async () => {
    const wrong = [
      [{ SigninLogs: [failed] }, 'toAlert takes no `SigninLogs`. Rows by table are its `given`.'],
      [{ gven: { SigninLogs: [failed] } }, 'toAlert takes no `gven`. Did you mean `given`?'],
      [{ tables: { SigninLogs: [failed] } }, 'toAlert takes no `tables`.'],
    ] as const
    for (const [given, message] of wrong) {
      await expect(expect(rule).not.toAlert(given as object)).rejects.toThrow(message)
    }
    await expect(
      expect(rule).not.toReturnRows(1, { SigninLogs: [failed] } as object),
    ).rejects.toThrow('toReturnRows takes no `SigninLogs`.')
  })

  it('refuses what is listed with a value that is undefined', async () => {
    const alert = { title: undefined } as object
    await expect(expect(rule).toAlert({ given }, [alert])).rejects.toThrow(
      'toAlert: `title` of number 1 is undefined.',
    )
    await expect(expect(rule).toReturnRows([{ IPAddress: undefined }], { given })).rejects.toThrow(
      'toReturnRows: `IPAddress` of number 1 is undefined.',
    )
    await expect(expect('print x = 1').toReturnRows([{ x: undefined }])).rejects.toThrow(
      'toReturnRows: `x` of number 1 is undefined.',
    )
  })

  it('takes a rule that has errors, or a run that fails, for no proof', async () => {
    const wrong = { rule: text('SigninLogs | where NoColumn == 1'), ruleFile: 'a.yaml' }
    await expect(expect(wrong).not.toAlert({ given })).rejects.toThrow('a.yaml:10:22')
    const failing = { rule: text('SigninLogs | extend c = geo_info_from_ip_address(IPAddress)') }
    await expect(expect(failing).not.toAlert({ given })).rejects.toThrow('The run failed')
  })

  it('is for a rule alone', async () => {
    await expect(expect('SigninLogs').toAlert({ given })).rejects.toThrow('toAlert is for a rule')
  })
})

describe('toReturnRows', () => {
  const kql = 'T | where n > 1 | project n, at, name'
  const tables = {
    T: {
      schema: { n: 'long', at: 'datetime', name: 'string' },
      rows: [
        { n: 1, at: '2026-03-17T14:00:00Z', name: 'a' },
        { n: 2, at: '2026-03-17T14:30:00Z', name: 'b' },
        { n: 3, at: '2026-03-17T14:50:00Z', name: '' },
      ],
    },
  } as const

  it('compares the rows of a query, by the columns that matter, in any order', async () => {
    await expect(kql).toReturnRows(2, { tables })
    await expect(kql).toReturnRows([{ n: 3 }, { n: 2, name: 'b' }], { tables })
    await expect(kql).not.toReturnRows([{ n: 3 }, { n: 2 }], { tables, ordered: true })
    await expect(kql).not.toReturnRows([{ n: 2 }], { tables })
    await expect(kql).toReturnRows([{ n: 2 }], { tables, others: true })
    await expect(kql).toReturnRows([{ n: 2n, at: '-30m' }], {
      tables,
      others: true,
      now: '2026-03-17T15:00:00Z',
    })
    await expect(kql).not.toReturnRows([{ n: 3 }, { n: 2 }], { tables, exact: true })
  })

  it('says which row comes nearest', async () => {
    await expect(
      expect(kql).toReturnRows([{ n: 2, name: 'c' }, { n: 3 }], { tables }),
    ).rejects.toThrow(
      [
        'rows: 1 of 2 rows missing, 1 row unexpected',
        '  row 1 missing; row 1 of the result comes nearest:',
        '    - name: expected "c"',
        '    +       got      "b"',
      ].join('\n'),
    )
  })

  it('takes a result, and a rule with what it is given', async () => {
    const result = await query('print x = 1, d = dynamic({"a": 1.5})')
    await expect(result).toReturnRows([{ x: 1, 'd.a': 1.5 }])
    await expect(result).not.toReturnRows([{ x: 2 }])
    await expect(rule).toReturnRows([{ IPAddress: '192.0.2.1', TimeGenerated: '-5m' }], { given })
  })

  it.each([
    ['no such column', [{ m: 1 }], 'The result has no column `m`.'],
    ['a value of another type', [{ n: 'two' }], '"two" is no long, which `n` is.'],
    ['a time from an unknown now', [{ at: '-5m' }], 'give `now`'],
  ])('refuses %s, also after not', async (_, rows, message) => {
    await expect(expect(kql).toReturnRows(rows, { tables })).rejects.toThrow(message)
    await expect(expect(kql).not.toReturnRows(rows, { tables })).rejects.toThrow(message)
  })

  it('refuses options that are for something else', async () => {
    await expect(expect(kql).toReturnRows(1, { given })).rejects.toThrow('`tables`, not as `given`')
    await expect(expect(rule).toReturnRows(1, { tables })).rejects.toThrow(
      '`given`, not as `tables`',
    )
  })

  it('shows the errors of a query with their places', async () => {
    await expect(expect('T | wher n').not.toReturnRows(1, { tables })).rejects.toThrow('query:1:5')
  })
})

describe('toBind', () => {
  it('is for queries and rules that compile', () => {
    expect('SigninLogs | count').toBind()
    expect('SigninLogs | count | where NoColumn').not.toBind()
    expect(rule).toBind()
    expect({ rule: text('NoTable | count') }).not.toBind()
    expect({ rule: 'name: nothing' }).not.toBind()
  })

  it('shows the errors with their places', () => {
    expect(() => expect('SigninLogs | where NoColumn == 1').toBind()).toThrow('query:1:20')
    expect(() => expect('SigninLogs').not.toBind()).toThrow('Expected the query to have errors.')
  })
})
