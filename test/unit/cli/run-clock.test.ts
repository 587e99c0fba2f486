import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RunClock } from '../../../src/cli/run-clock.ts'

describe('RunClock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('tells the reading, the runs, and the rules that took most', () => {
    const clock = new RunClock()
    vi.advanceTimersByTime(1500)
    for (const [rule, time] of [
      ['a', 100],
      ['b', 2000],
      ['a', 200],
      ['c', 700],
      ['d\u001b', 12_000],
    ] as const) {
      clock.ran(rule)
      vi.advanceTimersByTime(time)
    }
    expect(clock.text()).toBe(
      'Read in 1.5 s, replayed in 15 s; of 4 rules most: d\\u001b 12 s, b 2.0 s, c 0.7 s.',
    )
  })

  it('tells of one rule the whole', () => {
    const clock = new RunClock()
    clock.ran('a')
    vi.advanceTimersByTime(300)
    expect(clock.text()).toBe('Read in 0.0 s, replayed in 0.3 s.')
  })

  it('tells of none the reading', () => {
    const clock = new RunClock()
    vi.advanceTimersByTime(200)
    expect(clock.text()).toBe('Read in 0.2 s, replayed in 0.0 s.')
  })
})
