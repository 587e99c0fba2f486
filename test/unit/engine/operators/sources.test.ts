import { describe, expect, it } from 'vitest'
import { compileTest, rowsOf, runPlan } from '../run-query.ts'

const column = (rows: readonly (readonly unknown[])[]) => rows.map(([value]) => value)

describe('range', () => {
  it.each([
    ['range x from 1 to 3 step 1', [1n, 2n, 3n]],
    ['range x from 1 to 4 step 2', [1n, 3n]],
    ['range x from 3 to 1 step -1', [3n, 2n, 1n]],
    ['range x from 1 to 3 step -1', []],
    ['range x from 3 to 1 step 1', []],
    ['range x from 1 to 1 step 1', [1n]],
    ['range x from 1 to 3 step 0', []],
    [
      'range x from 9223372036854775806 to 9223372036854775807 step 1',
      [9223372036854775806n, 9223372036854775807n],
    ],
    [
      'range x from -9223372036854775807 to (-9223372036854775807 - 1) step -1',
      [-9223372036854775807n, -9223372036854775808n],
    ],
    ['range x from long(null) to 3 step 1', []],
    ['range x from 1 to long(null) step 1', []],
    ['range x from 1 to 3 step long(null)', []],
    ['range x from int(1) to int(3) step int(1)', [1, 2, 3]],
    ['range x from int(3) to int(1) step int(-2)', [3, 1]],
    ['range x from 0.0 to 1.0 step 0.25', [0, 0.25, 0.5, 0.75, 1]],
    ['range x from 1.0 to 0.0 step -0.5', [1, 0.5, 0]],
    ['range x from 0.0 to 1.0 step -0.5', []],
    ['range x from 0.0 to 1.0 step 0.0', []],
    ['range x from 0.0 to real(nan) step 1.0', []],
    ['range x from 1h to 2h step 30m', ['01:00:00', '01:30:00', '02:00:00']],
    [
      'range x from datetime(2024-02-28) to datetime(2024-03-01) step 1d',
      [
        '2024-02-28T00:00:00.0000000Z',
        '2024-02-29T00:00:00.0000000Z',
        '2024-03-01T00:00:00.0000000Z',
      ],
    ],
    [
      'range x from datetime(9999-12-31) to datetime(9999-12-31T23:59:59.9999999Z) step 12h',
      ['9999-12-31T00:00:00.0000000Z', '9999-12-31T12:00:00.0000000Z'],
    ],
  ])('%s', async (text, rows) => {
    expect(column(await rowsOf(text))).toEqual(rows)
  })

  it.each([
    'range x from 1.0 to real(+inf) step 1.0',
    'range x from real(-inf) to 1.0 step 1.0',
    'range x from 1.0 to real(-inf) step -1.0',
    'range x from real(+inf) to real(+inf) step 1.0',
    'range x from 9007199254740992.0 to 9007199254740999.0 step 1.0',
    'range x from 0.0 to 1e300 step 1.0',
  ])('%s fails, as it would never end', async text => {
    const { plan } = compileTest(text)
    await expect(runPlan(plan!)).rejects.toMatchObject({
      diagnostic: { code: 'KQL300', span: { start: 0, end: text.length } },
    })
  })

  it.each([
    ['range x from 1.0 to real(-inf) step 1.0', []],
    ['range x from real(nan) to 1.0 step 1.0', []],
    ['range x from 1.0 to 2.0 step real(+inf)', [1]],
    ['range x from -1e300 to 1e300 step 1e300', [-1e300, 0, 1e300]],
  ])('%s ends', async (text, rows) => {
    expect(column(await rowsOf(text))).toEqual(rows)
  })
})

describe('print', () => {
  it.each([
    ['print 1, print_0 = 9', ['print_0', 'print_01']],
    ['print 1, "a", x = 3, print_1 = 9', ['print_0', 'print_1', 'x', 'print_11']],
    ['print print_1 = 9, 1, 2', ['print_1', 'print_11', 'print_2']],
  ])('numbers a written name that an unnamed column has: %s', async (text, names) => {
    expect(column(await rowsOf(`${text} | getschema | project ColumnName`))).toEqual(names)
  })
})

describe('a source without columns or rows', () => {
  const tables = {
    T: {
      columns: { a: 'long', d: 'dynamic' },
      rows: [
        [1, { x: 1 }],
        [2, null],
      ],
    },
  } as const

  it.each([
    ['T | project-away * | count', [[2n]]],
    ['T | count', [[2n]]],
    ['T | where a > 5 | summarize count(), sum(a), max(a)', [[0n, 0n, null]]],
    ['T | where a > 5 | summarize count() by a', []],
    ['T | where a > 5 | count', [[0n]]],
    ['T | where a > 5 | distinct a', []],
    ['T | where a > 5 | sort by a', []],
    ['T | where a > 5 | top 3 by a', []],
    ['T | where a > 5 | mv-expand d', []],
    ['T | where a > 5 | union (T | where a > 6) | project a', []],
    ['T | where a > 5 | serialize n = row_number() | project n', []],
    ['T | where a > 5 | extend b = a + 1 | project b', []],
    ['T | where a in (T | where a > 5 | project a) | project a', []],
    ['T | where a !in (T | where a > 5 | project a) | project a', [[1n], [2n]]],
    ['print x = toscalar(T | where a > 5 | project a)', [[null]]],
    ['let M = materialize(T | where a > 5); M | count', [[0n]]],
    ['T | take 0 | count', [[0n]]],
    ['datatable(a: long)[] | summarize by a', []],
  ])('%s', async (text, rows) => {
    expect(await rowsOf(text, { tables })).toEqual(rows)
  })
})
