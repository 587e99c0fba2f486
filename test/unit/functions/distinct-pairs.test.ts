import { describe, expect, it } from 'vitest'
import {
  addDistinct,
  distinctState,
  distinctValues,
} from '../../../src/engine/functions/aggregate/shared-distinct.ts'
import {
  DynamicVector,
  IntVector,
  identityRows,
  TextVector,
  type Vector,
} from '../../../src/tables/vector.ts'

/** A number for each step that is the same in every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    return state / 0x80000000
  }
}

describe('distinct values of groups', () => {
  it.each([
    { groups: 3, values: 50 },
    { groups: 200, values: 3_000 },
    { groups: 70_000, values: 20 },
    { groups: 100, values: 140_000 },
    { groups: 90_000, values: 90_000 },
    { groups: 2, values: 200_000 },
    { groups: 2_000, values: 700 },
  ])('are counted and listed for $groups groups and $values values', ({ groups, values }) => {
    const next = random(groups + values)
    const state = distinctState(groups, 'int', Number.POSITIVE_INFINITY)
    const expected = Array.from({ length: groups }, () => new Set<number>())
    for (let batch = 1; batch <= 8; batch++) {
      // What comes late is large: pairs that were small are there already.
      const share = batch / 8
      const rows = 20_000
      const ints = new Int32Array(rows)
      const groupOf = new Uint32Array(rows)
      for (let row = 0; row < rows; row++) {
        ints[row] = Math.floor(next() * values * share)
        groupOf[row] = Math.floor(next() * groups * share)
        expected[groupOf[row]!]!.add(ints[row]!)
      }
      addDistinct(state, new IntVector(ints), groupOf, identityRows(rows))
    }
    for (let group = 0; group < groups; group += Math.ceil(groups / 500)) {
      const own = expected[group]!
      if (state.count[group] !== own.size) throw new Error(`group ${group}: ${state.count[group]}`)
      expect(distinctValues(state, group).map(Number)).toEqual([...own])
    }
    const total = expected.reduce((sum, own) => sum + own.size, 0)
    expect(state.pairs.size).toBe(total)
  })

  it('take memory by their number where many groups with few come after few with many', () => {
    const state = distinctState(100_000, 'int', Number.POSITIVE_INFINITY)
    const rows = identityRows(100_000)
    const ints = new IntVector(Int32Array.from(rows))
    addDistinct(
      state,
      ints,
      Uint32Array.from(rows, row => row % 3),
      rows,
    )
    addDistinct(state, ints, rows, rows)
    addDistinct(state, ints, rows, rows)
    // Of the first three rows the group has its number from before.
    expect(state.pairs.size).toBe(199_997)
    expect(state.count.slice(0, 4)).toEqual(Uint32Array.of(33_334, 33_333, 33_333, 1))
    expect(distinctValues(state, 99_999)).toEqual([99_999])
    // 200,000 pairs, of 4 bytes each in three lists, and up to 32 in a table.
    expect(state.pairs.bytes).toBeLessThan(200_000 * (2 * 3 * 4 + 32))
  })
})

describe('texts of several dictionaries', () => {
  const coded = (dict: string[], ...codes: number[]) =>
    new TextVector('string', Uint32Array.from(codes), dict, true)
  const plain = (...texts: string[]) => TextVector.plain('string', texts)
  const first = ['a', 'b', 'c']
  const second = ['c', 'x', 'a']
  const batches = [
    coded(first, 1, 1, 0),
    coded(first, 0, 2),
    coded(second, 1, 0, 2),
    plain('b', 'y'),
    coded(first, 2, 0),
    coded(second, 1),
    plain('x', 'a'),
  ]

  it.each([
    ['string', (vector: TextVector<'string'>): Vector => vector],
    ['dynamic', (vector: TextVector<'string'>): Vector => new DynamicVector(vector)],
  ] as const)('have one number each as %s', (type, of) => {
    for (let from = 0; from < batches.length; from++) {
      const state = distinctState(1, type, Number.POSITIVE_INFINITY)
      const expected = new Set<string>()
      for (const texts of batches.slice(from)) {
        addDistinct(state, of(texts), new Uint32Array(texts.length), identityRows(texts.length))
        for (let row = 0; row < texts.length; row++) expected.add(texts.at(row))
        expect(distinctValues(state, 0)).toEqual([...expected])
      }
    }
  })

  it.each([
    ['string', (vector: TextVector<'string'>): Vector => vector],
    ['dynamic', (vector: TextVector<'string'>): Vector => new DynamicVector(vector)],
  ] as const)('stay one as %s where no row of a dictionary in between counts', (type, of) => {
    const state = distinctState(1, type, Number.POSITIVE_INFINITY)
    const groupOf = new Uint32Array(3)
    for (const [texts, rows] of [
      [coded(first, 0, 1, 2), 3],
      [coded(second, 0, 1, 2), 0],
      [coded(first, 0, 1, 2), 3],
    ] as const) {
      addDistinct(state, of(texts), groupOf, identityRows(rows))
    }
    expect(distinctValues(state, 0)).toEqual(first)
  })
})
