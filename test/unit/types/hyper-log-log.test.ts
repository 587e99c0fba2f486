import { describe, expect, it } from 'vitest'
import type { Dynamic } from '../../../src/types/dynamic.ts'
import { parseDynamic, printDynamic } from '../../../src/types/dynamic-json.ts'
import { HyperLogLog, registerBits } from '../../../src/types/hyper-log-log.ts'
import { xxHash64 } from '../../../src/types/xx-hash.ts'

function hash(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigInt64(0, BigInt(value), true)
  return xxHash64(new Uint8Array(view.buffer))
}

function sketchOf(from: number, to: number, bits = 14): HyperLogLog {
  const sketch = new HyperLogLog(bits)
  for (let value = from; value < to; value++) sketch.add(hash(value))
  return sketch
}

describe('HyperLogLog', () => {
  it.each([0, 1, 2, 1000, 1024])('is exact for %d values', count => {
    expect(sketchOf(0, count).estimate()).toBe(count)
  })

  // Four standard errors.
  it.each([
    [12, 0.064],
    [14, 0.032],
    [16, 0.016],
    [17, 0.0112],
    [18, 0.008],
  ])('with %d bits is off by no more than %d', (bits, error) => {
    for (const count of [1025, 5000, 20_000, 100_000]) {
      const estimate = sketchOf(0, count, bits).estimate()
      expect(Math.abs(estimate / count - 1)).toBeLessThan(error)
    }
  })

  it.each([
    [0, 500, 400, 900],
    [0, 1000, 900, 3000],
    [0, 5000, 4000, 4500],
    [0, 3000, 2000, 9000],
  ])('of %d to %d and %d to %d merged is that of all', (a, b, c, d) => {
    const merged = sketchOf(a, b)
    merged.merge(sketchOf(c, d))
    expect(merged.toDynamic()).toEqual(sketchOf(a, Math.max(b, d)).toDynamic())
  })

  it.each([0, 3, 1024, 3000])('of %d values survives as JSON', count => {
    const text = printDynamic(sketchOf(0, count).toDynamic())
    const read = HyperLogLog.fromDynamic(parseDynamic(text) as Dynamic)
    expect(read?.toDynamic()).toEqual(sketchOf(0, count).toDynamic())
  })

  // Choices of them are too many to merge the sketches of each.
  it('knows what sixteen sketches have in common', { timeout: 20_000 }, () => {
    const sketches = Array.from({ length: 16 }, (_, k) => sketchOf(k * 100, k * 100 + 2000))
    expect(Math.abs(HyperLogLog.common(sketches) - 500)).toBeLessThan(100)
    expect(Math.abs(HyperLogLog.common(sketches.slice(0, 2)) - 1900)).toBeLessThan(50)
    expect(HyperLogLog.common([...sketches, sketchOf(2000, 2000)].slice(-2))).toBe(0)
  })

  it('does not depend on the order of the values', () => {
    const backwards = new HyperLogLog(14)
    for (let value = 99; value >= 0; value--) backwards.add(hash(value))
    expect(backwards.toDynamic()).toEqual(sketchOf(0, 100).toDynamic())
  })

  it.each<[Dynamic]>([
    [null],
    ['x'],
    [[]],
    [[[1024, 14], []]],
    [[[1024, 13], [], []]],
    [[[1024, 14], ['x'], []]],
    [[[1024, 14], [1], []]],
    [[[1024, 14], [], ['AA==']]],
    [[[1024, 14], [], [7]]],
    [[[1024, 12], [], ['////'.repeat(4096 / 3)]]],
    [[[1024, 14], Array<string>(1025).fill('1'), []]],
  ])('is none of %j', value => {
    expect(HyperLogLog.fromDynamic(value)).toBe(undefined)
  })

  it('has register bits for the accuracies 0 to 4', () => {
    expect([0, 1, 2, 3, 4, 5, -1, 0.5].map(registerBits)).toEqual([12, 14, 16, 17, 18, ...Array(3)])
  })
})
