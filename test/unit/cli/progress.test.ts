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
    expect(output.text).toBe(`${CLEAR}reading: AuditLogs 1,000, SigninLogs 234,567 rows`)
    await progress.read('AuditLogs', 1)
    expect(output.text).not.toContain('1,001')
    progress.clear()
    expect(output.text.endsWith(CLEAR)).toBe(true)
    const { text } = output
    progress.clear()
    expect(output.text).toBe(text)
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
