import { describe, expect, it } from 'vitest'
import { KqlError, prepare, query } from '../../../src/index.ts'
import { compileTest } from './run-query.ts'

const T = {
  schema: { a: 'string', v: 'long' },
  rows: [
    { a: 'x', v: 1 },
    { a: 'y', v: 2 },
    { a: 'x', v: 3 },
  ],
} as const

async function resultsOf(text: string): Promise<{ name: string | undefined; rows: unknown[][] }[]> {
  const { results } = await query(text, { tables: { T } })
  return results.map(result => ({ name: result.name, rows: result.rows() }))
}

describe('a query with several results', () => {
  it('has one for each expression, in order, with the names of as', async () => {
    expect(
      await resultsOf('print 1; let n = 2; T | take n | as X | render table; T | count'),
    ).toEqual([
      { name: undefined, rows: [[1n]] },
      {
        name: 'X',
        rows: [
          ['x', 1n],
          ['y', 2n],
        ],
      },
      { name: undefined, rows: [[3n]] },
    ])
  })

  it('has one for each branch of fork', async () => {
    const text =
      'T | where v > 1 | fork one = (where a == "x") (count | as two) (project v) | render table'
    expect(await resultsOf(text)).toEqual([
      { name: 'one', rows: [['x', 3n]] },
      { name: 'two', rows: [[2n]] },
      { name: undefined, rows: [[2n], [3n]] },
    ])
  })

  it('has one for the pipeline of facet and one for each of its columns', async () => {
    expect(await resultsOf('T | facet by a, v with (take 1 | project v)')).toEqual([
      { name: undefined, rows: [[1n]] },
      {
        name: undefined,
        rows: [
          ['x', 2n],
          ['y', 1n],
        ],
      },
      {
        name: undefined,
        rows: [
          [1n, 1n],
          [2n, 1n],
          [3n, 1n],
        ],
      },
    ])
    const { results } = prepare('print a = 1 | facet by a')
    expect(results.map(({ columns }) => columns.map(({ name }) => name))).toEqual([
      ['a', 'count_a'],
    ])
  })

  it('gives the rows of the first as its own', async () => {
    const result = await query('print x = 1; print y = "a"; print z = 3')
    expect(result.rows()).toEqual([[1n]])
    expect(result.columns).toEqual([{ name: 'x', type: 'long' }])
    expect(result.results[0]).toBe(result)
    expect(result.results.map(item => item.toObjects())).toEqual([
      [{ x: 1 }],
      [{ y: 'a' }],
      [{ z: 3 }],
    ])
    expect(result.results.map(item => item.rowCount)).toEqual([1, 1, 1])
  })

  it('are two of preview: the first rows and how many there are', async () => {
    const { results } = await query('range x from 1 to 9 step 1 | evaluate preview(2)')
    expect(results.map(item => item.toObjects())).toEqual([[{ x: 1 }, { x: 2 }], [{ Count: 9 }]])
  })

  it('computes once what they share', async () => {
    const text = 'range x from 1 to 3 step 1 | extend r = rand() | fork (project r) (project r)'
    const [first, second] = await resultsOf(text)
    expect(first?.rows).toEqual(second?.rows)
  })

  it('reads the tables of all', () => {
    expect(prepare('SigninLogs | count; AuditLogs | count').tables).toEqual([
      'SigninLogs',
      'AuditLogs',
    ])
  })

  it('counts all that it keeps', async () => {
    const text = 'range x from 1 to 3 step 1; range x from 1 to 3 step 1'
    await expect(query(text, { maxRows: 5 })).rejects.toThrow(KqlError)
    expect((await query(text, { maxRows: 6 })).results).toHaveLength(2)
  })

  it('is not given batch by batch', async () => {
    const batches = prepare('print 1; print 2').batches()
    await expect(batches.next()).rejects.toThrow('several results')
  })

  it.each([
    ['print 1; 2', 'KS137'],
    ['print 1; print x; let x = 1; print x', 'KS142'],
    ['let f = () { print 1; print 2 }; f()', 'KQL101'],
    ['let x = print 1 | fork (take 1) (count); x', 'KQL101'],
    ['print 1 | fork (take 1) (count) | take 1', 'KQL101'],
    ['print 1 | evaluate preview(1) | take 1', 'KQL101'],
    ['print 1 | evaluate preview()', 'KS119'],
    ['print 1 | evaluate preview(1, 2)', 'KS119'],
    ['print 1 | evaluate preview("a")', 'KS141'],
    ['print 1 | evaluate preview(1): (a: long)', 'KQL101'],
    ['print 1 | join (print 2 | facet by print_0) on print_0', 'KQL101'],
    ['print a = 1 | facet by b', 'KS142'],
    ['print a = dynamic(1) | facet by a', 'KS116'],
  ])('%s is refused', (text, code) => {
    const { diagnostics, results } = compileTest(text)
    expect(diagnostics).toMatchObject([{ code }])
    expect(results).toEqual([])
  })
})
