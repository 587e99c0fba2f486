import { describe, expect, it } from 'vitest'
import { type Dynamic, DynamicScalar, WholeReal } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../../src/types/dynamic-json.ts'
import { TDigest } from '../../../src/types/t-digest.ts'

function longs(count: number, from = 0): bigint[] {
  return Array.from({ length: count }, (_, k) => BigInt(from + k))
}

describe('TDigest', () => {
  it('is exact for few values', () => {
    const digest = TDigest.of('long', longs(1000, 1))
    expect([0, 0.1, 50, 99.9, 100].map(p => digest.percentile(p))).toEqual([1, 1, 500, 999, 1000])
    expect(digest.rank(685)).toBe(685)
    expect(digest.rank(0)).toBe(0)
    expect(digest.rank(new WholeReal(5000))).toBe(1000)
    expect(digest.rank(2.5)).toBe(2)
  })

  it('counts values by their weights, and those without any not', () => {
    const digest = TDigest.of('long', [10n, 20n, 30n], [8, 0, 2])
    expect([80, 81].map(p => digest.percentile(p))).toEqual([10, 30])
    expect(digest.total).toBe(10)
  })

  it.each([3000, 100_000])('of %d values is off by less than 0.2 % of them', count => {
    const digest = TDigest.of('long', longs(count))
    expect(digest.values.length).toBeLessThan(2100)
    expect(digest.total).toBe(count)
    for (let percent = 0; percent <= 100; percent += 0.5) {
      const exact = Math.max(Math.ceil((percent * count) / 100) - 1, 0)
      expect(Math.abs(Number(digest.percentile(percent)) - exact)).toBeLessThan(count * 0.002)
      expect(Math.abs(digest.rank(exact)! - exact)).toBeLessThan(count * 0.002)
    }
    expect([0, 100].map(p => digest.percentile(p))).toEqual([0, count - 1])
  })

  it('keeps longs beyond the doubles', () => {
    const base = 2n ** 62n
    const digest = TDigest.of(
      'long',
      Array.from({ length: 5000 }, (_, k) => base + BigInt(k)),
    )
    const middle = digest.percentile(50) as bigint
    expect(middle - base).toBeGreaterThan(2480n)
    expect(middle - base).toBeLessThan(2520n)
  })

  it('merges to the digest of all values', () => {
    const merged = TDigest.merged([TDigest.of('long', [1n, 3n]), TDigest.of('long', [2n, 3n])])
    expect(merged?.toDynamic()).toEqual([[7], [1, 2, 3], [1, 1, 2]])
    expect(TDigest.merged([TDigest.of('long', [1n]), TDigest.of('real', [1])])).toBe(undefined)
  })

  it.each([
    ['long', [1n, 2n ** 60n], '[[7],[1,1152921504606846976],[1,1]]'],
    ['real', [0.5, 2], '[[8],[0.5,2.0],[1,1]]'],
    ['timespan', [10_000_000n], '[[10],["00:00:01"],[1]]'],
    ['datetime', [0n], '[[9],["0001-01-01T00:00:00.0000000Z"],[1]]'],
  ] as const)('of %s survives as JSON', (type, values, text) => {
    const digest = TDigest.of(type, values)
    expect(printDynamic(digest.toDynamic())).toBe(text)
    const read = TDigest.fromDynamic(parseDynamic(text) as Dynamic)
    expect(read?.toDynamic()).toEqual(digest.toDynamic())
  })

  it('ranks values of its own type alone', () => {
    const times = TDigest.of('timespan', [1n, 5n])
    expect(times.rank(new DynamicScalar('timespan', 3n))).toBe(1)
    expect(times.rank(true)).toBe(null)
    expect(TDigest.of('long', [1n]).rank('1')).toBe(null)
  })

  it('has NaN as the greatest', () => {
    const digest = TDigest.of('real', [1, 2, Number.NaN])
    expect(digest.percentile(60)).toEqual(new WholeReal(2))
    expect(digest.percentile(100)).toEqual(new WholeReal(Number.NaN))
  })

  it.each<[Dynamic]>([
    [null],
    [[]],
    [[[7], [], []]],
    [[[6], [1], [1]]],
    [[[7], [1], []]],
    [[[7], ['x'], [1]]],
    [[[7], [2, 1], [1, 1]]],
    [[[7], [1, 1], [1, 1]]],
    [[[7], [1], [0]]],
    [[[7], [1], [0.5]]],
  ])('is none of %j', value => {
    expect(TDigest.fromDynamic(value)).toBe(undefined)
  })
})
