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

  describe('with a body that looks at each row by itself', () => {
    const planOf = (text: string) => explainPlan(compileTest(`T | ${text}`, { tables }).plan!)

    it('is the expansion of all rows', () => {
      const text =
        'mv-apply e = d on (where e.k == "Word" | extend v = tostring(e.v)) | project id, v'
      expect(planOf(text).split('\n')).toEqual([
        'scan T: id, d[*].v, d[*].k; "word" in d',
        '| mv-expand e.v in d, e.k in d',
        '| where e.k == "Word"',
        '| project id, v = tostring(e.v)',
      ])
    })

    it.each<[string, string, (readonly unknown[])[]]>([
      [
        'columns of the row that the body does not give',
        'mv-apply x = d to typeof(long) on (where x > 4 | project y = x + id)',
        [
          [1n, 'a', [5, 1, 3], 6n],
          [3n, 'c', [4, 10], 13n],
        ],
      ],
      [
        'a column of the row that the expanded one is called like',
        'mv-apply s = d to typeof(long) on (where s > 4 | project y = s)',
        [
          [1n, 'a', [5, 1, 3], 5n],
          [3n, 'c', [4, 10], 10n],
        ],
      ],
      [
        'a column that is expanded under its own name, and gone',
        'mv-apply d to typeof(long) on (where d > 4 | project y = d)',
        [
          [1n, 'a', 5n],
          [3n, 'c', 10n],
        ],
      ],
      [
        'a column of the row that the body makes in between',
        'mv-apply x = d to typeof(long) on (extend id = x * 100 | where id > 400 | project y = id)',
        [
          [1n, 'a', [5, 1, 3], 500n],
          [3n, 'c', [4, 10], 1000n],
        ],
      ],
      [
        'a column that the body gives another value',
        'mv-apply x = d to typeof(long) on (where x > 4 | extend s = strcat(s, x) | project s)',
        [
          [1n, 'a5', [5, 1, 3]],
          [3n, 'c10', [4, 10]],
        ],
      ],
      [
        'bodies within bodies, and the limits of both',
        'mv-apply with_itemindex=i x = d to typeof(long) limit 2 on (mv-apply with_itemindex=j y = pack_array(x, i, 7) to typeof(long) limit 2 on (project z = y * 10 + j)) | project id, s, i, x, z',
        [
          [1n, 'a', 0n, 5n, 50n],
          [1n, 'a', 0n, 5n, 1n],
          [1n, 'a', 1n, 1n, 10n],
          [1n, 'a', 1n, 1n, 11n],
          [3n, 'c', 0n, 4n, 40n],
          [3n, 'c', 0n, 4n, 1n],
          [3n, 'c', 1n, 10n, 100n],
          [3n, 'c', 1n, 10n, 11n],
          [4n, 'd', 0n, null, null],
          [4n, 'd', 0n, null, 1n],
        ],
      ],
      [
        'parsed columns',
        'mv-apply x = d to typeof(string) on (extend t = strcat("n=", x, ";") | parse t with "n=" s:long ";" | where s < 5 | project s)',
        [
          [1n, 1n, [5, 1, 3]],
          [1n, 3n, [5, 1, 3]],
          [3n, 4n, [4, 10]],
        ],
      ],
      [
        'a table in the body that is none of the row',
        'mv-apply x = d to typeof(long) on (where x in ((T | where isnotempty(d) | project id)) | project x) | project id, x',
        [
          [1n, 1n],
          [1n, 3n],
        ],
      ],
      [
        'a table in the body that is of the row',
        'mv-apply x = d to typeof(long) on (as V | where x == toscalar(V | summarize max(x)) | project x) | project id, x',
        [
          [1n, 5n],
          [3n, 10n],
        ],
      ],
      [
        'nothing but the elements',
        'mv-apply x = d to typeof(long) on (project x) | project x',
        [[5n], [1n], [3n], [4n], [10n], [null]],
      ],
    ])('has %s', async (_, text, expected) => {
      expect(await rows(text)).toEqual(expected)
    })
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
