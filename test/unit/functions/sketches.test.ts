import { describe, expect, it } from 'vitest'
import { compileTest, rowsOf } from '../engine/run-query.ts'

async function one(text: string): Promise<unknown> {
  const value = (await rowsOf(text))[0]?.[0]
  return typeof value === 'bigint' ? Number(value) : value
}

describe('hll', () => {
  it.each([
    ['datatable(x:long)[] | summarize h = hll(x) | project isnull(h), isnull(dcount_hll(h))', true],
    ["datatable(s:string)['a', 'b', 'a', ''] | summarize h = hll(s) | project dcount_hll(h)", 3],
    ['datatable(x:long)[1, long(null)] | summarize h = hll(x) | project dcount_hll(h)', 1],
    ['print x = 1 | summarize h = hll(x, 4) | project tostring(h[0])', '[1024,18]'],
    ['print x = 1 | summarize dcount_hll(hll(x))', 1],
    ['print x = 1 | summarize h = hll(x) | project dcount_hll(parse_json(tostring(h)))', 1],
    ['print x = 1 | summarize h = hll(x) | project dcount_hll(hll_merge(h, dynamic(null)))', 1],
    [
      'range x from 1 to 9 step 1 | summarize h = hll(x) by x % 2 | summarize n = dcount_hll(hll_merge(h))',
      9,
    ],
  ])('%s', async (text, expected) => {
    expect(await one(text)).toBe(expected)
  })

  it('is within four standard errors', async () => {
    const text = 'range x from 1 to 30000 step 1 | summarize h = hll(x) | project dcount_hll(h)'
    expect(Math.abs(Number(await one(text)) / 30_000 - 1)).toBeLessThan(0.032)
  })
})

describe('tdigest', () => {
  it.each([
    ['datatable(x:long)[] | summarize d = tdigest(x) | project isnull(d)', true],
    [
      'datatable(x:long)[long(null), 4] | summarize d = tdigest(x) | project tostring(d)',
      '[[7],[4],[1]]',
    ],
    ['datatable(x:int)[4, 4] | summarize d = tdigest(x) | project tostring(d)', '[[7],[4],[2]]'],
    [
      'datatable(x:decimal)[decimal(1.5)] | summarize d = tdigest(x) | project tostring(d)',
      '[[8],[1.5],[1]]',
    ],
    [
      'print t = 1s | summarize d = tdigest(t) | project percentile_tdigest(d, 50, typeof(timespan))',
      '00:00:01',
    ],
    ['print t = 1s | summarize d = tdigest(t) | project rank_tdigest(d, 2s)', 1],
    [
      'print x = 1 | summarize d = tdigest(x) | project tostring(percentiles_array_tdigest(d, dynamic([0, 100])))',
      '[1,1]',
    ],
    ['print x = 1 | summarize d = tdigest(x) | project isnull(rank_tdigest(d, "1"))', true],
    [
      'range x from 1 to 9 step 1 | summarize d = tdigest(x) by x % 2 | summarize p = percentile_tdigest(merge_tdigest(d), 50)',
      5,
    ],
  ])('%s', async (text, expected) => {
    expect(await one(text)).toBe(expected)
  })
})

describe('names of columns', () => {
  it.each([
    [
      'print x = 1 | summarize hll(x), hll_if(x, true), tdigest(x)',
      ['hll_x', 'hll_if_x', 'tdigest_x'],
    ],
    [
      'print x = dynamic(null) | summarize hll_merge(x), tdigest_merge(x), merge_tdigest(x)',
      ['hll_merge_x', 'merge_tdigests_x', 'merge_tdigests_x1'],
    ],
    [
      'print x = dynamic(null) | project hll_merge(x, x), merge_tdigest(x, x)',
      ['hll_merged_result', 'tdigests_merge_result'],
    ],
    [
      'print x = dynamic(null) | project dcount_hll(x), percentile_tdigest(x, 1), percentiles_array_tdigest(x, 1), rank_tdigest(x, 1)',
      ['dcount_hll_x', 'percentile_tdigest_x', 'percentile_tdigest_x1', 'Column1'],
    ],
  ])('%s', (text, names) => {
    expect(compileTest(text).plan?.schema.map(column => column.name)).toEqual(names)
  })
})

describe('what is no sketch', () => {
  it.each([
    ['print dcount_hll(dynamic([1]))', 'KQL302'],
    ['print percentile_tdigest(dynamic([1]), 5)', 'KQL302'],
    ['print percentile_tdigest(dynamic([[7],[1],[1]]), 101)', 'KS128'],
    ['print x = 1 | summarize hll(x, 5)', 'KS128'],
    ['print x = 1.5 | summarize hll(x)', 'KS106'],
    ['print x = true | summarize hll_if(x, true)', 'KS106'],
  ])('%s is %s', (text, code) => {
    expect(compileTest(text).diagnostics.map(diagnostic => diagnostic.code)).toEqual([code])
  })

  it.each(['print x = 1 | summarize hll(x, 5)', 'print x = 1 | summarize hll_if(x, true, 5)'])(
    'points at the accuracy: %s',
    text => {
      const [diagnostic] = compileTest(text).diagnostics
      expect(diagnostic?.span.start).toBe(text.indexOf('5'))
    },
  )

  it.each([
    ['print x = "[1]" | extend d = parse_json(x) | summarize hll_merge(d)', /no result of hll/],
    [
      'datatable(x:long, a:long)[1, 0] | summarize h = hll(x, 0), g = hll(x, 1) | project hll_merge(h, g)',
      /different accuracies/,
    ],
    [
      'datatable(x:long)[1] | summarize d = tdigest(x), e = tdigest(x * 1.5) | project tdigest_merge(d, e)',
      /different types/,
    ],
  ])('%s fails', async (text, message) => {
    await expect(rowsOf(text)).rejects.toThrow(message)
  })
})
