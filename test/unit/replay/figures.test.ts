import { describe, expect, it } from 'vitest'
import { dailyFigures, figureText } from '../../../src/replay/figures.ts'
import type { RunRecord } from '../../../src/replay/records.ts'
import { at, MINUTE } from './replay-of.ts'

const HOUR = 60n * MINUTE
const runs = (count: number): RunRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    ruleId: 'r',
    time: at('00:00') + BigInt(index) * HOUR,
    from: undefined,
    rows: 0,
    status: 'quiet',
    alerts: 0,
  }))

describe('dailyFigures', () => {
  it('is over the time that the runs stand for', () => {
    // 48 hourly runs are two days.
    expect(dailyFigures(runs(48), HOUR, 5, 2)).toEqual({ alerts: 2.5, incidents: 1 })
    expect(dailyFigures(runs(24), HOUR, 5, 2)).toEqual({ alerts: 5, incidents: 2 })
  })

  it('says nothing of less than a day, nor of one run', () => {
    expect(dailyFigures(runs(23), HOUR, 5, 2)).toBeUndefined()
    expect(dailyFigures(runs(1), 24n * HOUR, 5, 2)).toBeUndefined()
    expect(dailyFigures([], HOUR, 0, 0)).toBeUndefined()
  })
})

describe('figureText', () => {
  it.each([
    [0, '0'],
    [0.01, 'less than 0.1'],
    [0.1, '0.1'],
    [3.5556, '3.6'],
    [2, '2'],
    [12.4, '12'],
  ])('of %d is %s', (figure, text) => {
    expect(figureText(figure)).toBe(text)
  })
})
