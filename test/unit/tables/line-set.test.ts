import { expect, it } from 'vitest'
import { LineSet } from '../../../src/tables/line-set.ts'

it('has each line once, whatever their order', () => {
  const lines = new LineSet()
  const order = [1, 31, 32, 0, 1023, 1024, 5_000_000, 33, 63, 64]
  expect(order.map(line => lines.add(line))).toEqual(order.map(() => true))
  expect(order.map(line => lines.add(line))).toEqual(order.map(() => false))
  expect([2, 30, 34, 65, 1022, 1025, 4_999_999].map(line => lines.add(line))).toEqual(
    Array.from({ length: 7 }, () => true),
  )
})

it('has each of several on a line once', () => {
  const lines = new LineSet()
  const scan = (): boolean[] => [lines.add(1), lines.add(1, 1), lines.add(1, 2), lines.add(7)]
  expect(scan()).toEqual([true, true, true, true])
  expect(scan()).toEqual([false, false, false, false])
  expect(lines.add(1, 3)).toBe(true)
})
