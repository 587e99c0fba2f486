import { describe, expect, it } from 'vitest'
import { PairIds } from '../../../../src/engine/operators/pair-ids.ts'
import { NO_ROW } from '../../../../src/tables/batch.ts'

describe('numbers of pairs', () => {
  it.each([
    ['few of both', 20, 30],
    ['many of one', 5, 60_000],
    ['many of the other', 60_000, 3],
    ['many of both', 3_000, 3_000],
    ['very large ones', 5_000_000, 4_000_000_000],
  ])('%s: are in the order of their first appearance', (_, mostA, mostB) => {
    const ids = new PairIds()
    const expected = new Map<string, number>()
    let state = 7
    const next = (most: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
      return Math.floor((state / 0x80000000) * most)
    }
    for (let i = 0; i < 40_000; i++) {
      // They grow with time, and come back.
      const share = (i + 1) / 40_000
      const [a, b] = [next(mostA * share), next(mostB * share)]
      const key = `${a} ${b}`
      const known = expected.get(key)
      if (ids.idOf(a, b, false) !== (known ?? NO_ROW)) throw new Error(`${key} is ${known}`)
      if (known === undefined) expected.set(key, expected.size + 1)
      if (ids.idOf(a, b, true) !== expected.get(key)) throw new Error(`${key} gets another number`)
    }
    for (const [key, id] of expected) {
      const [a, b] = key.split(' ').map(Number)
      if (ids.idOf(a!, b!, false) !== id) throw new Error(`${key} was ${id}`)
    }
    expect(ids.idOf(mostA, 0, false)).toBe(NO_ROW)
  })
})
