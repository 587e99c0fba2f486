import { describe, expect, it } from 'vitest'
import { decodeHybrid, pickHybrid } from '../../../../src/tables/parquet/hybrid.ts'

const hybrid = (bytes: readonly number[], width: number, count: number) => ({
  bytes: Uint8Array.from(bytes),
  start: 0,
  end: bytes.length,
  width,
  count,
})

// The example of the format's documentation: 0 to 7 in 3 bits each, as one group of 8.
const PACKED = [0b11, 0b10001000, 0b11000110, 0b11111010]
// Five times 300, in the two bytes that 9 bits take.
const RUN = [5 << 1, 300 & 255, 300 >> 8]

describe('runs of one value and packed numbers', () => {
  it.each([
    ['packed', PACKED, 3, 8, [0, 1, 2, 3, 4, 5, 6, 7]],
    ['of which some fill the group up', PACKED, 3, 5, [0, 1, 2, 3, 4]],
    ['a run', RUN, 9, 5, [300, 300, 300, 300, 300]],
    ['one after the other', [6 << 1, 1, 0b11, 0b11001010], 1, 10, [1, 1, 1, 1, 1, 1, 0, 1, 0, 1]],
    ['of no bits', [0b11, 4 << 1], 0, 12, Array(12).fill(0)],
    ['none', [], 3, 0, []],
  ])('%s', (_, bytes, width, count, expected) => {
    expect([...decodeHybrid(hybrid(bytes, width, count))]).toEqual(expected)
    const all = Uint32Array.from({ length: count }, (_, k) => k)
    expect([...pickHybrid(hybrid(bytes, width, count), all, 99)]).toEqual(expected)
  })

  it('are picked by their positions', () => {
    const positions = Uint32Array.of(1, 99, 4, 7)
    expect([...pickHybrid(hybrid(PACKED, 3, 8), positions, 99)]).toEqual([1, 0, 4, 7])
  })

  it.each([
    ['too few', PACKED, 3, 9],
    ['cut off', PACKED.slice(0, 3), 3, 8],
    ['an endless length', [255, 255, 255, 255, 255, 255], 3, 8],
    ['a run of none', [0, 0], 3, 8],
    ['packed none', [1, 0], 3, 8],
    ['too wide', PACKED, 25, 8],
  ])('that are damaged are refused: %s', (_, bytes, width, count) => {
    expect(() => decodeHybrid(hybrid(bytes, width, count))).toThrow('a page is damaged')
  })
})
