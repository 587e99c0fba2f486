import { describe, expect, it } from 'vitest'
import { reduced } from '../../../../src/testing/capture/reduce.ts'

const numbers = Array.from({ length: 1000 }, (_, at) => at)

describe('delta debugging', () => {
  it.each([[[7]], [[0, 999]], [[1, 2, 500]], [[]], [numbers.filter(n => n % 100 === 3)]])(
    'finds what is needed of a thousand: %j',
    async needed => {
      let asked = 0
      const kept = await reduced(numbers, async part => {
        asked++
        return needed.every(number => part.includes(number))
      })
      expect(kept).toEqual(needed)
      expect(asked).toBeLessThan(2000)
    },
  )

  it('stops where no one item can be left out', async () => {
    // Any two will do.
    const kept = await reduced(numbers, async part => part.length >= 2)
    expect(kept).toHaveLength(2)
  })

  it('of nothing is nothing', async () => {
    expect(await reduced([], async () => true)).toEqual([])
  })
})
