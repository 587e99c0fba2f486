import { describe, expect, it } from 'vitest'
import {
  addDistinct,
  distinctState,
  distinctValues,
} from '../../../src/engine/functions/aggregate/shared-distinct.ts'
import { IntVector, identityRows } from '../../../src/tables/vector.ts'

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
})
