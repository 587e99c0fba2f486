import { describe, expect, it } from 'vitest'
import { query } from '../../../../src/index.ts'
import { KqlError } from '../../../../src/text/kql-error.ts'
import { rowsOf } from '../run-query.ts'

async function codesOf(text: string, maxRows = 1_000_000): Promise<string[]> {
  try {
    await query(text, { maxRows })
  } catch (error) {
    if (error instanceof KqlError) return error.diagnostics.map(({ code }) => code)
    throw error
  }
  return []
}

describe('basket', () => {
  // 10 rows: 6 × (Hail, no), 2 × (Wind, no), 2 × (Wind, yes).
  const storms =
    'range x from 0 to 9 step 1 | project type = iff(x < 6, "Hail", "Wind"), damage = iff(x < 8, "no", "yes")'

  it('gives each set of rows once, with all values that it has in common', async () => {
    // {Hail} is {Hail, no}; {yes} is {Wind, yes}.
    expect(await rowsOf(`${storms} | evaluate basket(0.2)`)).toEqual([
      [0n, 6n, 60, 'Hail', 'no'],
      [1n, 8n, 80, '', 'no'],
      [2n, 4n, 40, 'Wind', ''],
      [3n, 2n, 20, 'Wind', 'no'],
      [4n, 2n, 20, 'Wind', 'yes'],
    ])
  })

  it('takes a share that is just reached, of weights too', async () => {
    expect(await rowsOf(`${storms} | evaluate basket(0.4)`)).toHaveLength(3)
    expect(await rowsOf(`${storms} | evaluate basket(0.41)`)).toHaveLength(2)
    const weighted =
      'datatable(a: string, w: real)["x", 1.5, "y", 0.5, "z", real(null)] | evaluate basket(0.5, w)'
    expect(await rowsOf(weighted)).toEqual([[0n, 1n, 75, 'x', null]])
  })

  it('counts values of a pattern without those that follow', async () => {
    // At most one: (Hail, no) is found by Hail alone, (Wind, no) by neither.
    expect(
      (await rowsOf(`${storms} | evaluate basket(0.2, "~", 1)`)).map(row => row.slice(3)),
    ).toEqual([
      ['Hail', 'no'],
      ['', 'no'],
      ['Wind', ''],
      ['Wind', 'yes'],
    ])
  })

  it('puts wildcards of a type into its columns', async () => {
    const rows =
      'datatable(a: string, n: int, d: datetime)["x", 1, datetime(2026-01-01), "x", 2, datetime(2026-01-02)]'
    expect(
      await rowsOf(`${rows} | evaluate basket(0.6, "~", "~", "*", int(-1), datetime(1900-01-01))`),
    ).toEqual([[0n, 2n, 100, 'x', -1, '1900-01-01T00:00:00.0000000Z']])
    expect(await rowsOf(`${rows} | evaluate basket(0.6, "~", "~", "~", int(-1))`)).toEqual([
      [0n, 2n, 100, 'x', -1, null],
    ])
  })

  it('takes null for a value', async () => {
    const text =
      'datatable(a: string, n: long)["x", long(null), "y", long(null)] | evaluate basket(0.6, "~", "~", long(-1))'
    expect(await rowsOf(text)).toEqual([[0n, 2n, 100, '', null]])
  })

  it.each([
    ['a threshold that is too small', 'basket(0.001)', ['KS128']],
    ['a threshold above 1', 'basket(1.5)', ['KS128']],
    ['no dimension', 'basket(0.1, "~", 0)', ['KS128']],
    ['a weight that is no number', 'basket(0.1, type)', ['KS141']],
    ['a wildcard that is no literal', 'basket(0.1, "~", "~", now())', ['KS120']],
  ])('refuses %s', async (_, call, codes) => {
    expect(await codesOf(`${storms} | evaluate ${call}`)).toEqual(codes)
  })

  it.each(['-1', 'real(+inf)', 'real(nan)', '1e308'])('refuses a weight of %s', async weight => {
    const text = `range a from 1 to 2 step 1 | extend w = ${weight} | evaluate basket(0.1, w)`
    expect(await codesOf(text)).toEqual(['KS128'])
  })

  it('gives nothing of nothing', async () => {
    expect(await rowsOf(`${storms} | where type == "x" | evaluate basket()`)).toEqual([])
    expect(await rowsOf('print w = 0 | evaluate basket(0.1, w)')).toEqual([])
  })

  it('stops at the limit of rows where there are too many patterns', async () => {
    const columns = Array.from(
      { length: 20 },
      (_, index) => `c${index} = binary_and(binary_shift_right(hash(x), ${index}), 1)`,
    )
    const text = `range x from 1 to 500 step 1 | project ${columns.join(', ')} | evaluate basket(0.02, "~", 20)`
    expect(await codesOf(text, 5000)).toEqual(['KQL300'])
  })
})

describe('diffpatterns', () => {
  // Set A: 10 rows, of which 6 are (x, p), 2 (y, p), 2 (z, q). Set B: 5 rows, 1 (x, p), 4 (y, q).
  const sets = `range n from 0 to 14 step 1
    | extend side = iff(n < 10, "A", "B")
    | extend a = case(n < 6 or n == 10, "x", n < 8 or n > 10, "y", "z"), b = iff(n < 8 or n == 10, "p", "q")
    | project side, a, b`

  it('gives what sets the sets apart, and nothing again that the rows before say', async () => {
    // x: 60 % and 20 %; y: 20 % and 80 %; p: 80 % and 20 %; q, and (y, q): 0 % and 80 %.
    // (y, q) has the greatest difference. p owes 60 of 60 to rows outside of it. The others have no more.
    expect(await rowsOf(`${sets} | evaluate diffpatterns(side, "A", "B", "~", 0.3)`)).toEqual([
      [0n, 0n, 4n, 0, 80, 80, '', 'y', 'q'],
      [1n, 8n, 1n, 80, 20, 60, '', '', 'p'],
    ])
  })

  it('ignores rows of neither set, counts weights, and rounds as documented', async () => {
    const text = `datatable(side: string, a: string, w: long)["A", "x", 1, "A", "y", 2, "B", "y", 5, "C", "x", 99]
      | evaluate diffpatterns(side, "B", "A", w, "~", "~", "*")`
    expect(await rowsOf(text)).toEqual([
      [0n, 5n, 2n, 100, 66.67, 33.33, '*', 'y', null],
      [1n, 0n, 1n, 0, 33.33, 33.33, '*', 'x', null],
    ])
  })

  it.each([
    ['a set without rows', 'diffpatterns(side, "A", "Z")', ['KS128']],
    ['a threshold that is too small', 'diffpatterns(side, "A", "B", "~", 0.01)', ['KS128']],
    ['an unknown column', 'diffpatterns(sides, "A", "B")', ['KS142']],
    ['too few arguments', 'diffpatterns(side, "A")', ['KS119']],
  ])('refuses %s', async (_, call, codes) => {
    expect(await codesOf(`${sets} | evaluate ${call}`)).toEqual(codes)
  })

  it('gives nothing of nothing', async () => {
    expect(
      await rowsOf(`${sets} | where a == "?" | evaluate diffpatterns(side, "A", "B")`),
    ).toEqual([])
  })
})
