import { describe, expect, it } from 'vitest'
import { xxHash64 } from '../../../src/types/xx-hash.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('xxHash64', () => {
  // Published values of the algorithm with seed 0.
  it.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['Nobody inspects the spammish repetition', 0xfbcea83c8a378bf1n],
  ])('of "%s"', (text, expected) => {
    expect(xxHash64(bytesOf(text))).toBe(expected)
  })

  it('reads a view into a larger buffer', () => {
    const buffer = bytesOf('xxWorldxx')
    expect(xxHash64(buffer.subarray(2, 7))).toBe(1_846_988_464_401_551_951n)
  })
})
