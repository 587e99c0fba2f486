import { describe, expect, it } from 'vitest'
import { boundProcess, heapSize, processMemory } from '../../../src/node/memory.ts'

describe('the bound of a process', () => {
  it.each([
    // Half of what 116 MB for the program leave.
    ['300 MB', 300e6, 92e6],
    ['2 GB', 2e9, 942e6],
    // An eighth, where that is more.
    ['140 MB', 140e6, 17.5e6],
    ['100 MB', 100e6, 12.5e6],
    // A mebibyte at least, as far as there is one.
    ['4 MB', 4e6, 2 ** 20],
    ['1 MB', 1e6, 1e6],
  ])('leaves operators their part of %s', (_, bytes, kept) => {
    expect(boundProcess(bytes)).toBe(kept)
  })
})

describe('the memory of a process', () => {
  it('has half of the heap for what is kept, and is not full with next to nothing', () => {
    const memory = processMemory()
    expect(memory.most).toBe(Math.floor(heapSize() / 2))
    expect(memory.usual).toBeGreaterThan(0)
    expect(memory.isFull()).toBe(false)
  })
})
