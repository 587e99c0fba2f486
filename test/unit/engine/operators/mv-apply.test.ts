import { describe, expect, it } from 'vitest'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { compileTest, rowsOf, type TestTable } from '../run-query.ts'

const T: TestTable = {
  columns: { id: 'long', s: 'string', d: 'dynamic' },
  rows: [
    [1, 'a', [5, 1, 3]],
    [2, 'b', []],
    [3, 'c', [4, 10]],
    [4, 'd', null],
  ],
}
const tables = { T }
const rows = (text: string) => rowsOf(`T | ${text}`, { tables })

function columns(text: string): string[] {
  const { bound, diagnostics } = compileTest(`T | ${text}`, { tables })
  expect(diagnostics).toEqual([])
  return (bound?.schema ?? []).map(({ name, type }) => `${name}:${type}`)
}

describe('mv-apply', () => {
  it('runs the subquery for each row; a row without elements gives none', async () => {
    expect(
      await rows('mv-apply x = d to typeof(long) on (summarize m = max(x), n = count())'),
    ).toEqual([
      [1n, 'a', [5, 1, 3], 5n, 3n],
      [3n, 'c', [4, 10], 10n, 2n],
      [4n, 'd', null, null, 1n],
    ])
  })

  it('counts what a filter leaves of each row, nothing included', async () => {
    const text = 'mv-apply x = d to typeof(long) on (where x > 4 | count) | project id, Count'
    expect(await rows(text)).toEqual([
      [1n, 1n],
      [3n, 1n],
      [4n, 0n],
    ])
  })

  it('takes and sorts within each row', async () => {
    const text = 'mv-apply x = d to typeof(long) on (sort by x asc | take 2) | project id, x'
    expect(await rows(text)).toEqual([
      [1n, 1n],
      [1n, 3n],
      [3n, 4n],
      [3n, 10n],
      [4n, null],
    ])
  })

  it('numbers elements and limits them', async () => {
    const text =
      'mv-apply with_itemindex=i x = d to typeof(long) limit 2 on (where i > 0) | project id, x, i'
    expect(await rows(text)).toEqual([
      [1n, 1n, 1n],
      [3n, 10n, 1n],
    ])
  })

  it('reads the columns of the row in the subquery', async () => {
    const text = 'mv-apply x = d to typeof(long) on (where x > id | project y = strcat(s, x))'
    expect(await rows(`${text} | project y`)).toEqual([['a5'], ['a3'], ['c4'], ['c10']])
  })

  it('expands several columns in lock step', async () => {
    const text =
      'print a = dynamic([1, 2]), b = dynamic(["x"]) | mv-apply p = a, q = b to typeof(string) on (project r = strcat(p, q))'
    expect((await rowsOf(`${text} | project r`)).flat()).toEqual(['1x', '2'])
  })

  it('joins the expanded rows with a table', async () => {
    const text =
      'mv-apply x = d to typeof(long) on (join kind=inner (T | project id, t = s) on $left.x == $right.id | project t) | project id, t'
    expect(await rows(text)).toEqual([
      [1n, 'a'],
      [1n, 'c'],
      [3n, 'd'],
    ])
  })

  it('nests', async () => {
    const text =
      'print d = dynamic([[1, 2], [3]]) | mv-apply x = d on (mv-apply y = x to typeof(long) on (summarize s = sum(y)) | summarize m = make_list(s))'
    expect(await rowsOf(`${text} | project m`)).toEqual([[[3, 3]]])
  })

  it('reads a name of the subquery once a row', async () => {
    const text =
      'mv-apply x = d to typeof(long) on (as V | join kind=inner (V | summarize m = max(x)) on $left.x == $right.m | project x) | project id, x'
    expect(await rows(text)).toEqual([
      [1n, 5n],
      [3n, 10n],
      [4n, null],
    ])
  })

  it.each([
    ['mv-apply d on (take 1)', ['id:long', 's:string', 'd:dynamic']],
    ['mv-apply d on (summarize n = count())', ['id:long', 's:string', 'n:long']],
    ['mv-apply x = d on (project x)', ['id:long', 's:string', 'd:dynamic', 'x:dynamic']],
    ['mv-apply d = d on (project y = 1)', ['id:long', 's:string', 'd:dynamic', 'y:long']],
    ['mv-apply id = d on (take 1)', ['id:dynamic', 's:string', 'd:dynamic']],
    ['mv-apply x = d on (extend s = 1)', ['id:long', 's:long', 'd:dynamic', 'x:dynamic']],
    ['mv-apply x = d on (project-away s)', ['id:long', 's:string', 'd:dynamic', 'x:dynamic']],
    ['mv-apply d.x to typeof(int) on (take 1)', ['id:long', 's:string', 'd:dynamic', 'd_x:int']],
    ['mv-apply with_itemindex=id d on (take 1)', ['id:long', 's:string', 'd:dynamic', 'id1:long']],
  ])('%s gives the columns of the row and those of the subquery', (text, expected) => {
    expect(columns(text)).toEqual(expected)
  })

  it.each([
    ['mv-apply s on (take 1)', 'KS141'],
    ['mv-apply d on (where q == 1)', 'KS142'],
    ['mv-apply kind=array d on (take 1)', 'KS125'],
  ])('%s is refused', (text, code) => {
    expect(compileTest(`T | ${text}`, { tables }).diagnostics).toMatchObject([{ code }])
  })

  it('forgets between rows what it kept', async () => {
    const text = 'mv-apply x = d to typeof(long) on (sort by x asc) | count'
    expect(await rowsOf(`T | ${text}`, { tables, maxRows: 4 })).toEqual([[6n]])
    await expect(rowsOf(`T | ${text}`, { tables, maxRows: 3 })).rejects.toThrow('more than 3 rows')
  })

  it('asks the table for what the subquery and its readers need', () => {
    const text =
      'T | mv-apply d to typeof(long) on (where d > id | count) | where s == "a" | project Count'
    expect(explainPlan(compileTest(text, { tables }).plan!).split('\n')).toEqual([
      'scan T: id, s, d',
      '| where s == "a"',
      '| mv-apply d to typeof(long) on',
      '    rows at hand',
      '    | where d > id',
      '    | summarize Count = count()',
    ])
  })
})
