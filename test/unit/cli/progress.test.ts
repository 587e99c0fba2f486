import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Progress } from '../../../src/cli/progress.ts'
import { TextOutput } from './printed.ts'

const CLEAR = '\r\u001b[2K'

describe('Progress', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('shows on a terminal what was read when work is long, and takes it away', async () => {
    const output = new TextOutput({ width: 80 })
    const progress = new Progress(output)
    progress.start()
    await progress.read('AuditLogs', 1000)
    expect(output.text).toBe('')
    vi.advanceTimersByTime(600)
    await progress.read('SigninLogs', 234_567)
    expect(output.text).toBe(
      // 235,567 rows in 0.6 s.
      `${CLEAR}reading: AuditLogs 1,000, SigninLogs 234,567 rows, 392,612/s`,
    )
    await progress.read('AuditLogs', 1)
    expect(output.text).not.toContain('1,001')
    progress.clear()
    expect(output.text.endsWith(CLEAR)).toBe(true)
    const { text } = output
    progress.clear()
    expect(output.text).toBe(text)
  })

  it('shows how much of the runs of rules is done, and how long the rest takes', async () => {
    const output = new TextOutput({ width: 100 })
    const progress = new Progress(output)
    progress.expect(4)
    progress.start()
    for (let run = 0; run < 10; run++) {
      await progress.ran('first', 10)
      vi.advanceTimersByTime(1000)
    }
    await progress.ran('second', 2)
    // A rule and half of another of four are done, in 10 s: what is left takes 10 / 0.375 - 10.
    expect(
      output.text.endsWith(`${CLEAR}███████░░░░░░░░░░░░░ 37 %, 1 runs/s, 17 s left: second`),
    ).toBe(true)
    // Another replay of it counts anew.
    vi.advanceTimersByTime(110_000)
    await progress.ran('first', 10)
    expect(output.text).toContain('███████')
    expect(output.text.endsWith('40 %, 0 runs/s, 3 min 0 s left: first')).toBe(true)
  })

  it('shows nothing elsewhere', async () => {
    const output = new TextOutput()
    const progress = new Progress(output)
    progress.start()
    vi.advanceTimersByTime(10_000)
    await progress.read('AuditLogs', 1000)
    progress.clear()
    expect(output.text).toBe('')
  })

  it('stays within the line', async () => {
    const output = new TextOutput({ width: 20 })
    const progress = new Progress(output)
    progress.start()
    vi.advanceTimersByTime(600)
    await progress.read('ATableWithALongName', 1)
    expect(output.text.slice(CLEAR.length).length).toBeLessThan(20)
  })
})
