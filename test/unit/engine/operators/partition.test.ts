import { describe, expect, it } from 'vitest'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { compileTest, rowsOf } from '../run-query.ts'

const tables = {
  T: {
    columns: { k: 'string', v: 'long', d: 'dynamic', unread: 'string' },
    rows: [
      ['b', 1, null, 'u'],
      ['a', 2, { p: 1 }, 'u'],
      ['b', 3, null, 'u'],
      ['', 4, { p: 2 }, 'u'],
      ['a', 5, null, 'u'],
    ],
  },
  U: { columns: { n: 'long' }, rows: [[1], [2], [3]] },
  None: { columns: { k: 'string' }, rows: [] },
} as const

const rows = (text: string) => rowsOf(`T | ${text}`, { tables })

describe('partition', () => {
  it('gives the rows of each value, in the order in which the values appear', async () => {
    expect(await rows('partition by k (summarize s = sum(v))')).toEqual([[4n], [7n], [4n]])
    expect(await rows('partition hint.strategy=shuffle by k (take 1 | project k, v)')).toEqual([
      ['b', 1n],
      ['a', 2n],
      ['', 4n],
    ])
  })

  it('makes a partition of null', async () => {
    const text = 'datatable(k: int)[1, int(null), 1] | partition by k (count)'
    expect(await rowsOf(text)).toEqual([[2n], [1n]])
  })

  it('gives nothing of no rows, not even what a summary of nothing would', async () => {
    expect(await rowsOf('None | partition by k (count)', { tables })).toEqual([])
  })

  it('keeps the order of ordered rows in each partition', async () => {
    const text = 'sort by v desc | partition by k (extend p = prev(v)) | project k, v, p'
    expect(await rows(text)).toEqual([
      ['a', 5n, null],
      ['a', 2n, 5n],
      ['', 4n, null],
      ['b', 3n, null],
      ['b', 1n, 3n],
    ])
  })

  it('runs subqueries over the partition for each', async () => {
    const text =
      'partition by k (as P | extend m = toscalar(P | summarize max(v)) | where v in ((P | summarize min(v))) | project k, v, m)'
    expect(await rows(text)).toEqual([
      ['b', 1n, 3n],
      ['a', 2n, 5n],
      ['', 4n, 4n],
    ])
  })

  it('joins a partition with itself and with tables', async () => {
    const text =
      'partition by k (as P | join kind=inner (P | summarize v = max(v)) on v | join kind=leftouter (U) on $left.v == $right.n | project k, v, n)'
    expect(await rows(text)).toEqual([
      ['b', 3n, 3n],
      ['a', 5n, null],
      ['', 4n, null],
    ])
  })

  it('runs a query of its own with the key as a scalar', async () => {
    const text = 'project k = strlen(k) + 1 | partition by k { U | where n <= toscalar(k) | count }'
    expect(await rows(text)).toEqual([[2n], [1n]])
  })

  it('nests, with the rows of both at hand', async () => {
    const text =
      'partition by k (as P | partition by v (extend share = 1.0 * v / toscalar(P | summarize sum(v)))) | project share'
    expect((await rows(text)).flat()).toEqual([0.25, 0.75, 2 / 7, 5 / 7, 1])
    const applied =
      'partition by k (as P | mv-apply x = range(1, 2) to typeof(long) on (extend m = toscalar(P | count) | summarize s = sum(x * m))) | project s'
    expect((await rows(applied)).flat()).toEqual([6n, 6n, 6n, 6n, 3n])
  })

  it('takes 64 values where no strategy says otherwise', async () => {
    const text = (count: number, hint: string) =>
      `range x from 1 to ${count} step 1 | partition ${hint} by x (take 1) | count`
    expect(await rowsOf(text(64, ''))).toEqual([[64n]])
    expect(await rowsOf(text(65, 'hint.strategy=native'))).toEqual([[65n]])
    await expect(rowsOf(text(65, ''))).rejects.toThrow('takes 64 values of `x`, not 65')
  })

  it('counts the rows that it keeps', async () => {
    const text = 'T | partition by k (take 1) | count'
    await expect(rowsOf(text, { tables, maxRows: 4 })).rejects.toThrow('more than 4 rows')
  })

  it('asks the table for the key and what the subquery and its readers read', () => {
    const text =
      'T | partition by k (where v > toscalar(T | summarize avg(v)) | extend p = d.p) | project p'
    expect(explainPlan(compileTest(text, { tables }).plan!).split('\n')).toEqual([
      'scan T: k, v, d',
      '| partition by k',
      '    rows at hand',
      '    | project v, d.p',
      '    | where toreal(v) > toscalar(subquery 1)',
      '        subquery 1:',
      '        scan T: v',
      '        | summarize avg_v = avg(v)',
      '    | project p = d.p',
    ])
  })

  it.each([
    ['partition by q (take 1)', 'KS142'],
    ['partition by d (take 1)', 'KS116'],
    ['partition hint.strategy=other by k (take 1)', 'KS125'],
    ['partition kind=other by k (take 1)', 'KS125'],
    ['partition by k (where q == 1)', 'KS142'],
    ['partition by k { U | where n == toscalar(v) }', 'KS142'],
    ['partition by k (fork (take 1) (count))', 'KQL101'],
    ['partition by k (extend p = prev(v))', 'KS143'],
  ])('%s is refused', (text, code) => {
    expect(compileTest(`T | ${text}`, { tables }).diagnostics).toMatchObject([{ code }])
  })
})

describe('a subquery that reads the expanded rows of mv-apply', () => {
  it('is run for each row', async () => {
    const text =
      'datatable(id: long, d: dynamic)[1, dynamic([5, 3]), 2, dynamic([4])] | mv-apply x = d to typeof(long) on (as V | where x == toscalar(V | summarize min(x))) | project id, x'
    expect(await rowsOf(text)).toEqual([
      [1n, 3n],
      [2n, 4n],
    ])
  })
})
