import { expect, it } from 'vitest'
import { isDictionaryWasted } from '../../../src/tables/text-builder.ts'

/** How many distinct values are seen in so many that go through `n` of them in an even, mixed order. */
function seen(values: number, n: number): number {
  const found = new Set<number>()
  let state = 12345
  for (let k = 0; k < values; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    found.add(Math.floor((state / 2 ** 32) * n))
  }
  return found.size
}

it('a dictionary is kept of values that will repeat, though most were new so far', () => {
  for (const values of [1500, 5000, 20_000]) {
    expect(isDictionaryWasted(seen(values, 34_000), values, 0)).toBe(false)
  }
})

it('a dictionary is given up of values that hardly repeat, and of those that are too many', () => {
  expect(isDictionaryWasted(1024, 1024, 0)).toBe(true)
  expect(isDictionaryWasted(seen(20_000, 5_000_000), 20_000, 0)).toBe(true)
  expect(isDictionaryWasted((1 << 17) + 1, 1 << 30, 0)).toBe(true)
  expect(isDictionaryWasted(2000, 1 << 30, (1 << 23) + 1)).toBe(true)
  expect(isDictionaryWasted(1000, 1000, 1 << 22)).toBe(false)
  // It is large, and has more where each entry stands for many values and memory is not scarce.
  for (const [entries, characters] of [
    [(1 << 17) + 1, 0],
    [1 << 19, 0],
    [2000, (1 << 23) + 1],
    [2000, 1 << 25],
  ] as const) {
    const wasted = (values: number, memory?: number) =>
      isDictionaryWasted(
        entries,
        values,
        characters,
        memory === undefined ? undefined : () => memory,
      )
    expect(wasted(entries * 4, 1 << 30)).toBe(false)
    expect(wasted(entries * 4, (1 << 30) - 1)).toBe(true)
    expect(wasted(entries * 4)).toBe(true)
    expect(wasted(entries * 4 - 1, 1 << 30)).toBe(true)
  }
  expect(isDictionaryWasted((1 << 19) + 1, 1 << 30, 0, () => 1 << 30)).toBe(true)
  expect(isDictionaryWasted(2000, 1 << 30, (1 << 25) + 1, () => 1 << 30)).toBe(true)
  // Few texts, but long ones.
  expect(isDictionaryWasted(10, 1 << 30, (1 << 23) + 1)).toBe(true)
})
