import { describe, expect, it } from 'vitest'
import { explainPlan } from '../../../../src/engine/plan/explain.ts'
import { compileTest, objectsOf, rowsOf } from '../run-query.ts'

const NUMBERS = 'range x from 1 to 6 step 1'

const tables = {
  T: {
    columns: { t: 'long', s: 'string', d: 'dynamic', unread: 'string' },
    rows: [
      [1, 'a', null, 'u'],
      [2, 'b', { p: 1 }, 'u'],
      [3, '', null, 'u'],
      [4, 'c', { p: 2 }, 'u'],
    ],
  },
} as const

describe('scan', () => {
  it('has a state of null, empty text or the declared value before any row has matched', async () => {
    const text =
      'T | sort by t asc | scan declare (a: long, b: string, c: long = 7, e: string = "x") with (step z: true => a = iff(isnull(z.t), -1, z.t), b = strcat("<", z.s, ">"), c = z.c + 1, e = z.e;) | project a, b, c, e | take 2'
    expect(await rowsOf(text, { tables })).toEqual([
      [-1n, '<>', 8n, 'x'],
      [1n, '<a>', 9n, 'x'],
    ])
  })

  it('reads a column without the name of a step from the row at hand', async () => {
    // Measured: the declared column is at its declared value in each row.
    const text = `${NUMBERS} | scan declare (c: long = 10) with (step s: true => c = c + x;)`
    expect((await rowsOf(`${text} | project c`)).flat()).toEqual([11n, 12n, 13n, 14n, 15n, 16n])
  })

  it('assigns columns of the input, in their places', async () => {
    // Forward fill, as the documented function time_weighted_val_fl fills its values.
    const data =
      'datatable(d: string, v: real, t: int)["1", 100, 0, "1", 300, 45, "1", real(null), 60, "1", 200, 75]'
    const text = `${data} | serialize | scan with_match_id=m with (step s: true => v = iff(isnull(v), s.v, v);)`
    expect(await objectsOf(text)).toEqual([
      { d: '1', v: 100, t: 0, m: 0 },
      { d: '1', v: 300, t: 45, m: 0 },
      { d: '1', v: 300, t: 60, m: 0 },
      { d: '1', v: 200, t: 75, m: 0 },
    ])
    const order = `${data} | take 2 | serialize | scan declare (n: long) with (step s: true => d = strcat(s.d, d), n = t;) | extend p = prev(d)`
    expect(await rowsOf(order)).toEqual([
      ['1', 100, 0, 0n, ''],
      ['11', 300, 45, 45n, '1'],
    ])
  })

  it('leaves a column as it is in a step that does not assign it', async () => {
    const text = `${NUMBERS} | take 4 | scan declare (n: long) with (step a: x % 3 == 1 => x = x * 10; step b: true => n = a.x;)`
    expect(await rowsOf(text)).toEqual([
      [10n, null],
      [2n, 10n],
      [3n, 10n],
      [4n, 10n],
      [40n, null],
    ])
  })

  it('gives a row for each step that it matches, the last step first', async () => {
    const text = `${NUMBERS} | where x <= 3 | scan with_match_id=m declare (n: string) with (step a: true => n = "a"; step b: true => n = "b";)`
    // 1: a. 2: b takes over the sequence of a, and a begins another. 3: the same.
    expect(await rowsOf(text)).toEqual([
      [1n, 'a', 0n],
      [2n, 'b', 0n],
      [2n, 'a', 1n],
      [3n, 'b', 1n],
      [3n, 'a', 2n],
    ])
  })

  it('goes on with a sequence of the first step until the second takes it over', async () => {
    const text = `${NUMBERS} | scan with_match_id=m with (step a: x % 3 != 0; step b: x % 3 == 0;)`
    expect(await rowsOf(text)).toEqual([
      [1n, 0n],
      [2n, 0n],
      [3n, 0n],
      [4n, 1n],
      [5n, 1n],
      [6n, 1n],
    ])
  })

  it('with output=none gives nothing, with output=last the last of repeated rows', async () => {
    const steps = (output: string) =>
      `${NUMBERS} | scan with_match_id=m with (step a output=${output}: x % 3 != 0; step b: x % 3 == 0;)`
    expect(await rowsOf(steps('none'))).toEqual([
      [3n, 0n],
      [6n, 1n],
    ])
    expect(await rowsOf(steps('last'))).toEqual([
      [2n, 0n],
      [3n, 0n],
      [5n, 1n],
      [6n, 1n],
    ])
  })

  it('gives the last row of a step that nothing follows', async () => {
    const text = `${NUMBERS} | scan with (step a output=last: x < 5;)`
    expect(await rowsOf(text)).toEqual([[4n]])
  })

  it('reads states in conditions beside what the row alone decides', async () => {
    const text =
      'T | sort by t asc | scan declare (seen: string) with (step z: t > 1 and (isempty(z.s) or z.t < 3) => seen = tostring(z.d.p);) | project t, seen'
    expect(await rowsOf(text, { tables })).toEqual([
      [2n, ''],
      [3n, '1'],
      [4n, ''],
    ])
  })

  it('passes over null conditions and gives nothing of no rows', async () => {
    const text = 'T | sort by t asc | scan with (step z: z.t > 0;)'
    expect(await rowsOf(text, { tables })).toEqual([])
    const none = 'T | where t > 9 | sort by t asc | scan with (step z output=last: true;)'
    expect(await rowsOf(none, { tables })).toEqual([])
  })

  it('converts numbers that are assigned, and orders what follows', async () => {
    const text = `${NUMBERS} | take 2 | scan declare (r: real = 1) with (step s: true => r = x;) | extend p = prev(r)`
    expect(await objectsOf(text)).toEqual([
      { x: 1, r: 1, p: null },
      { x: 2, r: 2, p: 1 },
    ])
  })

  it('asks the table for what it and its readers read', () => {
    const text = 'T | sort by t asc | scan with (step a: s == "a"; step b: t > a.t;) | project s'
    expect(explainPlan(compileTest(text, { tables }).plan!).split('\n')[0]).toBe('scan T: t, s')
  })

  it.each([
    ['T | scan with (step s: true;)', 'KS143'],
    ['T | serialize | scan with (step s: t;)', 'KS141'],
    ['T | serialize | scan with (step s: q == 1;)', 'KS142'],
    ['T | serialize | scan with (step s: z.q == 1; step z: true;)', 'KS142'],
    ['T | serialize | scan with (step a: b.t == 1; step b: true;)', 'KQL101'],
    ['T | serialize | scan with (step a: true; step a: true;)', 'KS201'],
    ['T | serialize | scan with (step a: true => q = 1;)', 'KS142'],
    ['T | serialize | scan with (step a: true => t = 1, s = tostring(t);)', 'KQL101'],
    ['T | serialize | scan with (step a: true => t = 1, t = 2;)', 'KS171'],
    ['T | serialize | scan declare (t: long) with (step a: true;)', 'KS171'],
    ['T | serialize | scan declare (v: long, v: long) with (step a: true;)', 'KS171'],
    ['T | serialize | scan declare (v: long) with (step a: true => v = 1, v = 2;)', 'KS171'],
    ['T | serialize | scan declare (v: long) with (step a: true => v = "x";)', 'KS107'],
    ['T | serialize | scan declare (v: long = "x") with (step a: true;)', 'KS107'],
    [
      'T | serialize | scan declare (v: long, w: long) with (step a: true => v = 1, w = v;)',
      'KQL101',
    ],
    ['T | serialize | scan with (step a: row_number() == 1;)', 'KS143'],
  ])('%s is refused', (text, code) => {
    expect(compileTest(text, { tables }).diagnostics).toMatchObject([{ code }])
  })
})
