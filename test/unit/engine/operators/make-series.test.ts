import { describe, expect, it } from 'vitest'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { compileTest, objectsOf, rowsOf, runPlan } from '../run-query.ts'

const tables = {
  T: {
    columns: { t: 'long', v: 'long', r: 'real', g: 'string', at: 'datetime' },
    rows: [
      [1, 10, 0.1, 'a', '2026-01-01T01:00:00Z'],
      [3, 30, 0.3, 'a', '2026-01-01T03:30:00Z'],
      [4, null, 0.65, 'b', '2026-01-01T23:00:00Z'],
      [null, 5, null, 'b', null],
    ],
  },
} as const

describe('make-series', () => {
  it.each<[string, unknown[][]]>([
    // The end is no part of the grid, and rows from there on do not count.
    [
      'sum(v) on t from 1 to 4 step 1',
      [
        [
          [10, 0, 30],
          [1, 2, 3],
        ],
      ],
    ],
    [
      'sum(v) on t from 1 to 4 step 2',
      [
        [
          [10, 30],
          [1, 3],
        ],
      ],
    ],
    [
      'count() on t from 0 to 4 step 3',
      [
        [
          [1, 1],
          [0, 3],
        ],
      ],
    ],
    // A grid between rows: bins start at its start.
    [
      'count() on t from 0 to 5 step 2',
      [
        [
          [1, 1, 1],
          [0, 2, 4],
        ],
      ],
    ],
    [
      'count() on t from -3 to 2 step 4',
      [
        [
          [0, 1],
          [-3, 1],
        ],
      ],
    ],
    // Without bounds each group has its own, in bins that count from 0.
    [
      'count() on t step 2 by g',
      [
        ['a', [1, 1], [0, 2]],
        ['b', [1], [4]],
      ],
    ],
    [
      'count() on t from 1 step 1 by g',
      [
        ['a', [1, 0, 1], [1, 2, 3]],
        ['b', [0, 0, 0, 1], [1, 2, 3, 4]],
      ],
    ],
    [
      'count() on t to 5 step 1 by g',
      [
        ['a', [1, 0, 1, 0], [1, 2, 3, 4]],
        ['b', [1], [4]],
      ],
    ],
    // in range: the stop is part of it, and bins count from 0.
    [
      'count() on t in range(1, 4, 2)',
      [
        [
          [1, 1, 1],
          [0, 2, 4],
        ],
      ],
    ],
    [
      'count() on t in range(1, 3, 2)',
      [
        [
          [1, 1],
          [0, 2],
        ],
      ],
    ],
    // Nulls of the values are no gaps, and a null default is one.
    [
      'sum(v) default = long(null) on t from 3 to 6 step 1',
      [
        [
          [30, 0, null],
          [3, 4, 5],
        ],
      ],
    ],
    [
      'max(v) default = -1 on t from 3 to 6 step 1',
      [
        [
          [30, null, -1],
          [3, 4, 5],
        ],
      ],
    ],
    [
      'avg(v) default = 2 on t from 1 to 3 step 1',
      [
        [
          [10, 2],
          [1, 2],
        ],
      ],
    ],
    // Reals are rounded: 0.3 lies a hair before 0.1 + 2 · 0.1, and 0.7 is no seventh point.
    ['count() on r from 0.1 to 0.7 step 0.1', [[[1, 1, 0, 0, 0, 1], expect.any(Array)]]],
    [
      'count() on r step 0.5',
      [
        [
          [2, 1],
          [0, 0.5],
        ],
      ],
    ],
    // Expressions of aggregates, and several columns of one.
    [
      'x = sum(v) * 2 + count() on t from 1 to 3 step 1',
      [
        [
          [21, 0],
          [1, 2],
        ],
      ],
    ],
    [
      'percentiles(v, 0, 100) default = 7 on t from 1 to 3 step 1',
      [
        [
          [10, 7],
          [10, 7],
          [1, 2],
        ],
      ],
    ],
    // Nothing in the grid: no row.
    ['count() on t from 10 to 20 step 1', []],
    ['count() on t from 4 to 1 step 1', []],
    ['count() on t from 1 to 1 step 1', []],
    ['count() on t from long(null) to 5 step 1', []],
    [
      'kind=nonempty count() on t from 10 to 12 step 1',
      [
        [
          [0, 0],
          [10, 11],
        ],
      ],
    ],
    ['kind=nonempty count() on t from 4 to 1 step 1', [[[], []]]],
  ])('%s', async (text, expected) => {
    expect(await rowsOf(`T | make-series ${text}`, { tables })).toEqual(expected)
  })

  it('makes datetimes of the grid', async () => {
    const text =
      'T | make-series n = count() on at from datetime(2026-01-01) to now() step 12h by g'
    expect(await objectsOf(text, { tables, now: '2026-01-02T00:00:00Z' })).toEqual([
      { g: 'a', n: [2, 0], at: ['2026-01-01T00:00:00.0000000Z', '2026-01-01T12:00:00.0000000Z'] },
      { g: 'b', n: [0, 1], at: ['2026-01-01T00:00:00.0000000Z', '2026-01-01T12:00:00.0000000Z'] },
    ])
  })

  it('takes an axis that is computed, and names it', async () => {
    const text = 'T | make-series n = count() on day = t / 2 from 0 to 3 step 1'
    expect(await objectsOf(text, { tables })).toEqual([{ n: [1, 1, 1], day: [0, 1, 2] }])
  })

  it('gives timespans as an axis', async () => {
    const text = 'print t = 90m | make-series n = count() on t from 1h to 3h step 1h'
    expect(await objectsOf(text)).toEqual([{ n: [1, 0], t: ['01:00:00', '02:00:00'] }])
  })

  it('can be filtered by a key before, but not when an empty input gives a row', async () => {
    const filtered = 'T | make-series n = count() on t from 1 to 5 step 1 by g | where g == "b"'
    expect(await rowsOf(filtered, { tables })).toEqual([['b', [0, 0, 0, 1], [1, 2, 3, 4]]])
    const plan = compileTest(filtered, { tables }).plan
    const lines = explainPlan(plan!).split('\n')
    expect(lines.findIndex(line => line.includes('g == "b"'))).toBeLessThan(
      lines.findIndex(line => line.includes('make-series')),
    )
  })

  it('is explained', () => {
    const { plan } = compileTest(
      'T | make-series n = count() default = 1, sum(v) on t from 1 to 5 step 2 by g',
      { tables },
    )
    expect(explainPlan(plan!)).toContain(
      '| make-series n default = 1, sum_v default = 0 on t = $point from 1 to 5 step 2 by g',
    )
  })

  it.each<[string, string, string]>([
    ['make-series count() on t from 0 to 1048577 step 1', 'KQL300', 'more than 1048576'],
    [
      'make-series count() on r from 0.0 to real(+inf) step 1.0',
      'KQL300',
      'infinitely many values',
    ],
    [
      'extend r = real(-inf) | make-series count() on r step 1.0',
      'KQL300',
      'infinitely many values',
    ],
    ['make-series count() on t step 0', 'KS128', 'above zero'],
    ['make-series count() on t from 0 to 5 step -1', 'KS128', 'above zero'],
    ['make-series count() on r step real(null)', 'KS128', 'above zero'],
    ['take 0 | make-series kind=nonempty count() on t step 1', 'KQL101', 'needs from and to'],
    ['take 0 | make-series kind=nonempty count() on t from 0 to 2 step 1 by g', 'KQL101', 'no by'],
  ])('%s fails when it runs: %s', async (text, code, message) => {
    const { plan } = compileTest(`T | ${text}`, { tables })
    await expect(runPlan(plan!, { tables })).rejects.toMatchObject({
      diagnostic: { code, message: expect.stringContaining(message) },
    })
  })

  it('counts the memory of what it gives', async () => {
    const text =
      'range g from 1 to 1000 step 1 | make-series n = count() on t = g * 0 from 0 to 100000 step 1 by g'
    const { plan } = compileTest(text)
    await expect(runPlan(plan!, { keepsResult: true, maxMemory: 2 ** 24 })).rejects.toMatchObject({
      diagnostic: { code: 'KQL300' },
    })
  })

  it('can be cancelled between series', async () => {
    const text =
      'range g from 1 to 100000 step 1 | make-series n = count() on t = g * 0 from 0 to 100000 step 1 by g | count'
    const { plan } = compileTest(text)
    const signal = AbortSignal.timeout(50)
    await expect(runPlan(plan!, { signal })).rejects.toMatchObject({
      diagnostic: { code: 'KQL301' },
    })
  })
})
