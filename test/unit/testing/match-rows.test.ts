import { describe, expect, it } from 'vitest'
import type { ExpectedRow } from '../../../src/testing/expected-rows.ts'
import { differenceOf } from '../../../src/testing/match-rows.ts'

const SCHEMA = [
  { name: 'a', type: 'long' },
  { name: 'b', type: 'string' },
] as const
const PLAIN = { now: 0n, others: false, exact: false, ordered: false }

function expected(...rows: readonly { readonly a?: bigint; readonly b?: string }[]): ExpectedRow[] {
  return rows.map(row => ({
    span: { start: 0, end: 0 },
    cells: Object.entries(row).map(([name, value]) => ({
      name,
      column: name,
      path: [],
      type: name === 'a' ? ('long' as const) : ('string' as const),
      value,
    })),
  }))
}

describe('the difference of rows', () => {
  it('is none where each expected row has one of its own, however they are listed', () => {
    // The first fits both rows, the second only the first one: it has to give way.
    const rows = [
      [1n, 'x'],
      [1n, 'y'],
    ]
    expect(differenceOf(expected({ a: 1n }, { b: 'x' }), rows, SCHEMA, PLAIN)).toBeUndefined()
    expect(differenceOf(expected({ b: 'y' }, { a: 1n }), rows, SCHEMA, PLAIN)).toBeUndefined()
  })

  it('pairs what is missing with what comes nearest, cell by cell', () => {
    const rows = [
      [7n, 'z'],
      [1n, 'y'],
    ]
    expect(differenceOf(expected({ a: 1n, b: 'x' }), rows, SCHEMA, PLAIN)).toEqual({
      missing: [
        {
          index: 0,
          expected: { a: 1n, b: 'x' },
          nearest: 1,
          differences: [{ column: 'b', expected: 'x', got: 'y' }],
        },
      ],
      unexpected: [0, 1],
      misordered: false,
    })
  })

  it('pairs nothing with a row that has nothing in common', () => {
    const difference = differenceOf(expected({ a: 1n, b: 'x' }), [[2n, 'y']], SCHEMA, PLAIN)
    expect(difference?.missing).toEqual([
      { index: 0, expected: { a: 1n, b: 'x' }, nearest: undefined, differences: [] },
    ])
  })

  it('minds the order where that is wanted', () => {
    const rows = [
      [1n, ''],
      [2n, ''],
      [3n, ''],
    ]
    const inOrder = { ...PLAIN, ordered: true }
    expect(
      differenceOf(expected({ a: 1n }, { a: 2n }, { a: 3n }), rows, SCHEMA, inOrder),
    ).toBeUndefined()
    expect(
      differenceOf(expected({ a: 2n }, { a: 1n }, { a: 3n }), rows, SCHEMA, inOrder),
    ).toMatchObject({
      misordered: true,
    })
    expect(differenceOf(expected({ a: 2n }, { a: 3n }), rows, SCHEMA, inOrder)).toEqual({
      missing: [],
      unexpected: [0],
      misordered: false,
    })
    expect(
      differenceOf(expected({ a: 2n }, { a: 1n }, { a: 3n }), rows.slice(1), SCHEMA, inOrder),
    ).toMatchObject({ missing: [{ index: 1 }], unexpected: [], misordered: false })
    const some = { ...inOrder, others: true }
    expect(differenceOf(expected({ a: 1n }, { a: 3n }), rows, SCHEMA, some)).toBeUndefined()
    expect(differenceOf(expected({ a: 3n }, { a: 1n }), rows, SCHEMA, some)).toMatchObject({
      misordered: true,
    })
  })

  it('takes columns that are not named for empty where rows are exact', () => {
    const exact = { ...PLAIN, exact: true }
    expect(differenceOf(expected({ a: 1n }), [[1n, '']], SCHEMA, exact)).toBeUndefined()
    expect(
      differenceOf(expected({ a: 1n }), [[1n, 'x']], SCHEMA, exact)?.missing[0]?.differences,
    ).toEqual([{ column: 'b', expected: '', got: 'x' }])
    expect(differenceOf(expected({ b: 'x' }), [[null, 'x']], SCHEMA, exact)).toBeUndefined()
  })

  it('finds partners for thousands of rows', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => [BigInt(at % 7), String(at)])
    const wanted = expected(...rows.toReversed().map(([, b]) => ({ b: b as string })))
    expect(differenceOf(wanted, rows, SCHEMA, PLAIN)).toBeUndefined()
  })
})
